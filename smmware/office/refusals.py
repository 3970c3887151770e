"""Refusals in which nothing typed is lost: signed out meanwhile, a page too old, not allowed, or not any more."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.defaults import permission_denied as usual_refusal

from smmware.core import keeping
from smmware.office.forms import SignInForm


class SignInMiddleware(LoginRequiredMiddleware):
    """Whoever is signed out is asked to sign in; what they had just sent goes along, and comes back into its form."""

    def handle_no_permission(self, request: HttpRequest, view_func: object) -> Any:
        text = "" if request.htmx or request.method != "POST" else keeping.sealed(request)  # type: ignore[attr-defined]
        if not text:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        context = {"form": SignInForm(request), "next": request.get_full_path(), "sealed": text}
        return render(request, "registration/login.html", context, status=HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """A page that is older than the last sign-in cannot be sent: what was typed waits in the same form, opened anew.

    Of what another site sent here nothing is shown, nor kept.
    """
    is_own = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    text = keeping.sealed(request) if is_own and request.user.is_authenticated else ""
    if text:
        keeping.keep(request, text)
    context = {"again": request.get_full_path() if text else ""}
    return render(request, "403_csrf.html", context, status=HTTPStatus.FORBIDDEN)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """What is refused, with what was typed, to be copied: the record may have been locked while somebody wrote."""
    answer = usual_refusal(request, exception)
    typed = keeping.typed_into(request) if request.method == "POST" else []
    if not typed:
        return answer
    context = {"exception": str(exception), "typed": typed}
    return render(request, "403.html", context, status=HTTPStatus.FORBIDDEN)
