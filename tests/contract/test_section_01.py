"""OAuth 2.0 and OpenID Connect (qbo-api.md §1): asked of the simulator, since a sandbox's sign-in needs a person."""

import base64
import re
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
import responses
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from werkzeug.test import Client, TestResponse

from tests.contract.conftest import Simulated
from tests.contract.marks import fact, simulator_only
from tests.contract.shapes import Number, check
from tests.simulator import connect, route_responses
from tests.unit.qbo_simulator.pages import ACCOUNTING, CALLBACK, SIGN_IN, allow, asked, heading, returned, step

pytestmark = simulator_only("signing in at Intuit needs a person, and its tokens would end the session")
ROOT = "http://qbo.test"
KEYS = ("simulator-client", "simulator-secret")
DAY = 86_400


@pytest.fixture
def http(fresh: Simulated) -> Client:
    """A browser, and an app's server."""
    return Client(fresh.app)


def token(http: Client, auth: tuple[str, str] | None = KEYS, **form: str) -> TestResponse:
    return http.post("/oauth2/v1/tokens/bearer", data=form, auth=auth)


def exchanged(http: Client, code: str, **more: str) -> TestResponse:
    return token(http, grant_type="authorization_code", code=code, redirect_uri=CALLBACK, **more)


def refreshed(http: Client, refresh_token: str) -> TestResponse:
    return token(http, grant_type="refresh_token", refresh_token=refresh_token)


def given(http: Client, scope: str = ACCOUNTING) -> dict[str, Any]:
    """The token answer for a fresh authorization."""
    return exchanged(http, allow(http, scope=scope)["code"]).get_json()


def later(fresh: Simulated, seconds: int) -> None:
    fresh.behave(clock={"now": f"+{seconds}", "frozen": True})


def works(fresh: Simulated, access_token: str) -> int:
    headers = {"Authorization": f"Bearer {access_token}"}
    return fresh.ask("GET", f"companyinfo/{fresh.realm}", headers=headers).status


# 1.1 discovery


@fact("1.1-two-addresses", "1.1-trailing-slash", "12.1-sign-in-root")
@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("name", ["openid_configuration", "openid_sandbox_configuration"])
def test_both_discovery_documents(http: Client, name: str, slash: str) -> None:
    assert http.get(f"/.well-known/{name}{slash}", base_url=ROOT).get_json()["issuer"] == f"{ROOT}/op/v1"


@fact(
    "1.1-shape",
    "1.1-accounting-scope-unlisted",
    "1.1-response-type-code",
    "1.1-subject-type-public",
    "1.1-rs256",
    "1.1-auth-methods",
    "1.1-claims",
)
def test_the_discovery_document(http: Client) -> None:
    url = re.compile(rf"{ROOT}/.+")
    shape = {
        "issuer": url,
        "authorization_endpoint": url,
        "token_endpoint": url,
        "userinfo_endpoint": url,
        "revocation_endpoint": url,
        "jwks_uri": url,
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile", "address", "phone"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
    }
    check(shape, http.get("/.well-known/openid_configuration", base_url=ROOT).get_json())


@pytest.fixture
def intuitlib(fresh: Simulated) -> Iterator[AuthClient]:
    """intuit-oauth, pointed at the simulator by its discovery address alone."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as wire:
        route_responses(wire, fresh.app, ROOT)
        yield AuthClient(*KEYS, CALLBACK, f"{ROOT}/.well-known/openid_configuration/")


@fact("1.1-client-discovery-address", "1.1-client-reads-at-once", "1.3-refresh", "1.6-client-verifies")
def test_intuits_own_client_signs_in_unchanged(intuitlib: AuthClient, http: Client) -> None:
    address = intuitlib.get_authorization_url([Scopes.ACCOUNTING, Scopes.OPENID])
    assert address.startswith(f"{ROOT}/connect/oauth2?")
    # the issuer of an id_token is the host that was asked, so the pages are walked on that host
    back = allow(http, scope=f"{ACCOUNTING} openid")
    intuitlib.get_bearer_token(back["code"], realm_id=back["realmId"])
    assert (intuitlib.expires_in, intuitlib.id_token.count(".")) == (3600, 2)
    first = intuitlib.access_token
    intuitlib.refresh()
    assert intuitlib.access_token != first
    assert intuitlib.get_user_info().json()["email"] == "owner@sandbox.example"
    assert intuitlib.revoke() is True


# 1.2 authorize


@fact("1.2-authorize-parameters", "1.2-success-redirect", "1.2-accounting-scope")
def test_who_agrees_comes_back_with_a_code(http: Client) -> None:
    back = allow(http)
    assert set(back) == {"code", "state", "realmId"}
    assert back["state"] == "s1"


@fact("1.2-authorize-parameters", "1.2-state-required", "1.2-error-page", "1.2-redirect-exact")
@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "somebody"},
        {"response_type": "token"},
        {"scope": None},
        {"state": None},
        {"redirect_uri": "https://app.example/callback/"},
        {"redirect_uri": None},
    ],
)
def test_what_is_wrong_with_the_request_is_told_on_intuits_page(
    fresh: Simulated, http: Client, change: dict[str, Any]
) -> None:
    fresh.behave(redirect_uris=["https://app.example/callback"])
    page = http.get("/connect/oauth2", query_string=asked(**change))
    assert (page.status_code, "Location" in page.headers) == (400, False)


@fact("1.2-redirect-exact")
def test_a_registered_redirect_uri_is_taken(fresh: Simulated, http: Client) -> None:
    fresh.behave(redirect_uris=["https://app.example/callback"], loopback_redirects=False)
    good = http.get("/connect/oauth2", query_string=asked(redirect_uri="https://app.example/callback"))
    assert heading(good) == "Sign in"
    assert http.get("/connect/oauth2", query_string=asked()).status_code == 400


@fact("1.2-development-loopback")
@pytest.mark.parametrize("uri", ["http://localhost:3000/callback", "http://127.0.0.1/x"])
def test_development_keys_permit_this_machine(http: Client, uri: str) -> None:
    assert heading(http.get("/connect/oauth2", query_string=asked(redirect_uri=uri))) == "Sign in"


@fact("1.2-no-realm-without-accounting", "1.2-openid-scopes")
def test_without_an_accounting_scope_no_company_comes_back(http: Client) -> None:
    query = asked(scope="openid profile email phone address")
    step(http, query, **SIGN_IN)
    assert set(returned(step(http, query, step="consent", decision="authorize"))) == {"code", "state"}


@fact("1.2-payment-scope")
def test_the_scope_of_payments_asks_for_a_company(http: Client) -> None:
    assert "realmId" in allow(http, scope="com.intuit.quickbooks.payment")


@fact("1.2-pkce")
def test_pkce_parameters_are_ignored_by_default(http: Client) -> None:
    back = allow(http, code_challenge="abc", code_challenge_method="S256")
    assert exchanged(http, back["code"]).status_code == 200


@fact("1.2-code-opaque", "1.2-code-single-use", "1.5-invalid-grant")
def test_a_code_is_used_once(http: Client) -> None:
    code = allow(http)["code"]
    assert 0 < len(code) <= 512
    assert exchanged(http, code).status_code == 200
    again = exchanged(http, code)
    assert (again.status_code, again.get_json()) == (400, {"error": "invalid_grant"})


@fact("1.2-code-short-lived")
def test_a_code_lives_a_short_time(fresh: Simulated, http: Client) -> None:
    code = allow(http)["code"]
    later(fresh, 601)
    assert exchanged(http, code).get_json() == {"error": "invalid_grant"}


@fact("1.2-denied")
def test_who_refuses_comes_back_with_access_denied(http: Client) -> None:
    step(http, asked(), **SIGN_IN)
    back = step(http, asked(), step="consent", realm="x", decision="cancel")
    assert returned(back) == {"error": "access_denied", "state": "s1"}


# 1.3 tokens


@fact(
    "1.3-basic-header",
    "1.3-form-body",
    "1.3-code-exchange",
    "1.3-token-type",
    "1.3-expires-in",
    "1.3-refresh-expires-in",
    "1.3-no-realm",
    "1.2-realm-on-redirect-only",
    "1.3-hard-expiry-absent",
    "1.3-access-token-form",
    "1.3-refresh-token-form",
)
def test_the_token_answer(http: Client) -> None:
    shape = {
        "token_type": "bearer",
        "access_token": re.compile(r"eyJlbmMi[\w-]*\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+"),
        "expires_in": 3600,
        "refresh_token": re.compile(r"RT1-\d+-H\d-\w+"),
        "x_refresh_token_expires_in": 8_726_400,
    }
    check(shape, given(http))


@fact("1.3-access-token-size", "1.3-access-token-maximum", "1.3-refresh-token-maximum")
def test_how_long_tokens_are(http: Client) -> None:
    tokens = given(http)
    assert 800 < len(tokens["access_token"]) <= 4096
    assert len(tokens["refresh_token"]) <= 512


@fact("1.3-id-token-with-openid")
def test_an_id_token_comes_with_openid_alone(http: Client) -> None:
    assert ("id_token" in given(http), "id_token" in given(http, f"{ACCOUNTING} openid")) == (False, True)


@fact("1.3-refresh", "1.4-sticky-day", "1.3-refresh-life-shrinks")
def test_within_a_day_the_refresh_token_stays(fresh: Simulated, http: Client) -> None:
    fresh.behave(clock={"frozen": True})
    first = given(http)
    later(fresh, 3600)
    second = refreshed(http, first["refresh_token"]).get_json()
    assert second["refresh_token"] == first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert second["x_refresh_token_expires_in"] == 8_726_400 - 3600


@fact("1.3-hard-expiry-header")
def test_the_hard_expiry_is_told_to_who_asks(http: Client) -> None:
    answer = http.post(
        "/oauth2/v1/tokens/bearer",
        data={"grant_type": "authorization_code", "code": allow(http)["code"], "redirect_uri": CALLBACK},
        auth=KEYS,
        headers={"x-include-refresh-token-hard-expires-in": "true"},
    ).get_json()
    assert 157_679_990 <= answer["x_refresh_token_hard_expires_in"] <= 157_680_000


# 1.4 life and rotation


@fact("1.4-new-after-a-day", "1.4-old-invalid", "1.4-renewed-life", "11-2-double-refresh")
def test_after_a_day_the_refresh_token_changes(fresh: Simulated, http: Client) -> None:
    first = given(http)["refresh_token"]
    later(fresh, DAY + 1)
    second = refreshed(http, first).get_json()
    assert second["refresh_token"] != first
    assert second["x_refresh_token_expires_in"] == 8_726_400
    assert refreshed(http, first).get_json()["error"] == "invalid_grant"


@fact("1.4-grace", "1.4-second-refresh-fails", "1.4-concurrent-loser", "12.5-rotation-switch")
@pytest.mark.parametrize(("grace", "status"), [(0, 400), (60, 200)])
def test_a_second_refresh_with_the_replaced_token(fresh: Simulated, http: Client, grace: int, status: int) -> None:
    fresh.behave(refresh_rotation="each", refresh_grace_seconds=grace)
    first = given(http)["refresh_token"]
    assert refreshed(http, first).get_json()["refresh_token"] != first
    assert refreshed(http, first).status_code == status


@fact("1.4-rolling-100-days", "1.5-wrong-refresh-token")
def test_an_unused_refresh_token_dies(fresh: Simulated, http: Client) -> None:
    first = given(http)["refresh_token"]
    later(fresh, 99 * DAY)
    second = refreshed(http, first).get_json()["refresh_token"]
    later(fresh, 102 * DAY)
    answer = refreshed(http, second)
    described = {"error_description": "Incorrect or invalid refresh token", "error": "invalid_grant"}
    assert (answer.status_code, answer.get_json()) == (400, described)


@fact("1.4-five-years")
def test_five_years_after_the_authorization_it_ends(fresh: Simulated, http: Client) -> None:
    fresh.behave(refresh_token_seconds=10 * 365 * DAY)
    first = given(http)["refresh_token"]
    later(fresh, 5 * 365 * DAY - 10)
    second = refreshed(http, first).get_json()["refresh_token"]
    later(fresh, 20)
    assert refreshed(http, second).get_json()["error"] == "invalid_grant"


@fact("1.4-disconnect", "1.4-disconnect-api", "1.6-revoke", "1.6-revoke-ends-both")
@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_ends_the_connection(fresh: Simulated, http: Client, which: str) -> None:
    tokens = given(http)
    answer = http.post("/v2/oauth2/tokens/revoke", json={"token": tokens[which]}, auth=KEYS)
    assert (answer.status_code, answer.get_data()) == (200, b"")
    assert works(fresh, tokens["access_token"]) == 401
    assert refreshed(http, tokens["refresh_token"]).get_json()["error"] == "invalid_grant"


# 1.5 errors


@fact("1.5-other-apps-token")
def test_a_token_of_another_kind(http: Client) -> None:
    described = {"error_description": "Incorrect Token type or clientID", "error": "invalid_grant"}
    answer = refreshed(http, given(http)["access_token"])
    assert (answer.status_code, answer.get_json()) == (400, described)


@fact("1.5-bad-client", "1.5-bad-client-headers")
def test_a_wrong_secret(http: Client) -> None:
    answer = token(http, ("simulator-client", "wrong"), grant_type="refresh_token", refresh_token="x")
    assert (answer.status_code, answer.get_json()) == (401, {"error": "invalid_client"})
    headers = ("WWW-Authenticate", "Cache-Control", "Pragma")
    assert [answer.headers[name] for name in headers] == ['Basic realm="Intuit"', "no-cache, no-store", "no-cache"]
    assert answer.headers["Content-Type"].lower() == "application/json;charset=utf-8"
    assert re.fullmatch(r"1-[0-9a-f]{8}-[0-9a-f]{24}", answer.headers["intuit_tid"])


@fact("1.1-auth-methods", "1.3-basic-header")
def test_the_secret_may_come_in_the_form(http: Client) -> None:
    tokens = connect(http)
    form = {"client_id": KEYS[0], "client_secret": KEYS[1], "refresh_token": tokens["refresh_token"]}
    assert token(http, None, grant_type="refresh_token", **form).status_code == 200
    encoded = base64.b64encode(":".join(KEYS).encode()).decode()
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    headers = {"Authorization": f"Basic {encoded}"}
    assert http.post("/oauth2/v1/tokens/bearer", data=form, headers=headers).status_code == 200


@fact("1.5-unsupported-grant")
def test_another_grant_type(http: Client) -> None:
    answer = token(http, grant_type="password")
    assert (answer.status_code, answer.get_json()) == (400, {"error": "unsupported_grant_type"})


@fact("1.5-missing-field")
def test_a_missing_field(http: Client) -> None:
    answer = token(http, grant_type="refresh_token")
    assert (answer.status_code, answer.get_json()) == (400, {"error": "invalid_request"})


# 1.6 revoke, userinfo, id_token, jwks


@fact("1.6-revoke-unknown")
def test_revoking_an_unknown_token(http: Client) -> None:
    answer = http.post("/v2/oauth2/tokens/revoke", json={"token": "x"}, auth=KEYS)
    assert (answer.status_code, answer.get_json()) == (400, {"error": "invalid_grant"})


@fact("1.6-userinfo-shape")
def test_userinfo(http: Client) -> None:
    access = given(http, f"{ACCOUNTING} openid email")["access_token"]
    shape = {
        "sub": str,
        "email": str,
        "emailVerified": True,
        "givenName": str,
        "familyName": str,
        "phoneNumber": re.compile(r"\+1 .*"),
        "phoneNumberVerified": False,
        "address": dict.fromkeys(("streetAddress", "locality", "region", "postalCode", "country"), str),
    }
    answer = http.get("/v1/openid_connect/userinfo", headers={"Authorization": f"Bearer {access}"})
    check(shape, answer.get_json())


@fact("1.6-userinfo-needs-openid")
def test_userinfo_needs_openid(http: Client) -> None:
    headers = {"Authorization": f"Bearer {given(http)['access_token']}"}
    assert http.get("/v1/openid_connect/userinfo", headers=headers).status_code == 401


@fact("1.6-id-token-header", "1.6-id-token-claims", "1.6-id-token-aud-list", "1.6-jwks")
def test_the_id_token_and_its_key(fresh: Simulated, http: Client) -> None:
    id_token = given(http, f"{ACCOUNTING} openid")["id_token"]
    keys = http.get("/op/v1/jwks").get_json()
    key = {"kty": "RSA", "e": "AQAB", "use": "sig", "kid": str, "alg": "RS256", "n": str}
    check({"keys": [key]}, keys)
    head = jwt.get_unverified_header(id_token)
    assert (head["alg"], head["kid"]) == ("RS256", keys["keys"][0]["kid"])
    claims = {"sub": str, "aud": [KEYS[0]], "realmid": fresh.realm, "auth_time": Number, "iss": str}
    check({**claims, "exp": Number, "iat": Number}, jwt.decode(
        id_token, jwt.PyJWKSet.from_dict(keys)[head["kid"]].key, audience=KEYS[0], algorithms=["RS256"]
    ))  # fmt: skip


@fact("1.6-one-realm")
def test_one_authorization_is_for_one_company(fresh: Simulated, http: Client) -> None:
    fresh.control("POST", "companies", {"realm_id": "77"})
    tokens = exchanged(http, allow(http, realm="77")["code"]).get_json()
    assert works(fresh, tokens["access_token"]) == 403
