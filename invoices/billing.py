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
from django.db.models import BigIntegerField, Max
from django.db.models.functions import Cast

from clients.models import Job
from hours.models import Entry
from invoices.entries import SOURCE_OF, billed_by, bump, hold, line_of
from invoices.models import Invoice, InvoiceLine, Term
from invoices.moves import OPEN_TO_EDITS
from smmware.core.extensions import edit_vetoes

FIRST_NUMBER = 1001
NUMBER_TRIES = 5


def next_number() -> str:
    """The next number of our own series: one above the highest that is all digits."""
    numbers = Invoice.objects.filter(number__regex=r"^[0-9]{1,18}$").annotate(digits=Cast("number", BigIntegerField()))
    highest = numbers.aggregate(highest=Max("digits"))["highest"]
    return str(max(highest + 1 if highest is not None else FIRST_NUMBER, FIRST_NUMBER))


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
    held = hold(job, entries)
    if not held:
        raise ValidationError(f"There is nothing to bill for {job}.")
    header = {"adjustment": adjustment, "public_note": public_note, "internal_note": internal_note}
    invoice = _create(job, Invoice.Kind.ITEMIZED, date, number, term, header)
    _write_lines(invoice, [line_of(entry) for entry in held])
    bump(held)
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
    held = hold(job, entries)
    header = {"adjustment": adjustment, "public_note": public_note, "internal_note": internal_note}
    invoice = _create(job, Invoice.Kind.FLAT, date, number, term, header)
    flat = InvoiceLine(description=description, amount=amount, taxable=taxable)
    _write_lines(invoice, [flat, *(line_of(entry, covered=True) for entry in held)])
    bump(held)
    return invoice


def why_no_more(invoice: Invoice) -> str:
    """Why nothing can be added to this invoice now, in a sentence, or "". Only a draft is a running total."""
    if vetoes := edit_vetoes(invoice):
        return " ".join(vetoes)
    if invoice.status != Invoice.Status.PRELIMINARY:
        label = invoice.get_status_display()
        return f"{invoice} is {label}: only to a preliminary invoice something is added. Take it back to that first."
    return ""


def why_no_line(invoice: Invoice) -> str:
    """Why this invoice takes no line of one's own, in a sentence, or ""."""
    if invoice.kind == Invoice.Kind.FLAT:
        return f"{invoice} has one flat amount: change that line, or make an adjustment."
    return ""


@transaction.atomic
def add_entries(*, invoice: Invoice, entries: Iterable[Entry]) -> Invoice:
    """Bill further entries of its job on a draft, a line each behind those that it has; a flat amount covers them.

    Raises ValidationError as `bill_entries` does, and where the invoice is no draft any more.
    """
    current = _hold_draft(invoice)
    held = hold(current.job, entries)
    if not held:
        raise ValidationError("No entry is chosen: choose some of those that can be billed.")
    covered = current.kind == Invoice.Kind.FLAT
    _write_lines(current, [line_of(entry, covered=covered) for entry in held], after=_last_position(current))
    bump(held)
    current.touch()
    return current


@transaction.atomic
def add_line(*, invoice: Invoice, description: str, amount: Decimal, taxable: bool = False) -> InvoiceLine:
    """Charge something on a draft that nobody recorded: a line of `amount` dollars, negative for what is given back.

    Raises ValidationError where the invoice is no draft any more, or flat: what that comes to is its one line.
    """
    current = _hold_draft(invoice)
    if refusal := why_no_line(current):
        raise ValidationError(refusal)
    line = InvoiceLine(invoice=current, description=description, amount=amount, taxable=taxable)
    line.position = _last_position(current) + 1
    line.clean_fields(exclude=["invoice", *SOURCE_OF.values()])
    line.save(force_insert=True)
    current.touch()
    return line


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
    held = billed_by(invoice)
    invoice.delete()
    bump(held)


@transaction.atomic
def release_entries(invoice: Invoice) -> None:
    """Let an invoice's lines stand for themselves: the entries that they billed are unbilled again."""
    held = billed_by(invoice)
    invoice.lines.update(**dict.fromkeys(SOURCE_OF.values()))
    bump(held)


def _check_job(job: Job) -> None:
    if job.is_overhead or job.client.is_own_company:
        raise ValidationError(f"{job} is our own overhead: it is invoiced to nobody.")
    if job.client.is_inquiry:
        raise ValidationError(f"{job.client} is still an inquiry: promote it to a client before sending an invoice.")


def _check_open(invoice: Invoice) -> None:
    current = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if current.status not in OPEN_TO_EDITS:
        raise ValidationError(f"{current} is {current.get_status_display()}: it stays as the client knows it.")


def _hold_draft(invoice: Invoice) -> Invoice:
    """The invoice as it is in the database now, locked until its lines are written."""
    current = Invoice.objects.select_for_update(of=("self",)).select_related("job__client").get(pk=invoice.pk)
    if refusal := why_no_more(current):
        raise ValidationError(refusal)
    return current


def _last_position(invoice: Invoice) -> int:
    return invoice.lines.aggregate(last=Max("position"))["last"] or 0


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


def _write_lines(invoice: Invoice, lines: Sequence[InvoiceLine], *, after: int = 0) -> None:
    for position, line in enumerate(lines, start=after + 1):
        line.invoice, line.position = invoice, position
    InvoiceLine.objects.bulk_create(lines)
