"""The doorbell: who serves, what trouble is told, and what goes on by itself afterwards."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import requests
from django.db import connections
from django.utils import timezone

from associates.models import Associate
from qbo_sync.api.errors import AuthorizationLost
from qbo_sync.connection.client import client_for
from qbo_sync.connection.trouble import RECONNECT
from qbo_sync.models import Attempt, Connection, ImportList, Link, Run
from qbo_sync.models.states import AttemptState, RunState
from qbo_sync.pull.begin import begin_import
from qbo_sync.runs.lease import claim
from qbo_sync.runs.moves import connections_with_work, queue
from qbo_sync.serve import DISCONNECTED, serve
from tests.factories import ClientFactory, HourEntryFactory
from tests.quickbooks import QuickBooks, connected, map_everything
from tests.unit.qbo_sync.push.conftest import at_the_wire, batches, invoice_for_hours, queued, states

pytestmark = pytest.mark.usefixtures("no_waiting")


@pytest.fixture
def mapped(transactional_db: None, quickbooks: QuickBooks, owner: Associate) -> Connection:
    connection = connected(quickbooks, owner)
    map_everything(connection, quickbooks)
    return connection


def standing(run: Run) -> tuple[str, str, set[str]]:
    run.refresh_from_db()
    return run.state, run.message, set(states(run).values())


def test_serving_copies_and_gives_the_lease_back(mapped: Connection) -> None:
    run = queued(mapped, invoice_for_hours())
    assert connections_with_work() == [mapped.pk]

    assert serve(mapped.pk) is False

    assert standing(run) == (RunState.DONE, "", {"done"})
    mapped.refresh_from_db()
    assert (mapped.lease_number, mapped.lease_until) == (1, None)
    assert connections_with_work() == []


def test_whoever_does_not_get_the_lease_goes_away(mapped: Connection, quickbooks: QuickBooks) -> None:
    run = queued(mapped, ClientFactory())
    held = claim(mapped.pk)

    assert serve(mapped.pk) is False

    assert (standing(run), batches(quickbooks)) == ((RunState.QUEUED, "", {"ready"}), [])
    mapped.refresh_from_db()
    assert held is not None
    assert mapped.lease_number == held.number


def test_two_workers_at_once_copy_each_record_once(mapped: Connection, quickbooks: QuickBooks) -> None:
    invoices = [invoice_for_hours() for _ in range(4)]
    runs = [queued(mapped, *invoices), queued(mapped, *invoices)]
    quickbooks.behave(latency={"base_ms": 50})
    begin = threading.Barrier(3)
    failures: list[BaseException] = []

    def worker() -> None:
        try:
            begin.wait()
            serve(mapped.pk)
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failures.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=worker) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()

    assert failures == []
    assert [standing(run)[0] for run in runs] == [RunState.DONE, RunState.DONE]
    assert Counter(entity for batch in batches(quickbooks) for entity in batch) == {
        "Customer": 4, "Employee": 4, "TimeActivity": 4, "Invoice": 4,
    }  # fmt: skip


def test_what_cannot_be_done_in_one_ring_is_done_in_the_next(
    mapped: Connection, quickbooks: QuickBooks, settings: Any
) -> None:
    settings.QBO_DOORBELL_SECONDS = 0
    quickbooks.behave(latency={"base_ms": 600})
    run = queued(mapped, *(ClientFactory() for _ in range(61)))

    rings = 1
    while serve(mapped.pk):
        rings += 1
        assert rings < 10

    assert standing(run) == (RunState.DONE, "", {"done"})
    assert rings >= 2
    assert [len(batch) for batch in batches(quickbooks)] == [30, 30, 1]


def revoked(mapped: Connection, quickbooks: QuickBooks) -> None:
    """The company's owner ends the authorization at Intuit."""
    answer = quickbooks.http.post(
        "/v2/oauth2/tokens/revoke",
        json={"token": quickbooks.tokens["refresh_token"]},
        auth=("simulator-client", "simulator-secret"),
    )
    assert answer.status_code == 200


def test_an_authorization_that_is_lost_is_said_and_waits_until_connected_again(
    mapped: Connection, quickbooks: QuickBooks
) -> None:
    run = queued(mapped, ClientFactory())
    revoked(mapped, quickbooks)

    assert serve(mapped.pk) is False

    assert standing(run) == (RunState.QUEUED, RECONNECT, {"ready"})
    mapped.refresh_from_db()
    assert (mapped.state, mapped.lease_until, connections_with_work()) == (Connection.State.RECONNECT, None, [])
    assert (serve(mapped.pk), batches(quickbooks)) == (False, [])

    tokens = quickbooks.http.post("/_simulator/tokens", json={}).get_json()
    mapped.access_token, mapped.refresh_token = tokens["access_token"], tokens["refresh_token"]
    mapped.state = Connection.State.CONNECTED
    mapped.save()
    assert connections_with_work() == [mapped.pk]
    serve(mapped.pk)
    assert standing(run) == (RunState.DONE, "", {"done"})


def test_an_authorization_that_is_lost_in_the_middle_leaves_the_rest_to_be_copied(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = queued(mapped, *(ClientFactory() for _ in range(31)))
    at_the_wire(quickbooks, monkeypatch, lambda: revoked(mapped, quickbooks), nth=2)

    serve(mapped.pk)

    run.refresh_from_db()
    assert (run.state, run.message, Counter(states(run).values())) == (
        RunState.QUEUED,
        RECONNECT,
        {"done": 30, "ready": 1},
    )
    assert list(Attempt.objects.values_list("state", flat=True)) == [AttemptState.ANSWERED, AttemptState.NOT_DONE]
    assert not Link.objects.filter(qbo_id__isnull=True).exists()


def test_a_stale_access_token_is_refreshed_and_nobody_notices(mapped: Connection, quickbooks: QuickBooks) -> None:
    Connection.objects.filter(pk=mapped.pk).update(access_token="stale")
    run = queued(mapped, ClientFactory())

    serve(mapped.pk)

    assert standing(run) == (RunState.DONE, "", {"done"})


def raising(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def test_quickbooks_out_of_reach_is_said_and_the_next_ring_goes_on(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = queued(mapped, HourEntryFactory())
    at_the_wire(quickbooks, monkeypatch, raising(requests.ConnectTimeout()))

    assert serve(mapped.pk) is False

    assert standing(run) == (
        RunState.QUEUED,
        "QuickBooks cannot be reached right now. Try again in a few minutes.",
        {"ready"},
    )
    assert Attempt.objects.get().state == AttemptState.NOT_DONE
    assert connections_with_work() == [mapped.pk]

    serve(mapped.pk)
    assert standing(run) == (RunState.DONE, "", {"done"})
    assert [len(batch) for batch in batches(quickbooks)][1:] == [2, 1]


STOPS = {
    "120": (
        "The person who connected QuickBooks may not work in this company any more. Connect again as somebody who may, "
        "then press “Go on”."
    ),
    "130": (
        "This company is not in the QuickBooks that SMMware talks to: the sandbox and the real one are apart. Whoever "
        "runs this server should check QBO_ENVIRONMENT; then connect again and press “Go on”."
    ),
    "140": (
        "The company is locked at QuickBooks. Look at QuickBooks whether it can be opened there, then press “Go on”."
    ),
    "150": (
        "The company is closed for maintenance at QuickBooks right now. Wait until it can be opened at QuickBooks "
        "again, then press “Go on”."
    ),
    "3100": (
        "QuickBooks does not let us into this company. Disconnect and connect again, choosing the right company; then "
        "press “Go on”."
    ),
    "6190": (
        "The QuickBooks subscription has ended, or there is a billing problem; nothing can be added. Renew it at "
        "QuickBooks, then press “Go on”."
    ),
}


@pytest.mark.parametrize("where", [{"operation": "query"}, {"operation": "create"}], ids=["reading", "one of a batch"])
@pytest.mark.parametrize("code", STOPS)
def test_what_only_a_person_can_mend_stops_the_run_and_keeps_what_is_not_done(
    mapped: Connection, quickbooks: QuickBooks, code: str, where: dict[str, str]
) -> None:
    run = queued(mapped, *(ClientFactory() for _ in range(3)))
    waiting = queued(mapped, HourEntryFactory())
    fault = {"code": code, "message": "message=Words", "status": 403}
    quickbooks.behave(rules=[{"match": where, "then": {"fault": fault}, "times": None}])

    assert serve(mapped.pk) is False

    assert standing(run) == (RunState.FAILED, STOPS[code], {"ready"})
    assert standing(waiting)[:2] == (RunState.FAILED, STOPS[code])
    assert (connections_with_work(), Link.objects.count()) == ([], 0)
    mapped.refresh_from_db()
    assert mapped.state == Connection.State.CONNECTED

    quickbooks.behave(rules=[])
    assert queue(run)
    assert queue(waiting)
    serve(mapped.pk)
    assert (standing(run), standing(waiting)) == ((RunState.DONE, "", {"done"}), (RunState.DONE, "", {"done"}))


def test_one_of_a_batch_that_stops_everything_does_not_undo_its_neighbours(
    mapped: Connection, quickbooks: QuickBooks
) -> None:
    run = queued(mapped, *(ClientFactory() for _ in range(3)))
    match = {"entity": "Customer", "operation": "create", "nth": 2}
    quickbooks.behave(rules=[{"match": match, "then": {"fault": "6190"}, "times": None}])

    serve(mapped.pk)

    run.refresh_from_db()
    assert (run.state, Counter(states(run).values())) == (RunState.FAILED, {"done": 1, "ready": 2})
    assert Counter(run.steps.values_list("state", "message")) == {("done", ""): 1, ("ready", STOPS["6190"]): 2}
    assert not Link.objects.filter(qbo_id__isnull=True).exists()

    quickbooks.behave(rules=[])
    assert queue(run)
    serve(mapped.pk)
    assert Counter(run.steps.values_list("state", "message")) == {("done", ""): 3}


def test_an_answer_that_was_lost_before_the_run_was_stopped_is_looked_for_and_not_sent_again(
    mapped: Connection, quickbooks: QuickBooks
) -> None:
    run = queued(mapped, ClientFactory())
    quickbooks.behave(rules=[{"match": {"path": "/batch"}, "then": {"drop": "before"}}])
    serve(mapped.pk)
    Run.objects.filter(pk=run.pk).update(state=RunState.FAILED)
    before = len(quickbooks.requests("write"))

    serve(mapped.pk)

    assert (standing(run)[0], standing(run)[2]) == (RunState.FAILED, {"ready"})
    assert (len(quickbooks.requests("write")), Link.objects.count()) == (before, 0)


def test_what_is_unknown_is_not_asked_for_at_each_sweep_while_a_person_has_to_mend_something(
    mapped: Connection, quickbooks: QuickBooks
) -> None:
    run = queued(mapped, ClientFactory())
    quickbooks.behave(rules=[{"match": {"path": "/batch"}, "then": {"drop": "after"}}])
    serve(mapped.pk)
    fault = {"code": "3100", "message": "message=Words", "status": 403}
    quickbooks.behave(rules=[{"match": {"operation": "query"}, "then": {"fault": fault}, "times": None}])

    serve(mapped.pk)

    assert standing(run) == (RunState.FAILED, STOPS["3100"], {"unknown"})
    assert connections_with_work() == []

    quickbooks.behave(rules=[])
    Attempt.objects.update(look_at=timezone.now())
    assert connections_with_work() == [mapped.pk]
    serve(mapped.pk)
    assert standing(run) == (RunState.FAILED, STOPS["3100"], {"done"})


def test_a_401_that_persists_asks_for_connecting_again_and_is_not_tried_at_each_sweep(
    mapped: Connection, quickbooks: QuickBooks
) -> None:
    run = queued(mapped, ClientFactory())
    quickbooks.behave(rules=[{"match": {"path": "/v3/"}, "then": {"status": 401}, "times": None}])

    assert serve(mapped.pk) is False

    assert standing(run) == (RunState.QUEUED, RECONNECT, {"ready"})
    mapped.refresh_from_db()
    assert (mapped.state, connections_with_work()) == (Connection.State.RECONNECT, [])
    asked = len(quickbooks.requests())
    assert (serve(mapped.pk), len(quickbooks.requests())) == (False, asked)


def test_a_401_of_a_token_that_somebody_replaced_meanwhile_ends_nothing(mapped: Connection) -> None:
    tokens = client_for(mapped)._wire._access_token

    with pytest.raises(AuthorizationLost):
        tokens(rejected="of an hour ago", again=True)

    mapped.refresh_from_db()
    assert mapped.state == Connection.State.CONNECTED


def test_a_batch_that_is_refused_as_a_whole_says_so_on_each_record(mapped: Connection, quickbooks: QuickBooks) -> None:
    run = queued(mapped, ClientFactory(), ClientFactory())
    quickbooks.app.carried_out, carry_out = None, quickbooks.app.carried_out  # type: ignore[assignment, method-assign]

    def closed(exchange: Any, *rest: Any) -> Any:
        if exchange.kind == "write":
            from qbo_simulator import answers
            from qbo_simulator.control.rules import KNOWN_FAULTS

            return answers.refused(exchange.request, quickbooks.app.clock, KNOWN_FAULTS["6210"])
        return carry_out(exchange, *rest)

    quickbooks.app.carried_out = closed  # type: ignore[method-assign]

    serve(mapped.pk)

    assert standing(run) == (RunState.DONE, "", {"refused"})
    assert set(run.steps.values_list("message", "mend", "fault_code")) == {
        (
            "The books at QuickBooks are closed for this date."
            " Change the date, or open the books at QuickBooks; then try again.",
            "open",
            "6210",
        )
    }
    assert (Attempt.objects.get().state, Link.objects.count()) == (AttemptState.NOT_DONE, 0)


def test_what_an_engine_left_running_is_served_again(mapped: Connection) -> None:
    run = queued(mapped, ClientFactory())
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING, started_at=timezone.now())

    serve(mapped.pk)

    assert standing(run) == (RunState.DONE, "", {"done"})


def test_a_lease_that_has_run_out_is_taken_over(mapped: Connection) -> None:
    run = queued(mapped, ClientFactory())
    Connection.objects.filter(pk=mapped.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))

    serve(mapped.pk)

    assert standing(run)[0] == RunState.DONE


@pytest.mark.sandbox
def test_imports_and_copies_are_served_in_one_ring(mapped: Connection, quickbooks: QuickBooks) -> None:
    assert mapped.connected_by is not None
    copying = queued(mapped, ClientFactory(name="Amy's Bird Sanctuary"))
    importing = begin_import(mapped, ImportList.CLIENTS, actor=mapped.connected_by, now=timezone.now())

    serve(mapped.pk)

    importing.refresh_from_db()
    assert importing.state == RunState.PLANNED
    assert standing(copying) == (RunState.DONE, "", {"needs_choice"})
    assert batches(quickbooks) == []


def test_a_disconnected_company_is_not_served(mapped: Connection, quickbooks: QuickBooks) -> None:
    run = queued(mapped, ClientFactory())
    Connection.objects.filter(pk=mapped.pk).update(
        state="disconnected", is_active=False, access_token=None, refresh_token=None
    )

    assert serve(mapped.pk) is False
    assert (standing(run)[2], connections_with_work(), batches(quickbooks)) == ({"ready"}, [], [])


def test_disconnected_in_the_middle_what_was_sent_is_recorded_and_nothing_more_is_sent(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = queued(mapped, *(ClientFactory() for _ in range(31)))

    def disconnect() -> None:
        Connection.objects.filter(pk=mapped.pk).update(
            state="disconnected", is_active=False, access_token=None, refresh_token=None
        )

    at_the_wire(quickbooks, monkeypatch, disconnect)

    assert serve(mapped.pk) is False

    run.refresh_from_db()
    assert (run.state, run.message, Counter(states(run).values())) == (
        RunState.QUEUED,
        DISCONNECTED,
        {"done": 30, "ready": 1},
    )
    assert [len(batch) for batch in batches(quickbooks)] == [30]
    assert not Link.objects.filter(qbo_id__isnull=True).exists()


def test_the_lists_are_read_under_the_heartbeat(mapped: Connection, quickbooks: QuickBooks, settings: Any) -> None:
    settings.QBO_HEARTBEAT_SECONDS, settings.QBO_LEASE_SECONDS = 0.1, 1
    quickbooks.behave(rules=[{"match": {"entity": "Vendor", "operation": "query"}, "then": {"delay_ms": 1500}}])
    run = queued(mapped, ClientFactory())
    rivals: list[object] = []
    waiting = threading.Timer(1.3, lambda: rivals.append(claim(mapped.pk)) or connections.close_all())
    waiting.start()

    serve(mapped.pk)
    waiting.join()

    assert (rivals, standing(run)) == ([None], (RunState.DONE, "", {"done"}))
