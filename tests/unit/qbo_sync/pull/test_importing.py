"""An import as a run: paged, safe to break off, never half a page, never beside a write that is under way."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from clients.models import Client
from qbo_sync import directory
from qbo_sync.connection.trouble import RECONNECT
from qbo_sync.models import Attempt, Connection, Entity, ImportList, Link, NameRecord, Run
from qbo_sync.models.states import RunState
from qbo_sync.pull.begin import SUPERSEDED, begin_import, latest_imports
from qbo_sync.pull.importing import KEPT, NOTHING_DONE, WAITS
from qbo_sync.runs import moves
from qbo_sync.runs.lease import LeaseLost
from tests.factories import ClientFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.pull.conftest import (
    at_each_query,
    carried_on,
    during_the_first_page,
    finished,
    imported,
    queued,
)  # fmt: skip


@pytest.fixture
def five(quickbooks: QuickBooks) -> list[str]:
    """Five customers; their QBO IDs."""
    return [quickbooks.create("Customer", DisplayName=f"Customer {number}")["Id"] for number in range(5)]


def fail_queries(quickbooks: QuickBooks, *, status: int, nth: int = 1) -> None:
    """Let QuickBooks answer all queries from the nth on with this HTTP status."""
    quickbooks.behave(
        rules=[{"match": {"operation": "query", "nth": nth}, "then": {"status": status}, "times": None}]
    )  # fmt: skip


def test_all_pages_are_read(connection: Connection, five: list[str]) -> None:
    run = imported(connection, ImportList.CLIENTS, page_size=2)

    assert (run.state, run.progress, run.size, run.report["counts"]) == ("done", 5, 5, {"new": 5})
    assert set(Link.objects.values_list("qbo_id", flat=True)) == set(five)


def test_lists_are_read_by_1000_in_order_of_id_with_inactive_ones(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    at_each_query(monkeypatch, asked.append)

    carried_on(queued(connection, ImportList.CLIENTS))

    where = "FROM Customer WHERE Active IN (true, false)"
    count, page = f"SELECT COUNT(*) {where}", f"SELECT * {where} ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000"
    assert sorted(asked) == [page, count, count]  # the first page and how many there are, side by side


def test_a_failed_page_fails_the_import_and_deletes_nothing(
    connection: Connection, quickbooks: QuickBooks, five: list[str]
) -> None:
    imported(connection, ImportList.CLIENTS)
    known = set(NameRecord.objects.values_list("qbo_id", "read_at"))
    quickbooks.create("Customer", DisplayName="A sixth")
    fail_queries(quickbooks, status=503, nth=3)

    run = imported(connection, ImportList.CLIENTS, page_size=2)

    assert run.state == RunState.FAILED
    assert run.message == f"QuickBooks cannot be reached right now. Try again in a few minutes. {NOTHING_DONE}"
    assert set(NameRecord.objects.values_list("qbo_id", "read_at")) == known
    assert (Client.objects.count(), Link.objects.count()) == (5, 5)


def test_a_failed_reading_is_read_again(connection: Connection, quickbooks: QuickBooks, five: list[str]) -> None:
    fail_queries(quickbooks, status=503, nth=3)
    run = imported(connection, ImportList.CLIENTS, page_size=2)
    assert (run.state, run.report["counts"]) == (RunState.FAILED, {"new": 2})
    assert not NameRecord.objects.filter(read_at__gt=directory.NEVER).exists()
    assert not Client.objects.exists()
    quickbooks.behave(rules=[])

    assert moves.queue(run)
    after = finished(carried_on(run, page_size=2), page_size=2)

    assert (after.state, after.report["counts"]) == (RunState.DONE, {"new": 5})
    assert (Client.objects.count(), Link.objects.count()) == (5, 5)


def test_a_failed_short_list_goes_on_with_the_report_it_had(connection: Connection, quickbooks: QuickBooks) -> None:
    for number in range(5):
        quickbooks.create("Class", Name=f"Class {number}")
    fail_queries(quickbooks, status=503, nth=3)
    run = imported(connection, ImportList.CLASSES, page_size=2)
    assert (run.state, run.report["counts"]) == (RunState.FAILED, {"new": 2})
    assert run.message == f"QuickBooks cannot be reached right now. Try again in a few minutes. {KEPT}"
    quickbooks.behave(rules=[])

    assert moves.queue(run)
    after = carried_on(run, page_size=2)

    assert (after.state, after.report["counts"], after.progress) == (RunState.DONE, {"new": 5}, 5)


def test_nothing_is_changed_before_next(connection: Connection, five: list[str]) -> None:
    ClientFactory(name="Customer 3")

    run = carried_on(queued(connection, ImportList.CLIENTS), page_size=2)

    assert (run.state, run.report["counts"], run.size, run.progress) == (
        RunState.PLANNED, {"new": 4, "linked": 1}, 5, 0,
    )  # fmt: skip
    assert (Client.objects.count(), Link.objects.count()) == (1, 0)
    after = finished(run, page_size=2)
    assert (after.state, after.report["counts"], after.progress) == (RunState.DONE, {"new": 4, "linked": 1}, 5)
    assert (Client.objects.count(), Link.objects.count()) == (5, 5)


def test_an_old_plan_is_not_carried_out(connection: Connection, five: list[str]) -> None:
    run = carried_on(queued(connection, ImportList.CLIENTS))
    Run.objects.update(planned_at=timezone.now() - dt.timedelta(hours=2))
    run.refresh_from_db()

    assert not moves.queue(run)
    again = begin_import(connection, ImportList.CLIENTS, actor=run.asked_by, now=timezone.now())
    run.refresh_from_db()
    assert again != run
    assert (run.state, run.message, set(run.rows.values_list("is_open", flat=True))) == (
        RunState.CANCELLED, SUPERSEDED, {False},
    )  # fmt: skip


def test_a_plan_that_waits_is_answered_by_the_button_unless_it_is_to_be_read_again(
    connection: Connection, five: list[str]
) -> None:
    plan = carried_on(queued(connection, ImportList.CLIENTS))

    assert queued(connection, ImportList.CLIENTS) == plan
    again = begin_import(connection, ImportList.CLIENTS, actor=plan.asked_by, now=timezone.now(), afresh=True)

    assert (again == plan, again.state) == (False, RunState.QUEUED)


def test_an_import_waits_while_an_answer_is_awaited(connection: Connection, five: list[str], owner: Any) -> None:
    sent = Run.objects.create(
        connection=connection, type=Run.Type.PUSH, title="Add QBO", asked_by=owner, created_at=timezone.now()
    )
    attempt = Attempt.objects.create(run=sent, request_id="r-1", body="{}", lease_number=1, sent_at=timezone.now())
    reserved = Link.objects.create(
        connection=connection, client=ClientFactory(name="Customer 1"), entity=Entity.CUSTOMER, qbo_id=None,
        origin=Link.Origin.PUSHED, attempt=attempt, linked_by=owner, linked_at=timezone.now(),
    )  # fmt: skip

    run = imported(connection, ImportList.CLIENTS)

    assert (run.state, run.message, run.report) == (RunState.QUEUED, WAITS, {})
    assert Client.objects.count() == 1
    reserved.delete()
    assert finished(carried_on(run)).report["counts"] == {"new": 4, "linked": 1}


def test_a_cancelled_import_applies_no_further_page(
    connection: Connection, five: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = queued(connection, ImportList.CLIENTS)
    during_the_first_page(monkeypatch, lambda: moves.cancel(Run.objects.get(pk=run.pk)))

    after = carried_on(run, page_size=2)

    assert (after.state, after.progress, after.report, after.rows.count()) == (RunState.CANCELLED, 0, {}, 0)
    assert not Client.objects.exists()
    assert not Link.objects.exists()


def test_a_cancelled_import_is_not_begun(connection: Connection, five: list[str]) -> None:
    run = queued(connection, ImportList.CLIENTS)
    moves.cancel(Run.objects.get(pk=run.pk))

    assert carried_on(run).state == RunState.CANCELLED
    assert not Client.objects.exists()


def test_an_import_that_lost_its_lease_writes_nothing_more(
    connection: Connection, five: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = queued(connection, ImportList.CLIENTS)
    during_the_first_page(monkeypatch, lambda: Connection.objects.update(lease_number=99, lease_until=None))

    with pytest.raises(LeaseLost):
        carried_on(run, page_size=2)

    assert not Client.objects.exists()
    after = finished(carried_on(Run.objects.get(pk=run.pk)))
    assert (after.state, after.report["counts"]) == (RunState.DONE, {"new": 5})


def test_a_lost_authorization_says_what_to_do(connection: Connection, quickbooks: QuickBooks) -> None:
    fail_queries(quickbooks, status=401)
    Connection.objects.update(refresh_token="RT1-not-known-at-intuit")

    run = imported(connection, ImportList.CLIENTS)

    assert (run.state, run.message) == (RunState.FAILED, f"{RECONNECT} {NOTHING_DONE}")
    connection.refresh_from_db()
    assert connection.state == Connection.State.RECONNECT


def test_the_button_pressed_twice_makes_one_run(connection: Connection, owner: Any) -> None:
    first = begin_import(connection, ImportList.ITEMS, actor=owner, now=timezone.now())
    again = begin_import(connection, ImportList.ITEMS, actor=owner, now=timezone.now())
    other = begin_import(connection, ImportList.TERMS, actor=owner, now=timezone.now())

    assert again == first
    assert latest_imports(connection) == {"items": first, "terms": other}
