"""Lost answers: wait, look, pair, and only then send what is missing (design.md §4, “unknown”)."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from associates.models import Associate
from hours.models import HourEntry
from qbo_sync.api.errors import QboError
from qbo_sync.models import Attempt, Connection, Entity, Kind, Link, Run, Step
from qbo_sync.models.states import AttemptState, RunState, StepState
from qbo_sync.push import choices
from qbo_sync.push.afterwards import UNKNOWN_YET
from qbo_sync.push.documents import found_document
from qbo_sync.push.prepare import ELSEWHERE
from qbo_sync.push.recovery import CANNOT_TELL, DELETED_SINCE, LOOK_YOURSELF
from qbo_sync.runs import moves
from tests.factories import AssociateFactory, ClientFactory, HourEntryFactory, JobFactory, OrganizationFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import batches, copied, invoice_for_hours, qbo_id, states, told, work

Lost = dict[str, Any]
BEFORE: Lost = {"drop": "before"}
AFTER: Lost = {"drop": "after"}
AFTER_FORGOTTEN: Lost = {"drop": "midway", "after_items": 30, "remember": False}
MIDWAY: Lost = {"drop": "midway", "after_items": 2}
MIDWAY_FORGOTTEN: Lost = {"drop": "midway", "after_items": 2, "remember": False}
NO_ANSWER_BUT_500: Lost = {"status": 500}
WAYS = [BEFORE, AFTER, AFTER_FORGOTTEN, MIDWAY, MIDWAY_FORGOTTEN, NO_ANSWER_BUT_500]


def lose(quickbooks: QuickBooks, entity: str, how: Lost, **rule: Any) -> None:
    """The answer to the next batch that holds this entity is lost."""
    quickbooks.behave(rules=[{"match": {"path": "/batch", "entity": entity}, "then": how, **rule}])


@pytest.fixture
def entries(mapped: Connection) -> list[HourEntry]:
    """Five hour entries whose people are at QuickBooks already; the first three are alike in every field.

    One has no description, one no whole hour and one no minutes beyond: what is not said must not hide a record.
    """
    job, associate = JobFactory(), AssociateFactory()
    copied(mapped, job.client, associate)
    worked = (("Packing", 90), ("Packing", 90), ("Packing", 90), ("", 60), ("Unpacking", 45))
    return [
        HourEntryFactory(job=job, associate=associate, description=text, minutes=minutes) for text, minutes in worked
    ]


def kept(quickbooks: QuickBooks) -> Counter[str]:
    return Counter(row.get("Description", "") for row in quickbooks.query("select * from TimeActivity"))


def wire_bodies(quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """Request id and exact body of every writing request from now on."""
    seen: list[tuple[str, bytes]] = []
    carry_out = quickbooks.app.carried_out

    def carried_out(exchange: Any, *rest: Any) -> Any:
        if exchange.kind == "write":
            seen.append((exchange.requestid, exchange.request.get_data()))
        return carry_out(exchange, *rest)

    monkeypatch.setattr(quickbooks.app, "carried_out", carried_out)
    return seen


@pytest.mark.parametrize("how", WAYS, ids=str)
def test_whatever_arrived_each_record_is_there_once(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry], how: Lost
) -> None:
    lose(quickbooks, "TimeActivity", how)
    run = copied(mapped, *entries)
    assert (run.state, run.message, set(states(run).values())) == (RunState.QUEUED, UNKNOWN_YET, {"unknown"})
    assert Link.objects.filter(qbo_id__isnull=True).count() == 5

    work(mapped)

    run.refresh_from_db()
    assert (run.state, run.message, set(run.steps.values_list("state", "message"))) == (
        RunState.DONE,
        "",
        {("done", "")},
    )
    rows = quickbooks.query("select * from TimeActivity")
    assert kept(quickbooks) == {"Packing": 3, "": 1, "Unpacking": 1}
    by_id = {row["Id"]: row.get("Description", "") for row in rows}
    assert {qbo_id(entry) for entry in entries} == set(by_id)
    assert [by_id[str(qbo_id(entry))] for entry in entries] == [entry.description for entry in entries]
    assert not Attempt.objects.filter(state__in=(AttemptState.SENT, AttemptState.UNKNOWN)).exists()


@pytest.mark.parametrize("how", WAYS, ids=str)
def test_names_are_there_once(mapped: Connection, quickbooks: QuickBooks, how: Lost) -> None:
    people = [
        ClientFactory(name="Zoe Young"),
        ClientFactory(name="Zack Old", phone="(608) 555-0101"),
        OrganizationFactory(name="Prairie Auctions", website="https://prairie.example/"),
        AssociateFactory(first_name="Dana", last_name="Ortiz", hired_on=dt.date(2024, 5, 6)),
        AssociateFactory(first_name="Kim", last_name="Stone", kind=Associate.Kind.CONTRACTOR, address="7 Lake View"),
    ]
    lose(quickbooks, "Customer", how)
    run = copied(mapped, *people)

    work(mapped)

    assert set(states(run).values()) == {"done"}
    found = {
        entity: [row["DisplayName"] for row in quickbooks.query(f"select * from {entity} maxresults 1000")]
        for entity in ("Customer", "Vendor", "Employee")
    }
    assert [found["Customer"].count(name) for name in ("Zoe Young", "Zack Old")] == [1, 1]
    assert [found["Vendor"].count(name) for name in ("Prairie Auctions", "Kim Stone")] == [1, 1]
    assert found["Employee"].count("Dana Ortiz") == 1


@pytest.mark.parametrize("how", WAYS, ids=str)
def test_invoices_and_what_waits_for_them_are_there_once(mapped: Connection, quickbooks: QuickBooks, how: Lost) -> None:
    invoices = [
        invoice_for_hours(hours=2, number=str(number), internal_note="One\r\n two", public_note="Thank you")
        for number in range(2001, 2005)
    ]
    lose(quickbooks, "Invoice", how)
    run = copied(mapped, *invoices)
    assert Counter(run.steps.filter(kind=Kind.INVOICE).values_list("state", flat=True)) == {"unknown": 4}

    work(mapped)

    assert set(states(run).values()) == {"done"}
    rows = quickbooks.query("select * from Invoice where DocNumber like '200%' maxresults 1000")
    assert Counter(row["DocNumber"] for row in rows) == {str(number): 1 for number in range(2001, 2005)}
    assert {row["BillableStatus"] for row in quickbooks.query("select * from TimeActivity")} == {"HasBeenBilled"}


def test_what_needs_an_unknown_record_waits_until_it_is_settled(
    mapped: Connection, quickbooks: QuickBooks, settings: Any
) -> None:
    settings.QBO_SETTLE_SECONDS = 600
    entry = HourEntryFactory(job__client__name="Zoe Young")
    lose(quickbooks, "Customer", AFTER)
    run = copied(mapped, entry)
    assert (told(run)[str(entry)][:2], batches(quickbooks)) == (
        ("blocked", "It waits for client “Zoe Young”."),
        [["Customer", "Employee"]],
    )

    work(mapped)
    assert states(run) == {"Zoe Young": "unknown", str(entry.associate): "unknown", str(entry): "blocked"}

    settings.QBO_SETTLE_SECONDS = 0
    work(mapped)
    assert told(run)[str(entry)] == ("done", "", "")


def test_nothing_is_looked_for_before_intuit_has_given_up(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry], settings: Any
) -> None:
    settings.QBO_SETTLE_SECONDS = 120
    lose(quickbooks, "TimeActivity", AFTER)
    run = copied(mapped, *entries)
    asked = len(quickbooks.requests())

    work(mapped)
    assert (len(quickbooks.requests()), set(states(run).values())) == (asked, {"unknown"})

    Attempt.objects.filter(state=AttemptState.UNKNOWN).update(sent_at=timezone.now() - dt.timedelta(seconds=119))
    work(mapped)
    assert len(quickbooks.requests()) == asked

    Attempt.objects.filter(state=AttemptState.UNKNOWN).update(sent_at=timezone.now() - dt.timedelta(seconds=121))
    work(mapped)
    assert set(states(run).values()) == {"done"}


def test_nothing_arrived_the_same_request_goes_again_byte_for_byte(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = wire_bodies(quickbooks, monkeypatch)
    lose(quickbooks, "TimeActivity", BEFORE)
    copied(mapped, *entries)

    work(mapped)

    assert len(seen) == 2
    assert seen[0] == seen[1]
    attempt = Attempt.objects.latest("pk")
    assert (attempt.request_id, attempt.body.encode(), attempt.state) == (*seen[0], AttemptState.ANSWERED)


def test_all_arrived_nothing_is_sent(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = wire_bodies(quickbooks, monkeypatch)
    lose(quickbooks, "TimeActivity", AFTER)
    copied(mapped, *entries)

    work(mapped)

    assert len(seen) == 1
    assert Attempt.objects.latest("pk").state == AttemptState.SETTLED


@pytest.mark.parametrize("how", [MIDWAY, MIDWAY_FORGOTTEN], ids=str)
def test_some_arrived_the_rest_goes_in_a_new_request(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry], monkeypatch: pytest.MonkeyPatch, how: Lost
) -> None:
    seen = wire_bodies(quickbooks, monkeypatch)
    lose(quickbooks, "TimeActivity", how)
    copied(mapped, *entries)

    work(mapped)

    (first_id, first), (second_id, second) = seen
    assert first_id != second_id
    assert [len(json.loads(body)["BatchItemRequest"]) for body in (first, second)] == [5, 3]


def test_lost_twice_it_is_looked_for_twice(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = wire_bodies(quickbooks, monkeypatch)
    lose(quickbooks, "TimeActivity", BEFORE, times=2)
    run = copied(mapped, *entries)

    work(mapped)
    assert set(states(run).values()) == {"unknown"}

    work(mapped)
    assert (set(states(run).values()), len(set(seen)), len(seen)) == ({"done"}, 1, 3)
    assert kept(quickbooks) == {"Packing": 3, "": 1, "Unpacking": 1}


def test_sent_again_and_refused_the_steps_say_so(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    lose(quickbooks, "TimeActivity", BEFORE)
    run = copied(mapped, entries[0], entries[4])
    quickbooks.behave(rules=[{"match": {"entity": "TimeActivity", "operation": "create"}, "then": {"fault": "2050"}}])

    work(mapped)

    assert Counter(run.steps.values_list("state", flat=True)) == {"refused": 1, "done": 1}
    assert not Link.objects.filter(qbo_id__isnull=True).exists()


def test_sent_again_and_throttled_nothing_is_lost(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    from qbo_sync.api import answer

    monkeypatch.setattr(answer, "PAUSE_AFTER_429", 1.0)
    lose(quickbooks, "TimeActivity", BEFORE)
    run = copied(mapped, *entries)
    lose(quickbooks, "TimeActivity", {"status": 429})

    with pytest.raises(QboError):
        work(mapped)
    work(mapped)

    assert set(states(run).values()) == {"done"}
    assert kept(quickbooks) == {"Packing": 3, "": 1, "Unpacking": 1}


NOT_LOOKED_500 = (
    "QuickBooks' answer was lost, and SMMware could not look whether the record arrived. What kept it from looking: "
    "QuickBooks cannot be reached right now. Try again in a few minutes. SMMware looks again by itself."
)


@pytest.mark.parametrize("trouble", [{"status": 500}, {"fault": "2010"}, {"drop": "after"}], ids=str)
def test_a_look_up_that_fails_settles_nothing_and_says_why(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry], trouble: Lost
) -> None:
    lose(quickbooks, "TimeActivity", AFTER)
    run = copied(mapped, *entries)
    quickbooks.behave(rules=[{"match": {"entity": "TimeActivity", "operation": "query"}, "then": trouble}])

    work(mapped)

    assert set(states(run).values()) == {"unknown"}
    [words] = set(run.steps.values_list("message", flat=True))
    assert words == NOT_LOOKED_500 or "fault" in trouble
    assert words.endswith("SMMware looks again by itself.")
    assert Link.objects.filter(qbo_id__isnull=True).count() == 5
    attempt = Attempt.objects.latest("pk")
    assert (attempt.state, attempt.looks) == (AttemptState.UNKNOWN, 1)

    work(mapped)
    assert (set(states(run).values()), kept(quickbooks)) == ({"done"}, {"Packing": 3, "": 1, "Unpacking": 1})
    assert set(run.steps.values_list("message", flat=True)) == {""}


def test_where_quickbooks_cannot_be_worked_with_at_all_nothing_is_looked_for_in_vain(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    lose(quickbooks, "TimeActivity", AFTER)
    run = copied(mapped, *entries)
    match = {"entity": "TimeActivity", "operation": "query"}
    quickbooks.behave(rules=[{"match": match, "then": {"status": 403}}])

    with pytest.raises(QboError):
        work(mapped)

    assert (set(states(run).values()), Attempt.objects.latest("pk").looks) == ({"unknown"}, 0)


def test_a_request_that_can_never_be_looked_for_does_not_hold_up_others(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry], settings: Any
) -> None:
    settings.QBO_SETTLE_SECONDS = 600
    lose(quickbooks, "TimeActivity", AFTER)
    first = copied(mapped, entries[0])
    lose(quickbooks, "Customer", AFTER)
    second = copied(mapped, ClientFactory(name="Zoe Young"))
    Attempt.objects.filter(state=AttemptState.UNKNOWN).update(sent_at=timezone.now() - dt.timedelta(seconds=601))
    match = {"entity": "TimeActivity", "operation": "query"}
    quickbooks.behave(rules=[{"match": match, "then": {"status": 500}, "times": None}])

    third = copied(mapped, ClientFactory(name="Ann Lee"))

    assert [set(states(run).values()) for run in (first, second, third)] == [{"unknown"}, {"done"}, {"done"}]
    asked = len(quickbooks.requests("read"))
    work(mapped)  # not looked for again before its pause is over
    assert len(quickbooks.requests("read")) == asked


def test_what_was_looked_for_in_vain_too_often_is_a_persons_choice(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    lose(quickbooks, "TimeActivity", AFTER)
    run = copied(mapped, entries[0])
    match = {"entity": "TimeActivity", "operation": "query"}
    quickbooks.behave(rules=[{"match": match, "then": {"status": 500}, "times": None}])

    for _ in range(4):
        work(mapped)

    [(state, words, mend)] = told(run).values()
    assert (state, words, mend) == (
        "needs_choice", NOT_LOOKED_500.replace("SMMware looks again by itself.", LOOK_YOURSELF), "match"
    )  # fmt: skip
    assert choices.leave_out(run.steps.select_related("run__connection", "attempt").get()) == ""
    assert (set(states(run).values()), Link.objects.filter(hour_entry=entries[0]).count()) == ({"left_out"}, 0)


def forget(quickbooks: QuickBooks, entity: str, record: dict[str, Any]) -> None:
    """Somebody deletes a record at QuickBooks."""
    body = {"Id": record["Id"], "SyncToken": record["SyncToken"]}
    answer = quickbooks._ask(f"{entity.lower()}?operation=delete", method="POST", json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)


def test_a_replayed_answer_for_what_was_deleted_since_is_not_believed(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    lose(quickbooks, "TimeActivity", AFTER)
    run = copied(mapped, entries[4])
    [made] = quickbooks.query("select * from TimeActivity")
    forget(quickbooks, "TimeActivity", made)

    work(mapped)

    assert told(run) == {str(entries[4]): ("needs_choice", DELETED_SINCE, "match")}
    assert (kept(quickbooks), Link.objects.filter(qbo_id=made["Id"], entity="TimeActivity").count()) == ({}, 0)

    assert choices.create_new(run.steps.select_related("run__connection", "attempt").get()) == ""
    work(mapped)
    assert (set(states(run).values()), kept(quickbooks)) == ({"done"}, {"Unpacking": 1})
    assert qbo_id(entries[4]) != made["Id"]


def test_an_answer_that_cannot_be_checked_is_not_believed_yet(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    lose(quickbooks, "TimeActivity", BEFORE)
    run = copied(mapped, *entries)
    match = {"entity": "TimeActivity", "operation": "query", "nth": 3}  # a page, its count, and then the check
    quickbooks.behave(rules=[{"match": match, "then": {"status": 500}}])

    work(mapped)
    assert set(states(run).values()) == {"unknown"}

    work(mapped)
    assert (set(states(run).values()), kept(quickbooks)) == ({"done"}, {"Packing": 3, "": 1, "Unpacking": 1})


def test_a_name_that_was_made_inactive_meanwhile_is_found(mapped: Connection, quickbooks: QuickBooks) -> None:
    lose(quickbooks, "Customer", AFTER)
    run = copied(mapped, ClientFactory(name="Zoe Young"))
    [made] = quickbooks.query("select * from Customer where DisplayName = 'Zoe Young'")
    quickbooks.create("Customer", Id=made["Id"], SyncToken=made["SyncToken"], sparse=True, Active=False)

    work(mapped)

    assert (states(run), Link.objects.get(client__name="Zoe Young").qbo_id) == ({"Zoe Young": "done"}, made["Id"])
    rows = quickbooks.query("select * from Customer where Active IN (true, false) maxresults 1000")
    assert [row["Id"] for row in rows if row["DisplayName"].startswith("Zoe Young")] == [made["Id"]]


def stranger(quickbooks: QuickBooks, entry: HourEntry) -> dict[str, Any]:
    """Hours alike in every field, which somebody enters at QuickBooks by hand."""
    return quickbooks.create(
        "TimeActivity", TxnDate=entry.date.isoformat(), NameOf="Employee",
        EmployeeRef={"value": qbo_id(entry.associate)}, CustomerRef={"value": qbo_id(entry.job.client)},
        ItemRef={"value": "2"}, Hours=1, Minutes=30, Description=entry.description, BillableStatus="Billable",
        HourlyRate=65,
    )  # fmt: skip


def unclear(mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry], how: Lost) -> Run:
    lose(quickbooks, "TimeActivity", how)
    run = copied(mapped, *entries)
    for _ in range(4):
        stranger(quickbooks, entries[0])
    work(mapped)
    return run


def test_more_candidates_than_were_sent_are_a_persons_choice(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    run = unclear(mapped, quickbooks, entries, BEFORE)

    run.refresh_from_db()
    alike, others = entries[:3], entries[3:]
    by_record = {step.record_id: (step.state, step.message, step.mend) for step in run.steps.all()}
    assert by_record == {
        **{entry.pk: ("needs_choice", CANNOT_TELL, "match") for entry in alike},
        **{entry.pk: ("done", "", "") for entry in others},
    }
    assert (run.state, kept(quickbooks)) == (RunState.DONE, {"Packing": 4, "": 1, "Unpacking": 1})


def test_what_may_be_there_is_not_copied_by_another_run_until_the_choice_is_made(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    run = unclear(mapped, quickbooks, entries[:1], BEFORE)

    second = copied(mapped, entries[0])
    assert told(second) == {str(entries[0]): ("blocked", ELSEWHERE, "")}
    assert kept(quickbooks) == {"Packing": 4}

    step = run.steps.select_related("attempt", "run").get()
    assert choices.create_new(step) == ""
    work(mapped)

    assert states(run) == {str(entries[0]): "done"}
    assert kept(quickbooks) == {"Packing": 5}
    assert states(copied(mapped, entries[0])) == {str(entries[0]): "linked"}


def waiting(run: Run) -> list[Step]:
    return list(run.steps.filter(state="needs_choice").select_related("run__connection", "attempt"))


def test_what_was_found_is_offered_and_linked_by_a_person(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    run = unclear(mapped, quickbooks, entries[:1], BEFORE)
    ids = {row["Id"] for row in quickbooks.query("select * from TimeActivity")}

    [step] = waiting(run)
    offered = choices.documents(step)
    entry = entries[0]
    assert {each.qbo_id for each in offered} == ids
    assert {(each.date, each.minutes, each.amount, each.person, each.description) for each in offered} == {
        (entry.date, 90, None, f"{entry.associate} · {entry.job.client}", "Packing")
    }

    assert choices.link(step, entity="TimeActivity", qbo_id="999", actor=run.asked_by) == choices.NOT_OFFERED
    chosen = offered[2]
    assert choices.link(step, entity=chosen.entity, qbo_id=chosen.qbo_id, actor=run.asked_by) == ""

    link = Link.objects.get(hour_entry=entry)
    assert (link.qbo_id, link.origin, link.source_version, bool(link.source_hash)) == (
        chosen.qbo_id,
        Link.Origin.MATCHED,
        entry.version,
        True,
    )
    assert (states(run), kept(quickbooks)) == ({str(entry): "linked"}, {"Packing": 4})


@pytest.mark.parametrize(
    ("answer", "state", "there"), [("link", "linked", 4), ("create", "done", 7), ("leave_out", "left_out", 4)]
)
def test_one_answer_for_all_documents(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry], answer: str, state: str, there: int
) -> None:
    run = unclear(mapped, quickbooks, entries[:3], BEFORE)

    assert choices.choose_for_all(run, choices.Bulk(answer), actor=run.asked_by) == (3, 0)
    work(mapped)

    assert (set(run.steps.values_list("state", flat=True)), kept(quickbooks)) == ({state}, {"Packing": there})
    ids = list(Link.objects.filter(hour_entry__in=entries).values_list("qbo_id", flat=True))
    assert len(set(ids)) == len(ids) == (0 if answer == "leave_out" else 3)
    assert choices.choose_for_all(run, choices.Bulk(answer), actor=run.asked_by) == (0, 0)


def test_an_invoice_that_is_there_twice_is_told_by_number_amount_and_client(
    mapped: Connection, quickbooks: QuickBooks
) -> None:
    invoice = invoice_for_hours(number="2043")
    lose(quickbooks, "Invoice", AFTER)
    run = copied(mapped, invoice)
    [made] = quickbooks.query("select * from Invoice where DocNumber = '2043'")
    twin = {key: value for key, value in made.items() if key not in ("Id", "SyncToken", "MetaData")}
    rows = [made, {**twin, "Id": "77001", "SyncToken": "0"}]
    step = run.steps.select_related("run__connection", "attempt").get(kind=Kind.INVOICE)

    found = [found_document(step, row) for row in rows]

    assert [(each.number, each.amount, each.minutes, each.person) for each in found] == [
        ("2043", Decimal("97.50"), None, str(invoice.job.client))
    ] * 2


def test_an_open_choice_outlives_the_cancelling_of_its_run(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    run = unclear(mapped, quickbooks, entries[:1], BEFORE)
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING)
    run.refresh_from_db()

    assert moves.cancel(run)

    assert set(states(run).values()) == {"needs_choice"}
    step = run.steps.select_related("attempt", "run").get()
    assert choices.create_new(step) == ""
    assert (set(states(run).values()), Link.objects.filter(qbo_id__isnull=True).count()) == ({"cancelled"}, 0)
    assert set(states(copied(mapped, entries[0])).values()) == {"done"}


@pytest.mark.parametrize(
    ("how", "state", "there"), [(BEFORE, "cancelled", 0), (AFTER, "done", 5), (MIDWAY_FORGOTTEN, None, 2)], ids=str
)
def test_a_cancelled_run_is_looked_for_and_not_sent_again(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry], how: Lost, state: str | None, there: int
) -> None:
    lose(quickbooks, "TimeActivity", how)
    run = copied(mapped, *entries)
    assert moves.cancel(run)
    before = len(quickbooks.requests("write"))

    work(mapped)

    run.refresh_from_db()
    assert (run.state, len(quickbooks.requests("write")), sum(kept(quickbooks).values())) == (
        RunState.CANCELLED,
        before,
        there,
    )
    counted = Counter(run.steps.values_list("state", flat=True))
    assert counted == ({state: 5} if state else {"done": 2, "cancelled": 3})
    assert not Link.objects.filter(qbo_id__isnull=True).exists()


def test_a_single_item_that_failed_in_the_system_is_looked_for_alone(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    rule = {"match": {"entity": "TimeActivity", "operation": "create", "nth": 2}, "then": {"fault": "10000"}}
    quickbooks.behave(rules=[rule])
    run = copied(mapped, *entries)
    assert Counter(run.steps.values_list("state", flat=True)) == {"done": 4, "unknown": 1}

    work(mapped)

    assert set(states(run).values()) == {"done"}
    assert kept(quickbooks) == {"Packing": 3, "": 1, "Unpacking": 1}
    assert [len(batch) for batch in batches(quickbooks)][-2:] == [5, 1]


def test_hours_that_somebody_billed_meanwhile_are_still_found(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    lose(quickbooks, "TimeActivity", AFTER)
    run = copied(mapped, entries[4])
    [activity] = quickbooks.query("select * from TimeActivity")
    linked = [{"TxnId": activity["Id"], "TxnType": "TimeActivity"}]
    detail = {"ItemRef": {"value": "2"}, "Qty": 0.75, "UnitPrice": 65}
    line = {"Amount": 48.75, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail, "LinkedTxn": linked}
    quickbooks.create("Invoice", CustomerRef={"value": qbo_id(entries[4].job.client)}, LinkedTxn=linked, Line=[line])

    work(mapped)

    assert (set(states(run).values()), qbo_id(entries[4])) == ({"done"}, activity["Id"])


def matched_with(mapped: Connection, quickbooks: QuickBooks, name: str) -> Callable[[], None]:
    def match() -> None:
        [row] = quickbooks.query(f"select * from Customer where DisplayName = '{name}'")
        Link.objects.create(
            connection=mapped, client=ClientFactory(name=f"Not {name}"), entity=Entity.CUSTOMER, qbo_id=row["Id"],
            origin=Link.Origin.MATCHED, linked_by=mapped.connected_by, linked_at=timezone.now(),
        )  # fmt: skip

    return match


def test_what_was_made_and_matched_with_another_record_meanwhile_is_told(
    mapped: Connection, quickbooks: QuickBooks
) -> None:
    """Sent again with the same id, QuickBooks answers with the record that it made the first time."""
    lose(quickbooks, "Customer", AFTER)
    run = copied(mapped, ClientFactory(name="Zoe Young"), ClientFactory(name="Zack Old"))
    matched_with(mapped, quickbooks, "Zoe Young")()
    matched_with(mapped, quickbooks, "Zack Old")()
    [zoe, zack] = (quickbooks.query(f"select * from Customer where DisplayName = '{name}'")[0]["Id"] for name in
                   ("Zoe Young", "Zack Old"))  # fmt: skip

    work(mapped)

    words = (
        "QuickBooks answered with QBO ID {}, which is matched meanwhile with customer “Not {}”. "
        "If that match is right, this record is a double: compare the two."
    )
    assert told(run) == {
        "Zoe Young": ("refused", words.format(zoe, "Zoe Young"), "open"),
        "Zack Old": ("refused", words.format(zack, "Zack Old"), "open"),
    }
    run.refresh_from_db()
    assert (run.state, Link.objects.filter(qbo_id__isnull=True).count()) == (RunState.DONE, 0)


def test_settling_costs_a_page_and_its_count_per_list(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    lose(quickbooks, "TimeActivity", AFTER)
    copied(mapped, *entries)
    before = len(quickbooks.requests("read"))

    work(mapped)

    assert len(quickbooks.requests("read")) - before == 2


def test_an_attempt_of_an_engine_that_is_gone_is_taken_over(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    lose(quickbooks, "TimeActivity", AFTER)
    run = copied(mapped, *entries)
    run.steps.update(state=StepState.SENDING)
    Attempt.objects.filter(state=AttemptState.UNKNOWN).update(state=AttemptState.SENT)

    work(mapped)

    assert set(states(run).values()) == {"done"}
    assert kept(quickbooks) == {"Packing": 3, "": 1, "Unpacking": 1}
