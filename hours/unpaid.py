"""Hours that are paid nothing, since no rate was known for their day when they were recorded.

An imported associate has no rate at first (manual, “Post Import Actions”). Once there is one for that day, such hours
can be paid at it; what has a rate keeps it, and who is paid nothing on purpose, at a rate of zero, is left out.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from associates.models import Associate, HourlyRate
from hours.models import HourEntry, TimeSettings, to_cents

RATE = DecimalField(max_digits=7, decimal_places=2)
NOTHING = Decimal("0.00")


def without_rate(entries: QuerySet) -> QuerySet:
    """Those of some hour entries that have no pay rate. `rate_now` is what they would be paid by now, None: still none.

    It is the rate that `hours.rates.pay_rate` answers: the job code's, or else the associate's own in force on the day.
    """
    on_the_day = HourlyRate.objects.filter(associate=OuterRef("associate"), effective_from__lte=OuterRef("date"))
    own = Subquery(on_the_day.order_by("-effective_from").values("rate")[:1], output_field=RATE)
    by_code = TimeSettings.current().pay_by == TimeSettings.PayBy.JOB_CODE
    found = entries.filter(pay_rate=0).exclude(associate__kind=Associate.Kind.VEHICLE)
    found = found.annotate(rate_now=Coalesce(F("job_code__pay_rate"), own, output_field=RATE) if by_code else own)
    return found.filter(Q(rate_now__gt=0) | Q(rate_now=None))


@dataclass
class Unpaid:
    """The hours without a rate of one person."""

    person: Associate
    minutes: int = 0
    days: list[dt.date] = field(default_factory=list)
    days_without: list[dt.date] = field(default_factory=list)  # for which there is still no rate
    payable: int = 0  # entries for which there is one by now
    _minutes_at: dict[Decimal, int] = field(default_factory=dict)

    @property
    def pay(self) -> Decimal:
        """What the payable ones come to, in dollars, rounded once for each rate, as the payroll does it."""
        return sum((to_cents(minutes * rate / 60) for rate, minutes in self._minutes_at.items()), NOTHING)

    def add(self, day: dt.date, minutes: int, rate: Decimal | None) -> None:
        """Count an entry of this person."""
        self.minutes += minutes
        _once(self.days, day)
        if rate is None:
            return _once(self.days_without, day)
        self.payable += 1
        self._minutes_at[rate] = self._minutes_at.get(rate, 0) + minutes
        return None


def by_person(entries: QuerySet) -> list[Unpaid]:
    """Who has hours without a rate among some hour entries, on which days, by name. Three queries."""
    rows = without_rate(entries).order_by("date").values_list("associate", "date", "minutes", "rate_now")
    people: dict[int, Unpaid] = {}
    found = list(rows)
    named = Associate.objects.in_bulk({key for key, *_ in found})
    for key, day, minutes, rate in found:
        people.setdefault(key, Unpaid(named[key])).add(day, minutes, rate)
    return sorted(people.values(), key=lambda each: (each.person.last_name, each.person.first_name, each.person.pk))


@transaction.atomic
def pay_at_rates_of_their_days(entries: QuerySet) -> int:
    """Give those of some hour entries that have no pay rate the one of their day, where there is one by now.

    What has a rate is not touched, whatever happened since it was looked at. A statement for each rate. Answers how
    many entries have one now.
    """
    wanted: dict[Decimal, list[int]] = {}
    for pk, rate in without_rate(entries).exclude(rate_now=None).order_by().values_list("pk", "rate_now"):
        wanted.setdefault(rate, []).append(pk)
    return sum(_rate(ids, rate) for rate, ids in wanted.items())


def _rate(ids: Sequence[int], rate: Decimal) -> int:
    return HourEntry.objects.filter(pk__in=ids, pay_rate=0).update(pay_rate=rate)


def _once(days: list[dt.date], day: dt.date) -> None:
    if day not in days:
        days.append(day)


def total_payable(people: Iterable[Unpaid]) -> tuple[int, Decimal]:
    """How many entries can be paid by now, and what they come to, in dollars."""
    each = list(people)
    return sum(one.payable for one in each), sum((one.pay for one in each), NOTHING)
