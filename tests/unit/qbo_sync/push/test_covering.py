"""Hours are never offered for billing twice, whatever was copied first; and being billed is no change of a record."""

from typing import Any

import pytest

from hours.models import HourEntry
from invoices.models import Invoice
from qbo_sync.models import Attempt, Connection, Link
from qbo_sync.models.states import AttemptState, RunState
from qbo_sync.push import choices
from qbo_sync.push.afterwards import ASKS_AGAIN, NOT_READ_BACK
from qbo_sync.push.changes import changed_since_copied
from qbo_sync.push.covering import STILL_BILLABLE
from tests.factories import HourEntryFactory, InvoiceFactory, InvoiceLineFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import batches, copied, invoice_for_hours, qbo_id, states, told, work


@pytest.fixture
def entries(mapped: Connection) -> list[HourEntry]:
    """Two billable hour entries that are at QuickBooks, not billed yet."""
    first = HourEntryFactory()
    both = [first, HourEntryFactory(job=first.job, associate=first.associate)]
    copied(mapped, *both)
    return both


def flat_invoice(entries: list[HourEntry]) -> Invoice:
    invoice = InvoiceFactory(job=entries[0].job, kind=Invoice.Kind.FLAT, status=Invoice.Status.FINALIZED, number="2043")
    InvoiceLineFactory(invoice=invoice, position=1, description="The move", quantity=1, rate=500, amount=500)
    for position, entry in enumerate(entries, 2):
        InvoiceLineFactory(invoice=invoice, position=position, hour_entry=entry, covered=True, amount=0)
    return invoice


def billable(quickbooks: QuickBooks) -> list[str]:
    return sorted(row["BillableStatus"] for row in quickbooks.query("select * from TimeActivity"))


def test_hours_copied_before_a_flat_invoice_covered_them_are_not_billable_any_more(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    assert billable(quickbooks) == ["Billable", "Billable"]
    before = {row["Id"]: row for row in quickbooks.query("select * from TimeActivity")}

    run = copied(mapped, flat_invoice(entries))

    assert (run.state, run.message, set(states(run).values())) == (RunState.DONE, "", {"done"})
    assert billable(quickbooks) == ["NotBillable", "NotBillable"]
    assert batches(quickbooks)[-2:] == [["Invoice"], ["TimeActivity", "TimeActivity"]]
    after = {row["Id"]: row for row in quickbooks.query("select * from TimeActivity")}
    for name in ("Hours", "Minutes", "Description", "CustomerRef", "EmployeeRef", "TxnDate", "ItemRef"):
        assert [row[name] for row in after.values()] == [row[name] for row in before.values()]
    assert Attempt.objects.latest("pk").state == AttemptState.ANSWERED


@pytest.mark.parametrize("how", [{"drop": "before"}, {"drop": "after"}, {"status": 500}], ids=str)
def test_a_lost_answer_is_looked_at_and_the_change_made_once_more(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry], how: dict[str, Any]
) -> None:
    match = {"entity": "TimeActivity", "operation": "update", "path": "/batch"}
    quickbooks.behave(rules=[{"match": match, "then": how}])

    run = copied(mapped, flat_invoice(entries))

    assert (run.state, run.message, billable(quickbooks)) == (RunState.DONE, "", ["NotBillable", "NotBillable"])
    work(mapped)
    assert not Attempt.objects.filter(state__in=(AttemptState.SENT, AttemptState.UNKNOWN)).exists()


def test_what_stays_billable_is_told_on_the_invoice(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    match = {"entity": "TimeActivity", "operation": "update"}
    quickbooks.behave(rules=[{"match": match, "then": {"fault": "5010"}, "times": None}])

    run = copied(mapped, flat_invoice(entries))

    assert told(run)[f"Invoice 2043 · {entries[0].job.client}"] == ("done", STILL_BILLABLE.format(count=2), "")


def test_hours_of_an_invoice_that_a_person_matched_are_not_billable_any_more(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    invoice = invoice_for_hours(entries[0], number="2043")
    quickbooks.behave(rules=[{"match": {"entity": "Invoice", "path": "/batch"}, "then": {"drop": "before"}}])
    run = copied(mapped, invoice)
    body = {
        "CustomerRef": {"value": qbo_id(entries[0].job.client)},
        "Line": [
            {
                "Amount": 97.5,
                "DetailType": "SalesItemLineDetail",
                "SalesItemLineDetail": {"ItemRef": {"value": "2"}},
            }
        ],
    }
    theirs = quickbooks.create("Invoice", DocNumber="2043", **body)
    step = run.steps.select_related("run__connection", "attempt").get(kind="invoice")
    run.steps.filter(kind="invoice").update(state="needs_choice")
    Attempt.objects.filter(state=AttemptState.UNKNOWN).update(state=AttemptState.SETTLED)
    step.refresh_from_db()
    step.found.create(entity="Invoice", qbo_id=theirs["Id"], sync_token="0")
    work(mapped)

    assert choices.link(step, entity="Invoice", qbo_id=theirs["Id"], actor=run.asked_by) == ""
    work(mapped)

    status = {row["Id"]: row["BillableStatus"] for row in quickbooks.query("select * from TimeActivity")}
    assert status == {qbo_id(entries[0]): "NotBillable", qbo_id(entries[1]): "Billable"}


def test_being_billed_is_no_change_and_another_description_is(mapped: Connection, entries: list[HourEntry]) -> None:
    invoice = flat_invoice(entries[:1])
    copied(mapped, invoice)
    entry = HourEntry.objects.get(pk=entries[0].pk)
    entry.save()  # a new version that says the same
    link = Link.objects.get(hour_entry=entry)
    assert (entry.version > (link.source_version or 0), changed_since_copied(link)) == (True, False)

    entry.description = "Unpacking"
    entry.save()
    assert changed_since_copied(link) is True

    mapped.mappings.filter(purpose="hours_item").delete()
    assert changed_since_copied(link) is True
    assert changed_since_copied(Link(connection=mapped, hour_entry=entry)) is False


def test_a_billed_invoice_that_was_edited_is_changed(mapped: Connection, entries: list[HourEntry]) -> None:
    invoice = invoice_for_hours(entries[1])
    copied(mapped, invoice)
    link = Link.objects.get(invoice=invoice)
    invoice.save()
    assert changed_since_copied(link) is False

    invoice.public_note = "Thank you"
    invoice.save()
    assert changed_since_copied(link) is True


CANNOT_BE_ASKED = {"match": {"operation": "query", "entity": "TimeActivity"}, "then": {"status": 500}}


def test_where_quickbooks_cannot_be_asked_the_run_waits_until_it_can(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    quickbooks.behave(rules=[CANNOT_BE_ASKED])

    run = copied(mapped, flat_invoice(entries))
    assert (run.state, run.message, billable(quickbooks)) == (RunState.QUEUED, ASKS_AGAIN, ["Billable", "Billable"])

    work(mapped)
    run.refresh_from_db()
    assert (run.state, run.message, billable(quickbooks)) == (RunState.DONE, "", ["NotBillable", "NotBillable"])


def test_it_does_not_wait_for_ever(
    settings: Any, mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    settings.QBO_TRIES = 2
    quickbooks.behave(rules=[{**CANNOT_BE_ASKED, "times": 2}])

    run = copied(mapped, flat_invoice(entries))
    work(mapped)

    run.refresh_from_db()
    assert (run.state, run.message, billable(quickbooks)) == (RunState.DONE, NOT_READ_BACK, ["Billable", "Billable"])
