"""“Never this one”: what somebody said a record is not, is not offered for it again, until somebody takes that back."""

from dataclasses import dataclass

from associates.models import Associate
from qbo_sync.models import Connection, Kind, NameRecord, RuledOut, Step
from qbo_sync.models.kinds import NAME_ENTITIES
from qbo_sync.push import choices
from qbo_sync.push.candidates import AtQbo, candidates


@dataclass(frozen=True)
class Said:
    """One such answer, and the name of the record at QuickBooks as far as it is known."""

    answer: RuledOut
    name: str


def never(step: Step, *, entity: str, qbo_id: str, actor: Associate) -> str:
    """“Never this one”: it is not offered for this record again. Returns "" when done, else what is wrong."""
    if not choices.is_open(step):
        return choices.SETTLED
    if (entity, qbo_id) not in _offered(step):
        return choices.NOT_OFFERED
    RuledOut.objects.get_or_create(
        connection_id=step.run.connection_id,
        kind=step.kind,
        record_id=step.record_id,
        entity=entity,
        qbo_id=qbo_id,
        defaults={"ruled_out_by": actor},
    )
    return ""


def _offered(step: Step) -> set[AtQbo]:
    if step.entity in NAME_ENTITIES:
        return {choice.at_qbo for choice in candidates(step)}
    return {(each.entity, each.qbo_id) for each in choices.documents(step)}


def undo(answer: RuledOut) -> None:
    """Take “Never this one” back: it may be offered for its record again."""
    answer.delete()


def ruled_out(connection: Connection, kind: Kind, record_id: int) -> list[Said]:
    """What was ruled out for a record, the last first, in two queries."""
    said = RuledOut.objects.filter(connection=connection, kind=kind, record_id=record_id)
    answers = list(said.select_related("ruled_out_by").order_by("-ruled_out_at", "-pk"))
    known = NameRecord.objects.filter(connection=connection, qbo_id__in=[each.qbo_id for each in answers])
    names = {(record.entity, record.qbo_id): record.display_name for record in known} if answers else {}
    return [Said(each, names.get((each.entity, each.qbo_id), "")) for each in answers]
