"""What holds for all money and time: nothing is lost in splitting or rounding, and the past is never re-rated."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from clients.models import JobCode
from hours import rates
from hours.models import CENT, MINUTES_A_DAY, HourEntry, MileageEntry, to_cents
from hours.reports import pay

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
