"""What holds for all money and time: nothing is lost in splitting or rounding, and the past is never re-rated."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from clients.models import JobCode
from hours import rates, recording, unpaid
from hours.models import CENT, MINUTES_A_DAY, HourEntry, MileageEntry, to_cents
from hours.reports import pay
from tests.factories import AssociateFactory, HourlyRateFactory, JobFactory

MINUTES = st.integers(min_value=1, max_value=MINUTES_A_DAY)
RATES = st.decimals(min_value=0, max_value=Decimal("999.99"), places=2)
MILES = st.decimals(min_value=Decimal("0.1"), max_value=Decimal("9999.9"), places=1)
MILE_RATES = st.decimals(min_value=0, max_value=Decimal("9.999"), places=3)


@given(st.lists(MINUTES, min_size=1, max_size=40), RATES)
def test_minutes_split_over_days_are_paid_as_their_sum(days: list[int], rate: Decimal) -> None:
    exact = Decimal(sum(days)) * rate / 60
    assert abs(pay(sum(days), rate) - exact) <= CENT / 2
    one_by_one = sum((pay(minutes, rate) for minutes in days), Decimal(0))
    assert abs(one_by_one - exact) <= CENT / 2 * len(days)


@given(MINUTES, RATES)
def test_a_charge_is_the_exact_one_to_half_a_cent(minutes: int, rate: Decimal) -> None:
    charge = HourEntry(minutes=minutes, charge_rate=rate).charge_amount
    assert charge == charge.quantize(CENT)
    assert abs(charge - Decimal(minutes) * rate / 60) <= CENT / 2


@given(MILES, MILES, MILE_RATES)
def test_a_mileage_formula_is_never_negative_and_starts_at_its_cut_off(
    miles: Decimal, included: Decimal, rate: Decimal
) -> None:
    entry = MileageEntry(miles=miles, pay_included_miles=included, pay_rate=rate, charge_rate=rate)
    assert entry.pay_amount == (to_cents((miles - included) * rate) if miles > included else Decimal("0.00"))
    assert entry.charge_amount == to_cents(miles * rate)
    assert 0 <= entry.pay_amount <= entry.charge_amount


@given(MINUTES, RATES, RATES, RATES)
def test_what_changes_later_never_touches_an_entry(
    minutes: int, charged: Decimal, paid: Decimal, later: Decimal
) -> None:
    code = JobCode(pk=1, charge_rate=charged, pay_rate=paid)
    before = HourEntry(job_id=1, associate_id=1, job_code=code, minutes=1, charge_rate=charged, pay_rate=paid)
    entry = HourEntry(job_id=1, associate_id=1, job_code=code, minutes=minutes, charge_rate=charged, pay_rate=paid)
    code.charge_rate = code.pay_rate = later
    rates.follow_change(entry, before)
    assert (entry.charge_rate, entry.pay_rate) == (charged, paid)


DAYS = st.integers(min_value=1, max_value=28)
HISTORY = st.dictionaries(DAYS, RATES, max_size=3)


@pytest.mark.django_db
class ThePast(TestCase):
    """Rates may be added for any day, and hours that had none may be paid: what has a rate keeps it."""

    @given(early=HISTORY, late=HISTORY, worked=st.lists(st.tuples(DAYS, st.integers(1, 60)), min_size=1, max_size=5))
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_a_rate_once_given_stays(
        self, early: dict[int, Decimal], late: dict[int, Decimal], worked: list[tuple[int, int]]
    ) -> None:
        person, job = AssociateFactory(), JobFactory()
        _add_rates(person, early)
        for day, minutes in worked:
            recording.record_hours(job=job, associate=person, date=dt.date(2026, 2, day), minutes=minutes)
        entries = HourEntry.objects.filter(associate=person).order_by("pk")
        before = {entry.pk: entry.pay_rate for entry in entries}
        _add_rates(person, {day: rate for day, rate in late.items() if day not in early})
        assert {entry.pk: entry.pay_rate for entry in entries.all()} == before
        unpaid.pay_at_rates_of_their_days(entries)
        for entry in entries.all():
            assert entry.pay_rate == (before[entry.pk] or person.rate_on(entry.date) or 0)


def _add_rates(person: object, history: dict[int, Decimal]) -> None:
    for day, rate in history.items():
        HourlyRateFactory(associate=person, rate=rate, effective_from=dt.date(2026, 2, day))
