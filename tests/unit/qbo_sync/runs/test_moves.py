"""States change by conditional updates, only along their tables."""

import datetime as dt
from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from associates.models import Associate
from qbo_sync import tasks
from qbo_sync.models import Attempt, Connection, Run, Step
from qbo_sync.models.states import (
    ATTEMPT_MOVES,
    RUN_MOVES,
    STEP_MOVES,
    AttemptState,
    RunState,
    StepState,
)
from qbo_sync.runs import moves

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection(db: None) -> Connection:
    return Connection.objects.create(environment="simulator", realm_id="1", state="connected", is_active=True)


@pytest.fixture
def run(connection: Connection, owner: Associate) -> Run:
    return Run.objects.create(
        connection=connection, type=Run.Type.PUSH, title="Add QBO", asked_by=owner, created_at=timezone.now()
    )


def steps(run: Run, *states: StepState) -> list[Step]:
    made = {"run": run, "kind": "client", "label": "a", "version_seen": 1}
    return [
        Step.objects.create(position=position, record_id=position, state=state, **made)
        for position, state in enumerate(states)
    ]


def attempt(run: Run, state: AttemptState = AttemptState.SENT) -> Attempt:
    number = Attempt.objects.count()
    return Attempt.objects.create(
        run=run, request_id=f"r{number}", body="{}", lease_number=1, sent_at=timezone.now(), state=state
    )


@pytest.mark.parametrize("origin", RunState)
def test_a_run_moves_only_along_its_table(run: Run, origin: RunState) -> None:
    moved = set()
    for target in RunState:
        Run.objects.update(state=origin)
        if moves.move_run(run, target):
            moved.add(target)

    assert moved == set(RUN_MOVES[origin])


@pytest.mark.parametrize("origin", StepState)
def test_steps_move_only_along_their_table(run: Run, origin: StepState) -> None:
    [step] = steps(run, origin)
    moved = set()
    for target in StepState:
        Step.objects.update(state=origin)
        if moves.move_steps([step.pk], target) == 1:
            moved.add(target)

    assert moved == set(STEP_MOVES[origin])


@pytest.mark.parametrize(("origin", "target"), list(product(AttemptState, AttemptState)))
def test_an_attempt_moves_only_along_its_table(run: Run, origin: AttemptState, target: AttemptState) -> None:
    made = attempt(run, origin)

    assert moves.move_attempt(made, target) is (target in ATTEMPT_MOVES[origin])


def test_what_is_over_stays_over() -> None:
    assert [state for state in RunState if not RUN_MOVES[state]] == [RunState.CANCELLED]
    assert {state for state in StepState if not STEP_MOVES[state]} == {
        StepState.DONE, StepState.LINKED, StepState.CANCELLED,
    }  # fmt: skip
    assert StepState.READY not in STEP_MOVES[StepState.DONE]


def test_a_move_writes_its_values_only_where_it_is_made(run: Run) -> None:
    assert moves.move_run(run, RunState.DONE, message="Over") is False
    assert (run.state, run.message) == (RunState.PLANNED, "")

    assert moves.move_run(run, RunState.QUEUED, message="Soon") is True
    run.refresh_from_db()
    assert (run.state, run.message) == (RunState.QUEUED, "Soon")


@pytest.mark.parametrize("state", RunState)
def test_next_is_for_what_waits_for_a_person(run: Run, state: RunState) -> None:
    Run.objects.update(state=state, message="Told before", finished_at=timezone.now())
    run.refresh_from_db()

    queued = moves.queue(run)

    run.refresh_from_db()
    assert queued is (state in (RunState.PLANNED, RunState.PAUSED, RunState.FAILED))
    expected = (RunState.QUEUED, "", None) if queued else (state, "Told before", run.finished_at)
    assert (run.state, run.message, run.finished_at) == expected


@pytest.mark.parametrize(
    ("age", "state", "queued"), [(59, "planned", True), (61, "planned", False), (61, "paused", True)]
)
def test_a_plan_expires(run: Run, settings: Any, age: int, state: str, queued: bool) -> None:
    settings.QBO_PLAN_EXPIRES_SECONDS = 60
    Run.objects.update(created_at=timezone.now() - dt.timedelta(seconds=age), state=state)
    run.refresh_from_db()

    assert moves.queue(run) is queued


@pytest.mark.parametrize("state", RunState)
def test_cancelling_stops_what_is_not_sent(run: Run, state: RunState) -> None:
    order = [
        StepState.READY,
        StepState.SENDING,
        StepState.DONE,
        StepState.NEEDS_CHOICE,
        StepState.BLOCKED,
        StepState.REFUSED,
    ]
    steps(run, *order)
    Run.objects.update(state=state)

    cancelled = moves.cancel(run)

    assert cancelled is (RunState.CANCELLED in RUN_MOVES[state])
    expected = ["cancelled", "sending", "done", "cancelled", "blocked", "refused"] if cancelled else order
    assert list(run.steps.order_by("position").values_list("state", flat=True)) == expected


def test_what_may_have_been_sent_still_waits_for_its_choice(run: Run) -> None:
    [step] = steps(run, StepState.NEEDS_CHOICE)
    Step.objects.update(attempt=attempt(run, AttemptState.SETTLED))

    assert moves.cancel(run)

    step.refresh_from_db()
    assert step.state == StepState.NEEDS_CHOICE


@pytest.mark.parametrize("state", RunState)
def test_the_sweep_rings_for_runs_that_wait_for_the_engine(run: Run, connection: Connection, state: RunState) -> None:
    Run.objects.update(state=state)

    waits = state in (RunState.QUEUED, RunState.RUNNING)
    assert moves.connections_with_work() == ([connection.pk] if waits else [])


@pytest.mark.parametrize("state", AttemptState)
def test_the_sweep_rings_for_requests_that_are_not_settled(
    run: Run, connection: Connection, state: AttemptState
) -> None:
    Run.objects.update(state=RunState.CANCELLED)
    attempt(run, state)

    unsettled = state in (AttemptState.SENT, AttemptState.UNKNOWN)
    assert moves.connections_with_work() == ([connection.pk] if unsettled else [])


@pytest.mark.parametrize("state", [Connection.State.RECONNECT, Connection.State.DISCONNECTED])
def test_the_sweep_leaves_companies_alone_that_are_not_connected(
    run: Run, connection: Connection, state: Connection.State
) -> None:
    Run.objects.update(state=RunState.QUEUED)
    Connection.objects.update(state=state, is_active=state != Connection.State.DISCONNECTED)

    assert moves.connections_with_work() == []


def test_a_plan_that_expired_a_day_ago_is_forgotten_with_its_steps(run: Run, settings: Any) -> None:
    settings.QBO_PLAN_EXPIRES_SECONDS = 3600.0
    kept = {}
    for state, hours in ((RunState.PLANNED, 24.9), (RunState.DONE, 2000), (RunState.PAUSED, 2000)):
        at = timezone.now() - dt.timedelta(hours=hours)
        other = Run.objects.create(
            connection=run.connection,
            type=Run.Type.PUSH,
            title=state,
            asked_by=run.asked_by,
            created_at=at,
            state=state,
        )
        kept[other.pk] = [step.pk for step in steps(other, StepState.READY)]
    Run.objects.filter(pk=run.pk).update(created_at=timezone.now() - dt.timedelta(hours=25, seconds=5))
    steps(run, StepState.READY, StepState.BLOCKED)

    moves.forget_stale_plans()

    assert {each.pk: [step.pk for step in each.steps.all()] for each in Run.objects.all()} == kept


@pytest.mark.django_db(transaction=True)
def test_the_sweep_has_stale_plans_forgotten(run: Run, eagerly: None) -> None:
    tasks.sweep()
    assert Run.objects.filter(pk=run.pk).exists()

    Run.objects.update(created_at=timezone.now() - dt.timedelta(days=9))
    tasks.sweep()
    assert not Run.objects.filter(pk=run.pk).exists()
