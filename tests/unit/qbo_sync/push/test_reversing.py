"""“Reverse this run”: what it created is taken back at QuickBooks, children first, where nobody touched it since."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db.models import F

from clients.models import Client
from hours.models import HourEntry
from invoices.models import InvoiceSettings, Payment
from qbo_sync.models import Connection, Kind, Link, Run, Unlinked
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push.badges import Badge
from qbo_sync.push.reversing import (
    ALREADY_GONE,
    BILLED,
    EDITED,
    IN_USE,
    LATER,
    NO_LINK,
    PAID,
    may_be_reversed,
    plan_reversal,
)
from qbo_sync.push.unlinking import unlink
from qbo_sync.runs import moves
from qbo_sync.serve import serve
from tests.factories import ClientFactory, ExpenseEntryFactory, HourEntryFactory, JobFactory, PaymentFactory
from tests.quickbooks import QuickBooks, map_everything
from tests.unit.qbo_sync.push.conftest import at_the_wire, copied, invoice_for_hours, qbo_id
from tests.unit.qbo_sync.push.test_badges import badge
from tests.unit.qbo_sync.push.test_updating import updated


def planned_reversal(run: Run) -> Run:
    return plan_reversal(run=run, actor=run.asked_by)


def reversed_(run: Run) -> Run:
    """Plan, “Next”, and the work."""
    reversal = planned_reversal(run)
    assert moves.queue(reversal)
    serve(run.connection_id)
    reversal.refresh_from_db()
    return reversal


def outcome(run: Run) -> dict[str, tuple[str, str]]:
    return {step.kind: (step.state, step.message) for step in run.steps.all()}


def count(quickbooks: QuickBooks, entity: str) -> int:
    return len(quickbooks.query(f"select * from {entity}"))


def operations(quickbooks: QuickBooks, since: int) -> list[str]:
    """What was written since then: each request's operations and entities."""
    rows = quickbooks.requests("write")[since:]
    return [f"{each['operation']} {each['entity']}" for row in rows for each in row["operations"]]


def test_it_is_gone_there_and_not_copied_here(mapped: Connection, quickbooks: QuickBooks) -> None:
    invoice = invoice_for_hours(hours=2)
    before = count(quickbooks, "TimeActivity"), count(quickbooks, "Invoice"), count(quickbooks, "Customer")
    run = copied(mapped, invoice)
    written = len(quickbooks.requests("write"))

    reversal = reversed_(run)

    assert (reversal.state, set(outcome(reversal).values())) == (RunState.DONE, {(StepState.DONE, "")})
    assert operations(quickbooks, written)[:3] == ["delete Invoice", "delete TimeActivity", "delete TimeActivity"]
    assert sorted(operations(quickbooks, written)[3:]) == ["update Customer", "update Employee"]
    after = count(quickbooks, "TimeActivity"), count(quickbooks, "Invoice"), count(quickbooks, "Customer")
    assert after == before
    assert not Link.objects.exists()
    assert {badge(each) for each in (invoice, invoice.job.client, *HourEntry.objects.all())} == {Badge.NOT_COPIED}
    kept = Unlinked.objects.get(kind="invoice")
    assert (kept.reason, kept.unlinked_by) == ("Taken back at QuickBooks: “Reverse: Add QBO”", run.asked_by)


def test_the_plan_asks_nothing_of_quickbooks(mapped: Connection, quickbooks: QuickBooks) -> None:
    run = copied(mapped, ClientFactory())
    asked = len(quickbooks.requests())

    reversal = planned_reversal(run)

    assert (reversal.state, reversal.type, reversal.reverses, reversal.size) == ("planned", "reverse", run, 1)
    assert len(quickbooks.requests()) == asked


def test_a_name_that_others_refer_to_stays(mapped: Connection, quickbooks: QuickBooks) -> None:
    entry = HourEntryFactory()
    run = copied(mapped, entry.job.client)
    copied(mapped, entry)

    reversal = reversed_(run)

    assert outcome(reversal) == {"client": (StepState.IN_THE_WAY, IN_USE)}
    assert badge(entry.job.client) == Badge.COPIED


def test_referred_to_after_the_plan_was_shown(mapped: Connection, quickbooks: QuickBooks) -> None:
    entry = HourEntryFactory()
    run = copied(mapped, entry.job.client)
    reversal = planned_reversal(run)
    copied(mapped, entry)
    moves.queue(reversal)
    serve(run.connection_id)

    assert outcome(reversal) == {"client": (StepState.IN_THE_WAY, IN_USE)}


def test_what_somebody_edited_there_stays(mapped: Connection, quickbooks: QuickBooks) -> None:
    client = ClientFactory()
    run = copied(mapped, client)
    quickbooks.create("Customer", Id=qbo_id(client), SyncToken="0", sparse=True, Notes="VIP")

    assert outcome(reversed_(run)) == {"client": (StepState.IN_THE_WAY, EDITED)}
    assert badge(client) == Badge.COPIED


def test_what_somebody_edits_that_very_moment_stays(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = ClientFactory()
    run = copied(mapped, client)
    edit = {"Id": qbo_id(client), "SyncToken": "0", "sparse": True, "Notes": "VIP"}
    at_the_wire(quickbooks, monkeypatch, lambda: quickbooks.create("Customer", **edit))

    assert outcome(reversed_(run)) == {"client": (StepState.IN_THE_WAY, EDITED)}
    assert badge(client) == Badge.COPIED


@pytest.mark.parametrize("remark", ["PrivateNote", "Description"])
def test_what_somebody_wrote_on_it_there_stays(mapped: Connection, quickbooks: QuickBooks, remark: str) -> None:
    """Also where nothing of it was sent, and the token rose by being billed anyway."""
    invoice = invoice_for_hours(HourEntryFactory(description=""))
    run = copied(mapped, invoice)
    entity, record = ("Invoice", invoice) if remark == "PrivateNote" else ("TimeActivity", HourEntry.objects.get())
    [row] = quickbooks.query(f"select * from {entity} where Id = '{qbo_id(record)}'")
    needed = {name: row[name] for name in ("CustomerRef", "NameOf", "EmployeeRef", "Hours", "Minutes") if name in row}
    quickbooks.create(entity, **needed, Id=row["Id"], SyncToken=row["SyncToken"], sparse=True, **{remark: "VIP"})

    found = outcome(reversed_(run))

    assert found[Kind.of(record)] == (StepState.IN_THE_WAY, EDITED)
    assert badge(record) == Badge.COPIED


def test_what_was_updated_later_stays(mapped: Connection, quickbooks: QuickBooks) -> None:
    client = ClientFactory()
    run = copied(mapped, client)
    client.phone = "(608) 555-0199"
    client.save()
    updated(client)

    assert outcome(planned_reversal(run)) == {"client": (StepState.IN_THE_WAY, LATER)}


def test_what_was_unlinked_stays(mapped: Connection) -> None:
    run = copied(mapped, ClientFactory())
    link = Link.objects.get()
    unlink(link=link, reason="A test", actor=link.linked_by)

    assert outcome(planned_reversal(run)) == {"client": (StepState.IN_THE_WAY, NO_LINK)}


def test_what_is_gone_already_is_only_unlinked(mapped: Connection, quickbooks: QuickBooks) -> None:
    entry = HourEntryFactory()
    copied(mapped, entry.job.client, entry.associate)
    run = copied(mapped, entry)
    quickbooks.delete("TimeActivity", qbo_id(entry) or "")

    assert outcome(reversed_(run)) == {"hour_entry": (StepState.LINKED, ALREADY_GONE)}
    assert badge(entry) == Badge.NOT_COPIED


def test_hours_on_an_invoice_that_stays(mapped: Connection, quickbooks: QuickBooks) -> None:
    entry = HourEntryFactory()
    run = copied(mapped, entry)
    copied(mapped, invoice_for_hours(entry))

    found = outcome(reversed_(run))

    assert found["hour_entry"] == (StepState.IN_THE_WAY, BILLED)
    assert {found["client"], found["associate"]} == {(StepState.IN_THE_WAY, IN_USE)}


def test_a_paid_invoice_stays(mapped: Connection, quickbooks: QuickBooks) -> None:
    invoice = invoice_for_hours()
    run = copied(mapped, invoice)
    customer = {"value": qbo_id(invoice.job.client)}
    line = {"Amount": 1, "LinkedTxn": [{"TxnId": qbo_id(invoice), "TxnType": "Invoice"}]}
    quickbooks.create("Payment", CustomerRef=customer, TotalAmt=1, Line=[line])

    found = outcome(reversed_(run))

    assert found["invoice"] == (StepState.IN_THE_WAY, PAID)
    assert found["hour_entry"] == (StepState.IN_THE_WAY, BILLED)
    assert badge(invoice) == Badge.COPIED


def test_a_payment_of_the_same_run_goes_before_its_invoice(mapped: Connection, quickbooks: QuickBooks) -> None:
    InvoiceSettings.objects.create(payments_at=InvoiceSettings.PaymentsAt.HERE)
    invoice = invoice_for_hours()
    PaymentFactory(invoice=invoice)
    run = copied(mapped, invoice)
    before = count(quickbooks, "Payment")

    found = outcome(reversed_(run))

    assert set(found.values()) == {(StepState.DONE, "")}
    assert (count(quickbooks, "Payment"), Payment.objects.count()) == (before - 1, 1)


@pytest.mark.parametrize("lost", ["before", "after"])
def test_an_invoice_waits_until_it_is_known_whether_its_payment_is_gone(
    mapped: Connection, quickbooks: QuickBooks, lost: str
) -> None:
    InvoiceSettings.objects.create(payments_at=InvoiceSettings.PaymentsAt.HERE)
    invoice = invoice_for_hours()
    PaymentFactory(invoice=invoice)
    run = copied(mapped, invoice)
    match = {"entity": "Payment", "operation": "delete"}
    quickbooks.behave(rules=[{"match": match, "then": {"drop": lost}}])

    reversal = reversed_(run)
    found = outcome(reversal)
    assert (reversal.state, found.pop("payment")[0]) == (RunState.QUEUED, StepState.UNKNOWN)
    assert set(found.values()) == {(StepState.READY, "")}

    serve(run.connection_id)
    reversal.refresh_from_db()
    states = {state for state, _ in outcome(reversal).values()}
    assert (reversal.state, states, Link.objects.count()) == (RunState.DONE, {StepState.DONE}, 0)


def test_a_job_that_became_a_customer_goes_before_its_client(mapped: Connection, quickbooks: QuickBooks) -> None:
    mapped.jobs_are_customers = True
    mapped.save()
    run = copied(mapped, HourEntryFactory())

    found = outcome(reversed_(run))

    assert found == dict.fromkeys(("client", "job", "associate", "hour_entry"), (StepState.DONE, ""))
    assert not Link.objects.exists()


def test_an_expense_with_its_receipt(
    connection: Connection, quickbooks: QuickBooks, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    expense = ExpenseEntryFactory(receipt=ContentFile(b"$12.50", name="ticket.txt"))
    map_everything(connection, quickbooks)
    run = copied(connection, expense)
    assert (count(quickbooks, "Purchase"), count(quickbooks, "Attachable")) == (1, 1)

    found = outcome(reversed_(run))

    assert set(found.values()) == {(StepState.DONE, "")}
    assert (count(quickbooks, "Purchase"), count(quickbooks, "Attachable")) == (0, 0)


@pytest.mark.parametrize("lost", ["before", "after"])
def test_a_lost_answer_is_looked_for(mapped: Connection, quickbooks: QuickBooks, lost: str) -> None:
    client = ClientFactory()
    run = copied(mapped, client)
    match = {"entity": "Customer", "operation": "update"}
    quickbooks.behave(rules=[{"match": match, "then": {"drop": lost}, "times": 1}])
    reversal = reversed_(run)
    assert (reversal.state, reversal.steps.get().state) == (RunState.QUEUED, StepState.UNKNOWN)
    assert Link.objects.exists()

    serve(run.connection_id)

    reversal.refresh_from_db()
    assert (reversal.state, reversal.steps.get().state) == (RunState.DONE, StepState.DONE)
    assert badge(client) == Badge.NOT_COPIED


def test_what_may_be_reversed(mapped: Connection) -> None:
    client = ClientFactory()
    run = copied(mapped, client)
    assert may_be_reversed(run)
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING)
    run.refresh_from_db()
    assert not may_be_reversed(run)
    empty = copied(mapped, Client.objects.get())
    assert not may_be_reversed(empty)
    assert not may_be_reversed(planned_reversal(run))


@pytest.mark.parametrize("rows", [1, 30])
def test_planning_asks_as_much_for_one_as_for_thirty(
    mapped: Connection, rows: int, django_assert_num_queries: Any
) -> None:
    job = JobFactory()
    entry = HourEntryFactory(job=job)
    run = copied(mapped, invoice_for_hours(entry, hours=rows))

    with django_assert_num_queries(18):
        reversal = planned_reversal(run)

    assert reversal.steps.filter(kind=Kind.HOUR_ENTRY).count() == rows


def test_half_a_batch_was_carried_out(mapped: Connection, quickbooks: QuickBooks) -> None:
    """Connection lost midway: what is gone is unlinked, the rest goes in another request."""
    run = copied(mapped, *(ClientFactory() for _ in range(3)))
    match = {"entity": "Customer", "operation": "update"}
    rule = {"match": match, "then": {"drop": "midway", "after_items": 1}, "times": 1}
    quickbooks.behave(rules=[rule])
    reversal = reversed_(run)
    assert set(reversal.steps.values_list("state", flat=True)) == {StepState.UNKNOWN}

    serve(run.connection_id)

    reversal.refresh_from_db()
    assert (reversal.state, set(reversal.steps.values_list("state", flat=True))) == (RunState.DONE, {StepState.DONE})
    assert sorted(reversal.steps.values_list("tries", flat=True)) == [0, 1, 1]
    assert (Link.objects.count(), Unlinked.objects.count()) == (0, 3)


def test_an_engine_that_is_gone_leaves_it_to_the_next(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = copied(mapped, ClientFactory())
    reversal = planned_reversal(run)
    take_over = {"lease_number": F("lease_number") + 1, "lease_until": None}
    at_the_wire(quickbooks, monkeypatch, lambda: Connection.objects.update(**take_over))
    moves.queue(reversal)
    serve(run.connection_id)
    assert (reversal.steps.get().state, Link.objects.count()) == (StepState.SENDING, 1)

    serve(run.connection_id)

    assert (reversal.steps.get().state, Link.objects.count(), Unlinked.objects.count()) == (StepState.DONE, 0, 1)


def test_one_name_at_a_time_is_waited_for(mapped: Connection, quickbooks: QuickBooks) -> None:
    run = copied(mapped, ClientFactory())
    match = {"entity": "Customer", "operation": "update"}
    quickbooks.behave(rules=[{"match": match, "then": {"fault": "6000"}, "times": 2}])

    reversal = reversed_(run)

    assert (reversal.state, reversal.steps.get().state, reversal.steps.get().tries) == ("done", StepState.DONE, 2)


def test_what_quickbooks_refuses_stays_linked(mapped: Connection, quickbooks: QuickBooks) -> None:
    client = ClientFactory()
    run = copied(mapped, client)
    match = {"entity": "Customer", "operation": "update"}
    quickbooks.behave(rules=[{"match": match, "then": {"fault": "2020"}, "times": None}])

    reversal = reversed_(run)

    assert (reversal.state, reversal.steps.get().state) == (RunState.DONE, StepState.REFUSED)
    assert badge(client) == Badge.COPIED


def test_what_stops_everything_stops_it(mapped: Connection, quickbooks: QuickBooks) -> None:
    client = ClientFactory()
    run = copied(mapped, client)
    match = {"entity": "Customer", "operation": "update"}
    quickbooks.behave(rules=[{"match": match, "then": {"fault": "6190"}, "times": 1}])

    reversal = reversed_(run)
    assert (reversal.state, reversal.steps.get().state) == (RunState.FAILED, StepState.READY)
    assert badge(client) == Badge.COPIED

    assert moves.queue(reversal)
    serve(run.connection_id)
    assert badge(client) == Badge.NOT_COPIED
