"""A connected company, and the way from the button to the end of a run, at the wire against the simulator."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.db import connections

from associates.models import Associate
from invoices.models import Invoice
from qbo_sync.connection.client import client_for
from qbo_sync.models import Connection, Kind, Link, Run
from qbo_sync.push import plan, recovery
from qbo_sync.push.engine import Engine
from qbo_sync.runs import moves
from qbo_sync.runs.lease import claim
from tests.factories import HourEntryFactory, InvoiceFactory, InvoiceLineFactory
from tests.quickbooks import QuickBooks, connected, map_everything


@pytest.fixture(autouse=True)
def _no_waiting(no_waiting: None) -> None: ...


@pytest.fixture
def connection(transactional_db: None, quickbooks: QuickBooks, owner: Associate) -> Connection:
    return connected(quickbooks, owner)


@pytest.fixture
def mapped(connection: Connection, quickbooks: QuickBooks) -> Connection:
    """A connection with an item or account for every purpose; make expense categories before asking for it."""
    map_everything(connection, quickbooks)
    return connection


def invoice_for_hours(entry: Any = None, *, hours: int = 1, **values: Any) -> Invoice:
    """A finalized invoice that bills hours of one job: those given, or `hours` new ones."""
    first = entry or HourEntryFactory()
    entries = [first, *(HourEntryFactory(job=first.job, associate=first.associate) for _ in range(hours - 1))]
    invoice = InvoiceFactory(job=first.job, status=Invoice.Status.FINALIZED, **values)
    for position, each in enumerate(entries, 1):
        InvoiceLineFactory(invoice=invoice, hour_entry=each, position=position)
    return invoice


def planned(connection: Connection, *records: Any, by: Associate | None = None) -> Run:
    """The plan of copying these records."""
    asked: dict[Kind, set[int]] = {}
    for record in records:
        asked.setdefault(Kind.of(record), set()).add(record.pk)
    actor = by or connection.connected_by
    assert actor is not None
    return plan.build(connection=connection, asked=asked, title="Add QBO", actor=actor)


def queued(connection: Connection, *records: Any) -> Run:
    """Plan and “Next”."""
    run = planned(connection, *records)
    assert moves.queue(run)
    return run


def work(connection: Connection, seconds: float = 30) -> None:
    """One ring of the doorbell: recover, then copy what is queued."""
    lease = claim(connection.pk)
    assert lease is not None
    try:
        with client_for(connection) as client:
            recovery.take_over(connection, lease)
            recovery.settle(connection, client, lease)
            Engine(connection, client, lease).work(seconds)
    finally:
        lease.release()


def copied(connection: Connection, *records: Any) -> Run:
    """Plan, “Next”, and the engine's work."""
    run = queued(connection, *records)
    work(connection)
    run.refresh_from_db()
    return run


def states(run: Run) -> dict[str, str]:
    """The state of each step by its label."""
    return dict(run.steps.values_list("label", "state"))


def told(run: Run) -> dict[str, tuple[str, str, str]]:
    """State, message and mending button of each step by its label."""
    return {step.label: (step.state, step.message, step.mend) for step in run.steps.all()}


def qbo_id(record: Any) -> str | None:
    """The QBO ID of a record of ours."""
    return Link.objects.get(**{Kind.of(record).value: record}).qbo_id


def batches(quickbooks: QuickBooks) -> list[list[str]]:
    """The entities of each writing request, in the order in which they came."""
    return [[operation["entity"] for operation in row["operations"]] for row in quickbooks.requests("write")]


def at_the_wire(
    quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch, action: Callable[[], object], *, nth: int = 1
) -> None:
    """Let something happen at the moment at which the nth writing request has reached QuickBooks."""
    carry_out, seen = quickbooks.app.carried_out, count(1)

    def carried_out(exchange: Any, *rest: Any) -> Any:
        if exchange.kind == "write" and next(seen) == nth:
            try:
                action()
            finally:
                connections.close_all()  # of the sender's thread
        return carry_out(exchange, *rest)

    monkeypatch.setattr(quickbooks.app, "carried_out", carried_out)
