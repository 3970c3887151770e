"""The charge in SQL is the entry's own, to the cent."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hours.amounts import charge_of, with_charge
from hours.models import ExpenseEntry, FlatFee, HourEntry, MileageEntry
from tests.factories import ExpenseEntryFactory, FlatFeeFactory, HourEntryFactory, MileageEntryFactory

pytestmark = pytest.mark.django_db
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def money(places: int, highest: str) -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=0, max_value=Decimal(highest), places=places)


@MANY
@given(facts=st.lists(st.tuples(st.integers(1, 1440), money(2, "99999.99")), min_size=1, max_size=8))
def test_hours(facts: list[tuple[int, Decimal]]) -> None:
    HourEntry.objects.all().delete()
    first = HourEntryFactory()
    HourEntry.objects.bulk_create(
        [
            HourEntry(job=first.job, associate=first.associate, date=first.date, minutes=minutes, charge_rate=rate)
            for minutes, rate in facts
        ]
    )
    for entry in with_charge(HourEntry.objects.all()):
        assert Decimal(entry.charge_cents) / 100 == entry.charge_amount


@MANY
@given(facts=st.lists(st.tuples(money(1, "9999"), money(1, "9999"), money(3, "99")), min_size=1, max_size=8))
def test_miles(facts: list[tuple[Decimal, Decimal, Decimal]]) -> None:
    MileageEntry.objects.all().delete()
    first = MileageEntryFactory()
    MileageEntry.objects.bulk_create(
        [
            MileageEntry(
                job=first.job, associate=first.associate, date=first.date, miles=miles + Decimal("0.1"),
                charge_included_miles=included, charge_rate=rate,
            )
            for miles, included, rate in facts
        ]
    )  # fmt: skip
    for entry in with_charge(MileageEntry.objects.all()):
        assert Decimal(entry.charge_cents) / 100 == entry.charge_amount


@pytest.mark.parametrize(
    ("model", "factory", "charge"),
    [
        (HourEntry, HourEntryFactory, "97.50"),
        (MileageEntry, MileageEntryFactory, "13.40"),
        (ExpenseEntry, ExpenseEntryFactory, "31.20"),
        (FlatFee, FlatFeeFactory, "75.00"),
    ],
)
def test_what_is_not_billable_is_not_charged(model: Any, factory: Any, charge: str) -> None:
    factory()
    factory(billable=False)
    entries = with_charge(model.objects.order_by("pk"))
    assert [(entry.charge_cents, charge_of(entry)) for entry in entries] == [
        (Decimal(charge) * 100, Decimal(charge)),
        (None, None),
    ]
