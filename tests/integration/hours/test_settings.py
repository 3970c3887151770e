"""Admin→Settings: time and approval, charging and paying, mileage formulas, expense categories and presets."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from associates.models import Associate
from hours import recording, settings_urls
from hours.models import DescriptionPreset, ExpenseCategory, FlatFee, FlatFeePreset, MileageRates, TimeSettings
from tests.factories import (
    DAY,
    AssociateFactory,
    ExpenseCategoryFactory,
    ExpenseEntryFactory,
    FlatFeeFactory,
    FlatFeePresetFactory,
    HourEntryFactory,
    HourlyRateFactory,
    JobCodeFactory,
    JobFactory,
    MileageRatesFactory,
    TimeSettingsFactory,
)

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Associate | None], Browser]
TIME, RATES, MILEAGE = "/settings/time/", "/settings/rates/", "/settings/mileage/"
FORMULAS = {"pay_rate": "0.5", "pay_included_miles": "0", "charge_rate": "0.725", "charge_included_miles": "10"}


@pytest.fixture
def office(admin: Associate, client_for: ClientFor) -> Browser:
    return client_for(admin)


def errors(response: Any) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


def address(name: str) -> str:
    records = {
        "expense_category": ExpenseCategoryFactory,
        "description": lambda: DescriptionPreset.objects.get_or_create(text="Packing")[0],
        "flat_fee_preset": FlatFeePresetFactory,
    }
    _, _, kind = name.partition("_")
    needs_key = name.startswith(("edit_", "delete_"))
    return reverse(f"hour_settings:{name}", args=[records[kind]().pk] if needs_key else [])


@pytest.mark.parametrize("name", [str(pattern.name) for pattern in settings_urls.urlpatterns])
def test_who_may_open_which(cast: dict[str, Associate], client_for: ClientFor, name: str) -> None:
    url = address(name)
    answers = {who: client_for(person).get(url).status_code for who, person in cast.items()}
    assert answers == {"owner": 200, "senior_admin": 200, "admin": 200, "lead": 403, "basic": 403}
    assert [client_for(cast[who]).post(url, {"approval": "strict"}).status_code for who in ("lead", "basic")] == [
        403
    ] * 2
    assert not TimeSettings.objects.exists()


def test_the_sections_stand_in_settings(office: Browser) -> None:
    headings = [section.heading for section in office.get("/settings/").context["sections"]]
    for heading in (
        "2) Time and Approval", "3) Charging and Paying", "3) Mileage", "5) Descriptions", "5) Expense Categories",
        "5) Flat Fee Presets",
    ):  # fmt: skip
        assert heading in headings


def test_approval_and_unit(office: Browser) -> None:
    assert office.post(TIME, {"approval": "strict", "distance": "km"}).headers["Location"] == "/settings/"
    assert TimeSettings.objects.values_list("approval", "distance").get() == ("strict", "km")
    assert recording.record_mileage(
        job=JobFactory(), associate=AssociateFactory(first_name="Ann", last_name="Lee"), date=DAY, miles=Decimal("12.5")
    ).distance == "12.5 kilometres"  # fmt: skip
    assert errors(office.post(TIME, {"approval": "strict", "distance": "mi"})) == {
        "distance": ["1 entries are recorded in kilometres already: it has to stay that way."]
    }


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"charge_by": "one_rate"}, {"charge_rate": ["Say what the one rate is."]}),
        (
            {"charge_by": "one_rate", "charge_rate": "-1"},
            {"charge_rate": ["Ensure this value is greater than or equal to 0."]},
        ),
        ({"charge_by": "guess"}, {"charge_by": ["Select a valid choice. guess is not one of the available choices."]}),
    ],
)
def test_rates_that_make_no_sense(office: Browser, sent: dict[str, str], wrong: dict[str, list[str]]) -> None:
    assert errors(office.post(RATES, {"pay_by": "job_code", **sent})) == wrong
    assert not TimeSettings.objects.exists()


@pytest.mark.parametrize(
    ("charge_by", "pay_by", "job_rate", "expected"),
    [
        ("job_code", "job_code", None, ("65.00", "30.00")),
        ("one_rate", "job_code", None, ("72.00", "30.00")),
        ("job_code", "associate", None, ("65.00", "24.50")),
        ("one_rate", "associate", "80.00", ("80.00", "24.50")),
    ],
)
def test_charging_and_paying_are_chosen_independently(
    office: Browser, charge_by: str, pay_by: str, job_rate: str | None, expected: tuple[str, str]
) -> None:
    office.post(RATES, {"charge_by": charge_by, "charge_rate": "72", "pay_by": pay_by})
    associate = HourlyRateFactory(rate=Decimal("24.50")).associate
    code = JobCodeFactory(charge_rate=Decimal("65.00"), pay_rate=Decimal("30.00"))
    job = JobFactory(charge_rate=job_rate and Decimal(job_rate))
    entry = recording.record_hours(job=job, associate=associate, date=DAY, minutes=60, job_code=code)
    assert (entry.charge_rate, entry.pay_rate) == (Decimal(expected[0]), Decimal(expected[1]))


def test_other_settings_leave_what_is_recorded(office: Browser) -> None:
    entry = HourEntryFactory()
    TimeSettingsFactory()
    office.post(RATES, {"charge_by": "one_rate", "charge_rate": "1", "pay_by": "associate"})
    entry.refresh_from_db()
    assert (entry.charge_rate, entry.pay_rate, entry.version) == (Decimal("65.00"), Decimal("24.50"), 1)
    assert TimeSettings.objects.get().approval == TimeSettings.Approval.COOPERATIVE


def test_formulas_hold_from_their_day_on(office: Browser) -> None:
    facts: dict[str, Any] = {"job": JobFactory(), "associate": AssociateFactory(), "miles": Decimal("20")}
    before = recording.record_mileage(date=DAY, **facts)
    assert office.post(MILEAGE, {**FORMULAS, "effective_from": "2026-03-02"}).headers["Location"] == MILEAGE
    before.refresh_from_db()
    eve, day = (recording.record_mileage(date=date, **facts) for date in (dt.date(2026, 3, 1), DAY))
    assert [(entry.charge_amount, entry.pay_amount) for entry in (before, eve, day)] == [
        (Decimal("7.00"), Decimal("14.00")),
        (Decimal("7.00"), Decimal("14.00")),
        (Decimal("7.25"), Decimal("10.00")),
    ]
    day.date = dt.date(2026, 3, 1)
    assert recording.change(entry=day).pay_amount == Decimal("14.00")
    assert "$0.725 a mile beyond 10.0" in office.get(MILEAGE).content.decode()


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"pay_rate": "-0.1"}, "pay_rate"),
        ({"charge_included_miles": "-1"}, "charge_included_miles"),
        ({"charge_rate": ""}, "charge_rate"),
        ({"effective_from": "2026-01-01"}, "effective_from"),
        ({"effective_from": "soon"}, "effective_from"),
    ],
)
def test_formulas_that_make_no_sense(office: Browser, sent: dict[str, str], wrong: str) -> None:
    MileageRatesFactory(effective_from=dt.date(2026, 1, 1))
    answer = office.post(MILEAGE, {**FORMULAS, "effective_from": "2026-02-01", **sent})
    assert list(errors(answer)) == [wrong]
    assert MileageRates.objects.count() == 1


@pytest.mark.parametrize(
    ("key", "one", "sent", "double"),
    [
        ("expense_categories", "expense_category", {"name": "Parking"}, {"name": "PARKING"}),
        ("descriptions", "description", {"text": "Packing"}, {"text": "packing"}),
        ("flat_fee_presets", "flat_fee_preset", {"label": "Kit", "amount": "85"}, {"label": "kit", "amount": "1"}),
    ],
)
def test_short_lists(office: Browser, key: str, one: str, sent: dict[str, str], double: dict[str, str]) -> None:
    listing, add = reverse(f"hour_settings:{key}"), reverse(f"hour_settings:add_{one}")
    assert office.post(add, sent).headers["Location"] == listing
    assert list(errors(office.post(add, double))) == [next(iter(sent))]
    record = office.get(listing).context["table"].rows[0].record
    edit, delete = (reverse(f"hour_settings:{verb}_{one}", args=[record.pk]) for verb in ("edit", "delete"))
    assert record.get_absolute_url() == edit
    shown = office.get(edit).context["form"]["seen_version"].value()
    assert office.post(edit, {**sent, "seen_version": shown}).headers["Location"] == listing
    assert "Somebody else saved this record" in office.post(edit, {**sent, "seen_version": shown}).content.decode()
    assert office.post(delete).headers["Location"] == listing
    assert not type(record)._default_manager.exists()


def test_a_category_in_use_stays_and_says_why(office: Browser) -> None:
    category = ExpenseEntryFactory(category__name="Parking").category
    url = reverse("hour_settings:delete_expense_category", args=[category.pk])
    assert "because it is still used by 1 expense entry" in office.get(url).content.decode()
    office.post(url)
    assert ExpenseCategory.objects.get() == category


def test_a_preset_goes_and_the_fees_made_with_it_stay(office: Browser) -> None:
    fee = FlatFeeFactory(preset=FlatFeePresetFactory())
    office.post(reverse("hour_settings:delete_flat_fee_preset", args=[fee.preset_id]))
    assert (FlatFee.objects.get().preset, FlatFeePreset.objects.count()) == (None, 0)


@pytest.mark.parametrize("key", ["expense_categories", "flat_fee_presets"])
def test_queries_do_not_grow_with_the_rows(office: Browser, key: str) -> None:
    make: Any = {"expense_categories": ExpenseCategoryFactory, "flat_fee_presets": FlatFeePresetFactory}[key]
    numbers = []
    for more in (1, 29):
        make.create_batch(more)
        with CaptureQueriesContext(connection) as queries:
            office.get(reverse(f"hour_settings:{key}"))
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 12
