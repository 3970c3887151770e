"""The Invoice Manager and the page of an invoice: read and approved by Team Leads, kept by Admins and up."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.views.generic import View

from invoices import billing, payments, voiding
from invoices.entries import billed_by
from invoices.forms import InvoiceForm, LineForm
from invoices.listings import TONES, invoices_for, manages
from invoices.models import SOURCES, Invoice, InvoiceLine, InvoiceSettings
from invoices.moves import OPEN_TO_EDITS, move, moves_for
from invoices.sending import in_the_way
from invoices.tables import CoveredTable, LineTable, PaymentTable
from smmware.core.display import day, link, money, pill
from smmware.core.extensions import Action, Panel, edit_vetoes
from smmware.core.listings import ListingView
from smmware.core.permissions import Access, Area, check_may
from smmware.core.records import Back, RecordDeleteView, RecordUpdateView, RecordView
from smmware.core.tables import table_panel

Status = Invoice.Status
BEFORE_APPROVAL = (Status.PRELIMINARY, Status.FINALIZED)  # its first move is the usual next; then comes “Send”


class InvoiceListView(ListingView):
    listing_key = "invoices"


class InvoiceView(RecordView):
    area = Area.INVOICES
    needed = Access.REVIEW
    listing_key = "invoices"
    object: Any

    def get_queryset(self) -> QuerySet[Invoice]:
        return invoices_for(self.request.user)

    @cached_property
    def editable(self) -> bool:
        return manages(self.request.user) and not edit_vetoes(self.object)

    def facts(self) -> list[tuple[str, Any]]:
        invoice = self.object
        return [
            ("Client", link(invoice.job.client)),
            ("Job", link(invoice.job, invoice.job.name)),
            ("Status", pill(invoice.get_status_display(), TONES.get(invoice.status, "neutral"))),
            ("Kind", invoice.get_kind_display()),
            ("Date", day(invoice.date)),
            ("Term", invoice.term),
            ("Due", day(invoice.due_date)),
            *self._sums(),
            ("Voided", self._voided()),
            ("Sent to", self._sent_to()),
            ("Public note", invoice.public_note),
            ("Internal note", invoice.internal_note),
        ]

    def _sent_to(self) -> str:
        return "\n".join(f"{sent.to}, {day(localtime(sent.sent_at))}" for sent in self.object.deliveries.all())

    def _voided(self) -> str:
        invoice = self.object
        if invoice.voided_at is None:
            return ""
        return f"{invoice.void_reason}\n{invoice.voided_by}, {day(localtime(invoice.voided_at))}"

    def _sums(self) -> list[tuple[str, Any]]:
        invoice = self.object
        return [
            ("Adjustment", money(invoice.adjustment) if invoice.adjustment else ""),
            ("Total", money(invoice.total_amount)),
            ("Paid", money(invoice.paid_amount) if invoice.paid_amount else ""),
            ("Open", money(invoice.open_amount) if invoice.open_amount else ""),
        ]

    def own_actions(self) -> list[Action]:
        url = reverse("invoices:move", args=[self.object.pk])
        moves = [
            Action(found.label, url, primary=not place and found.source in BEFORE_APPROVAL, fields={"to": found.target})
            for place, found in enumerate(moves_for(self.request.user, self.object))
        ]
        changes = self._change_actions() if self.editable else []
        return [*self._payment_actions(), *moves, *self._paper_actions(), *changes, *self._void_actions()]

    def _payment_actions(self) -> list[Action]:
        """What comes next for an invoice that the client has, where payments are recorded here."""
        takes_payments = self.object.status in payments.TAKES_PAYMENTS and manages(self.request.user)
        if not takes_payments or self._why_no_payment:
            return []
        url = reverse("invoices:add_payment", args=[self.object.pk])
        return [Action("Record payment", url, method="get", primary=True)]

    @cached_property
    def _why_no_payment(self) -> str:
        return payments.why_not(self.object)

    def _paper_actions(self) -> list[Action]:
        pages = [("Print", "print"), ("PDF", "pdf")]
        if manages(self.request.user) and not in_the_way(self.object):
            pages.insert(0, ("Send", "send"))
        is_next = self.object.status == Status.TL_APPROVED
        return [
            Action(label, reverse(f"invoices:{page}", args=[self.object.pk]), "get", primary=is_next and page == "send")
            for label, page in pages
        ]

    def _change_actions(self) -> list[Action]:
        pages = [("Edit", "edit"), ("Delete", "delete")]
        if self.object.status == Status.PRELIMINARY:
            more = [("Add entries", "add_entries"), ("Add line", "add_line")]
            pages[1:1] = more[:1] if billing.why_no_line(self.object) else more
        return [
            Action(label, reverse(f"invoices:{page}", args=[self.object.pk]), method="get") for label, page in pages
        ]

    def _void_actions(self) -> list[Action]:
        """Offered also where another app is against it: the page says what to do instead."""
        if not manages(self.request.user) or voiding.why_not(self.object):
            return []
        return [Action("Void", reverse("invoices:void", args=[self.object.pk]), method="get")]

    def own_panels(self) -> list[Panel]:
        related = [f"{source}__associate" for source in SOURCES]
        lines = list(self.object.lines.select_related(*related))
        billed, covered = [line for line in lines if not line.covered], [line for line in lines if line.covered]
        panels = [
            table_panel("Lines", LineTable(billed, editable=self.editable), "There is no line on this invoice yet.")
        ]
        if covered:
            panels.append(table_panel("Covered by the flat amount", CoveredTable(covered, editable=self.editable), ""))
        return [*panels, *self._payment_panels()]

    def _payment_panels(self) -> list[Panel]:
        """The payments, and where one may be recorded the way to it, or why not."""
        invoice, received = self.object, list(self.object.payments.select_related("method"))
        if not received and invoice.status in (*OPEN_TO_EDITS, Invoice.Status.VOIDED):
            return []
        here = manages(self.request.user) and InvoiceSettings.current().payments_here
        context = {
            "table": PaymentTable(received, editable=here),
            "invoice": invoice,
            "why_not": self._why_no_payment if manages(self.request.user) else "",
        }
        return [Panel("Payments", "invoices/payments.html", context)]


class InvoiceUpdateView(RecordUpdateView):
    area = Area.INVOICES
    listing_key = "invoices"
    model = Invoice
    form_class = InvoiceForm
    title = "Edit invoice"


class InvoiceDeleteView(RecordDeleteView):
    area = Area.INVOICES
    listing_key = "invoices"
    model = Invoice
    template_name = "invoices/delete.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(freed=len(billed_by(self.object)), **kwargs)

    def delete_record(self) -> None:
        billing.discard(invoice=self.object)


class MoveView(View):
    """Move an invoice to another status."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        check_may(request.user, Area.INVOICES, Access.REVIEW)
        invoice = get_object_or_404(Invoice, pk=pk)
        try:
            moved = move(invoice=invoice, to=request.POST.get("to", ""), by=request.user)
            messages.success(request, f"{moved} is {moved.get_status_display()}.")
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(invoice.get_absolute_url())


class LineMixin:
    """A line is changed on its invoice's behalf, as long as that is open to edits."""

    area = Area.INVOICES
    needed = Access.MANAGE
    model = InvoiceLine
    object: Any

    def get_object(self, queryset: QuerySet | None = None) -> InvoiceLine:
        line = super().get_object(queryset)  # type: ignore[misc]
        if vetoes := edit_vetoes(line.invoice):
            raise PermissionDenied(" ".join(vetoes))
        return line

    def back(self) -> Back:
        return Back(str(self.object.invoice), self.object.get_absolute_url())

    def get_success_url(self) -> str:
        return self.object.invoice.get_absolute_url()


class LineUpdateView(LineMixin, RecordUpdateView):
    form_class = LineForm
    title = "Edit line"


class LineRemoveView(LineMixin, RecordDeleteView):
    template_name = "invoices/delete.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(freed=0 if self.object.source is None else 1, **kwargs)

    def delete_record(self) -> None:
        billing.remove_line(line=self.object)
