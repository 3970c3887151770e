"""How a record stands with QuickBooks: the badge that listings show and filter by, in SQL, and that its own page shows.

A record counts as changed where its version is above the one known to say what was copied (`Link.source_version`).
A version rises also where nothing of substance changed: hours were billed, an invoice was approved. So
`qbo_sync.push.changes.compare` looks at whatever rose, by the hash of what would be sent, and takes the version over
where the hash is the same: it runs with the sweep, so that listing, filter and page agree within half a minute. Until
then a listing says “Changed since” of what may be the same, and never “Copied” of what is not.
"""

from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, TextChoices, Value, When
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString

from qbo_sync.models import Kind, Link, Run, Step
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push.changes import changed_since_copied
from smmware.core.display import pill

BADGE = "qbo_badge"
UNDER_WAY = (RunState.QUEUED, RunState.RUNNING, RunState.PAUSED)
STILL_TO_GO = (StepState.READY, StepState.SENDING, StepState.UNKNOWN, StepState.BLOCKED)


class Badge(TextChoices):
    """The six ways in which a record can stand with the connected company."""

    NOT_COPIED = "not_copied", "Not copied"
    WAITING = "waiting", "Waiting"
    COPIED = "copied", "Copied"
    CHANGED = "changed", "Changed since"
    NEEDS_CHOICE = "needs_choice", "Needs choice"
    REFUSED = "refused", "Refused"


AT_QUICKBOOKS = (Badge.COPIED, Badge.CHANGED)
TONES = {
    Badge.NOT_COPIED: "neutral",
    Badge.WAITING: "info",
    Badge.COPIED: "good",
    Badge.CHANGED: "warn",
    Badge.NEEDS_CHOICE: "warn",
    Badge.REFUSED: "bad",
}


def badge_pill(value: str) -> SafeString:
    """A badge as a soft pill."""
    return pill(Badge(value).label, TONES[Badge(value)])


def with_badge(records: QuerySet, kind: Kind) -> QuerySet:
    """The records of a kind with their badge as a column of the same query."""
    return records.annotate(**{BADGE: Coalesce(_of_link(kind), _of_step(kind), Value(Badge.NOT_COPIED))})


def badge_of(link: Link | None, kind: Kind, record: Any) -> Badge:
    """The badge of one record, as its page shows it. `link`: its link at the connected company, None for none.

    A version that nobody has compared yet is compared here and now, which is what the sweep is about to find.
    """
    found = with_badge(kind.model._default_manager.filter(pk=record.pk), kind).values_list(BADGE, flat=True)
    badge = Badge(found.get())
    if badge != Badge.CHANGED or link is None or link.compared_version == record.version:
        return badge
    return badge if changed_since_copied(link) else Badge.COPIED


def newest_step(kind: Kind, record_id: int) -> Step | None:
    """The last that happened to a record in a copy to the connected company."""
    return _told(kind).filter(record_id=record_id).select_related("run").first()


def _of_link(kind: Kind) -> Subquery:
    """The badge that follows from the link of the outer record."""
    of_record = {kind.value: OuterRef("pk")}
    waits_for_a_person = Step.objects.filter(attempt=OuterRef("attempt"), kind=kind, state=StepState.NEEDS_CHOICE)
    unclear = Exists(waits_for_a_person.filter(record_id=OuterRef(f"{kind}_id")))
    rose = Q(source_version__lt=OuterRef("version"))
    badge = Case(
        When(Q(qbo_id__isnull=True) & unclear, then=Value(Badge.NEEDS_CHOICE)),
        When(qbo_id__isnull=True, then=Value(Badge.WAITING)),
        When(rose, then=Value(Badge.CHANGED)),
        default=Value(Badge.COPIED),
        output_field=CharField(),
    )
    links = Link.objects.filter(connection__is_active=True, **of_record)
    return Subquery(links.values(badge=badge)[:1], output_field=CharField())


def _told(kind: Kind) -> QuerySet[Step]:
    """What happened to records of a kind in copies to the connected company, the newest first; a plan is no news."""
    steps = Step.objects.filter(kind=kind, run__connection__is_active=True, run__type=Run.Type.PUSH)
    return steps.exclude(run__state=RunState.PLANNED).order_by("-pk")


def _of_step(kind: Kind) -> Subquery:
    """The badge that follows from the newest step of the outer record, where there is no link."""
    badge = Case(
        When(state=StepState.REFUSED, then=Value(Badge.REFUSED)),
        When(state=StepState.NEEDS_CHOICE, then=Value(Badge.NEEDS_CHOICE)),
        When(state__in=STILL_TO_GO, run__state__in=UNDER_WAY, then=Value(Badge.WAITING)),
        default=Value(Badge.NOT_COPIED),
        output_field=CharField(),
    )
    steps = _told(kind).filter(record_id=OuterRef("pk"))
    return Subquery(steps.values(badge=badge)[:1], output_field=CharField())
