"""“Try again”: what was refused, in the way or left out goes once more, as it is now.

It does so in the run that it belongs to. Its company is asked and its names are looked for again, as when the run
began, since somebody may have mended something at QuickBooks.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q

from qbo_sync.entities import COPIED, Context, Key, Obstacle
from qbo_sync.models import Connection, Kind, Reason, Run, Step
from qbo_sync.models.states import StepState
from qbo_sync.push.blocking import SATISFIED, go_on, recompute
from qbo_sync.push.causes import may_go_again
from qbo_sync.push.context import context_for, links_of
from qbo_sync.push.names import names_in_the_way
from qbo_sync.push.prepare import ELSEWHERE, GONE, key_of, records_of
from qbo_sync.runs.moves import move_steps

CHUNK = 500  # steps in one transaction: an engine waits meanwhile
AS_IT_IS_NOW = ("version_seen", "entity", "label", "amount", "minutes", "needs")
NOT_TRIED = {"message": "", "mend": "", "fault_code": "", "reason": "", "free_number": "", "tries": 0}


@dataclass
class Tried:
    """What became of “Try again”.

    Args:
        again: how many go again.
        still: how many are in the way as before.
        gone: how many were deleted here.
        under_way: how many a request is being made for this very moment.
        apart: the ids by kind of those that need other records by now than those of their run: for a plan of their own.
    """

    again: int = 0
    still: int = 0
    gone: int = 0
    under_way: int = 0
    apart: dict[Kind, set[int]] = field(default_factory=lambda: defaultdict(set))

    def __str__(self) -> str:
        counted = ((self.again, "tried again"), (self.still, "still in the way"), (self.gone, "deleted here meanwhile"))
        words = [f"{count} record{'' if count == 1 else 's'} {_is(count)} {what}." for count, what in counted if count]
        if self.under_way:
            words.append(f"{self.under_way} {_is(self.under_way)} being copied by another request right now.")
        return " ".join(words) or "There is nothing to try again: it was tried or settled meanwhile."


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def try_again(run: Run, which: Q | None = None) -> Tried:
    """Have the steps of a run that may go again, or `which` of them, tried once more.

    Each few hundred in one short transaction; nothing is sent here. What an engine, a person or another press of the
    button has moved meanwhile stays as it is.
    """
    tried = Tried()
    chosen = may_go_again(run) if which is None else may_go_again(run).filter(which)
    ids = list(chosen.order_by("position").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        with transaction.atomic(durable=True):
            # Where the engine's transactions begin, too (`Lease.hold`): one of the two waits for the other.
            Connection.objects.select_for_update(no_key=True).get(pk=run.connection_id)
            steps = list(may_go_again(run).filter(pk__in=ids[start : start + CHUNK]).order_by("position"))
            if _again(run, steps, tried):
                Run.objects.filter(pk=run.pk).update(started_at=None)
                recompute(run)
                go_on(run)
    return tried


def _again(run: Run, steps: Sequence[Step], tried: Tried) -> bool:
    """Sort these steps and free those that may go. Answers whether any may."""
    records = records_of(steps)
    needs = {step.pk: COPIED[Kind(step.kind)].needs(record) for step in steps if (record := records.get(key_of(step)))}
    keys = {*map(key_of, steps), *(need for several in needs.values() for need in several)}
    links = links_of(run.connection, keys)
    context = context_for(run.connection, links)
    positions = _positions(run, keys)
    obstacles = _obstacles(run.connection, steps, records, context)
    going: list[Step] = []
    gone: list[Step] = []
    still: dict[Obstacle, list[int]] = defaultdict(list)
    for step in steps:
        link, obstacle = links.get(key_of(step)), obstacles.get(key_of(step))
        if step.pk not in needs:
            gone.append(step)
        elif link is not None and link.is_reserved and step.message != ELSEWHERE:
            tried.under_way += 1
        elif obstacle is not None:
            still[obstacle].append(step.pk)
        elif _fits(step, needs[step.pk], positions, context):
            going.append(_as_it_is_now(step, records[key_of(step)]))
        else:
            tried.apart[Kind(step.kind)].add(step.record_id)
    tried.again += len(going)
    tried.gone += len(gone)
    tried.still += sum(map(len, still.values()))
    Step.objects.filter(pk__in=[step.pk for step in gone]).update(message=GONE, mend="")
    _say(still)
    _free(going)
    return bool(going)


def _positions(run: Run, keys: Iterable[Key]) -> dict[Key, int]:
    """Where these records stand in the run, those that are still to arrive."""
    by_kind: dict[Kind, list[int]] = defaultdict(list)
    for kind, record_id in keys:
        by_kind[kind].append(record_id)
    wanted = Q(pk__in=())
    for kind, ids in by_kind.items():
        wanted |= Q(kind=kind, record_id__in=ids)
    rows = run.steps.filter(wanted).exclude(state__in=SATISFIED).values_list("kind", "record_id", "position")
    return {(Kind(kind), record_id): position for kind, record_id, position in rows}


def _obstacles(
    connection: Connection, steps: Sequence[Step], records: Mapping[Key, Any], context: Context
) -> dict[Key, Obstacle]:
    """What is still in the way of those that were, as far as it is known here.

    Whether the books are closed the engine asks QuickBooks; so does it of all else that it is about to send.
    """
    found: dict[Key, Obstacle] = {}
    names: dict[Key, Any] = {}
    for step in steps:
        key = key_of(step)
        if step.state != StepState.IN_THE_WAY or key not in records or key in context.links:
            continue
        copied, record = COPIED[key[0]], records[key]
        obstacle = copied.never(record, context) or copied.obstacle(record, context)
        if obstacle and obstacle.reason != Reason.CLOSED_BOOKS:
            found[key] = obstacle
        elif copied.is_name:
            names[key] = record
    return found | names_in_the_way(connection, names)


def _say(still: Mapping[Obstacle, Sequence[int]]) -> None:
    for obstacle, ids in still.items():
        said = {"message": obstacle.what, "mend": obstacle.mend, "reason": obstacle.reason}
        Step.objects.filter(pk__in=ids, state=StepState.IN_THE_WAY).update(**said)


def _fits(step: Step, needs: Sequence[Key], positions: Mapping[Key, int], context: Context) -> bool:
    """Whether all that the record needs now is at QuickBooks or stands before it in the run; notes where."""
    wanted = [need for need in needs if need not in context.links and COPIED[need[0]].is_on(context)]
    if any(positions.get(need, step.position) >= step.position for need in wanted):
        return False
    step.needs = sorted({*(positions[need] for need in wanted)})
    return True


def _as_it_is_now(step: Step, record: Any) -> Step:
    copied = COPIED[Kind(step.kind)]
    step.version_seen, step.entity = record.version, copied.entity(record)
    step.label, step.amount, step.minutes = copied.label(record)[:300], copied.amount(record), copied.minutes(record)
    return step


def _free(steps: Sequence[Step]) -> None:
    Step.objects.bulk_update(steps, AS_IT_IS_NOW)
    move_steps([step.pk for step in steps], StepState.READY, **NOT_TRIED)
