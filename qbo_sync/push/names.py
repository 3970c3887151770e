"""Names that QuickBooks would not take: each only once over all three lists (qbo-api.md §7.3)."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from qbo_sync import directory, matching
from qbo_sync.directory.keys import name_key, plain_name
from qbo_sync.entities import Key, Obstacle
from qbo_sync.models import Connection, NameRecord, Reason

TWO_ALIKE = "{kind} “{name}” bears the same name, and QuickBooks takes a name only once. Change one of the two."
TAKEN = "QuickBooks has {a_kind} “{name}” already, and takes a name only once. Change it here or there."


def names_in_the_way(connection: Connection, new: Mapping[Key, Any]) -> dict[Key, Obstacle]:
    """What is in the way of the names that would be created, by what is known of QuickBooks' lists here.

    Args:
        new: the records that would be created, by their keys.
    """
    sought = {key: matching.sought(record) for key, record in new.items()}
    alike: dict[str, list[Key]] = defaultdict(list)
    for key, each in sought.items():
        alike[plain_name(each.names[0])].append(key)
    known = directory.by_key(connection, {name_key(each.names[0]) for each in sought.values()})
    found = {key: _taken(each, known.get(name_key(each.names[0]), [])) for key, each in sought.items()}
    for keys in alike.values():
        for key, other in zip(keys, [*keys[1:], keys[0]], strict=True):
            if key != other:
                found[key] = _two_alike(other, sought[other].names[0])
    return {key: obstacle for key, obstacle in found.items() if obstacle}


def _two_alike(other: Key, name: str) -> Obstacle:
    return Obstacle(TWO_ALIKE.format(kind=other[0].label, name=name), Reason.TWO_ALIKE)


def _taken(seeker: matching.Sought, known: list[NameRecord]) -> Obstacle | None:
    """A record of another list that bears exactly this name; one of the same list is a person's choice."""
    for record in known:
        exact = plain_name(record.display_name) == plain_name(seeker.names[0])
        if exact and record.is_active and record.entity != seeker.entity:
            kind = record.get_entity_display().lower()
            a_kind = f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
            return Obstacle(TAKEN.format(a_kind=a_kind, name=record.display_name), Reason.TAKEN)
    return None
