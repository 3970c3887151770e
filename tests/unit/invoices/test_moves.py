"""The statuses of an invoice: which move is allowed, and to whom."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from associates.models import Associate
from invoices.models import Invoice
from invoices.moves import allowed_moves, move, moves_for
from tests.factories import InvoiceFactory, InvoiceLineFactory

pytestmark = pytest.mark.django_db

ALLOWED = {
    "preliminary": ["finalized"],
    "finalized": ["tl_approved", "preliminary"],
    "tl_approved": ["sent", "finalized"],
    "sent": ["paid", "overdue", "tl_approved"],
    "overdue": ["paid", "sent"],
    "paid": ["sent"],
}
A_LEADS = {"finalized": ["tl_approved", "preliminary"]}


def test_the_table() -> None:
    table = {
        status: [m.target.value for m in allowed_moves(Invoice(status=status))] for status in Invoice.Status.values
    }
    assert table == ALLOWED | {"voided": []}


def test_who_may_make_which(cast: dict[str, Associate]) -> None:
    def offered(person: Associate) -> dict[str, list[str]]:
        moves = {status: [m.target.value for m in moves_for(person, Invoice(status=status))] for status in ALLOWED}
        return {status: targets for status, targets in moves.items() if targets}

    assert {name: offered(person) for name, person in cast.items()} == {
        "owner": ALLOWED,
        "senior_admin": ALLOWED,
        "admin": ALLOWED,
        "lead": A_LEADS,
        "basic": {},
    }


@pytest.mark.parametrize("source", ALLOWED)
@pytest.mark.parametrize("target", ALLOWED)
def test_only_the_tables_moves_happen(source: str, target: str) -> None:
    invoice = InvoiceLineFactory(invoice__status=source).invoice
    if target in ALLOWED[source]:
        moved = move(invoice=invoice, to=target)
        assert (moved.status, moved.version) == (target, 2)
    else:
        with pytest.raises(ValidationError):
            move(invoice=invoice, to=target)
    invoice.refresh_from_db()
    assert invoice.status == (target if target in ALLOWED[source] else source)


def test_the_refusal_says_why() -> None:
    invoice = InvoiceFactory(number="1001", status="preliminary")
    refusals = []
    for target in ("paid", "finalized", "nonsense"):
        with pytest.raises(ValidationError) as caught:
            move(invoice=invoice, to=target)
        refusals += caught.value.messages
    assert refusals == [
        "Invoice 1001 is Preliminary: it cannot become Paid from there.",
        "Invoice 1001 has no line yet: there is nothing to finalize.",
        "Invoice 1001 is Preliminary: it cannot become nonsense from there.",
    ]


def test_a_person_makes_only_their_moves(lead: Associate, basic: Associate) -> None:
    invoice = InvoiceLineFactory(invoice__status="preliminary").invoice
    with pytest.raises(PermissionDenied):
        move(invoice=invoice, to="finalized", by=lead)
    move(invoice=invoice, to="finalized")
    with pytest.raises(PermissionDenied):
        move(invoice=invoice, to="tl_approved", by=basic)
    assert move(invoice=invoice, to="tl_approved", by=lead).status == "tl_approved"


def test_a_status_seen_too_late_does_not_count() -> None:
    invoice = InvoiceLineFactory(invoice__status="finalized").invoice
    seen = Invoice.objects.get()
    move(invoice=invoice, to="preliminary")
    with pytest.raises(ValidationError):
        move(invoice=seen, to="tl_approved")
    assert Invoice.objects.get().status == "preliminary"
