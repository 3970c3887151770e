"""“Update QBO”: what was changed here after it was copied is changed at QuickBooks too.

What somebody edited there meanwhile is never overwritten silently: field by field both are shown, and a person decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from associates.models import Associate
from qbo_sync.api.batch import Item
from qbo_sync.api.body import body_of
from qbo_sync.entities import COPIED, Context, Key
from qbo_sync.entities.base import source_hash
from qbo_sync.models import Attempt, Connection, Entity, Kind, Link, Run, Step
from qbo_sync.models.states import StepState
from qbo_sync.push.attempts import sent_bodies
from qbo_sync.push.blocking import go_on
from qbo_sync.push.comparing import (
    BLANK,
    Body,
    cleared,
    differing,
    emptied,
    fields_of,
    in_words,
    said,
    side_by_side,
    with_line_ids,
    with_remarks,
)
from qbo_sync.push.context import context_for, links_of
from qbo_sync.push.covering import cover
from qbo_sync.push.prepare import CHANGED, GONE
from qbo_sync.push.rewriting import Decision, Rewriting, key_of
from qbo_sync.runs.moves import move_steps

SAME = "QuickBooks has it as it is here: there is nothing to send."
GONE_THERE = "It is not at QuickBooks any more. Unlink it on its page, then copy it anew."
OTHER_ENTITY = "It would be a {now} now, and is a {then} at QuickBooks. Delete that there, unlink it, and copy it anew."
NOT_THERE_YET = "It refers to {kind} “{label}”, which is not at QuickBooks. Copy that first."
EDITED = "Somebody edited it at QuickBooks after it was copied: {fields}. Compare the two and decide."
OTHERWISE = "It was matched with what was at QuickBooks, which says otherwise: {fields}. Compare the two and decide."
CHANGES = "What changes: {fields}."
KEPT = "You kept what QuickBooks has. It is as it was there."
SETTLED = "This is settled already."
BILLED = ("BillableStatus", "HourlyRate")


@dataclass(frozen=True)
class _Now:
    """A copied record as it is now: what would be sent of it and what was; a sentence where it cannot be sent."""

    link: Link
    version: int = 0
    body: Body | None = None
    before: Body | None = None
    without_links: bool = False
    problem: str = ""
    mend: str = ""

    @property
    def hash(self) -> str:
        return source_hash(self.body or {})


def plan_update(
    *, connection: Connection, kind: Kind, ids: set[int], actor: Associate, title: str, back_url: str
) -> Run:
    """Plan changing these records at QuickBooks, all of one kind and copied. Nothing is asked of QuickBooks yet."""
    links = [link for link in links_of(connection, [(kind, pk) for pk in ids]).values() if not link.is_reserved]
    found = _now(connection, kind, links)
    records = COPIED[kind].records().in_bulk([link.record_id for link in links])
    steps = [
        _step(position, kind, records[each.link.record_id], each)
        for position, each in enumerate(found)
        if each.link.record_id in records
    ]
    with transaction.atomic(durable=True):
        run = Run.objects.create(
            connection=connection, type=Run.Type.UPDATE, title=title, asked_by=actor, back_url=back_url,
            created_at=timezone.now(), size=sum(step.state == StepState.READY for step in steps),
        )  # fmt: skip
        for step in steps:
            step.run = run
        Step.objects.bulk_create(steps, batch_size=1000)
    return run


def _step(position: int, kind: Kind, record: Any, now: _Now) -> Step:
    copied = COPIED[kind]
    state, message = StepState.READY, _what_changes(now)
    if now.problem:
        state, message = StepState.IN_THE_WAY, now.problem
    elif now.hash == now.link.source_hash:
        state, message = StepState.LINKED, SAME
    return Step(
        position=position, kind=kind, record_id=record.pk, entity=now.link.entity, label=copied.label(record)[:300],
        version_seen=record.version, amount=copied.amount(record), minutes=copied.minutes(record),
        state=state, message=message, mend=now.mend, without_links=now.without_links,
    )  # fmt: skip


def _what_changes(now: _Now) -> str:
    if not now.body or now.before is None:
        return ""
    names = differing(now.body, now.before, fields_of(now.body, now.before))
    return CHANGES.format(fields=", ".join(dict.fromkeys(map(in_words, names)))) if names else ""


def _now(connection: Connection, kind: Kind, links: Sequence[Link]) -> list[_Now]:
    """These records as they are now, with a number of queries that does not grow with those that can be sent."""
    copied = COPIED[kind]
    records = copied.records().in_bulk([link.record_id for link in links])
    references = {key for record in records.values() for key in copied.refers_to(record)}
    context = context_for(connection, links_of(connection, references))
    before = sent_before(kind, links)
    outlines = [_Now(link, **before.get(link.pk, {})) for link in links]
    return [_of_one(kind, outline, records.get(outline.link.record_id), context) for outline in outlines]


def _of_one(kind: Kind, outline: _Now, record: Any, context: Context) -> _Now:
    copied, link = COPIED[kind], outline.link
    if record is None:
        return replace(outline, problem=GONE)
    now = replace(outline, version=record.version)
    if obstacle := copied.obstacle(record, context):
        return replace(now, problem=obstacle.what, mend=obstacle.mend)
    if (entity := copied.entity(record)) != link.entity:
        words = OTHER_ENTITY.format(now=Entity(entity).label.lower(), then=Entity(link.entity).label.lower())
        return replace(now, problem=words)
    needed = (need for need in copied.needs(record) if COPIED[need[0]].is_on(context))
    if missing := next((need for need in needed if need not in context.links), None):
        label = missing[0].model._default_manager.get(pk=missing[1])
        return replace(now, problem=NOT_THERE_YET.format(kind=missing[0].label.lower(), label=label))
    return replace(now, body=body_of(copied.body(record, _for_update(now, context))))


def _for_update(now: _Now, context: Context) -> Context:
    """An invoice's own hours are linked with it again, as when it was made; where that was refused, they stay apart."""
    others = {key: link for key, link in context.links.items() if link != now.link}
    return replace(context, links=others, links_hours=not now.without_links)


def sent_before(kind: Kind, links: Sequence[Link]) -> dict[int, dict[str, Any]]:
    """What was last sent of each, and how, by the link's id; nothing where it was matched or imported."""
    by_attempt = {(link.attempt_id, link.record_id): link.pk for link in links if link.attempt_id}
    records = {record_id for _, record_id in by_attempt}
    steps = Step.objects.filter(kind=kind, record_id__in=records, attempt__in={attempt for attempt, _ in by_attempt})
    bodies: dict[int, dict[int, dict[str, Any]]] = {}
    found: dict[int, dict[str, Any]] = {}
    for step in steps.select_related("attempt"):
        attempt = step.attempt
        if attempt and (link := by_attempt.get((attempt.pk, step.record_id))):
            sent = bodies.setdefault(attempt.pk, sent_bodies(attempt))
            found[link] = {"before": said(sent[step.pk]), "without_links": step.without_links}
    return found


class Updating(Rewriting):
    """One run of “Update QBO”."""

    def decide(self, steps: Sequence[Step], links: Mapping[Key, Link], rows: Mapping[str, Body]) -> list[Decision]:
        decided: dict[int, Decision] = {}
        for kind in dict.fromkeys(Kind(step.kind) for step in steps):
            of_kind = [step for step in steps if step.kind == kind]
            found = _now(self.run.connection, kind, [links[key_of(step)] for step in of_kind])
            for step, now in zip(of_kind, found, strict=True):
                decided[step.pk] = _decide(step, now, rows.get(str(now.link.qbo_id)))
        return [decided[step.pk] for step in steps]

    def landed(self, step: Step, link: Link, sent: Body, row: Body, attempt: Attempt) -> None:
        Link.objects.filter(pk=link.pk).update(
            sync_token=row.get("SyncToken", ""), source_version=step.version_seen, source_hash=source_hash(said(sent)),
            compared_version=step.version_seen, attempt=attempt,
        )  # fmt: skip

    def arrived(self, sent: Body, row: Body | None) -> bool:
        return row is not None and not differing(sent, row, fields_of(sent))

    def look_after(self) -> None:
        cover(self.run, self.client, self.lease)


def _decide(step: Step, now: _Now, row: Body | None) -> Decision:
    """What becomes of one. First match wins; what is sent was read, compared, and is as somebody has seen it."""
    if row is None:
        return Decision(state=StepState.IN_THE_WAY, values={"message": GONE_THERE, "mend": "open"})
    if now.problem or now.body is None:
        return Decision(state=StepState.IN_THE_WAY, values={"message": now.problem, "mend": now.mend})
    if now.version != step.version_seen:
        return Decision(state=StepState.LEFT_OUT, values={"message": CHANGED})
    names = fields_of(now.body, now.before or {})
    if not differing(now.body, row, names):
        return Decision(state=StepState.LINKED, values={"message": SAME}, then=lambda: settle(step, now, row))
    watched = with_remarks(step.entity, names)
    agreed = step.overwrites and step.seen_token == row["SyncToken"]
    if not agreed and (edited := _edited(now, row, watched)):
        return _ask(now, row, edited, watched)
    remarks = differing(now.body, row, [name for name in watched if name not in names]) if agreed else []
    change = {**_change(now, row), **emptied(row, remarks)}
    return Decision(item=Item(str(step.pk), step.entity, change, "update"))


def _edited(now: _Now, row: Body, names: Sequence[str]) -> list[str]:
    """What somebody edited at QuickBooks of the fields that we sent, and is not as it is here now.

    What was matched was never sent: all that QuickBooks says otherwise may be theirs.
    """
    if _was_matched(now):
        return [name for name in differing(now.body or {}, row, names) if row.get(name) not in BLANK]
    if row["SyncToken"] == now.link.sync_token:
        return []
    theirs = names if now.before is None else differing(now.before, row, names)
    return differing(now.body or {}, row, theirs)


def _was_matched(now: _Now) -> bool:
    """Whether nothing was ever sent of it: somebody else made what is at QuickBooks."""
    return now.before is None and now.link.origin == Link.Origin.MATCHED


def _ask(now: _Now, row: Body, edited: Sequence[str], names: Sequence[str]) -> Decision:
    fields = ", ".join(dict.fromkeys(map(in_words, edited)))
    values = {
        "message": (OTHERWISE if _was_matched(now) else EDITED).format(fields=fields),
        "mend": "compare",
        "seen_token": row["SyncToken"],
        "overwrites": False,
        "differences": side_by_side(differing(now.body or {}, row, names), now.body or {}, row),
    }
    return Decision(state=StepState.NEEDS_CHOICE, values=values)


def _change(now: _Now, row: Body) -> dict[str, Any]:
    """The change as it is sent, with the SyncToken that was read. What was billed there stays billed."""
    body = with_line_ids(now.body or {}, row)
    if row.get("BillableStatus") == "HasBeenBilled":
        body = {name: value for name, value in body.items() if name not in BILLED}
    gone = cleared(now.body or {}, now.before or {})
    return {**body, **gone, "Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}


def settle(step: Step, now: _Now, row: Body) -> None:
    """What is there counts as the copy of what is here."""
    Link.objects.filter(pk=now.link.pk).update(
        sync_token=row["SyncToken"], source_version=now.version, compared_version=now.version, source_hash=now.hash
    )


# What a person decides


def is_open(step: Step) -> bool:
    """Whether a person may still decide between the two."""
    return step.run.type == Run.Type.UPDATE and step.state == StepState.NEEDS_CHOICE


def send_ours(step: Step) -> str:
    """“Send ours”: over what was shown, and nothing else. Returns "" when done, else what is wrong."""
    with transaction.atomic(durable=True):
        Connection.objects.select_for_update(no_key=True).get(pk=step.run.connection_id)
        if not move_steps([step.pk], StepState.READY, overwrites=True, message="", mend="", differences=[]):
            return SETTLED
        go_on(step.run)
    return ""


def keep_theirs(step: Step) -> str:
    """“Keep QuickBooks'”: what is here counts as dealt with, until it is changed again."""
    with transaction.atomic(durable=True):
        Connection.objects.select_for_update(no_key=True).get(pk=step.run.connection_id)
        if not move_steps([step.pk], StepState.LEFT_OUT, message=KEPT, mend="", differences=[]):
            return SETTLED
        links = Link.objects.filter(connection=step.run.connection_id, qbo_id__isnull=False)
        for now in _now(step.run.connection, Kind(step.kind), list(links.filter(**{step.kind: step.record_id}))):
            if now.version == step.version_seen:
                links.filter(pk=now.link.pk).update(source_version=now.version, source_hash=now.hash)
    return ""
