"""Voiding an invoice: what it leaves, what it sets free, and when it is refused."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from associates.models import Associate
from invoices import billing, moves, payments, voiding
from invoices.entries import unbilled_entries
from invoices.models import Invoice, InvoiceSettings
from invoices.sending import in_the_way
from smmware.core import extensions
from smmware.core.extensions import RecordAddOn, delete_vetoes, edit_vetoes
from tests.factories import DAY, ExpenseEntryFactory, HourEntryFactory, InvoiceFactory, InvoiceLineFactory

pytestmark = pytest.mark.django_db
Status = Invoice.Status


@pytest.fixture
def sent() -> Invoice:
    """An invoice over 1.50 hours at $65.00 and an expense of $31.20, with $5.00 off, that was sent."""
    hours = HourEntryFactory()
    expense = ExpenseEntryFactory(job=hours.job)
    invoice = billing.bill_entries(
        job=hours.job, entries=[hours, expense], date=DAY, number="1001", adjustment=Decimal("-5.00")
    )
    Invoice.objects.update(status=Status.SENT)
    invoice.refresh_from_db()
    return invoice


def test_it_keeps_its_number_and_counts_for_nothing(sent: Invoice, owner: Associate) -> None:
    before = timezone.now()
    version = sent.version
    voided = voiding.void(invoice=sent, reason="Billed to the wrong family", by=owner)

    kept = Invoice.objects.with_total().get()
    assert (kept.number, kept.status, kept.total_amount, kept.adjustment) == ("1001", "voided", 0, 0)
    assert (kept.void_reason, kept.voided_by, kept.version) == ("Billed to the wrong family", owner, version + 1)
    assert before <= kept.voided_at <= timezone.now()
    assert (voided.pk, voided.total) == (kept.pk, 0)
    # What it had charged for can still be read: 1.50 hours at $65.00
    columns = ("description", "quantity", "rate", "amount", "hour_entry", "expense_entry")
    assert list(kept.lines.values_list(*columns)) == [
        ("Packing the kitchen", Decimal("1.50"), Decimal("65.000"), Decimal("0.00"), None, None),
        ("Boxes", None, None, Decimal("0.00"), None, None),
    ]


def test_what_it_billed_can_be_billed_again(sent: Invoice, owner: Associate) -> None:
    entries = [line.source for line in sent.lines.all()]
    versions = [entry.version for entry in entries if entry]
    voiding.void(invoice=sent, reason="Wrong", by=owner)

    assert unbilled_entries(sent.job) == entries
    assert [entry.version for entry in unbilled_entries(sent.job)] == [each + 1 for each in versions]
    again = billing.bill_entries(job=sent.job, entries=unbilled_entries(sent.job), date=DAY)
    assert (again.number, Invoice.objects.with_total().get(pk=again.pk).total_amount) == ("1002", Decimal("128.70"))


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("preliminary", "Invoice 7 is still a draft: delete it instead."),
        ("finalized", ""),
        ("tl_approved", ""),
        ("sent", ""),
        ("overdue", ""),
        ("paid", "Invoice 7 is Paid, and what is paid is not voided. Was it not, say so first: “Not paid after all”."),
    ],
)
def test_when_it_may_be_voided(status: str, sentence: str, owner: Associate) -> None:
    invoice = InvoiceFactory(number="7", status=status)
    assert voiding.why_not(invoice) == sentence
    if sentence:
        with pytest.raises(ValidationError) as caught:
            voiding.void(invoice=invoice, reason="Wrong", by=owner)
        assert caught.value.messages == [sentence]
    else:
        voiding.void(invoice=invoice, reason="Wrong", by=owner)
    assert Invoice.objects.get().status == ("voided" if not sentence else status)


def test_what_was_paid_in_part_is_not_voided(sent: Invoice, owner: Associate) -> None:
    InvoiceSettings.objects.create(payments_at="here")
    payments.record_payment(invoice=sent, date=DAY, amount=Decimal("1.00"))
    with pytest.raises(ValidationError) as caught:
        voiding.void(invoice=sent, reason="Wrong", by=owner)
    assert caught.value.messages == [
        "Invoice 1001 has payments, and what is paid is not voided. Remove them first, if they were none."
    ]
    assert (Invoice.objects.get().status, sent.lines.filter(amount=0).count()) == ("sent", 0)


def test_it_is_for_good(sent: Invoice, owner: Associate) -> None:
    voided = voiding.void(invoice=sent, reason="Wrong", by=owner)
    assert moves.allowed_moves(voided) == []
    stays = "Invoice 1001 is voided: it stays as it is, so that its number leaves no gap."
    assert (edit_vetoes(voided), delete_vetoes(voided)) == ([stays], [stays])
    assert in_the_way(voided) == "Invoice 1001 is Voided: it can be sent when it is TL approved."
    InvoiceSettings.objects.create(payments_at="here")
    assert payments.why_not(voided) == "Invoice 1001 is Voided: only what is sent and not paid takes a payment."
    with pytest.raises(ValidationError):
        voiding.void(invoice=sent, reason="Again", by=owner)
    assert Invoice.objects.get().void_reason == "Wrong"


@pytest.mark.parametrize(
    "values",
    [
        {"status": "voided"},
        {"status": "sent", "void_reason": "Wrong"},
        {"status": "voided", "void_reason": "", "voided_at": timezone.now()},
    ],
)
def test_the_database_wants_reason_person_and_time(values: dict[str, Any]) -> None:
    InvoiceFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.update(**values)


# Where another app is against a move


class Against(RecordAddOn):
    """Against every move, with the name of its target."""

    def move_veto(self, record: Any, target: str) -> str:
        return f"Not {target} now."


@pytest.fixture
def _held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(extensions._record_add_ons, Invoice, [Against()])


@pytest.mark.usefixtures("_held")
def test_a_veto_stops_every_way_into_a_status() -> None:
    invoice = InvoiceLineFactory(invoice__status=Status.TL_APPROVED).invoice
    with pytest.raises(ValidationError) as caught:
        moves.move(invoice=invoice, to=Status.SENT)
    assert caught.value.messages == ["Not sent now."]
    assert in_the_way(invoice) == "Not sent now."
    InvoiceSettings.objects.create(payments_at="here")
    Invoice.objects.update(status=Status.SENT)
    invoice.refresh_from_db()
    assert payments.why_not(invoice) == "Not paid now."
    assert Invoice.objects.get().status == "sent"
