"""Importing a list: pages are read ahead by a thread that does HTTP only, and worked on one by one under the lease.

The short lists are applied as they are read. Names are planned first: all pages are read without touching our records,
then the run waits for “Next” (`qbo_sync.pull.planning`); carried out, it applies what was shown
(`qbo_sync.pull.applying`). Each page is one transaction, so an import that broke off goes on: a reading of names behind
the last row that is planned, a short list, of a page or two, from its beginning.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from qbo_sync import directory
from qbo_sync.api.company import CompanyClient
from qbo_sync.api.errors import ListChanged, QboError
from qbo_sync.api.query import ACTIVE_AND_NOT, MAX_RESULTS
from qbo_sync.connection.trouble import in_words
from qbo_sync.directory.rows import Row
from qbo_sync.models import ImportList, ImportRow, Link, Outcome, Run
from qbo_sync.models.kinds import NAME_ENTITIES
from qbo_sync.models.states import RunState
from qbo_sync.pull import report
from qbo_sync.pull.applying import Applying
from qbo_sync.pull.catalog import LISTS, PEOPLE, Import, import_of
from qbo_sync.pull.planning import READ, Planning, not_wanted
from qbo_sync.runs.company import read_company
from qbo_sync.runs.lease import Lease
from qbo_sync.runs.moves import has_expired, move_run
from smmware.core.history import acting

log = logging.getLogger(__name__)
WAITS = (
    "Records are on their way to QuickBooks whose answers are awaited. The import begins by itself once they are here."
)
KEPT = "What was imported before that is kept; press the button again to go on."
NOTHING_DONE = "Nothing was changed here; “Go on” reads the rest."


PART = 250  # rows that are worked on at once


class _Stopped(Exception):
    """Somebody cancelled the run."""


class _MustWait(Exception):
    """What was let through between two pages has left a name behind whose answer is lost."""


def run_import(
    run: Run, client: CompanyClient, lease: Lease, *,
    page_size: int = MAX_RESULTS, between_pages: Callable[[], None] = lambda: None,
) -> bool:  # fmt: skip
    """Carry an import on, holding the lease of its connection.

    Args:
        page_size: rows of a page, up to 1,000.
        between_pages: lets through what is shorter than the rest.

    Returns False where it has to wait, because a name is being written whose answer is not recorded yet (an open
    reservation): the run stays queued. True where it is over, or waits for a person: planned, done, failed with words,
    or cancelled.
    Raises LeaseLost.
    """
    if _a_name_is_on_its_way(run):
        return _wait(run, lease)
    if not _move(run, lease, RunState.RUNNING, started_at=run.started_at or timezone.now(), message=""):
        return True
    work = Importing(run, client, lease, page_size, between_pages)
    try:
        work.go_on()
    except QboError as error:
        message = f"{in_words(error)} {NOTHING_DONE if work.plans else KEPT}"
        _move(run, lease, RunState.FAILED, finished_at=timezone.now(), message=message)
    except _Stopped:
        return True
    except _MustWait:
        return _wait(run, lease)
    return True


def _a_name_is_on_its_way(run: Run) -> bool:
    """Whether a name is reserved whose answer is not recorded: it might be imported as somebody new."""
    return Link.objects.filter(connection=run.connection, entity__in=NAME_ENTITIES, qbo_id__isnull=True).exists()


def _wait(run: Run, lease: Lease) -> bool:
    _move(run, lease, RunState.QUEUED, message=WAITS)
    return False


class Importing:
    """One run at work."""

    def __init__(
        self, run: Run, client: CompanyClient, lease: Lease, page_size: int, between_pages: Callable[[], None]
    ) -> None:
        self.run = run
        self.which = ImportList(run.import_list)
        self.plans = self.which in PEOPLE and run.planned_at is None
        self._client = client
        self._lease = lease
        self._page_size = page_size
        self._between_pages = between_pages

    def go_on(self) -> None:
        """Read, plan or apply, whichever comes next, to its end."""
        if self.plans:
            self._plan()
        elif self.which in PEOPLE:
            self._carry_out()
        else:
            self._import()

    def _import(self) -> None:
        """A short list: applied page by page as it is read."""
        if self.which == ImportList.ACCOUNTS:  # the first that is imported: the page of settings depends on it
            read_company(self.run.connection, self._client, self._lease)
        work = import_of(self.which, self.run.connection)
        self._read(LISTS[self.which].entity, lambda: _Direct(work, self.run))
        self._end(RunState.DONE, finished_at=timezone.now())

    def _plan(self) -> None:
        """Names: read to the end, without touching a record of ours."""
        people = PEOPLE[self.which]
        try:
            if kept := self._read_before():
                self._read(people.entity, lambda: Planning(people, self.run, but=kept.changed), kept)
                return
        except ListChanged:
            log.info("Import %s cannot go on where it was: the list is read again.", self.run.pk)
        with self._lease.transaction():
            self.run.rows.all().delete()  # of a reading that broke off
        self._read(people.entity, lambda: Planning(people, self.run))

    def _read_before(self) -> "_Kept | None":
        """What an earlier reading of this run has planned, None where there is nothing that can be gone on with.

        What was changed at QuickBooks since is read once more: its plan is stale.
        """
        ids = set(self.run.rows.values_list("qbo_id", flat=True)) if self.run.read_up_to else set()
        if not ids or has_expired(self.run):
            return None
        entity = PEOPLE[self.which].entity
        changed: dict[str, Row] = {}
        pages = directory.changed_since(self._client, entity, self.run.started_at)
        for page in self._lease.while_reading(pages):
            tokens = directory.sync_tokens(self.run.connection, entity, [str(row["Id"]) for row in page])
            for row in page:
                if row["Id"] in ids and tokens.get(row["Id"]) != row.get("SyncToken"):
                    changed[row["Id"]] = row
            if len(changed) > MAX_RESULTS:
                return None
        return _Kept(ids, self.run.read_up_to, changed)

    def _read(self, entity: str, begin: "Callable[[], Planning | _Direct]", kept: "_Kept | None" = None) -> None:
        started = self.run.started_at if self.plans and self.run.started_at else timezone.now()
        kept = kept or _Kept()
        seen, self.run.progress, self.run.read_up_to = kept.ids, len(kept.ids), kept.last
        with ThreadPoolExecutor(1, thread_name_prefix="qbo-reader") as reader:
            counting = reader.submit(self._client.count, entity, ACTIVE_AND_NOT)
            pages = self._client.pages(
                entity, include_inactive=True, page_size=self._page_size, expecting=counting.result,
                keep=READ if self.plans else (), read=frozenset(seen), last=kept.last,
            )  # fmt: skip
            reading = self._lease.while_reading(pages)  # asks for the first page already
            work = begin()
            self.run.size = self._lease.wait_for(counting)
        with self._lease.transaction():
            Run.objects.filter(pk=self.run.pk).update(size=self.run.size)
        if kept.changed:
            self._apply(lambda: self._plan_anew(work, kept.changed))
        for page in reading:
            seen.update(str(row["Id"]) for row in page)
            self._apply(lambda page=page: self._work_on(work, page))  # type: ignore[misc]
            self._pause()
        with self._lease.transaction():
            self.run.size = len(seen) + len(work.complete(seen, at=started))
            self._note(self.run.size)
            if self.plans:
                self._show()

    def _work_on(self, work: "Planning | _Direct", page: Sequence[Row]) -> int:
        self.run.read_up_to = str(page[-1]["Id"])
        return sum(len(work.page(part)) for part in _parts(page))

    def _plan_anew(self, work: "Planning | _Direct", rows: Mapping[str, Row]) -> int:
        """Rows that are planned already and were counted as such."""
        self.run.rows.filter(qbo_id__in=rows).delete()
        for part in _parts(list(rows.values())):
            work.page(part)
        return 0

    def _show(self) -> None:
        """The plan is complete: it waits for a person, unless there is nothing to carry out or to choose."""
        now, rows = timezone.now(), self.run.rows.filter(is_open=True)
        if rows.exists():
            waiting = rows.filter(outcome__in=(Outcome.NEW, Outcome.LINKED)).count()
            move_run(self.run, RunState.PLANNED, planned_at=now, waits_since=now, progress=self.run.size - waiting)
        else:
            move_run(self.run, RunState.DONE, planned_at=now, finished_at=now)

    def _carry_out(self) -> None:
        """What was planned, once more compared with what is at QuickBooks now."""
        people = PEOPLE[self.which]
        self._look_again(people.entity)
        work = Applying(people, self.run)
        while self._apply(lambda: self._carry_on(work)):
            self._pause()
        self._end(RunState.DONE, finished_at=timezone.now(), progress=self.run.size)

    def _look_again(self, entity: str) -> None:
        """Bring the directory up to date with what was changed and what was taken away since the plan was made."""
        asked, reading = (self.run.connection, self._client, entity), self._lease.while_reading
        with ThreadPoolExecutor(1, thread_name_prefix="qbo-reader") as reader:
            counting = reader.submit(self._client.count, entity, ACTIVE_AND_NOT)
            directory.refresh_one(*asked, reading=reading)
            there = self._lease.wait_for(counting)
        directory.forget_gone(*asked, there=there, reading=reading)

    def _carry_on(self, work: Applying) -> int:
        rows = self._next_rows()
        if rows:
            work.page(rows, at=timezone.now())
        return len(rows)

    def _next_rows(self) -> list[ImportRow]:
        """Clients come before their jobs, which refer to their links: never both on one page."""
        decided = self.run.rows.filter(is_open=True).exclude(answer="").exclude(not_wanted(self.run)).order_by("pk")
        at_once = min(self._page_size, 2 * PART)
        clients = list(decided.filter(is_job=False)[:at_once])
        return clients or list(decided.filter(is_job=True)[:at_once])

    def _pause(self) -> None:
        self._between_pages()
        if not self.plans and _a_name_is_on_its_way(self.run):
            raise _MustWait

    def _apply(self, page: Callable[[], int]) -> int:
        """One page, one transaction: how many rows it had.

        Tried a second time where somebody saved a clashing record at the same moment.
        """
        try:
            return self._apply_once(page)
        except IntegrityError:
            return self._apply_once(page)

    def _apply_once(self, page: Callable[[], int]) -> int:
        with self._lease.transaction(), acting(lambda: self.run.actor):
            count = page()
            self._note(self.run.progress + count)
        return count

    def _note(self, progress: int) -> None:
        """Note how far it is; only while nobody has cancelled it."""
        self.run.progress, self.run.size = progress, max(self.run.size, progress)
        self.run.report = report.stored(report.counts(self.run))
        running = Run.objects.filter(pk=self.run.pk, state=RunState.RUNNING)
        how_far = {"progress": progress, "size": self.run.size, "read_up_to": self.run.read_up_to}
        if not running.update(report=self.run.report, **how_far):
            raise _Stopped

    def _end(self, state: RunState, **values: Any) -> None:
        _move(self.run, self._lease, state, **values)


@dataclass(frozen=True)
class _Kept:
    """What an interrupted reading has planned.

    ids: of all its rows, kept up.  last: the one that was read last.  changed: rows of these, changed since.
    """

    ids: set[str] = field(default_factory=set)
    last: str = ""
    changed: Mapping[str, Row] = field(default_factory=dict)


def _parts(page: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """A page in parts: what is made of a row weighs more than the row, and need not be there for a thousand at once."""
    return (page[start : start + PART] for start in range(0, len(page), PART))


class _Direct:
    """A short list that is applied as it is read."""

    def __init__(self, work: Import, run: Run) -> None:
        self._work = work
        self._run = run

    def page(self, rows: Sequence[Row]) -> list[ImportRow]:
        applied = self._work.apply(rows, by=self._run.actor, at=timezone.now())
        report.keep(self._run, applied)
        return applied

    def complete(self, seen: set[str], *, at: Any) -> list[ImportRow]:
        self._work.complete(seen, at=at)
        return []


def _move(run: Run, lease: Lease, target: RunState, **values: Any) -> bool:
    """Move the run, where the claim is still ours. A run that is in this state already gets the values alone.

    False where somebody cancelled it meanwhile.
    """
    with lease.transaction():
        return move_run(run, target, **values) or bool(Run.objects.filter(pk=run.pk, state=target).update(**values))
