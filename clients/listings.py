"""The “Client Manager”, the inquiries and the jobs."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from associates.models import Associate
from clients.access import clients_for, jobs_for, manages_clients, manages_jobs, sees_charges, views_clients, views_jobs
from clients.models import Client, Job
from smmware.core.extensions import Action
from smmware.core.filters import SearchFilter, YesNoFilter, from_day, to_day
from smmware.core.listings import Listing
from smmware.core.permissions import Level
from smmware.core.pickers import Picker
from smmware.core.tables import ActiveColumn, DayColumn, FigureColumn, MoneyColumn, OfficeTable, PhoneColumn, PillColumn

JOB_TONES = {Job.Status.OPEN: "good", Job.Status.ON_HOLD: "warn"}
BEYOND_THE_BASE = ("referred_by", "acts_as_reference")
REFERENCE = ((True, "Yes"), (False, "No"))


class ClientTable(OfficeTable):
    name = tables.Column(linkify=True, verbose_name="Client")
    phone = PhoneColumn()
    email = tables.EmailColumn(verbose_name="E-mail")
    city = tables.Column()
    referred_by = tables.Column()
    acts_as_reference = tables.Column(verbose_name="Reference")
    job_count = FigureColumn(verbose_name="Jobs")
    is_active = ActiveColumn()

    class Meta(OfficeTable.Meta):
        model = Client
        fields = ("name", "phone", "email", "city", "referred_by", "acts_as_reference", "job_count", "is_active")
        sequence = fields

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        withheld = () if manages_clients(request.user) else BEYOND_THE_BASE
        super().__init__(*args, request=request, exclude=withheld, **kwargs)

    def render_acts_as_reference(self, value: bool) -> str:
        return "Yes" if value else "No"


class ClientFilter(django_filters.FilterSet):
    q = SearchFilter(fields=("name", "email", "phone", "mobile", "addresses__city"), label="Search", distinct=True)
    active = YesNoFilter(field_name="is_active", label="Active")
    referred_by = SearchFilter(fields=("referred_by",), label="Referred by")
    acts_as_reference = django_filters.ChoiceFilter(
        choices=REFERENCE, label="Act as reference", empty_label="Any answer", null_label="Not asked yet"
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        if not manages_clients(request.user):
            for name in BEYOND_THE_BASE:  # what is not shown is not found out by filtering either
                del self.filters[name]


class JobTable(OfficeTable):
    name = tables.Column(linkify=True, verbose_name="Job")
    client = tables.Column(linkify=True, order_by=("client__name",))
    type = tables.Column()
    status = PillColumn(tones=JOB_TONES)
    leads = tables.ManyToManyColumn(verbose_name="Team leads", separator=", ")
    starts_on = DayColumn()
    charge_rate = MoneyColumn(verbose_name="Rate")

    class Meta(OfficeTable.Meta):
        model = Job
        fields = ("name", "client", "type", "status", "leads", "starts_on", "charge_rate")
        sequence = fields

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        withheld = () if sees_charges(request.user) else ("charge_rate",)
        super().__init__(*args, request=request, exclude=(*withheld, *kwargs.pop("exclude", ())), **kwargs)


def lead_candidates() -> QuerySet[Associate]:
    """Those who may lead a job: active people, Team Leads and up."""
    people = Associate.objects.filter(is_active=True, level__gte=Level.TEAM_LEAD)
    return people.exclude(kind=Associate.Kind.VEHICLE)


class JobFilter(django_filters.FilterSet):
    q = SearchFilter(fields=("name", "client__name"), label="Search")
    client = django_filters.ModelChoiceFilter(
        queryset=Client.objects.clients(), empty_label="Any client", widget=Picker("clients")
    )
    type = django_filters.ChoiceFilter(choices=Job.Type.choices, empty_label="Any type")
    status = django_filters.ChoiceFilter(choices=Job.Status.choices, empty_label="Any status")
    leads = django_filters.ModelChoiceFilter(
        queryset=lambda request: lead_candidates(), label="Team lead", empty_label="Anybody"
    )
    starts_from = from_day("starts_on")
    starts_to = to_day("starts_on")


def _add(label: str, url_name: str, offered: bool) -> list[Action]:
    return [Action(label, reverse(url_name), method="get")] if offered else []


CLIENTS = Listing(
    key="clients",
    title="Client Manager",
    noun=("client", "clients"),
    url_name="clients:list",
    model=Client,
    table_class=ClientTable,
    filterset_class=ClientFilter,
    base_queryset=lambda person: clients_for(person).filter(stage=Client.Stage.CLIENT),
    offered=lambda request: views_clients(request.user),
    empty="There is no client yet. Add one, or promote an inquiry.",
    order_by=("name",),
    actions=lambda request: _add("Add client", "clients:add", manages_clients(request.user)),
)

INQUIRIES = Listing(
    key="inquiries",
    title="Inquiries",
    noun=("inquiry", "inquiries"),
    url_name="clients:inquiries",
    model=Client,
    table_class=ClientTable,
    filterset_class=ClientFilter,
    base_queryset=lambda person: clients_for(person).filter(stage=Client.Stage.INQUIRY),
    offered=lambda request: views_clients(request.user),
    empty="There is no open inquiry. Add one when somebody asks; promote it when they say yes.",
    order_by=("name",),
    actions=lambda request: _add("Add inquiry", "clients:add_inquiry", manages_clients(request.user)),
)

JOBS = Listing(
    key="jobs",
    title="Jobs",
    noun=("job", "jobs"),
    url_name="clients:jobs",
    model=Job,
    table_class=JobTable,
    filterset_class=JobFilter,
    base_queryset=jobs_for,
    offered=lambda request: views_jobs(request.user),
    empty="There is no job yet. Hours, expenses and invoices belong to jobs: add the first.",
    order_by=("client__name", "name"),
    actions=lambda request: _add("Add job", "clients:add_job", manages_jobs(request.user)),
)
