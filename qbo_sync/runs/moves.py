"""Changing the state of runs, steps and attempts: by conditional updates, only along their tables."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from associates.models import Associate
from qbo_sync.models import Attempt, Connection, Outcome, Run, Step
from qbo_sync.models.states import ATTEMPT_MOVES, RUN_MOVES, STEP_MOVES, AttemptState, RunState, StepState, origins

NOT_IMPORTED = "It was not imported: the import was cancelled."
OPEN_RUNS = (RunState.QUEUED, RunState.RUNNING)
KEPT_WHEN_EXPIRED = dt.timedelta(days=1)  # whoever comes back the next morning still reads what became of it
WAIT_FOR_A_PERSON = (RunState.PLANNED, RunState.PAUSED, RunState.FAILED)


def move_run(run: Run, target: RunState, **values: Any) -> bool:
    """Move one run; answers whether it was in a state from which that is allowed."""
    moved = Run.objects.filter(pk=run.pk, state__in=origins(RUN_MOVES, target)).update(state=target, **values)
    if moved:
        run.state = target
        for name, value in values.items():
            setattr(run, name, value)
    return bool(moved)


def move_steps(steps: QuerySet[Step] | Iterable[int], target: StepState, **values: Any) -> int:
    """Move steps, given as a queryset or by their ids; answers how many were in a state from which that is allowed."""
    chosen = steps if isinstance(steps, QuerySet) else Step.objects.filter(pk__in=list(steps))
    return chosen.filter(state__in=origins(STEP_MOVES, target)).update(state=target, **values)


def move_attempt(attempt: Attempt, target: AttemptState, **values: Any) -> bool:
    """Move one attempt; answers whether it was in a state from which that is allowed."""
    moved = Attempt.objects.filter(pk=attempt.pk, state__in=origins(ATTEMPT_MOVES, target)).update(
        state=target, **values
    )
    return bool(moved)


def queue(run: Run, *, actor: Associate | None = None) -> bool:
    """Hand a run to the engine (“Next”, “Go on”).

    Args:
        actor: who pressed it, and whose work it is from now on; None leaves that as it was.

    False where it is not waiting for that any more, or its plan has expired.
    """
    if run.state not in WAIT_FOR_A_PERSON or (run.state == RunState.PLANNED and has_expired(run)):
        return False
    pressed = {"confirmed_by": actor} if actor else {}
    fresh = {"queued_at": timezone.now(), "waits_since": None, "finished_at": None, "message": ""}
    return move_run(run, RunState.QUEUED, **fresh, **pressed)


def has_expired(run: Run) -> bool:
    """Whether a plan is too old to be carried out as it was shown."""
    return timezone.now() - (run.planned_at or run.created_at) > dt.timedelta(seconds=settings.QBO_PLAN_EXPIRES_SECONDS)


def stale_plans() -> QuerySet[Run]:
    """The plans that expired a day ago and more: nothing was ever sent for them, and nobody can go on with them."""
    kept = dt.timedelta(seconds=settings.QBO_PLAN_EXPIRES_SECONDS) + KEPT_WHEN_EXPIRED
    return Run.objects.filter(state=RunState.PLANNED, created_at__lt=timezone.now() - kept)


def forget_stale_plans() -> None:
    """Delete them, each with its steps, of which there may be tens of thousands."""
    for run in stale_plans():
        run.delete()


def pause(run: Run) -> bool:
    """Hold a run: what is under way is still recorded, the rest waits for “Go on”. False where it does not run."""
    return move_run(run, RunState.PAUSED, message="", waits_since=timezone.now())


def cancel(run: Run) -> bool:
    """Stop a run: what is sent is sent, the rest is not.

    What may have been sent and waits for a person to say so goes on waiting for that.
    """
    perhaps_sent = Q(state=StepState.NEEDS_CHOICE, attempt__isnull=False)
    with transaction.atomic():
        if not move_run(run, RunState.CANCELLED, finished_at=timezone.now()):
            return False
        move_steps(run.steps.exclude(perhaps_sent), StepState.CANCELLED)
        rows = run.rows.filter(is_open=True)
        rows.filter(outcome__in=(Outcome.NEW, Outcome.LINKED)).update(outcome=Outcome.LEFT, note=NOT_IMPORTED)
        rows.update(is_open=False, values={})
        if run.type == Run.Type.PUSH:
            Run.objects.filter(pk=run.pk).update(message=_what_was_done(run))
    return True


def _what_was_done(run: Run) -> str:
    """What a cancelled run had done by then: requests under way are still recorded afterwards."""
    counted = Counter(run.steps.order_by().values_list("state", flat=True))
    done, cancelled = counted[StepState.DONE], counted[StepState.CANCELLED]
    under_way = counted[StepState.SENDING] + counted[StepState.UNKNOWN]
    words = (
        f"When it was cancelled, {done:,} of {counted.total():,} records were copied and {cancelled:,} were not sent."
    )
    return f"{words} {under_way:,} were on their way; what became of them is recorded below." if under_way else words


def connections_with_work() -> list[int]:
    """The ids of connections that have runs to serve or requests to settle: what the sweep rings for."""
    connected = {"connection__state": Connection.State.CONNECTED}
    waiting = Run.objects.filter(state__in=OPEN_RUNS, **connected)
    due = Q(attempts__look_at__isnull=True) | Q(attempts__look_at__lte=timezone.now())
    unsettled = Run.objects.filter(due, attempts__state__in=(AttemptState.SENT, AttemptState.UNKNOWN), **connected)
    return sorted(
        {*waiting.values_list("connection_id", flat=True), *unsettled.values_list("connection_id", flat=True)}
    )
