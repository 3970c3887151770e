"""The plan of a copy: which records, what they bring along, and what is in the way (design.md §4, “button”).

No body is built yet; the engine builds it from the same records if their version is still the one seen here.
"""

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from associates.models import Associate
from qbo_sync.entities import BOTTOM_UP, COPIED, Obstacle
from qbo_sync.models import Connection, Kind, Run
from qbo_sync.models.states import StepState
from qbo_sync.push.blocking import waits_for
from qbo_sync.push.context import context_for, links_of
from qbo_sync.push.steps import insert
from qbo_sync.push.uncollected import uncollected
from qbo_sync.push.walk import GOES, Draft, Fate, Walk

NOT_GOING = (StepState.IN_THE_WAY, StepState.BLOCKED)


@uncollected()
def build(
    *, connection: Connection, asked: dict[Kind, set[int]], title: str, actor: Associate, back_url: str = ""
) -> Run:
    """Plan copying the records `asked` for, given by kind as sets of ids.

    Returns the Run, planned, with a Step for each record asked for and for each that is brought along.
    """
    drafts = list(_decided(Walk(connection, asked).run()))
    with transaction.atomic(durable=True):
        run = Run.objects.create(
            connection=connection, type=Run.Type.PUSH, title=title, asked_by=actor, back_url=back_url,
            created_at=timezone.now(), size=sum(draft.fate.state == StepState.READY for draft in drafts),
        )  # fmt: skip
        insert(run, drafts)
    return run


def _decided(walk: Walk) -> Iterator[Draft]:
    """The drafts bottom up, so that whoever depends on others stands behind them and their fate is known."""
    position = 0
    for kind in BOTTOM_UP:
        for draft in walk.drafts[kind].values():
            draft.position, position = position, position + 1
            draft.needed = tuple(needed for need in draft.needs if (needed := walk.draft_of(need)))
            draft.fate = _fate(draft)
            yield draft


def _fate(draft: Draft) -> Fate:
    """The state of a record and, where it does not go, the words that the plan shows."""
    if draft.linked:
        return Fate(StepState.LINKED)
    if draft.never:
        return _in_the_way(draft.never, mend="")
    if draft.obstacle:
        return _in_the_way(draft.obstacle, mend=draft.obstacle.mend)
    return next((_held_up_by(needed) for needed in draft.needed if needed.fate.state in NOT_GOING), GOES)


def _in_the_way(obstacle: Obstacle, *, mend: str) -> Fate:
    return Fate(StepState.IN_THE_WAY, obstacle.what, obstacle.reason, mend)


def _held_up_by(needed: Draft) -> Fate:
    fate = needed.fate
    if fate.state == StepState.BLOCKED:
        return fate
    return Fate(StepState.BLOCKED, waits_for(needed.key[0], needed.label, fate.message), fate.reason)


def is_left_behind(connection: Connection, kind: Kind, record_id: int) -> bool:
    """Whether something that follows this copied record is not at QuickBooks: its receipt, a payment of it."""
    context = context_for(connection, {})
    keys = [
        (copied.kind, pk)
        for copied in COPIED.values()
        if copied.follows == kind and copied.is_on(context)
        for pk in copied.behind([record_id])
    ]
    return len(links_of(connection, keys)) < len(keys)
