"""Admin → “QuickBooks Online Connect”: there and back, and every wrong turn."""

import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
import time_machine
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from associates.models import Associate
from qbo_sync.api.oauth import DiscoveryCache
from qbo_sync.connection import authorize, environment
from qbo_sync.connection.trouble import RECONNECT
from qbo_sync.models import AuthorizationRequest, Connection, Entity, Link
from smmware.core.models import Company
from tests.factories import ClientFactory
from tests.quickbooks import QuickBooks, connected, simulated

CONNECT, START, CALLBACK, DISCONNECT = (
    reverse(f"qbo:{name}") for name in ("connect", "connect_start", "callback", "disconnect")
)


@pytest.fixture(autouse=True)
def _unknown_discovery(monkeypatch: pytest.MonkeyPatch) -> None:
    """No discovery document is remembered from the test before."""
    monkeypatch.setattr(environment, "DISCOVERY", DiscoveryCache())


@pytest.fixture
def quickbooks() -> Iterator[QuickBooks]:
    with simulated() as running:
        yield running


@pytest.fixture
def office(qbo_admin: Associate) -> Client:
    return signed_in(qbo_admin)


def signed_in(person: Associate) -> Client:
    office = Client()
    office.force_login(person)
    return office


def sentences(response: HttpResponse) -> list[str]:
    """What the page that follows will say."""
    return [str(message) for message in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]


def begun(office: Client) -> dict[str, str]:
    """What the browser was sent to Intuit with."""
    response = office.post(START)
    assert response.status_code == 302
    return {name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}


def allowed(quickbooks: QuickBooks, asked: dict[str, str]) -> dict[str, str]:
    """Sign in at Intuit, choose the company, “Authorize”; what the browser brings back."""
    return _decided(quickbooks, asked, "authorize")


def _decided(quickbooks: QuickBooks, asked: dict[str, str], decision: str) -> dict[str, str]:
    url = "/connect/oauth2"
    signed = {"step": "sign-in", "user": "owner@sandbox.example", "password": "sandbox"}
    quickbooks.http.post(url, query_string=asked, data=signed, base_url="http://qbo.test")
    answer = quickbooks.http.post(
        url, query_string=asked, data={"realm": quickbooks.realm_id, "decision": decision}, base_url="http://qbo.test"
    )
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def refused(response: HttpResponse) -> str:
    """The one sentence of a wrong turn, which leads to the connect page and connects nothing."""
    assert (response.status_code, response["Location"]) == (302, CONNECT)
    assert not Connection.objects.filter(is_active=True).exists()
    return sentences(response)[-1]


@pytest.mark.django_db
class TestThere:
    def test_the_page_says_what_the_manual_says_and_writes_nothing(
        self, office: Client, quickbooks: QuickBooks
    ) -> None:
        page = office.get(CONNECT).content.decode()

        assert "You are not currently authenticated" in page
        assert "Connect to QuickBooks</button>" in page
        assert not AuthorizationRequest.objects.exists()
        assert quickbooks.requests() == []

    def test_off_to_intuit(self, office: Client, quickbooks: QuickBooks, qbo_admin: Associate, settings: Any) -> None:
        asked = begun(office)

        request = AuthorizationRequest.objects.get()
        assert (request.asked_by, request.used_at) == (qbo_admin, None)
        assert asked.pop("state") not in (request.state_digest, request.session_digest)
        assert asked == {
            "client_id": "simulator-client",
            "response_type": "code",
            "scope": "com.intuit.quickbooks.accounting",
            "redirect_uri": settings.QBO_REDIRECT_URI,
        }

    def test_a_browser_may_follow_the_form_to_intuit(self, office: Client) -> None:
        directives = office.get(CONNECT)["Content-Security-Policy"].split("; ")

        assert "form-action 'self' http://qbo.test" in directives

    def test_intuit_out_of_reach(self, office: Client) -> None:
        with responses.RequestsMock():
            sentence = refused(office.post(START))

        assert sentence == "QuickBooks cannot be reached right now. Try again in a few minutes."
        assert not AuthorizationRequest.objects.exists()

    def test_not_while_connected(self, office: Client, quickbooks: QuickBooks, qbo_admin: Associate) -> None:
        connected(quickbooks, qbo_admin)

        response = office.post(START)

        assert sentences(response) == [
            "SMMware is connected to Sandbox Company already. Disconnect first if you want to connect again."
        ]

    def test_a_get_does_not_begin(self, office: Client) -> None:
        assert office.get(START).status_code == 405


@pytest.mark.django_db
class TestBack:
    def test_connected(self, office: Client, quickbooks: QuickBooks, qbo_admin: Associate) -> None:
        came = allowed(quickbooks, begun(office))
        now = timezone.now()

        response = office.get(CALLBACK, came)

        assert (response.status_code, response["Location"]) == (302, reverse("qbo:guide"))  # nothing is imported yet
        row = Connection.objects.get()
        name = quickbooks.query("select * from CompanyInfo")[0]["CompanyName"]
        assert sentences(response) == [f"SMMware is connected to {name}."]
        assert (row.environment, row.realm_id, row.company_name, row.state, row.is_active, row.connected_by) == (
            "simulator", quickbooks.realm_id, name, Connection.State.CONNECTED, True, qbo_admin,
        )  # fmt: skip
        assert row.connected_at is not None
        assert abs(row.connected_at - now).total_seconds() < 10
        assert 3500 < (row.access_expires_at - now).total_seconds() < 3610  # type: ignore[operator]
        page = office.get(CONNECT).content.decode()
        for word in (f"You are connected to {name}.", quickbooks.realm_id, "Simulator", str(qbo_admin), "Disconnect"):
            assert word in page

    def test_tokens_are_encrypted_at_rest_and_in_no_log(
        self, office: Client, quickbooks: QuickBooks, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG):
            office.get(CALLBACK, allowed(quickbooks, begun(office)))
            page = office.get(CONNECT).content.decode()

        row = Connection.objects.get()
        secrets = [str(row.access_token), str(row.refresh_token)]
        [stored] = Connection.objects.raw(
            "SELECT id, access_token || '' AS access, refresh_token || '' AS refresh FROM qbo_sync_connection"
        )
        for secret in secrets:
            assert len(secret) > 20
            assert secret not in caplog.text
            assert secret not in page
            assert secret not in (stored.access, stored.refresh)  # type: ignore[attr-defined]

    def test_refused_at_intuit(self, office: Client, quickbooks: QuickBooks) -> None:
        came = _decided(quickbooks, begun(office), "refuse")

        assert came["error"] == "access_denied"
        assert refused(office.get(CALLBACK, came)) == authorize.NOT_ALLOWED

    def test_a_state_is_good_once(self, office: Client, quickbooks: QuickBooks) -> None:
        came = allowed(quickbooks, begun(office))
        office.get(CALLBACK, came)
        Connection.objects.update(
            is_active=False, state="disconnected", access_token=None, refresh_token=None
        )  # fmt: skip

        assert refused(office.get(CALLBACK, came)) == authorize.NOT_BEGUN_HERE

    def test_a_made_up_state(self, office: Client, quickbooks: QuickBooks) -> None:
        came = allowed(quickbooks, begun(office))

        assert refused(office.get(CALLBACK, came | {"state": "made-up"})) == authorize.NOT_BEGUN_HERE
        assert refused(office.get(CALLBACK, {})) == authorize.NOT_BEGUN_HERE

    def test_a_state_of_another_browser_or_person(
        self, office: Client, quickbooks: QuickBooks, qbo_admin: Associate, admin: Associate
    ) -> None:
        admin.qbo_admin = True
        admin.save()
        came = allowed(quickbooks, begun(office))

        assert refused(signed_in(qbo_admin).get(CALLBACK, came)) == authorize.NOT_BEGUN_HERE
        assert refused(signed_in(admin).get(CALLBACK, came)) == authorize.NOT_BEGUN_HERE

    def test_a_state_that_is_too_old(self, office: Client, quickbooks: QuickBooks) -> None:
        came = allowed(quickbooks, begun(office))

        with time_machine.travel(timezone.now() + AuthorizationRequest.LIFETIME):
            assert refused(office.get(CALLBACK, came)) == authorize.NOT_BEGUN_HERE

    @pytest.mark.parametrize("realm", ["", "not-a-number", "1" * 31, "१२३"])
    def test_no_company(self, office: Client, quickbooks: QuickBooks, realm: str) -> None:
        came = allowed(quickbooks, begun(office)) | {"realmId": realm}

        assert refused(office.get(CALLBACK, came)) == authorize.NO_COMPANY

    def test_a_code_that_intuit_does_not_take(self, office: Client, quickbooks: QuickBooks) -> None:
        came = allowed(quickbooks, begun(office)) | {"code": "made-up"}

        assert refused(office.get(CALLBACK, came)) == authorize.CODE_REFUSED

    def test_keys_that_intuit_does_not_know(self, office: Client, quickbooks: QuickBooks, settings: Any) -> None:
        came = allowed(quickbooks, begun(office))
        settings.QBO_CLIENT_SECRET = "wrong"

        assert "QBO_CLIENT_ID" in refused(office.get(CALLBACK, came))

    def test_intuit_down_at_the_exchange(self, office: Client, quickbooks: QuickBooks) -> None:
        came = allowed(quickbooks, begun(office))
        fail(quickbooks, "*/tokens/bearer", 503)

        expected = "QuickBooks cannot be reached right now. Try again in a few minutes. Nothing was connected."
        assert refused(office.get(CALLBACK, came)) == expected

    def test_the_company_out_of_reach_gives_the_authorization_back(
        self, office: Client, quickbooks: QuickBooks
    ) -> None:
        came = allowed(quickbooks, begun(office))
        fail(quickbooks, "*/companyinfo/*", 503)

        assert "Nothing was connected." in refused(office.get(CALLBACK, came))
        assert [row["path"] for row in quickbooks.requests()][-1] == "/v2/oauth2/tokens/revoke"

    def test_reconnecting_the_same_company_finds_its_row(
        self, office: Client, quickbooks: QuickBooks, qbo_admin: Associate
    ) -> None:
        lost = connected(quickbooks, qbo_admin)
        Connection.objects.update(state=Connection.State.RECONNECT)
        assert RECONNECT in office.get(CONNECT).content.decode()

        office.get(CALLBACK, allowed(quickbooks, begun(office)))

        assert list(Connection.objects.values_list("pk", "state")) == [(lost.pk, "connected")]

    def test_another_company_than_one_where_nothing_is_linked_is_a_new_row(
        self, office: Client, quickbooks: QuickBooks, qbo_admin: Associate
    ) -> None:
        former = connected(quickbooks, qbo_admin)
        Connection.objects.update(realm_id="999")
        office.post(DISCONNECT)

        office.get(CALLBACK, allowed(quickbooks, begun(office)))

        rows = Connection.objects.order_by("pk").values_list("realm_id", "is_active")
        assert list(rows) == [("999", False), (quickbooks.realm_id, True)]
        assert Connection.objects.get(realm_id="999") == former


def fail(quickbooks: QuickBooks, path: str, status: int) -> None:
    quickbooks.behave(rules=[{"match": {"path": path}, "then": {"status": status}, "times": None}])


@pytest.mark.django_db
class TestDisconnect:
    def test_it_asks_first(self, office: Client, quickbooks: QuickBooks, qbo_admin: Associate) -> None:
        connected(quickbooks, qbo_admin)

        page = office.get(DISCONNECT).content.decode()

        assert "Disconnect from Sandbox Company" in page
        assert Connection.objects.get().is_connected
        assert quickbooks.requests() == []

    def test_revoked_there_and_wiped_here_but_the_links_stay(
        self, office: Client, quickbooks: QuickBooks, qbo_admin: Associate
    ) -> None:
        row = connected(quickbooks, qbo_admin)
        Link.objects.create(
            connection=row, client=ClientFactory(), entity=Entity.CUSTOMER, qbo_id="7", origin=Link.Origin.PUSHED,
            linked_by=qbo_admin, linked_at=timezone.now(),
        )  # fmt: skip

        response = office.post(DISCONNECT)

        assert sentences(response) == [
            "SMMware is disconnected from Sandbox Company. What is linked stays linked, for when you connect it again."
        ]
        self.wiped(row)
        assert [(request["path"], request["status"]) for request in quickbooks.requests()] == [
            ("/.well-known/openid_sandbox_configuration", 200),
            ("/v2/oauth2/tokens/revoke", 200),
        ]
        assert Link.objects.get().qbo_id == "7"

    def test_wiped_even_where_intuit_cannot_be_told(
        self, office: Client, quickbooks: QuickBooks, qbo_admin: Associate
    ) -> None:
        row = connected(quickbooks, qbo_admin)
        fail(quickbooks, "*/revoke", 503)

        response = office.post(DISCONNECT)

        self.wiped(row)
        assert len(sentences(response)) == 2
        assert "open Apps there and disconnect SMMware" in sentences(response)[1]

    def test_what_is_over_at_intuit_already_needs_no_word(
        self, office: Client, quickbooks: QuickBooks, qbo_admin: Associate
    ) -> None:
        row = connected(quickbooks, qbo_admin)
        Connection.objects.update(refresh_token="RT1-forgotten")

        assert len(sentences(office.post(DISCONNECT))) == 1
        self.wiped(row)

    def test_nothing_to_disconnect(self, office: Client) -> None:
        for response in (office.get(DISCONNECT), office.post(DISCONNECT)):
            assert (response.status_code, response["Location"]) == (302, CONNECT)

    def wiped(self, row: Connection) -> None:
        row.refresh_from_db()
        assert (row.state, row.is_active, row.access_token, row.refresh_token, row.access_expires_at) == (
            "disconnected", False, None, None, None,
        )  # fmt: skip
        assert row.disconnected_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "method"),
    [("connect", "get"), ("connect_start", "post"), ("callback", "get"), ("disconnect", "get"), ("disconnect", "post")],
)
class TestWhoMay:
    def test_not_a_qbo_admin(self, qbo_admin: Associate, admin: Associate, name: str, method: str) -> None:
        assert getattr(signed_in(admin), method)(reverse(f"qbo:{name}")).status_code == 403

    def test_integration_off(self, qbo_admin: Associate, company: Company, name: str, method: str) -> None:
        company.integration = Company.Integration.NO
        company.save()

        assert getattr(signed_in(qbo_admin), method)(reverse(f"qbo:{name}")).status_code == 404

    def test_signed_out(self, qbo_admin: Associate, name: str, method: str) -> None:
        response = getattr(Client(), method)(reverse(f"qbo:{name}"))

        assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("login"))
