"""The filters of the entry listings."""

from typing import Any

import django_filters
from django.db.models import Q
from django.http import HttpRequest

from associates.models import Associate
from clients.access import sees_charges
from clients.models import Client, Job, JobCode
from hours.access import records_for_others
from hours.models import ExpenseCategory, PaidFrom
from smmware.core.filters import SearchFilter, YesNoFilter, from_day, to_day
from smmware.core.pickers import Picker

SEARCHED = ("description", "job__name", "job__client__name", "associate__first_name", "associate__last_name")


class EntryFilter(django_filters.FilterSet):
    """What all entries are filtered by. Whoever sees their own only is not asked for a person."""

    q = SearchFilter(fields=SEARCHED, label="Search")
    client = django_filters.ModelChoiceFilter(
        field_name="job__client", queryset=Client.objects.clients(), label="Client", empty_label="Any client",
        widget=Picker("clients"),
    )  # fmt: skip
    job = django_filters.ModelChoiceFilter(
        queryset=Job.objects.select_related("client"), empty_label="Any job", widget=Picker("jobs")
    )
    person = django_filters.ModelChoiceFilter(
        field_name="associate", queryset=Associate.objects.all(), label="Person", empty_label="Everyone"
    )
    date_from = from_day()
    date_to = to_day()
    approved = YesNoFilter(condition=Q(approved_at__isnull=False), label="Approved")
    billable = YesNoFilter(label="Billable")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        if not records_for_others(request.user):
            del self.filters["person"]


class HourFilter(EntryFilter):
    job_code = django_filters.ModelChoiceFilter(queryset=JobCode.objects.all(), label="Job code", empty_label="Any")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        if not sees_charges(request.user):  # the codes' names carry what clients are charged
            del self.filters["job_code"]


class ExpenseFilter(EntryFilter):
    category = django_filters.ModelChoiceFilter(queryset=ExpenseCategory.objects.all(), empty_label="Any category")
    paid_from = django_filters.ChoiceFilter(choices=PaidFrom.choices, label="Paid from", empty_label="Anything")
