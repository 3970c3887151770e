"""Making invoices out of unbilled entries, and changing their lines: every write to a line goes through here.

An entry is billed once at most: the database holds it, and the entries are locked while it is asked. Being billed bumps
an entry's version, a changed line its invoice's (design.md §3), so that nobody's plan or edit goes stale unnoticed.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, F, Max, Model
from django.db.models.functions import Cast

from clients.models import Job
from hours.approval import ready_to_bill
from hours.models import Entry, ExpenseEntry, FlatFee, HourEntry, MileageEntry, TimeSettings
from invoices.models import Invoice, InvoiceLine, Term
from invoices.moves import OPEN_TO_EDITS

FIRST_NUMBER = 1001
NUMBER_TRIES = 5
SOURCE_OF: dict[type[Entry], str] = {
    HourEntry: "hour_entry",
    MileageEntry: "mileage_entry",
    ExpenseEntry: "expense_entry",
    FlatFee: "flat_fee",
}


def next_number() -> str:
    """The next number of our own series: one above the highest that is all digits."""
    numbers = Invoice.objects.filter(number__regex=r"^[0-9]{1,18}$").annotate(digits=Cast("number", BigIntegerField()))
    highest = numbers.aggregate(highest=Max("digits"))["highest"]
    return str(max(highest + 1 if highest is not None else FIRST_NUMBER, FIRST_NUMBER))


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


@transaction.atomic
def bill_entries(
    *,
    job: Job,
    entries: Iterable[Entry],
    date: dt.date,
    number: str = "",
    term: Term | None = None,
    adjustment: Decimal = Decimal(0),
    public_note: str = "",
    internal_note: str = "",
) -> Invoice:
    """Make an itemized, preliminary invoice: one line per entry, by date.

    Args:
        entries: hour, mileage and expense entries and flat fees of `job`, billable and on no invoice yet.
        number: the next of our own series where it is "".
        term: sets the due date.
        adjustment: dollars, negative for a discount; its reason goes into a note.

    Raises ValidationError, naming the record, where an entry is of another job, not billable, billed already or (where
    approval is on) not approved yet, where there is none, where the job is our own overhead or that of an inquiry, or
    where the number is taken.
    """
    _check_job(job)
    held = _hold(job, entries)
    if not held:
        raise ValidationError(f"There is nothing to bill for {job}.")
    header = {"adjustment": adjustment, "public_note": public_note, "internal_note": internal_note}
    invoice = _create(job, Invoice.Kind.ITEMIZED, date, number, term, header)
    _write_lines(invoice, [_line(entry) for entry in held])
    _bump(held)
    return invoice


@transaction.atomic
def bill_flat(
    *,
    job: Job,
    amount: Decimal,
    description: str,
    date: dt.date,
    entries: Iterable[Entry] = (),
    number: str = "",
    term: Term | None = None,
    taxable: bool = False,
    adjustment: Decimal = Decimal(0),
    public_note: str = "",
    internal_note: str = "",
) -> Invoice:
    """Make a flat, preliminary invoice: one line of `amount` dollars, and the `entries` it covers at no charge beneath.

    Other arguments and errors are those of `bill_entries`, but that there may be no entry; `amount` must be positive.
    """
    _check_job(job)
    if amount <= 0:
        raise ValidationError({"amount": "The amount of a flat invoice is more than nothing."})
    held = _hold(job, entries)
    header = {"adjustment": adjustment, "public_note": public_note, "internal_note": internal_note}
    invoice = _create(job, Invoice.Kind.FLAT, date, number, term, header)
    flat = InvoiceLine(description=description, amount=amount, taxable=taxable)
    _write_lines(invoice, [flat, *(_line(entry, covered=True) for entry in held)])
    _bump(held)
    return invoice


@transaction.atomic
def change_line(*, line: InvoiceLine, description: str, amount: Decimal) -> InvoiceLine:
    """Say something else on a line, or charge another amount, in dollars; quantity and rate stay what was done.

    Raises ValidationError where its invoice is sent, or a covered line would cost something.
    """
    _check_open(line.invoice)
    if line.covered and amount:
        raise ValidationError({"amount": "The flat amount covers this line: it costs nothing of its own."})
    line.description, line.amount = description, amount
    line.clean_fields(exclude=["invoice", *SOURCE_OF.values()])
    line.save(update_fields=["description", "amount"])
    line.invoice.touch()
    return line


@transaction.atomic
def remove_line(*, line: InvoiceLine) -> None:
    """Take a line off its invoice; its entry is unbilled again. Raises ValidationError once it is sent."""
    _check_open(line.invoice)
    entry = line.source
    line.delete()
    line.invoice.touch()
    if entry is not None:
        entry.touch()


@transaction.atomic
def discard(*, invoice: Invoice) -> None:
    """Delete an invoice that is not sent; the entries that it billed are unbilled again.

    Raises ValidationError where it is sent, and ProtectedError where something depends on it.
    """
    _check_open(invoice)
    held = _billed_by(invoice)
    invoice.delete()
    _bump(held)


@transaction.atomic
def release_entries(invoice: Invoice) -> None:
    """Let an invoice's lines stand for themselves: the entries that they billed are unbilled again."""
    held = _billed_by(invoice)
    invoice.lines.update(**dict.fromkeys(SOURCE_OF.values()))
    _bump(held)


def _billed_by(invoice: Invoice) -> list[Any]:
    lines = invoice.lines.select_related(*SOURCE_OF.values())
    return [entry for line in lines if (entry := line.source) is not None]


def _check_job(job: Job) -> None:
    if job.is_overhead or job.client.is_own_company:
        raise ValidationError(f"{job} is our own overhead: it is invoiced to nobody.")
    if job.client.is_inquiry:
        raise ValidationError(f"{job.client} is still an inquiry: promote it to a client before sending an invoice.")


def _check_open(invoice: Invoice) -> None:
    current = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if current.status not in OPEN_TO_EDITS:
        raise ValidationError(f"{current} is {current.get_status_display()}: it stays as the client knows it.")


def _hold(job: Job, entries: Iterable[Entry]) -> list[Entry]:
    """The entries as they are in the database now, locked until the invoice is written, in printing order."""
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


def _create(job: Job, kind: str, date: dt.date, number: str, term: Term | None, header: dict[str, Any]) -> Invoice:
    invoice = Invoice(job=job, kind=kind, date=date, term=term, **header)
    invoice.due_date = term.due_date(date) if term else None
    for _ in range(1 if number else NUMBER_TRIES):
        invoice.number = number or next_number()
        try:
            with transaction.atomic():
                invoice.save(force_insert=True)
        except IntegrityError:  # somebody took this number at the same moment
            continue
        return invoice
    raise ValidationError({"number": f"There is an invoice {invoice.number} already: choose another number."})


def _write_lines(invoice: Invoice, lines: Sequence[InvoiceLine]) -> None:
    for position, line in enumerate(lines, start=1):
        line.invoice, line.position = invoice, position
    InvoiceLine.objects.bulk_create(lines)


def _line(entry: Entry, covered: bool = False) -> InvoiceLine:
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


def _bump(entries: Iterable[Entry]) -> None:
    ids: dict[type[Model], list[int]] = {}
    for entry in entries:
        ids.setdefault(type(entry), []).append(entry.pk)
    for model, wanted in ids.items():
        model._base_manager.filter(pk__in=wanted).update(version=F("version") + 1)
