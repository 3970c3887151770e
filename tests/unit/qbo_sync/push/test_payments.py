"""Payments that are recorded here, offered in the plan of their invoice and applied to it at QuickBooks."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as WebClient
from django.urls import reverse
from django.utils import timezone

from invoices.models import Invoice, InvoiceSettings, Payment
from qbo_sync.models import Account, Connection, Entity, Kind, Link, Mapping, Purpose
from smmware.core.models import Company
from smmware.core.permissions import Level
from tests.factories import DAY, AssociateFactory, CompanyFactory, PaymentFactory, PaymentMethodFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import copied, invoice_for_hours, planned, told, work


@pytest.fixture
def here(mapped: Connection) -> Connection:
    """Payments are recorded here, as Settings say."""
    InvoiceSettings.objects.create(payments_at=InvoiceSettings.PaymentsAt.HERE)
    return mapped


def paid(number: str = "2043", **values: Any) -> Payment:
    """A payment of $50 on an invoice of $97.50."""
    return PaymentFactory(invoice=invoice_for_hours(number=number), **values)


def named(payment: Payment) -> str:
    return f"{payment} · {payment.invoice.job.client}"


def made(quickbooks: QuickBooks) -> list[dict[str, Any]]:
    """The payments at QuickBooks that carry our own number."""
    rows = quickbooks.query("select * from Payment")
    return [row for row in rows if "SMM-P" in row.get("PaymentRefNum", "") + row.get("PrivateNote", "")]


def test_it_is_a_row_of_its_own_after_its_invoice(here: Connection) -> None:
    payment = paid()

    run = planned(here, payment.invoice)

    rows = list(run.steps.order_by("position").values_list("kind", "label", "brought_along", "needs", "amount"))
    assert rows[-2:] == [
        ("invoice", f"Invoice 2043 · {payment.invoice.job.client}", False, [0, 2], Decimal("97.50")),
        ("payment", f"Payment of $50.00 for Invoice 2043 · {payment.invoice.job.client}", True, [3], Decimal("50.00")),
    ]


def test_it_is_applied_to_its_invoice(here: Connection, quickbooks: QuickBooks) -> None:
    visa = PaymentMethodFactory(name="Visa")
    Link.objects.create(
        connection=here, payment_method=visa, entity=Entity.PAYMENT_METHOD, qbo_id="3", origin=Link.Origin.IMPORTED,
        linked_by=here.connected_by, linked_at=timezone.now(),
    )  # fmt: skip
    checking = Account.objects.filter(connection=here, type="Bank").first()
    Mapping.objects.create(connection=here, purpose=Purpose.DEPOSIT_ACCOUNT, account=checking)
    payment = paid(method=visa, reference="4711")

    run = copied(here, payment.invoice)

    assert told(run)[named(payment)] == ("done", "", "")
    [row] = made(quickbooks)
    [invoice] = quickbooks.query("select * from Invoice")
    assert checking is not None
    assert (row["TotalAmt"], row["UnappliedAmt"], row["TxnDate"], row["PaymentRefNum"], row["PrivateNote"]) == (
        50, 0, "2026-03-02", "4711", f"SMM-P{payment.pk}",
    )  # fmt: skip
    assert (row["PaymentMethodRef"]["value"], row["DepositToAccountRef"]["value"]) == ("3", checking.qbo_id)
    assert [line["LinkedTxn"][0]["TxnId"] for line in row["Line"]] == [invoice["Id"]]
    assert (invoice["Balance"], row["CustomerRef"]["value"]) == (47.5, invoice["CustomerRef"]["value"])


def test_without_method_reference_and_account_quickbooks_chooses(here: Connection, quickbooks: QuickBooks) -> None:
    payment = paid(method=PaymentMethodFactory())  # a method of ours alone

    copied(here, payment.invoice)

    [row] = made(quickbooks)
    assert (row["PaymentRefNum"], "PaymentMethodRef" in row, row["DepositToAccountRef"]["value"]) == (
        f"SMM-P{payment.pk}", False, "4",
    )  # fmt: skip


def test_one_recorded_later_is_offered_with_its_copied_invoice(here: Connection, quickbooks: QuickBooks) -> None:
    invoice = invoice_for_hours(number="2043")
    copied(here, invoice)
    Invoice.objects.filter(pk=invoice.pk).update(status=Invoice.Status.SENT)
    PaymentFactory(invoice=invoice)
    page = reverse("invoices:detail", args=[invoice.pk])
    office = WebClient()
    office.force_login(AssociateFactory(level=Level.ADMIN, qbo_admin=True))
    CompanyFactory(integration=Company.Integration.QBO)
    assert "Add QBO" in office.get(page).content.decode()

    run = copied(here, invoice)

    assert "Add QBO" not in office.get(page).content.decode()
    assert list(run.steps.values_list("kind", "state")) == [("invoice", "linked"), ("payment", "done")]
    assert set(planned(here, invoice).steps.values_list("kind", flat=True)) == {"invoice"}


def test_payments_that_are_recorded_in_quickbooks_are_not_offered(mapped: Connection) -> None:
    payment = paid()

    assert "payment" not in planned(mapped, payment.invoice).steps.values_list("kind", flat=True)
    words = "Payments are recorded in QuickBooks: “4) Invoices and Terms” in Settings says so."
    assert told(planned(mapped, payment)) == {named(payment): ("in_the_way", words, "")}


def test_one_before_the_go_live_date_stays_here(here: Connection) -> None:
    here.go_live_date = DAY.replace(day=3)
    here.save()
    payment = paid()
    Invoice.objects.filter(pk=payment.invoice_id).update(date=DAY.replace(day=4))

    assert "payment" not in planned(here, payment.invoice).steps.values_list("kind", flat=True)


def test_a_payment_by_itself_brings_its_invoice_along(here: Connection, quickbooks: QuickBooks) -> None:
    run = copied(here, paid())

    assert set(run.steps.values_list("state", flat=True)) == {"done"}
    assert len(made(quickbooks)) == 1


def test_a_credit_memo_is_not_paid(here: Connection) -> None:
    invoice = invoice_for_hours(number="2043", adjustment=Decimal("-120.00"))
    copied(here, invoice)
    payment = PaymentFactory(invoice=invoice)

    words = "Invoice 2043 is a credit memo at QuickBooks: nothing can be paid on it."
    assert told(planned(here, invoice))[named(payment)] == ("in_the_way", words, "open")


def test_more_than_is_open_is_refused_in_words(here: Connection, quickbooks: QuickBooks) -> None:
    payment = paid(amount=Decimal("200.00"))

    run = copied(here, payment.invoice)

    state, words, _ = told(run)[named(payment)]
    assert (state, "Its words: “" in words) == ("refused", True)
    assert made(quickbooks) == []


@pytest.mark.parametrize(
    "how", [{"drop": "before"}, {"drop": "after"}, {"drop": "after", "remember": False}, {"status": 500}], ids=str
)
def test_it_is_there_once_whatever_becomes_of_the_answer(
    here: Connection, quickbooks: QuickBooks, how: dict[str, Any]
) -> None:
    twins = [paid(), PaymentFactory(invoice=Invoice.objects.get(), amount=Decimal("20.00"))]
    quickbooks.behave(rules=[{"match": {"entity": "Payment"}, "then": how}])

    run = copied(here, twins[0].invoice)
    for _ in range(3):
        work(here)

    assert [told(run)[named(each)][0] for each in twins] == ["done", "done"]
    assert sorted(row["TotalAmt"] for row in made(quickbooks)) == [20, 50]
    assert Link.objects.filter(payment__in=twins, qbo_id__isnull=False).count() == 2


def test_what_a_payment_is_linked_with_is_its_own_kind(here: Connection) -> None:
    payment = paid()
    copied(here, payment.invoice)

    link = Link.objects.get(payment=payment)
    assert (link.kind, link.entity) == (Kind.PAYMENT, Entity.PAYMENT)
