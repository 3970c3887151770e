"""The life of a sign-in: caps, switches, several people, exact redirect URIs, scopes (qbo-api.md §1)."""

import base64
import hashlib
from typing import Any

import jwt
import pytest
from werkzeug.test import Client

from tests.simulator import connect
from tests.unit.qbo_simulator.company import REALM, Company
from tests.unit.qbo_simulator.pages import ACCOUNTING, CALLBACK, SIGN_IN, allow, asked, heading, returned, step

APP = ("simulator-client", "simulator-secret")
DAY = 86_400
ROBIN = {"email": "Robin@sandbox.example", "password": "secret", "given_name": "Robin", "family_name": "Vale"}


def token(client: Client, hard: bool = False, **form: str) -> Any:
    headers = {"x-include-refresh-token-hard-expires-in": "true"} if hard else {}
    return client.post("/oauth2/v1/tokens/bearer", data=form, auth=APP, headers=headers).get_json()


def refresh(client: Client, refresh_token: str, hard: bool = False) -> Any:
    return token(client, hard, grant_type="refresh_token", refresh_token=refresh_token)


def exchange(client: Client, code: str, **more: str) -> Any:
    return token(client, grant_type="authorization_code", code=code, redirect_uri=CALLBACK, **more)


def behave(client: Client, **controls: Any) -> None:
    answer = client.put("/_simulator/behaviour", json=controls)
    assert answer.status_code == 200, answer.text


def on(client: Client, seconds: int) -> None:
    behave(client, **{"clock.now": f"+{seconds}"})


def test_five_years_end_it_however_often_it_was_refreshed(client: Client) -> None:
    behave(client, **{"clock.frozen": True}, refresh_hard_seconds=150 * DAY, refresh_token_seconds=100 * DAY)
    first = connect(client)["refresh_token"]
    on(client, 90 * DAY)
    second = refresh(client, first, hard=True)
    assert (second["x_refresh_token_hard_expires_in"], second["x_refresh_token_expires_in"]) == (60 * DAY, 60 * DAY)
    on(client, 60 * DAY - 1)
    third = refresh(client, second["refresh_token"])
    assert third["x_refresh_token_expires_in"] == 1
    on(client, 1)
    assert refresh(client, third["refresh_token"])["error"] == "invalid_grant"


def test_a_hundred_days_are_counted_from_each_new_token(client: Client) -> None:
    behave(client, **{"clock.frozen": True}, refresh_token_seconds=100 * DAY)
    present = connect(client)["refresh_token"]
    for _ in range(3):
        on(client, 99 * DAY)
        present = refresh(client, present)["refresh_token"]
    on(client, 100 * DAY)
    assert refresh(client, present)["error"] == "invalid_grant"


@pytest.mark.parametrize(("way", "wanted"), [("remaining", 8_726_400 - 60), ("full", 8_726_400)])
def test_what_is_said_of_a_refresh_tokens_life(client: Client, way: str, wanted: int) -> None:
    behave(client, **{"clock.frozen": True}, refresh_expires_in=way)
    first = connect(client)["refresh_token"]
    on(client, 60)
    assert refresh(client, first)["x_refresh_token_expires_in"] == wanted


def test_the_largest_tokens(client: Client) -> None:
    behave(client, token_length="largest")
    given = connect(client)
    assert (len(given["access_token"]), len(given["refresh_token"])) == (4096, 512)
    assert refresh(client, given["refresh_token"])["token_type"] == "bearer"


@pytest.mark.parametrize(("way", "good"), [("ignored", True), ("checked", False)])
def test_pkce(client: Client, way: str, good: bool) -> None:
    behave(client, pkce=way)
    verifier = "v" * 43
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    proof = {"code_challenge": digest, "code_challenge_method": "S256"}
    assert "access_token" in exchange(client, allow(client, **proof)["code"], code_verifier=verifier)
    wrong = exchange(client, allow(client, **proof)["code"], code_verifier="other")
    assert ("access_token" in wrong) is good


@pytest.mark.parametrize(("way", "stays"), [("independent", True), ("replaces", False)])
def test_a_further_authorization_of_a_company(client: Client, way: str, stays: bool) -> None:
    behave(client, second_consent=way)
    first = connect(client)["refresh_token"]
    second = connect(client)["refresh_token"]
    assert ("access_token" in refresh(client, first)) is stays
    assert "access_token" in refresh(client, second)


@pytest.mark.parametrize(("way", "status"), [("400", 400), ("200", 200)])
def test_revoking_what_is_unknown(client: Client, way: str, status: int) -> None:
    behave(client, revoke_unknown=way)
    assert client.post("/v2/oauth2/tokens/revoke", json={"token": "x"}, auth=APP).status_code == status


def test_somebody_disconnects_the_app_at_quickbooks(company: Company) -> None:
    refreshing = connect(company.client)["refresh_token"]
    answer = company.client.post("/_simulator/disconnect", json={"realm_id": REALM})
    assert answer.get_json() == {"realm_id": REALM, "ended": 2}
    assert company.ask("GET", "customer/1").status_code == 401
    assert refresh(company.client, refreshing)["error"] == "invalid_grant"
    assert company.client.post("/_simulator/disconnect", json={"realm_id": "1"}).status_code == 400


def test_a_redirect_uri_must_be_registered_to_the_letter(client: Client) -> None:
    behave(client, loopback_redirects=False, redirect_uris=[CALLBACK])
    query = asked()
    assert client.get("/connect/oauth2", query_string=query).status_code == 200
    for uri in (f"{CALLBACK}/", CALLBACK.replace("http:", "https:"), f"{CALLBACK}?x=1", "http://127.0.0.1/x"):
        assert client.get("/connect/oauth2", query_string={**query, "redirect_uri": uri}).status_code == 400


def test_openid_alone_connects_no_company(client: Client) -> None:
    back = allow(client, scope="openid email")
    assert set(back) == {"code", "state"}
    given = exchange(client, back["code"])
    claims = jwt.decode(given["id_token"], options={"verify_signature": False})
    assert "realmid" not in claims
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    assert client.get("/v1/openid_connect/userinfo", headers=headers).status_code == 200
    assert client.get(f"/v3/company/{REALM}/customer/1", headers=headers).status_code == 403


def test_one_more_person_with_companies_of_their_own(client: Client) -> None:
    client.post("/_simulator/companies", json={"realm_id": "77", "name": "Second"})
    answer = client.post("/_simulator/users", json={**ROBIN, "companies": ["77"]})
    assert [(each["email"], each["companies"]) for each in answer.get_json()["users"]] == [
        ("owner@sandbox.example", None), ("robin@sandbox.example", ["77"]),
    ]  # fmt: skip
    query = asked(scope=f"{ACCOUNTING} openid")
    page = step(client, query, **{**SIGN_IN, "user": "robin@sandbox.example", "password": "secret"})
    assert "Second" in page.text
    assert REALM not in page.text
    step(client, query, step="consent", realm=REALM, decision="authorize")
    back = returned(step(client, query, step="consent", realm="77", decision="authorize"))
    assert back["realmId"] == "77"
    given = exchange(client, back["code"])
    person = client.get(
        "/v1/openid_connect/userinfo", headers={"Authorization": f"Bearer {given['access_token']}"}
    ).get_json()
    claims = jwt.decode(given["id_token"], options={"verify_signature": False})
    assert (person["givenName"], claims["sub"], claims["realmid"]) == ("Robin", person["sub"], "77")
    assert connect(client, "77")["realm_id"] == "77"


def test_a_wrong_password_signs_nobody_in(client: Client) -> None:
    client.post("/_simulator/users", json=ROBIN)
    for user, password in (("robin@sandbox.example", "sandbox"), ("nobody@sandbox.example", ""), ("", "")):
        page = step(client, asked(), **{**SIGN_IN, "user": user, "password": password})
        assert heading(page) == heading(client.get("/connect/oauth2", query_string=asked()))


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({**ROBIN, "email": "Owner@sandbox.example"}, "Somebody signs in as owner@sandbox.example already."),
        ({"email": "robin"}, "email must be an e-mail address, and password must be given."),
        ({**ROBIN, "companies": ["1"]}, f"companies must be a list of realm ids; there are {REALM}."),
        ({**ROBIN, "companies": "all"}, f"companies must be a list of realm ids; there are {REALM}."),
    ],
)
def test_people_who_cannot_be_added(client: Client, body: dict[str, Any], error: str) -> None:
    answer = client.post("/_simulator/users", json=body)
    assert (answer.status_code, answer.get_json()) == (400, {"error": error})


def test_tokens_of_nobody_are_not_given(client: Client) -> None:
    assert client.post("/_simulator/tokens", json={"user": "nobody@x"}).get_json() == {
        "error": "Nobody signs in as nobody@x."
    }
