"""A process that is frozen after it has written a request down sends it no more: by then it has a successor.

The lease is shortened to nothing at that moment, so that any time at all is too long.
"""

from collections.abc import Callable
from typing import Any

import pytest

from clients.models import Client
from qbo_sync.models import Connection, Kind, Run
from qbo_sync.models.states import AttemptState
from qbo_sync.push.reversing import plan_reversal
from qbo_sync.push.updating import plan_update
from qbo_sync.runs import moves
from qbo_sync.serve import serve
from tests.factories import ClientFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import copied, planned, work

LOST = {"match": {"path": "/batch"}, "then": {"drop": "before"}}


@pytest.fixture
def client(mapped: Connection) -> Client:
    client = ClientFactory(phone="(608) 555-0100")
    copied(mapped, client)
    return client


def a_copy(connection: Connection, quickbooks: QuickBooks) -> Run:
    return planned(connection, ClientFactory())


def a_request_sent_again(connection: Connection, quickbooks: QuickBooks) -> Run:
    quickbooks.behave(rules=[LOST])
    run = planned(connection, ClientFactory())
    moves.queue(run)
    work(connection)
    return run


def a_change(connection: Connection, quickbooks: QuickBooks) -> Run:
    client = Client.objects.get()
    client.phone = "(608) 555-0199"
    client.save()
    return plan_update(
        connection=connection, kind=Kind.CLIENT, ids={client.pk}, actor=connection.connected_by, title="", back_url=""
    )


def a_reversal(connection: Connection, quickbooks: QuickBooks) -> Run:
    run = Run.objects.get()
    return plan_reversal(run=run, actor=run.asked_by)


@pytest.mark.parametrize("prepare", [a_copy, a_request_sent_again, a_change, a_reversal])
def test_nothing_is_sent(
    mapped: Connection,
    quickbooks: QuickBooks,
    settings: Any,
    client: Client,
    prepare: Callable[[Connection, QuickBooks], Run],
) -> None:
    run = prepare(mapped, quickbooks)
    written = len(quickbooks.requests("write"))
    moves.queue(run)

    settings.QBO_LEASE_SECONDS = 0
    serve(mapped.pk)

    assert len(quickbooks.requests("write")) == written
    assert set(run.attempts.values_list("state", flat=True)) <= {AttemptState.NOT_DONE, AttemptState.UNKNOWN}

    settings.QBO_LEASE_SECONDS = 30
    serve(mapped.pk)
    assert set(run.steps.values_list("state", flat=True)) == {"done"}
    assert len(quickbooks.requests("write")) == written + 1
