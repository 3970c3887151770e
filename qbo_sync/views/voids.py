"""The way into “Void here and at QuickBooks”: from the invoice's own page, where its reason was asked for."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import View

from invoices.models import Invoice
from qbo_sync.access import QboMixin
from qbo_sync.models import Connection, Entity, Kind, Link
from qbo_sync.push.voiding import plan_void, why_it_waits
from qbo_sync.runs import moves
from qbo_sync.tasks import ring
from qbo_sync.views.copies import NOT_CONNECTED, visible
from smmware.core.permissions import Access, Area, check_may

NOT_THERE = "It is not at QuickBooks as an invoice, or is not linked with it any more."


def begin_void(request: HttpRequest, invoice: Any, reason: str) -> HttpResponse:
    """Void a copied invoice in both places, and show how it goes on. It is begun at once: the question was asked."""
    connection = Connection.active()
    if connection is None or not connection.is_connected:
        messages.error(request, NOT_CONNECTED)
        return redirect("qbo:connect")
    links = Link.objects.select_related("connection").filter(
        invoice=invoice, connection=connection, qbo_id__isnull=False
    )
    link = links.filter(entity=Entity.INVOICE).first()
    if problem := why_it_waits(invoice) if link else NOT_THERE:
        messages.error(request, problem)
        return redirect(invoice)
    run = plan_void(link=link, invoice=invoice, reason=reason, actor=request.user)  # type: ignore[arg-type]
    moves.queue(run)
    ring(run.connection_id)
    return redirect(run)


class VoidTooView(QboMixin, View):
    """“Void at QuickBooks too”: for an invoice that was voided here while it was on its way there."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        voided = visible(request, Kind.INVOICE).filter(status=Invoice.Status.VOIDED)
        invoice = get_object_or_404(voided, pk=pk)
        check_may(request.user, Area.INVOICES, Access.MANAGE)
        return begin_void(request, invoice, invoice.void_reason)
