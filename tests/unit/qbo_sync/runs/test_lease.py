"""One engine at a time for a company: by a conditional update, a number, and a time after which it is free again."""

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from qbo_sync.models import Connection
from qbo_sync.runs.lease import Disconnected, Lease, LeaseLost, claim

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def connection(transactional_db: None) -> Connection:
    return Connection.objects.create(environment="simulator", realm_id="1", state="connected", is_active=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[dt.datetime]:
    """The time, which a test moves on by setting its only item."""
    settings.QBO_LEASE_SECONDS = 30
    times = [NOW]
    monkeypatch.setattr(timezone, "now", lambda: times[0])
    return times


def later(clock: list[dt.datetime], seconds: float) -> None:
    clock[0] = NOW + dt.timedelta(seconds=seconds)


def stored(connection: Connection) -> tuple[int, dt.datetime | None]:
    connection.refresh_from_db()
    return connection.lease_number, connection.lease_until


def test_the_first_to_ask_gets_it(connection: Connection, clock: list[dt.datetime]) -> None:
    assert claim(connection.pk) == Lease(connection.pk, 1)
    assert stored(connection) == (1, NOW + dt.timedelta(seconds=30))
    assert claim(connection.pk) is None


def test_given_back_it_is_free_at_once_under_a_new_number(connection: Connection, clock: list[dt.datetime]) -> None:
    first = claim(connection.pk)
    assert first is not None

    first.release()

    assert stored(connection) == (1, None)
    assert claim(connection.pk) == Lease(connection.pk, 2)


def test_it_is_free_when_its_time_is_over(connection: Connection, clock: list[dt.datetime]) -> None:
    claim(connection.pk)

    later(clock, 30)
    assert claim(connection.pk) is None
    later(clock, 30.001)
    assert claim(connection.pk) == Lease(connection.pk, 2)


def test_a_heartbeat_prolongs_it(connection: Connection, clock: list[dt.datetime]) -> None:
    lease = claim(connection.pk)
    assert lease is not None
    later(clock, 20)

    lease.beat()

    assert stored(connection) == (1, NOW + dt.timedelta(seconds=50))


def test_whoever_was_overtaken_can_do_nothing_more(connection: Connection, clock: list[dt.datetime]) -> None:
    stale = claim(connection.pk)
    assert stale is not None
    later(clock, 31)
    claim(connection.pk)

    with pytest.raises(LeaseLost):
        stale.beat()
    with pytest.raises(LeaseLost), stale.transaction():
        Connection.objects.update(company_name="Written by a ghost")
    stale.release()

    assert stored(connection) == (2, NOW + dt.timedelta(seconds=61))
    assert connection.company_name == ""


def test_one_that_has_run_out_and_was_not_taken_is_still_ours(connection: Connection, clock: list[dt.datetime]) -> None:
    lease = claim(connection.pk)
    assert lease is not None
    later(clock, 45)

    with lease.transaction():
        Connection.objects.update(company_name="Gentle Moves")

    assert (stored(connection), connection.company_name) == ((1, NOW + dt.timedelta(seconds=75)), "Gentle Moves")


def test_a_transaction_that_fails_writes_nothing(connection: Connection, clock: list[dt.datetime]) -> None:
    lease = claim(connection.pk)
    assert lease is not None

    def half() -> None:
        with lease.transaction():
            Connection.objects.update(company_name="Half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()

    assert (stored(connection)[0], connection.company_name) == (1, "")


def test_it_is_no_part_of_another_transaction(connection: Connection, clock: list[dt.datetime]) -> None:
    lease = claim(connection.pk)
    assert lease is not None

    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), lease.transaction():
        pass


def test_companies_do_not_wait_for_each_other(connection: Connection, clock: list[dt.datetime]) -> None:
    other = Connection.objects.create(environment="simulator", realm_id="2", state="disconnected")

    assert (claim(connection.pk), claim(other.pk)) == (Lease(connection.pk, 1), Lease(other.pk, 1))


def test_disconnected_nothing_further_is_begun_and_what_was_sent_is_recorded(
    connection: Connection, clock: list[dt.datetime]
) -> None:
    lease = claim(connection.pk)
    assert lease is not None
    Connection.objects.update(state="reconnect")

    with pytest.raises(Disconnected):
        lease.beat()
    with lease.transaction():
        Connection.objects.update(company_name="Gentle Moves")

    connection.refresh_from_db()
    assert connection.company_name == "Gentle Moves"


def test_pages_are_read_while_the_claim_is_kept_up(connection: Connection, settings: Any) -> None:
    settings.QBO_HEARTBEAT_SECONDS = 0.01
    lease = claim(connection.pk)
    assert lease is not None
    held = threading.Event()

    def pages() -> Iterator[int]:
        yield 1
        before = Connection.objects.values_list("lease_until", flat=True).get()
        while Connection.objects.values_list("lease_until", flat=True).get() == before:
            held.wait(0.01)
        connections.close_all()
        yield 2

    assert list(lease.while_reading(pages())) == [1, 2]
