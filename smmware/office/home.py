"""The cards of the home page: what waits for those who approve and invoice, and everybody's own week."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from associates.listing import manages as manages_associates
from hours.access import approves, entries_for, records, records_for_others
from hours.amounts import cents, with_charge
from hours.forms import RecordHoursForm
from hours.listings import HourTable, entry_rows
from hours.models import ExpenseEntry, FlatFee, HourEntry, MileageEntry, TimeSettings
from hours.unpaid import without_rate
from invoices.listings import manages as manages_invoices
from invoices.listings import reviews as reviews_invoices
from invoices.models import Invoice
from smmware.core.display import hours
from smmware.core.extensions import Panel
from smmware.core.listings import listing_url
from smmware.core.permissions import Level

Status = Invoice.Status
ENTRIES: dict[str, Any] = {"hours": HourEntry, "mileage": MileageEntry, "expenses": ExpenseEntry, "flat_fees": FlatFee}
IN_THE_WEEKS_FORM = ("job", "date", "job_code", "minutes", "description")


@dataclass(frozen=True)
class Waiting:
    """Something that waits for the person who looks: how many of what, what for, and where."""

    count: int
    noun: str
    what_for: str
    url: str


def cards(request: HttpRequest) -> list[Panel]:
    """The cards of the office itself for the person who asks."""
    return [*_waiting_card(request), *_week_card(request)]


def week_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """The Sunday and the Saturday around a day: the week as it is paid."""
    sunday = day - dt.timedelta(days=day.isoweekday() % 7)
    return sunday, sunday + dt.timedelta(days=6)


def _waiting_card(request: HttpRequest) -> list[Panel]:
    person = request.user
    if not (approves(person) or reviews_invoices(person)):
        return []
    settings = TimeSettings.current()
    found = [
            *_unapproved(person, settings), *_unbilled(person, settings), *_invoices(person), *_unpaid(person),
        ]  # fmt: skip
    return [Panel("Waiting for you", "office/waiting.html", {"waiting": [each for each in found if each.count]})]


def _unapproved(person: Any, settings: TimeSettings) -> list[Waiting]:
    """Entries that wait for approval; in the strict way, to a Team Lead those of the jobs that they lead."""
    if not (approves(person) and settings.approval_is_on):
        return []
    mine = Q(job__leads=person) if _leads_own_jobs_only(person, settings) else Q()
    return [
        Waiting(
            entries_for(person, model).filter(mine, approved_at=None).count(),
            _noun(model),
            "to be approved",
            f"{listing_url(key)}?approved=no",
        )
        for key, model in ENTRIES.items()
    ]


def _leads_own_jobs_only(person: Any, settings: TimeSettings) -> bool:
    return settings.approval == TimeSettings.Approval.STRICT and person.level == Level.TEAM_LEAD


def _unbilled(person: Any, settings: TimeSettings) -> list[Waiting]:
    """Entries that could be invoiced today, with what they would come to."""
    if not manages_invoices(person):
        return []
    approved = "&approved=yes" if settings.approval_is_on else ""
    return [
        Waiting(count, _noun(model), f"to be invoiced: {cents(charge)}",
                f"{listing_url(key)}?billable=yes&billed=no{approved}")
        for key, model in ENTRIES.items()
        for count, charge in [_to_bill(model, settings)]
    ]  # fmt: skip


def _to_bill(model: Any, settings: TimeSettings) -> tuple[int, int]:
    entries: QuerySet = model._default_manager.filter(billable=True, line=None)
    if settings.approval_is_on:
        entries = entries.exclude(approved_at=None)
    sums = with_charge(entries).order_by().aggregate(count=Count("pk"), charge=Sum("charge_cents"))
    return sums["count"], sums["charge"] or 0


def _invoices(person: Any) -> list[Waiting]:
    """Invoices whose next step is this person's."""
    steps = [(Status.FINALIZED, "to be approved")] if reviews_invoices(person) else []
    if manages_invoices(person):
        steps += [(Status.TL_APPROVED, "to be sent"), (Status.OVERDUE, "overdue")]
    wanted = [status for status, _ in steps]
    counted = Invoice.objects.filter(status__in=wanted).order_by().values("status").annotate(count=Count("pk"))
    counts = {row["status"]: row["count"] for row in counted}
    return [
        Waiting(counts.get(status, 0), "invoice", what_for, f"{listing_url('invoices')}?status={status}")
        for status, what_for in steps
    ]


def _unpaid(person: Any) -> list[Waiting]:
    """Hours that the payroll would count with nothing."""
    if not manages_associates(person):
        return []
    count = without_rate(HourEntry.objects.all()).order_by().count()
    return [Waiting(count, _noun(HourEntry), "without a rate", reverse("hours:without_rate"))]


def _noun(model: Any) -> str:
    return str(model._meta.verbose_name)


def _week_card(request: HttpRequest) -> list[Panel]:
    person = request.user
    if not records(person):
        return []
    first, last = week_of(timezone.localdate())
    rows = list(entry_rows(HourEntry, person).filter(associate=person.pk, date__range=(first, last)).order_by("date"))
    form = RecordHoursForm(person=person, initial={"date": timezone.localdate(), "associate": person.pk})
    context = {
        "first": first,
        "last": last,
        "total": hours(sum(entry.minutes for entry in rows)),
        "table": HourTable(rows, request=request, exclude=("associate", "charge"), orderable=False),
        "form": form,
        "shown": [form[name] for name in IN_THE_WEEKS_FORM],
        "others": [form[name] for name in ("associate", "billable")] if records_for_others(person) else [],
        "action": reverse("hours:record"),
    }
    return [Panel("Your hours this week", "office/week.html", context)]
