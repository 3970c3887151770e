"""Signing in at Intuit: authorization, tokens, revoking (qbo-api.md §1), on intuit-oauth.

Nothing is done to a company's books here, so every error's outcome is REFUSED, and what finds no answer can be tried
again.
"""

import datetime
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import requests
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError

from qbo_sync.api.answer import PAUSE_AFTER_429, intuit_tid
from qbo_sync.api.environment import Environment
from qbo_sync.api.errors import AuthorizationRefused, ClientRejected, Fault, QboError, Throttled
from qbo_sync.api.sessions import Timeouts, lost, prepare, send

T = TypeVar("T")

SCOPES = [Scopes.ACCOUNTING]
DISCOVERY_LIFETIME = datetime.timedelta(hours=24)
_TIMEOUTS = Timeouts(connect=5.0, read=20.0)  # somebody is waiting in front of a screen


@dataclass(frozen=True, slots=True)
class Tokens:
    """What Intuit gave. Store all of it at once: a refresh may have ended the refresh token before (qbo-api.md §1.4).

    Arguments:
        access_token, refresh_token: opaque texts of any length; never shown, also not in a repr.
        access_expires_at, refresh_expires_at: aware, counted from before the request.
        refresh_hard_expires_at: when the authorization ends however often it is refreshed; None where not said.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_expires_at: datetime.datetime
    refresh_expires_at: datetime.datetime
    refresh_hard_expires_at: datetime.datetime | None = None


class DiscoveryCache:
    """Discovery documents by address, asked for once per lifetime by whichever thread comes first.

    Arguments:
        lifetime: how long a document is believed.
        monotonic: seconds of a clock that never goes back.
    """

    def __init__(
        self,
        lifetime: datetime.timedelta = DISCOVERY_LIFETIME,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lifetime = lifetime.total_seconds()
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._documents: dict[str, tuple[float, Mapping[str, Any]]] = {}

    def get(self, url: str, fetch: Callable[[str], Mapping[str, Any]]) -> Mapping[str, Any]:
        """The document at `url`, fetched where it is not known or too old. A failed fetch is kept by nobody."""
        with self._lock:
            good_until, document = self._documents.get(url, (float("-inf"), {}))
            if self._monotonic() >= good_until:
                document = fetch(url)
                self._documents[url] = (self._monotonic() + self._lifetime, document)
            return document


class _AuthClient(AuthClient):
    """intuit-oauth's client, whose own constructor would fetch the discovery document each time it is called."""

    def __init__(self, client_id: str, client_secret: str, redirect_uri: str, document: Mapping[str, Any]) -> None:
        requests.Session.__init__(self)
        self.client_id = client_id
        self.client_secret = client_secret
        self.redirect_uri = redirect_uri
        self.environment = self.state_token = self.realm_id = None
        self.auth_endpoint = document["authorization_endpoint"]
        self.token_endpoint = document["token_endpoint"]
        self.revoke_endpoint = document["revocation_endpoint"]
        self.issuer_uri = document["issuer"]
        self.jwks_uri = document["jwks_uri"]
        self.user_info_url = document["userinfo_endpoint"]
        self.access_token = self.refresh_token = self.id_token = None
        self.expires_in = self.x_refresh_token_expires_in = None
        self.x_refresh_token_hard_expires_in: int | None = None
        self.headers["x-include-refresh-token-hard-expires-in"] = "true"  # qbo-api.md §1.3


def _utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class OAuthClient:
    """This application at Intuit's sign-in.

    Arguments:
        environment: whose sign-in.
        client_id, client_secret: the application's keys, of the same environment.
        redirect_uri: where Intuit sends the browser back to; registered there character by character.
        discovery_cache: shared by all clients of the process.
        timeouts: seconds.
        clock: gives the present, aware.
    """

    def __init__(
        self,
        environment: Environment,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        discovery_cache: DiscoveryCache,
        *,
        timeouts: Timeouts = _TIMEOUTS,
        clock: Callable[[], datetime.datetime] = _utc_now,
    ) -> None:
        self._environment = environment
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri
        self._discovery_cache = discovery_cache
        self._timeouts = timeouts
        self._clock = clock

    def authorization_url(self, state: str) -> str:
        """Where to send the browser to; `state` comes back with it, is single-use and bound to its session.

        Errors: `NoAnswer` where the discovery document cannot be had.
        """
        with self._client() as client:
            return str(client.get_authorization_url(SCOPES, state_token=state))

    def exchange(self, code: str) -> Tokens:
        """Tokens for the code that came back, which is good once; the realm comes back beside it, never in here.

        Errors: `AuthorizationRefused`, `ClientRejected`, `NoAnswer`.
        """
        return self._tokens(lambda client: client.get_bearer_token(code))

    def refresh(self, refresh_token: str) -> Tokens:
        """New tokens for the refresh token; never call it twice at once (qbo-api.md §1.4, design.md §4).

        Errors: `AuthorizationRefused`, `ClientRejected`, `NoAnswer`.
        """
        return self._tokens(lambda client: client.refresh(refresh_token))

    def revoke(self, token: str) -> None:
        """End the connection at Intuit; either of its tokens does.

        Errors: `AuthorizationRefused` where the token was not valid any more, `ClientRejected`, `NoAnswer`.
        """
        with self._client() as client:
            _ask(lambda: client.revoke(token))

    def _tokens(self, request: Callable[[_AuthClient], None]) -> Tokens:
        asked_at = self._clock()
        with self._client() as client:
            _ask(lambda: request(client))
            return _tokens_of(client, asked_at)

    def _client(self) -> _AuthClient:
        document = self._discovery_cache.get(self._environment.discovery_url, self._fetch_discovery)
        client = _AuthClient(self._client_id, self._client_secret, self._redirect_uri, document)
        prepare(client, self._timeouts)
        return client

    def _fetch_discovery(self, url: str) -> Mapping[str, Any]:
        with prepare(requests.Session(), self._timeouts) as session:
            response = send(lambda: session.get(url, headers={"Accept": "application/json"}), writing=False)
        document = _json_object(response)
        if response.status_code != 200 or _ENDPOINTS - document.keys():
            message = f"Intuit's discovery document could not be read (HTTP {response.status_code})."
            raise lost(message, writing=False, transaction_id=intuit_tid(response))
        return document


_ENDPOINTS = {
    *("authorization_endpoint", "token_endpoint", "revocation_endpoint"),
    *("issuer", "jwks_uri", "userinfo_endpoint"),
}


def _tokens_of(client: _AuthClient, asked_at: datetime.datetime) -> Tokens:
    if not (client.access_token and client.refresh_token and client.expires_in and client.x_refresh_token_expires_in):
        raise lost("Intuit's answer holds no tokens.", writing=False)

    def after(seconds: int) -> datetime.datetime:
        return asked_at + datetime.timedelta(seconds=seconds)

    hard = client.x_refresh_token_hard_expires_in
    return Tokens(
        access_token=client.access_token,
        refresh_token=client.refresh_token,
        access_expires_at=after(client.expires_in),
        refresh_expires_at=after(client.x_refresh_token_expires_in),
        refresh_hard_expires_at=after(hard) if hard else None,
    )


def _ask(request: Callable[[], T]) -> T:
    """Call `request`, turning intuit-oauth's errors into ours; outside of the handler, as in `sessions.send`."""
    try:
        return send(request, writing=False)
    except AuthClientError as error:
        problem = _problem(error.response)
    raise problem


def _problem(response: requests.Response) -> QboError:
    """What the token endpoint's refusal amounts to (qbo-api.md §1.5)."""
    content, status, tid = _json_object(response), response.status_code, intuit_tid(response)
    code = str(content.get("error") or "")
    fault = Fault(code=code, message=str(content.get("error_description") or ""), type="OAuth")
    if status == 401 or code == "invalid_client":
        return ClientRejected(faults=[fault], transaction_id=tid)
    if status == 429:
        return Throttled(retry_after=PAUSE_AFTER_429, transaction_id=tid)
    if status == 400 and code:
        return AuthorizationRefused(faults=[fault], transaction_id=tid)
    return lost(f"Intuit's sign-in answered HTTP {status}.", writing=False, transaction_id=tid)


def _json_object(response: requests.Response) -> dict[str, Any]:
    try:
        content = response.json()
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
