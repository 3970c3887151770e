"""The company's choices and the links that bodies are built from, read in bulk."""

from collections import defaultdict
from collections.abc import Iterable

from qbo_sync.entities import Context, Key
from qbo_sync.models import Connection, Kind, Link, Mapping, Purpose
from qbo_sync.models.mapping import TARGETS

CHUNK = 2000  # ids in one query: Django takes ever longer to write down more of them


def mappings_of(connection: Connection) -> dict[Purpose | tuple[Purpose, int], str]:
    """The QBO ID chosen for each purpose, in one query."""
    rows = Mapping.objects.filter(connection=connection).values_list(
        "purpose", "category_id", *(f"{target}__qbo_id" for target in TARGETS)
    )
    return {
        (Purpose(purpose), category) if category else Purpose(purpose): next(filter(None, qbo_ids))
        for purpose, category, *qbo_ids in rows
    }


def links_of(connection: Connection, keys: Iterable[Key]) -> dict[Key, Link]:
    """The links of these records, reservations among them: one query per kind and 5,000 records."""
    by_kind: dict[Kind, list[int]] = defaultdict(list)
    for kind, record_id in set(keys):
        by_kind[kind].append(record_id)
    found: dict[Key, Link] = {}
    for kind, ids in by_kind.items():
        for start in range(0, len(ids), CHUNK):
            chosen = {f"{kind}__in": ids[start : start + CHUNK]}
            links = Link.objects.filter(connection=connection, **chosen)
            found |= {(kind, getattr(link, f"{kind}_id")): link for link in links}
    return found


def context_for(connection: Connection, links: dict[Key, Link]) -> Context:
    """What bodies are built from: only completed links count."""
    completed = {key: link for key, link in links.items() if not link.is_reserved}
    return Context(mappings_of(connection), completed, connection)
