"""Recording, changing, approving and removing entries."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from associates.models import Associate
from clients.models import Job
from hours import rates, recording
from hours.models import Entry, HourEntry, PaidFrom
from smmware.core.permissions import Level
from tests.factories import (
    DAY,
    AssociateFactory,
    ClientFactory,
    ExpenseCategoryFactory,
    ExpenseEntryFactory,
    FlatFeePresetFactory,
    HourEntryFactory,
    HourlyRateFactory,
    JobCodeFactory,
    JobFactory,
    MileageEntryFactory,
    OrganizationFactory,
)

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(hours=5)


def stored(entry: Entry) -> dict[str, Any]:
    """The entry as the database has it, without what every row has."""
    values = type(entry)._default_manager.filter(pk=entry.pk).values().get()
    return {name: value for name, value in values.items() if name not in ("id", "created_at", "updated_at")}


def refusal(caught: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]] | list[str]:
    error = caught.value
    return error.message_dict if hasattr(error, "error_dict") else error.messages


@pytest.fixture
def associate() -> Associate:
    person = AssociateFactory(first_name="Ann", last_name="Lee")
    HourlyRateFactory(associate=person, rate=Decimal("22.00"), effective_from=dt.date(2026, 1, 1))
    HourlyRateFactory(associate=person, rate=Decimal("24.50"), effective_from=dt.date(2026, 3, 2))
    HourlyRateFactory(associate=person, rate=Decimal("99.00"), effective_from=dt.date(2026, 3, 3))
    return person


@pytest.fixture
def overhead() -> Job:
    us = ClientFactory(name="Gentle Moves", is_own_company=True)
    return JobFactory(client=us, name="Bookkeeping", type=Job.Type.ADMINISTRATIVE_OVERHEAD)


def test_hours_keep_the_rates_of_their_day(associate: Associate) -> None:
    job, code = JobFactory(), JobCodeFactory(charge_rate=Decimal("65.00"))
    entry = recording.record_hours(
        job=job, associate=associate, date=DAY, minutes=95, job_code=code, description="Packing"
    )
    assert stored(entry) == {
        "version": 1,
        "job_id": job.pk,
        "associate_id": associate.pk,
        "date": DAY,
        "description": "Packing",
        "billable": True,
        "approved_by_id": None,
        "approved_at": None,
        "minutes": 95,
        "job_code_id": code.pk,
        "charge_rate": Decimal("65.00"),
        "pay_rate": Decimal("24.50"),
    }


@pytest.mark.parametrize(
    ("job_rate", "code_rates", "expected"),
    [
        (None, None, ("0", "24.50")),
        (None, ("65.00", None), ("65.00", "24.50")),
        (None, ("65.00", "30.00"), ("65.00", "30.00")),
        ("80.00", ("65.00", None), ("80.00", "24.50")),
        ("0.00", ("65.00", "0.00"), ("0.00", "0.00")),
    ],
)
def test_charge_and_pay_are_chosen_independently(
    associate: Associate, job_rate: str | None, code_rates: tuple[str, str | None] | None, expected: tuple[str, str]
) -> None:
    code = code_rates and JobCodeFactory(charge_rate=Decimal(code_rates[0]), pay_rate=code_rates[1])
    job = JobFactory(charge_rate=job_rate and Decimal(job_rate))
    entry = recording.record_hours(job=job, associate=associate, date=DAY, minutes=60, job_code=code or None)
    entry.refresh_from_db()
    assert (entry.charge_rate, entry.pay_rate) == (Decimal(expected[0]), Decimal(expected[1]))


def test_overhead_is_not_billable(associate: Associate, overhead: Job) -> None:
    assert recording.record_hours(job=overhead, associate=associate, date=DAY, minutes=30).billable is False
    with pytest.raises(ValidationError) as caught:
        recording.record_hours(job=overhead, associate=associate, date=DAY, minutes=30, billable=True)
    assert refusal(caught) == {"billable": ["Overhead is our own: it is billed to nobody."]}


def test_a_day_has_24_hours(associate: Associate) -> None:
    job = JobFactory()
    HourEntryFactory(associate=AssociateFactory(), date=DAY, minutes=600)
    HourEntryFactory(associate=associate, date=DAY, minutes=600)
    with pytest.raises(ValidationError) as caught:
        recording.record_hours(job=job, associate=associate, date=DAY, minutes=841)
    assert refusal(caught) == {
        "minutes": ["Ann Lee has 10.00 hours on Mar 2, 2026 already: with these it would be more than 24."]
    }
    assert recording.record_hours(job=job, associate=associate, date=DAY, minutes=840).minutes == 840


@pytest.mark.parametrize("minutes", [0, -60, 1441])
def test_nonsense_hours_are_refused(associate: Associate, minutes: int) -> None:
    with pytest.raises(ValidationError) as caught:
        recording.record_hours(job=JobFactory(), associate=associate, date=DAY, minutes=minutes)
    assert list(caught.value.message_dict) == ["minutes"]
    assert not HourEntry.objects.exists()


def test_a_job_code_is_for_its_level_and_above(associate: Associate) -> None:
    code = JobCodeFactory(label="Estate sale", lowest_level=Level.TEAM_LEAD)
    with pytest.raises(ValidationError) as caught:
        recording.record_hours(job=JobFactory(), associate=associate, date=DAY, minutes=60, job_code=code)
    assert refusal(caught) == {"job_code": ["“Estate sale” at this price is not for Ann Lee."]}
    lead = AssociateFactory(level=Level.TEAM_LEAD)
    assert recording.record_hours(job=JobFactory(), associate=lead, date=DAY, minutes=60, job_code=code).pk


def test_miles_keep_both_formulas(associate: Associate) -> None:
    charge = rates.MileageFormula(Decimal("5.0"), Decimal("0.725"))
    pay = rates.MileageFormula(Decimal("2.5"), Decimal("0.500"))
    job = JobFactory()
    entry = recording.record_mileage(
        job=job, associate=associate, date=DAY, miles=Decimal("20.3"), charge=charge, pay=pay
    )
    assert stored(entry) == {
        "version": 1,
        "job_id": job.pk,
        "associate_id": associate.pk,
        "date": DAY,
        "description": "",
        "billable": True,
        "approved_by_id": None,
        "approved_at": None,
        "unit": "mi",
        "miles": Decimal("20.3"),
        "charge_included_miles": Decimal("5.0"),
        "charge_rate": Decimal("0.725"),
        "pay_included_miles": Decimal("2.5"),
        "pay_rate": Decimal("0.500"),
    }
    assert (entry.charge_amount, entry.pay_amount) == (Decimal("11.09"), Decimal("8.90"))


def test_a_vehicles_miles_are_charged_whole_and_paid_to_nobody() -> None:
    van = AssociateFactory(first_name="Van", last_name="1", kind=Associate.Kind.VEHICLE, username=None)
    entry = recording.record_mileage(job=JobFactory(), associate=van, date=DAY, miles=Decimal("20"))
    assert (entry.charge_amount, entry.pay_amount) == (Decimal("14.00"), Decimal("0.00"))


@pytest.mark.parametrize("miles", ["0", "-3", "20.35"])
def test_nonsense_miles_are_refused(associate: Associate, miles: str) -> None:
    with pytest.raises(ValidationError) as caught:
        recording.record_mileage(job=JobFactory(), associate=associate, date=DAY, miles=Decimal(miles))
    assert list(caught.value.message_dict) == ["miles"]


def test_an_expense(associate: Associate) -> None:
    job, category, vendor = JobFactory(), ExpenseCategoryFactory(), OrganizationFactory()
    entry = recording.record_expense(
        job=job, associate=associate, date=DAY, amount=Decimal("31.20"), category=category, vendor=vendor,
        paid_from=PaidFrom.CREDIT_CARD, description="Boxes", billable=False,
    )  # fmt: skip
    assert stored(entry) == {
        "version": 1,
        "job_id": job.pk,
        "associate_id": associate.pk,
        "date": DAY,
        "description": "Boxes",
        "billable": False,
        "approved_by_id": None,
        "approved_at": None,
        "vendor_id": vendor.pk,
        "category_id": category.pk,
        "amount": Decimal("31.20"),
        "paid_from": "card",
        "receipt": "",
    }


def test_a_flat_fee(associate: Associate) -> None:
    job, preset = JobFactory(), FlatFeePresetFactory()
    entry = recording.record_flat_fee(
        job=job, associate=associate, date=DAY, amount=Decimal("75"), description="Boxes", preset=preset, taxable=True
    )
    assert stored(entry) == {
        "version": 1,
        "job_id": job.pk,
        "associate_id": associate.pk,
        "date": DAY,
        "description": "Boxes",
        "billable": True,
        "approved_by_id": None,
        "approved_at": None,
        "amount": Decimal("75.00"),
        "preset_id": preset.pk,
        "taxable": True,
    }


def test_nonsense_amounts_are_refused(associate: Associate) -> None:
    facts: dict[str, Any] = {"job": JobFactory(), "associate": associate, "date": DAY, "amount": Decimal("-1")}
    with pytest.raises(ValidationError) as expense:
        recording.record_expense(category=ExpenseCategoryFactory(), **facts)
    with pytest.raises(ValidationError) as fee:
        recording.record_flat_fee(**facts)
    assert [list(caught.value.message_dict) for caught in (expense, fee)] == [["amount"], ["amount"]]


def test_what_rates_do_not_hang_on_leaves_them(associate: Associate) -> None:
    code = JobCodeFactory(charge_rate=Decimal("65.00"))
    entry = recording.record_hours(job=JobFactory(), associate=associate, date=DAY, minutes=60, job_code=code)
    type(code).objects.update(charge_rate=Decimal("90.00"))
    associate.hourly_rates.update(rate=Decimal("50.00"))
    entry = HourEntry.objects.get()
    entry.minutes, entry.description = 120, "Longer"
    recording.change(entry=entry)
    entry.refresh_from_db()
    assert (entry.minutes, entry.charge_rate, entry.pay_rate, entry.version) == (
        120,
        Decimal("65"),
        Decimal("24.50"),
        2,
    )


def test_another_day_is_paid_at_that_days_rate_and_charged_as_before(associate: Associate) -> None:
    code = JobCodeFactory(charge_rate=Decimal("65.00"))
    entry = recording.record_hours(job=JobFactory(), associate=associate, date=DAY, minutes=60, job_code=code)
    type(code).objects.update(charge_rate=Decimal("90.00"))
    entry = HourEntry.objects.get()
    entry.date = dt.date(2026, 2, 27)
    recording.change(entry=entry)
    assert (entry.charge_rate, entry.pay_rate) == (Decimal("65.00"), Decimal("22.00"))


def test_another_job_code_is_charged_at_its_own_rate(associate: Associate) -> None:
    entry = recording.record_hours(job=JobFactory(), associate=associate, date=DAY, minutes=60)
    entry.job_code = JobCodeFactory(charge_rate=Decimal("90.00"), pay_rate=Decimal("31.00"))
    recording.change(entry=entry)
    assert (entry.charge_rate, entry.pay_rate) == (Decimal("90.00"), Decimal("31.00"))


def test_miles_moved_to_a_vehicle_take_its_formulas(associate: Associate) -> None:
    entry = recording.record_mileage(job=JobFactory(), associate=associate, date=DAY, miles=Decimal("20"))
    entry.associate = AssociateFactory(kind=Associate.Kind.VEHICLE)
    recording.change(entry=entry)
    assert (entry.charge_amount, entry.pay_amount) == (Decimal("14.00"), Decimal("0.00"))


def test_a_changed_entry_is_checked_as_a_new_one(associate: Associate, overhead: Job) -> None:
    entry = recording.record_hours(job=JobFactory(), associate=associate, date=DAY, minutes=60)
    entry.job = overhead
    with pytest.raises(ValidationError) as caught:
        recording.change(entry=entry)
    assert refusal(caught) == {"billable": ["Overhead is our own: it is billed to nobody."]}


def test_the_first_approver_stays(lead: Associate, admin: Associate) -> None:
    entries: list[Entry] = [HourEntryFactory(), MileageEntryFactory(), ExpenseEntryFactory()]
    assert recording.approve(entries=entries[:2], by=lead, at=NOON) == 2
    assert recording.approve(entries=entries, by=admin, at=LATER) == 1
    for entry in entries:
        entry.refresh_from_db()
    assert [(entry.approved_by, entry.approved_at, entry.version) for entry in entries] == [
        (lead, NOON, 2),
        (lead, NOON, 2),
        (admin, LATER, 2),
    ]


def test_approving_many_takes_as_many_queries_as_approving_one(lead: Associate) -> None:
    numbers = []
    for count in (1, 30):
        entries = [*HourEntryFactory.create_batch(count), *MileageEntryFactory.create_batch(count)]
        with CaptureQueriesContext(connection) as queries:
            recording.approve(entries=entries, by=lead, at=timezone.now())
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_an_approved_entry_is_locked_until_unapproved(lead: Associate) -> None:
    entry = HourEntryFactory()
    recording.approve(entries=[entry], by=lead, at=NOON)
    locked = ["It is approved and therefore locked. Take the approval back first."]
    entry.refresh_from_db()
    entry.minutes = 30
    for attempt in (recording.change, recording.remove):
        with pytest.raises(ValidationError) as caught:
            attempt(entry=entry)
        assert refusal(caught) == locked
    recording.unapprove(entry=entry)
    entry = HourEntry.objects.get()
    assert (entry.approved_by, entry.approved_at, entry.minutes) == (None, None, 90)
    recording.remove(entry=entry)
    assert not HourEntry.objects.exists()


def test_an_approval_seen_too_late_still_locks(lead: Associate) -> None:
    entry = HourEntryFactory()
    seen = HourEntry.objects.get()
    recording.approve(entries=[entry], by=lead, at=NOON)
    seen.minutes = 30
    with pytest.raises(ValidationError):
        recording.change(entry=seen)
    assert HourEntry.objects.get().minutes == 90
