"""An invoice that gives back more than it asks for is a credit memo at QuickBooks."""

from decimal import Decimal

from invoices.models import Invoice
from qbo_sync.models import Connection, Link
from tests.factories import HourEntryFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import batches, copied, invoice_for_hours, planned, told, work


def credit(number: str = "2043") -> Invoice:
    """An hour and a half for $97.50, and $120 back."""
    return invoice_for_hours(number=number, adjustment=Decimal("-120.00"), public_note="Sorry about the vase.")


def test_it_is_planned_as_one(mapped: Connection) -> None:
    invoice = credit()

    run = planned(mapped, invoice)

    step = run.steps.get(kind="invoice")
    assert (step.label, step.entity, step.amount, step.state) == (
        f"Credit memo 2043 · {invoice.job.client}", "CreditMemo", Decimal("-22.50"), "ready",
    )  # fmt: skip


def test_it_gives_back_what_the_invoice_says(mapped: Connection, quickbooks: QuickBooks) -> None:
    invoice = credit()

    run = copied(mapped, invoice)

    assert told(run)[f"Credit memo 2043 · {invoice.job.client}"] == ("done", "", "")
    [memo] = quickbooks.query("select * from CreditMemo")
    assert (memo["TotalAmt"], memo["RemainingCredit"], memo["DocNumber"], memo["TxnDate"], memo["CustomerMemo"]) == (
        22.5, 22.5, "2043", "2026-03-02", {"value": "Sorry about the vase."},
    )  # fmt: skip
    lines = [line for line in memo["Line"] if line["DetailType"] == "SalesItemLineDetail"]
    assert [(line["Amount"], line["Description"], line["SalesItemLineDetail"].get("Qty")) for line in lines] == [
        (-97.5, "Packing the kitchen", None),
        (120, "Adjustment", None),
    ]
    assert quickbooks.query("select * from Invoice") == []
    assert Link.objects.get(invoice=invoice).entity == "CreditMemo"


def test_its_hours_are_not_offered_for_billing_again(mapped: Connection, quickbooks: QuickBooks) -> None:
    copied(mapped, credit())

    [hours] = quickbooks.query("select * from TimeActivity")
    assert (hours["BillableStatus"], batches(quickbooks)[-1]) == ("NotBillable", ["TimeActivity"])


def test_a_lost_answer_is_looked_for_among_credit_memos(mapped: Connection, quickbooks: QuickBooks) -> None:
    entry = HourEntryFactory()
    copied(mapped, entry)
    invoice = invoice_for_hours(entry, number="2043", adjustment=Decimal("-120.00"))
    quickbooks.behave(rules=[{"match": {"entity": "CreditMemo", "operation": "create"}, "then": {"drop": "after"}}])

    run = copied(mapped, invoice)
    work(mapped)

    assert told(run)[f"Credit memo 2043 · {invoice.job.client}"] == ("done", "", "")
    assert len(quickbooks.query("select * from CreditMemo")) == 1
