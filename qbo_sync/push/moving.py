"""“Move”: a record here is another one at QuickBooks than it was linked with. Nothing is changed at QuickBooks."""

from itertools import islice
from typing import Any

from django.db import IntegrityError

from associates.models import Associate
from qbo_sync import matching
from qbo_sync.entities import COPIED
from qbo_sync.entities.base import as_it_is_now
from qbo_sync.matching import Sure
from qbo_sync.models import Entity, Link, NameRecord
from qbo_sync.push.candidates import Choice, of_record, ruled_out_of, taken_names
from qbo_sync.push.choices import TAKEN, answering, context_of, matched
from qbo_sync.push.unlinking import NOT_LINKED, take_away, why_not

MOST_FOUND = 20
TYPED = "Found by what you typed"
NOT_OFFERED = "That record is not one of those to choose from any more. Choose again."
MOVED = "Moved to {entity} {qbo_id}: {reason}"


def may_be_moved(link: Link) -> bool:
    """Whether this is a link of a name: of what it may be moved to, SMMware has the lists at hand.

    A document's link is taken away (“Unlink”), and its record copied again: then what it may be is looked for.
    """
    return link.is_of_a_name and not link.is_reserved


def choices_for(link: Link, search: str = "") -> list[Choice]:
    """What a link may be moved to: what is like its record, then what has `search` in its name. Nothing linked.

    Only records of the list that the record belongs to.
    """
    entity = COPIED[link.kind].entity(_record(link))
    like = [each for each in of_record(link.connection, (link.kind, link.record_id)) if each.candidate.linkable]
    return [*like, *_found(link, entity, search, {each.at_qbo for each in like})]


def _found(link: Link, entity: Entity, search: str, known: set[tuple[str, str]]) -> list[Choice]:
    if not (words := search.split()):
        return []
    key = (link.kind, link.record_id)
    excluded = known | taken_names(link.connection) | ruled_out_of(link.connection, [key])[key]
    named = NameRecord.objects.filter(connection=link.connection, entity=entity)
    for word in words:
        named = named.filter(display_name__icontains=word)
    rows = named.order_by("display_name", "pk").iterator()
    free = (each for each in rows if (each.entity, each.qbo_id) not in excluded)
    return [Choice(_candidate(each), each) for each in islice(free, MOST_FOUND)]


def _candidate(record: NameRecord) -> matching.Candidate:
    return matching.Candidate(
        entity=Entity(record.entity), qbo_id=record.qbo_id, name=record.display_name, why=TYPED,
        how_sure=Sure.POSSIBLE, linkable=True, is_active=record.is_active,
    )  # fmt: skip


def move(*, link: Link, entity: str, qbo_id: str, search: str, reason: str, actor: Associate) -> str:
    """Link the record with another one, and keep what it was linked with and why that was changed.

    Args:
        search: what the choices were looked for with.

    Returns "" when done, else what is wrong, as a sentence. The connection's row is taken first, as in `unlink`.
    """
    chosen = next((each for each in choices_for(link, search) if each.at_qbo == (entity, qbo_id)), None)
    if chosen is None:
        return NOT_OFFERED
    record = _record(link)
    source = as_it_is_now(COPIED[link.kind], record, context_of(link.connection, link.kind, record))
    said = MOVED.format(entity=chosen.candidate.entity.label, qbo_id=qbo_id, reason=reason)
    try:
        with answering(link.connection_id):
            current = Link.objects.select_related("connection").filter(pk=link.pk, qbo_id=link.qbo_id).first()
            if current is None:
                return NOT_LINKED
            if problem := why_not([current]):
                return problem
            take_away({current: str(record)}, said, actor)
            Link.objects.create(**matched(link.connection_id, link.kind, record, chosen.record, actor), **source)
    except IntegrityError:
        return TAKEN
    return ""


def _record(link: Link) -> Any:
    return COPIED[link.kind].records().get(pk=link.record_id)
