"""Serving a connection: what happens at each ring of the doorbell (design.md §4, “engine”).

Whoever gets the lease first settles lost answers, then serves all that waits, the shortest piece first, for about a
minute, and rings again where more is to be done. Whoever does not get it goes away: the holder serves all runs.
"""

import logging
import time

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from qbo_sync.api.company import CompanyClient
from qbo_sync.api.errors import QboError
from qbo_sync.connection.client import client_for
from qbo_sync.connection.trouble import in_words, stops
from qbo_sync.models import Connection, Run
from qbo_sync.models.states import RunState
from qbo_sync.pull.importing import run_import
from qbo_sync.push import recovery
from qbo_sync.push.blocking import let_linked_follow
from qbo_sync.push.engine import Engine
from qbo_sync.push.old_invoices import search
from qbo_sync.push.reversing import Reversing
from qbo_sync.push.rewriting import Rewriting
from qbo_sync.push.updating import Updating
from qbo_sync.push.voiding import Voiding
from qbo_sync.runs.lease import Disconnected, Lease, LeaseLost, claim
from qbo_sync.runs.moves import OPEN_RUNS
from qbo_sync.runs.turns import COPIES, Piece, Way, pieces

log = logging.getLogger(__name__)
REWRITES: dict[str, type[Rewriting]] = {
    Run.Type.UPDATE: Updating, Run.Type.REVERSE: Reversing, Run.Type.VOID: Voiding,
}  # fmt: skip
WAY_SECONDS = 1.0  # copies make way for an import or a change so soon; Intuit takes a batch each 1.5 s
DISCONNECTED = "The company was disconnected. What was sent is recorded; the rest goes on when you connect it again."


def serve(connection_id: int, *, seconds: float | None = None) -> bool:
    """Serve the runs of one connection; answers whether the doorbell should be rung again at once.

    Args:
        seconds: for how long; None is as long as a doorbell's ring (QBO_DOORBELL_SECONDS).
    """
    lease = claim(connection_id)
    if lease is None:
        return False
    connection = Connection.objects.get(pk=connection_id)
    try:
        return connection.is_connected and _serve(
            connection, lease, settings.QBO_DOORBELL_SECONDS if seconds is None else seconds
        )
    except Disconnected:
        _runs(connection).filter(state__in=OPEN_RUNS).update(state=RunState.QUEUED, message=DISCONNECTED)
        return False
    except LeaseLost:
        log.warning("Another engine has taken over connection %s.", connection_id)
        return False
    finally:
        lease.release()


def _serve(connection: Connection, lease: Lease, seconds: float) -> bool:
    """One turn under the lease. Trouble with QuickBooks is told on every open run.

    The sweep tries again later, but not where only a person can mend it: then the runs are stopped until “Go on”.
    """
    deadline = time.monotonic() + seconds
    _runs(connection).filter(state=RunState.RUNNING).update(state=RunState.QUEUED)  # left by an engine that is gone
    recovery.take_over(connection, lease)
    try:
        with client_for(connection) as client:
            return _work(connection, client, lease, deadline)
    except QboError as error:
        log.warning("Connection %s: %s", connection.pk, error)
        _tell(connection, error)
        return False


def _tell(connection: Connection, error: QboError) -> None:
    told: dict[str, object] = {"message": in_words(error), "state": RunState.QUEUED}
    if stops(error):
        told |= {"state": RunState.FAILED, "finished_at": timezone.now()}
    _runs(connection).filter(state__in=OPEN_RUNS).update(**told)


def _work(connection: Connection, client: CompanyClient, lease: Lease, deadline: float) -> bool:
    recovery.settle(connection, client, lease)
    return Turns(connection, client, lease, deadline).take()


class Turns:
    """Giving each piece of work its turn, until `deadline` on the monotonic clock (`qbo_sync.runs.turns`)."""

    def __init__(self, connection: Connection, client: CompanyClient, lease: Lease, deadline: float) -> None:
        self.connection = connection
        self.client = client
        self.lease = lease
        self.deadline = deadline
        self.served: set[int] = set()  # what had its turn and is over, or waits for something else than a turn
        self.trouble: QboError | None = None

    def take(self) -> bool:
        """Serve, the shortest piece first; answers whether there is more to do at once.

        Raises the QboError that keeps QuickBooks from being worked with.
        """
        while piece := self._next():
            self._serve(piece.key)
            if self.trouble:
                raise self.trouble
            if time.monotonic() >= self.deadline:
                break
        return self._next() is not None or _runs(self.connection).filter(state=RunState.RUNNING).exists()

    def _next(self) -> Piece | None:
        return next(iter(pieces(self.connection, but=self.served)), None)

    def _serve(self, key: int) -> None:
        """One turn; whatever did not make way for another has had it."""
        self.served.add(key)
        way = Way(self.connection, key, self.served, every=WAY_SECONDS if key == COPIES else 0)
        if key == COPIES:
            Engine(self.connection, self.client, self.lease, way).work(self._until() - time.monotonic())
        else:
            self._serve_run(Run.objects.get(pk=key), way)
        if way.made:
            self.served.discard(key)

    def _serve_run(self, run: Run, way: Way) -> None:
        if run.type == Run.Type.IMPORT:
            run_import(run, self.client, self.lease, between_pages=lambda: self._let_through(run.pk))
            with self.lease.transaction():
                let_linked_follow(self.connection)
        elif run.type == Run.Type.MATCH:
            search(run, self.client, self.lease)
        else:
            REWRITES[run.type](run, self.client, self.lease).work(until=self._until(), makes_way=way)

    def _until(self) -> float:
        """Every turn is a second at least, so that each ring of the bell is worth something."""
        return max(self.deadline, time.monotonic() + 1)

    def _let_through(self, key: int) -> None:
        """Serve what is shorter than the rest of an import, which is read to its end and cannot be left halfway.

        Their trouble is not the import's: it is told afterwards.
        """
        while self.trouble is None and Way(self.connection, key, self.served)() and (piece := self._next()):
            try:
                self._serve(piece.key)
            except QboError as error:
                self.trouble = error


def _runs(connection: Connection) -> QuerySet[Run]:
    return Run.objects.filter(connection=connection)
