"""The cached names of QuickBooks' three name lists: kept up to date, and looked up in bulk.

`read_at` of a list's rows says up to when the directory is complete for that list; it moves only when a reading of the
list has ended well, so a reading that broke off is never taken for a complete one.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, TypeAlias

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from qbo_sync.api import query
from qbo_sync.api.company import CompanyClient
from qbo_sync.directory.keys import name_key, plain_name
from qbo_sync.directory.rows import Row, name_record
from qbo_sync.models import Connection, NameRecord
from qbo_sync.models.kinds import NAME_ENTITIES

__all__ = ["by_key", "complete", "name_key", "plain_name", "refresh", "remember", "remember_written"]

Page: TypeAlias = list[dict[str, Any]]
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
OVERLAP = dt.timedelta(minutes=5)  # clocks differ, and a row may be saved while we read (qbo-api.md §10.1)
CHUNK = 5000  # keys in one query
_KEPT = ("connection", "entity", "qbo_id", "read_at", "id")
_UPDATED = [field.name for field in NameRecord._meta.concrete_fields if field.name not in _KEPT]


def refresh(
    connection: Connection,
    client: CompanyClient,
    *,
    now: dt.datetime | None = None,
    reading: Callable[[Iterator[Page]], Iterator[Page]] = iter,
) -> None:
    """Read what changed in the three lists since the directory was complete; a list never read is read wholly.

    Args:
        reading: what the pages are read through: whoever holds a lease keeps it up while waiting for them.

    Speaks HTTP: never call it inside a transaction. Raises the QboErrors of `CompanyClient.pages`.
    """
    started = now or timezone.now()
    since_when = {entity: complete_until(connection, entity) for entity in NAME_ENTITIES}
    lists = {entity: reading(_changed(client, entity, since)) for entity, since in since_when.items()}
    for entity, since in since_when.items():
        seen: set[str] = set()
        for page in lists[entity]:
            with transaction.atomic():
                remember(connection, entity, page)
            seen.update(str(row["Id"]) for row in page)
        complete(connection, entity, at=started, only=None if since else seen)


def _changed(client: CompanyClient, entity: str, since: dt.datetime | None) -> Iterator[Page]:
    changed = f"MetaData.LastUpdatedTime >= {query.moment(since - OVERLAP)}" if since else ""
    return client.pages(entity, changed, include_inactive=True)


def complete_until(connection: Connection, entity: str) -> dt.datetime | None:
    """Up to when every change of this list is in the directory; None where it was never read wholly."""
    latest = NameRecord.objects.filter(connection=connection, entity=entity).aggregate(latest=Max("read_at"))["latest"]
    return latest if latest and latest > NEVER else None


def remember(connection: Connection, entity: str, rows: Iterable[Row]) -> None:
    """Put these rows into the directory, or bring it up to date with them."""
    records = [name_record(connection, entity, row) for row in rows]
    for record in records:
        record.read_at = NEVER
    NameRecord.objects.bulk_create(
        records,
        update_conflicts=True,
        unique_fields=["connection", "entity", "qbo_id"],
        update_fields=_UPDATED,
    )


def remember_written(connection: Connection, rows: Iterable[tuple[str, Row]]) -> None:
    """Put what was just written at QuickBooks into the directory, so that the next plan knows which names are taken.

    Args:
        rows: the entity of each with the record as QuickBooks answered it; documents, which are no names, are ignored.
    """
    names: dict[str, list[Row]] = {}
    for entity, row in rows:
        if entity in NAME_ENTITIES and row:
            names.setdefault(entity, []).append(row)
    for entity, of_entity in names.items():
        remember(connection, entity, of_entity)


def complete(connection: Connection, entity: str, *, at: dt.datetime, only: Collection[str] | None) -> None:
    """Note that a reading of this list, begun `at`, has ended well.

    Args:
        only: the ids of a reading of the whole list: what is not among them is not at QuickBooks any more and is
            forgotten. None for a reading of the changes.
    """
    known = NameRecord.objects.filter(connection=connection, entity=entity)
    with transaction.atomic():
        if only is not None:
            gone = [pk for pk, qbo_id in known.values_list("pk", "qbo_id") if qbo_id not in only]
            for start in range(0, len(gone), CHUNK):
                known.filter(pk__in=gone[start : start + CHUNK]).delete()
        known.update(read_at=at)


def by_key(connection: Connection, keys: Iterable[str]) -> dict[str, list[NameRecord]]:
    """The directory's records by name key, over all three lists, inactive ones among them: one query per 5,000 keys.

    Args:
        keys: as `name_key` gives them; "" is looked up by nobody.
    """
    wanted = sorted({key for key in keys if key})
    found: dict[str, list[NameRecord]] = {}
    for start in range(0, len(wanted), CHUNK):
        records = NameRecord.objects.filter(connection=connection, name_key__in=wanted[start : start + CHUNK])
        for record in records.order_by("-is_active", "pk"):
            found.setdefault(record.name_key, []).append(record)
    return found
