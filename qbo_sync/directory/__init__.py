"""The cached names of QuickBooks' three name lists: kept up to date, and looked up in bulk.

`read_at` of a list's rows says up to when the directory is complete for that list; it moves only when a reading of the
list has ended well, so a reading that broke off is never taken for a complete one.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from qbo_sync.api import query
from qbo_sync.api.company import CompanyClient
from qbo_sync.directory.blocks import keys_of_record
from qbo_sync.directory.keys import any_key, name_key, plain_name
from qbo_sync.directory.rows import Row, name_record
from qbo_sync.models import Connection, MatchKey, NameRecord
from qbo_sync.models.kinds import NAME_ENTITIES
from smmware.core.inserting import insert_rows

__all__ = [
    "any_key", "by_key", "by_match_key", "changed_since", "complete", "forget_gone", "name_key", "plain_name",
    "refresh", "refresh_one", "remember", "remember_written", "sync_tokens",
]  # fmt: skip

Page: TypeAlias = list[dict[str, Any]]
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
OVERLAP = dt.timedelta(minutes=5)  # clocks differ, and a row may be saved while we read (qbo-api.md §10.1)
CHUNK = 5000  # keys in one query
MOST_OF_A_KEY = 200
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
        _take_in(connection, entity, lists[entity], since, started)


def refresh_one(
    connection: Connection,
    client: CompanyClient,
    entity: str,
    *,
    reading: Callable[[Iterator[Page]], Iterator[Page]] = iter,
) -> None:
    """The same for one of the three lists. Where nothing has changed, it costs a count."""
    started, since = timezone.now(), complete_until(connection, entity)
    _take_in(connection, entity, reading(changed_since(client, entity, since)), since, started)


def forget_gone(
    connection: Connection,
    client: CompanyClient,
    entity: str,
    *,
    there: int,
    reading: Callable[[Iterator[Page]], Iterator[Page]] = iter,
) -> None:
    """Forget what is not at QuickBooks any more: changes do not tell of what a merge took away (qbo-api.md §8.1).

    Where the directory holds as many as there are nothing is read, else the whole list. Whatever fails on the way
    raises a QboError of `CompanyClient.pages`, and nothing is forgotten.

    Args:
        there: how many are at QuickBooks, inactive ones among them, counted before what changed was read.
    """
    started = timezone.now()
    known = NameRecord.objects.filter(connection=connection, entity=entity).count()
    if known != there:
        _take_in(connection, entity, reading(changed_since(client, entity, None)), None, started)


def _take_in(
    connection: Connection, entity: str, pages: Iterator[Page], since: dt.datetime | None, started: dt.datetime
) -> None:
    seen: set[str] = set()
    for page in pages:
        with transaction.atomic():
            remember(connection, entity, page)
        seen.update(str(row["Id"]) for row in page)
    complete(connection, entity, at=started, only=None if since else seen)


def _changed(client: CompanyClient, entity: str, since: dt.datetime | None) -> Iterator[Page]:
    return client.pages(entity, _when(since), include_inactive=True)


def changed_since(client: CompanyClient, entity: str, since: dt.datetime | None) -> Iterator[Page]:
    """What was made or changed in a list since, for a count where that is nothing; the whole list for None."""
    if since is None or client.count(entity, query.both(_when(since), query.ACTIVE_AND_NOT)):
        yield from _changed(client, entity, since)


def _when(since: dt.datetime | None) -> str:
    return f"MetaData.LastUpdatedTime >= {query.moment(since - OVERLAP)}" if since else ""


def sync_tokens(connection: Connection, entity: str, ids: Collection[str]) -> dict[str, str]:
    """The SyncTokens of these records as the directory knows them, by QBO ID: one query."""
    known = NameRecord.objects.filter(connection=connection, entity=entity, qbo_id__in=ids)
    return dict(known.values_list("qbo_id", "sync_token"))


def complete_until(connection: Connection, entity: str) -> dt.datetime | None:
    """Up to when every change of this list is in the directory; None where it was never read wholly."""
    latest = NameRecord.objects.filter(connection=connection, entity=entity).aggregate(latest=Max("read_at"))["latest"]
    return latest if latest and latest > NEVER else None


def remember(
    connection: Connection, entity: str, rows: Iterable[Row], *, written_by_us: bool = False
) -> list[NameRecord]:
    """Put these rows into the directory, or bring it up to date with them; what is known already costs one query.

    Args:
        written_by_us: a new name is one that we gave it: nobody renamed it at QuickBooks.

    Returns the records in the order of the rows.
    """
    read = [name_record(connection, entity, row) for row in rows]
    ids = [record.qbo_id for record in read]
    of_entity = NameRecord.objects.filter(connection=connection, entity=entity)
    known = {record.qbo_id: record for record in of_entity.filter(qbo_id__in=ids)}
    records = [_brought_forward(known.get(record.qbo_id), record, written_by_us) for record in read]
    _save([record for record in records if record.pk is None])
    return records


def _brought_forward(before: NameRecord | None, read: NameRecord, written_by_us: bool) -> NameRecord:
    """What was known, where nothing changed; else what was read, with the name that it had."""
    if before is None:
        read.read_at = NEVER
        return read
    read.name_before, read.renamed_at = before.name_before, before.renamed_at
    if plain_name(before.display_name) != plain_name(read.display_name):
        renamed = (before.display_name, timezone.now())
        read.name_before, read.renamed_at = ("", None) if written_by_us else renamed
    return before if all(getattr(before, name) == getattr(read, name) for name in _UPDATED) else read


def _save(records: Sequence[NameRecord]) -> None:
    if not records:
        return
    NameRecord.objects.bulk_create(
        records,
        update_conflicts=True,
        unique_fields=["connection", "entity", "qbo_id"],
        update_fields=_UPDATED,
    )
    _remember_keys(records)


def _remember_keys(records: Sequence[NameRecord]) -> None:
    """The old ones in one statement, the new ones in one for a thousand."""
    last = {(record.entity, record.qbo_id): record for record in records}.values()
    MatchKey.objects.filter(record__in=[record.pk for record in last]).delete()
    rows = ((record.pk, key) for record in last for key in sorted(keys_of_record(record)))
    insert_rows(MatchKey, ("record_id", "key"), rows, texts=("key",))


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
        remember(connection, entity, of_entity, written_by_us=True)


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


def by_match_key(connection: Connection, keys: Collection[str]) -> dict[str, list[NameRecord]]:
    """The directory's records under each of these keys, over all three lists: two queries, however many keys.

    A few keys are looked up by their index; for more than 5,000 the connection's keys are read whole, which is
    quicker than to write so many into queries. A key that more than 200 records share says nothing and finds nothing.

    Args:
        keys: as `qbo_sync.directory.blocks` gives them.
    """
    few = len(keys) <= CHUNK
    chosen = (
        MatchKey.objects.filter(key__in=sorted(keys)) if few else MatchKey.objects.filter(record__connection=connection)
    )
    ids: dict[str, list[int]] = {}
    for key, record_id in chosen.values_list("key", "record_id").iterator(CHUNK):
        if key in keys:
            ids.setdefault(key, []).append(record_id)
    wanted = {record_id for of_key in ids.values() for record_id in of_key}
    records = NameRecord.objects.filter(connection=connection)
    if len(wanted) <= CHUNK:
        records = records.filter(pk__in=wanted)
    by_pk = {record.pk: record for record in records.iterator(CHUNK) if record.pk in wanted}
    found = {key: [by_pk[pk] for pk in of_key if pk in by_pk] for key, of_key in ids.items()}
    return {key: of_key for key, of_key in found.items() if 0 < len(of_key) <= MOST_OF_A_KEY}
