"""What every template knows."""

from typing import Any

from django.http import HttpRequest

from smmware.core.navigation import menu_for


def house(request: HttpRequest) -> dict[str, Any]:
    """The company and the menu of the person who asks."""
    if not hasattr(request, "company"):
        return {}
    person = getattr(request, "user", None)
    return {"company": request.company, "menu": menu_for(request) if person and person.is_authenticated else []}
