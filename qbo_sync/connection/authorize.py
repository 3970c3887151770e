"""Connecting: to Intuit's sign-in and back (qbo-api.md §1.2, §1.3).

The state that travels along is random, kept as a digest only, used once, good for half an hour, and bound to the
browser session that began: nobody can slip another company's authorization into somebody's office.
"""

import datetime as dt
import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from associates.models import Associate
from qbo_sync.api.company import CompanyClient
from qbo_sync.api.errors import AuthorizationRefused, QboError
from qbo_sync.api.oauth import Tokens
from qbo_sync.api.throttle import Part
from qbo_sync.connection.client import throttles
from qbo_sync.connection.environment import oauth_client, qbo_environment
from qbo_sync.connection.tokens import NO_CLAIM, NO_TOKENS, disconnected, fields_of
from qbo_sync.connection.trouble import in_words
from qbo_sync.models import AuthorizationRequest, Connection, Link

FORGOTTEN_AFTER = dt.timedelta(days=7)
SLOT_SECONDS = 20.0  # somebody is waiting in front of a page

AGAIN = "Click “Connect to QuickBooks” to try again."
NOT_ALLOWED = f"SMMware was not authorized at QuickBooks, so nothing is connected. {AGAIN}"
NOT_BEGUN_HERE = (
    "This answer from QuickBooks does not belong to a sign-in that you began in this browser in the last half hour, or "
    f"it was used already. Nothing was connected by it. {AGAIN}"
)
NO_COMPANY = (
    f"QuickBooks did not say which company was chosen. {AGAIN} Choose the company before you click “Authorize”."
)
CODE_REFUSED = f"QuickBooks did not accept the answer of its own sign-in; it may have taken too long. {AGAIN}"
DECIDED_ALREADY = f"This was decided already, or too late. {AGAIN}"
CONNECTED_ALREADY = "SMMware is connected to {company} already. Disconnect first if you want to connect again."


class ConnectError(Exception):
    """Connecting did not work out; the message says what happened and what to do."""


class OtherCompany(Exception):
    """They chose another company than the one linked so far: nothing is connected before they say that they mean it."""


@dataclass(frozen=True)
class Return:
    """What the browser brought back from Intuit's sign-in: the query of the callback."""

    state: str
    code: str
    realm_id: str
    error: str


def begin(*, person: Associate, session_key: str, now: dt.datetime) -> str:
    """The address of Intuit's sign-in for somebody who wants to connect.

    Raises ConnectError where a company is connected already, or Intuit cannot be reached.
    """
    _check_not_connected()
    state = secrets.token_urlsafe(32)
    try:
        url = oauth_client().authorization_url(state)
    except QboError as error:
        raise ConnectError(in_words(error)) from error
    AuthorizationRequest.objects.filter(asked_at__lt=now - FORGOTTEN_AFTER).delete()
    AuthorizationRequest.objects.create(
        state_digest=_digest(state), session_digest=_digest(session_key), asked_by=person, asked_at=now
    )
    return url


def finish(came: Return, *, person: Associate, session_key: str, now: dt.datetime) -> Connection:
    """Connect with what came back from Intuit.

    Raises ConnectError, and then nothing is connected by it; OtherCompany where `decide` is to be asked first.
    """
    request = _consume(came.state, person, session_key, now)
    if came.error:
        raise ConnectError(NOT_ALLOWED)
    if not came.code or not (came.realm_id.isascii() and came.realm_id.isdigit() and len(came.realm_id) <= 30):
        raise ConnectError(NO_COMPANY)
    _check_not_connected()
    tokens = _exchange(came.code)
    try:
        name = _company_name(came.realm_id, tokens)
        if linked_so_far(came.realm_id):
            waiting = {"realm_id": came.realm_id, "company_name": name, **fields_of(tokens)}
            AuthorizationRequest.objects.filter(pk=request.pk).update(**waiting)
            raise OtherCompany
        return _activate(came.realm_id, name, fields_of(tokens), person, now)
    except QboError as error:
        _give_back(tokens)
        raise ConnectError(f"{in_words(error)} Nothing was connected.") from error
    except ConnectError:
        _give_back(tokens)
        raise


def linked_so_far(realm_id: str) -> Connection | None:
    """The company that this office works with so far, where it is another one than `realm_id`; None for none.

    That is the one connected last; where nothing was ever linked there, the last one before it with links.
    """
    known = Connection.objects.filter(environment=settings.QBO_ENVIRONMENT).order_by("-is_active", "-connected_at")
    latest = known.first()
    if latest is None or latest.realm_id == realm_id:
        return None
    others = known.exclude(realm_id=realm_id)
    return others.filter(Q(is_active=True) | Exists(Link.objects.filter(connection=OuterRef("pk")))).first()


def undecided(*, person: Associate, session_key: str, now: dt.datetime) -> AuthorizationRequest | None:
    """What this person came back with from Intuit and has not decided about yet, in the same browser."""
    return _waiting(now).filter(session_digest=_digest(session_key), asked_by=person).order_by("-pk").first()


def change_over(request: AuthorizationRequest, *, person: Associate, now: dt.datetime) -> Connection:
    """Connect the other company; the one so far is disconnected, and keeps its links, lists and mappings.

    Raises ConnectError where somebody decided about it before, or connected at the same moment.
    """
    tokens = _taken(request)
    try:
        return _activate(request.realm_id, request.company_name, tokens, person, now, in_place_of_another=True)
    except ConnectError:
        _revoke(str(tokens["refresh_token"]))
        raise


def stay(request: AuthorizationRequest) -> None:
    """Give the authorization back: the company so far stays. Raises ConnectError where it was decided before."""
    _revoke(str(_taken(request)["refresh_token"]))


def forget_undecided(now: dt.datetime) -> None:
    """Give back what nobody decided about in time."""
    for request in left_undecided(now):
        with suppress(ConnectError):
            stay(request)


def left_undecided(now: dt.datetime) -> QuerySet[AuthorizationRequest]:
    """What nobody decided about in time."""
    waiting = AuthorizationRequest.objects.filter(refresh_token__isnull=False)
    return waiting.filter(asked_at__lte=now - AuthorizationRequest.LIFETIME)


def _waiting(now: dt.datetime) -> QuerySet[AuthorizationRequest]:
    return AuthorizationRequest.objects.filter(
        refresh_token__isnull=False, asked_at__gt=now - AuthorizationRequest.LIFETIME
    )


def _taken(request: AuthorizationRequest) -> dict[str, object]:
    """The tokens that waited, wiped from the request: whoever decides second finds none."""
    tokens = {name: getattr(request, name) for name in NO_TOKENS}
    waiting = AuthorizationRequest.objects.filter(pk=request.pk, refresh_token__isnull=False)
    if not waiting.update(**NO_TOKENS):
        raise ConnectError(DECIDED_ALREADY)
    return tokens


def _consume(state: str, person: Associate, session_key: str, now: dt.datetime) -> AuthorizationRequest:
    """Use up the state: whoever comes second with it, or from another session, is refused."""
    waiting = AuthorizationRequest.objects.filter(
        state_digest=_digest(state),
        session_digest=_digest(session_key),
        asked_by=person,
        asked_at__gt=now - AuthorizationRequest.LIFETIME,
        used_at__isnull=True,
    )
    request = waiting.first()
    if request is None or not waiting.update(used_at=now):
        raise ConnectError(NOT_BEGUN_HERE)
    return request


def _check_not_connected() -> None:
    active = Connection.active()
    if active is not None and active.is_connected:
        raise ConnectError(CONNECTED_ALREADY.format(company=active))


def _exchange(code: str) -> Tokens:
    try:
        return oauth_client().exchange(code)
    except AuthorizationRefused as error:
        raise ConnectError(CODE_REFUSED) from error
    except QboError as error:
        raise ConnectError(f"{in_words(error)} Nothing was connected.") from error


def _company_name(realm_id: str, tokens: Tokens) -> str:
    environment = qbo_environment()
    throttle = throttles(Part.PAGES).company(environment.name, realm_id)

    def token(rejected: str | None = None, *, again: bool = False) -> str:
        return tokens.access_token

    with CompanyClient(environment, realm_id, token, throttle, slot_timeout=SLOT_SECONDS) as client:
        return str(client.company_info().get("CompanyName") or "")[:200]


def _activate(
    realm_id: str,
    name: str,
    tokens: dict[str, object],
    person: Associate,
    now: dt.datetime,
    *,
    in_place_of_another: bool = False,
) -> Connection:
    """Make this company the active one; the row of a company that was connected before is found again."""
    try:
        with transaction.atomic(durable=True):
            active = Connection.objects.select_for_update().filter(is_active=True).first()
            if active is not None and (active.realm_id, active.environment) != (realm_id, settings.QBO_ENVIRONMENT):
                if not in_place_of_another or active.is_connected:
                    raise ConnectError(CONNECTED_ALREADY.format(company=active))
                Connection.objects.filter(pk=active.pk).update(**disconnected(now))
            return Connection.objects.update_or_create(
                environment=settings.QBO_ENVIRONMENT,
                realm_id=realm_id,
                defaults=tokens | NO_CLAIM | _connected(name, person, now),
            )[0]
    except IntegrityError as error:  # two people finished at the same moment
        raise ConnectError(f"Somebody else connected a QuickBooks company at the same moment. {AGAIN}") from error


def _connected(name: str, person: Associate, now: dt.datetime) -> dict[str, object]:
    return {
        "company_name": name,
        "state": Connection.State.CONNECTED,
        "is_active": True,
        "connected_by": person,
        "connected_at": now,
        "disconnected_at": None,
    }


def _give_back(tokens: Tokens) -> None:
    """End an authorization that led to nothing."""
    _revoke(tokens.refresh_token)


def _revoke(refresh_token: str) -> None:
    """Where that fails too, it ends by itself unused."""
    with suppress(QboError):
        oauth_client().revoke(refresh_token)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
