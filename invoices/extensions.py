"""What this app adds to the menu, to the listings of entries and to the pages of records."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from clients.models import Client, Job
from hours.models import ExpenseEntry, FlatFee, HourEntry, MileageEntry
from invoices.choices import BILLABLE_JOBS, billable_jobs
from invoices.entries import unbilled_entries
from invoices.listings import INVOICES, Billed, InvoiceTable, invoices_for, manages, reviews
from invoices.models import Invoice
from invoices.moves import OPEN_TO_EDITS
from smmware.core.extensions import Action, Panel, RecordAddOn, add_to_listing, add_to_record
from smmware.core.listings import register_listing
from smmware.core.navigation import MenuEntry, add_menu_entry
from smmware.core.pickers import register_source
from smmware.core.reports import ReportCard, add_report
from smmware.core.tables import table_panel

ENTRIES = {"hours": HourEntry, "mileage": MileageEntry, "expenses": ExpenseEntry, "flat_fees": FlatFee}


class BilledIsLocked(RecordAddOn):
    """An entry on an invoice is neither edited nor deleted; whoever reviews invoices finds the way there."""

    def offered(self, request: HttpRequest) -> bool:
        return reviews(request.user)

    def actions(self, request: HttpRequest, record: Any) -> list[Action]:
        line = getattr(record, "line", None)
        return [Action(str(line.invoice), line.invoice.get_absolute_url(), method="get")] if line else []

    def edit_veto(self, record: Any) -> str:
        line = getattr(record, "line", None)
        if line is None:
            return ""
        return f"It is billed on {line.invoice} and therefore locked. Take its line off there first."

    def delete_veto(self, record: Any) -> str:
        return self.edit_veto(record)


class SentStays(RecordAddOn):
    """What the client has in hand is neither edited nor deleted."""

    def offered(self, request: HttpRequest) -> bool:
        return False

    def edit_veto(self, record: Any) -> str:
        if record.status in OPEN_TO_EDITS:
            return ""
        if record.status == Invoice.Status.VOIDED:
            return f"{record} is voided: it stays as it is, so that its number leaves no gap."
        return f"{record} is {record.get_status_display()}: it stays as the client knows it. Take it back first."

    def delete_veto(self, record: Any) -> str:
        return self.edit_veto(record)


class InvoicesOf(RecordAddOn):
    """On the page of a job or a client: its invoices."""

    def __init__(self, lookup: str, hidden: tuple[str, ...]) -> None:
        self.lookup = lookup
        self.hidden = hidden

    def offered(self, request: HttpRequest) -> bool:
        return reviews(request.user)

    def panels(self, request: HttpRequest, record: Any) -> list[Panel]:
        rows = list(invoices_for(request.user).filter(**{self.lookup: record}))
        table = InvoiceTable(rows, request=request, exclude=self.hidden, orderable=False)
        return [table_panel("Invoices", table, "There is no invoice yet.")]


class UnbilledOn(RecordAddOn):
    """On a job's page: what is not billed yet, and the way to bill it."""

    def offered(self, request: HttpRequest) -> bool:
        return reviews(request.user)

    def panels(self, request: HttpRequest, record: Any) -> list[Panel]:
        entries = unbilled_entries(record)
        if not entries:
            return []
        context = {"count": len(entries), "amount": sum(entry.charge_amount for entry in entries)}
        return [Panel("Not billed yet", "invoices/unbilled.html", context)]

    def actions(self, request: HttpRequest, record: Any) -> list[Action]:
        if not (manages(request.user) and billable_jobs().filter(pk=record.pk).exists()):
            return []
        return [Action("Add invoice", f"{reverse('invoices:add')}?job={record.pk}", method="get")]


def _may_manage(request: HttpRequest) -> bool:
    return manages(request.user)


def register() -> None:
    register_listing(INVOICES)
    register_source(BILLABLE_JOBS)
    add_menu_entry(MenuEntry("Admin", INVOICES.title, INVOICES.url_name, 20, INVOICES.offered))
    add_report(
        ReportCard(
            "Invoices sent per month", "invoices:months", "How many invoices went out each month, what they come to, "
            "what is paid and what is open.", 20, _may_manage,
        )
    )  # fmt: skip
    for key, model in ENTRIES.items():
        add_to_listing(key, Billed())
        add_to_record(model, BilledIsLocked())
    add_to_record(Invoice, SentStays())
    add_to_record(Client, InvoicesOf("job__client", hidden=("client",)))
    add_to_record(Job, InvoicesOf("job", hidden=("client", "job")))
    add_to_record(Job, UnbilledOn())
