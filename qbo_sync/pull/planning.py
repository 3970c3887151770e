"""The plan of an import of names: what is to become of each row, without touching a record of ours.

One page at a time, while the next one is read: the number of queries does not grow with its rows.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import Q

from qbo_sync import directory
from qbo_sync.directory import any_key, plain_name
from qbo_sync.directory.rows import Row, is_active, text
from qbo_sync.models import Connection, ImportRow, Kind, LeftOut, Link, NameRecord, Outcome, Run
from qbo_sync.pull import answers, jobs, noticing, report
from qbo_sync.pull.ours import MOST_OFFERED, Match, OurRecords
from qbo_sync.pull.people import PeopleList

NO_NAME = "It has no name."
LIKELY = "It may already be here. Choose, or it is left alone."
SAME_NAME_LINKED = (
    "“{name}” here bears this name and is linked to another record at QuickBooks. Is this somebody else? Choose."
)
SAME_NAME_COMES = "“{name}” comes in by this import and bears the same name. Is this somebody else? Choose."
YOU_LEFT_IT_OUT = "You left it out."
KEPT = (  # of a row, what a new record is made of (qbo_sync.pull.people)
    "Id", "Active", "DisplayName", "GivenName", "MiddleName", "FamilyName", "CompanyName", "PrimaryEmailAddr",
    "PrimaryPhone", "Mobile", "WebAddr", "BillAddr", "PrimaryAddr", "Notes", "HiredDate", "SyncToken",
)  # fmt: skip
READ = (*KEPT, "Job", "ParentRef")  # all that is looked at


class Planning:
    """Deciding on one list, page by page.

    Args:
        but: QBO IDs of rows that the run has planned before and that are planned anew; it goes on with the others.
    """

    def __init__(self, people: PeopleList, run: Run, *, but: Collection[str] = ()) -> None:
        self._people = people
        self._run = run
        self._ours = OurRecords.all(people, run.connection)
        self._coming: dict[str, str] = {}
        self._taken: set[tuple[Kind, int]] = set()
        if run.read_up_to:
            self._go_on(but)

    def _go_on(self, but: Collection[str]) -> None:
        """Who is linked and who comes in by what is planned already: two queries."""
        planned = self._run.rows.filter(is_open=True, is_job=False).exclude(qbo_id__in=but)
        links = planned.filter(answer__startswith=f"{answers.LINK}:").values_list("answer", flat=True)
        self._taken = {key for answer in links if (key := answers.linked_with(answer))}
        self._ours.take(self._taken)
        coming = planned.filter(answer=answers.new(self._people.usual), is_inactive=False)
        self._coming = {any_key(name): name for name in coming.values_list("name", flat=True)}

    def page(self, rows: Sequence[Row]) -> list[ImportRow]:
        """Plan a page, and bring the directory up to date with it. Call it inside the lease's transaction."""
        names = directory.remember(self._run.connection, self._people.entity, rows)
        links = _links(self._run.connection, self._people.entity, names)
        noticed = noticing.of_linked(links, names)
        left_out = self._left_out(names)
        planned = []
        for name, row in zip(names, rows, strict=True):
            if name.qbo_id in links:
                planned.append(self._linked(name, noticed.get(name.qbo_id, "")))
            else:
                planned.append(self._decide(name, row, name.qbo_id in left_out))
        report.plan(planned)
        return planned

    def complete(self, seen: Collection[str], *, at: Any) -> list[ImportRow]:
        """The whole list was read: what is linked and was not in it is gone, and what sub-customers belong to is known.

        Returns the rows that came on top. Call it inside the lease's transaction.
        """
        directory.complete(self._run.connection, self._people.entity, at=at, only=seen)
        gone = [self._row(qbo_id, name, Outcome.NOTICED, note) for qbo_id, name, note in self._gone(seen)]
        report.plan(gone)
        jobs.settle(self._run)
        return gone

    def _gone(self, seen: Collection[str]) -> Sequence[tuple[str, str, str]]:
        return noticing.gone(self._run.connection, self._people.entity, seen)

    def _left_out(self, names: Sequence[NameRecord]) -> set[str]:
        said = LeftOut.objects.filter(connection=self._run.connection, entity=self._people.entity)
        return set(said.filter(qbo_id__in=[name.qbo_id for name in names]).values_list("qbo_id", flat=True))

    def _row(self, qbo_id: str, name: str, outcome: Outcome, note: str = "", **more: Any) -> ImportRow:
        return ImportRow(run=self._run, qbo_id=qbo_id, name=name, outcome=outcome, note=note, **more)

    def _linked(self, name: NameRecord, note: str) -> ImportRow:
        outcome = Outcome.NOTICED if note else Outcome.UNCHANGED
        return self._row(name.qbo_id, name.display_name, outcome, note)

    def _decide(self, name: NameRecord, row: Row, left_out: bool) -> ImportRow:
        if not (name.name_key or plain_name(name.display_name)):
            return self._row(name.qbo_id, name.display_name, Outcome.LEFT, NO_NAME)
        is_job = self._people.is_job(row)
        planned = self._row(
            name.qbo_id, name.display_name, Outcome.LEFT,
            sync_token=name.sync_token, is_open=True, is_job=is_job, is_inactive=not is_active(row),
            values={key: row[key] for key in KEPT if key in row},
        )  # fmt: skip
        if is_job:
            jobs.plan(planned, parent_id=text(row, "ParentRef", "value"))
        else:
            self._match(planned, name, left_out)
        if left_out and planned.is_open:
            planned.answer, planned.note = answers.LEAVE_OUT, YOU_LEFT_IT_OUT
        return taken_in(planned, self._run)

    def _match(self, planned: ImportRow, name: NameRecord, left_out: bool) -> None:
        """Link what is surely the same, leave to a person what is likely, make anew what nobody knows.

        What is merely possible is offered beside “New”: a spouse, or somebody whose short form we do not know. What is
        left out takes nobody and no name.
        """
        matches = [match for match in self._ours.matches(name) if match.key not in self._taken]
        planned.candidates = [match.stored() for match in matches[:MOST_OFFERED]]
        likely = [match for match in matches if match.is_likely]
        exact = [match for match in likely if match.is_exact]
        if obstacle := _obstacle(likely):
            planned.note, planned.is_open = obstacle, False
        elif left_out:
            return
        elif len(exact) == 1 and not exact[0].ours.obstacle:
            self._link(planned, exact[0])
        elif likely:
            planned.note = LIKELY
        else:
            self._make(planned, name)

    def _link(self, planned: ImportRow, match: Match) -> None:
        self._taken.add(match.key)
        self._ours.take({match.key})
        planned.answer, planned.note = answers.link(match.ours.kind, match.ours.pk), words_of(match.stored())

    def _make(self, planned: ImportRow, name: NameRecord) -> None:
        key = any_key(name.display_name)
        if linked := self._ours.linked_of_this_name(name.display_name):
            planned.note = SAME_NAME_LINKED.format(name=linked)
        elif coming := self._coming.get(key):
            planned.note = SAME_NAME_COMES.format(name=coming)
        else:
            planned.answer = answers.new(self._people.usual)
            if name.is_active:
                self._coming[key] = name.display_name


def not_wanted(run: Run) -> Q:
    """Which rows the run's switches leave alone."""
    jobs, inactive = Q(is_job=True), Q(is_inactive=True)
    none = Q(pk__in=())
    return (none if run.with_jobs else jobs) | (none if run.with_inactive else inactive)


def taken_in(planned: ImportRow, run: Run) -> ImportRow:
    """The row with its outcome, by its answer and by what the run takes in."""
    if planned.is_open:
        is_wanted = (run.with_jobs or not planned.is_job) and (run.with_inactive or not planned.is_inactive)
        planned.outcome = answers.outcome(planned.answer) if is_wanted else Outcome.LEFT
    return planned


def words_of(candidate: Mapping[str, Any]) -> str:
    """Why a row is linked with one of ours, and what is to be known of it, in words."""
    differs = f"; {candidate['differs']}" if candidate["differs"] else ""
    return " ".join(part for part in (f"{candidate['why']}{differs}.", candidate["note"]) if part)


def _obstacle(matches: Sequence[Match]) -> str:
    """Why a row whose name one of ours bears is left alone, where that one cannot be linked."""
    same = [match for match in matches if match.same_name]
    blocked = same and all(match.ours.obstacle for match in same) and len(same) == len(matches)
    return same[0].ours.obstacle if blocked else ""


def _links(connection: Connection, entity: str, names: Sequence[NameRecord]) -> dict[str, Link]:
    found = Link.objects.filter(connection=connection, entity=entity, qbo_id__in=[name.qbo_id for name in names])
    return {str(link.qbo_id): link for link in found}
