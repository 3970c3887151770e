"""Which records at QuickBooks may be one of ours: candidates over all three name lists, why, how sure, what differs.

Pure functions over the directory's records: look all keys up at once (`keys_of`, `qbo_sync.directory.by_match_key`),
then ask `candidates` for each record.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from qbo_sync.directory.keys import name_key
from qbo_sync.matching.judging import Judged, Sure, judged
from qbo_sync.matching.seeking import Sought, keys_of, match_keys, sought
from qbo_sync.models import Entity, NameRecord

__all__ = ["Candidate", "Sought", "Sure", "candidates", "keys_of", "name_key", "sought"]


@dataclass(frozen=True)
class Candidate:
    """A record at QuickBooks that may be the one sought.

    Args:
        why: what speaks for it, and what is to be known of it, in words.
        how_sure: exact, likely or possible.
        linkable: whether it is in the list that the record belongs to.
        differs: what speaks against it, in words; "" where nothing does.
    """

    entity: Entity
    qbo_id: str
    name: str
    why: str
    how_sure: Sure
    linkable: bool
    is_active: bool
    differs: str = ""

    @property
    def sure(self) -> bool:
        """Whether it may be linked without a closer look."""
        return self.how_sure == Sure.EXACT

    @property
    def is_likely(self) -> bool:
        """Whether a person has to choose before a new record is created."""
        return self.how_sure != Sure.POSSIBLE


def candidates(
    seeker: Sought, found: Mapping[str, list[NameRecord]], *, taken: Collection[tuple[str, str]] = frozenset()
) -> list[Candidate]:
    """The records at QuickBooks that may be the one sought, the likeliest first.

    Args:
        found: the directory's records by match key (`qbo_sync.directory.by_match_key`).
        taken: entity and QBO ID of what cannot be it: it is linked to another record of ours, or somebody said so.
    """
    if not seeker.names:
        return []
    records = {record.pk: record for key in match_keys(seeker) for record in found.get(key, ())}
    free = (record for record in records.values() if (record.entity, record.qbo_id) not in taken)
    verdicts = [(verdict, record) for record in free if (verdict := judged(seeker, record))]
    return [_candidate(seeker, record, verdict) for verdict, record in sorted(verdicts, key=_likeliest_first(seeker))]


def _candidate(seeker: Sought, record: NameRecord, verdict: Judged) -> Candidate:
    return Candidate(
        entity=Entity(record.entity),
        qbo_id=record.qbo_id,
        name=record.display_name,
        why=", ".join((*verdict.why, *_to_be_known(seeker, record))),
        how_sure=verdict.how_sure,
        linkable=record.entity == seeker.entity,
        is_active=record.is_active,
        differs=", ".join(verdict.differs),
    )


def _to_be_known(seeker: Sought, record: NameRecord) -> list[str]:
    facts = []
    if record.entity != seeker.entity:
        listed, wanted = Entity(record.entity).label.lower(), seeker.entity.label.lower()
        facts.append(f"but {_a(listed)} there, not {_a(wanted)}")
    if record.parent_id and not seeker.is_job:
        facts.append("a sub-customer of another customer")
    if not record.is_active:
        facts.append("inactive at QuickBooks")
    return facts


def _likeliest_first(seeker: Sought) -> Callable[[tuple[Judged, NameRecord]], tuple[Any, ...]]:
    def order(pair: tuple[Judged, NameRecord]) -> tuple[Any, ...]:
        verdict, record = pair
        elsewhere, sureness = record.entity != seeker.entity, list(Sure).index(verdict.how_sure)
        return (sureness, -verdict.score, elsewhere, not record.is_active, record.display_name, record.qbo_id)

    return order


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
