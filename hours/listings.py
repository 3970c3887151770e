"""“My Hours/Expense/Mileage History”: a listing per kind of entry."""

from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse

from clients.access import sees_charges
from hours.access import entries_for, keeps_flat_fees, records, records_for_others
from hours.amounts import cents, dollars, with_charge
from hours.filters import EntryFilter, ExpenseFilter, HourFilter
from hours.models import Entry, ExpenseEntry, FlatFee, HourEntry, MileageEntry
from smmware.core.display import hours, money
from smmware.core.extensions import Action
from smmware.core.listings import Listing, Total
from smmware.core.tables import DayColumn, FigureColumn, HoursColumn, MoneyColumn, OfficeTable, PillColumn

HISTORY = "My Hours/Expense/Mileage History"


class CentsColumn(FigureColumn):
    """Whole cents, shown and exported as dollars."""

    written = staticmethod(cents)

    def value(self, value: int) -> Any:
        return dollars(value)


class EntryTable(OfficeTable):
    """What all entries show. The person stands in it only where there may be several."""

    date = DayColumn(linkify=True)
    associate = tables.Column(verbose_name="Person", order_by=("associate__last_name", "associate__first_name"))
    client = tables.Column(accessor="job__client", linkify=True, order_by=("job__client__name",))
    job = tables.Column(accessor="job__name", linkify=lambda record: record.job.get_absolute_url(), verbose_name="Job")
    description = tables.Column()
    charge = CentsColumn(accessor="charge_cents", verbose_name="Charge", total=True)
    approved = PillColumn(accessor="is_approved", order_by=("approved_at",), tones={True: "good"})

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        withheld = [] if records_for_others(request.user) else ["associate"]
        withheld += [] if sees_charges(request.user) else ["charge"]
        super().__init__(*args, request=request, exclude=(*withheld, *kwargs.pop("exclude", ())), **kwargs)

    def render_approved(self, value: bool, record: Entry, bound_column: Any) -> Any:
        return bound_column.column.render("Approved" if value else "Open", record, bound_column)

    def value_approved(self, value: bool) -> str:
        return "Yes" if value else "No"


class HourTable(EntryTable):
    job_code = tables.Column(accessor="job_code__label", verbose_name="Job code")
    minutes = HoursColumn(verbose_name="Hours", total=True)

    class Meta(EntryTable.Meta):
        model = HourEntry
        fields = ("date", "associate", "client", "job", "job_code", "description", "minutes", "charge", "approved")
        sequence = fields


class MileageTable(EntryTable):
    miles = FigureColumn(verbose_name="Miles", total=True)

    class Meta(EntryTable.Meta):
        model = MileageEntry
        fields = ("date", "associate", "client", "job", "description", "miles", "charge", "approved")
        sequence = fields


class ExpenseTable(EntryTable):
    category = tables.Column()
    vendor = tables.Column(linkify=True)
    amount = MoneyColumn(total=True)

    class Meta(EntryTable.Meta):
        model = ExpenseEntry
        fields = (
            "date", "associate", "client", "job", "category", "vendor", "description", "paid_from", "amount", "charge",
            "approved",
        )  # fmt: skip
        sequence = fields


class FlatFeeTable(EntryTable):
    amount = MoneyColumn(total=True)

    class Meta(EntryTable.Meta):
        model = FlatFee
        fields = ("date", "associate", "client", "job", "description", "amount", "charge", "approved")
        sequence = fields


def entry_rows(model: type[Entry], person: Any) -> QuerySet:
    """The rows of a kind's listing that this person may see."""
    return with_charge(entries_for(person, model))


def _miles(figure: Any) -> str:
    return f"{figure:,.1f}"


CHARGE = Total("total_charge", "Charge", Sum("charge_cents"), cents, offered=lambda request: sees_charges(request.user))
AMOUNT = Total("total_amount", "Amount", Sum("amount"), money)


def _actions(record_url: str, listing_url: str) -> Any:
    def actions(request: HttpRequest) -> list[Action]:
        record = Action("Record", reverse(record_url), method="get")
        if not records_for_others(request.user):
            return [record]
        mine = f"{reverse(listing_url)}?person={request.user.pk}"
        return [record, Action("Only mine", mine, method="get")]

    return actions


def _may_record(request: HttpRequest) -> bool:
    return records(request.user)


HOURS = Listing(
    key="hours",
    title=HISTORY,
    noun=("hour entry", "hour entries"),
    url_name="hours:hours",
    model=HourEntry,
    table_class=HourTable,
    filterset_class=HourFilter,
    base_queryset=lambda person: entry_rows(HourEntry, person),
    offered=_may_record,
    empty="No hours are recorded yet. “Record My Hours/Mileage” is where they begin.",
    order_by=("-date", "-pk"),
    totals=(Total("total_minutes", "Hours", Sum("minutes"), hours), CHARGE),
    actions=_actions("hours:record", "hours:hours"),
)
EXPENSES = Listing(
    key="expenses",
    title=HISTORY,
    noun=("expense", "expenses"),
    url_name="hours:expenses",
    model=ExpenseEntry,
    table_class=ExpenseTable,
    filterset_class=ExpenseFilter,
    base_queryset=lambda person: entry_rows(ExpenseEntry, person),
    offered=_may_record,
    empty="No expenses are recorded yet. “Record My Expenses” is where they begin.",
    order_by=("-date", "-pk"),
    totals=(AMOUNT, CHARGE),
    actions=_actions("hours:record_expense", "hours:expenses"),
)
MILEAGE = Listing(
    key="mileage",
    title=HISTORY,
    noun=("mileage entry", "mileage entries"),
    url_name="hours:mileage",
    model=MileageEntry,
    table_class=MileageTable,
    filterset_class=EntryFilter,
    base_queryset=lambda person: entry_rows(MileageEntry, person),
    offered=_may_record,
    empty="No miles are recorded yet. “Record My Hours/Mileage” is where they begin.",
    order_by=("-date", "-pk"),
    totals=(Total("total_miles", "Miles", Sum("miles"), _miles), CHARGE),
    actions=_actions("hours:record", "hours:mileage"),
)
FLAT_FEES = Listing(
    key="flat_fees",
    title=HISTORY,
    noun=("flat fee", "flat fees"),
    url_name="hours:flat_fees",
    model=FlatFee,
    table_class=FlatFeeTable,
    filterset_class=EntryFilter,
    base_queryset=lambda person: entry_rows(FlatFee, person),
    offered=lambda request: keeps_flat_fees(request.user),
    empty="No flat fees are recorded yet. They are for amounts not tied to hours, such as packing material.",
    order_by=("-date", "-pk"),
    totals=(AMOUNT, CHARGE),
    actions=_actions("hours:record_flat_fee", "hours:flat_fees"),
)
TABS = (("Hours", HOURS), ("Expenses", EXPENSES), ("Mileage", MILEAGE), ("Flat fees", FLAT_FEES))
