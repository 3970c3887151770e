"""Short work before long, batch by batch: nobody's single record waits for somebody else's thousand."""

from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.models import Client
from qbo_sync import serve as serving
from qbo_sync.models import Connection, ImportList, Kind, Link, Run
from qbo_sync.models.states import RunState, StepState
from qbo_sync.pull import importing
from qbo_sync.pull.begin import begin_import
from qbo_sync.pull.importing import Importing
from qbo_sync.push.reversing import plan_reversal
from qbo_sync.push.updating import plan_update
from qbo_sync.runs import moves
from qbo_sync.runs.turns import COPIES, pieces
from qbo_sync.serve import serve
from tests.factories import ClientFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import (
    at_the_wire,
    connection,
    copied,
    mapped,
    planned,
    queued,
)

__all__ = ["connection", "mapped"]  # fixtures
pytestmark = pytest.mark.usefixtures("no_waiting")
LONG = 65  # three requests


@pytest.fixture(autouse=True)
def _looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "WAY_SECONDS", 0)


def update_of(connection: Connection, *clients: Client) -> Run:
    """An update of copied clients, asked for and waiting."""
    for client in clients:
        client.phone = "(608) 555-0199"
        client.save()
    assert connection.connected_by is not None
    run = plan_update(
        connection=connection, kind=Kind.CLIENT, ids={client.pk for client in clients}, actor=connection.connected_by,
        title="Update QBO", back_url="",
    )  # fmt: skip
    assert moves.queue(run)
    return run


def reversal_of(run: Run) -> Run:
    reversal = plan_reversal(run=run, actor=run.asked_by)
    assert moves.queue(reversal)
    return reversal


def written(quickbooks: QuickBooks, since: int) -> list[tuple[str, int]]:
    """The writing requests since then: what they did, and to how many."""
    rows = quickbooks.requests("write")[since:]
    return [(row["operations"][0]["operation"], len(row["operations"])) for row in rows]


def state(run: Run) -> str:
    run.refresh_from_db()
    return run.state


def test_the_shortest_comes_first(mapped: Connection, quickbooks: QuickBooks) -> None:
    run = copied(mapped, *ClientFactory.create_batch(LONG))
    reversal = reversal_of(run)
    other = queued(mapped, ClientFactory(name="Zoe Young"))
    before = len(quickbooks.requests("write"))

    assert serve(mapped.pk) is False

    assert written(quickbooks, before) == [("create", 1), ("update", 30), ("update", 30), ("update", 5)]
    assert (state(other), state(reversal)) == (RunState.DONE, RunState.DONE)


def test_a_copy_goes_between_two_batches_of_a_reversal(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    reversal = reversal_of(copied(mapped, *ClientFactory.create_batch(LONG)))
    client, runs = ClientFactory(name="Zoe Young"), []
    before = len(quickbooks.requests("write"))
    at_the_wire(quickbooks, monkeypatch, lambda: runs.append(queued(mapped, client)))

    assert serve(mapped.pk) is False

    assert written(quickbooks, before) == [("update", 30), ("create", 1), ("update", 30), ("update", 5)]
    assert (state(runs[0]), state(reversal)) == (RunState.DONE, RunState.DONE)


def test_an_update_goes_between_two_batches_of_a_copy(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names go one batch at a time, so that there is a place between them."""
    client, runs = ClientFactory(name="Amy Zimmer"), []
    copied(mapped, client)
    long = queued(mapped, *ClientFactory.create_batch(LONG))
    before = len(quickbooks.requests("write"))
    at_the_wire(quickbooks, monkeypatch, lambda: runs.append(update_of(mapped, client)))

    assert serve(mapped.pk) is False

    assert written(quickbooks, before) == [("create", 30), ("update", 1), ("create", 30), ("create", 5)]
    assert (state(runs[0]), state(long)) == (RunState.DONE, RunState.DONE)


def test_a_long_one_does_not_go_between_the_batches_of_a_short_one(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = copied(mapped, *ClientFactory.create_batch(LONG))
    queued(mapped, *ClientFactory.create_batch(35))
    before = len(quickbooks.requests("write"))
    at_the_wire(quickbooks, monkeypatch, lambda: reversal_of(made))

    serve(mapped.pk)

    assert [name for name, _ in written(quickbooks, before)] == ["create", "create", "update", "update", "update"]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """QuickBooks' list of customers, of which there are few, read in pages of ten."""
    monkeypatch.setattr("qbo_sync.runs.turns.MAX_RESULTS", 10)
    whole = importing.run_import
    monkeypatch.setattr(serving, "run_import", lambda *args, **more: whole(*args, **more, page_size=10))


def import_of_clients(connection: Connection) -> Run:
    assert connection.connected_by is not None
    return begin_import(connection, ImportList.CLIENTS, actor=connection.connected_by, now=timezone.now())


def planned_import(connection: Connection) -> Run:
    """The import of clients, read and waiting for its turn after “Next”."""
    run = import_of_clients(connection)
    serve(connection.pk)
    run.refresh_from_db()
    assert moves.queue(run)
    return run


@pytest.mark.usefixtures("small_pages")
@pytest.mark.sandbox
def test_a_copy_goes_between_two_pages_of_an_import(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = planned_import(mapped)
    client, seen = ClientFactory(name="Zoe Young"), []
    apply = Importing._apply

    def applied(work: Importing, page: Any) -> int:
        count = apply(work, page)
        if not seen:
            seen.append((queued(mapped, client), Link.objects.filter(origin="imported").count()))
        return count

    monkeypatch.setattr(Importing, "_apply", applied)
    at_the_wire(quickbooks, monkeypatch, lambda: seen.append(Link.objects.filter(origin="imported").count()))

    serve(mapped.pk)

    [(copy, after_one_page), when_it_was_sent] = seen
    assert (state(copy), state(imported)) == (RunState.DONE, RunState.DONE)
    assert 0 < after_one_page == when_it_was_sent < Link.objects.filter(origin="imported").count()
    assert Client.objects.filter(name="Zoe Young").count() == 1


@pytest.mark.usefixtures("small_pages")
@pytest.mark.sandbox
def test_what_it_leaves_behind_unclear_is_not_imported_as_somebody_new(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.QBO_SETTLE_SECONDS = 3600
    imported = planned_import(mapped)
    client, begun = ClientFactory(name="Zoe Young"), []
    apply = Importing._apply

    def applied(work: Importing, page: Any) -> int:
        count = apply(work, page)
        if not begun:
            begun.append(queued(mapped, client))
        return count

    monkeypatch.setattr(Importing, "_apply", applied)
    quickbooks.behave(rules=[{"match": {"entity": "Customer", "operation": "create"}, "then": {"drop": "after"}}])
    serve(mapped.pk)
    assert (state(imported), imported.message) == (RunState.QUEUED, importing.WAITS)
    assert begun[0].steps.get().state == StepState.UNKNOWN

    settings.QBO_SETTLE_SECONDS = 0
    quickbooks.behave()
    serve(mapped.pk)

    assert (state(imported), state(begun[0])) == (RunState.DONE, RunState.DONE)
    assert Client.objects.filter(name="Zoe Young").count() == 1


def test_the_pieces_are_found_in_one_query(mapped: Connection) -> None:
    run = copied(mapped, *ClientFactory.create_batch(31))
    reversal = reversal_of(run)
    imported = import_of_clients(mapped)
    queued(mapped, *ClientFactory.create_batch(61))
    queued(mapped, ClientFactory())
    planned(mapped, ClientFactory())

    with CaptureQueriesContext(database) as captured:
        found = pieces(mapped)

    assert [(piece.left, piece.key) for piece in found] == [(1, imported.pk), (1, COPIES), (2, reversal.pk)]
    assert len(captured) == 1
    assert [piece.key for piece in pieces(mapped, but={COPIES})] == [imported.pk, reversal.pk]
