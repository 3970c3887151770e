"""Killing and freezing workers at random moments, while a run is under way."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from django.conf import settings

from qbo_sync.models import Attempt, Connection
from tests.faults.chaos.company import Company
from tests.faults.chaos.workers import Nursery, Worker

POLL_SECONDS = 0.01
TAKE_OVER_SECONDS = 5.0  # more than a lease: where the frozen one holds a lock of the database, nobody can take over


@dataclass(frozen=True)
class Strike:
    """One strike, drawn from the seed.

    freezes: the worker is frozen past its lease, and goes on when another has taken over; otherwise it is killed.
    at_work: the moment is counted from when a worker has begun to serve, otherwise from when it was started.
    after, longer: seconds until the strike, and for which the frozen one stays so when another has taken over.
    """

    freezes: bool
    at_work: bool
    after: float
    longer: float


def drawn(random: Random) -> Strike:
    return Strike(
        freezes=random.random() < 0.25,
        at_work=random.random() < 0.8,
        after=random.uniform(0, 0.8),
        longer=random.uniform(0, 0.3),
    )


@dataclass
class Siege:
    """Strikes on the workers that serve one connection.

    is_over: whether there is nothing left to strike at.
    late: the writes that frozen workers sent after they were believed dead.
    """

    nursery: Nursery
    company: Company
    connection_id: int
    is_over: Callable[[], bool]
    worker: Worker
    kills: int = 0
    freezes: int = 0
    taken_over: int = 0
    late: list[str] = field(default_factory=list)

    @property
    def strikes(self) -> int:
        return self.kills + self.freezes

    def strike(self, strike: Strike) -> None:
        """Wait for the moment and strike, unless everything is over by then."""
        if not self._came(strike):
            return
        if strike.freezes:
            self._freeze(strike)
        else:
            self.worker.kill()
            self.worker = self.nursery.worker()
            self.kills += 1

    def _came(self, strike: Strike) -> bool:
        """Wait for the moment of a strike; False where everything was over before it came."""
        if strike.at_work:
            begun = self._lease_number()
            self._wait(lambda: self._holds() or self._lease_number() > begun, TAKE_OVER_SECONDS)
        self._wait(lambda: False, strike.after)
        return not self.is_over()

    def _freeze(self, strike: Strike) -> None:
        """Freeze the worker and start another, which takes over; then see what the frozen one still does."""
        frozen, held = self.worker, self._lease_number()
        frozen.freeze()
        self.freezes += 1
        self.worker = self.nursery.worker()
        self._wait(lambda: self._lease_number() > held, TAKE_OVER_SECONDS)
        time.sleep(strike.longer)
        taken_over, number = self._lease_number() > held, self.company.last_request()
        frozen.thaw()
        time.sleep(settings.QBO_HEARTBEAT_SECONDS + strike.longer)
        frozen.kill()
        if taken_over:
            self.taken_over += 1
            self._note_late(held, number)

    def _note_late(self, held: int, number: int) -> None:
        """Note what was sent after request `number` under the lease `held`, or an earlier one."""
        ids = [row["requestid"] for row in self.company.writes_since(number)]
        old = Attempt.objects.filter(request_id__in=ids, lease_number__lte=held, run__connection=self.connection_id)
        self.late += [f"{attempt} was sent by a worker that was believed dead" for attempt in old]

    def _wait(self, condition: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not (condition() or self.is_over()):
            time.sleep(POLL_SECONDS)

    def _lease_number(self) -> int:
        return int(Connection.objects.values_list("lease_number", flat=True).get(pk=self.connection_id))

    def _holds(self) -> bool:
        """Whether a worker that lives holds the lease: it prolongs it."""
        until = Connection.objects.values_list("lease_until", flat=True).get(pk=self.connection_id)
        time.sleep(POLL_SECONDS)
        return until is not None and until < (
            Connection.objects.values_list("lease_until", flat=True).get(pk=self.connection_id) or until
        )
