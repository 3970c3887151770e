"""Whether a record was changed here after it was copied: by what it says, not by its version.

Being billed bumps an entry's version, and a line its invoice's, without changing what was copied.
"""

from typing import Any

from qbo_sync.api.body import body_of
from qbo_sync.entities import COPIED
from qbo_sync.entities.base import source_hash
from qbo_sync.models import Link
from qbo_sync.push.context import context_for, links_of


def changed_since_copied(link: Link) -> bool:
    """Whether what would be sent today differs from what was sent; False where that was not kept or cannot be told."""
    copied = COPIED.get(link.kind)
    if copied is None or not link.source_hash:
        return False
    record: Any = copied.records().get(pk=link.record_id)
    if record.version == link.source_version:
        return False
    context = context_for(link.connection, links_of(link.connection, copied.refers_to(record)))
    if copied.obstacle(record, context) is not None:
        return False
    return source_hash(body_of(copied.body(record, context))) != link.source_hash
