"""What waits for what: whether a step may go is decided by the records it needs, in one place."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from qbo_sync.models import Connection, Kind, Run, Step
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push.context import CHUNK, links_of
from qbo_sync.runs.moves import move_run, move_steps

SATISFIED = (StepState.DONE, StepState.LINKED)
ON_ITS_WAY = (StepState.READY, StepState.SENDING)
PLANNED = (StepState.READY, StepState.LINKED, StepState.IN_THE_WAY, StepState.BLOCKED)
NEVER_PLANNED = [state for state in StepState if state not in PLANNED]
ASKING = (Run.Type.PUSH, Run.Type.MATCH)  # the runs that ask which record at QuickBooks is one of ours
ASKED = Q(state=StepState.NEEDS_CHOICE) | Q(state=StepState.REFUSED, mend="match")


class _Row(NamedTuple):
    pk: int
    position: int
    state: str
    needs: list[int]
    kind: str
    label: str
    message: str


def waits_for(kind: str, label: str, message: str) -> str:
    """Why a step is held up, in plain words."""
    return f"It waits for {Kind(kind).label.lower()} “{label}”. {message}".strip()


def is_as_planned(run: Run) -> bool:
    """Whether every step of a run is still as the plan decided, so that nothing is freed or blocked since."""
    return run.started_at is None and not run.steps.filter(state__in=NEVER_PLANNED).exists()


def recompute(run: Run) -> None:
    """Free the steps whose needs are met or on their way, and block those whose needs are not: one pass, bottom up.

    Called whenever the fate of a needed step has changed outside the engine's own sight: when a run begins, after
    recovery, after a person's choice.
    """
    columns = ("pk", "position", "state", "needs", "kind", "label", "message")
    rows = [_Row(*row) for row in Step.objects.filter(run=run).order_by("position").values_list(*columns)]
    fate: dict[int, _Row] = {}
    free, blocked = [], defaultdict(list)
    for row in rows:
        fate[row.position] = row
        if row.state not in (StepState.READY, StepState.BLOCKED):
            continue
        hindrance = _hindrance(row, fate)
        if hindrance is None:
            fate[row.position] = row._replace(state=StepState.READY)
            if row.state == StepState.BLOCKED:
                free.append(row.pk)
        else:
            fate[row.position] = row._replace(
                state=StepState.BLOCKED, kind=hindrance.kind, label=hindrance.label, message=hindrance.message
            )
            blocked[waits_for(hindrance.kind, hindrance.label, hindrance.message)].append(row.pk)
    _write(free, blocked.items())


def _hindrance(row: _Row, fate: dict[int, _Row]) -> _Row | None:
    """The first needed step that is neither at QuickBooks nor on its way there; of a blocked one what blocks it."""
    needed = (fate[position] for position in row.needs)
    return next((each for each in needed if each.state not in (*SATISFIED, *ON_ITS_WAY)), None)


def _write(free: list[int], blocked: Iterable[tuple[str, list[int]]]) -> None:
    """Only what is still as it was read is written: an engine may have begun to send a step this very moment."""
    for chunk in _chunks(free):
        chunk.filter(state=StepState.BLOCKED).update(state=StepState.READY, message="", mend="")
    for message, step_ids in blocked:
        for chunk in _chunks(step_ids):
            chunk.filter(state__in=(StepState.READY, StepState.BLOCKED)).update(
                state=StepState.BLOCKED, message=message
            )


def _chunks(step_ids: list[int]) -> Iterator[QuerySet[Step]]:
    for start in range(0, len(step_ids), CHUNK):
        yield Step.objects.filter(pk__in=step_ids[start : start + CHUNK])


def go_on(run: Run, *, look: bool = False) -> None:
    """Hand a finished run back to the engine where steps of it may go now; those of a cancelled one do not.

    Args:
        look: also where none may: the engine is to look once more at what the run left at QuickBooks.
    """
    run.refresh_from_db(fields=["state"])
    ready = run.steps.filter(state=StepState.READY)
    if run.state == RunState.CANCELLED:
        move_steps(ready, StepState.CANCELLED)
    elif run.state == RunState.DONE and (look or ready.exists()):
        move_run(run, RunState.QUEUED, queued_at=timezone.now(), waits_since=None, finished_at=None)


def let_twins_follow(run: Run) -> None:
    """What this run has brought to QuickBooks is no question any more in another run that asked about the same record.

    Called in the transaction of a person's choice, and of a run's end.
    """
    _let_follow(run.connection, open_questions(run.connection).exclude(run=run))


def let_linked_follow(connection: Connection) -> None:
    """What is linked by now, by an import or in bulk, is no question any more in any run."""
    _let_follow(connection, open_questions(connection))


def open_questions(connection: Connection) -> QuerySet[Step]:
    """The steps that wait for a person's choice, of all copies to this company and all searches for old invoices."""
    return Step.objects.filter(ASKED, run__connection=connection, run__type__in=ASKING)


def _let_follow(connection: Connection, questions: QuerySet[Step]) -> None:
    """Looks at the open questions, which are few, not at the records of whoever has answered, which may be many."""
    keys = {step: (Kind(step.kind), step.record_id) for step in questions.select_related("run")}
    links = links_of(connection, keys.values())
    settled = [step for step, key in keys.items() if key in links and not links[key].is_reserved]
    move_steps([step.pk for step in settled], StepState.LINKED, message="", mend="", fault_code="")
    for twin in {step.run_id: step.run for step in settled}.values():
        recompute(twin)
        go_on(twin)
