"""What whoever watches a run is told: how fast, how long still, what came last, and what is read out."""

import datetime as dt
import uuid

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qbo_sync.models import Attempt, Connection, Run, Step
from qbo_sync.models.states import AttemptState, RunState, StepState
from qbo_sync.push import feedback, progress
from tests.factories import ClientFactory
from tests.unit.qbo_sync.push.conftest import planned

NOW = dt.datetime(2026, 3, 2, 15, 5, tzinfo=dt.UTC)


def ago(**span: float) -> dt.datetime:
    return NOW - dt.timedelta(**span)


@pytest.fixture
def run(mapped: Connection) -> Run:
    """Ninety clients, of which nothing is sent yet; begun ten minutes ago."""
    run = planned(mapped, *(ClientFactory(name=f"Zoe {number:02}") for number in range(90)))
    run.state, run.started_at = RunState.RUNNING, ago(minutes=10)
    run.save()
    return run


def answered(run: Run, at: dt.datetime | None, *positions: int, state: str = StepState.DONE) -> Attempt:
    attempt = Attempt.objects.create(
        run=run, request_id=str(uuid.uuid4()), body="{}", lease_number=1, sent_at=NOW, answered_at=at,
        state=AttemptState.ANSWERED if at else AttemptState.SENT,
    )  # fmt: skip
    run.steps.filter(position__in=positions).update(attempt=attempt, state=state)
    return attempt


def pace(run: Run) -> progress.Pace | None:
    return progress.pace(run, feedback.summary(run), now=NOW)


def test_the_pace_is_that_of_the_last_minute(run: Run) -> None:
    answered(run, ago(seconds=90), *range(30))
    answered(run, ago(seconds=40), *range(30, 40))
    answered(run, ago(seconds=5), *range(40, 45), state=StepState.REFUSED)
    answered(run, None, *range(45, 50), state=StepState.SENDING)

    assert pace(run) == progress.Pace(15, pytest.approx(180))
    assert getattr(pace(run), "left", "") == "about 3\xa0minutes"


def test_of_a_run_that_has_just_begun_it_is_that_since_then(run: Run) -> None:
    run.started_at = ago(seconds=10)
    answered(run, ago(seconds=1), *range(30))

    assert pace(run) == progress.Pace(180, pytest.approx(20))
    assert getattr(pace(run), "left", "") == "less than a minute"


@pytest.mark.parametrize("started_at", [None, ago(seconds=1), ago(minutes=10)], ids=["waiting", "just now", "nothing"])
def test_where_nothing_is_known_nothing_is_said(run: Run, started_at: dt.datetime | None) -> None:
    run.started_at = started_at
    if started_at != ago(minutes=10):
        answered(run, ago(seconds=0), *range(30))

    assert pace(run) is None


def test_the_latest_records_are_those_of_the_last_answer_the_newest_first(run: Run) -> None:
    answered(run, ago(seconds=9), *range(30))
    answered(run, ago(seconds=5), 30, 31, 32, 33, 34, 35, 36)
    answered(run, None, *range(37, 67), state=StepState.SENDING)

    assert [step.label for step in progress.latest(run)] == ["Zoe 36", "Zoe 35", "Zoe 34", "Zoe 33", "Zoe 32"]


def test_before_the_first_answer_there_are_none(run: Run) -> None:
    answered(run, None, 0, 1, state=StepState.SENDING)

    assert progress.latest(run) == []


def test_both_are_one_query_each(run: Run) -> None:
    figures = feedback.summary(run)
    answered(run, timezone.now(), *range(30))

    with CaptureQueriesContext(database) as captured:
        progress.pace(run, figures, now=timezone.now())
        [step.run.type for step in progress.latest(run)]

    assert len(captured) == 2


def test_it_is_read_out_at_each_quarter_and_when_the_state_changes() -> None:
    run = Run(state=RunState.RUNNING)
    keys = [progress.said(run, done, 100).key for done in (0, 1, 24, 25, 49, 50, 99, 100)]
    run.state = RunState.PAUSED

    assert keys == [f"running-{quarter}" for quarter in (0, 0, 0, 1, 1, 2, 3, 4)]
    assert progress.said(run, 1234, 5000) == progress.Said("paused-0", "Paused. 1,234 of 5,000 records.")
    assert progress.said(Run(state=RunState.QUEUED), 0, 0).key == "queued-0"


def test_its_steps_are_of_its_own_run(run: Run, mapped: Connection) -> None:
    other = planned(mapped, ClientFactory(name="Another"))
    answered(other, timezone.now(), 0)

    assert (progress.latest(run), Step.objects.filter(attempt__isnull=False).count()) == ([], 1)
