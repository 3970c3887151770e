"""One batch: what is written down before it is sent, and what of its answer (design.md §4, “attempt”).

Before: an Attempt with its request id and exact body, and a reserved Link per record, in one short transaction. After:
Links completed or released and Steps answered, in another. Both are committed only under our lease.
"""

import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection
from django.db.models import F
from django.utils import timezone

from qbo_sync import directory
from qbo_sync.api.batch import BatchAnswer, Item, ItemAnswer, batch_body
from qbo_sync.api.errors import Fault, QboError, Throttled
from qbo_sync.connection.trouble import in_words
from qbo_sync.entities.base import source_hash
from qbo_sync.faults import LINKED_OTHERWISE
from qbo_sync.models import Attempt, Kind, Link, Run, Step
from qbo_sync.models.states import AttemptState, StepState
from qbo_sync.push.differences import note_differences
from qbo_sync.push.ids import by_step, spelled_out
from qbo_sync.push.verdict import MISSING_REFERENCE, Verdict, given_up, in_a_moment, verdict_on
from qbo_sync.runs.lease import Lease
from qbo_sync.runs.moves import move_attempt, move_steps

FAILED = "10000"  # qbo-api.md §7.2: an error of QuickBooks' own
NEW = dt.timedelta(minutes=10)  # a record made since then may not be known yet in all of QuickBooks


class _NotReady(Exception):
    """A step was cancelled or answered otherwise after it was read."""


def reserve(lease: Lease, run: Run, items: Sequence[tuple[Step, Item]]) -> Attempt | None:
    """Write down the request and reserve its records.

    None, and nothing written, where one of them was linked or its step cancelled this very moment.
    """
    body = batch_body([item for _, item in items])
    try:
        with lease.transaction(sending=True):
            attempt = Attempt.objects.create(
                run=run, request_id=str(uuid.uuid4()), body=body, lease_number=lease.number, sent_at=timezone.now()
            )
            Link.objects.bulk_create([_link(run, attempt, step, item.body) for step, item in items])
            if move_steps([step.pk for step, _ in items], StepState.SENDING, attempt=attempt) < len(items):
                raise _NotReady
    except (IntegrityError, _NotReady):
        return None
    return attempt


def _link(run: Run, attempt: Attempt, step: Step, body: Mapping[str, Any], **completed: Any) -> Link:
    return Link(
        connection_id=run.connection_id, entity=step.entity, origin=Link.Origin.PUSHED, attempt=attempt,
        linked_by_id=run.actor_id, linked_at=timezone.now(), source_version=step.version_seen,
        source_hash=source_hash(body), **{f"{step.kind}_id": step.record_id}, **completed,
    )  # fmt: skip


@dataclass
class Landed:
    """What became of the steps of one attempt; `trouble` is what keeps everything else from being copied too."""

    done: list[Step] = field(default_factory=list)
    refused: list[Step] = field(default_factory=list)
    unknown: list[Step] = field(default_factory=list)
    again: list[Step] = field(default_factory=list)
    stopped: list[Step] = field(default_factory=list)
    trouble: QboError | None = None
    pause: float = 0.0  # seconds that QuickBooks asked for


@dataclass
class _Sorted:
    """An answer taken apart: what was made of which step, and each fault that another one met, in their order."""

    made: list[tuple[Step, Mapping[str, Any]]] = field(default_factory=list)
    faults: list[tuple[Step, Fault]] = field(default_factory=list)
    again: list[tuple[Step, Fault]] = field(default_factory=list)


def record_answer(lease: Lease, attempt: Attempt, steps: Sequence[Step], answer: BatchAnswer) -> Landed:
    """Record what QuickBooks answered to a batch, item by item."""
    try:
        return _record_answer(lease, attempt, steps, answer, taken=set())
    except IntegrityError:
        ids = [item.record["Id"] for item in answer.items.values() if item.error is None]
        return _record_answer(lease, attempt, steps, answer, taken=_linked_otherwise(attempt, ids))


def _record_answer(
    lease: Lease, attempt: Attempt, steps: Sequence[Step], answer: BatchAnswer, *, taken: set[tuple[str, str]]
) -> Landed:
    """`taken`: entity and QBO ID of what other records of ours are linked with."""
    landed, found = Landed(), _Sorted()
    waiting = _needing_new(attempt, steps, answer)
    for step in steps:
        _take_apart(landed, found, step, answer.items[str(step.pk)], taken, needs_are_new=step in waiting)
    state = AttemptState.UNKNOWN if landed.unknown else AttemptState.ANSWERED
    with lease.transaction():
        complete(attempt, found.made, answer.transaction_id)
        _refuse(attempt, found.faults, answer.transaction_id)
        _put_off(attempt, found.again)
        give_back(attempt, landed.stopped, message=in_words(landed.trouble) if landed.trouble else "")
        move_steps([step.pk for step in landed.unknown], StepState.UNKNOWN)
        move_attempt(attempt, state, answered_at=timezone.now(), transaction_id=answer.transaction_id)
    return landed


def _take_apart(
    landed: Landed, found: _Sorted, step: Step, item: ItemAnswer, taken: set[tuple[str, str]], *, needs_are_new: bool
) -> None:
    verdict = verdict_on(item, step, needs_are_new=needs_are_new)
    if item.error is None and (step.entity, item.record["Id"]) in taken:
        landed.refused.append(step)
        found.faults.append((step, Fault(code=LINKED_OTHERWISE, detail=item.record["Id"])))
    elif item.error is None:
        landed.done.append(step)
        found.made.append((step, item.record))
    elif verdict == Verdict.UNKNOWN:
        landed.unknown.append(step)
    elif verdict == Verdict.STOP:
        landed.stopped.append(step)
        landed.trouble = item.error
    elif verdict == Verdict.AGAIN:
        landed.again.append(step)
        found.again.append((step, item.error.fault))
        landed.pause = max(landed.pause, item.error.retry_after if isinstance(item.error, Throttled) else 0.0)
    else:
        landed.refused.append(step)
        found.faults.extend((step, fault) for fault in item.error.each_fault)


def _needing_new(attempt: Attempt, steps: Sequence[Step], answer: BatchAnswer) -> list[Step]:
    """The steps whose reference is said to be missing although this run made what they need a moment ago."""
    blamed = [
        step for step in steps
        if (error := answer.items[str(step.pk)].error) and error.fault.code in MISSING_REFERENCE
    ]  # fmt: skip
    if not blamed:
        return []
    made = attempt.run.steps.filter(state=StepState.DONE, attempt__answered_at__gte=timezone.now() - NEW)
    new = set(
        made.filter(position__in={need for step in blamed for need in step.needs}).values_list("position", flat=True)
    )
    return [step for step in blamed if new.intersection(step.needs)]


def _linked_otherwise(attempt: Attempt, ids: Sequence[str]) -> set[tuple[str, str]]:
    """Which of these IDs are linked already: somebody matched another record with what this request had made."""
    links = Link.objects.filter(connection_id=attempt.run.connection_id, qbo_id__in=ids)
    return {(entity, str(qbo_id)) for entity, qbo_id in links.values_list("entity", "qbo_id")}


def complete(attempt: Attempt, made: Sequence[tuple[Step, Mapping[str, Any]]], transaction_id: str) -> None:
    """Turn reservations into links with their QBO IDs. Call it inside the lease's transaction.

    One statement for a batch of one kind, whatever its size (design.md §7).
    """
    by_kind: dict[str, list[tuple[Step, Mapping[str, Any]]]] = defaultdict(list)
    for step, row in made:
        by_kind[step.kind].append((step, row))
    for kind, of_kind in by_kind.items():
        _complete_links(attempt, kind, of_kind)
    directory.remember_written(attempt.run.connection, ((step.entity, row) for step, row in made))
    bodies = sent_bodies(attempt)
    move_steps([step.pk for step, _ in made], StepState.DONE, transaction_id=transaction_id, message="")
    note_differences(made, bodies)


def _complete_links(attempt: Attempt, kind: str, made: Sequence[tuple[Step, Mapping[str, Any]]]) -> None:
    """Write QBO IDs into the reservations: `UPDATE … FROM (VALUES …)`, which Django's own language does not know."""
    values = [value for step, row in made for value in (step.record_id, row["Id"], row.get("SyncToken", ""))]
    rows = ", ".join(["(%s, %s, %s)"] * len(made))
    statement = (
        f"UPDATE {Link._meta.db_table} SET qbo_id = made.column2, sync_token = made.column3"  # noqa: S608 - our own names
        f" FROM (VALUES {rows}) AS made"
        f" WHERE attempt_id = %s AND qbo_id IS NULL AND {Kind(kind).value}_id = made.column1"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, attempt.pk])
        if cursor.rowcount != len(made):
            raise RuntimeError(f"Request {attempt.request_id} has {cursor.rowcount} of {len(made)} reservations left.")


def release(attempt: Attempt, steps: Sequence[Step]) -> None:
    """Give up the reservations of these steps. Call it inside the lease's transaction."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for step in steps:
        by_kind[step.kind].append(step.record_id)
    for kind, ids in by_kind.items():
        Link.objects.filter(attempt=attempt, qbo_id__isnull=True, **{f"{kind}__in": ids}).delete()


def _refuse(attempt: Attempt, faults: Sequence[tuple[Step, Fault]], transaction_id: str) -> None:
    release(attempt, [step for step, _ in faults])
    grouped: dict[tuple[str, str, str, int], list[int]] = defaultdict(list)
    for told in by_step(spelled_out(attempt.run.connection, faults, sent_bodies(attempt) if faults else {})).values():
        step, fault, tries = told[0].step, told[0].fault, told[0].step.tries + 1
        grouped[fault.code, *given_up(told, tries), tries].append(step.pk)
    for (code, message, mend, tries), step_ids in grouped.items():
        move_steps(
            step_ids, StepState.REFUSED,
            fault_code=code, message=message, mend=mend, tries=tries, transaction_id=transaction_id,
        )  # fmt: skip


def _put_off(attempt: Attempt, faults: Sequence[tuple[Step, Fault]]) -> None:
    """These were certainly not made, and not by a fault of theirs: another request may bring them over."""
    release(attempt, [step for step, _ in faults])
    grouped: dict[tuple[str, int], list[int]] = defaultdict(list)
    for step, fault in faults:
        step.tries += 1
        grouped[in_a_moment(fault, step.tries), step.tries].append(step.pk)
    for (message, tries), step_ids in grouped.items():
        move_steps(step_ids, StepState.READY, message=message, tries=tries)


def record_refusal(lease: Lease, attempt: Attempt, steps: Sequence[Step], error: QboError) -> None:
    """QuickBooks refused the request as a whole: none of it was done, and each step says why."""
    with lease.transaction():
        faults = [(step, fault) for step in steps for fault in error.each_fault]
        _refuse(attempt, faults, error.transaction_id)
        move_attempt(attempt, AttemptState.NOT_DONE, answered_at=timezone.now(), transaction_id=error.transaction_id)


def record_not_done(lease: Lease, attempt: Attempt, steps: Sequence[Step]) -> None:
    """Nothing was done, certainly: the steps may be sent in another request."""
    with lease.transaction():
        give_back(attempt, steps)
        move_attempt(attempt, AttemptState.NOT_DONE, answered_at=timezone.now())


def record_missing(attempt: Attempt, steps: Sequence[Step]) -> None:
    """Looked for and surely not there: to be sent in another request, but not for ever.

    Call it inside the lease's transaction.
    """
    fault = Fault(code=FAILED)
    _put_off(attempt, [(step, fault) for step in steps if step.tries + 1 < settings.QBO_TRIES])
    _refuse(attempt, [(step, fault) for step in steps if step.tries + 1 >= settings.QBO_TRIES], attempt.transaction_id)


def give_back(attempt: Attempt, steps: Sequence[Step], *, message: str = "") -> None:
    """These steps are to be copied as if they had never been sent. Call it inside the lease's transaction.

    Args:
        message: what held them up and has to be mended first, where QuickBooks said it of these very records.
    """
    release(attempt, steps)
    move_steps([step.pk for step in steps], StepState.READY, message=message)


def record_unknown(lease: Lease, attempt: Attempt, steps: Sequence[Step]) -> None:
    """The answer is lost: nobody knows yet. The reservations stay until recovery has looked."""
    with lease.transaction():
        move_steps([step.pk for step in steps], StepState.UNKNOWN)
        move_attempt(attempt, AttemptState.UNKNOWN)


def record_unknown_again(lease: Lease, attempt: Attempt, steps: Sequence[Step], *, failed: bool) -> None:
    """Sent once more, and still nobody knows.

    Args:
        failed: whether QuickBooks failed over it: that counts as a try of each record.
    """
    with lease.transaction():
        if failed:
            Step.objects.filter(pk__in=[step.pk for step in steps]).update(tries=F("tries") + 1)
        move_attempt(attempt, AttemptState.UNKNOWN)


def sent_bodies(attempt: Attempt) -> dict[int, dict[str, Any]]:
    """What was sent for each step, by the step's id (the item's bId)."""
    items = json.loads(attempt.body)["BatchItemRequest"]
    return {int(item["bId"]): next(part for part in item.values() if isinstance(part, dict)) for item in items}
