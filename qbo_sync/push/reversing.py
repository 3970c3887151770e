"""“Reverse this run”: what a run created at QuickBooks is taken back there, where nobody has touched it since.

Documents are deleted, names made inactive (QuickBooks deletes no name), children before parents. Whatever was changed
there since, was paid, or is referred to by something that stays, is left, and says why.
"""

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from associates.models import Associate
from qbo_sync.api.batch import Item
from qbo_sync.entities import Key
from qbo_sync.models import Attempt, Entity, Kind, Link, Run, Step
from qbo_sync.models.kinds import NAME_ENTITIES
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push.attempts import sent_bodies
from qbo_sync.push.comparing import Body, differing, fields_of, is_voided, said, with_remarks
from qbo_sync.push.context import CHUNK, links_of
from qbo_sync.push.rewriting import Decision, Rewriting, key_of
from qbo_sync.push.unlinking import take_away

# Which records that are at QuickBooks refer to one of a kind, as paths from a link.
USED_BY: dict[Kind, tuple[str, ...]] = {
    Kind.CLIENT: ("hour_entry__job__client", "mileage_entry__job__client", "expense_entry__job__client",
                  "invoice__job__client", "job__client"),
    Kind.JOB: ("hour_entry__job", "mileage_entry__job", "expense_entry__job", "invoice__job"),
    Kind.ASSOCIATE: ("hour_entry__associate", "mileage_entry__associate", "expense_entry__associate"),
    Kind.ORGANIZATION: ("expense_entry__vendor",),
    Kind.EXPENSE_ENTRY: ("receipt",),
    Kind.INVOICE: ("payment__invoice",),
}  # fmt: skip
TOUCHED_BY_US = (Entity.TIME_ACTIVITY, Entity.INVOICE)  # being billed or paid raises their SyncToken
OVER = (RunState.DONE, RunState.CANCELLED, RunState.FAILED)
NO_LINK = "It is not linked any more."
LATER = "It was changed at QuickBooks by a later run."
NOT_MADE = "This run did not create it: it was linked with what was there."
IN_USE = "Other records that stay at QuickBooks refer to it."
EDITED = "Somebody changed it at QuickBooks since."
PAID = "It has payments at QuickBooks."
VOIDED = "It is voided at QuickBooks, and stays there with its number."
BILLED = "It is billed on an invoice that stays at QuickBooks."
OWING = "There is still a balance on it at QuickBooks."
ALREADY_GONE = "It was gone at QuickBooks already."
REASON = "Taken back at QuickBooks: “{run}”"


def may_be_reversed(run: Run) -> bool:
    """Whether there is anything at QuickBooks that this run created."""
    return run.type == Run.Type.PUSH and run.state in OVER and run.steps.filter(state=StepState.DONE).exists()


def run_that_made(link: Link) -> Run | None:
    """The run that last wrote a document at QuickBooks, from which it can be taken back alone; None for none."""
    is_document = link.entity not in NAME_ENTITIES and link.origin == Link.Origin.PUSHED and not link.is_reserved
    return link.attempt.run if is_document and link.attempt else None


def plan_reversal(
    *, run: Run, actor: Associate, only: Collection[Key] | None = None, title: str = "", back_url: str = ""
) -> Run:
    """Plan taking back what a run created, as far as can be told without asking QuickBooks; nothing is asked yet.

    Args:
        only: these records alone; all of the run unless given.
    """
    done = run.steps.filter(state=StepState.DONE).order_by("-position")
    made = [step for step in done if only is None or key_of(step) in only]
    links = links_of(run.connection, map(key_of, made))
    requests = set(run.attempts.values_list("pk", flat=True))
    problems = {key_of(step): _problem(links.get(key_of(step)), requests) for step in made}
    going = {link.pk for key, link in links.items() if not problems[key]}
    problems |= dict.fromkeys(_held(run, made, links, going), IN_USE)
    steps = [_step(position, step, problems[key_of(step)]) for position, step in enumerate(made)]
    with transaction.atomic(durable=True):
        reversal = Run.objects.create(
            connection=run.connection, type=Run.Type.REVERSE, reverses=run,
            title=(title or f"Reverse: {run.title}")[:200],
            asked_by=actor, back_url=back_url or run.get_absolute_url(), created_at=timezone.now(),
            size=sum(step.state == StepState.READY for step in steps),
        )  # fmt: skip
        for step in steps:
            step.run = reversal
        Step.objects.bulk_create(steps, batch_size=1000)
    return reversal


def _problem(link: Link | None, requests: Collection[int]) -> str:
    """Why a record of a run is left as it is, "" where nothing is known against it. `requests`: those of the run."""
    if link is None or link.is_reserved:
        return NO_LINK
    if link.origin != Link.Origin.PUSHED:
        return NOT_MADE
    return "" if link.attempt_id in requests else LATER


def _held(run: Run, made: Sequence[Step], links: Mapping[Key, Link], going: set[int]) -> set[Key]:
    """What cannot go because something that stays refers to it, found from the children up."""
    held: set[Key] = set()
    for kind in dict.fromkeys(Kind(step.kind) for step in made):
        ids = [step.record_id for step in made if step.kind == kind]
        used = {(kind, record_id) for record_id in _used(run, kind, ids, but=going)}
        held |= {key for key in used if key in links and links[key].pk in going}
        going -= {links[key].pk for key in used if key in links}
    return held


def _used(run: Run, kind: Kind, ids: Sequence[int], *, but: Collection[int] = ()) -> set[int]:
    """Those of these records that others at QuickBooks refer to, not counting the links `but`."""
    found: set[int] = set()
    for path in USED_BY.get(kind, ()):
        for start in range(0, len(ids), CHUNK):
            links = Link.objects.filter(connection=run.connection_id, **{f"{path}__in": ids[start : start + CHUNK]})
            found |= {used for used, link_id in links.values_list(path, "pk") if link_id not in but}
    return found


def _step(position: int, made: Step, problem: str) -> Step:
    return Step(
        position=position, kind=made.kind, record_id=made.record_id, entity=made.entity, label=made.label,
        brought_along=made.brought_along, version_seen=made.version_seen, amount=made.amount, minutes=made.minutes,
        state=StepState.IN_THE_WAY if problem else StepState.READY, message=problem,
    )  # fmt: skip


class Reversing(Rewriting):
    """One run of “Reverse this run”."""

    def _next(self) -> list[Step]:
        """One kind at a time: a client is judged when its jobs are gone, which are customers as well.

        And none of what may be referred to by a record of which nobody knows yet whether it is gone.
        """
        steps = super()._next()
        unknown = self.run.steps.filter(state=StepState.UNKNOWN).order_by("position").first()
        if unknown is not None:
            steps = [step for step in steps if step.position < unknown.position or step.kind == unknown.kind]
        return [step for step in steps if step.kind == steps[0].kind]

    def decide(self, steps: Sequence[Step], links: Mapping[Key, Link], rows: Mapping[str, Body]) -> list[Decision]:
        used: set[Key] = set()
        for kind in dict.fromkeys(Kind(step.kind) for step in steps):
            ids = [step.record_id for step in steps if step.kind == kind]
            used |= {(kind, record_id) for record_id in _used(self.run, kind, ids)}
        sent = _sent(steps, links)
        return [self._decide(step, links[key_of(step)], rows, used, sent.get(key_of(step))) for step in steps]

    def _decide(self, step: Step, link: Link, rows: Mapping[str, Body], used: set[Key], sent: Body | None) -> Decision:
        row = rows.get(str(link.qbo_id))
        if row is None or row.get("Active") is False:
            return Decision(
                state=StepState.LINKED, values={"message": ALREADY_GONE}, then=lambda: self._forget(step, link)
            )
        problem = IN_USE if key_of(step) in used else _why_it_stays(link, row, sent)
        if problem:
            return Decision(state=StepState.IN_THE_WAY, values={"message": problem})
        return Decision(item=_taken_back(step, row))

    def landed(self, step: Step, link: Link, sent: Body, row: Body, attempt: Attempt) -> None:
        self._forget(step, link)

    def arrived(self, sent: Body, row: Body | None) -> bool:
        return row is None or row.get("Active") is False

    def _forget(self, step: Step, link: Link) -> None:
        take_away({link: step.label}, REASON.format(run=self.run), self.run.actor)


def _sent(steps: Sequence[Step], links: Mapping[Key, Link]) -> dict[Key, Body]:
    """What was sent when each was created: one query."""
    made = Step.objects.filter(
        attempt__in={links[key_of(step)].attempt_id for step in steps}, record_id__in=[step.record_id for step in steps]
    )
    bodies: dict[int, dict[int, dict[str, object]]] = {}
    found: dict[Key, Body] = {}
    for step in made.select_related("attempt"):
        if step.attempt:
            found[key_of(step)] = said(bodies.setdefault(step.attempt.pk, sent_bodies(step.attempt))[step.pk])
    return found


def _why_it_stays(link: Link, row: Body, sent: Body | None) -> str:
    """Why QuickBooks' record is left, by what it is now; "" where it is still as the run left it."""
    if any(linked.get("TxnType") == Entity.PAYMENT for linked in row.get("LinkedTxn", ())):
        return PAID
    if link.entity == Entity.INVOICE and is_voided(row):
        return VOIDED
    if row.get("BillableStatus") == "HasBeenBilled":
        return BILLED
    if link.entity in NAME_ENTITIES and row.get("Balance"):
        return OWING
    if row.get("SyncToken") == link.sync_token:
        return ""
    untouched = link.entity in TOUCHED_BY_US and sent is not None and not _edited(link, row, sent)
    return "" if untouched else EDITED


def _edited(link: Link, row: Body, sent: Body) -> list[str]:
    """What somebody changed at QuickBooks of what was sent, or wrote on it there."""
    return differing(sent, row, with_remarks(link.entity, fields_of(sent)))


def _taken_back(step: Step, row: Body) -> Item:
    """Documents are deleted; a name is made inactive."""
    body = {"Id": row["Id"], "SyncToken": row["SyncToken"]}
    if step.entity not in NAME_ENTITIES:
        return Item(str(step.pk), step.entity, body, "delete")
    return Item(str(step.pk), step.entity, {**body, "sparse": True, "Active": False}, "update")
