"""Changing and taking back what is at QuickBooks already: what “Update QBO” and “Reverse this run” have in common.

Each record is read before it is written, thirty at a time, and written with the SyncToken that was read: what somebody
else changes in between is refused (5010), read again and judged anew. That also makes a lost answer harmless: a change
that arrived late and a second one never both count. A lost answer is still looked for first, by reading the record.
"""

import datetime as dt
import logging
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, TypeAlias, TypeVar

from django.conf import settings
from django.db.models.functions import Coalesce
from django.utils import timezone

from qbo_sync import directory
from qbo_sync.api import query
from qbo_sync.api.batch import MAX_ITEMS, BatchAnswer, Item, ItemAnswer, batch_body
from qbo_sync.api.company import CompanyClient
from qbo_sync.api.errors import Outcome, QboError, Refused, Throttled
from qbo_sync.connection.trouble import stops
from qbo_sync.entities import Key
from qbo_sync.models import Attempt, Kind, Link, Run, Step
from qbo_sync.models.kinds import NAME_ENTITIES
from qbo_sync.models.states import AttemptState, RunState, StepState
from qbo_sync.push import attempts
from qbo_sync.push.blocking import go_on
from qbo_sync.push.context import links_of
from qbo_sync.push.ids import Told, by_step, spelled_out
from qbo_sync.push.transmit import in_time
from qbo_sync.push.verdict import Verdict, given_up, in_a_moment, pause_before, verdict_on
from qbo_sync.runs.lease import Lease
from qbo_sync.runs.moves import OPEN_RUNS, move_attempt, move_run, move_steps
from qbo_sync.runs.turns import MakesWay, stays

T = TypeVar("T")
Body: TypeAlias = Mapping[str, Any]
log = logging.getLogger(__name__)
STALE = "5010"  # qbo-api.md §7.2: somebody else has changed the record
NOT_LINKED = "It is not linked any more, so nothing was sent."
LOST = "QuickBooks' answer was lost, and the record there is still as it was. SMMware tried it {tries} times."
UNKNOWN_YET = "An answer of QuickBooks was lost. As soon as it is safe, SMMware looks what became of it, and goes on."


@dataclass(frozen=True)
class Decision:
    """What becomes of one step after its record at QuickBooks was read: an item to send, or a state without sending.

    Args:
        then: what is recorded along with the state, in the same transaction.
    """

    item: Item | None = None
    state: StepState = StepState.SENDING
    values: dict[str, Any] = field(default_factory=dict)
    then: Callable[[], None] = lambda: None


class Rewriting(ABC):
    """The work of one run, under the lease."""

    def __init__(self, run: Run, client: CompanyClient, lease: Lease) -> None:
        self.run = run
        self.client = client
        self.lease = lease

    @abstractmethod
    def decide(self, steps: Sequence[Step], links: Mapping[Key, Link], rows: Mapping[str, Body]) -> list[Decision]:
        """What becomes of each of these steps, all linked. `rows`: what is at QuickBooks of them, by QBO ID."""

    @abstractmethod
    def landed(self, step: Step, link: Link, sent: Body, row: Body, attempt: Attempt) -> None:
        """Record one that QuickBooks carried out. Called inside the lease's transaction."""

    @abstractmethod
    def arrived(self, sent: Body, row: Body | None) -> bool:
        """Whether a write whose answer is lost was carried out, by what is there now."""

    def look_after(self) -> None:
        """Called when all is sent; nothing is left to do unless a subclass says so."""
        return

    def work(self, *, until: float, makes_way: MakesWay = stays) -> None:
        """Go on with the run until `until`, in seconds of the monotonic clock, or until nothing more can be sent.

        Args:
            makes_way: asked after each batch: whether something shorter waits for its turn.

        Raises the QboError that keeps QuickBooks from being worked with, after what was sent is recorded.
        """
        self._settle()
        move_run(self.run, RunState.RUNNING, started_at=self.run.started_at or timezone.now(), message="")
        while self._is_open() and time.monotonic() < until and (steps := self._next()):
            self._rewrite(steps)
            if makes_way():
                return
        if self._is_open() and not self._next():
            self._close()

    def _is_open(self) -> bool:
        self.lease.beat()
        self.run.refresh_from_db(fields=["state"])
        return self.run.state in OPEN_RUNS

    def _next(self) -> list[Step]:
        """Up to a batch of what is ready, of one entity, in order."""
        ready = list(self.run.steps.filter(state=StepState.READY).order_by("position")[:MAX_ITEMS])
        return list(takewhile(lambda step: step.entity == ready[0].entity, ready))

    def _close(self) -> None:
        if self.run.steps.filter(state=StepState.UNKNOWN).exists():
            move_run(self.run, RunState.QUEUED, message=UNKNOWN_YET)
            return
        self.look_after()
        with self.lease.transaction():
            move_run(self.run, RunState.DONE, finished_at=timezone.now())
            go_on(self.run)

    # One batch

    def _rewrite(self, steps: Sequence[Step]) -> None:
        links = self._links(steps)
        linked = [step for step in steps if key_of(step) in links]
        rows = self._read(linked, links)
        decided = list(zip(linked, self.decide(linked, links, rows), strict=True))
        with self.lease.transaction():
            gone = [step.pk for step in steps if step not in linked]
            move_steps(gone, StepState.LEFT_OUT, message=NOT_LINKED)
            for step, decision in decided:
                if decision.item is None and move_steps([step.pk], decision.state, **decision.values):
                    decision.then()
        self._send([(step, decision.item) for step, decision in decided if decision.item], links)

    def _links(self, steps: Sequence[Step]) -> dict[Key, Link]:
        links = links_of(self.run.connection, [key_of(step) for step in steps])
        return {key: link for key, link in links.items() if not link.is_reserved}

    def _read(self, steps: Sequence[Step], links: Mapping[Key, Link]) -> dict[str, Body]:
        """The records at QuickBooks of these steps, all of one entity, by QBO ID: one query."""
        if not steps:
            return {}
        entity = steps[0].entity
        ids = [str(links[key_of(step)].qbo_id) for step in steps]
        where = query.both(f"Id IN {query.one_of(ids)}", query.ACTIVE_AND_NOT if entity in NAME_ENTITIES else "")
        rows = self._aside(lambda: self.client.query(query.select(entity, where=where)).rows)
        return {row["Id"]: row for row in rows}

    def _aside(self, call: Callable[[], T]) -> T:
        """What a call in another thread answers; the claim is kept up meanwhile."""
        with ThreadPoolExecutor(1, thread_name_prefix="qbo-rewriting") as sender:
            return self.lease.wait_for(sender.submit(call))

    def _send(self, items: Sequence[tuple[Step, Item]], links: Mapping[Key, Link]) -> None:
        if not items:
            return
        self._aside(lambda: self.client.throttle.acquire("batch"))
        attempt = self._write_down(items, links)
        if attempt is None:
            return
        steps = [step for step, _ in items]
        try:
            answer = self._aside(in_time(self.client, attempt))
        except QboError as error:
            log.warning("Request %s of run %s: %s", attempt.request_id, self.run.pk, error)
            self._record_failure(error, attempt, steps)
        else:
            self._record(attempt, steps, answer, links)

    def _write_down(self, items: Sequence[tuple[Step, Item]], links: Mapping[Key, Link]) -> Attempt | None:
        """The request, before it is sent. None, and nothing written, where one was cancelled or unlinked meanwhile."""
        body, used = batch_body([item for _, item in items]), [links[key_of(step)].pk for step, _ in items]
        try:
            with self.lease.transaction():
                attempt = Attempt.objects.create(
                    run=self.run, request_id=str(uuid.uuid4()), body=body, lease_number=self.lease.number,
                    sent_at=timezone.now(),
                )  # fmt: skip
                moved = move_steps([step.pk for step, _ in items], StepState.SENDING, attempt=attempt)
                if moved < len(items) or Link.objects.filter(pk__in=used).count() < len(items):
                    raise _Overtaken
        except _Overtaken:
            return None
        return attempt

    # What came back

    def _record_failure(self, error: QboError, attempt: Attempt, steps: Sequence[Step]) -> None:
        if error.outcome == Outcome.UNKNOWN:
            attempts.record_unknown(self.lease, attempt, steps)
        elif isinstance(error, Refused) and not stops(error):
            attempts.record_refusal(self.lease, attempt, steps, error)
        else:
            attempts.record_not_done(self.lease, attempt, steps)
            go_on(self.run)  # it may have been cancelled meanwhile
            if not isinstance(error, Throttled):
                raise error

    def _record(self, attempt: Attempt, steps: Sequence[Step], answer: BatchAnswer, links: Mapping[Key, Link]) -> None:
        """Record an answer item by item. Raises the error of an item that concerns all others too."""
        sent, trouble = attempts.sent_bodies(attempt), None
        failed = [(step, error) for step in steps if (error := answer.items[str(step.pk)].error)]
        faults = [(step, fault) for step, error in failed for fault in error.each_fault]
        told = by_step(spelled_out(self.run.connection, faults, sent))
        unknown = any(_is_unknown(answer.items[str(step.pk)], step) for step in steps)
        state = AttemptState.UNKNOWN if unknown else AttemptState.ANSWERED
        with self.lease.transaction():
            for step in steps:
                item = answer.items[str(step.pk)]
                if item.error is None:
                    self._done(step, links[key_of(step)], sent[step.pk], item.record, attempt)
                else:
                    trouble = self._failed(step, item, item.error, told[step.pk]) or trouble
            move_attempt(attempt, state, answered_at=timezone.now(), transaction_id=answer.transaction_id)
        go_on(self.run)  # it may have been cancelled meanwhile
        if isinstance(trouble, Throttled):
            self.client.throttle.pause(trouble.retry_after)
        elif trouble:
            raise trouble
        if again := [step.tries for step in steps if _is_again(answer.items[str(step.pk)], step)]:
            self._aside(lambda: time.sleep(pause_before(max(again) + 1)))

    def _done(self, step: Step, link: Link, sent: Body, row: Body, attempt: Attempt) -> None:
        move_steps([step.pk], StepState.DONE, message="", mend="", transaction_id=attempt.transaction_id)
        directory.remember_written(self.run.connection, [(step.entity, row)])
        self.landed(step, link, sent, row, attempt)

    def _failed(self, step: Step, item: ItemAnswer, error: QboError, told: Sequence[Told]) -> QboError | None:
        """Record what one item met; the error, where others meet it too."""
        verdict, tries = verdict_on(item, step, needs_are_new=False), step.tries + 1
        if verdict == Verdict.UNKNOWN:
            move_steps([step.pk], StepState.UNKNOWN)
        elif verdict == Verdict.STOP:
            move_steps([step.pk], StepState.READY)
        elif verdict == Verdict.AGAIN:
            move_steps([step.pk], StepState.READY, message=in_a_moment(error.fault, tries), tries=tries)
        else:
            message, mend = given_up(told, tries)
            values = {"fault_code": error.fault.code, "message": message, "mend": mend, "tries": tries}
            move_steps([step.pk], StepState.REFUSED, **values)
        return error if verdict == Verdict.STOP or isinstance(error, Throttled) else None

    # Lost answers

    def _settle(self) -> None:
        """Look what became of this run's lost answers that are old enough, by reading their records."""
        safe = timezone.now() - dt.timedelta(seconds=settings.QBO_SETTLE_SECONDS)
        lost = self.run.attempts.filter(state=AttemptState.UNKNOWN)
        for attempt in lost.annotate(last=Coalesce("sent_again_at", "sent_at")).filter(last__lte=safe).order_by("pk"):
            steps = list(attempt.steps.filter(state=StepState.UNKNOWN).order_by("position"))
            links = self._links(steps)
            rows = self._read([step for step in steps if key_of(step) in links], links)
            with self.lease.transaction():
                self._settle_each(attempt, steps, links, rows)
                move_attempt(attempt, AttemptState.SETTLED, answered_at=timezone.now())
            go_on(self.run)

    def _settle_each(
        self, attempt: Attempt, steps: Sequence[Step], links: Mapping[Key, Link], rows: Mapping[str, Body]
    ) -> None:
        sent = attempts.sent_bodies(attempt)
        for step in steps:
            link, tries = links.get(key_of(step)), step.tries + 1
            row = rows.get(str(link.qbo_id)) if link else None
            if link and self.arrived(sent[step.pk], row):
                self._done(step, link, sent[step.pk], row or {}, attempt)
            elif tries < settings.QBO_TRIES:
                move_steps([step.pk], StepState.READY, tries=tries)
            else:
                move_steps([step.pk], StepState.REFUSED, message=LOST.format(tries=tries), tries=tries)


class _Overtaken(Exception):
    """A step was cancelled, or its link taken away, after it was read."""


def key_of(step: Step) -> Key:
    """Which record of ours a step is about."""
    return Kind(step.kind), step.record_id


def _is_again(item: ItemAnswer, step: Step) -> bool:
    """Whether it is worth another request after a pause. What was edited meanwhile (5010) is read again at once."""
    stale = isinstance(item.error, Refused) and item.error.code == STALE
    return not stale and verdict_on(item, step, needs_are_new=False) == Verdict.AGAIN


def _is_unknown(item: ItemAnswer, step: Step) -> bool:
    return verdict_on(item, step, needs_are_new=False) == Verdict.UNKNOWN
