"""The engine: sends what is ready, batch by batch, and records what comes back (design.md §4, “engine”).

Worker threads do HTTP only; this thread does all database work. A batch is sent when it holds 30 or when nothing is in
flight that could release more; names (customers, vendors, employees) one batch at a time, all else side by side.
"""

import logging
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeAlias

from django.conf import settings
from django.utils import timezone

from qbo_sync.api.batch import MAX_ITEMS, BatchAnswer, Item
from qbo_sync.api.company import CompanyClient
from qbo_sync.api.errors import Outcome, QboError, Refused, Throttled
from qbo_sync.connection.trouble import stops
from qbo_sync.models import Connection, Run, Step
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push import attempts, choices
from qbo_sync.push.afterwards import close
from qbo_sync.push.blocking import go_on, is_as_planned, recompute, waits_for
from qbo_sync.push.board import Board, Flight
from qbo_sync.push.graph import RunGraph
from qbo_sync.push.prepare import ELSEWHERE, Prepared, prepare
from qbo_sync.push.transmit import in_time
from qbo_sync.push.verdict import pause_before
from qbo_sync.runs.company import read_company
from qbo_sync.runs.lease import Lease
from qbo_sync.runs.moves import OPEN_RUNS, move_run, move_steps
from qbo_sync.runs.turns import MakesWay, stays

Answers: TypeAlias = set[Future[BatchAnswer]]

log = logging.getLogger(__name__)
SLOT_SECONDS = 0.1  # the throttle is asked again so soon while answers are awaited too
LOOK_SECONDS = 0.5  # so often it is looked for runs that were queued, paused or cancelled meanwhile
LOOKED_AT = 8 * MAX_ITEMS  # so many records are looked at in one go
REST_SECONDS = 1.0  # and so soon while it alone is awaited: below any heartbeat


class Engine:
    """Serves the queued runs of one connection while it holds the lease."""

    def __init__(self, connection: Connection, client: CompanyClient, lease: Lease, makes_way: MakesWay = stays):
        self.makes_way = makes_way
        self.connection = connection
        self.client = client
        self.lease = lease
        self.board = Board()
        self.trouble: QboError | None = None
        self.slot = False  # taken before a batch is filled, so that it leaves at the time it is written down with
        self.beat_at = 0.0  # on the monotonic clock, as is `look_at`: when open runs are looked for again
        self.look_at = 0.0
        self.hungry = False  # a batch could go but for the slot
        self.set_apart: set[int] = set()  # runs that wait for recovery: not begun again before it has looked

    def work(self, seconds: float) -> None:
        """Serve for up to `seconds`, or until nothing can be sent any more.

        Raises the QboError that keeps QuickBooks from being worked with at all right now, after everything in flight
        is recorded; Disconnected likewise; LeaseLost where another engine has taken over.
        """
        with ThreadPoolExecutor(settings.QBO_SENDERS, thread_name_prefix="qbo") as senders:
            try:
                self._work(senders, until=time.monotonic() + seconds)
            finally:
                self._land_all()
        if self.trouble:
            raise self.trouble

    def _work(self, senders: ThreadPoolExecutor, *, until: float) -> None:
        while time.monotonic() < until and self._turn(senders) and not (self.trouble or self.makes_way()):
            self._beat()

    def _beat(self) -> None:
        """Keep the claim up where nothing is recorded for long: each record of a batch prolongs it too."""
        if time.monotonic() >= self.beat_at:
            self.lease.beat()
            self.beat_at = time.monotonic() + settings.QBO_HEARTBEAT_SECONDS

    def _land_all(self) -> None:
        while self.board.flights:
            self.lease.hold()
            self._record_all(self._answers())

    def _turn(self, senders: ThreadPoolExecutor) -> bool:
        """Take in new runs, send what may go, record what has come back. False where nothing is left to do."""
        self._take_in()
        for graph in self.board.graphs.values():
            graph.wake(time.monotonic())
        self._fill(senders)
        self._look_ahead()
        answers = self._answers()
        if all(answer.exception() is None for answer in answers):
            self._fill(senders)  # a sender that is free again works on while the answers are recorded
        self._record_all(answers)
        self._finish()
        return bool(self.board.graphs)

    def _fill(self, senders: ThreadPoolExecutor) -> None:
        while flight := self._next():
            self.slot = False
            self.board.flights[senders.submit(in_time(self.client, flight.attempt))] = flight

    def _take_in(self) -> None:
        """Begin the runs that were queued, and let go of those that were paused or cancelled."""
        if self.board.flights and time.monotonic() < self.look_at:
            return
        self.look_at = time.monotonic() + LOOK_SECONDS
        runs = Run.objects.filter(connection=self.connection, type=Run.Type.PUSH, state__in=OPEN_RUNS)
        open_runs = {run.pk: run for run in runs.select_related("connection")}
        self.board.graphs = {pk: graph for pk, graph in self.board.graphs.items() if pk in open_runs}
        for run_id, run in open_runs.items():
            if run_id not in self.board.graphs and run_id not in self.set_apart:
                self._begin(run)

    def _begin(self, run: Run) -> None:
        """The names of a run are looked up before its first batch: a likely match waits for a person's choice."""
        try:
            if run.started_at is None:
                read_company(self.connection, self.client, self.lease)
                run.connection = self.connection
                choices.ask(run, self.client, self.lease)
        except QboError as error:
            self.trouble = error
            return
        with self.lease.transaction():
            if not is_as_planned(run):
                recompute(run)
            move_run(run, RunState.RUNNING, started_at=run.started_at or timezone.now(), message="")
        self.board.graphs[run.pk] = RunGraph(run)

    def _next(self) -> Flight | None:
        """The next batch that may be sent now, written down; None where there is none."""
        self.hungry = False
        for graph in self.board.shortest_first():
            for names in (True, False):
                while self.board.may_send(graph, names=names):
                    if not self._take_slot():
                        return None
                    if flight := self._prepare(graph, names=names):
                        return flight
        return None

    def _take_slot(self, timeout: float = 0) -> bool:
        """Whether the throttle lets a batch go now, or within so many seconds."""
        try:
            self.slot = self.slot or self.client.throttle.acquire("batch", timeout)
        except QboError as error:
            self.trouble = error
        self.hungry = not self.slot
        return self.slot

    def _prepare(self, graph: RunGraph, *, names: bool) -> Flight | None:
        """Write the next batch down. None where nothing of it is to be sent after all."""
        items = [] if names else graph.kept(MAX_ITEMS, time.monotonic())
        if not items:
            looked_at = self._look(graph, names=names)
            items = looked_at[:MAX_ITEMS]
            graph.keep(looked_at[MAX_ITEMS:], time.monotonic())
        if not items:
            return None
        sending = [step for step, _ in items]
        attempt = attempts.reserve(self.lease, graph.run, items)
        if attempt is None:  # somebody linked one of them this very moment: look at all of them again
            graph.forget()
            graph.put_back([step.position for step in sending])
            return None
        return Flight(graph, sending, attempt, names)

    def _look(self, graph: RunGraph, *, names: bool) -> list[tuple[Step, Item]]:
        """Look at what is ready, for several batches in one go."""
        steps = graph.steps(graph.take(MAX_ITEMS if names else LOOKED_AT, names=names))
        prepared = prepare(graph.run, steps, graph.mappings)
        self._record_unsent(graph, prepared)
        return prepared.items

    def _record_unsent(self, graph: RunGraph, prepared: Prepared) -> None:
        if not prepared.unsent:
            return
        with self.lease.transaction():
            move_steps([step.pk for step in prepared.linked], StepState.LINKED)
            for step, sentence in prepared.left_out:
                self._hold_up(graph, step, StepState.LEFT_OUT, sentence)
            for step, obstacle in prepared.in_the_way:
                more = {"mend": obstacle.mend, "reason": obstacle.reason}
                self._hold_up(graph, step, StepState.IN_THE_WAY, obstacle.what, **more)
            for step in prepared.asked:
                self._hold_up(graph, step, StepState.BLOCKED, ELSEWHERE)
        graph.set_aside([step.position for step in prepared.elsewhere])
        graph.passed([step.position for step in prepared.linked])

    def _hold_up(self, graph: RunGraph, step: Step, state: StepState, sentence: str, **more: str) -> None:
        move_steps([step.pk], state, message=sentence, **more)
        self._block(graph, step, sentence)

    def _block(self, graph: RunGraph, step: Step, sentence: str) -> None:
        """This step does not go, or not yet, so whatever depends on it is held up."""
        held_up = [graph.step_ids[position] for position in graph.held_up_by(step.position)]
        move_steps(held_up, StepState.BLOCKED, message=waits_for(step.kind, step.label, sentence))

    def _look_ahead(self) -> None:
        """While all senders are busy: look at what they get next."""
        graph = next((graph for graph in self.board.shortest_first() if graph.is_short(MAX_ITEMS)), None)
        if graph and not self.hungry:
            graph.forget()
            graph.keep(self._look(graph, names=False), time.monotonic())

    def _answers(self) -> Answers:
        """What has come back, waiting for the first one no longer than a heartbeat."""
        if not self.board.flights:
            self._rest()
            return set()
        patience = SLOT_SECONDS if self.hungry else settings.QBO_HEARTBEAT_SECONDS
        return wait(self.board.flights, timeout=patience, return_when=FIRST_COMPLETED).done

    def _record_all(self, answers: Answers) -> None:
        for future in answers:
            self._record(future, self.board.flights.pop(future))
        if answers:
            for graph in self.board.graphs.values():
                graph.look_again()

    def _rest(self) -> None:
        """Wait for the throttle's slot or the end of a pause, where that is all that is missing: below a heartbeat."""
        if self.hungry and not self._take_slot(REST_SECONDS):
            time.sleep(REST_SECONDS)
        elif any(graph.waits for graph in self.board.graphs.values()):
            time.sleep(SLOT_SECONDS)

    def _record(self, future: Future[BatchAnswer], flight: Flight) -> None:
        """Record one answer."""
        try:
            answer = future.result()
        except QboError as error:
            log.warning("Request %s of run %s: %s", flight.attempt.request_id, flight.graph.run.pk, error)
            self._record_failure(error, flight)
            return
        landed = attempts.record_answer(self.lease, flight.attempt, flight.steps, answer)
        flight.graph.passed([step.position for step in landed.done])
        self._block_all(flight.graph, [*landed.refused, *landed.unknown])
        self._try_again(flight.graph, landed)

    def _try_again(self, graph: RunGraph, landed: attempts.Landed) -> None:
        """What was certainly not made goes once more: after a pause of its own, or when the trouble is over."""
        for step in landed.again:
            graph.retry([step.position], time.monotonic() + pause_before(step.tries))
        graph.put_back([step.position for step in landed.stopped])
        if landed.again or landed.stopped:
            go_on(graph.run)  # it may have been cancelled meanwhile
        self.trouble = self.trouble or landed.trouble
        if landed.pause:
            self._pause(landed.pause)

    def _pause(self, seconds: float) -> None:
        try:
            self.client.throttle.pause(seconds)
        except QboError as error:
            self.trouble = self.trouble or error

    def _record_failure(self, error: QboError, flight: Flight) -> None:
        """The one place that decides between unknown, refused and not done for a whole request."""
        if error.outcome == Outcome.UNKNOWN:
            attempts.record_unknown(self.lease, flight.attempt, flight.steps)
            self._block_all(flight.graph, flight.steps)
        elif isinstance(error, Refused) and not stops(error):
            attempts.record_refusal(self.lease, flight.attempt, flight.steps, error)
            self._block_all(flight.graph, flight.steps)
        else:
            attempts.record_not_done(self.lease, flight.attempt, flight.steps)
            flight.graph.put_back(flight.positions)
            go_on(flight.graph.run)  # it may have been cancelled meanwhile
            if not isinstance(error, Throttled):  # on a 429 the client's throttle has paused all senders already
                self.trouble = error

    def _block_all(self, graph: RunGraph, steps: list[Step]) -> None:
        if not steps:
            return
        with self.lease.transaction():
            for step in Step.objects.filter(pk__in=[step.pk for step in steps]):
                self._block(graph, step, step.message)

    def _finish(self) -> None:
        """A run with nothing to send and nothing in flight is over, unless an answer is still unknown.

        Also one of another run, by which it waits for a record that both copy.
        """
        flying = {flight.graph.run.pk for flight in self.board.flights.values()}
        for run_id, graph in list(self.board.graphs.items()):
            waits = graph.waits_elsewhere and not self.board.flights
            if waits or (graph.is_over and run_id not in flying):
                del self.board.graphs[run_id]
                if not close(graph.run, self.client, self.lease, waits=waits):
                    self.set_apart.add(run_id)
