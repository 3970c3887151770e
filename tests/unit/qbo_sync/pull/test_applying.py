"""What changed since the plan was shown, here or at QuickBooks, is told and not applied: nothing is doubled."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from associates.models import Associate
from clients.models import Client, Job
from qbo_sync.models import Connection, ImportList, LeftOut, Link, NameRecord, Run
from qbo_sync.models.states import RunState
from qbo_sync.pull import choosing
from qbo_sync.pull.applying import (
    ADDED_HERE,
    CHANGED_HERE,
    CHANGED_THERE,
    LINKED_MEANWHILE,
    NO_CLIENT,
    NOT_THERE,
    TAKEN_HERE,
)  # fmt: skip
from qbo_sync.pull.jobs import SAME_JOB, TWO_JOBS
from qbo_sync.runs import moves
from smmware.core.models import Change
from tests.factories import ClientFactory, JobFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.pull.conftest import at_each_query, carried_on, finished, imported, outcomes, queued
from tests.unit.qbo_sync.pull.test_ten_imports import List, at_home


@pytest.fixture
def plan(connection: Connection, quickbooks: QuickBooks) -> Run:
    """A plan that makes Zoe Young anew and links Ann Whitfield."""
    ClientFactory(name="Ann Whitfield")
    quickbooks.create("Customer", DisplayName="Zoe Young")
    quickbooks.create("Customer", DisplayName="Ann Whitfield")
    run = carried_on(queued(connection, ImportList.CLIENTS))
    assert (run.state, run.report["counts"]) == (RunState.PLANNED, {"new": 1, "linked": 1})
    return run


def qbo_id(run: Run, name: str) -> str:
    return run.rows.get(name=name).qbo_id


def link(run: Run, client: Client, id: str) -> None:
    Link.objects.create(
        connection=run.connection, client=client, entity="Customer", qbo_id=id, origin="matched",
        linked_by=run.asked_by, linked_at=timezone.now(),
    )  # fmt: skip


def test_linked_meanwhile(plan: Run) -> None:
    somebody = ClientFactory(name="Zoe's own record")
    link(plan, somebody, qbo_id(plan, "Zoe Young"))

    run = finished(plan)

    assert outcomes(run) == {
        "Zoe Young": ("unchanged", LINKED_MEANWHILE), "Ann Whitfield": ("linked", "The same name."),
    }  # fmt: skip
    assert Client.objects.count() == 2


@pytest.mark.parametrize("name", ["Zoe Young", "Young, Zoe", "Zoey Young"])
def test_added_meanwhile(plan: Run, name: str) -> None:
    ClientFactory(name=name)

    run = finished(plan)

    assert outcomes(run)["Zoe Young"] == ("left_alone", ADDED_HERE.format(name=name))
    assert set(Client.objects.values_list("name", flat=True)) == {"Ann Whitfield", name}
    assert carried_on(queued(run.connection, ImportList.CLIENTS)).rows.get(name="Zoe Young").candidates


def test_another_likely_one_that_the_plan_had_shown_is_no_news(connection: Connection, quickbooks: QuickBooks) -> None:
    shown = ClientFactory(name="Young, Zoe")
    quickbooks.create("Customer", DisplayName="Zoe Young")
    run = carried_on(queued(connection, ImportList.CLIENTS))
    assert choosing.choose(run, {run.rows.get().pk: "new:client"}) == []
    shown.save()

    assert finished(run).report["counts"] == {"new": 1}
    assert Client.objects.count() == 2


def test_added_and_changed_while_it_is_carried_out(connection: Connection, quickbooks: QuickBooks) -> None:
    for name in ("Zoe Young", "Ann Whitfield", "Ole Berg", "Ida Holm"):
        quickbooks.create("Customer", DisplayName=name)
    run = carried_on(queued(connection, ImportList.CLIENTS))
    ClientFactory(name="Nobody Else")
    other = ClientFactory(name="Somebody Else")
    assert moves.queue(run)

    def meanwhile() -> None:
        ClientFactory(name="Ole Berg")
        changed_to(other, "Ida Holm")

    run = carried_on(run, page_size=2, between_pages=meanwhile)

    assert outcomes(run) == {
        "Zoe Young": ("new", ""), "Ann Whitfield": ("new", ""),
        "Ole Berg": ("left_alone", ADDED_HERE.format(name="Ole Berg")),
        "Ida Holm": ("left_alone", ADDED_HERE.format(name="Ida Holm")),
    }  # fmt: skip


def changed_to(client: Client, name: str) -> None:
    client.name = name
    client.save()


def changed(client: Client) -> None:
    client.phone = "(608) 555-0199"
    client.save()


@pytest.mark.parametrize("happened", [changed, Client.delete])
def test_ours_changed_meanwhile(plan: Run, happened: Callable[[Client], Any]) -> None:
    happened(Client.objects.get())

    run = finished(plan)

    assert outcomes(run)["Ann Whitfield"] == ("left_alone", CHANGED_HERE.format(name="Ann Whitfield"))
    assert list(Link.objects.values_list("client__name", flat=True)) == ["Zoe Young"]


def test_ours_linked_with_another_meanwhile(plan: Run) -> None:
    link(plan, Client.objects.get(), "999")

    assert outcomes(finished(plan))["Ann Whitfield"] == ("left_alone", TAKEN_HERE.format(name="Ann Whitfield"))


def test_theirs_changed_meanwhile(plan: Run, quickbooks: QuickBooks) -> None:
    for name in ("Zoe Young", "Ann Whitfield"):
        quickbooks.create(
            "Customer", Id=qbo_id(plan, name), SyncToken="0", sparse=True, DisplayName=f"{name} Inc."
        )  # fmt: skip

    run = finished(plan)

    assert set(outcomes(run).values()) == {("left_alone", CHANGED_THERE)}
    assert (Client.objects.count(), Link.objects.count()) == (1, 0)


def test_theirs_is_gone_meanwhile(plan: Run) -> None:
    plan.connection.names.all().delete()

    run = finished(plan)  # the directory is read wholly once more, and both are there

    assert run.report["counts"] == {"new": 1, "linked": 1}
    assert NOT_THERE not in {note for _, note in outcomes(run).values()}


@pytest.fixture
def theirs(quickbooks: QuickBooks) -> List:
    """QuickBooks' list of customers, of whom a merge takes one away."""
    return List(quickbooks, ImportList.CLIENTS, "Customer", at_home)


@pytest.mark.parametrize("also_made", [False, True], ids=["alone", "another one came instead"])
@pytest.mark.parametrize("name", ["Zoe Young", "Ann Whitfield"])
def test_what_a_merge_took_away_is_not_linked_with(plan: Run, theirs: List, name: str, also_made: bool) -> None:
    theirs.delete(qbo_id(plan, name))
    if also_made:  # so that there are as many as before
        theirs.make("Somebody New")

    run = finished(plan)

    assert (run.state, outcomes(run)[name]) == (RunState.DONE, ("left_alone", NOT_THERE))
    assert list(Link.objects.values_list("qbo_id", flat=True)) == [
        qbo_id(run, other) for other in ("Zoe Young", "Ann Whitfield") if other != name
    ]
    assert (
        sorted(Client.objects.values_list("name", flat=True)) == ["Ann Whitfield", "Zoe Young"][: 1 + (name[0] == "A")]
    )
    assert not run.connection.names.filter(display_name=name).exists()


@pytest.mark.parametrize("nth", [2, 3, 4], ids=["the count", "the whole list", "its count"])
def test_what_cannot_be_read_is_not_taken_for_gone(plan: Run, theirs: List, quickbooks: QuickBooks, nth: int) -> None:
    """The reading fails and so does the import; it goes on when QuickBooks answers again."""
    theirs.delete(qbo_id(plan, "Zoe Young"))
    NameRecord.objects.update(read_at=timezone.now() + dt.timedelta(hours=1))  # nothing was changed lately
    known = set(plan.connection.names.values_list("qbo_id", flat=True))
    rule = {"match": {"operation": "query", "nth": nth}, "then": {"status": 503}, "times": None}
    quickbooks.behave(rules=[rule])

    run = finished(plan)

    assert (run.state, Client.objects.count(), Link.objects.count()) == (RunState.FAILED, 1, 0)
    assert set(plan.connection.names.values_list("qbo_id", flat=True)) == known
    quickbooks.behave(rules=[])
    assert moves.queue(run)
    assert outcomes(carried_on(run)) == {
        "Zoe Young": ("left_alone", NOT_THERE), "Ann Whitfield": ("linked", "The same name."),
    }  # fmt: skip


def test_nothing_gone_costs_a_count(plan: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    NameRecord.objects.update(read_at=timezone.now() + dt.timedelta(hours=1))
    asked: list[str] = []
    at_each_query(monkeypatch, asked.append)

    assert finished(plan).report["counts"] == {"new": 1, "linked": 1}
    assert [each.split(" WHERE ")[0] for each in asked] == ["SELECT COUNT(*) FROM Customer"] * 2


# Sub-customers


@pytest.fixture
def family(quickbooks: QuickBooks) -> dict[str, str]:
    """A customer with two levels of sub-customers; QBO IDs by name."""
    top = quickbooks.create("Customer", DisplayName="Margaret Whitfield")["Id"]
    move = quickbooks.create("Customer", DisplayName="Spring move", Job=True, ParentRef={"value": top})["Id"]
    kitchen = quickbooks.create("Customer", DisplayName="Kitchen", Job=True, ParentRef={"value": move})["Id"]
    return {"Margaret Whitfield": top, "Spring move": move, "Kitchen": kitchen}


def with_jobs(connection: Connection) -> Run:
    run = carried_on(queued(connection, ImportList.CLIENTS))
    assert choosing.take_in(run, jobs=True, inactive=False)
    run.refresh_from_db()
    return run


def test_sub_customers_become_jobs_of_their_client(connection: Connection, family: dict[str, str]) -> None:
    run = with_jobs(connection)
    assert run.report["counts"] == {"new": 3}

    finished(run, page_size=2)

    client = Client.objects.get()
    assert list(Job.objects.order_by("pk").values_list("client", "name", "status")) == [
        (client.pk, "Spring move", "open"), (client.pk, "Spring move – Kitchen", "open"),
    ]  # fmt: skip
    links = {link.qbo_id: (link.kind, link.origin, bool(link.source_hash)) for link in Link.objects.all()}
    assert links == {
        family["Margaret Whitfield"]: ("client", "imported", True),
        family["Spring move"]: ("job", "imported", True),
        family["Kitchen"]: ("job", "imported", True),
    }
    assert imported(connection, ImportList.CLIENTS).report["counts"] == {"unchanged": 3}


def test_a_job_of_that_name_is_linked_and_not_doubled(connection: Connection, family: dict[str, str]) -> None:
    client = ClientFactory(name="Margaret Whitfield")
    ours = JobFactory(client=client, name="Spring Move")
    JobFactory(name="Kitchen")  # somebody else's

    run = finished(with_jobs(connection))

    assert outcomes(run)["Spring move"] == ("linked", SAME_JOB.format(client="Margaret Whitfield"))
    assert Link.objects.get(job=ours).qbo_id == family["Spring move"]
    assert client.jobs.count() == 2


def test_two_jobs_of_one_name_are_left_to_a_person(connection: Connection, family: dict[str, str]) -> None:
    client = ClientFactory(name="Margaret Whitfield")
    jobs = [JobFactory(client=client, name="Spring move") for _ in range(2)]

    run = with_jobs(connection)

    assert outcomes(run)["Spring move"] == ("choice", TWO_JOBS.format(client="Margaret Whitfield"))
    row = run.rows.get(name="Spring move")
    assert [each.answer for each in choosing.options(row, run)] == [
        "", *(f"link:job:{job.pk}" for job in jobs), "new:job", "leave_out",
    ]  # fmt: skip


def test_without_its_client_no_job_comes_in(connection: Connection, family: dict[str, str]) -> None:
    run = with_jobs(connection)
    assert choosing.choose(run, {run.rows.get(name="Margaret Whitfield").pk: "leave_out"}) == []

    run = finished(run)

    assert {outcomes(run)[name] for name in ("Spring move", "Kitchen")} == {("left_alone", NO_CLIENT)}
    assert not Job.objects.exists()


@pytest.mark.parametrize("confirms", [False, True], ids=["who asked", "who pressed “Next”"])
def test_whose_import_it_is_stands_in_history_and_links(
    connection: Connection, quickbooks: QuickBooks, owner: Associate, admin: Associate, confirms: bool
) -> None:
    quickbooks.create("Customer", DisplayName="Zoe Young", BillAddr={"Line1": "12 Elm Street"})
    quickbooks.create("Customer", DisplayName="Somebody Else")
    run = carried_on(queued(connection, ImportList.CLIENTS))
    assert run.asked_by == owner
    choosing.choose(run, {run.rows.get(name="Somebody Else").pk: "leave_out"})
    who = admin if confirms else owner

    assert moves.queue(run, actor=admin if confirms else None)
    carried_on(run)

    told = Change.objects.filter(content_type__app_label="clients").order_by("pk")
    assert list(told.values_list("content_type__model", "action", "actor")) == [
        ("client", 0, who.pk), ("address", 0, who.pk),
    ]  # fmt: skip
    assert (Link.objects.get().linked_by, LeftOut.objects.get().left_out_by) == (who, who)
