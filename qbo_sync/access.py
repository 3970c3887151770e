"""Who may open QuickBooks' pages: the manual's two switches, asked in one place (design.md §6)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

NOT_A_QBO_ADMIN = (
    "QuickBooks Online is for associates whose profile says “QBO Admin? Yes”. A Company Owner can set that for you."
)
SWITCHED_OFF = "SMMware does not integrate with QuickBooks: a Company Owner can switch it on in Admin → Settings."


def qbo_offered(request: HttpRequest) -> bool:
    """Whether the person who asks is shown anything of QuickBooks: the integration is on and they are a QBO Admin."""
    return is_qbo_admin(request.user) and bool(request.company.integrates_with_qbo)  # type: ignore[attr-defined]


def is_qbo_admin(person: Any) -> bool:
    """Whether `person` (an associate, or an anonymous visitor) is signed in, active and a QBO Admin."""
    return bool(person.is_authenticated and person.is_active and person.qbo_admin)


class QboMixin:
    """For every QuickBooks view: 404 while the integration is off, 403 for whoever is not a QBO Admin.

    Who is signed out never gets here: Django's LoginRequiredMiddleware sends them to sign in first.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.company.integrates_with_qbo:  # type: ignore[attr-defined]
            raise Http404(SWITCHED_OFF)
        if not is_qbo_admin(request.user):
            raise PermissionDenied(NOT_A_QBO_ADMIN)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
