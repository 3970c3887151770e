"""The “Invoice Manager”, and what invoices add to the listings of entries."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.db.models.functions import Round
from django.http import HttpRequest
from django.urls import reverse

from clients.access import sees_charges
from clients.models import Client, Job
from invoices.models import MONEY, Invoice
from smmware.core.display import money
from smmware.core.extensions import Action, ListingAddOn
from smmware.core.filters import SearchFilter, YesNoFilter, from_day, to_day
from smmware.core.listings import Listing, Total
from smmware.core.permissions import Access, Area, may
from smmware.core.pickers import Picker
from smmware.core.tables import DayColumn, MoneyColumn, OfficeTable, PillColumn

Status = Invoice.Status
OWED = (Status.SENT, Status.OVERDUE)
TONES = {
    Status.FINALIZED: "info",
    Status.TL_APPROVED: "info",
    Status.SENT: "warn",
    Status.OVERDUE: "bad",
    Status.PAID: "good",
}


def manages(person: Any) -> bool:
    """Whether this person may make and change invoices."""
    return may(person, Area.INVOICES, Access.MANAGE)


def reviews(person: Any) -> bool:
    """Whether this person may read invoices, and approve them."""
    return may(person, Area.INVOICES, Access.REVIEW)


def invoices_for(person: Any) -> QuerySet:
    """The invoices that this person may see, in dollars with `total_amount`, `paid_amount` and `open_amount`.

    Open is what the client still owes: null before it is sent and once it is paid.
    """
    if not reviews(person):
        return Invoice.objects.none()
    invoices = Invoice.objects.select_related("job__client", "term").with_total()
    owed = When(status__in=OWED, then=Round(F("total_amount") - F("paid_amount"), precision=2))
    return invoices.annotate(open_amount=Case(owed, output_field=MONEY))


class InvoiceTable(OfficeTable):
    number = tables.Column(linkify=True, verbose_name="Invoice")
    date = DayColumn()
    client = tables.Column(accessor="job__client", linkify=True, order_by=("job__client__name",))
    job = tables.Column(accessor="job__name", linkify=lambda record: record.job.get_absolute_url(), verbose_name="Job")
    status = PillColumn(tones=TONES)
    due_date = DayColumn(verbose_name="Due")
    total_amount = MoneyColumn(verbose_name="Total", total=True)
    open_amount = MoneyColumn(verbose_name="Open", total=True)

    class Meta(OfficeTable.Meta):
        model = Invoice
        fields = ("number", "date", "client", "job", "kind", "status", "due_date", "total_amount", "open_amount")
        sequence = fields


class InvoiceFilter(django_filters.FilterSet):
    q = SearchFilter(
        fields=("number", "job__name", "job__client__name", "public_note", "internal_note"), label="Search"
    )
    client = django_filters.ModelChoiceFilter(
        field_name="job__client", queryset=Client.objects.clients(), label="Client", empty_label="Any client",
        widget=Picker("clients"),
    )  # fmt: skip
    job = django_filters.ModelChoiceFilter(
        queryset=Job.objects.select_related("client"), empty_label="Any job", widget=Picker("jobs")
    )
    status = django_filters.ChoiceFilter(choices=Status.choices, empty_label="Any status")
    kind = django_filters.ChoiceFilter(choices=Invoice.Kind.choices, empty_label="Any kind")
    date_from = from_day()
    date_to = to_day()


class Billed(ListingAddOn):
    """On the listings of entries: the invoice that bills each, for those who may read invoices."""

    def offered(self, request: HttpRequest) -> bool:
        return sees_charges(request.user)

    def decorate(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("line__invoice")

    def columns(self) -> list[tuple[str, tables.Column]]:
        column = tables.Column(
            accessor="line__invoice__number",
            linkify=lambda record: record.line.invoice.get_absolute_url(),
            verbose_name="Invoice",
        )
        return [("invoice", column)]

    def filters(self) -> dict[str, django_filters.Filter]:
        return {"billed": YesNoFilter(condition=Q(line__isnull=False), label="Billed")}


def _actions(request: HttpRequest) -> list[Action]:
    if not manages(request.user):
        return []
    pages = (("Add invoice", "invoices:add"), ("Sent per month", "invoices:months"))
    return [Action(label, reverse(page), method="get") for label, page in pages]


INVOICES = Listing(
    key="invoices",
    title="Invoice Manager",
    noun=("invoice", "invoices"),
    url_name="invoices:list",
    model=Invoice,
    table_class=InvoiceTable,
    filterset_class=InvoiceFilter,
    base_queryset=invoices_for,
    offered=lambda request: reviews(request.user),
    empty="There is no invoice yet. Make one out of a job's unbilled hours, expenses and miles.",
    order_by=("-date", "-pk"),
    totals=(
        Total("sum_total", "Total", Sum("total_amount"), money),
        Total("sum_open", "Open", Sum("open_amount"), money),
    ),
    actions=_actions,
)
