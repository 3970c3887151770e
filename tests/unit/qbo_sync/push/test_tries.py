"""What failed through no fault of the record, and was certainly not made, is tried again by itself, not for ever."""

import time
from collections import Counter
from typing import Any

import pytest

from hours.models import HourEntry
from qbo_sync.api import answer
from qbo_sync.faults import sentence_for
from qbo_sync.models import Attempt, Connection, Link
from qbo_sync.models.states import AttemptState, RunState
from qbo_sync.runs import moves
from tests.factories import AssociateFactory, ClientFactory, HourEntryFactory, JobFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import at_the_wire, batches, copied, queued, states, told, work

EDITING = "Somebody is editing names at QuickBooks right now."
THROTTLED = {"code": "3001", "message": "ThrottleExceeded", "detail": "The request limit was reached. Try again later"}
FAILED = "QuickBooks failed over this record with an error of its own, and did not take it."
POISON = f"{FAILED} Look for something unusual in it, or try it again later. SMMware tried it {{}} times."


def fail(quickbooks: QuickBooks, entity: str, fault: Any, *, times: int | None = 1, nth: int = 1) -> None:
    match = {"entity": entity, "operation": "create", "nth": nth}
    quickbooks.behave(rules=[{"match": match, "then": {"fault": fault}, "times": times}])


@pytest.fixture
def entries(mapped: Connection) -> list[HourEntry]:
    """Three hour entries whose people are at QuickBooks already."""
    job, associate = JobFactory(), AssociateFactory()
    copied(mapped, job.client, associate)
    return [HourEntryFactory(job=job, associate=associate, description=f"Day {day}") for day in range(3)]


@pytest.mark.parametrize("fault", ["6000", "5010", THROTTLED], ids=["6000", "5010", "3001"])
def test_a_passing_fault_of_one_record_is_tried_again_in_a_request_of_its_own(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch, fault: Any
) -> None:
    monkeypatch.setattr(answer, "PAUSE_AFTER_429", 0.1)
    fail(quickbooks, "Customer", fault, times=2)

    run = copied(mapped, ClientFactory(name="Zoe Young"), ClientFactory(name="Zack Old"), ClientFactory(name="Ann Lee"))

    assert (run.state, Counter(states(run).values())) == (RunState.DONE, {"done": 3})
    assert [len(batch) for batch in batches(quickbooks)] == [3, 2]
    assert list(Attempt.objects.values_list("state", flat=True)) == [AttemptState.ANSWERED] * 2
    assert Attempt.objects.values("request_id").distinct().count() == 2
    assert (
        len(quickbooks.query("select * from Customer where DisplayName IN ('Zoe Young', 'Zack Old', 'Ann Lee')")) == 3
    )
    assert sorted(run.steps.values_list("tries", flat=True)) == [0, 1, 1]


def test_while_it_waits_the_step_says_what_happened(mapped: Connection, quickbooks: QuickBooks, settings: Any) -> None:
    settings.QBO_RETRY_SECONDS = 600
    fail(quickbooks, "Customer", "6000")
    run = queued(mapped, ClientFactory(name="Zoe Young"), ClientFactory(name="Zack Old"))

    work(mapped, seconds=0.5)

    run.refresh_from_db()
    assert run.state == RunState.RUNNING
    assert sorted(told(run).values()) == [
        ("done", "", ""),
        ("ready", f"{EDITING} SMMware tries it again by itself (1 of 4 tries failed).", ""),
    ]
    assert Link.objects.filter(qbo_id__isnull=True).count() == 0


def test_each_pause_is_twice_the_one_before(mapped: Connection, quickbooks: QuickBooks, settings: Any) -> None:
    settings.QBO_RETRY_SECONDS = 0.2
    fail(quickbooks, "Customer", "6000", times=2)
    began = time.monotonic()

    run = copied(mapped, ClientFactory(name="Zoe Young"))

    assert set(states(run).values()) == {"done"}
    assert time.monotonic() - began >= 0.6


def test_what_never_passes_is_given_up_with_words(mapped: Connection, quickbooks: QuickBooks) -> None:
    fail(quickbooks, "Customer", "6000", times=None)

    entry = HourEntryFactory(job__client__name="Zoe Young")
    run = copied(mapped, entry)

    words = f"{EDITING} Try it again in a minute. SMMware tried it 4 times."
    assert told(run)["Zoe Young"] == ("refused", words, "wait")
    assert states(run)[str(entry)] == "blocked"
    assert (run.state, Link.objects.filter(client=entry.job.client).count()) == (RunState.DONE, 0)
    assert [batch for batch in batches(quickbooks) if "Customer" in batch] == [["Customer", "Employee"]] + [
        ["Customer"]
    ] * 3


def test_cancelled_during_the_pause_it_is_not_sent_again(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(quickbooks, "Customer", "6000")
    run = queued(mapped, ClientFactory(name="Zoe Young"))
    at_the_wire(quickbooks, monkeypatch, lambda: moves.cancel(run))

    work(mapped)

    assert (states(run), batches(quickbooks)) == ({"Zoe Young": "cancelled"}, [["Customer"]])


@pytest.mark.parametrize("fault", ["610", "2500"])
def test_a_record_made_a_moment_ago_may_not_be_seen_yet(mapped: Connection, quickbooks: QuickBooks, fault: str) -> None:
    fail(quickbooks, "TimeActivity", fault)

    run = copied(mapped, HourEntryFactory())

    assert set(states(run).values()) == {"done"}
    assert [len(batch) for batch in batches(quickbooks)] == [2, 1, 1]


@pytest.mark.parametrize("fault", ["610", "2500"])
def test_a_record_that_has_long_been_there_and_is_missing_now_is_told(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry], fault: str
) -> None:
    fail(quickbooks, "TimeActivity", fault)

    run = copied(mapped, entries[0])

    assert set(states(run).values()) == {"refused"}


def test_a_record_over_which_quickbooks_always_fails_does_not_circle(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    quickbooks.app.carried_out = poisoned(quickbooks, "Day 1")  # type: ignore[method-assign]
    run = queued(mapped, *entries)

    for _ in range(6):
        work(mapped)

    run.refresh_from_db()
    by_record = {step.record_id: (step.state, step.message, step.mend) for step in run.steps.all()}
    assert by_record == {
        entries[0].pk: ("done", "", ""),
        entries[1].pk: ("refused", POISON.format(5), "open"),
        entries[2].pk: ("done", "", ""),
    }
    assert (run.state, Link.objects.filter(qbo_id__isnull=True).count()) == (RunState.DONE, 0)
    sent = len(batches(quickbooks))
    work(mapped)
    assert len(batches(quickbooks)) == sent
    assert Counter(row["Description"] for row in quickbooks.query("select * from TimeActivity")) == {
        "Day 0": 1,
        "Day 2": 1,
    }


def poisoned(quickbooks: QuickBooks, description: str) -> Any:
    """QuickBooks fails over any batch that holds this record, before anything of it is done."""
    from qbo_simulator import answers
    from qbo_simulator.control.rules import KNOWN_FAULTS

    carry_out = quickbooks.app.carried_out

    def carried_out(exchange: Any, *rest: Any) -> Any:
        if exchange.kind == "write" and description in exchange.request.get_data(as_text=True):
            return answers.refused(exchange.request, quickbooks.app.clock, KNOWN_FAULTS["10000"])
        return carry_out(exchange, *rest)

    return carried_out


def test_a_single_record_that_fails_in_the_system_is_given_up_too(
    mapped: Connection, quickbooks: QuickBooks, entries: list[HourEntry]
) -> None:
    run = queued(mapped, *entries[:1])
    fail(quickbooks, "TimeActivity", "10000", times=None)

    for _ in range(6):
        work(mapped)

    assert told(run) == {str(entries[0]): ("refused", POISON.format(4), "open")}
    assert [len(batch) for batch in batches(quickbooks)][-4:] == [1, 1, 1, 1]
    assert quickbooks.query("select * from TimeActivity") == []


def test_a_fault_with_several_errors_tells_all_of_them(mapped: Connection, quickbooks: QuickBooks) -> None:
    length = {"code": "2050", "message": "Invalid String Length", "detail": "String is too long"}
    fail(quickbooks, "Customer", {"code": "2040", "besides": [length, length, {"code": "2040"}]})

    run = copied(mapped, ClientFactory(name="Zoe Young"))

    first, second = sentence_for("2040"), sentence_for("2050", length["message"], length["detail"])
    assert told(run) == {"Zoe Young": ("refused", f"{first} And besides: {second}", first.mend)}
    assert run.steps.get().fault_code == "2040"
