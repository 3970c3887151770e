"""A reading that broke off between two pages goes on behind the last one, whatever happened at QuickBooks meanwhile."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from clients.models import Client
from qbo_sync.models import Connection, ImportList, Link, NameRecord, Run
from qbo_sync.models.states import RunState
from qbo_sync.pull.applying import TAKEN_HERE
from qbo_sync.pull.importing import run_import
from qbo_sync.pull.planning import SAME_NAME_COMES, SAME_NAME_LINKED
from qbo_sync.runs.lease import claim
from tests.factories import ClientFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.pull.conftest import at_each_query, carried_on, client_for, finished, outcomes, queued
from tests.unit.qbo_sync.pull.test_ten_imports import List, at_home

PAGE = 3


class Killed(BaseException):
    """What no code of ours catches, as nothing catches SIGKILL."""


@pytest.fixture
def customers(quickbooks: QuickBooks) -> List:
    """Eight customers, named by letters."""
    made = List(quickbooks, ImportList.CLIENTS, "Customer", at_home)
    made.ids = [made.make(f"Number {letter * 3}") for letter in "abcdefgh"]
    return made


def killed_after(run: Run, pages: int) -> Run:
    """The run as a worker leaves it that is killed when it has planned so many pages."""
    left = iter(range(pages - 1))
    lease = claim(run.connection_id)
    assert lease is not None

    def between() -> None:
        if next(left, None) is None:
            raise Killed

    with client_for(run.connection) as client, pytest.raises(Killed):
        run_import(run, client, lease, page_size=PAGE, between_pages=between)
    lease.release()
    run.refresh_from_db()
    return run


def started_before_what_is_there(run: Run) -> None:
    """The reading began when everything had been at QuickBooks for long, and broke off some time ago."""
    run.started_at = timezone.now() + dt.timedelta(minutes=6)
    run.save()


def asked_from_now_on(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that arrive, without those for counts."""
    asked: list[str] = []
    at_each_query(monkeypatch, lambda each: asked.append(each) if each.startswith("SELECT *") else None)
    return asked


def plan(run: Run) -> list[tuple[Any, ...]]:
    """Everything that is planned, by QBO ID, and what the run says of it."""
    columns = ("qbo_id", "name", "sync_token", "outcome", "answer", "is_open", "note", "candidates", "values")
    return [*run.rows.order_by("qbo_id").values_list(*columns), (run.state, run.size, run.progress, run.report)]


def planned_anew(connection: Connection) -> list[tuple[Any, ...]]:
    """What an undisturbed reading plans now, with nothing known before."""
    Run.objects.all().delete()
    NameRecord.objects.all().delete()
    return plan(carried_on(queued(connection, ImportList.CLIENTS), page_size=PAGE))


@pytest.mark.parametrize("pages", [1, 2, 3])
def test_the_pages_that_are_planned_are_not_asked_for_again(
    connection: Connection, customers: List, pages: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = killed_after(queued(connection, ImportList.CLIENTS), pages)
    assert (run.state, run.planned_at, run.rows.count()) == (RunState.RUNNING, None, 2 * pages + 1)
    before = set(run.rows.values_list("pk", flat=True))
    started_before_what_is_there(run)
    asked = asked_from_now_on(monkeypatch)

    after = carried_on(run, page_size=PAGE)

    assert min(int(each.split()[each.split().index("STARTPOSITION") + 1]) for each in asked) == 2 * pages + 1
    assert (after.state, after.size, after.rows.count()) == (RunState.PLANNED, 8, 8)
    assert before < set(after.rows.values_list("pk", flat=True))
    assert plan(after) == planned_anew(connection)


def test_what_changed_meanwhile_is_planned_as_it_is_now(connection: Connection, customers: List) -> None:
    ours = ClientFactory(name="Number AAA")
    run = killed_after(queued(connection, ImportList.CLIENTS), 2)
    assert outcomes(run)["Number aaa"] == ("linked", "The same name.")
    customers.write(customers.ids[0], DisplayName="Somebody Else")
    customers.write(customers.ids[1], DisplayName="Number AAA")
    customers.write(customers.ids[2], Active=False)
    customers.make("Number iii")

    after = carried_on(run, page_size=PAGE)

    assert after.rows.get(qbo_id=customers.ids[1]).answer == f"link:client:{ours.pk}"
    found = plan(after)
    assert {name: outcome for _, name, _, outcome, *_ in found[:-1]} == {
        "Somebody Else": "new", "Number AAA": "linked", "Number ccc (deleted)": "left_alone", "Number iii": "new",
        **{f"Number {letter * 3}": "new" for letter in "defgh"},
    }  # fmt: skip
    assert found == planned_anew(connection)


@pytest.mark.parametrize("gone", [0, 4, 6], ids=["a row that was planned", "the last one planned", "one to come"])
def test_what_was_merged_away_meanwhile_is_not_planned(connection: Connection, customers: List, gone: int) -> None:
    run = killed_after(queued(connection, ImportList.CLIENTS), 2)
    customers.delete(customers.ids[gone])
    customers.make("Number iii")

    after = carried_on(run, page_size=PAGE)

    assert customers.ids[gone] not in after.rows.values_list("qbo_id", flat=True)
    assert after.size == 8
    assert plan(after) == planned_anew(connection)


def test_who_is_taken_and_who_comes_in_is_known_from_before(connection: Connection, customers: List) -> None:
    """Names are compared over all pages, whichever worker read them."""
    ClientFactory(name="Number aaa")
    customers.write(customers.ids[6], DisplayName="aaa, Number")
    customers.write(customers.ids[7], DisplayName="ccc, Number")
    run = killed_after(queued(connection, ImportList.CLIENTS), 2)

    after = carried_on(run, page_size=PAGE)

    assert outcomes(after)["aaa, Number"] == ("choice", SAME_NAME_LINKED.format(name="Number aaa"))
    assert outcomes(after)["ccc, Number"] == ("choice", SAME_NAME_COMES.format(name="Number ccc"))
    assert plan(after) == planned_anew(connection)


def test_whom_the_plan_links_may_be_linked_by_somebody_else_before_it_goes_on(
    connection: Connection, customers: List, owner: Any
) -> None:
    ours = ClientFactory(name="Number aaa")
    run = killed_after(queued(connection, ImportList.CLIENTS), 2)
    Link.objects.create(
        connection=connection, client=ours, entity="Customer", qbo_id="999", origin="matched", linked_by=owner,
        linked_at=timezone.now(),
    )  # fmt: skip

    after = finished(carried_on(run, page_size=PAGE), page_size=PAGE)

    assert (after.state, Client.objects.count()) == (RunState.DONE, 8)
    assert after.rows.get(qbo_id=customers.ids[0]).note == TAKEN_HERE.format(name="Number aaa")


def test_a_reading_that_broke_off_long_ago_begins_again(connection: Connection, customers: List) -> None:
    run = killed_after(queued(connection, ImportList.CLIENTS), 2)
    before = set(run.rows.values_list("pk", flat=True))
    Run.objects.update(created_at=timezone.now() - dt.timedelta(days=1))
    run.refresh_from_db()

    after = carried_on(run, page_size=PAGE)

    assert (after.state, after.rows.count()) == (RunState.PLANNED, 8)
    assert not before & set(after.rows.values_list("pk", flat=True))
