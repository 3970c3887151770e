"""Which records at QuickBooks may be one of ours: candidates by exact and normalised name, over all three name lists.

Pure functions over the directory's records: look all keys up at once (`keys_of`, `qbo_sync.directory.by_key`), then ask
`candidates` for each record.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from associates.models import Associate
from clients.models import Client, Job
from organizations.models import Organization
from qbo_sync.directory.keys import name_key, plain_name
from qbo_sync.entities.names import clean_name, job_name
from qbo_sync.models import Entity, NameRecord

__all__ = ["Candidate", "Sought", "candidates", "keys_of", "name_key", "sought"]


@dataclass(frozen=True)
class Sought:
    """A record of ours that may already be at QuickBooks.

    Args:
        entity: what it becomes there; a record of another list can be pointed out, not linked.
        names: how it may be called there; the first one is how it would be copied.
        is_job: a sub-customer of another customer.
    """

    entity: Entity
    names: tuple[str, ...]
    is_job: bool = False


@dataclass(frozen=True)
class Candidate:
    """A record at QuickBooks that may be the one sought.

    Args:
        why: what speaks for it, and what is to be known of it, in words.
        sure: letter for letter the same name, in the right list, active and nobody's sub-customer.
        linkable: whether it is in the list that the record belongs to.
    """

    entity: Entity
    qbo_id: str
    name: str
    why: str
    sure: bool
    linkable: bool
    is_active: bool


def sought(record: Client | Job | Organization | Associate) -> Sought:
    """What to look for, for one of our people, organizations or jobs. Raises TypeError for any other record."""
    if isinstance(record, Client):
        return Sought(Entity.CUSTOMER, _names(record.name, f"{record.first_name} {record.last_name}"))
    if isinstance(record, Job):
        return Sought(Entity.CUSTOMER, (job_name(record.client.name, record.name),), is_job=True)
    if isinstance(record, Organization):
        return Sought(Entity.VENDOR, _names(record.name))
    if isinstance(record, Associate):
        entity = Entity.VENDOR if record.kind == Associate.Kind.CONTRACTOR else Entity.EMPLOYEE
        return Sought(entity, _names(record.name, f"{record.first_name} {record.last_name}"))
    raise TypeError(f"A {type(record).__name__} is not looked for by name.")


def keys_of(seekers: Iterable[Sought]) -> set[str]:
    """Every key to look up in the directory for these records."""
    return {key for seeker in seekers for name in seeker.names if (key := name_key(name))}


def candidates(
    seeker: Sought, found: Mapping[str, list[NameRecord]], *, taken: Collection[tuple[str, str]] = frozenset()
) -> list[Candidate]:
    """The records at QuickBooks that may be the one sought, the likeliest first.

    Args:
        found: the directory's records by key (`qbo_sync.directory.by_key`).
        taken: entity and QBO ID of what is linked to other records of ours: none of these can be it.
    """
    records = {record.pk: record for name in seeker.names for record in found.get(name_key(name), ())}
    free = [record for record in records.values() if (record.entity, record.qbo_id) not in taken]
    return sorted((_candidate(seeker, record) for record in free), key=_likeliest_first)


def _candidate(seeker: Sought, record: NameRecord) -> Candidate:
    linkable = record.entity == seeker.entity
    exact = plain_name(record.display_name) == plain_name(seeker.names[0])
    return Candidate(
        entity=Entity(record.entity),
        qbo_id=record.qbo_id,
        name=record.display_name,
        why=_why(seeker, record, exact=exact),
        sure=exact and linkable and record.is_active and bool(record.parent_id) == seeker.is_job,
        linkable=linkable,
        is_active=record.is_active,
    )


def _why(seeker: Sought, record: NameRecord, *, exact: bool) -> str:
    reasons = ["The same name" if exact else "The same name, written differently"]
    if record.entity != seeker.entity:
        listed, wanted = Entity(record.entity).label.lower(), seeker.entity.label.lower()
        reasons.append(f"but {_a(listed)} there, not {_a(wanted)}")
    if record.parent_id and not seeker.is_job:
        reasons.append("a sub-customer of another customer")
    if not record.is_active:
        reasons.append("inactive at QuickBooks")
    return ", ".join(reasons)


def _likeliest_first(candidate: Candidate) -> tuple[Any, ...]:
    return (not candidate.sure, not candidate.linkable, not candidate.is_active, candidate.name, candidate.qbo_id)


def _names(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cleaned for name in names if (cleaned := clean_name(name))))


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
