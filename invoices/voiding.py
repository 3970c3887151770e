"""Voiding: an invoice that should not have been keeps its number and counts for nothing, and says why.

An invoice that nobody has seen is deleted instead; one that was numbered and perhaps sent leaves no gap in the series.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from invoices import billing
from invoices.models import Invoice

Status = Invoice.Status
MAY_BE_VOIDED = (Status.FINALIZED, Status.TL_APPROVED, Status.SENT, Status.OVERDUE)
INSTEAD = {
    Status.PRELIMINARY: "{invoice} is still a draft: delete it instead.",
    Status.PAID: "{invoice} is Paid, and what is paid is not voided. Was it not, say so first: “Not paid after all”.",
    Status.VOIDED: "{invoice} is voided already.",
}
HAS_PAYMENTS = "{invoice} has payments, and what is paid is not voided. Remove them first, if they were none."


def why_not(invoice: Invoice) -> str:
    """Why this invoice cannot be voided now, in a sentence, or ""."""
    if invoice.status not in MAY_BE_VOIDED:
        return INSTEAD[Status(invoice.status)].format(invoice=invoice)
    return HAS_PAYMENTS.format(invoice=invoice) if invoice.payments.exists() else ""


@transaction.atomic
def void(*, invoice: Invoice, reason: str, by: Any) -> Invoice:
    """Void an invoice: its amounts become zero, its entries are unbilled again, its number stays taken.

    Its lines go on saying what they had charged for, by quantity and rate. Whether another app is against it is asked
    by whoever calls this (`smmware.core.extensions.move_vetoes`).

    Args:
        reason: why, in words; not empty.
        by: the associate who voids it.

    Raises ValidationError, in words for that person, where its status or a payment is against it.
    """
    current = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if refusal := why_not(current):
        raise ValidationError(refusal)
    billing.release_entries(current)
    current.lines.update(amount=0)
    current.status, current.adjustment = Status.VOIDED, 0
    current.void_reason, current.voided_at, current.voided_by = reason, timezone.now(), by
    current.save(update_fields=["status", "adjustment", "void_reason", "voided_at", "voided_by"])
    return current
