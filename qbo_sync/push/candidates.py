"""Which records at QuickBooks the records of steps may already be: for one step and for many with the same queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from qbo_sync import directory, matching
from qbo_sync.entities import COPIED
from qbo_sync.models import Connection, Link, NameRecord, RuledOut, Step
from qbo_sync.models.kinds import NAME_ENTITIES
from qbo_sync.push.context import CHUNK

NAME_KINDS = tuple(kind for kind, copied in COPIED.items() if copied.is_name)
MOST_OFFERED = 10

AtQbo: TypeAlias = tuple[str, str]  # entity and QBO ID


@dataclass(frozen=True)
class Choice:
    """A candidate and what QuickBooks knows of it."""

    candidate: matching.Candidate
    record: NameRecord

    @property
    def at_qbo(self) -> AtQbo:
        return self.record.entity, self.record.qbo_id

    @property
    def reached_by(self) -> list[str]:
        """E-mail, phones and address as far as QuickBooks knows them, each once."""
        known = (self.record.email, self.record.phone, self.record.mobile, self.record.address)
        return [each for each in dict.fromkeys(known) if each]


def candidates(step: Step) -> list[Choice]:
    """The list of choices for a step, the likeliest first."""
    [(_, offered)] = candidates_of(step.run.connection, [step])
    return offered[:MOST_OFFERED]


def candidates_of(connection: Connection, steps: Sequence[Step]) -> Iterator[tuple[Step, list[Choice]]]:
    """Each of these steps with all its candidates, the likeliest first; none for one whose record is gone.

    The queries do not grow with the steps. Not among the candidates are what is linked already and what somebody ruled
    out.
    """
    taken = _taken(connection)
    for start in range(0, len(steps), CHUNK):
        chunk = steps[start : start + CHUNK]
        found = _of_some(connection, chunk, taken)
        yield from ((step, found.get(step.pk, [])) for step in chunk)


def _of_some(connection: Connection, steps: Sequence[Step], taken: set[AtQbo]) -> dict[int, list[Choice]]:
    seekers = dict(seekers_of(steps))
    by_key = directory.by_match_key(connection, matching.keys_of(seekers.values()))
    records = {(record.entity, record.qbo_id): record for group in by_key.values() for record in group}
    ruled_out = _ruled_out(connection, seekers)
    return {
        step.pk: [
            Choice(each, records[each.entity, each.qbo_id])
            for each in matching.candidates(seeker, by_key, taken=taken | ruled_out[step.pk])
        ]
        for step, seeker in seekers.items()
    }


def seekers_of(steps: Iterable[Step]) -> Iterator[tuple[Step, matching.Sought]]:
    """What to look for, for each of these steps whose records have names and are still here: a query per kind."""
    steps = list(steps)
    for kind in NAME_KINDS:
        of_kind: dict[int, list[Step]] = defaultdict(list)
        for step in steps:
            if step.kind == kind:
                of_kind[step.record_id].append(step)
        for record in COPIED[kind].records().filter(pk__in=of_kind) if of_kind else ():
            for step in of_kind[record.pk]:
                yield step, matching.sought(record)


def _ruled_out(connection: Connection, steps: Iterable[Step]) -> dict[int, set[AtQbo]]:
    """What somebody said these are not, by the steps' primary keys."""
    by_key: dict[tuple[str, int], list[int]] = defaultdict(list)
    for step in steps:
        by_key[step.kind, step.record_id].append(step.pk)
    said = RuledOut.objects.filter(connection=connection, record_id__in={pk for _, pk in by_key})
    ruled_out: dict[int, set[AtQbo]] = defaultdict(set)
    for kind, record_id, entity, qbo_id in said.values_list("kind", "record_id", "entity", "qbo_id"):
        for step_pk in by_key.get((kind, record_id), ()):
            ruled_out[step_pk].add((entity, qbo_id))
    return ruled_out


def _taken(connection: Connection) -> set[AtQbo]:
    """Entity and QBO ID of every name that is linked already."""
    links = Link.objects.filter(connection=connection, entity__in=NAME_ENTITIES, qbo_id__isnull=False)
    return {(entity, str(qbo_id)) for entity, qbo_id in links.values_list("entity", "qbo_id")}
