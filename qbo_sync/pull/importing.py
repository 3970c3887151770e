"""Importing one list: pages are read ahead by a thread that does HTTP only, and applied one by one under the lease.

Each page is one transaction, with the run's report. An import that broke off can be begun again at any time: what it
has linked is found linked, and its report goes on.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from qbo_sync.api.company import CompanyClient
from qbo_sync.api.errors import QboError
from qbo_sync.api.query import ACTIVE_AND_NOT, MAX_RESULTS
from qbo_sync.connection.trouble import in_words
from qbo_sync.directory.rows import Row
from qbo_sync.models import ImportList, Link, Run
from qbo_sync.models.kinds import NAME_ENTITIES
from qbo_sync.models.states import RunState
from qbo_sync.pull.catalog import LISTS, Import, import_of
from qbo_sync.pull.report import Report
from qbo_sync.runs.company import read_company
from qbo_sync.runs.lease import Lease
from qbo_sync.runs.moves import move_run
from smmware.core.history import acting

WAITS = (
    "Records are on their way to QuickBooks whose answers are awaited. The import begins by itself once they are here."
)
KEPT = "What was read completely before that is kept; press the button again to go on."


class _Stopped(Exception):
    """Somebody cancelled the run."""


class _MustWait(Exception):
    """What was let through between two pages has left a name behind whose answer is lost."""


def run_import(
    run: Run, client: CompanyClient, lease: Lease, *,
    page_size: int = MAX_RESULTS, between_pages: Callable[[], None] = lambda: None,
) -> bool:  # fmt: skip
    """Carry an import out, holding the lease of its connection.

    Args:
        page_size: rows of a page, up to 1,000.
        between_pages: lets through what is shorter than the rest.

    Returns False where it has to wait, because a name is being written whose answer is not recorded yet (an open
    reservation): the run stays queued. True where it is over: done, failed with words, or cancelled.
    Raises LeaseLost.
    """
    if _a_name_is_on_its_way(run):
        return _wait(run, lease)
    if not _move(run, lease, RunState.RUNNING, started_at=run.started_at or timezone.now(), message=""):
        return True
    try:
        _read(run, client, lease, page_size, between_pages)
    except QboError as error:
        _move(run, lease, RunState.FAILED, finished_at=timezone.now(), message=f"{in_words(error)} {KEPT}")
    except _Stopped:
        return True
    except _MustWait:
        return _wait(run, lease)
    else:
        _move(run, lease, RunState.DONE, finished_at=timezone.now())
    return True


def _a_name_is_on_its_way(run: Run) -> bool:
    """Whether a name is reserved whose answer is not recorded: it might be imported as somebody new."""
    return Link.objects.filter(connection=run.connection, entity__in=NAME_ENTITIES, qbo_id__isnull=True).exists()


def _wait(run: Run, lease: Lease) -> bool:
    _move(run, lease, RunState.QUEUED, message=WAITS)
    return False


def _read(run: Run, client: CompanyClient, lease: Lease, page_size: int, between_pages: Callable[[], None]) -> None:
    which = ImportList(run.import_list)
    entity, work, report = LISTS[which].entity, import_of(which, run.connection), Report(run.report)
    if which == ImportList.ACCOUNTS:  # the first that is imported: the page of settings depends on it
        read_company(run.connection, client, lease)
    started, seen = timezone.now(), set[str]()
    run.size = client.count(entity, ACTIVE_AND_NOT)
    Run.objects.filter(pk=run.pk).update(size=run.size)
    pages = client.pages(entity, include_inactive=True, page_size=page_size)
    for page in lease.while_reading(pages):
        seen.update(str(row["Id"]) for row in page)
        _apply(run, lease, work, page, report, len(seen))
        between_pages()
        if _a_name_is_on_its_way(run):
            raise _MustWait
    with lease.transaction():
        work.complete(seen, at=started)


def _apply(run: Run, lease: Lease, work: Import, page: Sequence[Row], report: Report, progress: int) -> None:
    """One page, one transaction. Tried a second time where somebody saved a clashing record at the same moment."""
    try:
        _apply_once(run, lease, work, page, report, progress)
    except IntegrityError:
        _apply_once(run, lease, work, page, report, progress)


def _apply_once(run: Run, lease: Lease, work: Import, page: Sequence[Row], report: Report, progress: int) -> None:
    with lease.transaction(), acting(lambda: run.asked_by):
        for row in work.apply(page, by=run.asked_by, at=timezone.now()):
            report.add(row)
        running = Run.objects.filter(pk=run.pk, state=RunState.RUNNING)
        if not running.update(progress=progress, size=max(run.size, progress), report=report.stored()):
            raise _Stopped


def _move(run: Run, lease: Lease, target: RunState, **values: Any) -> bool:
    """Move the run, where the claim is still ours. A run that is in this state already gets the values alone.

    False where somebody cancelled it meanwhile.
    """
    with lease.transaction():
        return move_run(run, target, **values) or bool(Run.objects.filter(pk=run.pk, state=target).update(**values))
