"""Which records at QuickBooks the records of steps may already be: for one step and for many with the same queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from qbo_sync import directory, matching
from qbo_sync.entities import COPIED, Key
from qbo_sync.models import Connection, FoundDocument, Kind, Link, NameRecord, RuledOut, Step
from qbo_sync.models.kinds import NAME_ENTITIES
from qbo_sync.push.context import CHUNK

NAME_KINDS = tuple(kind for kind, copied in COPIED.items() if copied.is_name)
MOST_OFFERED = 10

AtQbo: TypeAlias = tuple[str, str]  # entity and QBO ID


@dataclass(frozen=True)
class Choice:
    """A candidate and what QuickBooks knows of it: a name, or an invoice that somebody made there."""

    candidate: matching.Candidate
    record: NameRecord | FoundDocument

    @property
    def at_qbo(self) -> AtQbo:
        return self.record.entity, self.record.qbo_id

    @property
    def reached_by(self) -> list[str]:
        """E-mail, phones and address as far as QuickBooks knows them, each once; nothing of an invoice."""
        if isinstance(self.record, FoundDocument):
            return []
        known = (self.record.email, self.record.phone, self.record.mobile, self.record.address)
        return [each for each in dict.fromkeys(known) if each]


def candidates(step: Step) -> list[Choice]:
    """The list of choices for a step, the likeliest first."""
    return of_record(step.run.connection, (Kind(step.kind), step.record_id))


def of_record(connection: Connection, key: Key) -> list[Choice]:
    """What may be this record of ours, the likeliest first; nothing where it is gone."""
    return _of_some(connection, [key], taken_names(connection)).get(key, [])[:MOST_OFFERED]


def candidates_of(connection: Connection, steps: Sequence[Step]) -> Iterator[tuple[Step, list[Choice]]]:
    """Each of these steps with all its candidates, the likeliest first; none for one whose record is gone.

    The queries do not grow with the steps. Not among the candidates are what is linked already and what somebody ruled
    out.
    """
    taken = taken_names(connection)
    for start in range(0, len(steps), CHUNK):
        chunk = {step: (Kind(step.kind), step.record_id) for step in steps[start : start + CHUNK]}
        found = _of_some(connection, chunk.values(), taken)
        yield from ((step, found.get(key, [])) for step, key in chunk.items())


def _of_some(connection: Connection, keys: Iterable[Key], taken: set[AtQbo]) -> dict[Key, list[Choice]]:
    seekers = dict(seekers_of(keys))
    by_key = directory.by_match_key(connection, matching.keys_of(seekers.values()))
    records = {(record.entity, record.qbo_id): record for group in by_key.values() for record in group}
    ruled_out = ruled_out_of(connection, seekers)
    return {
        key: [
            Choice(each, records[each.entity, each.qbo_id])
            for each in matching.candidates(seeker, by_key, taken=taken | ruled_out[key])
        ]
        for key, seeker in seekers.items()
    }


def seekers_of(keys: Iterable[Key]) -> Iterator[tuple[Key, matching.Sought]]:
    """What to look for, for each of these records that have names and are still here: a query per kind."""
    by_kind: dict[Kind, set[int]] = defaultdict(set)
    for kind, record_id in keys:
        by_kind[kind].add(record_id)
    for kind in NAME_KINDS:
        for record in COPIED[kind].records().filter(pk__in=by_kind[kind]) if by_kind[kind] else ():
            yield (kind, record.pk), matching.sought(record)


def ruled_out_of(connection: Connection, keys: Iterable[Key]) -> dict[Key, set[AtQbo]]:
    """What somebody said that these records are not."""
    wanted = set(keys)
    said = RuledOut.objects.filter(connection=connection, record_id__in={pk for _, pk in wanted})
    ruled_out: dict[Key, set[AtQbo]] = defaultdict(set)
    for kind, record_id, entity, qbo_id in said.values_list("kind", "record_id", "entity", "qbo_id"):
        if (key := (Kind(kind), record_id)) in wanted:
            ruled_out[key].add((entity, qbo_id))
    return ruled_out


def taken_names(connection: Connection) -> set[AtQbo]:
    """Entity and QBO ID of every name that is linked already."""
    links = Link.objects.filter(connection=connection, entity__in=NAME_ENTITIES, qbo_id__isnull=False)
    return {(entity, str(qbo_id)) for entity, qbo_id in links.values_list("entity", "qbo_id")}
