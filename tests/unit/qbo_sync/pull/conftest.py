"""A connected company, and an import from its button to its report."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from associates.models import Associate
from qbo_simulator import Simulator
from qbo_sync.connection.client import _throttles, client_for
from qbo_sync.models import Connection, ImportList, Run
from qbo_sync.models.states import RunState
from qbo_sync.pull.begin import begin_import
from qbo_sync.pull.importing import run_import
from qbo_sync.runs import moves
from qbo_sync.runs.lease import claim
from tests.quickbooks import QuickBooks, connected, simulated


@pytest.fixture(autouse=True)
def _far_below_the_limits(settings: Any) -> Iterator[None]:
    """Redis counts the requests of all tests together: no test waits, or keeps its lease up, for the others' sake."""
    settings.QBO_REQUESTS_PER_MINUTE = settings.QBO_REQUESTS_PER_SECOND = settings.QBO_BATCHES_PER_MINUTE = 100_000
    settings.QBO_HEARTBEAT_SECONDS = 60
    _throttles.cache_clear()
    yield
    _throttles.cache_clear()


@pytest.fixture
def quickbooks() -> Iterator[QuickBooks]:
    """QuickBooks with a company that has nothing but its own lists."""
    with simulated("empty") as running:
        yield running


@pytest.fixture
def connection(transactional_db: None, quickbooks: QuickBooks, owner: Associate) -> Connection:
    return connected(quickbooks, owner)


def queued(connection: Connection, which: ImportList) -> Run:
    """The run that the list's button makes."""
    actor = connection.connected_by
    assert actor is not None
    return begin_import(connection, which, actor=actor, now=timezone.now())


def imported(connection: Connection, which: ImportList, *, page_size: int = 1000) -> Run:
    """Pressed, and carried out as it was shown, where there is anything to carry out."""
    run = carried_on(queued(connection, which), page_size=page_size)
    return finished(run, page_size=page_size)


def finished(run: Run, *, page_size: int = 1000) -> Run:
    """“Next”, where a plan is shown."""
    if run.state == RunState.PLANNED:
        assert moves.queue(run)
        return carried_on(run, page_size=page_size)
    return run


def carried_on(run: Run, *, page_size: int = 1000, between_pages: Callable[[], None] = lambda: None) -> Run:
    """The run as it is after the engine has been at it."""
    lease = claim(run.connection_id)
    assert lease is not None
    try:
        with client_for(run.connection) as client:
            run_import(run, client, lease, page_size=page_size, between_pages=between_pages)
    finally:
        lease.release()
    run.refresh_from_db()
    return run


def during_the_first_page(monkeypatch: pytest.MonkeyPatch, action: Callable[[], object]) -> None:
    """Let something happen at the moment at which QuickBooks is asked for the first page of a list."""
    waiting = [action]

    def act(statement: str) -> None:
        if waiting and statement.startswith("SELECT *"):
            waiting.pop()()
            connections.close_all()  # this is the reader's thread

    at_each_query(monkeypatch, act)


def at_each_query(monkeypatch: pytest.MonkeyPatch, action: Callable[[str], object]) -> None:
    """Call `action` with each statement when it arrives at QuickBooks."""
    serve = Simulator.__call__

    def called(app: Simulator, environ: dict[str, Any], start: Any) -> Any:
        if environ["PATH_INFO"].endswith("/query"):
            body = environ["wsgi.input"].read()
            environ["wsgi.input"] = io.BytesIO(body)
            action(body.decode())
        return serve(app, environ, start)

    monkeypatch.setattr(Simulator, "__call__", called)


def outcomes(run: Run) -> dict[str, tuple[str, str]]:
    """Outcome and note of each row by its name."""
    return {row.name: (row.outcome, row.note) for row in run.rows.all()}
