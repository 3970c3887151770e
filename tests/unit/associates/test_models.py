"""The people: how they are called, whether they can sign in, and what they are paid."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError
from django.test import RequestFactory

from associates.models import Associate
from tests.factories import PASSWORD, AssociateFactory, HourlyRateFactory

pytestmark = pytest.mark.django_db


def test_a_name_has_no_gaps() -> None:
    assert Associate(first_name="Ann", last_name="Lee").name == "Ann Lee"
    assert Associate(first_name="Ann", middle_name="B.", last_name="Lee").name == "Ann B. Lee"
    assert Associate(last_name="Van 2").name == "Van 2"


def test_an_address_has_no_gaps() -> None:
    assert (
        Associate(address="12 Elm Street", state="WI", postal_code="53703").postal_address == "12 Elm Street, WI 53703"
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [({}, True), ({"username": None}, False), ({"password": ""}, False), ({"is_active": False}, False)],
)
def test_can_sign_in(values: dict[str, object], expected: bool) -> None:
    person = AssociateFactory(username="ann", password=PASSWORD)
    for name, value in values.items():
        setattr(person, name, value)
    assert person.can_sign_in is expected


def test_capitals_in_a_username_do_not_matter_and_do_not_make_another() -> None:
    person = AssociateFactory(username="Ann")
    assert authenticate(RequestFactory().post("/"), username="ANN", password=PASSWORD) == person
    with pytest.raises(IntegrityError):
        AssociateFactory(username="aNN")


def test_nobody_signs_in_without_a_username() -> None:
    AssociateFactory(username=None)
    assert authenticate(RequestFactory().post("/"), username="", password=PASSWORD) is None


def test_work_is_paid_at_the_rate_in_force_on_its_day() -> None:
    person = AssociateFactory()
    HourlyRateFactory(associate=person, rate=Decimal("20.00"), effective_from=dt.date(2026, 1, 1))
    HourlyRateFactory(associate=person, rate=Decimal("22.00"), effective_from=dt.date(2026, 6, 1))
    days = [dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 5, 31), dt.date(2026, 6, 1)]
    assert [person.rate_on(day) for day in days] == [None, Decimal("20.00"), Decimal("20.00"), Decimal("22.00")]
