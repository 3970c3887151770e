"""Walking the dependencies of what is to be copied: kind by kind, top down, in bulk.

The number of queries does not grow with the records. Of each record only its draft is kept: a plan may hold a hundred
thousand.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet

from qbo_sync.entities import BOTTOM_UP, COPIED, Copied, Key, Obstacle
from qbo_sync.models import Connection, Entity, Kind, Link
from qbo_sync.models.states import StepState
from qbo_sync.push.context import CHUNK, context_for, links_of
from qbo_sync.push.names import names_in_the_way


class Fate(NamedTuple):
    """What becomes of a record and, where it does not go, why and which button mends it."""

    state: StepState
    message: str = ""
    reason: str = ""
    mend: str = ""


GOES = Fate(StepState.READY)


@dataclass(slots=True)
class Draft:
    """What a plan says of one record.

    Args:
        needs: the records that must be at QuickBooks first; `needed`: those of them that are in the plan.
        never: why it is never copied.
        obstacle: what keeps it from being copied until somebody mends it.
        linked: whether it is at QuickBooks already.
    """

    key: Key
    asked: bool
    version: int
    entity: Entity
    label: str
    amount: Decimal | None
    minutes: int | None
    needs: tuple[Key, ...] = ()
    needed: tuple["Draft", ...] = ()
    position: int = 0
    fate: Fate = GOES
    never: Obstacle | None = None
    obstacle: Obstacle | None = None
    linked: bool = False


class Walk:
    """One walk over the dependencies of the records asked for; `drafts` is what it found, by kind."""

    def __init__(self, connection: Connection, asked: dict[Kind, set[int]]) -> None:
        self.connection = connection
        self.asked = asked
        self.drafts: dict[Kind, dict[int, Draft]] = {kind: {} for kind in BOTTOM_UP}
        self._wanted: dict[Kind, dict[int, Key]] = {
            kind: {record_id: (kind, record_id) for record_id in asked.get(kind, ())} for kind in BOTTOM_UP
        }
        self._links: dict[Key, Link] = {}
        self._context = context_for(connection, {})
        self._related: dict[str, dict[int, Any]] = {}
        self._new_names: dict[Key, Any] = {}

    def run(self) -> "Walk":
        for kind in reversed(BOTTOM_UP):
            self._walk(kind, self._ids(kind))
        for copied in COPIED.values():
            self._walk_behind(copied)
        for (kind, record_id), obstacle in names_in_the_way(self.connection, self._new_names).items():
            self.drafts[kind][record_id].obstacle = obstacle
        return self

    def draft_of(self, key: Key) -> Draft | None:
        """What was found of this record."""
        kind, record_id = key
        return self.drafts[kind].get(record_id)

    def _ids(self, kind: Kind) -> Collection[int]:
        """What is wanted of a kind; where the settings leave the kind out, what was asked for, to say so."""
        return self._wanted[kind] if COPIED[kind].is_on(self._context) else self.asked.get(kind, ())

    def _walk_behind(self, copied: Copied) -> None:
        """What follows the records found: the receipts of expenses, the payments of invoices."""
        if copied.follows is None or not copied.is_on(self._context):
            return
        parents = [record_id for record_id, draft in self.drafts[copied.follows].items() if not draft.never]
        behind = {pk for chunk in _chunks(parents) for pk in copied.behind(chunk)}
        self._walk(copied.kind, behind - self._wanted[copied.kind].keys())

    def _walk(self, kind: Kind, ids: Collection[int]) -> None:
        self._links |= links_of(self.connection, [(kind, record_id) for record_id in ids])
        self._context = replace(self._context, links=self._completed())
        for record in self._load(kind, ids):
            self._take(kind, record)

    def _load(self, kind: Kind, ids: Collection[int]) -> Iterator[Any]:
        for chunk in _chunks(ids):
            rows = sorted(COPIED[kind].outline(chunk), key=attrgetter("id"))
            for name, related in COPIED[kind].shared.items():
                self._share(rows, name, related)
            yield from rows

    def _share(self, rows: list[Any], name: str, related: Callable[[], QuerySet]) -> None:
        """Give the rows what they refer to by `name`; whatever several refer to is loaded once, and kept for others."""
        known = self._related.setdefault(name, {})
        wanted = {getattr(row, f"{name}_id") for row in rows}
        for chunk in _chunks(wanted - known.keys()):
            known |= {each.pk: each for each in related().filter(pk__in=chunk)}
        field = rows[0]._meta.get_field(name) if rows else None
        for row in rows:
            field.set_cached_value(row, known[getattr(row, f"{name}_id")])  # type: ignore[union-attr]

    def _completed(self) -> dict[Key, Link]:
        return {key: link for key, link in self._links.items() if not link.is_reserved}

    def _take(self, kind: Kind, record: Any) -> None:
        copied, pk = COPIED[kind], record.pk
        key, asked = self._key(kind, pk), pk in self.asked.get(kind, ())
        linked = key in self._context.links
        never = None if linked else copied.never(record, self._context)
        if (linked or never) and not asked:
            return
        self.drafts[kind][pk] = draft = Draft(
            key, asked, record.version, copied.entity(record), copied.label(record)[:300],
            copied.amount(record), copied.minutes(record), never=never, linked=linked,
        )  # fmt: skip
        if not (linked or never):
            draft.needs = tuple([self._key(*needed) for needed in dict.fromkeys(copied.needs(record))])
            draft.obstacle = copied.obstacle(record, self._context)
            if copied.is_name and not draft.obstacle:
                self._new_names[key] = record

    def _key(self, kind: Kind, record_id: int) -> Key:
        """The key of a record that is wanted from here on, one and the same for all who need it."""
        return self._wanted[kind].setdefault(record_id, (kind, record_id))


def _chunks(ids: Collection[int]) -> Iterator[list[int]]:
    """Ids in order, as many at once as one query takes."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
