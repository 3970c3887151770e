"""What happened at QuickBooks to records that are linked: told with what one may do, never acted on."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from qbo_sync.directory import plain_name
from qbo_sync.entities.names import clean_name, job_name
from qbo_sync.models import Connection, Kind, Link, NameRecord

RENAMED = (
    "It was renamed at QuickBooks: it was “{before}” there, and is “{ours}” here. Rename it here too, or press “Update "
    "QBO” on its page to give it your name there."
)
INACTIVE = (
    "It was made inactive at QuickBooks, or merged into another record there; it is active here. If it is gone for "
    "good, make it inactive here too. If it was merged, press “Unlink” on its page and import again: then you can link "
    "it with the other one."
)
GONE = (
    "It is not at QuickBooks any more: it was deleted there, or merged into another record. Nothing was changed here. "
    "Press “Unlink” on its page; afterwards it can be linked with another one, or copied anew."
)
CHUNK = 5000


def of_linked(links: Mapping[str, Link], names: Sequence[NameRecord]) -> dict[str, str]:
    """What is to be told of linked records, by QBO ID. Two queries a kind at most, and none where nothing happened."""
    happened = [
        name for name in names if (link := links.get(name.qbo_id)) and (not name.is_active or _was_renamed(name, link))
    ]
    ours = _records(links[name.qbo_id] for name in happened)
    told = {name.qbo_id: _said(name, links[name.qbo_id], ours) for name in happened}
    return {qbo_id: note for qbo_id, note in told.items() if note}


def gone(connection: Connection, entity: str, seen: Collection[str]) -> list[tuple[str, str, str]]:
    """QBO ID, our name and what is to be told of what is linked and was not in the list, which was read to its end."""
    links = Link.objects.filter(connection=connection, entity=entity, qbo_id__isnull=False)
    ids = links.order_by("pk").values_list("pk", "qbo_id").iterator(CHUNK)
    missing = [pk for pk, qbo_id in ids if qbo_id not in seen]
    found = [link for at in range(0, len(missing), CHUNK) for link in links.filter(pk__in=missing[at : at + CHUNK])]
    ours = _records(found)
    return [(str(link.qbo_id), str(ours[link.kind][link.record_id])[:500], GONE) for link in found]


def _was_renamed(name: NameRecord, link: Link) -> bool:
    return name.renamed_at is not None and name.renamed_at > link.linked_at


def _records(links: Iterable[Link]) -> dict[Kind, dict[int, Any]]:
    ids: dict[Kind, list[int]] = defaultdict(list)
    for link in links:
        ids[link.kind].append(link.record_id)
    return {kind: _with_names(kind).in_bulk(pks) for kind, pks in ids.items()}


def _with_names(kind: Kind) -> QuerySet[Any]:
    records = kind.model._default_manager.all()
    return records.select_related("client") if kind == Kind.JOB else records


def _said(name: NameRecord, link: Link, ours: Mapping[Kind, Mapping[int, Any]]) -> str:
    record = ours[link.kind][link.record_id]
    if not name.is_active:
        return INACTIVE if getattr(record, "is_active", True) else ""
    is_job = link.kind == Kind.JOB
    here = {str(record), job_name(record.client.name, record.name)} if is_job else {str(record)}
    if plain_name(name.display_name) in {plain_name(clean_name(each)) for each in here}:
        return ""  # it was renamed in both places
    return RENAMED.format(before=name.name_before, ours=record)
