"""The “Payroll Expense Mileage Report”: sums per person and period, to be handed to an outside payroll system.

Work is paid at the rate that was in force on its day (domain.md §2): it stands on each entry.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from associates.models import Associate
from hours.amounts import amount_cents, dollars, paid_mileage_cents, tenths_driven
from hours.approval import ready_to_bill
from hours.models import ExpenseEntry, HourEntry, MileageEntry, PaidFrom, TimeSettings, to_cents
from smmware.core.display import hours, money, rate


@dataclass(frozen=True)
class Column:
    """A figure of each row: its heading, how it is written, and whether it is summed below."""

    label: str
    written: Callable[[Any], str]
    summed: bool = True


@dataclass(frozen=True)
class Row:
    """A person's figures, one for each column."""

    person: Associate
    figures: tuple[Any, ...]


@dataclass(frozen=True)
class Report:
    """A table of sums per person, and which column says what the person is owed."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    owed: int

    @property
    def totals(self) -> list[Any]:
        """The sum of each column, None for those that are not summed."""
        return [
            sum(row.figures[place] for row in self.rows) if column.summed else None
            for place, column in enumerate(self.columns)
        ]

    @property
    def owed_to(self) -> dict[Associate, Decimal]:
        """What each person is owed, in dollars."""
        owed: dict[Associate, Decimal] = defaultdict(Decimal)
        for row in self.rows:
            owed[row.person] += row.figures[self.owed]
        return dict(owed)


@dataclass(frozen=True)
class Asked:
    """What a report is about: a period with both days in it, one person or all, and whether only what is approved."""

    first: dt.date
    last: dt.date
    person: Associate | None = None
    only_approved: bool = True

    def of(self, entries: QuerySet) -> QuerySet:
        """The entries asked for."""
        entries = entries.filter(date__gte=self.first, date__lte=self.last)
        if self.person:
            entries = entries.filter(associate=self.person)
        return (ready_to_bill(entries) if self.only_approved else entries).order_by()


def payroll(asked: Asked) -> Report:
    """Hours times the rate in force on each day: a row for each rate that a person had."""
    sums = asked.of(HourEntry.objects.all()).values("associate", "pay_rate").annotate(minutes=Sum("minutes"))
    rows = [(one["associate"], (one["pay_rate"], one["minutes"], pay(one["minutes"], one["pay_rate"]))) for one in sums]
    columns = (Column("Rate", rate, summed=False), Column("Hours", hours), Column("Pay", money))
    return Report("Payroll", columns, _with_people(rows), owed=2)


def pay(minutes: int, hourly_rate: Decimal) -> Decimal:
    """What minutes at a rate come to, in dollars: rounded once, over all of them."""
    return to_cents(Decimal(minutes) * hourly_rate / 60)


def expenses(asked: Asked) -> Report:
    """What each person spent: their own money is paid back to them."""
    own = Q(paid_from=PaidFrom.ASSOCIATE)
    sums = (
        asked.of(ExpenseEntry.objects.all())
        .values("associate")
        .annotate(count=Count("pk"), own=Sum(amount_cents(), filter=own), company=Sum(amount_cents(), filter=~own))
    )
    rows = [(one["associate"], (one["count"], dollars(one["company"] or 0), dollars(one["own"] or 0))) for one in sums]
    columns = (Column("Expenses", str), Column("Paid by the company", money), Column("To pay back", money))
    return Report("Expenses", columns, _with_people(rows), owed=2)


def mileage(asked: Asked) -> Report:
    """How far each person drove, and what the pay formula of each day pays back."""
    sums = (
        asked.of(MileageEntry.objects.all())
        .values("associate")
        .annotate(count=Count("pk"), driven=Sum(tenths_driven()), back=Sum(paid_mileage_cents()))
    )
    unit = TimeSettings.current().get_distance_display()
    rows = [(one["associate"], (one["count"], Decimal(one["driven"]) / 10, dollars(one["back"]))) for one in sums]
    columns = (Column("Trips", str), Column(unit, "{:,.1f}".format), Column("To pay back", money))
    return Report("Mileage", columns, _with_people(rows), owed=2)


REPORTS: dict[str, Callable[[Asked], Report]] = {"payroll": payroll, "expenses": expenses, "mileage": mileage}


def _with_people(rows: list[tuple[int, tuple[Any, ...]]]) -> list[Row]:
    """The rows with their people, by name."""
    people = Associate.objects.in_bulk({key for key, _ in rows})
    found = [Row(people[key], figures) for key, figures in rows]
    return sorted(found, key=lambda row: (row.person.last_name, row.person.first_name, row.person.pk, row.figures[0]))
