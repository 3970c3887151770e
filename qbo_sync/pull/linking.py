"""Importing a short list at once: linked by QBO ID → unchanged; of one name → linked; else new.

A linked record is never modified. The number of queries does not grow with the rows of a page.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from associates.models import Associate
from qbo_sync.directory import any_key, plain_name
from qbo_sync.directory.rows import Row, is_active, text
from qbo_sync.models import Connection, ImportRow, Link, Outcome
from qbo_sync.pull.lists import LinkedList, Made, Named

TWO_OF_ONE_NAME = "Two of yours bear this name: rename one of them, and import again."
LINKED_ELSEWHERE = "“{name}” here is linked to another record of this name at QuickBooks."
NOW_INACTIVE = "It is inactive at QuickBooks now."


class OurNames:
    """Our records by name key. Those that people add while the import runs are taken in page by page."""

    def __init__(self, imported: LinkedList) -> None:
        self._list = imported
        self._by_key: dict[str, list[Named]] = defaultdict(list)
        self._latest = 0

    def take_in(self) -> None:
        """Read the records added since: one query."""
        for ours in self._list.ours(self._latest):
            self._by_key[any_key(ours.name)].append(ours)
            self._latest = max(self._latest, ours.pk)

    def called(self, name: str) -> list[Named]:
        """Our records of this name."""
        return self._by_key.get(any_key(name), [])


@dataclass(frozen=True)
class Decision:
    """What is to become of a row: `ours` is linked, or `made` is saved and linked, or neither."""

    row: Row
    outcome: Outcome
    note: str = ""
    ours: Named | None = None
    made: Made | None = None

    @property
    def target(self) -> int | None:
        """Our record; one that is made has an id once it is saved."""
        if self.ours:
            return self.ours.pk
        return self.made.record.pk if self.made else None


class LinkedImport:
    """Applying such a list to our records, for one connection."""

    def __init__(self, imported: LinkedList, connection: Connection) -> None:
        self._list = imported
        self._connection = connection
        self._names = OurNames(imported)
        self._taken: set[int] = set()

    def apply(self, rows: Sequence[Row], *, by: Associate, at: dt.datetime) -> list[ImportRow]:
        """Apply a page and answer what became of each row."""
        self._names.take_in()
        known = self._known(rows)
        self._taken = self._linked_of_these_names(rows)
        # Whoever bears exactly our record's name comes before one whose name is merely written like it.
        decisions = [self._decide(row, known) for row in sorted(rows, key=self._is_exact, reverse=True)]
        insert([decision.made.record for decision in decisions if decision.made])
        Link.objects.bulk_create(
            [self._link(each, target, by, at) for each in decisions if (target := each.target) is not None]
        )
        return [self._row(decision) for decision in decisions]

    def complete(self, seen: Collection[str], *, at: dt.datetime) -> None:
        """The whole list was read: nothing is to be done."""

    def _known(self, rows: Sequence[Row]) -> Mapping[str, Link]:
        ids = [str(row["Id"]) for row in rows]
        links = Link.objects.filter(connection=self._connection, entity=self._list.entity, qbo_id__in=ids)
        return {str(link.qbo_id): link for link in links}

    def _linked_of_these_names(self, rows: Iterable[Row]) -> set[int]:
        """Which of our records of these names are linked already, whatever to."""
        pks = {ours.pk for row in rows for ours in self._names.called(self._list.name(row))}
        kind = self._list.kind
        links = Link.objects.filter(connection=self._connection, **{f"{kind}__in": pks})
        return set(links.values_list(kind, flat=True))

    def _is_exact(self, row: Row) -> bool:
        name = self._list.name(row)
        return any(plain_name(ours.name) == plain_name(name) for ours in self._names.called(name))

    def _decide(self, row: Row, known: Mapping[str, Link]) -> Decision:
        if str(row["Id"]) in known:
            return Decision(row, Outcome.UNCHANGED, "" if is_active(row) else NOW_INACTIVE)
        if reason := self._list.left_alone(row):
            return Decision(row, Outcome.LEFT, reason)
        namesakes = self._names.called(self._list.name(row))
        free = [ours for ours in namesakes if ours.pk not in self._taken]
        if free:
            return self._match(row, free)
        if namesakes:
            return Decision(row, Outcome.LEFT, LINKED_ELSEWHERE.format(name=namesakes[0].name))
        made = self._list.make(row)
        return Decision(row, Outcome.NEW, made.note, made=made)

    def _match(self, row: Row, free: list[Named]) -> Decision:
        name = plain_name(self._list.name(row))
        choice = [ours for ours in free if plain_name(ours.name) == name] or free
        if len(choice) > 1:
            return Decision(row, Outcome.LEFT, TWO_OF_ONE_NAME)
        self._taken.add(choice[0].pk)
        return Decision(row, Outcome.LINKED, ours=choice[0])

    def _link(self, decision: Decision, target: int, by: Associate, at: dt.datetime) -> Link:
        return Link(
            connection=self._connection,
            entity=self._list.entity,
            qbo_id=str(decision.row["Id"]),
            sync_token=text(decision.row, "SyncToken"),
            origin=Link.Origin.IMPORTED if decision.made else Link.Origin.MATCHED,
            linked_by=by,
            linked_at=at,
            **{f"{self._list.kind}_id": target},
        )

    def _row(self, decision: Decision) -> ImportRow:
        name = self._list.name(decision.row)
        return ImportRow(qbo_id=str(decision.row["Id"]), name=name[:500], outcome=decision.outcome, note=decision.note)


def insert(records: Sequence[object]) -> None:
    """A bulk insert; all of them are of one model."""
    if records:
        type(records[0])._default_manager.bulk_create(records)  # type: ignore[attr-defined]
