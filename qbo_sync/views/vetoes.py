"""What is copied is not made wrong by a change here alone: each refusal says what to do instead (design.md §4)."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from invoices.models import Invoice
from qbo_sync.access import qbo_offered
from qbo_sync.models import Connection, Entity, Kind, Link
from qbo_sync.push.voiding import why_it_waits
from qbo_sync.views.voids import begin_void
from smmware.core.extensions import HandOver, RecordAddOn

STATUSES = Invoice.Status.values  # in order
VOIDED, PRELIMINARY = Invoice.Status.VOIDED, Invoice.Status.PRELIMINARY
UNDER_WAY = "{record} is being copied to QuickBooks, or may be there already. Wait until that is settled."
AT_QBO = (
    "{record} is at QuickBooks ({link}): deleted here alone, it would stay there. First a QBO Admin has it taken back "
    "there (“Take back” on its page, or “Reverse this run”), or deletes it in QuickBooks and presses “Unlink”. Then it "
    "can be deleted here."
)
BELOW = (
    "{record} is at QuickBooks ({link}), where it counts: here it cannot be {status} meanwhile. Change it as it is and "
    "press “Update QBO”; or first have it taken back there (“Take back” on its page), or void it."
)
VOIDS_BOTH = (
    "{record} is at QuickBooks ({link}), so it is voided in both places or in none: voided here alone, it would still "
    "be owed there. A QBO Admin who manages invoices does it with “Void” on its page."
)
CREDIT_MEMO = (
    "{record} is at QuickBooks ({link}), and a credit memo cannot be voided there. Have it taken back there "
    "first (“Take back” on its page); then void it."
)
NOT_CONNECTED = (
    "{record} is at QuickBooks ({link}) in {company}, which is not connected now: voided here alone, it would still be "
    "owed there. Connect that company again, or unlink the invoice; then void it."
)
STILL_BILLED = (
    "{record} is at QuickBooks ({link}), which would go on billing this: taken off here alone, it could be billed a "
    "second time. First have the invoice taken back there (“Take back” on its page), or void it."
)
BUTTON = "Void here and at QuickBooks"
IN_BOTH = (
    "It is voided at QuickBooks ({link}) first, and here as soon as that is done: in both places or in none. Has "
    "somebody paid on it there, nothing is changed and you are told."
)


class QboVeto(RecordAddOn):
    """What is copied is not deleted here alone: it would stay at QuickBooks, and nobody would know whose it was."""

    def __init__(self, *kinds: Kind) -> None:
        self.kinds = kinds

    def offered(self, request: HttpRequest) -> bool:
        return False

    def delete_veto(self, record: Any) -> str:
        of_record = Q()
        for kind in self.kinds:
            of_record |= Q(**{kind.value: record})
        link = Link.objects.filter(of_record).first()
        if link is None:
            return ""
        return (UNDER_WAY if link.is_reserved else AT_QBO).format(record=record, link=link)


class QboInvoice(RecordAddOn):
    """A copied invoice is voided in both places, and goes back to no status in which it would not be copied."""

    def offered(self, request: HttpRequest) -> bool:
        return qbo_offered(request)

    def edit_veto(self, record: Any) -> str:
        return why_it_waits(record)

    def move_veto(self, record: Any, target: str) -> str:
        if waits := why_it_waits(record):
            return waits
        link = _link(record)
        if link is None or not (target == VOIDED or _falls_below(record, target, link.connection)):
            return ""
        return _sentence(link, target).format(
            record=record, link=link, company=link.connection, status=Invoice.Status(target).label
        )

    def hand_over(self, request: HttpRequest, record: Any, target: str) -> HandOver | None:
        link = _link(record)
        if target != VOIDED or link is None or _sentence(link, target) != VOIDS_BOTH or why_it_waits(record):
            return None
        return HandOver(BUTTON, IN_BOTH.format(link=link), begin_void)


class QboLine(RecordAddOn):
    """A line that bills something stays on a copied invoice: QuickBooks goes on billing it."""

    def offered(self, request: HttpRequest) -> bool:
        return False

    def delete_veto(self, record: Any) -> str:
        link = _link(record.invoice)
        if link is None or record.source is None:
            return ""
        return (UNDER_WAY if link.is_reserved else STILL_BILLED).format(record=record.invoice, link=link)


def _link(invoice: Invoice) -> Link | None:
    """The link of an invoice, that at the connected company before any other."""
    links = Link.objects.filter(invoice=invoice).select_related("connection")
    return links.order_by("-connection__is_active", "pk").first()


def _falls_below(invoice: Invoice, target: str, connection: Connection) -> bool:
    """Whether a move leads out of the statuses in which invoices are copied."""
    first = STATUSES.index(connection.copied_from_status)
    return target == PRELIMINARY or STATUSES.index(target) < first <= STATUSES.index(invoice.status)


def _sentence(link: Link, target: str) -> str:
    """Why a copied invoice does not become this."""
    if link.is_reserved:
        return UNDER_WAY
    if target != VOIDED:
        return BELOW
    if not link.connection.is_active:
        return NOT_CONNECTED
    return CREDIT_MEMO if link.entity == Entity.CREDIT_MEMO else VOIDS_BOTH
