"""What every request needs to know of the company."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from smmware.core.history import acting
from smmware.core.models import Company


class CompanyMiddleware:
    """Puts the company on the request and shows all times in its time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.company = SimpleLazyObject(Company.current)  # type: ignore[attr-defined]
        if request.path.startswith("/static/"):
            return self.get_response(request)
        with timezone.override(request.company.zone):  # type: ignore[attr-defined]
            return self.get_response(request)


class ActorMiddleware:
    """Whoever is signed in did what this request changes. They are asked for only where it changes something."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting(lambda: request.user):
            return self.get_response(request)
