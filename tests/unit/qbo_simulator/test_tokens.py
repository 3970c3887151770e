"""Discovery, tokens, revoke, userinfo and jwks (qbo-api.md §1)."""

from typing import Any

import jwt
import pytest
import time_machine
from werkzeug.test import Client, TestResponse

from tests.simulator import connect
from tests.unit.qbo_simulator.company import REALM, Company
from tests.unit.qbo_simulator.pages import CALLBACK, allow

APP = ("simulator-client", "simulator-secret")
NOON = "2026-08-16T12:00:00-07:00"


def token(client: Client, auth: tuple[str, str] | None = APP, **form: str) -> TestResponse:
    return client.post("/oauth2/v1/tokens/bearer", data=form, auth=auth)


def exchange(client: Client, code: str, redirect_uri: str = CALLBACK) -> TestResponse:
    return token(client, grant_type="authorization_code", code=code, redirect_uri=redirect_uri)


def refresh(client: Client, refresh_token: str) -> TestResponse:
    return token(client, grant_type="refresh_token", refresh_token=refresh_token)


def works(client: Client, access_token: str) -> int:
    headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
    return client.get(f"/v3/company/{REALM}/companyinfo/{REALM}", headers=headers).status_code


@pytest.mark.parametrize("name", ["openid_configuration", "openid_configuration/", "openid_sandbox_configuration",
                                  "openid_sandbox_configuration/"])  # fmt: skip
def test_discovery_stands_on_the_host_that_was_asked(client: Client, name: str) -> None:
    root = "http://qbo.example:8001"
    assert client.get(f"/.well-known/{name}", base_url=root).get_json() == {
        "issuer": f"{root}/op/v1",
        "authorization_endpoint": f"{root}/connect/oauth2",
        "token_endpoint": f"{root}/oauth2/v1/tokens/bearer",
        "userinfo_endpoint": f"{root}/v1/openid_connect/userinfo",
        "revocation_endpoint": f"{root}/v2/oauth2/tokens/revoke",
        "jwks_uri": f"{root}/op/v1/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile", "address", "phone"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
    }


def test_a_code_gives_tokens_like_intuits(client: Client) -> None:
    answer = exchange(client, allow(client)["code"])
    given = answer.get_json()
    access, refreshing = given.pop("access_token"), given.pop("refresh_token")
    assert given == {"token_type": "bearer", "expires_in": 3600, "x_refresh_token_expires_in": 8726400}
    assert (access[:8], len(access.split(".")), 900 < len(access) < 1200) == ("eyJlbmMi", 5, True)
    assert (refreshing[:4], len(refreshing) < 100) == ("RT1-", True)
    assert answer.headers["Cache-Control"] == "no-cache, no-store"
    assert works(client, access) == 200


def test_a_code_is_used_once_and_its_second_use_ends_the_first(client: Client) -> None:
    code = allow(client)["code"]
    access = exchange(client, code).get_json()["access_token"]
    again = exchange(client, code)
    assert (again.status_code, again.get_json()) == (400, {"error": "invalid_grant"})
    assert works(client, access) == 401


def test_a_code_is_bound_to_its_redirect_uri_and_lives_ten_minutes(client: Client) -> None:
    assert exchange(client, allow(client)["code"], f"{CALLBACK}/").get_json() == {"error": "invalid_grant"}
    with time_machine.travel(NOON, tick=False) as clock:
        code = allow(client)["code"]
        clock.shift(601)
        assert exchange(client, code).get_json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(("auth", "form"), [(("simulator-client", "wrong"), {}), (None, {}),
                                            (("somebody", "simulator-secret"), {})])  # fmt: skip
def test_a_wrong_client_is_answered_as_captured(client: Client, auth: Any, form: dict[str, str]) -> None:
    answer = token(client, auth, grant_type="refresh_token", refresh_token="x", **form)
    assert (answer.status_code, answer.get_json()) == (401, {"error": "invalid_client"})
    kept = ("WWW-Authenticate", "Cache-Control", "Pragma", "Content-Type")
    assert {name: answer.headers[name] for name in kept} == {
        "WWW-Authenticate": 'Basic realm="Intuit"',
        "Cache-Control": "no-cache, no-store",
        "Pragma": "no-cache",
        "Content-Type": "application/json;charset=UTF-8",
    }
    assert answer.headers["intuit_tid"].startswith("1-")


def test_the_secret_may_come_in_the_form(client: Client) -> None:
    tokens = connect(client)
    form = {"client_id": APP[0], "client_secret": APP[1]}
    answer = token(client, None, grant_type="refresh_token", refresh_token=tokens["refresh_token"], **form)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "x"}, "invalid_request"),
    ],
)
def test_what_is_not_a_grant(client: Client, form: dict[str, str], error: str) -> None:
    answer = token(client, APP, **form)
    assert (answer.status_code, answer.get_json()) == (400, {"error": error})


def test_refresh_tokens_that_are_none(client: Client) -> None:
    wrong_kind = refresh(client, connect(client)["access_token"])
    assert refresh(client, "RT1-0-H0-nothing").get_json() == {
        "error_description": "Incorrect or invalid refresh token",
        "error": "invalid_grant",
    }
    assert wrong_kind.get_json() == {
        "error_description": "Incorrect Token type or clientID",
        "error": "invalid_grant",
    }


def test_a_refresh_token_stays_for_a_day_and_changes_then(client: Client) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        first = connect(client)
        clock.shift(3600)
        same = refresh(client, first["refresh_token"]).get_json()
        assert same["refresh_token"] == first["refresh_token"]
        assert same["x_refresh_token_expires_in"] == 8726400 - 3600
        assert (works(client, first["access_token"]), works(client, same["access_token"])) == (401, 200)
        clock.shift(86400)
        new = refresh(client, first["refresh_token"]).get_json()
        assert new["refresh_token"] != first["refresh_token"]
        assert refresh(client, first["refresh_token"]).get_json()["error"] == "invalid_grant"
        assert refresh(client, new["refresh_token"]).status_code == 200


def test_rotation_at_each_refresh_with_grace(company: Company) -> None:
    client = company.client
    company.behave(refresh_rotation="each", refresh_grace_seconds=60)
    with time_machine.travel(NOON, tick=False) as clock:
        first = connect(client)["refresh_token"]
        second = refresh(client, first).get_json()["refresh_token"]
        assert second != first
        clock.shift(59)
        assert refresh(client, first).status_code == 200
        clock.shift(2)
        assert refresh(client, first).get_json()["error"] == "invalid_grant"


def test_a_refresh_token_not_used_for_101_days_is_gone(client: Client) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        first = connect(client)["refresh_token"]
        clock.shift(8726401)
        assert refresh(client, first).get_json()["error_description"] == "Incorrect or invalid refresh token"


def test_the_hard_expiry_is_told_to_who_asks(client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        form = {"grant_type": "refresh_token", "refresh_token": connect(client)["refresh_token"]}
        headers = {"x-include-refresh-token-hard-expires-in": "true"}
        answer = client.post("/oauth2/v1/tokens/bearer", data=form, auth=APP, headers=headers)
    assert answer.get_json()["x_refresh_token_hard_expires_in"] == 157680000


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_the_connection(client: Client, which: str) -> None:
    tokens = connect(client)
    answer = client.post("/v2/oauth2/tokens/revoke", json={"token": tokens[which]}, auth=APP)
    assert (answer.status_code, answer.get_data()) == (200, b"")
    assert works(client, tokens["access_token"]) == 401
    assert refresh(client, tokens["refresh_token"]).get_json()["error"] == "invalid_grant"


def test_revoking_needs_the_client_and_a_known_token(client: Client) -> None:
    unknown = client.post("/v2/oauth2/tokens/revoke", json={"token": "x"}, auth=APP)
    assert (unknown.status_code, unknown.get_json()) == (400, {"error": "invalid_grant"})
    assert client.post("/v2/oauth2/tokens/revoke", json={"token": "x"}).status_code == 401


def test_who_signed_in(client: Client) -> None:
    scope = "com.intuit.quickbooks.accounting openid email"
    given = exchange(client, allow(client, scope=scope)["code"]).get_json()
    person = client.get("/v1/openid_connect/userinfo", headers={"Authorization": f"Bearer {given['access_token']}"})
    assert (person.get_json()["email"], person.get_json()["emailVerified"]) == ("owner@sandbox.example", True)
    keys = client.get("/op/v1/jwks").get_json()
    head = jwt.get_unverified_header(given["id_token"])
    key = jwt.PyJWKSet.from_dict(keys)[head["kid"]].key
    claims = jwt.decode(given["id_token"], key, audience=APP[0], algorithms=["RS256"])
    assert (claims["aud"], claims["realmid"], claims["iss"]) == ([APP[0]], REALM, "http://localhost/op/v1")


def test_userinfo_needs_openid(client: Client) -> None:
    headers = {"Authorization": f"Bearer {connect(client)['access_token']}"}
    assert client.get("/v1/openid_connect/userinfo", headers=headers).status_code == 401


def gateway(message: str, detail: str | None, code: str, kind: str) -> dict[str, Any]:
    return {
        "warnings": None,
        "intuitObject": None,
        "fault": {"error": [{"message": message, "detail": detail, "code": code, "element": None}], "type": kind},
        "report": None,
        "queryResponse": None,
        "batchItemResponse": [],
        "attachableResponse": [],
        "syncErrorResponse": None,
        "requestId": None,
        "time": 1786906800000,
        "status": None,
        "cdcresponse": [],
    }


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("header", "detail"),
    [({}, None), ({"Authorization": "Bearer short"}, "Malformed bearer token: too short or too long")],
)
def test_no_token_is_refused_in_the_gateways_envelope(
    client: Client, header: dict[str, str], detail: str | None
) -> None:
    answer = client.get(f"/v3/company/{REALM}/customer/1", headers={**header, "Accept": "application/json"})
    message = "message=AuthenticationFailed; errorCode=003200; statusCode=401"
    assert (answer.status_code, answer.get_json()) == (401, gateway(message, detail, "3200", "AUTHENTICATION"))


def test_an_old_token_is_expired(company: Company) -> None:
    company.behave(access_token_seconds=5)
    with time_machine.travel(NOON, tick=False) as clock:
        headers = {"Authorization": f"Bearer {connect(company.client)['access_token']}", "Accept": "application/json"}
        path = f"/v3/company/{REALM}/customer/1"
        assert company.client.get(path, headers=headers).status_code == 200
        clock.shift(5)
        assert company.client.get(path, headers=headers).get_json()["fault"]["error"][0]["detail"] == "Token expired"


@time_machine.travel(NOON, tick=False)
def test_another_companys_token_is_refused_with_3100(client: Client) -> None:
    client.post("/_simulator/companies", json={"realm_id": "77"})
    headers = {"Authorization": f"Bearer {connect(client, '77')['access_token']}", "Accept": "application/json"}
    answer = client.get(f"/v3/company/{REALM}/customer/1", headers=headers)
    message = "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403"
    assert (answer.status_code, answer.get_json()) == (403, gateway(message, None, "3100", "SERVICE"))
