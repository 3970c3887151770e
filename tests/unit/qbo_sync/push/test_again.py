"""“Try again”: what was refused or in the way goes once more, as it is now, and never what may be at QuickBooks."""

from typing import Any

import pytest
from django.db import connection as database
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from associates.models import Associate
from qbo_sync.models import Attempt, Connection, Entity, Kind, Link, Mapping, Purpose, Run
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push import choices
from qbo_sync.push.again import try_again
from qbo_sync.push.causes import causes
from qbo_sync.push.choices import ASK
from qbo_sync.push.prepare import CHANGED, GONE
from qbo_sync.runs import moves
from tests.factories import AssociateFactory, ClientFactory, HourEntryFactory, JobFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import (
    copied,
    invoice_for_hours,
    planned,
    qbo_id,
    queued,
    states,
    told,
    work,
)

NOTHING = "There is nothing to try again: it was tried or settled meanwhile."


def refuse(quickbooks: QuickBooks, entity: str, *, times: int = 1, fault: Any = "2050") -> None:
    rule = {"match": {"entity": entity, "operation": "create"}, "then": {"fault": fault}, "times": times}
    quickbooks.behave(rules=[rule])


@pytest.fixture
def refused(mapped: Connection, quickbooks: QuickBooks) -> Run:
    """A finished run whose client was refused, so that its hours wait."""
    refuse(quickbooks, "Customer")
    return copied(mapped, HourEntryFactory(job__client__name="Zoe Young"))


def test_what_was_refused_goes_again_with_all_that_waited_for_it(
    mapped: Connection, quickbooks: QuickBooks, refused: Run
) -> None:
    assert sorted(states(refused).values()) == ["blocked", "done", "refused"]

    assert str(try_again(refused)) == "1 record is tried again."

    refused.refresh_from_db()
    assert (refused.state, refused.finished_at) == (RunState.QUEUED, None)
    assert sorted(states(refused).values()) == ["done", "ready", "ready"]
    work(mapped)
    refused.refresh_from_db()
    assert (refused.state, set(states(refused).values())) == (RunState.DONE, {"done"})
    assert len(quickbooks.query("select * from Customer where DisplayName = 'Zoe Young'")) == 1
    assert len(quickbooks.query("select * from TimeActivity")) == 1
    assert set(refused.steps.values_list("message", "fault_code", "mend", "tries")) == {("", "", "", 0)}


def test_pressed_twice_it_goes_once(mapped: Connection, quickbooks: QuickBooks, refused: Run) -> None:
    try_again(refused)

    assert str(try_again(Run.objects.get(pk=refused.pk))) == NOTHING
    work(mapped)

    assert str(try_again(Run.objects.get(pk=refused.pk))) == NOTHING
    assert len(quickbooks.query("select * from Customer where DisplayName = 'Zoe Young'")) == 1


def test_it_goes_as_it_is_now(mapped: Connection, quickbooks: QuickBooks) -> None:
    client = ClientFactory(name="Zoe Young")
    refuse(quickbooks, "Customer")
    run = copied(mapped, client)
    client.name = "Zoe Older"
    client.save()

    try_again(run)
    work(mapped)

    assert states(run) == {"Zoe Older": "done"}
    assert len(quickbooks.query("select * from Customer where DisplayName = 'Zoe Older'")) == 1


def test_what_was_changed_after_the_plan_goes_after_a_look(mapped: Connection) -> None:
    client = ClientFactory(name="Zoe Young")
    run = queued(mapped, client)
    client.save()
    work(mapped)
    assert told(run)["Zoe Young"][:2] == ("left_out", CHANGED)

    try_again(Run.objects.get(pk=run.pk))
    work(mapped)

    assert states(run) == {"Zoe Young": "done"}


def test_in_the_way_it_is_judged_anew(mapped: Connection, quickbooks: QuickBooks) -> None:
    chosen = Mapping.objects.get(purpose=Purpose.HOURS_ITEM)
    item, chosen.pk = chosen.item, None
    Mapping.objects.filter(purpose=Purpose.HOURS_ITEM).delete()
    run = copied(mapped, HourEntryFactory())

    assert str(try_again(run)) == "1 record is still in the way."
    assert "in_the_way" in states(run).values()

    Mapping.objects.create(connection=mapped, purpose=Purpose.HOURS_ITEM, item=item)
    assert str(try_again(run)) == "1 record is tried again."
    work(mapped)
    assert set(states(run).values()) == {"done"}


def test_of_two_of_one_name_one_that_is_renamed_lets_both_go(mapped: Connection) -> None:
    one, two = ClientFactory(name="Zoe Young"), ClientFactory(name="Zoe Young")
    run = copied(mapped, one, two, ClientFactory(name="Ann Lee"))
    assert str(try_again(run)) == "2 records are still in the way."
    two.name = "Zoe Younger"
    two.save()

    assert str(try_again(run)) == "2 records are tried again."
    work(mapped)

    assert states(run) == {"Zoe Young": "done", "Zoe Younger": "done", "Ann Lee": "done"}


def test_books_that_were_opened_at_quickbooks_are_seen(mapped: Connection, quickbooks: QuickBooks) -> None:
    invoice = invoice_for_hours()
    quickbooks.prefer(AccountingInfoPrefs={"BookCloseDate": "2099-12-31"})
    Connection.objects.update(books_closed_on="2099-12-31")
    mapped.refresh_from_db()
    run = copied(mapped, invoice, ClientFactory())
    assert run.steps.get(kind=Kind.INVOICE).state == "in_the_way"

    try_again(run)
    work(mapped)
    assert run.steps.get(kind=Kind.INVOICE).state == "in_the_way"

    quickbooks.prefer(AccountingInfoPrefs={"BookCloseDate": ""})
    try_again(Run.objects.get(pk=run.pk))
    work(mapped)
    assert run.steps.get(kind=Kind.INVOICE).state == "done"


def test_a_name_that_is_likely_there_by_now_is_asked_for_first(mapped: Connection, quickbooks: QuickBooks) -> None:
    refuse(quickbooks, "Customer")
    run = copied(mapped, ClientFactory(name="Zoe Young"))
    quickbooks.create("Customer", DisplayName="Zoe  Young")

    try_again(run)
    work(mapped)

    assert told(run)["Zoe Young"] == ("needs_choice", ASK, "match")
    assert len(quickbooks.query("select * from Customer where DisplayName LIKE 'Zoe%'")) == 1


def test_what_another_run_has_copied_meanwhile_is_linked_already(
    mapped: Connection, quickbooks: QuickBooks, refused: Run
) -> None:
    entry = refused.steps.get(kind=Kind.HOUR_ENTRY)
    other = copied(mapped, Kind.HOUR_ENTRY.model.objects.get(pk=entry.record_id))  # type: ignore[attr-defined]
    assert set(states(other).values()) == {"done"}

    assert str(try_again(Run.objects.get(pk=refused.pk))) == "1 record is tried again."
    work(mapped)

    assert sorted(states(refused).values()) == ["done", "linked", "linked"]
    assert len(quickbooks.query("select * from TimeActivity")) == 1


def test_what_another_run_is_sending_this_moment_is_not_tried(
    mapped: Connection, refused: Run, owner: Associate
) -> None:
    step = refused.steps.get(kind=Kind.CLIENT)
    attempt = Attempt.objects.create(
        run=planned(mapped), request_id="other", body="{}", lease_number=1, sent_at=refused.created_at
    )
    Link.objects.create(
        connection=mapped, client_id=step.record_id, entity=Entity.CUSTOMER, origin=Link.Origin.PUSHED,
        attempt=attempt, linked_by=owner, linked_at=refused.created_at,
    )  # fmt: skip

    assert str(try_again(refused)) == "1 is being copied by another request right now."
    assert states(refused)["Zoe Young"] == "refused"


def test_a_lost_answer_is_never_tried_again(mapped: Connection, quickbooks: QuickBooks, settings: Any) -> None:
    settings.QBO_SETTLE_SECONDS = 3600
    quickbooks.behave(rules=[{"match": {"entity": "Customer", "operation": "create"}, "then": {"drop": "after"}}])
    run = copied(mapped, ClientFactory(name="Zoe Young"))
    assert states(run) == {"Zoe Young": "unknown"}

    assert str(try_again(run)) == str(try_again(run, Q(pk=run.steps.get().pk))) == NOTHING
    assert (states(run), Link.objects.filter(qbo_id__isnull=True).count()) == ({"Zoe Young": "unknown"}, 1)


@pytest.mark.sandbox
def test_what_a_person_left_out_is_not_tried_again(mapped: Connection) -> None:
    run = copied(mapped, ClientFactory(name="Amy's Bird Sanctuary"))
    choices.leave_out(run.steps.select_related("run__connection", "attempt").get())

    assert str(try_again(run)) == NOTHING
    assert set(states(run).values()) == {"left_out"}


def test_what_was_deleted_here_says_so(mapped: Connection, quickbooks: QuickBooks) -> None:
    client = ClientFactory(name="Zoe Young")
    refuse(quickbooks, "Customer")
    run = copied(mapped, client)
    client.delete()

    assert str(try_again(run)) == "1 record is deleted here meanwhile."
    assert told(run) == {"Zoe Young": ("refused", GONE, "")}


def test_only_one_cause_or_one_record_goes(mapped: Connection, quickbooks: QuickBooks) -> None:
    refuse(quickbooks, "Customer", times=2)
    run = copied(mapped, ClientFactory(name="Zoe Young"), ClientFactory(name="Ann Lee"), AssociateFactory())

    [cause] = causes(run)
    assert try_again(run, Q(pk=run.steps.get(label="Ann Lee").pk)).again == 1
    assert states(run)["Ann Lee"] == "ready"
    assert try_again(run, cause.steps).again == 1
    assert states(run)["Zoe Young"] == "ready"


def test_one_that_needs_another_record_by_now_gets_a_plan_of_its_own(
    mapped: Connection, quickbooks: QuickBooks
) -> None:
    entry = HourEntryFactory()
    refuse(quickbooks, "TimeActivity")
    run = copied(mapped, entry)
    entry.job = JobFactory()
    entry.save()

    tried = try_again(run)

    assert (tried.again, dict(tried.apart)) == (0, {Kind.HOUR_ENTRY: {entry.pk}})
    assert "refused" in states(run).values()


def test_one_whose_other_client_is_at_quickbooks_goes(mapped: Connection, quickbooks: QuickBooks) -> None:
    entry, other = HourEntryFactory(), JobFactory()
    refuse(quickbooks, "TimeActivity")
    run = copied(mapped, entry, other.client)
    entry.job = other
    entry.save()

    assert try_again(run).again == 1
    work(mapped)

    [activity] = quickbooks.query("select * from TimeActivity")
    assert activity["CustomerRef"]["value"] == qbo_id(other.client)


@pytest.mark.parametrize("state", [RunState.PAUSED, RunState.FAILED])
def test_of_a_run_that_stands_still_it_waits_for_go_on(mapped: Connection, refused: Run, state: RunState) -> None:
    Run.objects.update(state=state)
    refused.refresh_from_db()

    assert try_again(refused).again == 1

    refused.refresh_from_db()
    assert (refused.state, states(refused)["Zoe Young"]) == (state, "ready")
    assert moves.queue(refused)


def test_of_a_cancelled_run_nothing_goes(refused: Run) -> None:
    Run.objects.update(state=RunState.CANCELLED)
    refused.refresh_from_db()

    assert str(try_again(refused)) == NOTHING
    assert refused.steps.filter(state=StepState.REFUSED).exists()


def test_while_the_run_goes_on_it_is_not_lost(mapped: Connection, quickbooks: QuickBooks, refused: Run) -> None:
    Run.objects.update(state=RunState.RUNNING)  # as if an engine were at it still
    refused.refresh_from_db()

    try_again(refused)
    work(mapped)

    assert set(states(refused).values()) == {"done"}


def test_queries_do_not_grow_with_the_records(mapped: Connection, quickbooks: QuickBooks) -> None:
    def queries(records: int) -> int:
        refuse(quickbooks, "TimeActivity", times=records)
        job, associate = JobFactory(), AssociateFactory()
        run = copied(mapped, *(HourEntryFactory(job=job, associate=associate) for _ in range(records)))
        with CaptureQueriesContext(database) as captured:
            assert try_again(run).again == records
        moves.cancel(Run.objects.get(pk=run.pk))
        return len(captured)

    assert queries(30) == queries(1)
