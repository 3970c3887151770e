"""The pages of the sign-in (qbo-api.md §1.2)."""

from typing import Any

import pytest
from werkzeug.test import Client

from qbo_simulator import create_app
from tests.unit.qbo_simulator.company import REALM
from tests.unit.qbo_simulator.pages import CALLBACK, SIGN_IN, allow, asked, heading, returned, step


def test_the_way_from_sign_in_to_the_app(client: Client) -> None:
    query = asked()
    first = client.get("/connect/oauth2", query_string=query)
    assert (heading(first), "owner@sandbox.example" in first.text) == ("Sign in", True)
    companies = step(client, query, **SIGN_IN)
    assert (heading(companies), "Sandbox Company_US_1" in companies.text) == ("Choose a company", True)
    consent = step(client, query, step="company", realm=REALM)
    assert heading(consent) == "Authorize SMMware"
    assert '<button class="primary" name="decision" value="authorize">Authorize</button>' in consent.text
    back = step(client, query, step="consent", realm=REALM, decision="authorize")
    assert back.headers["Location"].startswith(f"{CALLBACK}?code=")
    assert {name: value for name, value in returned(back).items() if name != "code"} == {
        "state": "s1",
        "realmId": REALM,
    }


def test_who_is_signed_in_goes_on_to_the_company(client: Client) -> None:
    step(client, asked(), **SIGN_IN)
    assert heading(client.get("/connect/oauth2", query_string=asked())) == "Choose a company"


def test_a_wrong_password_is_told(client: Client) -> None:
    page = step(client, asked(), **{**SIGN_IN, "password": "wrong"})
    assert heading(page) == "Sign in"
    assert "The email or user ID or the password is not right." in page.text


def test_nobody_consents_without_signing_in(client: Client) -> None:
    page = step(client, asked(), step="consent", realm=REALM, decision="authorize")
    assert (page.status_code, heading(page)) == (200, "Sign in")


def test_refusing_goes_back_with_access_denied(client: Client) -> None:
    step(client, asked(), **SIGN_IN)
    back = step(client, asked(), step="consent", realm=REALM, decision="cancel")
    assert returned(back) == {"error": "access_denied", "state": "s1"}


def test_an_unknown_company_is_not_connected(client: Client) -> None:
    step(client, asked(), **SIGN_IN)
    page = step(client, asked(), step="consent", realm="1", decision="authorize")
    assert heading(page) == "Choose a company"


def test_without_an_accounting_scope_there_is_no_company(client: Client) -> None:
    query = asked(scope="openid email")
    assert heading(step(client, query, **SIGN_IN)) == "Authorize SMMware"
    back = returned(step(client, query, step="consent", decision="authorize"))
    assert set(back) == {"code", "state"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"client_id": "other"}, "The client_id query parameter value is not valid"),
        ({"client_id": None}, "The client_id query parameter value is not valid"),
        ({"redirect_uri": "https://example.com/callback"}, "The redirect_uri query parameter value is invalid"),
        ({"redirect_uri": "http://localhost.example.com/"}, "The redirect_uri query parameter value is invalid"),
        ({"redirect_uri": "http://[broken/"}, "The redirect_uri query parameter value is invalid"),
        ({"redirect_uri": None}, "The redirect_uri query parameter value is invalid"),
        ({"response_type": "token"}, "The response_type query parameter must be code"),
        ({"state": None}, "The scope and state query parameters are required"),
        ({"scope": None}, "The scope and state query parameters are required"),
    ],
)
def test_what_cannot_go_on_stays_on_intuits_page(client: Client, change: dict[str, Any], why: str) -> None:
    page = client.get("/connect/oauth2", query_string=asked(**change))
    assert (page.status_code, heading(page)) == (400, "Sorry, but the app didn't connect")
    assert why in page.text
    assert "Location" not in page.headers


@pytest.mark.parametrize("uri", ["http://127.0.0.1:9000/back", "http://[::1]:9000/back", "https://localhost/x",
                                 "http://localhost:8000/back?from=qbo"])  # fmt: skip
def test_any_address_on_loopback_is_registered(client: Client, uri: str) -> None:
    assert set(allow(client, redirect_uri=uri)) >= {"code", "state", "realmId"}


def test_other_addresses_can_be_registered() -> None:
    app = create_app(":memory:", redirect_uris=["https://office.example/callback"])
    assert "code" in allow(Client(app), redirect_uri="https://office.example/callback")
    app.database.close()


def test_pages_run_no_script_and_what_was_asked_is_escaped(client: Client) -> None:
    page = step(client, asked(scope="com.intuit.quickbooks.accounting <script>"), **SIGN_IN)
    assert "script" not in page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    consent = step(client, asked(scope="com.intuit.quickbooks.accounting <script>"), step="company", realm=REALM)
    assert "<script>" not in consent.text
    assert "&lt;script&gt;" in consent.text
