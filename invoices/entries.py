"""What an invoice can bill: entries that no invoice holds yet, and the lines that they become.

An entry is billed once at most: the database holds it, and the entries are locked while it is asked.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Model

from clients.models import Job
from hours.approval import ready_to_bill
from hours.models import Entry, ExpenseEntry, FlatFee, HourEntry, MileageEntry, TimeSettings
from invoices.models import Invoice, InvoiceLine

SOURCE_OF: dict[type[Entry], str] = {
    HourEntry: "hour_entry",
    MileageEntry: "mileage_entry",
    ExpenseEntry: "expense_entry",
    FlatFee: "flat_fee",
}


def unbilled_entries(job: Job, up_to: dt.date | None = None) -> list[Entry]:
    """The billable entries of a job that no invoice holds yet, by date: approved ones where approval is on."""
    found: list[Entry] = []
    for model in SOURCE_OF:
        rows = ready_to_bill(_with_names(model)).filter(job=job, billable=True, line=None)
        found += rows.filter(date__lte=up_to) if up_to else rows
    return sorted(found, key=_printing_order)


def waiting_for_approval(job: Job, up_to: dt.date | None = None) -> int:
    """How many billable entries of a job are not offered for an invoice, since nobody has approved them yet."""
    if not TimeSettings.current().approval_is_on:
        return 0
    waiting = {"job": job, "billable": True, "line": None, "approved_at": None}
    if up_to:
        waiting["date__lte"] = up_to
    return sum(model._default_manager.filter(**waiting).count() for model in SOURCE_OF)


def description_of(entry: Entry) -> str:
    """What an invoice says of an entry: its own description, or what it is where it has none."""
    return entry.description or _standing_description(entry)


def hold(job: Job, entries: Iterable[Entry]) -> list[Entry]:
    """The entries as they are in the database now, locked until the invoice is written, in printing order.

    Raises ValidationError, naming the entry, where one of them cannot be billed for this job.
    """
    wanted: dict[type[Entry], set[int]] = {}
    for entry in entries:
        wanted.setdefault(type(entry), set()).add(entry.pk)
    held = [entry for model in SOURCE_OF for entry in _lock(model, wanted.get(model, set()))]
    approval_is_on = TimeSettings.current().approval_is_on
    for entry in held:
        _check_billable(entry, job, approval_is_on)
    return sorted(held, key=_printing_order)


def _lock(model: type[Entry], ids: set[int]) -> Sequence[Entry]:
    if not ids:
        return []
    rows = list(_with_names(model).select_for_update(of=("self",)).filter(pk__in=ids))
    if len(rows) < len(ids):
        raise ValidationError("An entry was deleted meanwhile: look at what there is to bill again.")
    billed = InvoiceLine.objects.filter(**{f"{SOURCE_OF[model]}__in": ids}).select_related("invoice", SOURCE_OF[model])
    if line := billed.first():
        raise ValidationError(f"{line.source} is billed already, on {line.invoice}.")
    return rows


def _with_names(model: type[Entry]) -> Any:
    names = {HourEntry: ("job_code",), ExpenseEntry: ("category",)}.get(model, ())
    return model._default_manager.select_related("associate", *names)


def _check_billable(entry: Entry, job: Job, approval_is_on: bool) -> None:
    if entry.job_id != job.pk:
        raise ValidationError(f"{entry} belongs to another job than {job}.")
    if not entry.billable:
        raise ValidationError(f"{entry} is marked as not billable.")
    if approval_is_on and not entry.is_approved:
        raise ValidationError(f"{entry} is not approved yet: it is billed once a Team Lead or Admin has approved it.")


def _printing_order(entry: Entry) -> tuple[Any, ...]:
    return entry.date, list(SOURCE_OF).index(type(entry)), entry.pk


def billed_by(invoice: Invoice) -> list[Any]:
    """The entries that an invoice bills, or that its flat amount covers."""
    lines = invoice.lines.select_related(*SOURCE_OF.values())
    return [entry for line in lines if (entry := line.source) is not None]


def line_of(entry: Entry, covered: bool = False) -> InvoiceLine:
    """The line that bills an entry, not saved; `covered` by a flat amount it costs nothing."""
    quantity, rate = _quantity_and_rate(entry)
    return InvoiceLine(
        description=description_of(entry),
        quantity=quantity,
        rate=rate,
        amount=Decimal(0) if covered else entry.charge_amount,
        taxable=not covered and getattr(entry, "taxable", False),
        covered=covered,
        **{SOURCE_OF[type(entry)]: entry},
    )


def _quantity_and_rate(entry: Entry) -> tuple[Decimal | None, Decimal | None]:
    if isinstance(entry, HourEntry):
        return entry.hours, entry.charge_rate
    if isinstance(entry, MileageEntry):
        return max(entry.miles - entry.charge_included_miles, Decimal(0)), entry.charge_rate
    return None, None


def _standing_description(entry: Entry) -> str:
    if isinstance(entry, HourEntry):
        return entry.job_code.label if entry.job_code else "Hours"
    if isinstance(entry, ExpenseEntry):
        return str(entry.category)
    return "Mileage" if isinstance(entry, MileageEntry) else "Flat fee"


def bump(entries: Iterable[Entry]) -> None:
    """Being billed, or no longer, is a change of an entry: a statement per kind."""
    ids: dict[type[Model], list[int]] = {}
    for entry in entries:
        ids.setdefault(type(entry), []).append(entry.pk)
    for model, wanted in ids.items():
        model._base_manager.filter(pk__in=wanted).update(version=F("version") + 1)
