"""A company that refuses the links of an invoice with its hours: never billed twice, never lost (qbo-api.md §9)."""

from typing import Any

import pytest

from qbo_sync.models import Connection, Run
from qbo_sync.models.states import RunState
from qbo_sync.push.differences import WITHOUT_LINKS
from tests.factories import HourEntryFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import batches, copied, invoice_for_hours, qbo_id, told, work

REFUSAL = (
    "QuickBooks does not link it with {}: billed or paid already, not billable, or another client's. Look that up at "
    "QuickBooks, then try again."
)


def refuse_links(quickbooks: QuickBooks, fault: Any = "620", times: int | None = 1) -> None:
    quickbooks.behave(
        rules=[{"match": {"entity": "Invoice", "operation": "create"}, "then": {"fault": fault}, "times": times}]
    )


def billing(quickbooks: QuickBooks) -> tuple[list[str], list[list[Any]]]:
    """The hours' status, and the links of the invoices."""
    hours, sold = quickbooks.query("select * from TimeActivity"), quickbooks.query("select * from Invoice")
    return [row["BillableStatus"] for row in hours], [row["LinkedTxn"] for row in sold]


@pytest.mark.parametrize("fault", ["620", "2010", {"code": "6000", "message": "Business", "detail": "No links."}])
def test_it_goes_without_links_and_its_hours_are_not_billable(
    mapped: Connection, quickbooks: QuickBooks, fault: Any
) -> None:
    invoice = invoice_for_hours(hours=2, number="2043")
    refuse_links(quickbooks, fault)

    run = copied(mapped, invoice)
    work(mapped)

    run.refresh_from_db()
    assert (run.state, run.message) == (RunState.DONE, "")
    assert told(run)[f"Invoice 2043 · {invoice.job.client}"] == ("done", WITHOUT_LINKS, "")
    assert billing(quickbooks) == (["NotBillable", "NotBillable"], [[]])
    assert batches(quickbooks)[-3:] == [["Invoice"], ["Invoice"], ["TimeActivity", "TimeActivity"]]


def test_hours_that_somebody_billed_are_refused_for_good_reason(mapped: Connection, quickbooks: QuickBooks) -> None:
    entry = HourEntryFactory()
    copied(mapped, entry)
    line = {"Amount": 97.5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "2"}}}
    linked = [{"TxnId": qbo_id(entry), "TxnType": "TimeActivity"}]
    customer = {"value": qbo_id(entry.job.client)}
    quickbooks.create("Invoice", CustomerRef=customer, Line=[{**line, "LinkedTxn": linked}], LinkedTxn=linked)
    invoice = invoice_for_hours(entry, number="2043")

    run = copied(mapped, invoice)

    assert told(run)[f"Invoice 2043 · {invoice.job.client}"] == ("refused", REFUSAL.format(f"hours “{entry}”"), "open")
    assert len(quickbooks.query("select * from Invoice")) == 1


def test_what_is_refused_without_links_too_stays_refused(mapped: Connection, quickbooks: QuickBooks) -> None:
    invoice = invoice_for_hours(number="2043")
    refuse_links(quickbooks, times=None)

    run = copied(mapped, invoice)
    work(mapped)

    assert told(run)[f"Invoice 2043 · {invoice.job.client}"] == (
        "refused",
        REFUSAL.format("what it bills or pays"),
        "open",
    )
    assert batches(quickbooks).count(["Invoice"]) == 2
    assert Run.objects.get(pk=run.pk).state == RunState.DONE


def test_hours_that_cannot_be_read_leave_it_refused(mapped: Connection, quickbooks: QuickBooks) -> None:
    invoice = invoice_for_hours(number="2043")
    quickbooks.behave(
        rules=[
            {"match": {"entity": "Invoice", "operation": "create"}, "then": {"fault": "620"}},
            {"match": {"entity": "TimeActivity", "operation": "query"}, "then": {"status": 503}, "times": None},
        ]
    )

    run = copied(mapped, invoice)

    hours = invoice.lines.get().hour_entry
    assert told(run)[f"Invoice 2043 · {invoice.job.client}"] == ("refused", REFUSAL.format(f"hours “{hours}”"), "open")
    assert quickbooks.requests("write")[-1]["operations"][0]["entity"] == "Invoice"
