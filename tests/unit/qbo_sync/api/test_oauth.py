"""Signing in: what is asked of Intuit, what comes back, and every wrong turn."""

import base64
import datetime
import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses
from intuitlib.client import AuthClient
from responses import matchers

from qbo_sync.api.environment import Environment
from qbo_sync.api.errors import (
    AnswerLost,
    AuthorizationRefused,
    ClientRejected,
    Outcome,
    QboError,
    Throttled,
    Unreachable,
)
from qbo_sync.api.oauth import DiscoveryCache, OAuthClient, Tokens, _AuthClient
from tests.unit.qbo_sync.api.fakes import TID

NOW = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.UTC)
DISCOVERY = Environment.sandbox().discovery_url
TOKEN_URL = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"
REVOKE_URL = "https://developer.api.intuit.com/v2/oauth2/tokens/revoke"
DOCUMENT = {
    "issuer": "https://oauth.platform.intuit.com/op/v1",
    "authorization_endpoint": "https://appcenter.intuit.com/connect/oauth2",
    "token_endpoint": TOKEN_URL,
    "userinfo_endpoint": "https://sandbox-accounts.platform.intuit.com/v1/openid_connect/userinfo",
    "revocation_endpoint": REVOKE_URL,
    "jwks_uri": "https://oauth.platform.intuit.com/op/v1/jwks",
}
ANSWER = {
    "token_type": "bearer",
    "access_token": "secret-access",
    "expires_in": 3600,
    "refresh_token": "secret-refresh",
    "x_refresh_token_expires_in": 8726400,
}
BASIC = "Basic " + base64.b64encode(b"id:secret-of-client").decode()


@pytest.fixture
def wire() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(DISCOVERY, json=DOCUMENT)
        yield mock


def oauth_client(cache: DiscoveryCache | None = None) -> OAuthClient:
    return OAuthClient(
        Environment.sandbox(),
        "id",
        "secret-of-client",
        "https://office.example/qbo/callback",
        cache or DiscoveryCache(),
        clock=lambda: NOW,
    )


def tokens(**changes: Any) -> Tokens:
    return Tokens(
        access_token="secret-access",
        refresh_token="secret-refresh",
        access_expires_at=NOW + datetime.timedelta(hours=1),
        refresh_expires_at=NOW + datetime.timedelta(days=101),
        **changes,
    )


def test_authorization_url(wire: responses.RequestsMock) -> None:
    url = urlsplit(oauth_client().authorization_url("state-1"))

    assert f"{url.scheme}://{url.netloc}{url.path}" == "https://appcenter.intuit.com/connect/oauth2"
    assert parse_qs(url.query) == {
        "client_id": ["id"],
        "response_type": ["code"],
        "scope": ["com.intuit.quickbooks.accounting"],
        "redirect_uri": ["https://office.example/qbo/callback"],
        "state": ["state-1"],
    }


def test_exchange(wire: responses.RequestsMock) -> None:
    form = {
        "grant_type": "authorization_code",
        "code": "code-1",
        "redirect_uri": "https://office.example/qbo/callback",
    }
    headers = {
        "Authorization": BASIC,
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
        "x-include-refresh-token-hard-expires-in": "true",
    }
    match = [matchers.urlencoded_params_matcher(form), matchers.header_matcher(headers)]
    wire.post(TOKEN_URL, json=ANSWER, match=match)

    assert oauth_client().exchange("code-1") == tokens()


def test_refresh_gives_what_came_back_with_the_hard_expiry(wire: responses.RequestsMock) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": "old-secret"}
    answer = {**ANSWER, "x_refresh_token_hard_expires_in": 157680000}
    wire.post(TOKEN_URL, json=answer, match=[matchers.urlencoded_params_matcher(form)])

    hard = NOW + datetime.timedelta(days=5 * 365)
    assert oauth_client().refresh("old-secret") == tokens(refresh_hard_expires_at=hard)


def test_revoke(wire: responses.RequestsMock) -> None:
    match = [
        matchers.json_params_matcher({"token": "secret-refresh"}),
        matchers.header_matcher({"Authorization": BASIC}),
    ]
    revoked = wire.post(REVOKE_URL, body="", match=match)

    oauth_client().revoke("secret-refresh")

    assert revoked.call_count == 1


CALLS: list[tuple[str, Callable[[OAuthClient], object]]] = [
    (TOKEN_URL, lambda client: client.exchange("secret-code")),
    (TOKEN_URL, lambda client: client.refresh("secret-refresh")),
    (REVOKE_URL, lambda client: client.revoke("secret-refresh")),
]
REFUSALS: list[tuple[int, str, type[QboError], bool]] = [
    (400, '{"error":"invalid_grant"}', AuthorizationRefused, False),
    (
        400,
        '{"error_description":"Incorrect or invalid refresh token","error":"invalid_grant"}',
        AuthorizationRefused,
        False,
    ),
    (400, '{"error":"invalid_request"}', AuthorizationRefused, False),
    (401, '{"error":"invalid_client"}', ClientRejected, False),
    (400, '{"error":"invalid_client"}', ClientRejected, False),
    (401, "<html>", ClientRejected, False),
    (429, "<html>slow down</html>", Throttled, True),
    (400, "<html>", AnswerLost, True),
    (500, '{"error":"server_error"}', AnswerLost, True),
    (503, "", AnswerLost, True),
    (302, "", AnswerLost, True),
]


@pytest.mark.parametrize(("url", "call"), CALLS, ids=["exchange", "refresh", "revoke"])
@pytest.mark.parametrize(("status", "body", "kind", "can_retry"), REFUSALS)
def test_what_intuit_refuses(
    url: str,
    call: Callable[[OAuthClient], object],
    status: int,
    body: str,
    kind: type[QboError],
    can_retry: bool,
    wire: responses.RequestsMock,
) -> None:
    wire.post(url, status=status, body=body, headers={"intuit_tid": TID})

    with pytest.raises(QboError) as caught:
        call(oauth_client())

    error = caught.value
    assert (type(error), error.can_retry, error.outcome, error.transaction_id) == (
        kind,
        can_retry,
        Outcome.REFUSED,
        TID,
    )


def test_a_refusal_tells_intuits_words(wire: responses.RequestsMock) -> None:
    body = {"error": "invalid_grant", "error_description": "Token invalid"}
    wire.post(TOKEN_URL, status=400, json=body)

    with pytest.raises(AuthorizationRefused) as caught:
        oauth_client().refresh("secret-refresh")

    assert (caught.value.fault.code, caught.value.fault.message) == ("invalid_grant", "Token invalid")


@pytest.mark.parametrize(
    ("failure", "kind"),
    [(requests.ConnectTimeout("secret"), Unreachable), (requests.ReadTimeout("secret"), AnswerLost)],
)
@pytest.mark.parametrize("url", [TOKEN_URL, DISCOVERY])
def test_no_answer_can_be_tried_again(
    url: str, failure: requests.RequestException, kind: type[QboError], wire: responses.RequestsMock
) -> None:
    wire.upsert("GET" if url == DISCOVERY else "POST", url, body=failure)

    with pytest.raises(kind) as caught:
        oauth_client().refresh("secret-refresh")

    assert (caught.value.can_retry, caught.value.outcome) == (True, Outcome.REFUSED)


@pytest.mark.parametrize("missing", ["access_token", "refresh_token", "expires_in", "x_refresh_token_expires_in"])
def test_an_answer_without_all_of_the_tokens_is_no_answer(missing: str, wire: responses.RequestsMock) -> None:
    wire.post(TOKEN_URL, json={name: value for name, value in ANSWER.items() if name != missing})

    with pytest.raises(AnswerLost, match="no tokens"):
        oauth_client().refresh("secret-refresh")


def test_an_answer_that_cannot_be_read_is_no_answer(wire: responses.RequestsMock) -> None:
    wire.post(TOKEN_URL, body='{"access_token":"secret-acc')

    with pytest.raises(AnswerLost):
        oauth_client().refresh("secret-refresh")


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, "<html>"), (200, "[]"), (200, '{"issuer":"x"}'), (404, json.dumps(DOCUMENT)), (500, "")],
)
def test_a_discovery_document_that_is_none(status: int, body: str, wire: responses.RequestsMock) -> None:
    wire.upsert("GET", DISCOVERY, status=status, body=body, headers={"intuit_tid": TID})

    with pytest.raises(AnswerLost, match="discovery document") as caught:
        oauth_client().authorization_url("state-1")

    assert caught.value.transaction_id == TID


@pytest.mark.parametrize(("url", "call"), CALLS, ids=["exchange", "refresh", "revoke"])
@pytest.mark.parametrize(
    "answer",
    [
        {"status": 200, "json": ANSWER},
        {"status": 200, "body": '{"access_token":"secret-acc'},
        {"status": 400, "json": {"error": "invalid_grant"}},
        {"status": 500, "body": "secret-refresh was not understood"},
        {"body": requests.ReadTimeout("secret")},
    ],
)
def test_no_token_in_logs_messages_contexts_and_reprs(
    url: str,
    call: Callable[[OAuthClient], object],
    answer: dict[str, Any],
    wire: responses.RequestsMock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    wire.post(url, **answer)
    client = oauth_client()

    shown = repr(client)
    try:
        shown += repr(call(client))
    except QboError as error:
        shown += f"{error!r} {error} {vars(error)} {error.__context__!r} {error.__cause__!r}"

    assert "secret" not in shown + caplog.text


def test_the_discovery_document_is_asked_for_once_per_lifetime(wire: responses.RequestsMock) -> None:
    now = [0.0]
    cache = DiscoveryCache(datetime.timedelta(seconds=100), monotonic=lambda: now[0])
    calls = []
    for now[0] in (0.0, 99.0, 100.0, 199.0):
        oauth_client(cache).authorization_url("state-1")
        calls.append(len(wire.calls))

    assert calls == [1, 1, 2, 2]


def test_a_failed_discovery_is_not_remembered(wire: responses.RequestsMock) -> None:
    cache = DiscoveryCache()
    wire.upsert("GET", DISCOVERY, status=500)
    with pytest.raises(AnswerLost):
        oauth_client(cache).authorization_url("state-1")
    wire.upsert("GET", DISCOVERY, json=DOCUMENT)

    assert oauth_client(cache).authorization_url("state-1")


def test_threads_share_one_discovery() -> None:
    cache, fetched, started = DiscoveryCache(), [], threading.Barrier(8)

    def fetch(url: str) -> Mapping[str, Any]:
        fetched.append(url)
        return DOCUMENT

    def ask() -> None:
        started.wait()
        cache.get(DISCOVERY, fetch)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert fetched == [DISCOVERY]


def test_our_auth_client_has_all_that_the_librarys_constructor_makes(wire: responses.RequestsMock) -> None:
    theirs = AuthClient("id", "secret", "https://office.example/", DISCOVERY)
    ours = _AuthClient("id", "secret", "https://office.example/", DOCUMENT)

    endpoints = ("auth_endpoint", "token_endpoint", "revoke_endpoint", "issuer_uri", "jwks_uri", "user_info_url")
    assert vars(theirs).keys() <= vars(ours).keys()
    assert [getattr(ours, name) for name in endpoints] == [getattr(theirs, name) for name in endpoints]


def test_repr_of_tokens_holds_none() -> None:
    assert "secret" not in f"{tokens()!r} {tokens()}"
