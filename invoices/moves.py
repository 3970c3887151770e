"""Which status an invoice may move to, and who may move it: one table for buttons and actions (domain.md §7)."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from invoices.models import Invoice, InvoiceSettings
from smmware.core.extensions import move_vetoes
from smmware.core.permissions import Access, Area, may

Status = Invoice.Status


@dataclass(frozen=True)
class Move:
    """From one status to another: what its button says, and the access in Invoice management that it needs."""

    source: Status
    target: Status
    label: str
    needed: Access = Access.MANAGE


MOVES = (
    Move(Status.PRELIMINARY, Status.FINALIZED, "Finalize"),
    Move(Status.FINALIZED, Status.TL_APPROVED, "Approve", Access.REVIEW),
    Move(Status.FINALIZED, Status.PRELIMINARY, "Back to preliminary", Access.REVIEW),
    Move(Status.TL_APPROVED, Status.SENT, "Mark as sent"),
    Move(Status.TL_APPROVED, Status.FINALIZED, "Take approval back"),
    Move(Status.SENT, Status.PAID, "Mark as paid"),
    Move(Status.SENT, Status.OVERDUE, "Mark as overdue"),
    Move(Status.SENT, Status.TL_APPROVED, "Not sent after all"),
    Move(Status.OVERDUE, Status.PAID, "Mark as paid"),
    Move(Status.OVERDUE, Status.SENT, "Not overdue after all"),
    Move(Status.PAID, Status.SENT, "Not paid after all"),
)
OPEN_TO_EDITS = (Status.PRELIMINARY, Status.FINALIZED, Status.TL_APPROVED)


def allowed_moves(invoice: Invoice) -> list[Move]:
    """The moves that the invoice's status allows, whoever asks, the usual next one first."""
    return [move for move in MOVES if move.source == invoice.status]


def moves_for(person: Any, invoice: Invoice) -> list[Move]:
    """The moves that the status allows and this person may make, but for those that payments make by themselves."""
    moves = [move for move in allowed_moves(invoice) if may(person, Area.INVOICES, move.needed)]
    return [move for move in moves if not _follows_payments(move, invoice)]


def _follows_payments(move: Move, invoice: Invoice) -> bool:
    """Whether payments decide this move: into Paid where they are recorded here, and out of it by removing one."""
    if Status.PAID not in (move.source, move.target):
        return False
    if move.source == Status.PAID:
        return invoice.pk is not None and invoice.payments.exists()
    return InvoiceSettings.current().payments_here


@transaction.atomic
def move(*, invoice: Invoice, to: str, by: Any = None) -> Invoice:
    """Move an invoice to the status `to`.

    Args:
        by: who asks; None for the house itself, which may make every move that the status allows.

    Raises ValidationError where its status, as it is in the database now, does not allow that, or another app is
    against it, and PermissionDenied where it does, but not for this person.
    """
    current = Invoice.objects.select_for_update().get(pk=invoice.pk)
    found = next((move for move in allowed_moves(current) if move.target == to), None)
    if found is None:
        wanted = Status(to).label if to in Status.values else to
        raise ValidationError(f"{current} is {current.get_status_display()}: it cannot become {wanted} from there.")
    if by is not None and not may(by, Area.INVOICES, found.needed):
        raise PermissionDenied(f"Your permission level does not include “{found.label}”.")
    if by is not None and _follows_payments(found, current):
        raise ValidationError(f"Whether {current} is paid follows from its payments: record or remove one.")
    if found.source == Status.PRELIMINARY and not current.lines.exists():
        raise ValidationError(f"{current} has no line yet: there is nothing to finalize.")
    if vetoes := move_vetoes(current, found.target):
        raise ValidationError(vetoes)
    current.status = found.target
    current.save(update_fields=["status"])
    return current
