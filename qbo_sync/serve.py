"""Serving a connection: what happens at each ring of the doorbell (design.md §4, “engine”).

Whoever gets the lease first settles lost answers, then imports, then changes and takes back what was copied, then
copies, for about a minute, and rings again where more is to be done. Whoever does not get it goes away: the holder
serves all runs.
"""

import logging
import time

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from qbo_sync.api.company import CompanyClient
from qbo_sync.api.errors import QboError
from qbo_sync.connection.client import client_for
from qbo_sync.connection.trouble import in_words, stops
from qbo_sync.models import Attempt, Connection, Run
from qbo_sync.models.states import AttemptState, RunState
from qbo_sync.pull.importing import run_import
from qbo_sync.push import recovery
from qbo_sync.push.engine import Engine
from qbo_sync.push.reversing import Reversing
from qbo_sync.push.rewriting import Rewriting
from qbo_sync.push.updating import Updating
from qbo_sync.push.voiding import Voiding
from qbo_sync.runs.lease import Disconnected, Lease, LeaseLost, claim
from qbo_sync.runs.moves import OPEN_RUNS

log = logging.getLogger(__name__)
REWRITES: dict[str, type[Rewriting]] = {
    Run.Type.UPDATE: Updating, Run.Type.REVERSE: Reversing, Run.Type.VOID: Voiding,
}  # fmt: skip
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
    for run in _runs(connection).filter(type=Run.Type.IMPORT, state=RunState.QUEUED).order_by("pk"):
        run_import(run, client, lease)
    for run in _runs(connection).filter(_to_be_settled() | Q(state__in=OPEN_RUNS), type__in=REWRITES).order_by("pk"):
        REWRITES[run.type](run, client, lease).work(until=deadline)
    Engine(connection, client, lease).work(max(deadline - time.monotonic(), 1))
    return _runs(connection).filter(state=RunState.RUNNING).exists()


def _to_be_settled() -> Q:
    """Runs with a lost answer, cancelled and stopped ones too."""
    return Q(Exists(Attempt.objects.filter(run=OuterRef("pk"), state=AttemptState.UNKNOWN)))


def _runs(connection: Connection) -> QuerySet[Run]:
    return Run.objects.filter(connection=connection)
