"""Payments recorded here, and the statuses that follow by themselves."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from invoices import payments, tasks
from invoices.models import Invoice, InvoiceSettings, Payment
from invoices.moves import move, moves_for
from smmware.core.models import ChangedMeanwhile
from tests.factories import (
    DAY,
    CompanyFactory,
    InvoiceFactory,
    InvoiceLineFactory,
    PaymentFactory,
    PaymentMethodFactory,
)

LATER = DAY + dt.timedelta(days=10)
HERE = InvoiceSettings.PaymentsAt.HERE


@pytest.fixture(autouse=True)
def _payments_here(db: None) -> None:
    InvoiceSettings.objects.create(payments_at=HERE)


@pytest.fixture
def invoice() -> Invoice:
    return InvoiceLineFactory(
        amount=Decimal("100.00"), invoice__number="1001", invoice__status="sent", invoice__adjustment=Decimal("-20.00")
    ).invoice


def state(invoice: Invoice) -> tuple[str, Decimal]:
    current = Invoice.objects.get(pk=invoice.pk)
    return current.status, payments.open_balance(current)


def test_a_part_leaves_it_open_and_the_rest_pays_it(invoice: Invoice) -> None:
    check = PaymentMethodFactory(name="Check")
    first = payments.record_payment(invoice=invoice, date=DAY, amount=Decimal("30.00"), method=check, reference="204")
    assert state(invoice) == ("sent", Decimal("50.00"))
    payments.record_payment(invoice=invoice, date=LATER, amount=Decimal("50.00"))
    assert state(invoice) == ("paid", Decimal("0.00"))
    assert (first.method, first.reference, first.date) == (check, "204", DAY)
    assert Invoice.objects.get(pk=invoice.pk).version == 3


def test_an_overdue_invoice_is_paid_too(invoice: Invoice) -> None:
    Invoice.objects.filter(pk=invoice.pk).update(status="overdue")
    payments.record_payment(invoice=invoice, date=LATER, amount=Decimal("80.00"))
    assert state(invoice) == ("paid", Decimal("0.00"))


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({"amount": Decimal("80.01")}, {"amount": ["That is more than what is open: $80.00."]}),
        ({"amount": Decimal("0.00")}, {"amount": ["Ensure this value is greater than or equal to 0.01."]}),
        ({"date": DAY - dt.timedelta(days=1)}, {"date": ["That is before the day of the invoice."]}),
    ],
)
def test_nonsense_is_refused_next_to_its_field(invoice: Invoice, typed: dict[str, Any], refusal: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        payments.record_payment(invoice=invoice, **({"date": DAY, "amount": Decimal("80.00")} | typed))
    assert caught.value.message_dict == refusal
    assert (state(invoice), Payment.objects.count()) == (("sent", Decimal("80.00")), 0)


@pytest.mark.parametrize("status", ["preliminary", "finalized", "tl_approved", "paid"])
def test_only_what_is_sent_takes_a_payment(status: str) -> None:
    invoice = InvoiceLineFactory(invoice__status=status, invoice__number="7").invoice
    with pytest.raises(ValidationError) as caught:
        payments.record_payment(invoice=invoice, date=DAY, amount=Decimal(1))
    label = Invoice.Status(status).label
    assert caught.value.messages == [f"Invoice 7 is {label}: only what is sent and not paid takes a payment."]


def test_recorded_elsewhere_nothing_is_recorded_here(invoice: Invoice) -> None:
    InvoiceSettings.objects.update(payments_at="elsewhere")
    with pytest.raises(ValidationError, match="counted twice"):
        payments.record_payment(invoice=invoice, date=DAY, amount=Decimal(1))
    assert Payment.objects.count() == 0


def test_a_mended_payment_counts_anew(invoice: Invoice) -> None:
    payment = payments.record_payment(invoice=invoice, date=DAY, amount=Decimal("80.00"))
    payments.change_payment(payment=payment, seen_version=1, date=DAY, amount=Decimal("79.99"))
    assert state(invoice) == ("sent", Decimal("0.01"))
    with pytest.raises(ChangedMeanwhile):
        payments.change_payment(payment=payment, seen_version=1, date=DAY, amount=Decimal("80.00"))
    with pytest.raises(ValidationError, match="more than what is open"):
        payments.change_payment(payment=payment, seen_version=2, date=DAY, amount=Decimal("80.01"))
    assert Payment.objects.values_list("amount", "version").get() == (Decimal("79.99"), 2)


def test_a_removed_payment_opens_it_again(invoice: Invoice) -> None:
    payment = payments.record_payment(invoice=invoice, date=DAY, amount=Decimal("80.00"))
    payments.remove_payment(payment=payment)
    assert state(invoice) == ("sent", Decimal("80.00"))


def test_paid_follows_from_payments_and_is_not_clicked(invoice: Invoice, admin: Any) -> None:
    assert [found.target for found in moves_for(admin, invoice)] == ["overdue", "tl_approved"]
    with pytest.raises(ValidationError, match="Whether Invoice 1001 is paid follows from its payments"):
        move(invoice=invoice, to="paid", by=admin)
    payments.record_payment(invoice=invoice, date=DAY, amount=Decimal("80.00"))
    assert moves_for(admin, Invoice.objects.get(pk=invoice.pk)) == []
    InvoiceSettings.objects.update(payments_at="elsewhere")
    unpaid = InvoiceFactory(status="sent")
    assert [found.target for found in moves_for(admin, unpaid)] == ["paid", "overdue", "tl_approved"]


def test_what_was_due_before_today_is_overdue() -> None:
    statuses = {"sent": LATER, "finalized": LATER, "paid": LATER, "overdue": LATER}
    late = [InvoiceFactory(number=status, status=status, due_date=due) for status, due in statuses.items()]
    InvoiceFactory(number="no due date", status="sent")
    assert payments.mark_overdue(LATER) == 0
    assert payments.mark_overdue(LATER + dt.timedelta(days=1)) == 1
    assert payments.mark_overdue(LATER + dt.timedelta(days=1)) == 0
    found = dict(Invoice.objects.values_list("number", "status"))
    assert found == {
        "sent": "overdue", "finalized": "finalized", "paid": "paid", "overdue": "overdue", "no due date": "sent"
    }  # fmt: skip
    assert Invoice.objects.get(pk=late[0].pk).version == late[0].version


@pytest.mark.django_db(transaction=True)
def test_the_worker_marks_by_the_companys_own_calendar() -> None:
    CompanyFactory(time_zone="America/Chicago")
    InvoiceFactory(number="1001", status="sent", due_date=DAY)
    for now, status in (
        (dt.datetime(2026, 3, 3, 5, 59, tzinfo=dt.UTC), "sent"),
        (dt.datetime(2026, 3, 3, 6, 0, tzinfo=dt.UTC), "overdue"),
    ):
        with time_machine.travel(now, tick=False):
            tasks.mark()
        assert Invoice.objects.get().status == status


class ToTheCent(TestCase):
    """Whatever is paid in whatever parts: what is open and what is paid make the total, and nothing is overpaid."""

    @settings(deadline=None)  # its time is the database's
    @given(st.lists(st.decimals("0.01", "60", places=2), min_size=1, max_size=6))
    def test_parts(self, parts: list[Decimal]) -> None:
        InvoiceSettings.objects.update_or_create(defaults={"payments_at": HERE})
        invoice = InvoiceLineFactory(amount=Decimal("100.00"), invoice__status="sent").invoice
        paid = Decimal(0)
        for part in parts:
            try:
                payments.record_payment(invoice=invoice, date=DAY, amount=part)
                paid += part
            except ValidationError:
                assert part > Decimal("100.00") - paid or paid == Decimal("100.00")
        status = "paid" if paid == Decimal("100.00") else "sent"
        assert state(invoice) == (status, Decimal("100.00") - paid)
        assert sum(PaymentFactory._meta.model.objects.values_list("amount", flat=True)) == paid
