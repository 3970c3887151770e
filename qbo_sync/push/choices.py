"""“Needs your choice”: records at QuickBooks that one of ours may already be, and what a person says to that.

The manual, “How To Fix, When Records Are Accidentally Created At QBO”: a list of choices, each with its QBO ID as the
button that links it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from associates.models import Associate
from qbo_sync import directory
from qbo_sync.api.company import CompanyClient
from qbo_sync.custodian import Offer, free_name, holders
from qbo_sync.entities import COPIED, Context
from qbo_sync.entities.base import as_it_is_now
from qbo_sync.models import Connection, FoundDocument, Kind, Link, NameRecord, Run, Step
from qbo_sync.models.kinds import NAME_ENTITIES
from qbo_sync.models.states import StepState
from qbo_sync.push import attempts, invoices_there
from qbo_sync.push.blocking import go_on, let_twins_follow, recompute
from qbo_sync.push.candidates import NAME_KINDS, candidates, candidates_of, ruled_out_of
from qbo_sync.push.context import context_for, links_of
from qbo_sync.push.uncollected import uncollected
from qbo_sync.runs.lease import Lease
from qbo_sync.runs.moves import move_steps

ASK = "QuickBooks has a record that this may already be. Choose it, or create a new one."
LEFT_OUT = "You left it out. Copy it again when you want it at QuickBooks."
SETTLED = "This is settled already."
NOT_OFFERED = "That record is not one of the choices any more. Choose again."
NOT_FREE = "That name is not free any more. Choose again."
CLIENT_FIRST = "Its client is not linked with QuickBooks yet. Match the client first, then the invoice."
TAKEN = "That record at QuickBooks is linked to another record here already."


CALLED = (Kind.CLIENT, Kind.ORGANIZATION, Kind.ASSOCIATE)  # by a name of their own, which a person may change
LABEL_LENGTH = 300

AtQuickBooks: TypeAlias = NameRecord | FoundDocument


@uncollected()
def ask(run: Run, client: CompanyClient, lease: Lease) -> None:
    """Look for likely matches of all names and invoices that a run is about to create; those that have one wait.

    Reads what changed in the three name lists, and invoices meanwhile. Raises QboError where that fails: then nothing
    is created either.
    """
    invoices = _unlinked(run, run.steps.filter(state=StepState.READY, kind=Kind.INVOICE, create_anyway=False))
    search = invoices_there.Search(run.connection, invoices, client, lease)
    if steps := _unlinked(run, run.steps.filter(state=StepState.READY, kind__in=NAME_KINDS, create_anyway=False)):
        directory.refresh(run.connection, client, reading=lease.while_reading)
        found = candidates_of(run.connection, steps)  # what is merely possible, such as a spouse, holds nobody up
        doubtful = [step.pk for step, offered in found if any(each.candidate.is_likely for each in offered)]
        with lease.transaction():
            move_steps(doubtful, StepState.NEEDS_CHOICE, message=ASK, mend="match")
    if invoices:
        invoices_there.ask(search, lease)


def _unlinked(run: Run, steps: Iterable[Step]) -> list[Step]:
    """Without those whose records are being copied by another run: what that makes is no stranger's record."""
    keys = {step: (Kind(step.kind), step.record_id) for step in steps}
    links = links_of(run.connection, keys.values())
    return [step for step, key in keys.items() if key not in links]


def is_open(step: Step) -> bool:
    """Whether a person may still choose for this step."""
    return step.state == StepState.NEEDS_CHOICE or (step.state == StepState.REFUSED and step.mend == "match")


def documents(step: Step) -> list[FoundDocument]:
    """The documents at QuickBooks that a step may be, without what is linked by now and what somebody ruled out."""
    return documents_of(step.run.connection, [step])[step.pk]


def documents_of(connection: Connection, steps: Sequence[Step]) -> dict[int, list[FoundDocument]]:
    """The same of each of these steps, by its primary key: three queries."""
    found = list(FoundDocument.objects.filter(step__in=[step.pk for step in steps]))
    links = Link.objects.filter(connection=connection, qbo_id__in={each.qbo_id for each in found})
    taken = set(links.values_list("entity", "qbo_id")) if found else set()
    keys = {step.pk: (Kind(step.kind), step.record_id) for step in steps}
    ruled_out = ruled_out_of(connection, keys.values()) if found else {}
    offered: dict[int, list[FoundDocument]] = {step.pk: [] for step in steps}
    for each in found:
        if (each.entity, each.qbo_id) not in taken | ruled_out.get(keys[each.step_id], set()):
            offered[each.step_id].append(each)
    return offered


def link(step: Step, *, entity: str, qbo_id: str, actor: Associate) -> str:
    """Link the record of a step with the candidate chosen. Nothing is written at QuickBooks.

    Returns "" when done, else what is wrong, as a sentence.
    """
    if not is_open(step):
        return SETTLED
    offered: Iterable[AtQuickBooks] = (
        [choice.record for choice in candidates(step) if choice.candidate.linkable]
        if step.entity in NAME_ENTITIES
        else documents(step)
    )
    chosen = next((each for each in offered if (each.entity, each.qbo_id) == (entity, qbo_id)), None)
    if chosen is None:
        return NOT_OFFERED
    record = COPIED[Kind(step.kind)].records().get(pk=step.record_id)
    context = context_of(step.run.connection, Kind(step.kind), record)
    if client_is_missing(Kind(step.kind), record, context):
        return CLIENT_FIRST
    try:
        with answering(step.run.connection_id):
            source = _give_up_reservation(step) or as_it_is_now(COPIED[Kind(step.kind)], record, context)
            Link.objects.create(**matched(step.run.connection_id, step.kind, record, chosen, actor), **source)
            _answered(step, StepState.LINKED)
            let_twins_follow(step.run)
            go_on(step.run, look=step.kind == Kind.INVOICE)  # the hours that it bills are not billable any more
    except IntegrityError:
        return TAKEN
    return ""


def client_is_missing(kind: Kind, record: Any, context: Context) -> bool:
    """Whether this is an invoice whose client is not linked: nobody could tell then what it would say there."""
    return kind == Kind.INVOICE and context.customer_of(record.job) is None


@contextmanager
def answering(connection_id: int) -> Iterator[None]:
    """One short transaction that begins where the engine's do (`Lease.hold`): with the connection's row.

    Two that write the steps of one run would else each wait for what the other has written.
    """
    with transaction.atomic(durable=True):
        Connection.objects.select_for_update(no_key=True).get(pk=connection_id)
        yield


def context_of(connection: Connection, kind: Kind, record: Any) -> Context:
    """What is needed to say what a record would say at QuickBooks."""
    return context_for(connection, links_of(connection, COPIED[kind].refers_to(record)))


def matched(connection_id: int, kind: str, record: Any, at_qbo: AtQuickBooks, actor: Associate) -> dict[str, Any]:
    """The fields of the Link of a record with what a person chose for it; what it says now comes on top."""
    return {
        "connection_id": connection_id,
        kind: record,
        "entity": at_qbo.entity,
        "qbo_id": at_qbo.qbo_id,
        "sync_token": at_qbo.sync_token,
        "origin": Link.Origin.MATCHED,
        "linked_by": actor,
        "linked_at": timezone.now(),
    }


@dataclass(frozen=True)
class NewName:
    """What a new record would be called, where its own name is taken at QuickBooks.

    Args:
        offer: a free name after the company's rule; None where there is none.
        only_inactive: those who bear its own name are inactive: QuickBooks may take it all the same.
    """

    offer: Offer | None
    only_inactive: bool


def new_name(step: Step) -> NewName | None:
    """The free name for “None of these, create a new one”; None where the record's own is free, or it has none."""
    kind = Kind(step.kind)
    record: Any = COPIED[kind].records().filter(pk=step.record_id).first() if kind in CALLED else None
    taken = holders(step.run.connection, record) if record else []
    if not taken:
        return None
    return NewName(free_name(step.run.connection, record), not any(holder.record.is_active for holder in taken))


def create_new(step: Step, *, called: str = "") -> str:
    """“None of these, create a new one”, of the record as it is now. Returns "" when done, else what is wrong.

    Args:
        called: the free name that was offered for it (`new_name`): it is called so from now on, here too.
    """
    if not is_open(step):
        return SETTLED
    record = COPIED[Kind(step.kind)].records().filter(pk=step.record_id).first()
    if record is None:
        return "The record was deleted here."
    named = new_name(step) if called else None
    if called and not (named and named.offer and named.offer.name == called):
        return NOT_FREE
    with answering(step.run.connection_id):
        _give_up_reservation(step)
        if named and named.offer:
            setattr(record, named.offer.field, named.offer.value)
            record.save(update_fields=[named.offer.field])
            Step.objects.filter(pk=step.pk).update(label=str(record)[:LABEL_LENGTH])
        entity = COPIED[Kind(step.kind)].entity(record)  # a total that turned negative since makes another of it
        Step.objects.filter(pk=step.pk).update(create_anyway=True, version_seen=record.version, entity=entity, tries=0)
        _answered(step, StepState.READY)
    return ""


def leave_out(step: Step) -> str:
    """“Leave it out”: neither linked nor created by this run. Returns "" when done, else what is wrong."""
    if not is_open(step):
        return SETTLED
    with answering(step.run.connection_id):
        _give_up_reservation(step)
        _answered(step, StepState.LEFT_OUT, LEFT_OUT)
    return ""


class Bulk(models.TextChoices):
    """One answer for all documents of a run that wait for a choice."""

    LINK = "link", "They are all there: link each with one that was found"
    CREATE = "create", "None of them is there: create them all anew"
    LEAVE_OUT = "leave_out", "Leave them all out"


def open_documents(run: Run) -> list[Step]:
    """The steps of hours, mileage, expenses and invoices whose answer was lost and that wait for a person's choice."""
    # what was made by hand is asked one by one
    lost = {"state": StepState.NEEDS_CHOICE, "attempt__isnull": False}
    waiting = run.steps.filter(run__type=Run.Type.PUSH, **lost).exclude(entity__in=NAME_ENTITIES)
    return list(waiting.select_related("run__connection", "attempt").order_by("position"))


def choose_for_all(run: Run, answer: Bulk, *, actor: Associate) -> tuple[int, int]:
    """Give one answer for all documents of a run. Returns how many were settled by it, and how many still wait."""
    steps = open_documents(run)
    settled = sum(_choose(step, answer, actor) == "" for step in steps)
    return settled, len(steps) - settled


def _choose(step: Step, answer: Bulk, actor: Associate) -> str:
    if answer == Bulk.CREATE:
        return create_new(step)
    if answer == Bulk.LEAVE_OUT:
        return leave_out(step)
    offered = documents(step)  # alike in every field that was sent, so that any of them is as good
    return link(step, entity=offered[0].entity, qbo_id=offered[0].qbo_id, actor=actor) if offered else NOT_OFFERED


def _give_up_reservation(step: Step) -> dict[str, Any]:
    """A person has said what became of a request that nobody could settle by looking.

    Returns what the reservation knew of the record as it was sent.
    """
    if step.attempt is None:
        return {}
    reserved = Link.objects.filter(attempt=step.attempt, qbo_id__isnull=True, **{f"{step.kind}_id": step.record_id})
    source: dict[str, Any] = dict(reserved.values("source_version", "source_hash").first() or {})
    attempts.release(step.attempt, [step])
    return source


def _answered(step: Step, state: StepState, message: str = "") -> None:
    """The step is answered; what waited for it may go, and the run goes on."""
    move_steps([step.pk], state, message=message, mend="", fault_code="")
    recompute(step.run)
    go_on(step.run)
