"""Admin → “QuickBooks Online Connect” (manual, “Connect SMMware to QuickBooks Online”)."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import TemplateView, View

from qbo_sync.access import QboMixin
from qbo_sync.connection.authorize import (
    DECIDED_ALREADY,
    ConnectError,
    OtherCompany,
    Return,
    begin,
    change_over,
    finish,
    linked_so_far,
    stay,
    undecided,
)
from qbo_sync.connection.disconnect import DISCONNECTED, disconnect
from qbo_sync.connection.environment import qbo_environment
from qbo_sync.connection.trouble import RECONNECT
from qbo_sync.guide import Guide
from qbo_sync.models import AuthorizationRequest, Connection, Link, Mapping, Run
from qbo_sync.runs.moves import OPEN_RUNS


class ConnectView(QboMixin, TemplateView):
    """The page: not authenticated, connected, or in need of being connected again."""

    template_name = "qbo_sync/connect.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        earlier = _with_what_is_there().filter(is_active=False, environment=qbo_environment().name)
        return super().get_context_data(
            connection=_active(),
            environment=qbo_environment(),
            earlier=earlier.order_by("-disconnected_at"),
            reconnect=RECONNECT,
            **kwargs,
        )


class ConnectStartView(QboMixin, View):
    """“Connect to QuickBooks”: off to Intuit's sign-in."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            return redirect(begin(person=request.user, session_key=_session(request), now=timezone.now()))  # type: ignore[arg-type]
        except ConnectError as error:
            messages.error(request, str(error))
            return redirect("qbo:connect")


class CallbackView(QboMixin, View):
    """Back from Intuit. The one GET that writes: it uses up its single-use state (design.md §4)."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        came = Return(*(request.GET.get(name, "") for name in ("state", "code", "realmId", "error")))
        try:
            connection = finish(came, person=request.user, session_key=_session(request), now=timezone.now())  # type: ignore[arg-type]
        except OtherCompany:
            return redirect("qbo:other_company")
        except ConnectError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"SMMware is connected to {connection}.")
            if not Guide(connection).imported:
                return redirect("qbo:guide")
        return redirect("qbo:connect")


class OtherCompanyView(QboMixin, View):
    """They chose another company at Intuit than the one linked so far: do they mean it?"""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = self._chosen()
        if chosen is None:
            return redirect("qbo:connect")
        known = _with_what_is_there().filter(realm_id=chosen.realm_id, environment=qbo_environment().name).first()
        so_far = linked_so_far(chosen.realm_id)
        context = {
            "chosen": chosen,
            "known": known,
            "so_far": so_far and _with_what_is_there().get(pk=so_far.pk),
            "waiting": Run.objects.filter(connection=so_far, state__in=OPEN_RUNS).count(),
        }
        return render(request, "qbo_sync/other_company.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = self._chosen()
        try:
            if chosen is None:
                raise ConnectError(DECIDED_ALREADY)
            if request.POST.get("choice") == "change":
                connection = change_over(chosen, person=request.user, now=timezone.now())  # type: ignore[arg-type]
                messages.success(request, f"SMMware is connected to {connection}.")
                if not Guide(connection).imported:
                    return redirect("qbo:guide")
            else:
                stay(chosen)
                messages.success(request, "Nothing was changed. The authorization was given back.")
        except ConnectError as error:
            messages.error(request, str(error))
        return redirect("qbo:connect")

    def _chosen(self) -> AuthorizationRequest | None:
        return undecided(person=self.request.user, session_key=_session(self.request), now=timezone.now())  # type: ignore[arg-type]


class DisconnectView(QboMixin, View):
    """“Disconnect”: asks first."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        connection = _active()
        if connection is None:
            return redirect("qbo:connect")
        waiting = Run.objects.filter(connection=connection, state__in=OPEN_RUNS).count()
        return render(request, "qbo_sync/disconnect.html", {"connection": connection, "waiting": waiting})

    def post(self, request: HttpRequest) -> HttpResponse:
        connection = _active()
        if connection is not None:
            complaint = disconnect(connection, now=timezone.now())
            messages.success(request, DISCONNECTED.format(company=connection))
            if complaint:
                messages.warning(request, complaint)
        return redirect("qbo:connect")


def _with_what_is_there() -> QuerySet[Connection]:
    """Companies with how many records are linked there, and how many choices were made."""
    linked = Link.objects.filter(connection=OuterRef("pk")).order_by().values("connection")
    chosen = Mapping.objects.filter(connection=OuterRef("pk")).order_by().values("connection")
    return Connection.objects.annotate(
        linked=Coalesce(Subquery(linked.annotate(number=Count("pk")).values("number")), 0),
        chosen=Coalesce(Subquery(chosen.annotate(number=Count("pk")).values("number")), 0),
    )


def _active() -> Connection | None:
    return Connection.objects.select_related("connected_by").filter(is_active=True).first()


def _session(request: HttpRequest) -> str:
    """The key of the browser session; whoever is signed in has one."""
    return request.session.session_key or ""
