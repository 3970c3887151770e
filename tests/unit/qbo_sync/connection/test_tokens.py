"""Access tokens: refreshed in time, by one at a time, and whatever comes back is kept (qbo-api.md §1.4)."""

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from associates.models import Associate
from qbo_simulator import Simulator
from qbo_sync.api.errors import AuthorizationLost, NoAnswer, Unreachable
from qbo_sync.connection import tokens
from qbo_sync.connection.environment import oauth_client
from qbo_sync.connection.tokens import StoredTokens, claim_refresh, fields_of, save_tokens
from qbo_sync.models import Connection
from tests.quickbooks import QuickBooks, connected, simulated

TOKEN_PATH = "/oauth2/v1/tokens/bearer"


@pytest.fixture
def quickbooks() -> Iterator[QuickBooks]:
    with simulated("empty") as running:
        yield running


@pytest.fixture
def row(transactional_db: None, quickbooks: QuickBooks, owner: Associate) -> Connection:
    """A connection whose access token ends in a minute, so that it is to be refreshed."""
    row = connected(quickbooks, owner)
    Connection.objects.update(access_expires_at=timezone.now() + dt.timedelta(minutes=1))
    row.refresh_from_db()
    return row


def source(row: Connection, sleep: Any = None) -> StoredTokens:
    """A token source as another process would have it."""
    return StoredTokens(row.pk, oauth_client(), **({"sleep": sleep} if sleep else {}))


def refreshes(quickbooks: QuickBooks) -> int:
    return sum(request["path"] == TOKEN_PATH for request in quickbooks.requests())


def test_a_good_token_is_used_as_it_is(row: Connection, quickbooks: QuickBooks) -> None:
    Connection.objects.update(access_expires_at=timezone.now() + dt.timedelta(minutes=3))

    assert source(row)() == row.access_token
    assert quickbooks.requests() == []


def test_one_that_ends_soon_is_refreshed_and_all_that_came_back_is_kept(
    row: Connection, quickbooks: QuickBooks
) -> None:
    quickbooks.behave(refresh_rotation="each")

    token = source(row)()

    before, after = row, Connection.objects.get()
    assert token == after.access_token != before.access_token
    assert after.refresh_token != before.refresh_token
    assert (after.access_expires_at - timezone.now()).total_seconds() > 3500  # type: ignore[operator]
    assert (after.refresh_expires_at - timezone.now()).days > 90  # type: ignore[operator]
    assert (after.refresh_claim, after.refresh_claimed_at, after.state) == (None, None, "connected")
    assert refreshes(quickbooks) == 1


def test_a_rejected_token_is_refreshed_before_its_time(row: Connection, quickbooks: QuickBooks) -> None:
    Connection.objects.update(access_expires_at=timezone.now() + dt.timedelta(hours=1))
    mine = source(row)
    rejected = mine()

    assert mine(rejected=rejected) != rejected
    assert refreshes(quickbooks) == 1


def test_a_rejected_token_that_somebody_else_has_replaced_needs_no_refresh(
    row: Connection, quickbooks: QuickBooks
) -> None:
    Connection.objects.update(access_expires_at=timezone.now() + dt.timedelta(hours=1))
    mine, other = source(row), source(row)
    rejected = mine()
    replaced = other(rejected=rejected)

    assert mine(rejected=rejected) == replaced
    assert refreshes(quickbooks) == 1


def test_two_at_once_refresh_once(row: Connection, quickbooks: QuickBooks) -> None:
    """Two processes, Intuit's rotation at its strictest: a second refresh would lose the authorization."""
    quickbooks.behave(refresh_rotation="each", latency={"base_ms": 300, "per_operation_ms": 0})
    got: list[str] = []

    def ask(mine: StoredTokens) -> None:
        try:
            got.append(mine())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask, args=(source(row),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    after = Connection.objects.get()
    assert got == [after.access_token] * 2
    assert refreshes(quickbooks) == 1
    assert after.state == Connection.State.CONNECTED


def test_who_waits_reads_what_the_holder_has_saved(row: Connection, quickbooks: QuickBooks) -> None:
    claim = claim_refresh(row.pk)
    assert claim is not None

    def the_holder_saves(seconds: float) -> None:
        save_tokens(row.pk, oauth_client().refresh(row.refresh_token or ""), claim=claim, sent=row.refresh_token or "")

    token = source(row, the_holder_saves)()

    assert token == Connection.objects.get().access_token != row.access_token
    assert refreshes(quickbooks) == 1


def test_a_claim_left_by_a_killed_process_is_taken_over(row: Connection, quickbooks: QuickBooks) -> None:
    claim_refresh(row.pk)
    Connection.objects.update(refresh_claimed_at=timezone.now() - tokens.CLAIM_LIFETIME - dt.timedelta(seconds=1))

    assert source(row)() == Connection.objects.get().access_token != row.access_token


def test_nobody_waits_for_ever(row: Connection, quickbooks: QuickBooks) -> None:
    claim_refresh(row.pk)

    with pytest.raises(Unreachable):
        source(row, lambda seconds: None)()
    assert refreshes(quickbooks) == 0


def test_what_comes_back_late_is_kept_where_nobody_has_newer_ones(row: Connection, quickbooks: QuickBooks) -> None:
    """Our claim ran out and was taken over, but our answer came first: the other's refresh will be refused."""
    quickbooks.behave(refresh_rotation="each")
    mine = claim_refresh(row.pk)
    assert mine is not None
    came = oauth_client().refresh(row.refresh_token or "")
    Connection.objects.update(refresh_claim="00000000-0000-4000-8000-000000000000")

    assert save_tokens(row.pk, came, claim=mine, sent=row.refresh_token or "") == came.access_token
    assert Connection.objects.get().refresh_token == came.refresh_token


def test_invalid_grant_with_the_token_still_stored_asks_for_a_person(row: Connection, quickbooks: QuickBooks) -> None:
    Connection.objects.update(refresh_token="RT1-not-known")

    with pytest.raises(AuthorizationLost) as lost:
        source(row)()

    assert "connect again" in str(lost.value)
    after = Connection.objects.get()
    assert (after.state, after.is_active, after.refresh_claim) == ("reconnect", True, None)
    with pytest.raises(AuthorizationLost):
        source(row)()
    assert refreshes(quickbooks) == 1


def test_invalid_grant_is_no_matter_where_another_token_was_stored_meanwhile(
    row: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    quickbooks.behave(refresh_rotation="each")
    newer = oauth_client().refresh(row.refresh_token or "")
    serve = Simulator.__call__

    def stored_meanwhile(app: Simulator, environ: dict[str, Any], start: Any) -> Any:
        if environ["PATH_INFO"] == TOKEN_PATH:
            Connection.objects.update(**fields_of(newer))
        return serve(app, environ, start)

    monkeypatch.setattr(Simulator, "__call__", stored_meanwhile)

    assert source(row)() == newer.access_token
    assert Connection.objects.get().state == Connection.State.CONNECTED
    assert refreshes(quickbooks) == 2


def test_intuit_down_gives_the_claim_back(row: Connection, quickbooks: QuickBooks) -> None:
    quickbooks.behave(rules=[{"match": {"path": TOKEN_PATH}, "then": {"status": 503}, "times": 1}])
    mine = source(row)

    with pytest.raises(NoAnswer):
        mine()
    after = Connection.objects.get()
    assert (after.state, after.refresh_claim, after.access_token) == ("connected", None, row.access_token)
    assert mine() == Connection.objects.get().access_token != row.access_token


def test_a_disconnected_company_gets_no_tokens(row: Connection, quickbooks: QuickBooks) -> None:
    mine = claim_refresh(row.pk)
    assert mine is not None
    came = oauth_client().refresh(row.refresh_token or "")
    Connection.objects.update(state="disconnected", is_active=False, access_token=None, refresh_token=None)

    with pytest.raises(AuthorizationLost):
        save_tokens(row.pk, came, claim=mine, sent=row.refresh_token or "")
    assert Connection.objects.get().access_token is None


def test_tokens_that_come_after_a_disconnect_are_given_back(
    row: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve = Simulator.__call__

    def disconnected_meanwhile(app: Simulator, environ: dict[str, Any], start: Any) -> Any:
        if environ["PATH_INFO"] == TOKEN_PATH:
            Connection.objects.update(state="disconnected", is_active=False, access_token=None, refresh_token=None)
        return serve(app, environ, start)

    monkeypatch.setattr(Simulator, "__call__", disconnected_meanwhile)

    with pytest.raises(AuthorizationLost):
        source(row)()
    assert [request["path"] for request in quickbooks.requests()][-1] == "/v2/oauth2/tokens/revoke"


def test_never_inside_a_transaction(row: Connection, quickbooks: QuickBooks) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        source(row)()
    assert refreshes(quickbooks) == 0
