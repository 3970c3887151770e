"""Access tokens, refreshed by one at a time (design.md §4, qbo-api.md §1.4).

A refresh may end the refresh token it was made with, so two at once would lose the authorization. Who refreshes claims
the connection by a conditional update and commits; then speaks HTTP; then saves whatever came back. The others wait and
read again. A claim left behind by a killed process is free after CLAIM_LIFETIME.
"""

import datetime as dt
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress

from django.db import connections, transaction
from django.db.models import Q
from django.utils import timezone

from qbo_sync.api.errors import AuthorizationLost, AuthorizationRefused, QboError, Unreachable
from qbo_sync.api.oauth import OAuthClient, Tokens
from qbo_sync.connection.trouble import RECONNECT
from qbo_sync.models import Connection

MARGIN = dt.timedelta(minutes=2)  # a token that ends sooner is refreshed before it is used
CLAIM_LIFETIME = dt.timedelta(seconds=60)  # longer than discovery and refresh can take (qbo_sync.api.oauth)
POLL_SECONDS = 0.1
TRUSTED_SECONDS = 30.0  # a token read from the database is used this long before it is read again
_POLLS = int(2 * CLAIM_LIFETIME.total_seconds() / POLL_SECONDS)

NO_TOKENS: dict[str, None] = {
    "access_token": None,
    "refresh_token": None,
    "access_expires_at": None,
    "refresh_expires_at": None,
}
NO_CLAIM: dict[str, None] = {"refresh_claim": None, "refresh_claimed_at": None}


def disconnected(now: dt.datetime) -> dict[str, object]:
    """The columns of a connection that ends now: without tokens, and in nobody's hands."""
    ended = {"state": Connection.State.DISCONNECTED, "is_active": False, "disconnected_at": now}
    return {**ended, **NO_TOKENS, **NO_CLAIM}


class StoredTokens:
    """The token source of a connection (see `api.wire.TokenSource`). Several threads may ask one.

    Args:
        connection_id: of which connection.
        oauth: the sign-in of its environment.
        sleep: waits the given seconds.
    """

    def __init__(self, connection_id: int, oauth: OAuthClient, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._connection_id = connection_id
        self._oauth = oauth
        self._sleep = sleep
        self._owner = threading.get_ident()
        self._lock = threading.Lock()
        self._token = ""
        self._trusted_until = float("-inf")

    def __call__(self, rejected: str | None = None, *, again: bool = False) -> str:
        """A token that is good now, and is not `rejected`.

        Args:
            again: a token given for a rejected one was rejected too: somebody has to connect again.

        Errors: AuthorizationLost where somebody has to connect again; what refreshing raises otherwise.
        """
        with self._lock:
            if again:
                self._give_up(rejected)
            if rejected is None and time.monotonic() < self._trusted_until:
                return self._token
            try:
                self._token = self._good_token(rejected)
            finally:
                self._leave_database()
            self._trusted_until = time.monotonic() + TRUSTED_SECONDS
            return self._token

    def _give_up(self, rejected: str | None) -> None:
        """Ask for reconnecting, unless somebody has stored another token meanwhile."""
        try:
            with transaction.atomic(durable=True):
                row = _locked(self._connection_id)
                if row.is_connected and row.access_token == rejected:
                    _store(row, Connection.State.RECONNECT, NO_CLAIM)
        finally:
            self._leave_database()
        raise AuthorizationLost(RECONNECT)

    def _leave_database(self) -> None:
        # A sender's thread has no other business with the database, and nobody would close what it opened.
        if threading.get_ident() != self._owner:
            connections.close_all()

    def _good_token(self, rejected: str | None) -> str:
        for _ in range(_POLLS):
            row = Connection.objects.get(pk=self._connection_id)
            token = _token_of(row)
            if token != rejected and not _ends_soon(row):
                return token
            if claim := claim_refresh(row.pk):
                return self._refresh(claim, token)
            self._sleep(POLL_SECONDS)
        raise Unreachable("Another process has been refreshing the tokens for too long.")

    def _refresh(self, claim: uuid.UUID, stale: str) -> str:
        """Refresh, holding `claim`. The row is read again: somebody may have refreshed just before we claimed."""
        row = Connection.objects.get(pk=self._connection_id)
        token, sent = _token_of(row), row.refresh_token or ""
        if token != stale:
            release_refresh(row.pk, claim)
            return token
        try:
            tokens = self._oauth.refresh(sent)
        except AuthorizationRefused:
            return _after_refusal(row.pk, sent)
        except Exception:
            release_refresh(row.pk, claim)
            raise
        return self._save(row.pk, tokens, claim, sent)

    def _save(self, connection_id: int, tokens: Tokens, claim: uuid.UUID, sent: str) -> str:
        try:
            return save_tokens(connection_id, tokens, claim=claim, sent=sent)
        except AuthorizationLost:  # somebody disconnected meanwhile: what came back is given back
            with suppress(QboError):
                self._oauth.revoke(tokens.refresh_token)
            raise


def _after_refusal(connection_id: int, refused: str) -> str:
    """`invalid_grant`: either somebody stored another token meanwhile, or the authorization is over."""
    with transaction.atomic(durable=True):
        row = _locked(connection_id)
        if row.is_connected and row.refresh_token == refused:
            _store(row, Connection.State.RECONNECT, NO_CLAIM)
    return _token_of(row)


def save_tokens(connection_id: int, tokens: Tokens, *, claim: uuid.UUID, sent: str) -> str:
    """Store what Intuit gave for the refresh token `sent`; answers the access token to use from now on.

    Saved where the claim is still ours, and also where it was taken over but the token we sent is still the one stored:
    what we hold is newer then. A connection that somebody ended meanwhile stays ended.
    """
    with transaction.atomic(durable=True):
        row = _locked(connection_id)
        if row.is_active and (row.refresh_claim == claim or row.refresh_token == sent):
            _store(row, Connection.State.CONNECTED, fields_of(tokens) | NO_CLAIM)
    return _token_of(row)


def fields_of(tokens: Tokens) -> dict[str, object]:
    """What of Intuit's answer is stored with a connection."""
    return {name: getattr(tokens, name) for name in NO_TOKENS}


def claim_refresh(connection_id: int) -> uuid.UUID | None:
    """Claim the right to refresh, or answer None where somebody else holds it."""
    now, claim = timezone.now(), uuid.uuid4()
    free = Q(refresh_claim__isnull=True) | Q(refresh_claimed_at__lt=now - CLAIM_LIFETIME)
    with transaction.atomic(durable=True):
        claimed = Connection.objects.filter(free, pk=connection_id, state=Connection.State.CONNECTED).update(
            refresh_claim=claim, refresh_claimed_at=now
        )
    return claim if claimed else None


def release_refresh(connection_id: int, claim: uuid.UUID) -> None:
    """Give the claim back without a refresh."""
    Connection.objects.filter(pk=connection_id, refresh_claim=claim).update(**NO_CLAIM)


def _token_of(row: Connection) -> str:
    if not row.is_connected or not row.access_token:
        raise AuthorizationLost(RECONNECT)
    return row.access_token


def _ends_soon(row: Connection) -> bool:
    return row.access_expires_at is None or row.access_expires_at < timezone.now() + MARGIN


def _locked(connection_id: int) -> Connection:
    return Connection.objects.select_for_update().get(pk=connection_id)


def _store(row: Connection, state: Connection.State, values: Mapping[str, object]) -> None:
    row.state = state
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *values])
