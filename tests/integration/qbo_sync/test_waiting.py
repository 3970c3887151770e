"""“Needs your choice” as a list, and “Accept all exact”: shown before it is done."""
# ruff: noqa: F811 - fixtures are imported, and then asked for by their names

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from associates.models import Associate
from qbo_sync.models import Connection, Kind, Link, Run, Step
from qbo_sync.models.states import StepState
from smmware.core.permissions import Level
from tests.factories import AssociateFactory, ClientFactory, HourEntryFactory
from tests.integration.qbo_sync.test_copies import said, text
from tests.unit.qbo_sync.push.test_accepting import connection, customers, finished, states  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)
LIST, ACCEPT = "/quickbooks/choices/", "/quickbooks/choices/accept/"


@pytest.fixture
def run(connection: Connection, owner: Associate, customers: Callable[..., None]) -> Run:
    """A finished copy: two that fit exactly, one that is likely, and hours whose answer was lost."""
    customers("Zoe Young", "Ann Lee", "Whitfield, Bob")
    made = finished(
        connection, owner, *(ClientFactory(name=name) for name in ("Zoe Young", "Ann Lee", "Robert Whitfield"))
    )
    Step.objects.create(
        run=made, position=9, kind=Kind.HOUR_ENTRY, record_id=HourEntryFactory().pk, entity="TimeActivity",
        label="Packing", version_seen=1, state=StepState.NEEDS_CHOICE, message="Look at QuickBooks.", mend="match",
    )  # fmt: skip
    return made


def pair(run: Run, label: str, qbo_id: str) -> str:
    return f"client:{run.steps.get(label=label).record_id}:Customer:{qbo_id}"


def test_the_list_says_who_may_be_who(run: Run, office: Client) -> None:
    page = office.get(LIST)

    shown = text(page)
    assert "3 records have something like them at QuickBooks already." in shown
    assert "Ann Lee Client QBO Add All Ann Lee Customer 2 Exact The same name — Choose" in shown
    assert (
        "Robert Whitfield Client QBO Add All Whitfield, Bob Customer 3 Likely Bob is short for Robert — Choose" in shown
    )
    assert "Accept all exact (2)" in shown
    assert "Hours Packing Look at QuickBooks. Choose" in shown
    content = page.content.decode()
    assert content.count('type="checkbox" name="pair"') == 2
    assert reverse("qbo:choices", args=[run.pk, run.steps.get(label="Zoe Young").pk]) in content
    assert "QuickBooks Online Choices" in shown  # in the menu
    assert "4 records need your choice" in text(office.get("/"))


def test_a_copy_has_its_own_list_as_a_page_and_on_its_feedback(
    run: Run, connection: Connection, owner: Associate, office: Client
) -> None:
    other = finished(connection, owner, ClientFactory(name="Nobody There"))
    url = reverse("qbo:run_choices", args=[run.pk])

    assert "3 records have" in text(office.get(url))
    assert "Nobody There" not in text(office.get(url))
    part = office.get(url, headers={"HX-Request": "true"})
    assert (part.content.decode().lstrip().startswith('<div id="waiting">'), "Documents" in text(part)) == (True, False)
    assert f'hx-get="{url}"' in office.get(run.get_absolute_url()).content.decode()
    assert "1 record has something like it" in text(office.get(reverse("qbo:run_choices", args=[other.pk])))


def test_nothing_waits_and_nothing_is_connected(connection: Connection, office: Client) -> None:
    assert "Nothing needs your choice." in text(office.get(LIST))
    Connection.objects.update(is_active=False, state=Connection.State.DISCONNECTED)
    assert "Nothing needs your choice." in text(office.get(LIST))
    assert "Nothing of what you asked for can be accepted together." in text(office.get(ACCEPT))
    assert office.post(ACCEPT, {"pair": "client:1:Customer:1"})["Location"] == reverse("qbo:connect")


def test_accept_all_exact_shows_what_it_will_link_and_then_does_it(run: Run, office: Client) -> None:
    page = office.get(ACCEPT)
    shown = text(page)
    assert "2 records will be linked as you see here. Nothing is written at QuickBooks" in shown
    assert "Ann Lee Client Ann Lee Customer 2 The same name —" in shown
    assert "Robert Whitfield" not in shown
    pairs = [pair(run, "Ann Lee", "2"), pair(run, "Zoe Young", "1")]
    assert [row["waiting"].pair for row in page.context["rows"]] == pairs
    assert not Link.objects.exists()  # a GET writes nothing

    answer = office.post(ACCEPT, {"pair": pairs})

    assert (answer["Location"], said(answer)) == (LIST, ["2 records linked. Nothing was changed at QuickBooks."])
    assert states(run) == {
        "Zoe Young": "linked", "Ann Lee": "linked", "Robert Whitfield": "needs_choice", "Packing": "needs_choice",
    }  # fmt: skip


def test_only_the_ticked_ones(run: Run, office: Client) -> None:
    zoe = pair(run, "Zoe Young", "1")
    asked = {"ticked": "1", "run": run.pk, "pair": [zoe, pair(run, "Robert Whitfield", "3")]}

    page = office.get(ACCEPT, asked)
    assert [row["waiting"].pair for row in page.context["rows"]] == [zoe]

    answer = office.post(f"{ACCEPT}?run={run.pk}", {"pair": zoe})
    assert (answer["Location"], said(answer)) == (
        run.get_absolute_url(), ["1 record linked. Nothing was changed at QuickBooks."],
    )  # fmt: skip
    assert list(Link.objects.values_list("qbo_id", flat=True)) == ["1"]


def test_nothing_ticked_is_nothing_accepted(run: Run, office: Client) -> None:
    assert office.get(ACCEPT, {"ticked": "1"}).context["rows"] == []
    answer = office.post(ACCEPT)
    assert said(answer) == ["0 records linked. Nothing was changed at QuickBooks."]
    assert not Link.objects.exists()


@pytest.mark.parametrize("wrong", ["client:x:Customer:1", "", ":", "client:1:Customer:99999", "x" * 500])
def test_what_was_not_offered_is_left_and_told(wrong: str, run: Run, office: Client) -> None:
    answer = office.post(ACCEPT, {"pair": [wrong, pair(run, "Zoe Young", "1")]})

    told = "1 record linked. Nothing was changed at QuickBooks. 1 record of those shown changed meanwhile: look again."
    assert said(answer) == [told]
    assert Link.objects.count() == 1


@pytest.mark.parametrize("asked", ["x", "0", "9" * 30])
def test_a_copy_that_is_none_is_ignored(asked: str, run: Run, office: Client) -> None:
    assert len(office.get(ACCEPT, {"run": asked}).context["rows"]) == 2


def test_nobody_else_accepts(run: Run, qbo_admin: Associate, client_for: Callable[[Associate | None], Client]) -> None:
    owner = client_for(AssociateFactory(level=Level.COMPANY_OWNER, qbo_admin=False))
    assert owner.post(ACCEPT, {"pair": pair(run, "Zoe Young", "1")}).status_code == 403
    assert client_for(None).post(ACCEPT, {"pair": pair(run, "Zoe Young", "1")}).status_code == 302
    assert not Link.objects.exists()


def test_the_queries_of_the_list_do_not_grow_with_its_rows(
    connection: Connection, owner: Associate, customers: Callable[..., None], office: Client
) -> None:
    family = ("Abel", "Baker", "Cole", "Dorn", "Ebers", "Frost")
    names = [f"{first} {last}" for first in ("Zoe", "Ann", "Max", "Ivy", "Ned") for last in family]
    customers(*names)
    counts: list[Any] = []
    for chosen in (names[:1], names[1:]):
        finished(connection, owner, *(ClientFactory(name=name) for name in chosen))
        counts.append([])
        for url in (LIST, ACCEPT, "/"):
            with CaptureQueriesContext(database) as queries:
                assert office.get(url).status_code == 200
            counts[-1].append(len(queries))
    assert counts[0] == counts[1]
