"""Two companies at QuickBooks: the other one is told apart, needs a clear choice, and going back finds all again."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from associates.models import Associate
from qbo_sync.api.oauth import DiscoveryCache
from qbo_sync.connection import authorize, environment
from qbo_sync.models import (
    Account,
    AuthorizationRequest,
    Connection,
    Entity,
    ImportList,
    Link,
    Mapping,
    NameRecord,
    Purpose,
    Run,
)
from qbo_sync.models.states import RunState
from qbo_sync.pull.begin import begin_import
from qbo_sync.runs import moves
from qbo_sync.serve import serve
from qbo_sync.tasks import tidy
from tests.factories import ClientFactory
from tests.quickbooks import BASE_URL, QuickBooks, simulated

CONNECT, START, CALLBACK, OTHER, DISCONNECT = (
    reverse(f"qbo:{name}") for name in ("connect", "connect_start", "callback", "other_company", "disconnect")
)
SECOND = "4620816365000000077"


@pytest.fixture(autouse=True)
def _unknown_discovery(monkeypatch: pytest.MonkeyPatch) -> None:
    """No discovery document is remembered from the test before."""
    monkeypatch.setattr(environment, "DISCOVERY", DiscoveryCache())


@pytest.fixture
def quickbooks() -> Iterator[QuickBooks]:
    """Two companies: the simulator's own, and Second Books with nothing in it."""
    with simulated("empty") as running:
        body = {"realm_id": SECOND, "company": "empty", "name": "Second Books"}
        assert running.http.post("/_simulator/companies", json=body).status_code == 200
        yield running


@pytest.fixture
def first(office: Client, quickbooks: QuickBooks, qbo_admin: Associate) -> Connection:
    """Connected to the first company, with a client linked there; disconnected again."""
    back_from_intuit(office, quickbooks, quickbooks.realm_id)
    connection = Connection.objects.get()
    Link.objects.create(
        connection=connection, client=ClientFactory(name="Mary Ford"), entity=Entity.CUSTOMER, qbo_id="7",
        origin=Link.Origin.PUSHED, linked_by=qbo_admin, linked_at=timezone.now(),
    )  # fmt: skip
    office.post(DISCONNECT)
    connection.refresh_from_db()
    return connection


def back_from_intuit(office: Client, quickbooks: QuickBooks, realm_id: str) -> HttpResponse:
    """Sign in at Intuit, choose this company there, “Authorize”, and come back."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(office.post(START)["Location"]).query).items()}
    for data in (
        {"step": "sign-in", "user": "owner@sandbox.example", "password": "sandbox"},
        {"realm": realm_id, "decision": "authorize"},
    ):
        answer = quickbooks.http.post("/connect/oauth2", query_string=asked, data=data, base_url=BASE_URL)
    came = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
    assert came["realmId"] == realm_id
    return office.get(CALLBACK, came)  # type: ignore[return-value]


def rows() -> dict[str, str]:
    return dict(Connection.objects.values_list("realm_id", "state"))


def sentences(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def revoked(quickbooks: QuickBooks) -> int:
    return sum(row["path"] == "/v2/oauth2/tokens/revoke" for row in quickbooks.requests())


@pytest.mark.django_db
class TestTheChoice:
    def test_nothing_is_connected_before_it_is_made(
        self, office: Client, quickbooks: QuickBooks, first: Connection
    ) -> None:
        answer = back_from_intuit(office, quickbooks, SECOND)

        assert (answer.status_code, answer["Location"]) == (302, OTHER)
        assert rows() == {first.realm_id: "disconnected"}
        page = office.get(OTHER).content.decode()
        assert rows() == {first.realm_id: "disconnected"}
        for words in (
            "At QuickBooks you chose <strong>Second Books</strong>",
            f"SMMware has worked with <strong>{first}</strong>",
            "1 record is linked there.",
            "Every record here counts as not copied.",
            "Change to Second Books</button>",
            f"Stay with {first}</button>",
        ):
            assert words in page

    def test_change(self, office: Client, quickbooks: QuickBooks, first: Connection) -> None:
        back_from_intuit(office, quickbooks, SECOND)
        answer = office.post(OTHER, {"choice": "change"})

        assert sentences(answer)[-1] == "SMMware is connected to Second Books."
        assert rows() == {first.realm_id: "disconnected", SECOND: "connected"}
        assert Link.objects.values_list("connection__realm_id", "qbo_id").get() == (first.realm_id, "7")
        assert office.get("/clients/?qbo=there").context["table"].paginator.count == 0
        waiting = AuthorizationRequest.objects.order_by("-pk")[0]
        assert (waiting.access_token, waiting.refresh_token) == (None, None)

    def test_stay(self, office: Client, quickbooks: QuickBooks, first: Connection) -> None:
        back_from_intuit(office, quickbooks, SECOND)
        before = revoked(quickbooks)
        answer = office.post(OTHER, {"choice": "stay"})

        assert sentences(answer)[-1] == "Nothing was changed. The authorization was given back."
        assert rows() == {first.realm_id: "disconnected"}
        assert revoked(quickbooks) == before + 1
        assert office.get(OTHER)["Location"] == CONNECT

    def test_the_one_to_be_reconnected_is_given_up_only_by_choice(
        self, office: Client, quickbooks: QuickBooks, qbo_admin: Associate
    ) -> None:
        back_from_intuit(office, quickbooks, quickbooks.realm_id)
        Connection.objects.update(state=Connection.State.RECONNECT)
        begin_import(Connection.objects.get(), ImportList.ITEMS, actor=qbo_admin, now=timezone.now())

        assert back_from_intuit(office, quickbooks, SECOND)["Location"] == OTHER
        assert rows() == {quickbooks.realm_id: "reconnect"}
        assert "1 run there waits until then." in office.get(OTHER).content.decode()
        office.post(OTHER, {"choice": "change"})
        assert rows() == {quickbooks.realm_id: "disconnected", SECOND: "connected"}
        former = Connection.objects.get(realm_id=quickbooks.realm_id)
        assert (former.access_token, former.refresh_token, former.is_active) == (None, None, False)

    def test_it_is_made_once(self, office: Client, quickbooks: QuickBooks, first: Connection) -> None:
        back_from_intuit(office, quickbooks, SECOND)
        office.post(OTHER, {"choice": "stay"})
        answer = office.post(OTHER, {"choice": "change"})
        assert sentences(answer)[-1] == authorize.DECIDED_ALREADY
        assert rows() == {first.realm_id: "disconnected"}

    def test_by_whoever_began_in_that_browser_and_in_time(
        self, office: Client, quickbooks: QuickBooks, first: Connection, qbo_admin: Associate, admin: Associate
    ) -> None:
        back_from_intuit(office, quickbooks, SECOND)
        admin.qbo_admin = True
        admin.save()
        elsewhere, somebody = Client(), Client()
        elsewhere.force_login(qbo_admin)
        somebody.force_login(admin)
        for browser in (elsewhere, somebody):
            assert browser.get(OTHER)["Location"] == CONNECT
            browser.post(OTHER, {"choice": "change"})
        with time_machine.travel(timezone.now() + AuthorizationRequest.LIFETIME):
            assert (
                office.get(OTHER)["Location"] == "/sign-in/?next=" + OTHER or office.get(OTHER)["Location"] == CONNECT
            )
            office.post(OTHER, {"choice": "change"})
        assert rows() == {first.realm_id: "disconnected"}

    def test_somebody_else_connected_meanwhile(self, office: Client, quickbooks: QuickBooks, first: Connection) -> None:
        back_from_intuit(office, quickbooks, SECOND)
        Connection.objects.create(environment="simulator", realm_id="3", state="connected", is_active=True)
        before = revoked(quickbooks)
        answer = office.post(OTHER, {"choice": "change"})
        assert "is connected to QuickBooks company 3 already" in sentences(answer)[-1]
        assert revoked(quickbooks) == before + 1
        assert rows() == {first.realm_id: "disconnected", "3": "connected"}

    def test_what_nobody_decides_about_is_given_back(
        self, office: Client, quickbooks: QuickBooks, first: Connection
    ) -> None:
        back_from_intuit(office, quickbooks, SECOND)
        before = revoked(quickbooks)
        tidy()
        assert revoked(quickbooks) == before
        with time_machine.travel(timezone.now() + AuthorizationRequest.LIFETIME):
            tidy()
            tidy()
        assert revoked(quickbooks) == before + 1
        assert not AuthorizationRequest.objects.filter(refresh_token__isnull=False).exists()

    def test_the_tokens_that_wait_are_encrypted(
        self, office: Client, quickbooks: QuickBooks, first: Connection
    ) -> None:
        back_from_intuit(office, quickbooks, SECOND)
        [stored] = AuthorizationRequest.objects.raw(
            "SELECT id, refresh_token || '' AS stored FROM qbo_sync_authorizationrequest"
            " WHERE refresh_token IS NOT NULL"
        )
        assert len(str(stored.refresh_token)) > 20
        assert str(stored.refresh_token) not in stored.stored  # type: ignore[attr-defined]

    def test_the_same_company_again_needs_none(self, office: Client, quickbooks: QuickBooks, first: Connection) -> None:
        assert back_from_intuit(office, quickbooks, first.realm_id)["Location"] == reverse("qbo:guide")
        assert rows() == {first.realm_id: "connected"}

    def test_a_company_connected_by_mistake_does_not_count_as_linked(
        self, office: Client, quickbooks: QuickBooks, first: Connection
    ) -> None:
        back_from_intuit(office, quickbooks, SECOND)
        office.post(OTHER, {"choice": "change"})
        office.post(DISCONNECT)
        assert back_from_intuit(office, quickbooks, first.realm_id)["Location"] == reverse("qbo:guide")
        assert rows() == {first.realm_id: "connected", SECOND: "disconnected"}


def imported(connection: Connection, person: Associate) -> None:
    """The chart of accounts and the clients, imported by the engine."""
    for which in (ImportList.ACCOUNTS, ImportList.CLIENTS):
        run = begin_import(connection, which, actor=person, now=timezone.now())
        serve(connection.pk)
        run.refresh_from_db()
        if run.state == RunState.PLANNED:
            assert moves.queue(run)  # “Next”
            serve(connection.pk)
            run.refresh_from_db()
        assert run.state == RunState.DONE


@pytest.mark.django_db(transaction=True)
def test_there_and_back_again(office: Client, quickbooks: QuickBooks, qbo_admin: Associate) -> None:
    """Links, lists, mappings, names and the go-live date of each company are its own, and wait for it."""
    quickbooks.create("Customer", DisplayName="Rose Tyler")
    back_from_intuit(office, quickbooks, quickbooks.realm_id)
    first = Connection.objects.get()
    imported(first, qbo_admin)
    account = Account.objects.filter(connection=first, type="Bank", is_active=True)[0]
    Mapping.objects.create(connection=first, purpose=Purpose.PAID_FROM_BANK, account=account)
    Connection.objects.filter(pk=first.pk).update(copies_everything=True)
    kept = everything_of(first)
    assert kept["links"] == ["Rose Tyler"]
    office.post(DISCONNECT)

    back_from_intuit(office, quickbooks, SECOND)
    office.post(OTHER, {"choice": "change"})
    second = Connection.objects.get(is_active=True)
    assert everything_of(second) == {
        "links": [], "accounts": 0, "names": [], "mappings": [], "runs": [], "everything": False,
    }  # fmt: skip
    imported(second, qbo_admin)
    assert everything_of(first) == kept

    Link.objects.create(
        connection=second, client=ClientFactory(name="Second's"), entity=Entity.CUSTOMER, qbo_id="7",
        origin=Link.Origin.PUSHED, linked_by=qbo_admin, linked_at=timezone.now(),
    )  # fmt: skip
    office.post(DISCONNECT)
    assert back_from_intuit(office, quickbooks, first.realm_id)["Location"] == OTHER
    page = office.get(OTHER).content.decode()
    assert "was connected before: 1 record is linked there and 1 choice made." in page
    office.post(OTHER, {"choice": "change"})
    assert Connection.objects.get(is_active=True) == first
    assert everything_of(first) == kept
    [client] = office.get("/clients/?qbo=there").context["table"].data
    assert client.name == "Rose Tyler"


def everything_of(connection: Connection) -> dict[str, Any]:
    of = {"connection": connection}
    return {
        "links": sorted(str(link.client) for link in Link.objects.filter(**of, client__isnull=False)),
        "accounts": Account.objects.filter(**of).count(),
        "names": sorted(NameRecord.objects.filter(**of).values_list("display_name", flat=True)),
        "mappings": list(Mapping.objects.filter(**of).values_list("purpose", "account__name")),
        "runs": list(Run.objects.filter(**of).order_by("pk").values_list("title", "state")),
        "everything": Connection.objects.values_list("copies_everything", flat=True).get(pk=connection.pk),
    }
