"""Invoices sent per month, with their totals: what the trade asks for at a month's end (domain.md §7)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from hours.models import to_cents
from invoices.models import Invoice

Status = Invoice.Status
IS_SENT = (Status.SENT, Status.OVERDUE, Status.PAID)
NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Month:
    """The invoices that carry a day of one month as their date, and have been sent, in dollars."""

    first_day: dt.date
    count: int = 0
    total: Decimal = NOTHING
    paid: Decimal = NOTHING

    @property
    def open(self) -> Decimal:
        """What clients still owe; nothing where the payments of paid invoices are recorded elsewhere."""
        return self.total - self.paid


def sent_per_month(first: dt.date, last: dt.date) -> list[Month]:
    """Every month from that of `first` to that of `last`, those without an invoice too; one query.

    A paid invoice counts as paid in full, wherever its payments are recorded.
    """
    sent = Invoice.objects.filter(status__in=IS_SENT, date__gte=first.replace(day=1), date__lt=_next(last))
    rows = (
        sent.with_total().order_by().annotate(month=TruncMonth("date")).values("month", "status")
        .annotate(count=Count("pk"), total=Sum("total_amount"), paid=Sum("paid_amount"))
    )  # fmt: skip
    found: dict[dt.date, Month] = {}
    for row in rows:
        before = found.get(row["month"], Month(row["month"]))
        paid = row["total"] if row["status"] == Status.PAID else row["paid"]
        found[row["month"]] = Month(
            row["month"],
            before.count + row["count"],
            before.total + to_cents(row["total"]),
            before.paid + to_cents(paid),
        )
    return [found.get(month, Month(month)) for month in _months(first, last)]


def summed(months: Sequence[Month]) -> Month:
    """The months as one; its day is that of the first."""
    return Month(
        months[0].first_day,
        sum(month.count for month in months),
        sum((month.total for month in months), NOTHING),
        sum((month.paid for month in months), NOTHING),
    )


def _months(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = _next(month)


def _next(day: dt.date) -> dt.date:
    """The first day of the month after that of `day`."""
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
