"""What belongs to a record and has no page of its own: the payments of an invoice, the receipt of an expense."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString

from qbo_sync.connection.environment import record_url
from qbo_sync.entities import COPIED, Copied
from qbo_sync.models import Connection, Kind, Link
from qbo_sync.push.badges import BADGE, Badge, badge_pill, with_badge
from qbo_sync.push.context import context_for, links_of


@dataclass(frozen=True)
class Follower:
    """One of them, and how it stands with QuickBooks.

    Args:
        url: the record at QuickBooks.
        update_url: where “Update QBO” is asked for, "" where there is nothing to send.
    """

    kind: Kind
    label: str
    badge: SafeString
    link: Link | None
    url: str
    update_url: str


def followers(kind: Kind, record_id: int) -> list[Follower]:
    """What belongs to this record, a number of queries that does not grow with it."""
    connection = Connection.active()
    if connection is None:
        return []
    context = context_for(connection, {})
    behind = [copied for copied in COPIED.values() if copied.follows == kind and copied.is_on(context)]
    return [each for copied in behind for each in _of_kind(connection, copied, record_id)]


def _of_kind(connection: Connection, copied: Copied, record_id: int) -> Iterator[Follower]:
    ids = list(copied.behind([record_id]))
    links = links_of(connection, [(copied.kind, pk) for pk in ids]) if ids else {}
    records = with_badge(copied.records().filter(pk__in=ids), copied.kind) if ids else ()
    for record in records:
        link, badge = links.get((copied.kind, record.pk)), getattr(record, BADGE)
        qbo_id = link.qbo_id or "" if link else ""
        changed = badge == Badge.CHANGED and not copied.goes_alone  # a file is not changed at QuickBooks
        yield Follower(
            kind=copied.kind,
            label=copied.label(record),
            badge=badge_pill(badge),
            link=link,
            url=record_url(connection, link.entity, qbo_id) if link and qbo_id else "",
            update_url=reverse("qbo:update_record", args=[copied.kind.value, record.pk]) if changed else "",
        )
