"""Copying from the plan to the links, over the wire, against the simulator."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from associates.models import Associate
from invoices.models import Invoice
from qbo_sync.api import answer
from qbo_sync.api.body import body_of
from qbo_sync.api.errors import Unreachable
from qbo_sync.entities import COPIED
from qbo_sync.entities.base import source_hash
from qbo_sync.models import Attempt, Connection, Entity, Kind, Link, Run
from qbo_sync.models.states import AttemptState, RunState, StepState
from qbo_sync.push import engine
from qbo_sync.push.afterwards import UNKNOWN_YET
from qbo_sync.push.context import context_for, links_of
from qbo_sync.push.prepare import CHANGED, ELSEWHERE, GONE
from qbo_sync.runs import moves
from qbo_sync.runs.lease import LeaseLost, claim
from tests.factories import (
    AssociateFactory,
    ClientFactory,
    ExpenseEntryFactory,
    HourEntryFactory,
    InvoiceLineFactory,
    MileageEntryFactory,
    OrganizationFactory,
)
from tests.quickbooks import QuickBooks, map_everything
from tests.unit.qbo_sync.push.conftest import (
    at_the_wire,
    batches,
    copied,
    invoice_for_hours,
    planned,
    qbo_id,
    queued,
    states,
    told,
    work,
)


def started(quickbooks: QuickBooks, entity: str) -> list[dt.datetime]:
    """When each writing request for an entity came."""
    rows = [row for row in quickbooks.requests("write") if row["operations"][0]["entity"] == entity]
    return [dt.datetime.fromisoformat(row["time"]) for row in rows]


def test_an_invoice_brings_its_hours_client_and_associate(mapped: Connection, quickbooks: QuickBooks) -> None:
    invoice = invoice_for_hours(number="2043")

    run = copied(mapped, invoice)

    assert (run.state, run.message) == (RunState.DONE, "")
    assert set(states(run).values()) == {"done"}
    assert sorted(Link.objects.values_list("entity", flat=True)) == ["Customer", "Employee", "Invoice", "TimeActivity"]
    [kept] = quickbooks.query("select * from Invoice where DocNumber = '2043'")
    [entry] = (line.hour_entry for line in invoice.lines.all())
    assert (kept["Id"], Decimal(str(kept["TotalAmt"])), kept["CustomerRef"]["value"], kept["LinkedTxn"]) == (
        qbo_id(invoice),
        Decimal("97.50"),
        qbo_id(invoice.job.client),
        [{"TxnId": qbo_id(entry), "TxnType": "TimeActivity"}],
    )
    [activity] = quickbooks.query(f"select * from TimeActivity where Id = '{qbo_id(entry)}'")
    assert (activity["BillableStatus"], activity["EmployeeRef"]["value"]) == ("HasBeenBilled", qbo_id(entry.associate))


def test_every_kind_arrives_in_the_order_of_its_dependencies(connection: Connection, quickbooks: QuickBooks) -> None:
    invoice = invoice_for_hours()
    on: dict[str, Any] = {"job": invoice.job, "associate": AssociateFactory(kind=Associate.Kind.CONTRACTOR)}
    expense, mileage = ExpenseEntryFactory(vendor=OrganizationFactory(), **on), MileageEntryFactory(**on)
    for position, values in ((2, {"expense_entry": expense}), (3, {"mileage_entry": mileage})):
        InvoiceLineFactory(invoice=invoice, position=position, **values)
    map_everything(connection, quickbooks)

    run = copied(connection, invoice)

    assert set(states(run).values()) == {"done"}
    sent = batches(quickbooks)
    assert [sorted(batch) for batch in sent] == [
        ["Customer", "Employee", "Vendor", "Vendor"],
        ["Purchase", "Purchase", "TimeActivity"],
        ["Invoice"],
    ]
    numbers = {row["DocNumber"]: row["EntityRef"]["type"] for row in quickbooks.query("select * from Purchase")}
    assert numbers == {f"SMM-E{expense.pk}": "Vendor", f"SMM-M{mileage.pk}": "Vendor"}


def test_a_link_tells_what_was_copied_when_and_by_whom(mapped: Connection) -> None:
    invoice = invoice_for_hours()
    copied(mapped, invoice)

    link = Link.objects.get(invoice=invoice)
    copied_invoice = COPIED[Kind.INVOICE]
    record = copied_invoice.records().get(pk=invoice.pk)
    links = links_of(mapped, copied_invoice.refers_to(record))
    body = body_of(copied_invoice.body(record, context_for(mapped, links)))
    assert (link.origin, link.linked_by, link.sync_token, link.source_version, link.source_hash) == (
        Link.Origin.PUSHED,
        mapped.connected_by,
        "0",
        record.version,
        source_hash(body),
    )
    assert link.attempt is not None
    assert (link.attempt.state, len(link.attempt.request_id) <= 36) == (AttemptState.ANSWERED, True)


def test_copying_again_sends_nothing(mapped: Connection, quickbooks: QuickBooks) -> None:
    entry = HourEntryFactory()
    copied(mapped, entry)
    before = len(quickbooks.requests("write"))

    run = copied(mapped, entry)

    assert (run.state, states(run)) == (RunState.DONE, {str(entry): "linked"})
    assert len(quickbooks.requests("write")) == before


def test_batches_hold_thirty_and_names_go_one_batch_at_a_time(
    mapped: Connection, quickbooks: QuickBooks, settings: Any
) -> None:
    settings.QBO_HEARTBEAT_SECONDS = 5
    quickbooks.behave(latency={"base_ms": 400})
    clients = [ClientFactory() for _ in range(65)]

    copied(mapped, *clients)

    assert [len(batch) for batch in batches(quickbooks)] == [30, 30, 5]
    first, second, third = started(quickbooks, "Customer")
    assert min(second - first, third - second) >= dt.timedelta(seconds=0.4)


def test_a_batch_of_names_holds_some_of_each_list_so_that_hours_follow_soon(
    mapped: Connection, quickbooks: QuickBooks
) -> None:
    entries = [HourEntryFactory() for _ in range(20)]  # each by an associate and for a client of its own

    copied(mapped, *entries)

    assert [Counter(batch) for batch in batches(quickbooks)][:2] == [
        {"Employee": 15, "Customer": 15},
        {"Employee": 5, "Customer": 5},
    ]


def test_what_is_no_name_goes_side_by_side(mapped: Connection, quickbooks: QuickBooks) -> None:
    first = HourEntryFactory()
    entries = [first, *(HourEntryFactory(job=first.job, associate=first.associate) for _ in range(89))]
    copied(mapped, first.job.client, first.associate)
    quickbooks.behave(latency={"base_ms": 1000})

    copied(mapped, *entries)

    assert [len(batch) for batch in batches(quickbooks)] == [2, 30, 30, 30]
    times = started(quickbooks, "TimeActivity")
    assert times[-1] - times[0] < dt.timedelta(seconds=1)
    assert Counter(row["Description"] for row in quickbooks.query("select * from TimeActivity")) == {
        "Packing the kitchen": 90
    }


def test_a_refusal_holds_up_what_depends_on_it_and_nothing_else(mapped: Connection, quickbooks: QuickBooks) -> None:
    held_up = invoice_for_hours(HourEntryFactory(job__client__name="Martha Whitlock"), number="1")
    free = invoice_for_hours(HourEntryFactory(job__client__name="Zoe Young"), number="2")
    quickbooks.behave(rules=[{"match": {"entity": "Customer", "operation": "create"}, "then": {"fault": "2050"}}])

    run = copied(mapped, held_up, free)

    refusal = (
        "A text is longer or shorter than QuickBooks takes (Number): 45 characters, where 21 are allowed. Change it, "
        "then try again."
    )
    waits = f"It waits for client “Martha Whitlock”. {refusal}"
    first, second = (invoice.lines.get().hour_entry for invoice in (held_up, free))
    assert told(run) == {
        "Martha Whitlock": ("refused", refusal, "open"),
        "Zoe Young": ("done", "", ""),
        str(first.associate): ("done", "", ""),
        str(second.associate): ("done", "", ""),
        str(first): ("blocked", waits, ""),
        str(second): ("done", "", ""),
        "Invoice 1 · Martha Whitlock": ("blocked", waits, ""),
        "Invoice 2 · Zoe Young": ("done", "", ""),
    }
    assert run.state == RunState.DONE
    assert run.steps.get(state=StepState.REFUSED).fault_code == "2050"
    assert not Link.objects.filter(qbo_id__isnull=True).exists()


def test_a_second_run_copies_what_a_refusal_had_held_up(mapped: Connection, quickbooks: QuickBooks) -> None:
    invoice = invoice_for_hours()
    quickbooks.behave(rules=[{"match": {"entity": "Customer", "operation": "create"}, "then": {"fault": "2050"}}])
    copied(mapped, invoice)

    run = copied(mapped, invoice)

    assert set(states(run).values()) == {"done"}
    assert [len(batch) for batch in batches(quickbooks)] == [2, 1, 1, 1]


def test_a_record_that_was_changed_after_the_plan_was_shown_is_left_out(mapped: Connection) -> None:
    invoice = invoice_for_hours(number="2043")
    [entry] = (line.hour_entry for line in invoice.lines.all())
    run = queued(mapped, invoice)
    entry.description = "Packing the cellar"
    entry.save()

    work(mapped)

    client, associate = str(invoice.job.client), str(entry.associate)
    assert told(run) == {
        client: ("done", "", ""),
        associate: ("done", "", ""),
        str(entry): ("left_out", CHANGED, ""),
        f"Invoice 2043 · {client}": ("blocked", f"It waits for hours “{entry}”. {CHANGED}", ""),
    }


def test_a_record_that_was_deleted_after_the_plan_was_shown_is_left_out(mapped: Connection) -> None:
    client, other = ClientFactory(name="Martha Whitlock"), ClientFactory(name="Zoe Young")
    run = queued(mapped, client, other)
    client.delete()

    work(mapped)

    assert told(run) == {"Martha Whitlock": ("left_out", GONE, ""), "Zoe Young": ("done", "", "")}


def test_a_mapping_that_was_taken_away_after_the_plan_was_shown_is_in_the_way(mapped: Connection) -> None:
    entry = HourEntryFactory()
    run = queued(mapped, entry)
    mapped.mappings.filter(purpose="hours_item").delete()

    work(mapped)

    assert told(run)[str(entry)] == (
        "in_the_way",
        "“Item for hours” is not chosen yet in the QuickBooks settings.",
        "hours_item",
    )


def test_a_name_that_went_bad_in_this_very_version_is_in_the_way(mapped: Connection) -> None:
    associate = AssociateFactory(first_name="Dana", last_name="Ortiz")
    run = queued(mapped, associate)
    Associate.objects.filter(pk=associate.pk).update(last_name="", version=associate.version)

    work(mapped)

    assert told(run) == {"Dana Ortiz": ("in_the_way", "QuickBooks wants an employee's first and last name.", "open")}


def linked(connection: Connection, record: Any, entity: Entity, qbo_id: str) -> None:
    Link.objects.create(
        connection=connection, entity=entity, qbo_id=qbo_id, origin=Link.Origin.MATCHED,
        linked_by=connection.connected_by, linked_at=timezone.now(), **{Kind.of(record).value: record},
    )  # fmt: skip


@pytest.mark.sandbox
def test_a_record_that_was_linked_after_the_plan_was_shown_is_not_copied(
    mapped: Connection, quickbooks: QuickBooks
) -> None:
    entry = HourEntryFactory()
    run = queued(mapped, entry)
    linked(mapped, entry.job.client, Entity.CUSTOMER, "1")

    work(mapped)

    assert states(run) == {str(entry.job.client): "linked", str(entry.associate): "done", str(entry): "done"}
    [activity] = quickbooks.query("select * from TimeActivity")
    assert activity["CustomerRef"]["value"] == "1"


@pytest.mark.sandbox
def test_a_record_that_is_linked_the_very_moment_before_it_is_reserved_is_not_copied(
    mapped: Connection, quickbooks: QuickBooks
) -> None:
    first, second = ClientFactory(name="Martha Whitlock"), ClientFactory(name="Zoe Young")
    run = queued(mapped, first, second)
    waiting = [lambda: linked(mapped, first, Entity.CUSTOMER, "1")]

    def somebody_links(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if waiting and "qbo_sync_mapping" in sql:  # read last, after the links
            waiting.pop()()
        return execute(sql, params, many, context)

    with database.execute_wrapper(somebody_links):
        work(mapped)

    assert states(run) == {"Martha Whitlock": "linked", "Zoe Young": "done"}
    assert batches(quickbooks) == [["Customer"]]
    assert Attempt.objects.count() == 1


def test_two_runs_over_the_same_records_copy_each_once(mapped: Connection, quickbooks: QuickBooks) -> None:
    invoices = [invoice_for_hours() for _ in range(3)]
    runs = [queued(mapped, *invoices), queued(mapped, *invoices)]

    work(mapped)

    outcomes = [Counter(run.steps.values_list("state", flat=True)) for run in runs]
    assert sum(outcomes, Counter()) == {"done": 12, "linked": 12}
    assert Counter(entity for batch in batches(quickbooks) for entity in batch) == {
        "Customer": 3, "Employee": 3, "TimeActivity": 3, "Invoice": 3,
    }  # fmt: skip
    for run in runs:
        run.refresh_from_db()
        assert run.state == RunState.DONE


def test_a_short_run_does_not_wait_for_a_long_one(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(engine, "LOOK_SECONDS", 0)
    settings.QBO_SENDERS = 2
    first = HourEntryFactory()
    entries = [first, *(HourEntryFactory(job=first.job, associate=first.associate) for _ in range(209))]
    hurried = HourEntryFactory(job=first.job, associate=first.associate)
    copied(mapped, first.job.client, first.associate)
    quickbooks.behave(latency={"base_ms": 300})
    queued(mapped, *entries)
    at_the_wire(quickbooks, monkeypatch, lambda: queued(mapped, hurried), nth=1)

    work(mapped)

    sizes = [len(batch) for batch in batches(quickbooks)][1:]
    assert sorted(sizes) == [1, *[30] * 7]
    assert sizes.index(1) <= 4


def test_a_batch_is_written_down_when_there_is_a_slot_for_it_not_before(
    mapped: Connection, quickbooks: QuickBooks, settings: Any
) -> None:
    settings.QBO_BATCHES_PER_MINUTE = 2  # of which the worker has one, where it does not count in Redis
    settings.QBO_THROTTLE_STORAGE = "memory://"
    run = queued(mapped, *(ClientFactory() for _ in range(31)))

    work(mapped, seconds=0.1)

    run.refresh_from_db()
    assert (run.state, Counter(states(run).values())) == (RunState.RUNNING, {"done": 30, "ready": 1})
    assert Attempt.objects.count() == 1


def test_cancelled_in_the_middle_what_is_sent_is_sent_and_the_rest_is_not(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = [ClientFactory() for _ in range(65)]
    run = queued(mapped, *clients)
    at_the_wire(quickbooks, monkeypatch, lambda: moves.cancel(run), nth=1)

    work(mapped)

    run.refresh_from_db()
    assert (run.state, Counter(states(run).values())) == (RunState.CANCELLED, {"done": 30, "cancelled": 35})
    assert [len(batch) for batch in batches(quickbooks)] == [30]
    assert Link.objects.filter(qbo_id__isnull=False).count() == 30
    assert run.finished_at is not None
    assert run.message == (
        "When it was cancelled, 0 of 65 records were copied and 35 were not sent. 30 were on their way; what became of "
        "them is recorded below."
    )


def test_cancelled_the_very_moment_before_a_batch_is_written_down_nothing_is_sent(
    mapped: Connection, quickbooks: QuickBooks
) -> None:
    run = queued(mapped, ClientFactory())
    waiting = [lambda: moves.cancel(run)]

    def somebody_cancels(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if waiting and "qbo_sync_mapping" in sql:
            waiting.pop()()
        return execute(sql, params, many, context)

    with database.execute_wrapper(somebody_cancels):
        work(mapped)

    run.refresh_from_db()
    assert (run.state, set(states(run).values())) == (RunState.CANCELLED, {"cancelled"})
    assert (batches(quickbooks), Link.objects.count(), Attempt.objects.count()) == ([], 0, 0)


def test_cancelled_while_quickbooks_asks_for_a_pause_nothing_stays_ready(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer, "PAUSE_AFTER_429", 1.0)
    run = queued(mapped, ClientFactory())
    quickbooks.behave(rules=[{"match": {"path": "/batch"}, "then": {"status": 429}}])
    at_the_wire(quickbooks, monkeypatch, lambda: moves.cancel(run))

    work(mapped)

    assert set(states(run).values()) == {"cancelled"}
    assert Link.objects.count() == 0


def test_a_plan_that_is_too_old_is_not_carried_out(mapped: Connection, settings: Any) -> None:
    settings.QBO_PLAN_EXPIRES_SECONDS = 60
    run = queued(mapped, ClientFactory())
    old, new = (queued_later(mapped, seconds) for seconds in (61, 59))

    assert (moves.queue(old), moves.queue(new)) == (False, True)
    assert moves.queue(run) is False  # queued already
    old.refresh_from_db()
    assert old.state == RunState.PLANNED


def queued_later(connection: Connection, seconds: float) -> Any:
    run = planned(connection, ClientFactory())
    run.created_at -= dt.timedelta(seconds=seconds)
    run.save()
    return run


def test_throttled_it_pauses_and_goes_on(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer, "PAUSE_AFTER_429", 1.0)
    quickbooks.behave(rules=[{"match": {"path": "/batch"}, "then": {"status": 429}}])

    run = copied(mapped, ClientFactory())

    assert (run.state, run.message, set(states(run).values())) == (RunState.DONE, "", {"done"})
    refused, made = Attempt.objects.order_by("pk")
    assert (refused.state, made.state) == (AttemptState.NOT_DONE, AttemptState.ANSWERED)
    assert refused.request_id != made.request_id
    assert made.sent_at - refused.sent_at >= dt.timedelta(seconds=0.9)
    assert [row["status"] for row in quickbooks.requests("write")] == [429, 200]


def test_an_engine_whose_lease_was_taken_over_records_and_sends_nothing_more(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = [ClientFactory() for _ in range(31)]
    run = queued(mapped, *clients)

    def taken_over() -> None:
        Connection.objects.filter(pk=mapped.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
        assert claim(mapped.pk) is not None

    at_the_wire(quickbooks, monkeypatch, taken_over)

    with pytest.raises(LeaseLost):
        work(mapped)

    assert Counter(states(run).values()) == {"sending": 30, "ready": 1}
    assert [len(batch) for batch in batches(quickbooks)] == [30]

    Connection.objects.filter(pk=mapped.pk).update(lease_until=None)
    work(mapped)

    run.refresh_from_db()
    assert (run.state, Counter(states(run).values())) == (RunState.DONE, {"done": 31})
    made = quickbooks.query("select * from Customer where DisplayName like 'Margaret Client%' maxresults 1000")
    assert Counter(row["DisplayName"] for row in made) == {client.name: 1 for client in clients}


def test_an_engine_that_was_frozen_longer_than_its_lease_sends_nothing_more(
    mapped: Connection, quickbooks: QuickBooks, settings: Any
) -> None:
    run = queued(mapped, ClientFactory())
    settings.QBO_LEASE_SECONDS = 0

    with pytest.raises(Unreachable):
        work(mapped)

    assert (set(states(run).values()), batches(quickbooks)) == ({"ready"}, [])
    settings.QBO_LEASE_SECONDS = 30
    work(mapped)
    assert (set(states(run).values()), batches(quickbooks)) == ({"done"}, [["Customer"]])


def test_what_somebody_else_is_sending_is_set_aside_and_then_found_linked(
    mapped: Connection, quickbooks: QuickBooks
) -> None:
    quickbooks.behave(latency={"base_ms": 50})
    client = ClientFactory()
    long = queued(mapped, client, *(HourEntryFactory(job__client=client) for _ in range(2)))
    short = queued(mapped, client)

    work(mapped)

    assert Counter(run.steps.get(record_id=client.pk, kind=Kind.CLIENT).state for run in (long, short)) == {
        "done": 1,
        "linked": 1,
    }
    assert Counter(entity for batch in batches(quickbooks) for entity in batch)["Customer"] == 1


@pytest.fixture
def lost_beside(mapped: Connection, quickbooks: QuickBooks, settings: Any) -> tuple[Run, Run]:
    """Two runs over the same client: the answer to its request is lost in the first, and the second comes to it."""
    settings.QBO_SETTLE_SECONDS = 600
    entry = HourEntryFactory()
    quickbooks.behave(rules=[{"match": {"entity": "Customer", "path": "/batch"}, "then": {"drop": "after"}}])
    first = copied(mapped, entry)
    return first, queued(mapped, HourEntryFactory(job=entry.job, associate=entry.associate))


def test_what_waits_for_a_lost_answer_of_another_run_goes_on_when_it_is_known(
    mapped: Connection, quickbooks: QuickBooks, settings: Any, lost_beside: tuple[Run, Run]
) -> None:
    first, second = lost_beside
    work(mapped)

    second.refresh_from_db()
    assert (first.state, second.state, second.message) == (RunState.QUEUED, RunState.QUEUED, UNKNOWN_YET)
    assert set(states(second).values()) == {"ready"}
    assert len(batches(quickbooks)) == 1

    settings.QBO_SETTLE_SECONDS = 0
    work(mapped)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (RunState.DONE, RunState.DONE)
    assert Counter(second.steps.values_list("kind", "state")) == {
        (Kind.CLIENT, "linked"): 1, (Kind.ASSOCIATE, "linked"): 1, (Kind.HOUR_ENTRY, "done"): 1,
    }  # fmt: skip


def test_what_another_run_asks_a_person_about_is_not_waited_for(
    mapped: Connection, quickbooks: QuickBooks, lost_beside: tuple[Run, Run]
) -> None:
    first, second = lost_beside
    first.attempts.update(state=AttemptState.SETTLED)
    first.steps.filter(state=StepState.UNKNOWN).update(state=StepState.NEEDS_CHOICE)

    work(mapped)

    second.refresh_from_db()
    assert second.state == RunState.DONE
    names = second.steps.filter(kind__in=(Kind.CLIENT, Kind.ASSOCIATE))
    assert set(names.values_list("state", "message")) == {("blocked", ELSEWHERE)}
    assert len(batches(quickbooks)) == 1


# What the engine asks at each turn: how many turns it takes depends on the clock, not on the records.
EACH_TURN = ('UPDATE "qbo_sync_connection"', 'FROM "qbo_sync_run"')


def test_the_queries_of_a_batch_do_not_grow_with_its_records(mapped: Connection, quickbooks: QuickBooks) -> None:
    invoices = [invoice_for_hours() for _ in range(31)]
    counted = []
    for chosen in (invoices[:1], invoices[1:]):
        copied(mapped, *(line.hour_entry for invoice in chosen for line in invoice.lines.all()))
        with CaptureQueriesContext(database) as captured:
            run = copied(mapped, *chosen)
        assert set(states(run).values()) == {"done"}
        statements = [query["sql"] for query in captured.captured_queries]
        counted.append(sum(not any(beat in sql for beat in EACH_TURN) for sql in statements))

    assert counted[0] == counted[1]
    assert [batch[0] for batch in batches(quickbooks)].count("Invoice") == 2


def test_statuses_of_all_invoices_that_may_be_copied(mapped: Connection) -> None:
    never = (Invoice.Status.PRELIMINARY, Invoice.Status.VOIDED)
    statuses = [status for status in Invoice.Status if status not in never]
    invoices = []
    for status in statuses:
        invoice = invoice_for_hours()
        Invoice.objects.filter(pk=invoice.pk).update(status=status)
        invoices.append(invoice)

    run = copied(mapped, *invoices)

    assert Counter(run.steps.filter(kind=Kind.INVOICE).values_list("state", flat=True)) == {"done": 5}
