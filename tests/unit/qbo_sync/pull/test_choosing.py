"""What a person says to a plan, and what the plan comes to by it."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from associates.models import Associate
from clients.models import Client
from organizations.models import Organization
from qbo_sync.models import Connection, ImportList, ImportRow, LeftOut, Link, Run
from qbo_sync.models.states import RunState
from qbo_sync.pull import choosing
from tests.factories import AssociateFactory, ClientFactory, OrganizationFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.pull.conftest import carried_on, finished, imported, outcomes, queued


def planned(connection: Connection, which: ImportList) -> Run:
    run = carried_on(queued(connection, which))
    assert run.state == RunState.PLANNED
    return run


def offered(row: ImportRow) -> list[tuple[str, str, bool]]:
    return [(each.answer, each.label, each.is_chosen) for each in choosing.options(row, row.run)]


def choose(run: Run, **answers: str) -> list[str]:
    """Answers by the names of the rows, blanks written as underscores."""
    rows = {row.name.replace(" ", "_"): row.pk for row in run.rows.all()}
    problems = choosing.choose(run, {rows[name]: answer for name, answer in answers.items()})
    run.refresh_from_db()
    return problems


def test_a_likely_one_is_linked_made_anew_or_left_out(connection: Connection, quickbooks: QuickBooks) -> None:
    ours = [ClientFactory(name=name) for name in ("Whitfield, Ann", "Whitfield, Bea", "Whitfield, Cyd")]
    made = {
        name: quickbooks.create("Customer", DisplayName=f"{name} Whitfield")["Id"] for name in ("Ann", "Bea", "Cyd")
    }
    run = planned(connection, ImportList.CLIENTS)
    assert run.report["counts"] == {"choice": 3}
    link = f"link:client:{ours[0].pk}"
    assert offered(run.rows.get(qbo_id=made["Ann"])) == [
        ("", "Choose…", True),
        (link, "Link with Whitfield, Ann", False),
        ("new:client", "New client", False),
        ("leave_out", "Leave it out", False),
    ]

    assert choose(run, Ann_Whitfield=link, Bea_Whitfield="new:client", Cyd_Whitfield="leave_out") == []

    assert (run.report["counts"], run.size - run.progress) == ({"new": 1, "linked": 1, "left_alone": 1}, 2)
    assert outcomes(run)["Ann Whitfield"] == ("linked", "The same name, written differently.")
    done = finished(run)
    assert done.state == RunState.DONE
    links = {link.qbo_id: (link.client_id, link.origin) for link in Link.objects.all()}
    new = Client.objects.get(name="Bea Whitfield")
    assert links == {made["Ann"]: (ours[0].pk, "matched"), made["Bea"]: (new.pk, "imported")}


def test_what_is_not_chosen_waits_for_the_next_import(connection: Connection, quickbooks: QuickBooks) -> None:
    ClientFactory(name="Whitfield, Ann")
    quickbooks.create("Customer", DisplayName="Ann Whitfield")
    quickbooks.create("Customer", DisplayName="Zoe Young")

    run = imported(connection, ImportList.CLIENTS)
    again = planned(connection, ImportList.CLIENTS)

    assert (run.state, run.report["counts"]) == (RunState.DONE, {"choice": 1, "new": 1})
    assert again.report["counts"] == {"choice": 1, "unchanged": 1}


def test_one_of_ours_is_not_linked_twice(connection: Connection, quickbooks: QuickBooks) -> None:
    ours = ClientFactory(name="Whitfield, Ann")
    for name in ("Ann Whitfield", "Ann-Whitfield"):
        quickbooks.create("Customer", DisplayName=name)
    run = planned(connection, ImportList.CLIENTS)
    link = f"link:client:{ours.pk}"

    problems = choose(run, **{"Ann_Whitfield": link, "Ann-Whitfield": link})

    assert problems == [choosing.TWICE.format(name=ours.name, row="Ann-Whitfield", other="Ann Whitfield")]
    assert run.report["counts"] == {"choice": 1, "linked": 1}


@pytest.mark.parametrize("answer", ["new:associate", "link:client:999", "link", "nonsense", "new:"])
def test_what_is_not_offered_is_not_taken(connection: Connection, quickbooks: QuickBooks, answer: str) -> None:
    quickbooks.create("Customer", DisplayName="Ann Whitfield")
    run = planned(connection, ImportList.CLIENTS)

    assert choose(run, Ann_Whitfield=answer) == [choosing.NOT_OFFERED.format(row="Ann Whitfield")]
    assert run.rows.get().answer == "new:client"


def test_a_vendor_becomes_an_organization_a_contractor_or_stays_out(
    connection: Connection, quickbooks: QuickBooks
) -> None:
    made = {name: quickbooks.create("Vendor", DisplayName=name)["Id"] for name in ("Badger", "Rosa Diaz", "Tax Office")}
    run = planned(connection, ImportList.VENDORS)
    assert offered(run.rows.get(name="Rosa Diaz")) == [
        ("new:organization", "New organization", True),
        ("new:associate", "New contractor associate", False),
        ("leave_out", "Leave it out", False),
    ]

    assert choose(run, Rosa_Diaz="new:associate", Tax_Office="leave_out") == []
    finished(run)

    rosa, badger = Associate.objects.get(kind="contractor"), Organization.objects.get()
    assert (rosa.first_name, rosa.last_name, rosa.username, badger.name) == ("Rosa", "Diaz", None, "Badger")
    links = {link.qbo_id: (link.entity, link.kind) for link in Link.objects.all()}
    assert links == {made["Badger"]: ("Vendor", "organization"), made["Rosa Diaz"]: ("Vendor", "associate")}


def test_what_was_left_out_stays_out_until_somebody_takes_it_in(connection: Connection, quickbooks: QuickBooks) -> None:
    quickbooks.create("Vendor", DisplayName="Tax Office")
    run = planned(connection, ImportList.VENDORS)
    choose(run, Tax_Office="leave_out")
    assert not LeftOut.objects.exists()
    finished(run)
    assert LeftOut.objects.count() == 1

    again = imported(connection, ImportList.VENDORS)
    assert outcomes(again) == {"Tax Office": ("left_alone", "You left it out.")}
    assert not Organization.objects.exists()

    third = planned(connection, ImportList.VENDORS)
    assert choose(third, Tax_Office="new:organization") == []
    finished(third)
    assert Organization.objects.get().name == "Tax Office"
    assert not LeftOut.objects.exists()


def test_inactive_ones_are_taken_in_where_somebody_says_so(connection: Connection, quickbooks: QuickBooks) -> None:
    made = quickbooks.create("Customer", DisplayName="Old Client")
    quickbooks.create("Customer", Id=made["Id"], SyncToken="0", sparse=True, Active=False)
    run = planned(connection, ImportList.CLIENTS)
    assert (run.report["counts"], run.size - run.progress) == ({"left_alone": 1}, 0)

    assert choosing.take_in(run, jobs=False, inactive=True)
    run.refresh_from_db()
    assert (run.report["counts"], run.size - run.progress) == ({"new": 1}, 1)
    finished(run)

    client = Client.objects.get()
    assert (client.name, client.is_active) == ("Old Client", False)
    assert outcomes(imported(connection, ImportList.CLIENTS)) == {"Old Client (deleted)": ("unchanged", "")}


def test_a_switch_turned_back_leaves_the_answers(connection: Connection, quickbooks: QuickBooks) -> None:
    made = quickbooks.create("Customer", DisplayName="Old Client")
    quickbooks.create("Customer", Id=made["Id"], SyncToken="0", sparse=True, Active=False)
    run = planned(connection, ImportList.CLIENTS)

    choosing.take_in(run, jobs=False, inactive=True)
    choosing.take_in(run, jobs=False, inactive=False)
    run.refresh_from_db()

    assert (run.report["counts"], run.rows.get().answer) == ({"left_alone": 1}, "new:client")
    assert finished(run).report["counts"] == {"left_alone": 1}
    assert not Client.objects.exists()


@pytest.mark.parametrize("answer", ["leave_out", "new:associate"])
def test_one_answer_for_all_of_an_outcome(connection: Connection, quickbooks: QuickBooks, answer: str) -> None:
    OrganizationFactory(name="Badger, Moving")
    for name in ("Moving Badger", "Rosa Diaz", "Tax Office"):
        quickbooks.create("Vendor", DisplayName=name)
    run = planned(connection, ImportList.VENDORS)
    assert run.report["counts"] == {"choice": 1, "new": 2}

    assert choosing.choose_for_all(run, "new", answer) == 2

    assert set(run.rows.values_list("name", "answer")) == {
        ("Moving Badger", ""), ("Rosa Diaz", answer), ("Tax Office", answer),
    }  # fmt: skip


PHONE = "(608) 555-0142"


@pytest.fixture
def alike(connection: Connection, quickbooks: QuickBooks) -> Run:
    """A plan that makes three anew, of whom two have a phone number of somebody here."""
    ClientFactory(name="Edith Berg", phone=PHONE)
    for name in ("Oscar Lund", "Rita Moss"):
        quickbooks.create("Customer", DisplayName=name, PrimaryPhone={"FreeFormNumber": PHONE})
    quickbooks.create("Customer", DisplayName="Zoe Young")
    run = planned(connection, ImportList.CLIENTS)
    assert run.report["counts"] == {"new": 3}
    return run


def names_alike(run: Run) -> set[str]:
    return set(choosing.alike(run).values_list("name", flat=True))


def test_who_resembles_somebody_here_is_asked_about_at_once(alike: Run) -> None:
    assert names_alike(alike) == {"Oscar Lund", "Rita Moss"}

    assert choosing.ask_about_alike(alike) == 2

    alike.refresh_from_db()
    assert (alike.report["counts"], alike.size - alike.progress) == ({"choice": 2, "new": 1}, 1)
    assert outcomes(alike)["Oscar Lund"] == ("choice", choosing.POSSIBLE)
    assert names_alike(alike) == set()
    edith = Client.objects.get()
    assert choose(alike, Oscar_Lund="new:client", Rita_Moss=f"link:client:{edith.pk}") == []
    assert outcomes(alike)["Oscar Lund"] == ("new", choosing.SOMEBODY_NEW)
    assert names_alike(alike) == set()
    assert finished(alike).report["counts"] == {"new": 2, "linked": 1}
    assert set(Client.objects.values_list("name", flat=True)) == {"Edith Berg", "Oscar Lund", "Zoe Young"}


def test_who_was_said_to_be_new_is_not_asked_about(alike: Run) -> None:
    assert choosing.choose_for_all(alike, "new", "new:client") == 3
    assert outcomes(alike)["Zoe Young"] == ("new", "")
    assert outcomes(alike)["Rita Moss"] == ("new", choosing.SOMEBODY_NEW)
    assert choosing.ask_about_alike(alike) == 0


def test_an_answer_taken_back_is_asked_for_again(alike: Run) -> None:
    assert choose(alike, Oscar_Lund="leave_out") == []
    assert names_alike(alike) == {"Rita Moss"}
    assert choose(alike, Oscar_Lund="new:client") == []
    assert names_alike(alike) == {"Rita Moss"}


@pytest.mark.parametrize("change", [{"state": RunState.CANCELLED}, {"planned_at": dt.timedelta(hours=2)}])
def test_a_plan_that_is_not_open_takes_no_answer(
    connection: Connection, quickbooks: QuickBooks, change: dict[str, Any]
) -> None:
    quickbooks.create("Vendor", DisplayName="Tax Office")
    run = planned(connection, ImportList.VENDORS)
    now = timezone.now()
    Run.objects.update(**{name: now - to if isinstance(to, dt.timedelta) else to for name, to in change.items()})

    assert choose(run, Tax_Office="leave_out") == [choosing.NOT_PLANNED]
    assert choosing.choose_for_all(run, "new", "leave_out") is None
    assert choosing.ask_about_alike(run) is None
    assert choosing.take_in(run, jobs=True, inactive=True) is False
    assert run.rows.get().answer == "new:organization"


def test_associates_who_are_contractors_here_are_told_not_linked(
    connection: Connection, quickbooks: QuickBooks
) -> None:
    AssociateFactory(first_name="Bob", last_name="Diaz", kind=Associate.Kind.CONTRACTOR)
    quickbooks.create("Employee", GivenName="Robert", FamilyName="Diaz")
    run = planned(connection, ImportList.ASSOCIATES)

    assert [answer for answer, _, _ in offered(run.rows.get())] == ["", "new:associate", "leave_out"]
    assert run.rows.get().candidates[0]["obstacle"].startswith("“Bob Diaz” is a contractor here")


def test_each_is_linked_with_the_one_it_may_be(connection: Connection, quickbooks: QuickBooks) -> None:
    """Not where one of ours may be two of theirs, nor where one of theirs may be two of ours."""
    for name in ("Whitfield, Ann", "Miller, Bob", "Young, Robert", "Bob Young"):
        ClientFactory(name=name)
    for name in ("Ann Whitfield", "Rob Miller", "Robert Miller", "Rob Young"):
        quickbooks.create("Customer", DisplayName=name)
    run = planned(connection, ImportList.CLIENTS)
    assert run.report["counts"] == {"choice": 4}

    assert choosing.link_the_likely(run) == (1, 3)

    assert {name: outcome for name, (outcome, _) in outcomes(run).items()} == {
        "Ann Whitfield": "linked", "Rob Miller": "choice", "Robert Miller": "choice", "Rob Young": "choice",
    }  # fmt: skip
    assert outcomes(run)["Ann Whitfield"] == ("linked", "The same name, written differently.")
    run.refresh_from_db()
    assert (run.report["counts"], run.size - run.progress) == ({"choice": 3, "linked": 1}, 1)
    assert not Link.objects.exists()  # before “Next” nothing is done


def test_one_that_is_spoken_for_is_not_linked_with_another(connection: Connection, quickbooks: QuickBooks) -> None:
    ours = ClientFactory(name="Miller, Bob")
    for name in ("Rob Miller", "Robert Miller"):
        quickbooks.create("Customer", DisplayName=name)
    run = planned(connection, ImportList.CLIENTS)
    assert choose(run, Rob_Miller=f"link:client:{ours.pk}") == []

    assert choosing.link_the_likely(run) == (0, 1)


def test_an_old_plan_links_nobody(connection: Connection, quickbooks: QuickBooks) -> None:
    quickbooks.create("Customer", DisplayName="Ann Whitfield")
    run = planned(connection, ImportList.CLIENTS)
    Run.objects.update(planned_at=timezone.now() - dt.timedelta(hours=2))

    assert choosing.link_the_likely(run) is None
