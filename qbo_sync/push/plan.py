"""The plan of a copy: which records, what they bring along, and what is in the way (design.md §4, “button”).

Dependencies are walked kind by kind, top down, in bulk: the number of queries does not grow with the records. No body
is built yet; the engine builds it from the same records if their version is still the one seen here.
"""

import gc
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from associates.models import Associate
from qbo_sync.entities import BOTTOM_UP, COPIED, Copied, Key, Obstacle
from qbo_sync.models import Connection, Kind, Link, Run, Step
from qbo_sync.models.states import StepState
from qbo_sync.push.blocking import waits_for
from qbo_sync.push.context import CHUNK, context_for, links_of
from qbo_sync.push.names import names_in_the_way


@dataclass
class _Found:
    """A record on its way into the plan."""

    record: Any
    needs: list[Key] = field(default_factory=list)
    never: Obstacle | None = None
    obstacle: Obstacle | None = None


class _Walk:
    """One walk over the dependencies of the records asked for."""

    def __init__(self, connection: Connection, asked: dict[Kind, set[int]]) -> None:
        self.connection = connection
        self.asked = asked
        self.wanted: dict[Kind, set[int]] = {kind: set(asked.get(kind, ())) for kind in BOTTOM_UP}
        self.links: dict[Key, Link] = {}
        self.found: dict[Key, _Found] = {}
        self.context = context_for(connection, {})
        self.related: dict[str, dict[int, Any]] = {}

    def run(self) -> "_Walk":
        for kind in reversed(BOTTOM_UP):
            self._walk(kind, self._ids(kind))
        for copied in COPIED.values():
            self._walk_behind(copied)
        for key, obstacle in names_in_the_way(self.connection, self._new_names()).items():
            self.found[key].obstacle = obstacle
        return self

    def _new_names(self) -> dict[Key, Any]:
        """The people and organizations that would be created."""
        return {
            key: found.record
            for key, found in self.found.items()
            if COPIED[key[0]].is_name and key not in self.context.links and not (found.never or found.obstacle)
        }

    def _ids(self, kind: Kind) -> set[int]:
        """What is wanted of a kind; where the settings leave the kind out, what was asked for, to say so."""
        return self.wanted[kind] if COPIED[kind].is_on(self.context) else set(self.asked.get(kind, ()))

    def _walk_behind(self, copied: Copied) -> None:
        """What follows the records found: the receipts of expenses, the payments of invoices."""
        if copied.follows is None or not copied.is_on(self.context):
            return
        parents = [pk for (kind, pk), found in self.found.items() if kind == copied.follows and not found.never]
        behind = {pk for chunk in _chunks(parents) for pk in copied.behind(chunk)}
        self._walk(copied.kind, behind - self.wanted[copied.kind])

    def _walk(self, kind: Kind, ids: set[int]) -> None:
        self.links |= links_of(self.connection, [(kind, record_id) for record_id in ids])
        self.context = replace(self.context, links=self._completed())
        for record in self._load(kind, ids):
            self._take(kind, record)

    def _load(self, kind: Kind, ids: set[int]) -> Iterator[Any]:
        for chunk in _chunks(ids):
            rows = list(COPIED[kind].outline().filter(pk__in=chunk).order_by("pk"))
            for name, related in COPIED[kind].shared.items():
                self._share(rows, name, related)
            yield from rows

    def _share(self, rows: list[Any], name: str, related: Callable[[], QuerySet]) -> None:
        """Give the rows what they refer to by `name`; whatever several refer to is loaded once, and kept for others."""
        known = self.related.setdefault(name, {})
        wanted = {getattr(row, f"{name}_id") for row in rows}
        for chunk in _chunks(wanted - known.keys()):
            known |= {each.pk: each for each in related().filter(pk__in=chunk)}
        field = rows[0]._meta.get_field(name) if rows else None
        for row in rows:
            field.set_cached_value(row, known[getattr(row, f"{name}_id")])  # type: ignore[union-attr]

    def _completed(self) -> dict[Key, Link]:
        return {key: link for key, link in self.links.items() if not link.is_reserved}

    def _take(self, kind: Kind, record: Any) -> None:
        copied, key = COPIED[kind], (kind, record.pk)
        asked = record.pk in self.asked.get(kind, ())
        if key in self.context.links:
            if asked:
                self.found[key] = _Found(record)
            return
        never = copied.never(record, self.context)
        if never:
            if asked:
                self.found[key] = _Found(record, never=never)
            return
        needs = list(dict.fromkeys(copied.needs(record)))
        self.found[key] = _Found(record, needs, obstacle=copied.obstacle(record, self.context))
        for needed_kind, needed_id in needs:
            self.wanted[needed_kind].add(needed_id)


def _chunks(ids: Collection[int]) -> Iterator[list[int]]:
    """Ids in order, as many at once as one query takes."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def build(
    *, connection: Connection, asked: dict[Kind, set[int]], title: str, actor: Associate, back_url: str = ""
) -> Run:
    """Plan copying the records `asked` for, given by kind as sets of ids.

    Returns the Run, planned, with a Step for each record asked for and for each that is brought along.
    """
    with _uncollected():
        return _build(connection, asked, title, actor, back_url)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector: it would look again and again, for a third of the time, at what all is needed."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _build(connection: Connection, asked: dict[Kind, set[int]], title: str, actor: Associate, back_url: str) -> Run:
    steps = _steps(_Walk(connection, asked).run())
    with transaction.atomic(durable=True):
        run = Run.objects.create(
            connection=connection, type=Run.Type.PUSH, title=title, asked_by=actor, back_url=back_url,
            created_at=timezone.now(), size=sum(step.state == StepState.READY for step in steps),
        )  # fmt: skip
        for step in steps:
            step.run = run
        Step.objects.bulk_create(steps, batch_size=1000)
    return run


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


def _steps(walk: _Walk) -> list[Step]:
    """The steps bottom up, so that whoever depends on others stands behind them and their fate is known."""
    placed: dict[Key, Step] = {}
    for kind in BOTTOM_UP:
        for key in [key for key in walk.found if key[0] == kind]:
            placed[key] = _step(walk, key, walk.found.pop(key), len(placed), placed)
    return list(placed.values())


def _step(walk: _Walk, key: Key, found: _Found, position: int, placed: dict[Key, Step]) -> Step:
    kind, record_id = key
    copied = COPIED[kind]
    needed = [placed[need] for need in found.needs if need in placed]
    step = Step(
        position=position, kind=kind, record_id=record_id, entity=copied.entity(found.record),
        label=copied.label(found.record)[:300], brought_along=record_id not in walk.asked.get(kind, ()),
        version_seen=found.record.version, needs=[step.position for step in needed],
        amount=copied.amount(found.record), minutes=copied.minutes(found.record), state=StepState.READY,
    )  # fmt: skip
    _decide(step, walk, key, found, needed)
    return step


def _decide(step: Step, walk: _Walk, key: Key, found: _Found, needed: list[Step]) -> None:
    """Give a step the state, and where it does not go the words, that the plan shows."""
    in_the_way = found.never or found.obstacle
    held_up = next((each for each in needed if each.state in (StepState.IN_THE_WAY, StepState.BLOCKED)), None)
    if key in walk.context.links:
        step.state = StepState.LINKED
    elif in_the_way:
        step.state, step.message, step.reason = StepState.IN_THE_WAY, in_the_way.what, in_the_way.reason
        step.mend = "" if found.never else in_the_way.mend
    elif held_up and held_up.state == StepState.BLOCKED:
        step.state, step.message, step.reason = StepState.BLOCKED, held_up.message, held_up.reason
    elif held_up:
        step.state, step.reason = StepState.BLOCKED, held_up.reason
        step.message = waits_for(held_up.kind, held_up.label, held_up.message)
