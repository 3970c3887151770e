"""The job codes, as Settings lists them."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from clients.models import JobCode
from smmware.core.extensions import Action
from smmware.core.filters import SearchFilter, YesNoFilter
from smmware.core.listings import Listing
from smmware.core.permissions import Access, Area, Level, may
from smmware.core.sections import may_change_settings
from smmware.core.tables import ActiveColumn, MoneyColumn, OfficeTable


class JobCodeTable(OfficeTable):
    label = tables.Column(linkify=True, verbose_name="Job code")
    lowest_level = tables.Column(verbose_name="From level")
    charge_rate = MoneyColumn(verbose_name="Charge rate")
    pay_rate = MoneyColumn(verbose_name="Pay rate", default="Their own")
    is_active = ActiveColumn()

    class Meta(OfficeTable.Meta):
        model = JobCode
        fields = ("label", "lowest_level", "charge_rate", "pay_rate", "is_active")
        sequence = fields


class JobCodeFilter(django_filters.FilterSet):
    q = SearchFilter(fields=("label",), label="Search")
    lowest_level = django_filters.ChoiceFilter(choices=Level.choices, label="From level", empty_label="Any level")
    active = YesNoFilter(field_name="is_active", label="Active")


def _job_codes_for(person: Any) -> QuerySet[JobCode]:
    return JobCode.objects.all() if may(person, Area.SETTINGS, Access.MANAGE) else JobCode.objects.none()


def _add(request: HttpRequest) -> list[Action]:
    return [Action("Add job code", reverse("client_settings:add_job_code"), method="get")]


JOB_CODES = Listing(
    key="job_codes",
    title="Job Codes",
    noun=("job code", "job codes"),
    url_name="client_settings:job_codes",
    model=JobCode,
    table_class=JobCodeTable,
    filterset_class=JobCodeFilter,
    base_queryset=_job_codes_for,
    offered=may_change_settings,
    empty="There is no job code yet. Add the kinds of work you do, such as packing, each with its rate.",
    order_by=("label", "lowest_level"),
    actions=_add,
)
