"""An engine killed at every point at which something is committed: nothing doubled, nothing missing.

For each n the engine dies just after, or just before, its n-th commit; then a fresh engine takes over, and the
documents at QuickBooks are counted. n rises until no run reaches it any more: by three, and by five where answers are
lost besides, each case from another first one. `KILLED=all` dies at each commit, as `.ci/run` does.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count, cycle
from typing import Any, Literal

import pytest
from django.db import connection as database
from django.db import connections

from hours.models import HourEntry
from invoices.models import Invoice
from qbo_sync.models import Attempt, Connection, Kind, Link, Run
from qbo_sync.models.states import AttemptState, RunState
from qbo_sync.push import choices
from qbo_sync.serve import serve
from tests.factories import HourEntryFactory, InvoiceLineFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import invoice_for_hours, qbo_id, queued, states

pytestmark = pytest.mark.usefixtures("no_waiting")
Moment = Literal["after", "before"]
WRITES = ("INSERT", "UPDATE", "DELETE")


class Killed(BaseException):
    """The process is gone: nothing below catches this."""


class Killer:
    """Kills at the n-th commit of the engine's own thread: a transaction's, or that of a write outside of any."""

    def __init__(self, at: int, moment: Moment) -> None:
        self.left = at
        self.moment = moment
        self.dead = False
        self._commit = database.commit

    @contextmanager
    def watching(self) -> Iterator[None]:
        database.commit = self.commit  # type: ignore[method-assign]
        try:
            with database.execute_wrapper(self.execute):
                yield
        finally:
            database.commit = self._commit  # type: ignore[method-assign]

    def execute(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.dead:
            raise Killed
        if database.in_atomic_block or not sql.startswith(WRITES):
            return execute(sql, params, many, context)
        self._die("before")
        result = execute(sql, params, many, context)
        self._die("after")
        return result

    def commit(self) -> None:
        if self.dead or (self.left == 1 and self.moment == "before"):
            database.rollback()
        self._die("before")
        self._commit()
        self._die("after")

    def _die(self, moment: Moment) -> None:
        if moment != self.moment:
            return
        self.left -= 1
        if self.left == 0:
            self.dead = True
            raise Killed


def lived_through(
    connection: Connection, run: Run, killer: Killer, *, after_a_kill: Callable[[], None] = lambda: None
) -> None:
    """Ring until the run is over; whoever is killed has a successor once the lease has run out."""
    for _ in range(12):
        try:
            if killer.dead:
                serve(connection.pk)
            else:
                with killer.watching():
                    serve(connection.pk)
        except Killed:
            connections.close_all()
            Connection.objects.filter(pk=connection.pk).update(lease_until=None)
            after_a_kill()
        run.refresh_from_db()
        if run.state == RunState.DONE:
            return
    raise AssertionError(f"The run never ended: {states(run)}")


def each_is_there_once(quickbooks: QuickBooks, invoice: Invoice, entries: list[HourEntry]) -> None:
    client, associate = invoice.job.client, entries[0].associate
    made = {
        "Customer": [qbo_id(client)],
        "Employee": [qbo_id(associate)],
        "TimeActivity": sorted(str(qbo_id(entry)) for entry in entries),
        "Invoice": [qbo_id(invoice)],
    }
    there = {
        "Customer": f"DisplayName = '{client.name}'",
        "Employee": f"DisplayName = '{associate.name}'",
        "TimeActivity": f"EmployeeRef = '{qbo_id(associate)}'",
        "Invoice": f"DocNumber = '{invoice.number}'",
    }
    kept = {entity: quickbooks.query(f"select * from {entity} where {where}") for entity, where in there.items()}
    assert {entity: sorted(row["Id"] for row in rows) for entity, rows in kept.items()} == made
    assert {row["BillableStatus"] for row in kept["TimeActivity"]} == {"HasBeenBilled"}


Lost = dict[str, Any] | None
BEFORE: Lost = {"drop": "before"}
AFTER: Lost = {"drop": "after"}
HALF: Lost = {"drop": "midway", "after_items": 2, "remember": False}


KILLED_ALONE = [(None, "after", 1), (None, "before", 2)]  # lost, moment and first death


def also_lost(*cases: tuple[Any, ...]) -> list[Any]:
    """Cases in which answers are lost besides: how a database ends a killed transaction is known from the others."""
    firsts = cycle((1, 2, 3, 4, 5))
    return [pytest.param(*case, next(firsts), marks=pytest.mark.either) for case in cases]


def deaths(first: int, lost: Lost) -> Iterator[int]:
    """The commits to die at, endlessly: from `first` on every third, every fifth where answers are lost besides."""
    return count(1) if os.environ.get("KILLED") == "all" else count(first, 5 if lost else 3)


@pytest.mark.parametrize(
    ("entity", "lost", "moment", "first"),
    [
        *(("", *case) for case in KILLED_ALONE),
        *also_lost(
            ("Customer", AFTER, "after"),
            ("TimeActivity", BEFORE, "after"),
            ("TimeActivity", HALF, "after"),
            ("TimeActivity", HALF, "before"),
        ),
    ],
    ids=str,
)
def test_killed_at_every_commit(
    mapped: Connection, quickbooks: QuickBooks, entity: str, lost: Lost, moment: Moment, first: int
) -> None:
    for at in deaths(first, lost):
        entries = [HourEntryFactory()]
        entries += [HourEntryFactory(job=entries[0].job, associate=entries[0].associate) for _ in range(2)]
        invoice = invoice_of(entries)
        rule = {"match": {"path": "/batch", "entity": entity}, "then": lost}
        quickbooks.behave(rules=[rule] if lost else [])
        run, killer = queued(mapped, invoice), Killer(at, moment)

        lived_through(mapped, run, killer)

        each_is_there_once(quickbooks, invoice, entries)
        assert Counter(run.steps.values_list("state", flat=True)) == {"done": 6}
        assert not Link.objects.filter(qbo_id__isnull=True).exists()
        assert not Attempt.objects.filter(state__in=(AttemptState.SENT, AttemptState.UNKNOWN)).exists()
        if not killer.dead:
            break
    assert at > 15  # so many commits a run of four batches has at least


def invoice_of(entries: list[HourEntry]) -> Invoice:
    invoice = invoice_for_hours(entries[0])
    for position, entry in enumerate(entries[1:], 2):
        InvoiceLineFactory(invoice=invoice, hour_entry=entry, position=position)
    return invoice


@pytest.mark.sandbox
def test_killed_between_a_choice_and_what_waited_for_it(mapped: Connection, quickbooks: QuickBooks) -> None:
    """A person's answer is one transaction: linked and set free, or neither."""
    for at in count(1):
        entry = HourEntryFactory(job__client__name=f"Amys Bird Sanctuary{' LLC' * at}")
        run = queued(mapped, entry)
        serve(mapped.pk)
        step = run.steps.select_related("run__connection", "attempt").get(kind=Kind.CLIENT)
        assert step.state == "needs_choice"
        killer = Killer(at, "after")
        try:
            with killer.watching():
                choices.create_new(step)
        except Killed:
            connections.close_all()
        if not killer.dead:
            break
        lived_through(mapped, run, Killer(0, "after"))
        assert set(states(run).values()) == {"done"}
    assert at == 2
