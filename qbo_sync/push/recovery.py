"""What became of requests whose answer is lost (design.md §4, “unknown”): wait, look, pair, and only then send again.

A lost answer is never just tried anew. After Intuit's own time-out is over, the records of the kind made since are
looked for; those that no link knows are paired one to one with what was sent, on all fields that were sent.
"""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.utils import timezone

from qbo_sync.api import query
from qbo_sync.api.company import CompanyClient
from qbo_sync.api.errors import Outcome, QboError, Refused
from qbo_sync.models import Attempt, Connection, Link, Run, Step
from qbo_sync.models.states import AttemptState, RunState, StepState
from qbo_sync.push import attempts
from qbo_sync.push.blocking import go_on, recompute
from qbo_sync.push.pairing import Pairs, pair
from qbo_sync.runs.lease import Lease
from qbo_sync.runs.moves import move_attempt, move_steps

log = logging.getLogger(__name__)
OVERLAP = dt.timedelta(minutes=5)  # the two clocks differ (qbo-api.md §10.1)
CANNOT_TELL = (
    "QuickBooks' answer was lost, and there are more records like this one there than were sent. Look at QuickBooks: "
    "is it there, leave it so; is it not, choose to create a new one."
)


def take_over(connection: Connection, lease: Lease) -> None:
    """Note that the requests of an engine that is gone may or may not have been carried out."""
    lost = Attempt.objects.filter(run__connection=connection, state=AttemptState.SENT).exclude(
        lease_number=lease.number
    )
    runs = set(lost.values_list("run_id", flat=True))
    if not runs:
        return
    with lease.transaction():
        move_steps(Step.objects.filter(attempt__in=lost.values("pk")), StepState.UNKNOWN)
        lost.update(state=AttemptState.UNKNOWN)
        for run in Run.objects.filter(pk__in=runs):
            recompute(run)


def settle(connection: Connection, client: CompanyClient, lease: Lease) -> None:
    """Settle every lost answer that is old enough. Those that are not are left for the next time.

    Raises QboError where QuickBooks could not be asked: a look-up that fails settles nothing.
    """
    lost = Attempt.objects.filter(run__connection=connection, state=AttemptState.UNKNOWN).select_related("run")
    safe = timezone.now() - dt.timedelta(seconds=settings.QBO_SETTLE_SECONDS)
    for attempt in lost.filter(sent_at__lte=safe).order_by("pk"):
        _settle(attempt, client, lease)


def _settle(attempt: Attempt, client: CompanyClient, lease: Lease) -> None:
    steps = list(attempt.steps.filter(state=StepState.UNKNOWN).order_by("position"))
    if not steps:
        move_attempt(attempt, AttemptState.SETTLED, answered_at=timezone.now())
        return
    pairs = _look(attempt, steps, client, lease)
    nothing_arrived = not (pairs.found or pairs.unclear) and attempt.answered_at is None
    if nothing_arrived and attempt.run.state != RunState.CANCELLED:
        _send_again(attempt, steps, client, lease)
    else:
        _record(attempt, pairs, lease)
    with lease.transaction():
        recompute(attempt.run)
        go_on(attempt.run)


def _look(attempt: Attempt, steps: Sequence[Step], client: CompanyClient, lease: Lease) -> Pairs:
    """Read what was made since the request was sent, and pair it with what was sent."""
    sent = attempts.sent_bodies(attempt)
    by_entity: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        by_entity[step.entity].append(step)
    pairs = Pairs()
    for entity, wanted in by_entity.items():
        rows = _made_since(client, entity, attempt.sent_at - OVERLAP, lease)
        known = _known(attempt.run.connection_id, entity, rows)
        strangers = [row for row in rows if row["Id"] not in known]
        pairs += pair([(step, sent[step.pk]) for step in wanted], strangers)
    return pairs


def _made_since(client: CompanyClient, entity: str, since: dt.datetime, lease: Lease) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for page in client.pages(entity, f"MetaData.CreateTime >= {query.moment(since)}"):
        rows += page
        lease.beat()
    return rows


def _known(connection_id: int, entity: str, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    ids = [row["Id"] for row in rows]
    links = Link.objects.filter(connection_id=connection_id, entity=entity, qbo_id__in=ids)
    return {str(qbo_id) for qbo_id in links.values_list("qbo_id", flat=True)}


def _send_again(attempt: Attempt, steps: Sequence[Step], client: CompanyClient, lease: Lease) -> None:
    """Nothing arrived: the very same request once more, same id, same body, so that it still counts once."""
    with lease.transaction():
        Attempt.objects.filter(pk=attempt.pk).update(
            state=AttemptState.SENT, lease_number=lease.number, sent_at=timezone.now()
        )
    try:
        with ThreadPoolExecutor(1, thread_name_prefix="qbo-recovery") as sender:
            answer = lease.wait_for(sender.submit(client.batch, attempt.body, request_id=attempt.request_id))
    except Refused as error:
        attempts.record_refusal(lease, attempt, steps, error)
    except QboError as error:
        if error.outcome == Outcome.UNKNOWN:
            attempts.record_unknown(lease, attempt, steps)
        else:
            attempts.record_not_done(lease, attempt, steps)
        raise
    else:
        attempts.record_answer(lease, attempt, steps, answer)


def _record(attempt: Attempt, pairs: Pairs, lease: Lease) -> None:
    """Record what was found; what surely is not there goes into a new request; the rest is a person's choice.

    Until that choice the reservation stays: no other run may copy what may be at QuickBooks already.
    """
    with lease.transaction():
        attempts.complete(attempt, pairs.found, attempt.transaction_id)
        attempts.release(attempt, pairs.missing)
        move_steps([step.pk for step in pairs.missing], StepState.READY)
        move_steps([step.pk for step in pairs.unclear], StepState.NEEDS_CHOICE, message=CANNOT_TELL, mend="match")
        move_attempt(attempt, AttemptState.SETTLED, answered_at=timezone.now())
