"""What is looked at when all of a run is sent: asked of QuickBooks in bulk, and said on the steps."""

import logging

from django.conf import settings
from django.utils import timezone

from qbo_sync import directory
from qbo_sync.api.company import CompanyClient
from qbo_sync.api.errors import QboError, Refused
from qbo_sync.connection.trouble import stops
from qbo_sync.faults import Mend
from qbo_sync.models import Run
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push.blocking import go_on, let_twins_follow
from qbo_sync.push.covering import cover
from qbo_sync.push.fallback import fall_back
from qbo_sync.push.numbering import offer_numbers
from qbo_sync.push.read_back import read_back
from qbo_sync.runs.lease import Lease
from qbo_sync.runs.moves import move_run

log = logging.getLogger(__name__)

NOT_READ_BACK = "Everything is copied, but QuickBooks could not be asked whether the hours are marked as billed there."
ASKS_AGAIN = (
    "Everything is copied, but QuickBooks could not be asked yet whether the hours are marked as billed there. "
    "SMMware asks again by itself."
)
UNKNOWN_YET = (
    "An answer of QuickBooks was lost. As soon as it is safe, SMMware looks what arrived, and goes on by itself."
)


def close(run: Run, client: CompanyClient, lease: Lease, *, waits: bool = False) -> bool:
    """Finish a run of which nothing is left to send.

    False where it has to wait: an answer is still unknown, or what was copied could not be looked after.

    Args:
        waits: for an answer to what another run has sent, of a record that both copy.
    """
    if waits or run.steps.filter(state=StepState.UNKNOWN).exists():
        move_run(run, RunState.QUEUED, message=UNKNOWN_YET)
        return False
    message = _looked_after(run, client, lease)
    if message == ASKS_AGAIN:
        return False
    with lease.transaction():  # a run that goes on, by a person's choice meanwhile, is never seen as finished
        move_run(run, RunState.DONE, finished_at=timezone.now(), message=message)
        let_twins_follow(run)
        go_on(run)
    go_on(run)  # a choice may have been committed this very moment
    return True


def _looked_after(run: Run, client: CompanyClient, lease: Lease) -> str:
    """Look after what was copied; a sentence for the run where QuickBooks could not be asked.

    What passes by itself must not end it: hours that an invoice covers would stay billable. So the run waits for the
    next ring of the doorbell, up to QBO_TRIES times, which its report counts.
    """
    try:
        look_after(run, client, lease)
    except QboError as error:
        log.warning("What run %s copied could not be looked after: %s", run.pk, error)
        looks = run.report.get("looks", 0) + 1
        if looks >= settings.QBO_TRIES or isinstance(error, Refused) or stops(error):
            return NOT_READ_BACK
        with lease.transaction():
            move_run(run, RunState.QUEUED, message=ASKS_AGAIN, report={**run.report, "looks": looks})
        return ASKS_AGAIN
    return ""


def look_after(run: Run, client: CompanyClient, lease: Lease) -> None:
    """Hours that are billed, links not taken, numbers and names that are. Raises QboError where it cannot ask."""
    cover(run, client, lease)
    read_back(run, client, lease)
    fall_back(run, client, lease)
    offer_numbers(run, client, lease)
    _read_namesakes(run, client, lease)


def _read_namesakes(run: Run, client: CompanyClient, lease: Lease) -> None:
    """Where a name turned out to be taken at QuickBooks, whoever bears it by now is to be among the choices."""
    if run.steps.filter(state=StepState.REFUSED, mend=Mend.MATCH).exists():
        directory.refresh(run.connection, client, reading=lease.while_reading)
