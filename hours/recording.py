"""Recording, changing, approving and removing entries: every write to one goes through here.

The rates of the day are kept on the entry (domain.md §5, §6): nothing that changes later rewrites what was done.
Refusals are ValidationErrors that name the field, for the form and for any other caller.
"""

import datetime as dt
from collections.abc import Iterable
from copy import copy
from decimal import Decimal
from itertools import groupby
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models import Sum

from associates.models import Associate
from clients.models import Job, JobCode
from hours import rates
from hours.models import (
    MINUTES_A_DAY,
    Entry,
    ExpenseCategory,
    ExpenseEntry,
    FlatFee,
    FlatFeePreset,
    HourEntry,
    MileageEntry,
    PaidFrom,
)
from hours.receipts import kept_if_saved
from organizations.models import Organization
from smmware.core.display import hours
from smmware.core.extensions import delete_vetoes, edit_vetoes

AnyEntry = TypeVar("AnyEntry", bound=Entry)


def record_hours(
    *,
    job: Job,
    associate: Associate,
    date: dt.date,
    minutes: int,
    job_code: JobCode | None = None,
    description: str = "",
    billable: bool | None = None,
) -> HourEntry:
    """Record time worked, with the charge and pay rates of that day.

    Args:
        minutes: 1 to 1440; with what the associate has recorded on `date` already, no more than a day.
        billable: None stands for yes, but for overhead.

    Raises ValidationError where the day is too full, the job code is above the associate's level, or a value makes no
    sense.
    """
    entry = HourEntry(job=job, associate=associate, date=date, minutes=minutes, job_code=job_code)
    return _record(entry, description, billable)


def record_mileage(
    *,
    job: Job,
    associate: Associate,
    date: dt.date,
    miles: Decimal,
    description: str = "",
    billable: bool | None = None,
    charge: rates.MileageFormula | None = None,
    pay: rates.MileageFormula | None = None,
) -> MileageEntry:
    """Record miles driven, to a tenth, with the formulas of that day or those given; `billable` as in `record_hours`.

    Raises ValidationError where a value makes no sense.
    """
    entry = MileageEntry(job=job, associate=associate, date=date, miles=miles)
    rates.set_formulas(entry, charge, pay)
    return _record(entry, description, billable, rated=True)


def record_expense(
    *,
    job: Job,
    associate: Associate,
    date: dt.date,
    amount: Decimal,
    category: ExpenseCategory,
    vendor: Organization | None = None,
    paid_from: str = PaidFrom.ASSOCIATE,
    description: str = "",
    billable: bool | None = None,
    receipt: File | None = None,
) -> ExpenseEntry:
    """Record money spent, in dollars; `billable` as in `record_hours`.

    Raises ValidationError where a value makes no sense.
    """
    entry = ExpenseEntry(job=job, associate=associate, date=date, amount=amount, category=category, vendor=vendor)
    entry.paid_from = paid_from
    if receipt:
        entry.receipt = receipt
    return _record(entry, description, billable)


def record_flat_fee(
    *,
    job: Job,
    associate: Associate,
    date: dt.date,
    amount: Decimal,
    description: str = "",
    preset: FlatFeePreset | None = None,
    taxable: bool = False,
    billable: bool | None = None,
) -> FlatFee:
    """Record an amount not tied to hours, in dollars; `billable` as in `record_hours`.

    Raises ValidationError where a value makes no sense.
    """
    entry = FlatFee(job=job, associate=associate, date=date, amount=amount, preset=preset, taxable=taxable)
    return _record(entry, description, billable)


def _record(entry: AnyEntry, description: str, billable: bool | None, rated: bool = False) -> AnyEntry:
    entry.description = description
    entry.billable = not entry.job.is_overhead if billable is None else billable
    return add(entry=entry, rated=rated)


def add(*, entry: AnyEntry, rated: bool = False) -> AnyEntry:
    """Save a new entry with the rates of its day, unless it is `rated` already. Raises ValidationError."""
    with kept_if_saved(entry), transaction.atomic():
        if not rated:
            rates.set_rates(entry)
        _check(entry)
        _check_job_code(entry)
        entry.save()
    return entry


def change(*, entry: AnyEntry, seen_version: int | None = None) -> AnyEntry:
    """Save an entry that was edited.

    Args:
        seen_version: the version that somebody saw who edited it; None: whatever it is now is replaced.

    Raises ValidationError where a value makes no sense, or the entry is locked, and ChangedMeanwhile where its version
    is not `seen_version`. Whether it is locked is asked under the row's own lock: somebody may have approved or billed
    it since it was shown.
    """
    with kept_if_saved(entry), transaction.atomic():
        if seen_version is not None:
            entry.claim_version(seen_version)
        return _change(entry)


def _change(entry: AnyEntry) -> AnyEntry:
    before = type(entry)._default_manager.select_for_update().get(pk=entry.pk)
    if vetoes := edit_vetoes(before):
        raise ValidationError(" ".join(vetoes), code="locked")
    rates.follow_change(entry, before)
    _check(entry)
    if getattr(entry, "job_code_id", None) != getattr(before, "job_code_id", None):
        _check_job_code(entry)
    entry.save()
    _forget_receipt(before, kept=entry)
    return entry


@transaction.atomic
def remove(*, entry: Entry) -> None:
    """Delete an entry. Raises ValidationError where it is locked, and ProtectedError where something depends on it."""
    current = type(entry)._default_manager.select_for_update().get(pk=entry.pk)
    if vetoes := delete_vetoes(current):
        raise ValidationError(" ".join(vetoes), code="locked")
    current.delete()
    _forget_receipt(current)


def _forget_receipt(before: Entry, kept: Entry | None = None) -> None:
    """Delete the file of a receipt that is no longer used, once that is certain."""
    if not (isinstance(before, ExpenseEntry) and before.receipt):
        return
    storage, name = before.receipt.storage, str(before.receipt.name)
    if not (isinstance(kept, ExpenseEntry) and kept.receipt.name == name):
        transaction.on_commit(lambda: storage.delete(name))


def approve(*, entries: Iterable[Entry], by: Associate, at: dt.datetime) -> int:
    """Approve what is not approved yet: it is locked from then on. The first approver stays (domain.md §6).

    Answers how many were approved now. One statement per kind of entry.
    """
    return sum(
        model._default_manager.filter(pk__in=ids, approved_at=None).update(approved_by=by, approved_at=at)
        for model, ids in _by_kind(entries)
    )


@transaction.atomic
def unapprove(*, entry: Entry) -> None:
    """Take an approval back. Raises ValidationError where another app holds the entry: a billed one stays approved."""
    current = type(entry)._default_manager.select_for_update().get(pk=entry.pk)
    if vetoes := unapprove_vetoes(current):
        raise ValidationError(" ".join(vetoes), code="locked")
    current.approved_by, current.approved_at = None, None
    current.save(update_fields=["approved_by", "approved_at"])


def unapprove_vetoes(entry: Entry) -> list[str]:
    """Every sentence that says why an approval stays: what would lock the entry even without it."""
    unapproved = copy(entry)
    unapproved.approved_by, unapproved.approved_at = None, None
    return edit_vetoes(unapproved)


def _by_kind(entries: Iterable[Entry]) -> list[tuple[type[Entry], list[int]]]:
    ordered = sorted(entries, key=lambda entry: type(entry).__name__)
    return [(model, [entry.pk for entry in group]) for model, group in groupby(ordered, key=type)]


def _check(entry: Entry) -> None:
    entry.clean_fields(exclude=[field.name for field in entry._meta.fields if field.is_relation])
    if entry.billable and entry.job.is_overhead:
        raise ValidationError({"billable": "Overhead is our own: it is billed to nobody."})
    if isinstance(entry, HourEntry):
        _check_day(entry)


def _check_day(entry: HourEntry) -> None:
    """Refuse what makes more than a day of a day. The associate is held until the entry is saved, and two who record
    at once are asked one after the other; SQLite's writers (IMMEDIATE) wait for each other anyway.
    """
    Associate.objects.select_for_update(no_key=True).only("pk").get(pk=entry.associate_id)
    others = HourEntry.objects.filter(associate=entry.associate_id, date=entry.date).exclude(pk=entry.pk)
    recorded = others.aggregate(minutes=Sum("minutes"))["minutes"] or 0
    if recorded + entry.minutes > MINUTES_A_DAY:
        raise ValidationError(
            {
                "minutes": f"{entry.associate} has {hours(recorded)} hours on {entry.date:%b %-d, %Y} already: "
                "with these it would be more than 24."
            }
        )


def _check_job_code(entry: Entry) -> None:
    if not isinstance(entry, HourEntry):
        return
    code = entry.job_code
    if code and entry.associate.level < code.lowest_level:
        raise ValidationError({"job_code": f"“{code.label}” at this price is not for {entry.associate}."})
