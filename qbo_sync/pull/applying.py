"""Carrying a plan out, page by page: exactly what was shown, under the connection's lease.

Each row is looked at once more, with what its page reads in bulk: what changed since it was shown, here or at
QuickBooks, is not applied but told. What was applied is not open any more, so whoever comes after a killed worker goes
on with the rest.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection as database
from django.db.models import Model

from associates.models import Associate
from qbo_sync.entities import COPIED, Context
from qbo_sync.entities.base import as_it_is_now
from qbo_sync.models import ImportRow, Kind, LeftOut, Link, NameRecord, Outcome, Run
from qbo_sync.pull import answers, jobs
from qbo_sync.pull.linking import insert
from qbo_sync.pull.lists import Made
from qbo_sync.pull.ours import MOST_OFFERED, AddedHere
from qbo_sync.pull.people import PeopleList
from smmware.core.inserting import insert_rows

AGAIN = "Import again to see it anew."
LINKED_MEANWHILE = "It was linked since the plan was shown."
NOT_THERE = f"It is not at QuickBooks any more: it was deleted there, or merged into another record. {AGAIN}"
CHANGED_THERE = f"It was changed at QuickBooks since the plan was shown. {AGAIN}"
CHANGED_HERE = f"“{{name}}” here was changed or deleted since the plan was shown. {AGAIN}"
TAKEN_HERE = f"“{{name}}” here was linked with another record at QuickBooks since the plan was shown. {AGAIN}"
ADDED_HERE = f"“{{name}}” was added or changed here since the plan was shown, and may be the same. {AGAIN}"
NO_CLIENT = "Its client is not linked: import that one first."
OVERLAP = dt.timedelta(minutes=5)  # for whoever was saving while the plan was made

LINK_KINDS = (Kind.CLIENT, Kind.ORGANIZATION, Kind.ASSOCIATE, Kind.JOB)
LINK_COLUMNS = (
    "connection_id", "entity", "qbo_id", "sync_token", "origin", "linked_by_id", "linked_at",
    "source_version", "source_hash", *(f"{kind.value}_id" for kind in LINK_KINDS),
)  # fmt: skip
LINK_TEXTS = ("qbo_id", "sync_token", "source_hash")
Key = tuple[Kind, int]
Target = tuple[ImportRow, Any]  # a row and our record that it is linked with


@dataclass
class _Page:
    """What one page comes to."""

    made: list[tuple[ImportRow, Made]] = field(default_factory=list)
    linked: list[Target] = field(default_factory=list)
    left_out: list[ImportRow] = field(default_factory=list)
    told: list[ImportRow] = field(default_factory=list)

    @property
    def targets(self) -> Iterator[Target]:
        """Every row that is linked, with its record."""
        yield from ((row, made.record) for row, made in self.made)
        yield from self.linked

    def tell(self, row: ImportRow, note: str, outcome: Outcome = Outcome.LEFT) -> None:
        """This row is found otherwise than it was shown, and not applied."""
        row.outcome, row.note, row.is_open, row.values = outcome, note, False, {}
        self.told.append(row)


class Applying:
    """Applying the plan of one import."""

    def __init__(self, people: PeopleList, run: Run) -> None:
        self._people = people
        self._run = run
        self._connection = run.connection
        since = (run.started_at or run.created_at) - OVERLAP
        self._added = AddedHere(people, run.connection, since, but=_to_link(run))
        self._clients: Mapping[str, Link] = {}

    def page(self, rows: Sequence[ImportRow], *, at: dt.datetime) -> None:
        """Apply these rows. Call it inside the lease's transaction."""
        page = _Page()
        self._clients = jobs.clients_of(self._connection, rows)
        asked = list(self._as_shown(rows, page))
        self._make(asked, page)
        self._match(asked, page)
        _save([made for _, made in page.made])
        self._link(page, at)
        self._remember(page, at)
        self._close(rows, page)

    def _as_shown(self, rows: Sequence[ImportRow], page: _Page) -> Iterator[ImportRow]:
        """The rows that are at QuickBooks as they were shown, and not linked meanwhile."""
        ids = [row.qbo_id for row in rows]
        here: dict[str, Any] = {"connection": self._connection, "entity": self._people.entity, "qbo_id__in": ids}
        tokens = dict(NameRecord.objects.filter(**here).values_list("qbo_id", "sync_token"))
        linked = set(Link.objects.filter(**here).values_list("qbo_id", flat=True))
        for row in rows:
            if row.answer == answers.LEAVE_OUT:
                page.left_out.append(row)
            elif row.qbo_id in linked:
                page.tell(row, LINKED_MEANWHILE, Outcome.UNCHANGED)
            elif row.qbo_id not in tokens:
                page.tell(row, NOT_THERE)
            elif tokens[row.qbo_id] != row.sync_token:
                page.tell(row, CHANGED_THERE)
            else:
                yield row

    def _make(self, rows: Iterable[ImportRow], page: _Page) -> None:
        """New records, unless somebody has added one meanwhile that may be the same."""
        to_make = [(row, kind) for row in rows if (kind := answers.kind_to_make(row.answer))]
        names = self._names(row for row, _ in to_make) if to_make and self._added.look() else {}
        for row, kind in to_make:
            if kind == Kind.JOB:
                self._make_job(row, page)
            elif row.qbo_id in names and (unknown := self._unknown(row, names[row.qbo_id])):
                page.tell(row, ADDED_HERE.format(name=unknown))
            else:
                page.made.append((row, self._people.make(kind, row.values)))

    def _make_job(self, row: ImportRow, page: _Page) -> None:
        if client := self._clients.get(row.parent_id):
            page.made.append((row, jobs.make(row, client)))
        else:
            page.tell(row, NO_CLIENT)

    def _names(self, rows: Iterable[ImportRow]) -> dict[str, NameRecord]:
        ids = [row.qbo_id for row in rows if not row.is_job]
        found = NameRecord.objects.filter(connection=self._connection, entity=self._people.entity, qbo_id__in=ids)
        return {name.qbo_id: name for name in found}

    def _unknown(self, row: ImportRow, name: NameRecord) -> str:
        """The name of one of ours that may be this row and was not among what its plan had found."""
        known = {(each["kind"], each["pk"]) for each in row.candidates}
        found = self._added.candidates(name)[:MOST_OFFERED]
        return next((match.ours.name for match in found if match.key not in known), "")

    def _match(self, rows: Iterable[ImportRow], page: _Page) -> None:
        """Link with records of ours that are as they were shown, and not linked meanwhile."""
        chosen = {row: key for row in rows if (key := answers.linked_with(row.answer))}
        wanted: dict[Kind, set[int]] = defaultdict(set)
        for kind, pk in chosen.values():
            wanted[kind].add(pk)
        records = {kind: COPIED[kind].records().in_bulk(pks) for kind, pks in wanted.items()}
        taken = {(kind, pk) for kind, pks in wanted.items() for pk in self._linked(kind, pks)}
        for row, (kind, pk) in chosen.items():
            self._match_one(row, kind, records[kind].get(pk), taken, page)

    def _match_one(self, row: ImportRow, kind: Kind, record: Any, taken: set[Key], page: _Page) -> None:
        seen = candidate(row)
        if record is None or record.version != seen.get("version"):
            page.tell(row, CHANGED_HERE.format(name=seen.get("name", record)))
        elif (kind, record.pk) in taken:
            page.tell(row, TAKEN_HERE.format(name=record))
        elif kind == Kind.JOB and not self._is_of_the_client(row, record):
            page.tell(row, NO_CLIENT)
        else:
            taken.add((kind, record.pk))
            page.linked.append((row, record))

    def _is_of_the_client(self, row: ImportRow, job: Any) -> bool:
        link = self._clients.get(row.parent_id)
        return link is not None and link.client_id == job.client_id

    def _linked(self, kind: Kind, pks: Iterable[int]) -> Iterable[int]:
        links = Link.objects.filter(connection=self._connection, **{f"{kind}__in": pks})
        return links.values_list(f"{kind}_id", flat=True)

    def _link(self, page: _Page, at: dt.datetime) -> None:
        """Link our records as they are now, so that what is changed here later is seen; not what was never copied."""
        of_jobs = {(Kind.CLIENT, link.client_id): link for link in self._clients.values() if link.client_id}
        context = Context(company=self._connection, links=of_jobs)
        moment = database.ops.adapt_datetimefield_value(at)
        by, matched = self._run.actor_id, {row.pk for row, _ in page.linked}
        insert_rows(Link, LINK_COLUMNS, (
            (
                self._connection.pk, self._people.entity.value, row.qbo_id, row.sync_token,
                (Link.Origin.MATCHED if row.pk in matched else Link.Origin.IMPORTED).value, by, moment,
                *as_it_is_now(COPIED[kind], record, context).values(),
                *(record.pk if kind == each else None for each in LINK_KINDS),
            )
            for row, record in page.targets
            for kind in [Kind.of(record)]
        ), texts=LINK_TEXTS)  # fmt: skip

    def _remember(self, page: _Page, at: dt.datetime) -> None:
        """What is left out stays out, until somebody takes it in."""
        here: dict[str, Any] = {"connection": self._connection, "entity": self._people.entity}
        by: Associate = self._run.actor
        left = [LeftOut(**here, qbo_id=row.qbo_id, left_out_by=by, left_out_at=at) for row in page.left_out]
        LeftOut.objects.bulk_create(left, ignore_conflicts=True)
        LeftOut.objects.filter(**here, qbo_id__in=[row.qbo_id for row, _ in page.targets]).delete()

    def _close(self, rows: Sequence[ImportRow], page: _Page) -> None:
        noted = []
        for row, made in page.made:
            if note := " ".join(filter(None, (row.note, made.note))):
                row.note = note
                noted.append(row)
        ImportRow.objects.bulk_update(noted, ["note"])
        ImportRow.objects.bulk_update(page.told, ["outcome", "note"])
        ImportRow.objects.filter(pk__in=[row.pk for row in rows]).update(is_open=False, values={})


def _to_link(run: Run) -> set[Key]:
    """Our records that the plan links."""
    said = run.rows.filter(answer__startswith=f"{answers.LINK}:").values_list("answer", flat=True)
    return {key for answer in said if (key := answers.linked_with(answer))}


def candidate(row: ImportRow) -> dict[str, Any]:
    """What a row's plan knows of the record of ours that was chosen for it; nothing where none was."""
    key = answers.linked_with(row.answer)
    return next((each for each in row.candidates if (each["kind"], each["pk"]) == key), {})


def _save(made: Sequence[Made]) -> None:
    """Save the new records, then what belongs to them: an insert a model."""
    by_model: dict[type[Model], list[Any]] = defaultdict(list)
    for each in made:
        by_model[type(each.record)].append(each.record)
    for records in by_model.values():
        insert(records)
    for each in made:
        for belonging in each.belongings:
            setattr(belonging, each.owner, each.record)
    insert([belonging for each in made for belonging in each.belongings])
