"""What became of requests whose answer is lost (design.md §4, “unknown”): wait, look, pair, and only then send again.

A lost answer is never just tried anew. After Intuit's own time-out is over, the records of the kind made since are
looked for; those that no link knows are paired one to one with what was sent, on all fields that were sent.
"""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from qbo_sync import directory
from qbo_sync.api import query
from qbo_sync.api.batch import BatchAnswer
from qbo_sync.api.company import CompanyClient
from qbo_sync.api.errors import (
    AuthorizationLost,
    AuthorizationRefused,
    Outcome,
    QboError,
    Refused,
    Throttled,
    ThrottleUnavailable,
    Unreachable,
)
from qbo_sync.connection.trouble import in_words, stops
from qbo_sync.directory.keys import DELETED
from qbo_sync.directory.rows import is_active
from qbo_sync.models import Attempt, Connection, FoundDocument, Link, Run, Step
from qbo_sync.models.kinds import NAME_ENTITIES
from qbo_sync.models.states import AttemptState, StepState
from qbo_sync.push import attempts
from qbo_sync.push.blocking import go_on, recompute
from qbo_sync.push.documents import found_document
from qbo_sync.push.pairing import Body, Pairs, pair
from qbo_sync.push.transmit import in_time
from qbo_sync.runs.lease import Lease
from qbo_sync.runs.moves import OPEN_RUNS, move_attempt, move_steps

T = TypeVar("T")
log = logging.getLogger(__name__)
OVERLAP = dt.timedelta(minutes=5)  # the two clocks differ (qbo-api.md §10.1)
MOST_SENDS = 3  # of one and the same request
STOPPED_PAUSE = 300.0  # seconds, where a person has to mend something first
LONGEST_PAUSE = 3600.0  # seconds between two look-ups that failed
# Errors by which no other request could be looked for right now either.
EVERYWHERE = (AuthorizationLost, AuthorizationRefused, Throttled, ThrottleUnavailable, Unreachable)

CANNOT_TELL = (
    "QuickBooks' answer was lost, and there are more records like this one there than were sent. Look at QuickBooks: "
    "is it there, choose it; is it not, create a new one or leave it out."
)
DELETED_SINCE = (
    "QuickBooks had taken this record, and somebody deleted it there since. Create a new one if that was a mistake, or "
    "leave it out."
)
NOT_LOOKED = (
    "QuickBooks' answer was lost, and SMMware could not look whether the record arrived. What kept it from looking: "
    "{why}"
)
LOOKS_AGAIN = "SMMware looks again by itself."
LOOK_YOURSELF = "Look at QuickBooks: is it there, leave it out here; is it not, create a new one."


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

    A look-up that fails settles nothing: its request stays unknown, says why, and is looked for again later, while the
    others are settled. Raises QboError where QuickBooks cannot be worked with at all.
    """
    lost = Attempt.objects.filter(run__connection=connection, run__type=Run.Type.PUSH, state=AttemptState.UNKNOWN)
    now = timezone.now()
    safe = now - dt.timedelta(seconds=settings.QBO_SETTLE_SECONDS)
    due = Q(look_at__isnull=True) | Q(look_at__lte=now)
    old_enough = lost.annotate(last_sent_at=Coalesce("sent_again_at", "sent_at")).filter(due, last_sent_at__lte=safe)
    for attempt in old_enough.select_related("run").order_by("pk"):
        try:
            _settle(attempt, client, lease)
        except QboError as error:
            if stops(error):
                lost.update(look_at=now + dt.timedelta(seconds=STOPPED_PAUSE))
            if isinstance(error, EVERYWHERE) or stops(error):
                raise
            log.warning("Request %s could not be looked for: %s", attempt.request_id, error)
            _keep(attempt, error, lease)


def _keep(attempt: Attempt, error: QboError, lease: Lease) -> None:
    """Not known yet, and why. Looked for again after a pause twice as long as the last; at last a person decides."""
    looks = attempt.looks + 1
    pause = min(settings.QBO_SETTLE_SECONDS * 2**looks, LONGEST_PAUSE)
    steps = attempt.steps.filter(state=StepState.UNKNOWN)
    words = NOT_LOOKED.format(why=in_words(error))
    with lease.transaction():
        Attempt.objects.filter(pk=attempt.pk).update(looks=looks, look_at=timezone.now() + dt.timedelta(seconds=pause))
        if looks < settings.QBO_TRIES:
            steps.update(message=f"{words} {LOOKS_AGAIN}")
        else:
            move_steps(steps, StepState.NEEDS_CHOICE, message=f"{words} {LOOK_YOURSELF}", mend="match")
            move_attempt(attempt, AttemptState.SETTLED, answered_at=timezone.now())
        recompute(attempt.run)
        go_on(attempt.run)


def _settle(attempt: Attempt, client: CompanyClient, lease: Lease) -> None:
    steps = list(attempt.steps.filter(state=StepState.UNKNOWN).order_by("position"))
    if not steps:
        move_attempt(attempt, AttemptState.SETTLED, answered_at=timezone.now())
        return
    pairs = _look(attempt, steps, client, lease)
    nothing_arrived = not (pairs.found or pairs.unclear) and attempt.answered_at is None
    if nothing_arrived and _may_go_again(attempt, steps):
        _send_again(attempt, steps, client, lease)
    else:
        _record(attempt, pairs, lease)
    with lease.transaction():
        recompute(attempt.run)
        go_on(attempt.run)


def _may_go_again(attempt: Attempt, steps: Sequence[Step]) -> bool:
    """A run that was cancelled or stopped sends nothing, and what fails always is not sent for ever."""
    tried_enough = attempt.sends >= MOST_SENDS or any(step.tries >= settings.QBO_TRIES for step in steps)
    return attempt.run.state in OPEN_RUNS and not tried_enough


def _look(attempt: Attempt, steps: Sequence[Step], client: CompanyClient, lease: Lease) -> Pairs:
    """Read what was made since the request was sent, and pair it with what was sent.

    Paired together with what else is lost: two hours alike in every field, sent in two requests, are no strangers.
    """
    by_entity: dict[str, list[tuple[Step, Body]]] = defaultdict(list)
    for step, body in [*_sent(attempt, steps), *_lost_beside(attempt)]:
        by_entity[step.entity].append((step, body))
    pairs = Pairs()
    for entity in dict.fromkeys(step.entity for step in steps):
        rows = _made_since(client, entity, attempt.sent_at - OVERLAP, lease)
        known = _known(attempt.run.connection_id, entity, rows)
        pairs += pair(by_entity[entity], [row for row in rows if row["Id"] not in known])
    return pairs.of(steps)


def _sent(attempt: Attempt, steps: Iterable[Step]) -> list[tuple[Step, Body]]:
    bodies = attempts.sent_bodies(attempt)
    return [(step, bodies[step.pk]) for step in steps]


def _lost_beside(attempt: Attempt) -> list[tuple[Step, Body]]:
    """What was sent in other requests of the company whose answer is lost too."""
    lost = Attempt.objects.filter(
        run__connection=attempt.run.connection_id, run__type=Run.Type.PUSH, state=AttemptState.UNKNOWN
    )
    others = lost.exclude(pk=attempt.pk).order_by("pk")
    return [
        each
        for other in others
        for each in _sent(other, other.steps.filter(state=StepState.UNKNOWN).order_by("position"))
    ]


def _made_since(client: CompanyClient, entity: str, since: dt.datetime, lease: Lease) -> list[Mapping[str, Any]]:
    """What was made since then, and what of it was made inactive or had its name marked meanwhile."""
    made = f"MetaData.CreateTime >= {query.moment(since)}"
    pages = client.pages(entity, made, include_inactive=entity in NAME_ENTITIES)
    return [_unmarked(row) for page in lease.while_reading(pages) for row in page]


def _unmarked(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """An inactive name as it was before QuickBooks marked it “ (deleted)” (qbo-api.md §2.3)."""
    if is_active(row):
        return row
    return {**row, "DisplayName": DELETED.sub("", str(row.get("DisplayName", "")))}


def _known(connection_id: int, entity: str, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    ids = [row["Id"] for row in rows]
    links = Link.objects.filter(connection_id=connection_id, entity=entity, qbo_id__in=ids)
    return {str(qbo_id) for qbo_id in links.values_list("qbo_id", flat=True)}


def _send_again(attempt: Attempt, steps: Sequence[Step], client: CompanyClient, lease: Lease) -> None:
    """Nothing arrived: the very same request once more, same id, same body, so that it still counts once."""
    _aside(lease, lambda: client.throttle.acquire("batch"))
    with lease.transaction():
        Attempt.objects.filter(pk=attempt.pk).update(
            state=AttemptState.SENT, lease_number=lease.number, sent_again_at=timezone.now(), sends=F("sends") + 1
        )
    try:
        answer = _aside(lease, in_time(client, attempt))
    except QboError as error:
        _record_failure(error, attempt, steps, lease)
    else:
        _believe(attempt, steps, answer, client, lease)


def _aside(lease: Lease, call: Callable[[], T]) -> T:
    """What a call in another thread answers; the claim is kept up meanwhile."""
    with ThreadPoolExecutor(1, thread_name_prefix="qbo-recovery") as sender:
        return lease.wait_for(sender.submit(call))


def _record_failure(error: QboError, attempt: Attempt, steps: Sequence[Step], lease: Lease) -> None:
    """The request as a whole failed again. Raises the error where it concerns all others too."""
    if error.outcome == Outcome.UNKNOWN:
        attempts.record_unknown_again(lease, attempt, steps, failed=bool(error.faults))
    elif isinstance(error, Refused) and not stops(error):
        attempts.record_refusal(lease, attempt, steps, error)
    else:
        attempts.record_not_done(lease, attempt, steps)
        raise error


def _believe(attempt: Attempt, steps: Sequence[Step], answer: BatchAnswer, client: CompanyClient, lease: Lease) -> None:
    """Record an answer after looking whether what it tells of is there.

    QuickBooks answers a request id that it has seen with what it answered then (qbo-api.md §5), even where somebody
    has deleted the record since.
    """
    try:
        there = _aside(lease, lambda: _there(client, steps, answer))
    except QboError:
        attempts.record_unknown_again(lease, attempt, steps, failed=False)
        raise
    gone = [
        step for step in steps if _said_to_be_made(step, answer) and (step.entity, _id_of(step, answer)) not in there
    ]
    if gone:
        with lease.transaction():
            move_steps([step.pk for step in gone], StepState.NEEDS_CHOICE, message=DELETED_SINCE, mend="match")
    attempts.record_answer(lease, attempt, [step for step in steps if step not in gone], answer)


def _said_to_be_made(step: Step, answer: BatchAnswer) -> bool:
    return answer.items[str(step.pk)].error is None


def _id_of(step: Step, answer: BatchAnswer) -> str:
    return str(answer.items[str(step.pk)].record["Id"])


def _there(client: CompanyClient, steps: Sequence[Step], answer: BatchAnswer) -> set[tuple[str, str]]:
    """Entity and QBO ID of what is at QuickBooks of all that the answer says was made: one query per entity."""
    said: dict[str, list[str]] = defaultdict(list)
    for step in steps:
        if _said_to_be_made(step, answer):
            said[step.entity].append(_id_of(step, answer))
    there = set()
    for entity, ids in said.items():
        inactive_too = query.ACTIVE_AND_NOT if entity in NAME_ENTITIES else ""
        where = query.both(f"Id IN {query.one_of(ids)}", inactive_too)
        there |= {(entity, row["Id"]) for row in client.query(query.select(entity, where=where)).rows}
    return there


def _record(attempt: Attempt, pairs: Pairs, lease: Lease) -> None:
    """Record what was found; what surely is not there goes into a new request; the rest is a person's choice.

    Until that choice the reservation stays: no other run may copy what may be at QuickBooks already.
    """
    unclear = [step for step, _ in pairs.unclear]
    with lease.transaction():
        attempts.complete(attempt, pairs.found, attempt.transaction_id)
        attempts.record_missing(attempt, pairs.missing)
        _offer(attempt, pairs.unclear)
        move_steps([step.pk for step in unclear], StepState.NEEDS_CHOICE, message=CANNOT_TELL, mend="match")
        move_attempt(attempt, AttemptState.SETTLED, answered_at=timezone.now())


def _offer(attempt: Attempt, unclear: Sequence[tuple[Step, Sequence[Body]]]) -> None:
    """Keep what was found, for the person who chooses: names in the directory, documents with their step."""
    for step, rows in unclear:
        if step.entity in NAME_ENTITIES:
            directory.remember(attempt.run.connection, step.entity, rows)
    documents = [
        found_document(step, row) for step, rows in unclear if step.entity not in NAME_ENTITIES for row in rows
    ]
    FoundDocument.objects.bulk_create(documents, ignore_conflicts=True)
