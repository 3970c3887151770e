"""“Unlink”: a record here and the one at QuickBooks are not the same any more. Nothing is changed at QuickBooks."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from associates.models import Associate
from qbo_sync.entities import COPIED
from qbo_sync.models import Connection, Kind, Link, Step, Unlinked
from qbo_sync.models.states import StepState
from qbo_sync.push.context import links_of

NOT_LINKED = "It is not linked any more."
UNSETTLED = (
    "A request about it is not settled yet. Wait until its run is over, or make the choice that it waits for; then "
    "unlink it."
)
ON_ITS_WAY = (StepState.SENDING, StepState.UNKNOWN)


def why_not(links: Sequence[Link]) -> str:
    """Why these links cannot be taken away now, in a sentence, "" where they can."""
    return UNSETTLED if any(link.is_reserved or _is_on_its_way(link) for link in links) else ""


def _is_on_its_way(link: Link) -> bool:
    steps = Step.objects.filter(kind=link.kind, record_id=link.record_id, state__in=ON_ITS_WAY)
    return steps.filter(run__connection=link.connection_id).exists()


def with_followers(link: Link) -> list[Link]:
    """A link with those of what belongs to its record there: the receipt of an expense, the payments of an invoice."""
    found = [link]
    for copied in COPIED.values():
        if copied.follows == link.kind:
            keys = [(copied.kind, pk) for pk in copied.behind([link.record_id])]
            found += links_of(link.connection, keys).values()
    return found


def unlink(*, link: Link, reason: str, actor: Associate) -> str:
    """Take a link away, with those of its followers, and keep what they were.

    Returns "" when done, else what is wrong, as a sentence. The connection's row is taken first, as an engine does
    before it writes anything down (`Lease.hold`).
    """
    with transaction.atomic(durable=True):
        Connection.objects.select_for_update(no_key=True).get(pk=link.connection_id)
        current = Link.objects.select_related("connection").filter(pk=link.pk).first()
        if current is None:
            return NOT_LINKED
        links = with_followers(current)
        if problem := why_not(links):
            return problem
        take_away({each: str(each.kind.model._default_manager.get(pk=each.record_id)) for each in links}, reason, actor)
    return ""


def take_away(labels: Mapping[Link, str], reason: str, actor: Associate) -> None:
    """Delete links and write down what they were; `labels` names the record of each. Call it inside a transaction."""
    now = timezone.now()
    Unlinked.objects.bulk_create([_kept(link, label, reason, actor, now) for link, label in labels.items()])
    Link.objects.filter(pk__in=[link.pk for link in labels]).delete()


def _kept(link: Link, label: str, reason: str, actor: Associate, now: dt.datetime) -> Unlinked:
    return Unlinked(
        connection_id=link.connection_id, kind=link.kind, record_id=link.record_id, label=label[:300],
        entity=link.entity, qbo_id=link.qbo_id or "", origin=link.origin, linked_by_id=link.linked_by_id,
        linked_at=link.linked_at, unlinked_by=actor, unlinked_at=now, reason=reason[:500],
    )  # fmt: skip


def history(kind: Kind, record_id: int) -> list[Unlinked]:
    """The links that a record had before, the last first."""
    return list(Unlinked.objects.filter(kind=kind, record_id=record_id).select_related("connection", "unlinked_by"))
