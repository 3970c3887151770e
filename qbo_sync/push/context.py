"""The company's choices and the links that bodies are built from, read in bulk."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeAlias

from django.db.models import Q
from django.db.models.functions import Coalesce

from qbo_sync.entities import Context, Key
from qbo_sync.models import Connection, Kind, Link, Mapping, Purpose
from qbo_sync.models.mapping import OWNERS, TARGETS

Mappings: TypeAlias = dict[Purpose | tuple[Purpose, int], str]
CHUNK = 2000  # ids in one query: Django takes ever longer to write down more of them


def mappings_of(connection: Connection) -> Mappings:
    """The QBO ID chosen for each purpose, in one query."""
    rows = Mapping.objects.filter(connection=connection).values_list(
        "purpose", Coalesce(*(f"{owner}_id" for owner in OWNERS)), *(f"{target}__qbo_id" for target in TARGETS)
    )
    return {
        (Purpose(purpose), owner) if owner else Purpose(purpose): next(filter(None, qbo_ids))
        for purpose, owner, *qbo_ids in rows
    }


def links_of(connection: Connection, keys: Iterable[Key]) -> dict[Key, Link]:
    """The links of these records, reservations among them: one query for few, else one per kind and 2,000 records."""
    by_kind: dict[Kind, list[int]] = defaultdict(list)
    for kind, record_id in set(keys):
        by_kind[kind].append(record_id)
    if sum(map(len, by_kind.values())) <= CHUNK:
        return _few_links(connection, by_kind)
    found: dict[Key, Link] = {}
    for kind, ids in by_kind.items():
        for start in range(0, len(ids), CHUNK):
            chosen = {f"{kind}__in": ids[start : start + CHUNK]}
            links = Link.objects.filter(connection=connection, **chosen)
            found |= {(kind, getattr(link, f"{kind}_id")): link for link in links}
    return found


def _few_links(connection: Connection, by_kind: dict[Kind, list[int]]) -> dict[Key, Link]:
    """All of them in one query: what a batch or a page needs."""
    wanted = Q(pk__in=())
    for kind, ids in by_kind.items():
        wanted |= Q(**{f"{kind}__in": ids})
    return {(link.kind, link.record_id): link for link in Link.objects.filter(wanted, connection=connection)}


def context_for(connection: Connection, links: dict[Key, Link], mappings: Mappings | None = None) -> Context:
    """What bodies are built from: only completed links count.

    Args:
        mappings: `mappings_of` the connection, where they were read before.
    """
    completed = {key: link for key, link in links.items() if not link.is_reserved}
    return Context(mappings_of(connection) if mappings is None else mappings, completed, connection)
