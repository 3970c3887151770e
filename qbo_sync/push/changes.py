"""Whether a record was changed here after it was copied: by what it says, not by its version.

Being billed bumps an entry's version, and a line its invoice's, without changing what was copied.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import F, Q, QuerySet

from qbo_sync.api.body import body_of
from qbo_sync.entities import COPIED, Context, Copied
from qbo_sync.entities.base import source_hash
from qbo_sync.models import Connection, Kind, Link
from qbo_sync.push.context import context_for, links_of

AT_ONCE = 500  # records whose bodies are built together


def changed_since_copied(link: Link) -> bool:
    """Whether what would be sent today differs from what was sent, or from what it was when it was imported or matched.

    A record with a new version counts as changed where it could not be sent then, or cannot be sent as it is now.
    """
    copied = COPIED.get(link.kind)
    if copied is None or link.source_version is None:
        return False
    record: Any = copied.records().get(pk=link.record_id)
    if record.version == link.source_version or not link.source_hash:
        return record.version > link.source_version
    context = context_for(link.connection, links_of(link.connection, copied.refers_to(record)))
    return not _says_the_same(copied, link, record, context)


def _says_the_same(copied: Copied, link: Link, record: Any, context: Context) -> bool:
    if copied.obstacle(record, context) is not None:
        return False
    return source_hash(body_of(copied.body(record, context))) == link.source_hash


def compare(connection: Connection) -> None:
    """Look at every copied record whose version rose, once a version, and keep what was found on its link.

    Where it says what was sent, that version counts as the copied one; where not, it was compared in vain.
    """
    for kind, copied in COPIED.items():
        while links := list(_risen(connection, kind)[:AT_ONCE]):
            _compare(connection, copied, links)


def is_due(connection: Connection) -> bool:
    """Whether there is anything to compare."""
    return any(_risen(connection, kind).exists() for kind in COPIED)


def _risen(connection: Connection, kind: Kind) -> QuerySet[Link]:
    """The links of a kind whose records have a version that nobody has compared yet."""
    version = F(f"{kind.value}__version")
    fresh = Q(compared_version__isnull=True) | Q(compared_version__lt=version)
    known = Link.objects.filter(connection=connection, qbo_id__isnull=False).exclude(source_hash="")
    return known.filter(fresh, source_version__lt=version).order_by("pk")


def _compare(connection: Connection, copied: Copied, links: Sequence[Link]) -> None:
    records = copied.records().in_bulk([link.record_id for link in links])
    references = {key for record in records.values() for key in copied.refers_to(record)}
    context = context_for(connection, links_of(connection, references))
    found: dict[tuple[int, bool], list[Link]] = defaultdict(list)
    for link in links:
        record = records[link.record_id]
        found[record.version, _says_the_same(copied, link, record, context)].append(link)
    for (version, same), of_version in found.items():
        copied_version = {"source_version": version} if same else {}
        _unmoved(of_version).update(compared_version=version, **copied_version)


def _unmoved(links: Sequence[Link]) -> QuerySet[Link]:
    """Those of these links that nobody has sent a change of meanwhile."""
    hashes = {link.source_hash for link in links}
    return Link.objects.filter(pk__in=[link.pk for link in links], source_hash__in=hashes)
