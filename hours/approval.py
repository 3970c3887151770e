"""Approval (domain.md §6): an optional setting. Who approves which entries, and approving many of them at once."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, Q, QuerySet

from associates.models import Associate
from clients.access import manages_jobs
from hours.access import approves, entries_for
from hours.models import Entry, ExpenseEntry, FlatFee, HourEntry, MileageEntry, TimeSettings

KINDS: tuple[type[Entry], ...] = (HourEntry, ExpenseEntry, MileageEntry, FlatFee)


def approvable(person: Any, model: type[Entry], settings: TimeSettings) -> QuerySet:
    """The entries of one kind that this person approves, approved ones among them.

    Strict: Team Leads those of their own jobs. Cooperative: any. Admins and up all of them, under their own name.
    """
    entries = entries_for(person, model)
    if not (settings.approval_is_on and approves(person)):
        return entries.none()
    if settings.approval == TimeSettings.Approval.STRICT and not manages_jobs(person):
        return entries.filter(job__leads=person.pk)
    return entries


def may_approve(person: Any, entry: Entry, settings: TimeSettings) -> bool:
    """Whether this person approves this entry."""
    return approvable(person, type(entry), settings).filter(pk=entry.pk).exists()


def may_take_back(person: Any, entry: Entry, settings: TimeSettings) -> bool:
    """Whether this person opens an approved entry again; where approval is off by now, whoever could approve."""
    if not settings.approval_is_on:
        return approves(person)
    return may_approve(person, entry, settings)


def ready_to_bill(entries: QuerySet) -> QuerySet:
    """Those of `entries` that may be billed or paid back: where approval is on, the approved ones."""
    approval_is_on = Exists(TimeSettings.objects.exclude(approval=TimeSettings.Approval.OFF))
    return entries.filter(Q(approved_at__isnull=False) | ~approval_is_on)


@transaction.atomic
def approve_as_shown(
    *, entries: Iterable[QuerySet], by: Associate, at: dt.datetime, shown_at: dt.datetime
) -> tuple[int, int]:
    """Approve what waits among `entries`, but for what came or was changed after it was shown.

    Args:
        entries: a queryset for each kind, as `approvable` answers them.
        shown_at: when the person who approves was shown them.

    Answers how many were approved, and how many were left. The first approver stays; two statements for each kind.
    """
    approved = left = 0
    for kind in entries:
        waiting = kind.select_related(None).filter(approved_at=None)
        approved += waiting.filter(updated_at__lte=shown_at).update(approved_by=by, approved_at=at)
        left += waiting.count()
    return approved, left
