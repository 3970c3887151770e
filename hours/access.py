"""Who sees, records and approves which entries (domain.md §3): Basic Users their own, Team Leads and up everybody's."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from associates.models import Associate
from hours.models import Entry, ExpenseEntry, FlatFee, HourEntry, MileageEntry, TimeSettings
from smmware.core.permissions import Access, Area, may

NAMES: dict[type[Entry], tuple[str, ...]] = {
    HourEntry: ("job_code",),
    MileageEntry: (),
    ExpenseEntry: ("category", "vendor"),
    FlatFee: ("preset",),
}


def time_settings(request: HttpRequest) -> TimeSettings:
    """The company's settings of time and rates, read once a request."""
    if not hasattr(request, "_time_settings"):
        request._time_settings = TimeSettings.current()  # type: ignore[attr-defined]
    return request._time_settings  # type: ignore[attr-defined]


def records(person: Any) -> bool:
    """Whether this person may record anything at all."""
    return may(person, Area.ENTRIES, Access.SELF)


def records_for_others(person: Any) -> bool:
    """Whether this person may see and record other people's entries."""
    return may(person, Area.ENTRIES, Access.OTHERS)


def keeps_flat_fees(person: Any) -> bool:
    """Whether this person may see and record flat fees."""
    return may(person, Area.FLAT_FEES, Access.MANAGE)


def approves(person: Any) -> bool:
    """Whether this person may approve entries, and take an approval back."""
    return may(person, Area.APPROVAL, Access.MANAGE)


def sees_pay(person: Any, entry: Entry) -> bool:
    """Whether this person may know what an entry is paid: their own, or everybody's for those who manage associates."""
    return entry.associate_id == person.pk or may(person, Area.ASSOCIATES, Access.MANAGE)


def entries_for(person: Any, model: type[Entry]) -> QuerySet:
    """The entries of one kind that this person may see, with the names that a listing shows."""
    entries = model._default_manager.select_related("job__client", "associate", "approved_by", *NAMES[model])
    if model is FlatFee:
        return entries if keeps_flat_fees(person) else entries.none()
    if records_for_others(person):
        return entries
    return entries.filter(associate=person.pk) if records(person) else entries.none()


def associates_for(person: Any, chosen: int | None = None) -> QuerySet[Associate]:
    """Those for whom this person may record, and the one already `chosen` (a primary key) on an entry."""
    if not records_for_others(person):
        return Associate.objects.filter(pk=person.pk)
    return Associate.objects.filter(Q(pk__in=Associate.objects.who_may_enter_time()) | Q(pk=chosen))
