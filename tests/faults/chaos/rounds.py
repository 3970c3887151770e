"""One round: an office, its plan, QuickBooks in a bad mood, strikes at the worker; then the books are compared."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from associates.models import Associate
from bench.served import Simulator
from qbo_sync.models import Attempt, Kind, Run
from qbo_sync.models.states import AttemptState, RunState
from qbo_sync.push import plan
from qbo_sync.runs import moves
from qbo_sync.tasks import ring
from tests.faults.chaos import afterwards, strikes, weather
from tests.faults.chaos.audit import Audit, Findings
from tests.faults.chaos.company import Company
from tests.faults.chaos.office import filled
from tests.faults.chaos.strikes import Siege
from tests.faults.chaos.workers import Nursery, Worker

STRIKES = (4, 9)  # in a round, from and to
END_SECONDS = 60.0  # by then a run that nobody strikes at any more is over
POLL_SECONDS = 0.05
BESIDE = 0.4  # how likely somebody presses “Add QBO” for a few of the same records meanwhile


@dataclass
class Round:
    """What came of one round."""

    seed: int
    after: str = "copied"
    records: int = 0
    kills: int = 0
    freezes: int = 0
    taken_over: int = 0
    seconds: float = 0.0
    injected: Counter[str] = field(default_factory=Counter)
    found: Findings = field(default_factory=Findings)

    @property
    def strikes(self) -> int:
        return self.kills + self.freezes


class Match:
    """Everything that one round is played with."""

    def __init__(self, seed: int, simulator: Simulator, nursery: Nursery, person: Associate, worker: Worker) -> None:
        self.random = Random(seed)
        self.result = Round(seed)
        self.person = person
        self.company = Company(simulator)
        self.office = filled(self.company, person, self.random)
        self.runs: list[Run] = []
        self.siege = Siege(nursery, self.company, self.office.connection.pk, self.is_over, worker)

    def play(self, most_strikes: int) -> Round:
        """Play the round: a copy, and what is done with it afterwards.

        most_strikes: no more than these, whatever the seed says.
        """
        started, before = time.monotonic(), self.company.injected()
        self._press("QBO Add All", {kind: self.office.ids(kind) for kind in self.office.asked})
        self._besiege(most_strikes, beside=self._press_beside)
        self._judge(Audit.findings)
        after, judge = afterwards.drawn(self.random, self.runs)
        if after and not any(self.result.found.counts().values()):
            self._queue(after(self.office, list(self.runs), self.person, self.random))
            self._besiege(most_strikes - self.siege.strikes)
            self._judge(judge)
            self.result.after = after.__name__
        self.result.injected = self.company.injected() - before
        return self._summed_up(started)

    def _press(self, title: str, asked: dict[Kind, set[int]]) -> None:
        run = plan.build(connection=self.office.connection, asked=asked, title=title, actor=self.person)
        self._queue([run])

    def _queue(self, runs: list[Run]) -> None:
        for run in runs:
            moves.queue(run)
        self.runs += runs
        ring(self.office.connection.pk)

    def _besiege(self, most_strikes: int, *, beside: Callable[[], None] = lambda: None) -> None:
        """Strike while QuickBooks is in a bad mood, then wait for the end.

        beside: what somebody does before one of the strikes.
        """
        self.company.behave(weather.drawn(self.random))
        coming = [strikes.drawn(self.random) for _ in range(self.random.randint(*STRIKES))]
        place = self.random.randrange(len(coming))
        for number, strike in enumerate(coming[:most_strikes]):
            if number == place and not self.is_over():
                beside()
            self.siege.strike(strike)
        self._wait(self.is_over, END_SECONDS)
        self.company.at_peace()

    def _press_beside(self) -> None:
        """Sometimes somebody wants a few of the same records at once."""
        invoices = sorted(self.office.ids(Kind.INVOICE))
        if self.random.random() < BESIDE:
            self._press("Add QBO", {Kind.INVOICE: set(self.random.sample(invoices, min(3, len(invoices))))})

    def _judge(self, judge: Callable[[Audit], Findings]) -> None:
        for run in self.runs:
            run.refresh_from_db()
        self.result.found += judge(Audit(self.office.connection, self.company.made(), self.runs))

    def _summed_up(self, started: float) -> Round:
        self.result.kills, self.result.freezes = self.siege.kills, self.siege.freezes
        self.result.taken_over = self.siege.taken_over
        self.result.found.late += self.siege.late
        self.result.records = len({key for run in self.runs for key in run.steps.values_list("kind", "record_id")})
        self.result.seconds = time.monotonic() - started
        return self.result

    def is_over(self) -> bool:
        """Whether nothing of the round's runs goes on."""
        states = Run.objects.filter(pk__in=[run.pk for run in self.runs]).values_list("state", flat=True)
        lost = Attempt.objects.filter(run__in=self.runs, state__in=(AttemptState.SENT, AttemptState.UNKNOWN))
        return set(states) <= {RunState.DONE, RunState.FAILED} and not lost.exists()

    def _wait(self, condition: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not condition() and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
