"""“Needs your choice”: records at QuickBooks that one of ours may already be, and what a person says to that.

The manual, “How To Fix, When Records Are Accidentally Created At QBO”: a list of choices, each with its QBO ID as the
button that links it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from associates.models import Associate
from qbo_sync import directory, matching
from qbo_sync.api.company import CompanyClient
from qbo_sync.entities import COPIED
from qbo_sync.models import Kind, Link, NameRecord, Run, Step
from qbo_sync.models.kinds import NAME_ENTITIES
from qbo_sync.models.states import StepState
from qbo_sync.push import attempts
from qbo_sync.push.blocking import go_on, recompute
from qbo_sync.push.context import CHUNK, links_of
from qbo_sync.runs.lease import Lease
from qbo_sync.runs.moves import move_steps

NAME_KINDS = tuple(kind for kind, copied in COPIED.items() if copied.is_name)
ASK = "QuickBooks has a record that this may already be. Choose it, or create a new one."
SETTLED = "This is settled already."
NOT_OFFERED = "That record is not one of the choices any more. Choose again."
TAKEN = "That record at QuickBooks is linked to another record here already."


@dataclass(frozen=True)
class Choice:
    """A candidate and what QuickBooks knows of it."""

    candidate: matching.Candidate
    record: NameRecord


def ask(run: Run, client: CompanyClient, lease: Lease) -> None:
    """Look for likely matches of all names that a run is about to create; those that have one wait for a choice.

    Reads what changed in the three name lists first. Raises QboError where that fails: then nothing is created either.
    """
    steps = _unlinked(run, run.steps.filter(state=StepState.READY, kind__in=NAME_KINDS, create_anyway=False))
    if not steps:
        return
    directory.refresh(run.connection, client)
    lease.beat()
    taken = _taken(run)
    doubtful = []
    for start in range(0, len(steps), CHUNK):
        chunk = steps[start : start + CHUNK]
        seekers = {step.pk: seeker for step, seeker in _seekers(chunk)}
        found = directory.by_key(run.connection, matching.keys_of(seekers.values()))
        doubtful += [pk for pk, seeker in seekers.items() if matching.candidates(seeker, found, taken=taken)]
    with lease.transaction():
        move_steps(doubtful, StepState.NEEDS_CHOICE, message=ASK, mend="match")


def _unlinked(run: Run, steps: Iterable[Step]) -> list[Step]:
    """Without those whose records are being copied by another run: what that makes is no stranger's record."""
    keys = {step: (Kind(step.kind), step.record_id) for step in steps}
    links = links_of(run.connection, keys.values())
    return [step for step, key in keys.items() if key not in links]


def _seekers(steps: Iterable[Step]) -> Iterable[tuple[Step, matching.Sought]]:
    steps = list(steps)
    for kind in NAME_KINDS:
        of_kind = {step.record_id: step for step in steps if step.kind == kind}
        for record in COPIED[kind].records().filter(pk__in=of_kind):
            yield of_kind[record.pk], matching.sought(record)


def _taken(run: Run) -> set[tuple[str, str]]:
    """Entity and QBO ID of every name that is linked already."""
    links = Link.objects.filter(connection_id=run.connection_id, entity__in=NAME_ENTITIES, qbo_id__isnull=False)
    return {(entity, str(qbo_id)) for entity, qbo_id in links.values_list("entity", "qbo_id")}


def is_open(step: Step) -> bool:
    """Whether a person may still choose for this step."""
    return step.state == StepState.NEEDS_CHOICE or (step.state == StepState.REFUSED and step.mend == "match")


def candidates(step: Step) -> list[Choice]:
    """The list of choices for a step, the likeliest first."""
    found = list(_seekers([step]))
    if not found:
        return []
    [(_, seeker)] = found
    by_key = directory.by_key(step.run.connection, matching.keys_of([seeker]))
    records = {(record.entity, record.qbo_id): record for group in by_key.values() for record in group}
    offered = matching.candidates(seeker, by_key, taken=_taken(step.run))
    return [Choice(candidate, records[candidate.entity, candidate.qbo_id]) for candidate in offered]


def link(step: Step, *, entity: str, qbo_id: str, actor: Associate) -> str:
    """Link the record of a step with the candidate chosen. Nothing is written at QuickBooks.

    Returns "" when done, else what is wrong, as a sentence.
    """
    if not is_open(step):
        return SETTLED
    chosen = [
        choice for choice in candidates(step)
        if (choice.candidate.entity, choice.candidate.qbo_id) == (entity, qbo_id) and choice.candidate.linkable
    ]  # fmt: skip
    if not chosen:
        return NOT_OFFERED
    record = COPIED[Kind(step.kind)].records().get(pk=step.record_id)
    try:
        with transaction.atomic(durable=True):
            _give_up_reservation(step)
            Link.objects.create(**_matched(step, record, chosen[0].record, actor))
            _answered(step, StepState.LINKED)
    except IntegrityError:
        return TAKEN
    return ""


def _matched(step: Step, record: Any, at_qbo: NameRecord, actor: Associate) -> dict[str, Any]:
    return {
        "connection_id": step.run.connection_id,
        step.kind: record,
        "entity": at_qbo.entity,
        "qbo_id": at_qbo.qbo_id,
        "sync_token": at_qbo.sync_token,
        "origin": Link.Origin.MATCHED,
        "linked_by": actor,
        "linked_at": timezone.now(),
    }


def create_new(step: Step) -> str:
    """“None of these, create a new one”, of the record as it is now. Returns "" when done, else what is wrong."""
    if not is_open(step):
        return SETTLED
    record = COPIED[Kind(step.kind)].records().filter(pk=step.record_id).first()
    if record is None:
        return "The record was deleted here."
    with transaction.atomic(durable=True):
        _give_up_reservation(step)
        Step.objects.filter(pk=step.pk).update(create_anyway=True, version_seen=record.version)
        _answered(step, StepState.READY)
    return ""


def _give_up_reservation(step: Step) -> None:
    """A person has said what became of a request that nobody could settle by looking."""
    if step.attempt is not None:
        attempts.release(step.attempt, [step])


def _answered(step: Step, state: StepState) -> None:
    """The step is answered; what waited for it may go, and the run goes on."""
    move_steps([step.pk], state, message="", mend="", fault_code="")
    recompute(step.run)
    go_on(step.run)
