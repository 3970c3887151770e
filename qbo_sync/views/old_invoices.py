"""“Link old invoices”: what it does, and the button that looks for them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import TemplateView

from qbo_sync.access import QboMixin
from qbo_sync.models import Connection, Run
from qbo_sync.push import old_invoices
from qbo_sync.tasks import ring
from qbo_sync.views.copies import NOT_CONNECTED

NONE_LEFT = "Every invoice that could be looked for is linked already."
LATEST = 5


class LinkInvoicesView(QboMixin, TemplateView):
    """How many are not linked; POST has them looked for."""

    template_name = "qbo_sync/link_invoices.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        connection = Connection.active()
        searches = Run.objects.filter(connection=connection, type=Run.Type.MATCH).select_related("asked_by")
        return super().get_context_data(
            connection=connection,
            count=old_invoices.unlinked(connection).count() if connection else 0,
            runs=searches[:LATEST],
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        connection = Connection.active()
        if connection is None or not connection.is_connected:
            messages.error(request, NOT_CONNECTED)
            return redirect("qbo:connect")
        run = old_invoices.begin(connection, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        if run is None:
            messages.info(request, NONE_LEFT)
            return redirect("qbo:link_invoices")
        ring(connection.pk)
        return redirect(run)
