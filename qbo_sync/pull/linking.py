"""Applying a page of a list to our records: linked by QBO ID → unchanged; of one name → linked; else new.

A linked record is never modified. The number of queries does not grow with the rows of a page.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from associates.models import Associate
from qbo_sync import directory
from qbo_sync.directory import name_key, plain_name
from qbo_sync.directory.rows import Row, is_active, text
from qbo_sync.entities import COPIED, Context
from qbo_sync.entities.base import as_it_is_now
from qbo_sync.models import Connection, Kind, Link
from qbo_sync.pull.lists import LinkedList, Made, Ours
from qbo_sync.pull.report import Outcome, ReportRow

TWO_OF_ONE_NAME = "Two of yours bear this name: match it by hand, from the record's page."
LINKED_ELSEWHERE = "“{name}” here is linked to another record of this name at QuickBooks."
WRITTEN_DIFFERENTLY = (
    "Probably “{name}” here, written differently. To match them, edit that record, click “QBO Add” and then “Next”."
)
NOW_INACTIVE = "It is inactive at QuickBooks now."

Key = tuple[Kind, int]


class OurNames:
    """Our records by name key. Those that people add while the import runs are taken in page by page."""

    def __init__(self, imported: LinkedList) -> None:
        self._list = imported
        self._by_key: dict[str, list[Ours]] = defaultdict(list)
        self._latest = dict.fromkeys(imported.linkable_kinds(), 0)

    def take_in(self) -> None:
        """Read the records added since: one query a kind."""
        for kind, latest in self._latest.items():
            for ours in self._list.ours(kind, latest):
                self._by_key[_key(ours.name)].append(ours)
                self._latest[kind] = max(self._latest[kind], ours.pk)

    def called(self, name: str) -> list[Ours]:
        """Our records of this name."""
        return self._by_key.get(_key(name), [])


def _key(name: str) -> str:
    return name_key(name) or plain_name(name)


@dataclass(frozen=True)
class Decision:
    """What is to become of a row: `ours` is linked, or `made` is saved and linked, or neither."""

    row: Row
    outcome: Outcome
    note: str = ""
    ours: Ours | None = None
    made: Made | None = None

    def target(self) -> Key | None:
        """Our record; one that is made has an id once it is saved."""
        if self.ours:
            return self.ours.kind, self.ours.pk
        return (Kind.of(self.made.record), self.made.record.pk) if self.made else None


class LinkedImport:
    """Applying such a list to our records, for one connection."""

    def __init__(self, imported: LinkedList, connection: Connection) -> None:
        self._list = imported
        self._connection = connection
        self._names = OurNames(imported)
        self._taken: set[Key] = set()

    def apply(self, rows: Sequence[Row], *, by: Associate, at: dt.datetime) -> list[ReportRow]:
        """Apply a page and answer what became of each row."""
        self._names.take_in()
        if self._list.in_directory:
            directory.remember(self._connection, self._list.entity, rows)
        known = self._known(rows)
        self._taken = self._linked_of_these_names(rows)
        # Whoever bears exactly our record's name comes before one whose name is merely written like it.
        decisions = [self._decide(row, known) for row in sorted(rows, key=self._is_exact, reverse=True)]
        self._save([decision.made for decision in decisions if decision.made])
        links = [self._link(each, key, by, at) for each in decisions if (key := each.target())]
        self._note_what_is_linked(links)
        Link.objects.bulk_create(links)
        return [self._report(decision, known) for decision in decisions]

    def complete(self, seen: Collection[str], *, at: dt.datetime) -> None:
        """The whole list was read."""
        if self._list.in_directory:
            directory.complete(self._connection, self._list.entity, at=at, only=seen)

    def _known(self, rows: Sequence[Row]) -> dict[str, Link]:
        ids = [str(row["Id"]) for row in rows]
        links = Link.objects.filter(connection=self._connection, entity=self._list.entity, qbo_id__in=ids)
        return {str(link.qbo_id): link for link in links}

    def _linked_of_these_names(self, rows: Iterable[Row]) -> set[Key]:
        """Which of our records of these names are linked already, whatever to."""
        ids: dict[Kind, set[int]] = {kind: set() for kind in self._list.linkable_kinds()}
        for row in rows:
            for ours in self._names.called(self._list.name(row)):
                ids[ours.kind].add(ours.pk)
        linked: set[Key] = set()
        for kind, pks in ids.items():
            links = Link.objects.filter(connection=self._connection, **{f"{kind}__in": pks})
            linked |= {(kind, pk) for pk in links.values_list(kind, flat=True)}
        return linked

    def _is_exact(self, row: Row) -> bool:
        name = self._list.name(row)
        return any(plain_name(ours.name) == plain_name(name) for ours in self._names.called(name))

    def _decide(self, row: Row, known: Mapping[str, Link]) -> Decision:
        if str(row["Id"]) in known:
            return Decision(row, Outcome.UNCHANGED, "" if is_active(row) else NOW_INACTIVE)
        if reason := self._list.left_out(row):
            return Decision(row, Outcome.SKIPPED, reason)
        namesakes = self._names.called(self._list.name(row))
        free = [ours for ours in namesakes if (ours.kind, ours.pk) not in self._taken]
        if free:
            return self._match(row, free)
        return self._new(row, LINKED_ELSEWHERE.format(name=namesakes[0].name) if namesakes else "")

    def _match(self, row: Row, free: list[Ours]) -> Decision:
        name = plain_name(self._list.name(row))
        exact = [ours for ours in free if plain_name(ours.name) == name]
        choice = exact if len(exact) == 1 else free
        if len(choice) > 1:
            return Decision(row, Outcome.SKIPPED, TWO_OF_ONE_NAME)
        ours = choice[0]
        if not exact and self._list.in_directory:  # likely is not sure: “QBO Add” offers it as a choice
            return Decision(row, Outcome.SKIPPED, WRITTEN_DIFFERENTLY.format(name=ours.name))
        if ours.obstacle:
            return Decision(row, Outcome.SKIPPED, ours.obstacle)
        self._taken.add((ours.kind, ours.pk))
        return Decision(row, Outcome.LINKED, ours.note, ours=ours)

    def _new(self, row: Row, namesake: str) -> Decision:
        if namesake and self._list.unique_names:
            return Decision(row, Outcome.SKIPPED, namesake)
        made = self._list.make(row)
        return Decision(row, Outcome.NEW, f"{namesake} {made.note}".strip(), made=made)

    def _save(self, made: Sequence[Made]) -> None:
        """Save the new records, then what belongs to them: an insert a model."""
        _insert([each.record for each in made])
        for each in made:
            for belonging in each.belongings:
                setattr(belonging, each.owner, each.record)
        _insert([belonging for each in made for belonging in each.belongings])

    def _note_what_is_linked(self, links: Sequence[Link]) -> None:
        """Our records as they are now, so that what is changed here later is seen; not what was never copied."""
        context = Context(company=self._connection)  # names refer to nothing
        for kind in dict.fromkeys(link.kind for link in links if link.kind in COPIED):
            of_kind = [link for link in links if link.kind == kind]
            records = COPIED[kind].records().in_bulk([link.record_id for link in of_kind])
            for link in of_kind:
                for name, value in as_it_is_now(COPIED[kind], records[link.record_id], context).items():
                    setattr(link, name, value)

    def _link(self, decision: Decision, key: Key, by: Associate, at: dt.datetime) -> Link:
        kind, pk = key
        made = decision.made
        return Link(
            connection=self._connection,
            entity=self._list.entity,
            qbo_id=str(decision.row["Id"]),
            sync_token=text(decision.row, "SyncToken"),
            origin=Link.Origin.IMPORTED if made else Link.Origin.MATCHED,
            linked_by=by,
            linked_at=at,
            **{f"{kind}_id": pk},
        )

    def _report(self, decision: Decision, known: Mapping[str, Link]) -> ReportRow:
        qbo_id = str(decision.row["Id"])
        link, key = known.get(qbo_id), decision.target()
        kind, pk = (link.kind, link.record_id) if link else key or ("", None)
        return ReportRow(decision.outcome, qbo_id, self._list.name(decision.row), decision.note, str(kind), pk)


def _insert(records: Sequence[object]) -> None:
    """Bulk inserts; all of them are of one model."""
    if records:
        type(records[0])._default_manager.bulk_create(records)  # type: ignore[attr-defined]
