"""Payments recorded here, and the two statuses that follow by themselves: paid and overdue (domain.md §7).

Every write to a payment goes through here: the invoice is locked while its open balance is asked.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from hours.models import to_cents
from invoices.models import Invoice, InvoiceSettings, Payment
from smmware.core.display import money
from smmware.core.extensions import move_vetoes

Status = Invoice.Status
TAKES_PAYMENTS = (Status.SENT, Status.OVERDUE)
ELSEWHERE = (
    "Payments are recorded in your bookkeeping program: recorded here as well, they would be counted twice. "
    "“4) Invoices and Terms” in Settings says where."
)


@transaction.atomic
def record_payment(*, invoice: Invoice, date: dt.date, amount: Decimal, **details: Any) -> Payment:
    """Record money received for a sent invoice, all of what is open or a part; paid in full, it becomes Paid.

    Args:
        amount: dollars, above nothing.
        details: `method` (a PaymentMethod or None) and `reference` (the check's or another number).

    Raises ValidationError, by field where one is at fault: payments are recorded elsewhere, the invoice is not sent,
    the day is before the invoice's own, or the amount is above what is open.
    """
    held = _hold(invoice)
    if refusal := why_not(held):
        raise ValidationError(refusal)
    payment = Payment(invoice=held, date=date, amount=amount, **details)
    _write(payment, held)
    return payment


@transaction.atomic
def change_payment(*, payment: Payment, seen_version: int, date: dt.date, amount: Decimal, **details: Any) -> Payment:
    """Mend a payment, as `record_payment` would have recorded it; the invoice's status follows.

    Raises ValidationError as `record_payment` does, and ChangedMeanwhile where its version is not `seen_version`.
    """
    held = _hold(payment.invoice)
    payment.claim_version(seen_version)
    payment.date, payment.amount = date, amount
    for name, value in details.items():
        setattr(payment, name, value)
    _write(payment, held)
    return payment


@transaction.atomic
def remove_payment(*, payment: Payment) -> None:
    """Delete a payment that was none; the invoice is open again. As `record_payment`."""
    held = _hold(payment.invoice)
    payment.delete()
    _follow(held)


def why_not(invoice: Invoice) -> str:
    """Why this invoice takes no payment here now, in a sentence, or ""."""
    if not InvoiceSettings.current().payments_here:
        return ELSEWHERE
    if invoice.status in TAKES_PAYMENTS:
        return " ".join(move_vetoes(invoice, Status.PAID))
    return f"{invoice} is {invoice.get_status_display()}: only what is sent and not paid takes a payment."


def faults(payment: Payment, *, date: dt.date | None, amount: Decimal | None) -> dict[str, str]:
    """What is wrong with recording a payment so, by field, in sentences; asked of nothing where a value is None."""
    found = {}
    still_open = open_balance(payment.invoice, without=payment if payment.pk else None)
    if amount is not None and amount > still_open:
        found["amount"] = f"That is more than what is open: {money(still_open)}."
    if date is not None and date < payment.invoice.date:
        found["date"] = "That is before the day of the invoice."
    return found


def open_balance(invoice: Invoice, *, without: Payment | None = None) -> Decimal:
    """What the client still owes for an invoice, in dollars, as if `without` had not been paid."""
    current = Invoice.objects.with_total().get(pk=invoice.pk)
    again = Payment.objects.get(pk=without.pk).amount if without else Decimal(0)
    return to_cents(current.total_amount - current.paid_amount + again)  # SQLite sums with more digits than cents


def mark_overdue(today: dt.date) -> int:
    """Mark sent invoices that were due before `today` as overdue. Answers how many there were; asked again, none.

    The version stays: nobody has edited anything, and a plan or form that somebody looks at does not go stale by it.
    """
    late = Invoice.objects.filter(status=Status.SENT, due_date__lt=today)
    return late.update(status=Status.OVERDUE, version=F("version"))


def _hold(invoice: Invoice) -> Invoice:
    if not InvoiceSettings.current().payments_here:
        raise ValidationError(ELSEWHERE)
    return Invoice.objects.select_for_update().get(pk=invoice.pk)


def _write(payment: Payment, invoice: Invoice) -> None:
    if wrong := faults(payment, date=payment.date, amount=payment.amount):
        raise ValidationError(wrong)
    payment.full_clean(exclude=["invoice"])
    payment.save()
    _follow(invoice)


def _follow(invoice: Invoice) -> None:
    """Let the status follow what is open; a changed payment is a change of its invoice (design.md §3)."""
    if open_balance(invoice) <= 0:
        invoice.status = Status.PAID
    elif invoice.status == Status.PAID:
        invoice.status = Status.SENT
    invoice.save(update_fields=["status"])
