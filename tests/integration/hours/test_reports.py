"""The “Payroll Expense Mileage Report”: the rate of each day, to the cent, for those who manage associates."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from associates.models import Associate
from clients.models import Job
from hours import recording
from hours.models import PaidFrom
from tests.factories import (
    AssociateFactory,
    ExpenseEntryFactory,
    HourEntryFactory,
    HourlyRateFactory,
    JobFactory,
    MileageEntryFactory,
    TimeSettingsFactory,
)

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Associate | None], Browser]
KEYS = ("payroll", "expenses", "mileage")
FACTORIES: dict[str, Any] = {
    "payroll": HourEntryFactory, "expenses": ExpenseEntryFactory, "mileage": MileageEntryFactory,
}  # fmt: skip
MARCH = "?date_from=2026-03-01&date_to=2026-03-31"


@pytest.fixture
def office(admin: Associate, client_for: ClientFor) -> Browser:
    return client_for(admin)


@pytest.fixture
def ann(db: None) -> Associate:
    return AssociateFactory(first_name="Ann", last_name="Lee")


def url(key: str, query: str = MARCH) -> str:
    return f"/hours/reports/{key}/{query}"


def rows(page: Any) -> list[tuple[str, ...]]:
    return [(str(row.person), *map(str, row.figures)) for row in page.context["report"].rows]


def csv(browser: Browser, key: str) -> list[str]:
    answer: Any = browser.get(url(key, f"{MARCH}&export=csv"))
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()


@pytest.mark.parametrize("key", KEYS)
def test_who_may_open_it(cast: dict[str, Associate], client_for: ClientFor, key: str) -> None:
    answers = {name: client_for(person).get(url(key)).status_code for name, person in cast.items()}
    assert answers == {"owner": 200, "senior_admin": 200, "admin": 200, "lead": 403, "basic": 403}


def test_each_hour_is_paid_at_the_rate_of_its_day(office: Browser, ann: Associate) -> None:
    job: Job = JobFactory()
    HourlyRateFactory(associate=ann, rate=Decimal("20.00"), effective_from=dt.date(2026, 1, 1))
    HourlyRateFactory(associate=ann, rate=Decimal("22.00"), effective_from=dt.date(2026, 3, 2))
    for day, minutes in ((1, 50), (1, 50), (2, 90)):
        recording.record_hours(job=job, associate=ann, date=dt.date(2026, 3, day), minutes=minutes)
    HourlyRateFactory(associate=ann, rate=Decimal("99.00"), effective_from=dt.date(2026, 2, 1))  # comes too late
    HourEntryFactory(date=dt.date(2026, 2, 28))
    page = office.get(url("payroll"))
    assert rows(page) == [("Ann Lee", "20.00", "100", "33.33"), ("Ann Lee", "22.00", "90", "33.00")]
    assert page.context["totals"] == [("Rate", ""), ("Hours", "3.17"), ("Pay", "$66.33")]
    assert [value.words for value in page.context["values"]] == ["Ann Lee $66.33"]
    assert csv(office, "payroll") == [
        "From,To,Person,Rate,Hours,Pay",
        "2026-03-01,2026-03-31,Ann Lee,20.00,1.67,33.33",
        "2026-03-01,2026-03-31,Ann Lee,22.00,1.50,33.00",
    ]


def test_ones_own_money_is_paid_back(office: Browser, ann: Associate) -> None:
    ExpenseEntryFactory(associate=ann, amount=Decimal("0.10"), paid_from=PaidFrom.ASSOCIATE)
    ExpenseEntryFactory(associate=ann, amount=Decimal("0.20"), paid_from=PaidFrom.ASSOCIATE)
    ExpenseEntryFactory(associate=ann, amount=Decimal("31.20"), paid_from=PaidFrom.CASH)
    assert rows(office.get(url("expenses"))) == [("Ann Lee", "3", "31.20", "0.30")]
    assert csv(office, "expenses")[1] == "2026-03-01,2026-03-31,Ann Lee,3,31.20,0.30"


def test_miles_are_paid_back_by_their_formula(office: Browser, ann: Associate) -> None:
    MileageEntryFactory(
        associate=ann, miles=Decimal("20.3"), pay_included_miles=Decimal("2.5"), pay_rate=Decimal("0.5")
    )
    MileageEntryFactory(associate=ann, miles=Decimal("2.0"), pay_included_miles=Decimal("2.5"), pay_rate=Decimal("0.5"))
    page = office.get(url("mileage"))
    assert rows(page) == [("Ann Lee", "2", "22.3", "8.90")]
    assert page.context["totals"] == [("Trips", "2"), ("Miles", "22.3"), ("To pay back", "$8.90")]


@pytest.mark.parametrize("key", KEYS)
def test_where_approval_is_on_what_waits_is_left_out_unless_asked_for(
    office: Browser, lead: Associate, ann: Associate, key: str
) -> None:
    TimeSettingsFactory()
    waiting, approved = FACTORIES[key](), FACTORIES[key](associate=ann)
    recording.approve(entries=[approved], by=lead, at=timezone.now())
    assert [row[0] for row in rows(office.get(url(key)))] == ["Ann Lee"]
    both = rows(office.get(url(key, f"{MARCH}&unapproved=on")))
    assert {row[0] for row in both} == {"Ann Lee", str(waiting.associate)}
    assert rows(office.get(url(key, f"{MARCH}&unapproved=on&person={ann.pk}"))) == rows(office.get(url(key)))


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("?date_from=2026-03-03&date_to=2026-03-01", {"__all__": ["The period ends before it begins."]}),
        (
            "?date_from=2020-03-03&date_to=2026-03-01",
            {"__all__": ["That is more than two years: choose a shorter period."]},
        ),
        ("?date_from=soon", {"date_from": ["Enter a valid date."]}),
    ],
)
def test_a_period_that_makes_no_sense(office: Browser, query: str, errors: dict[str, list[str]]) -> None:
    page = office.get(url("payroll", query))
    assert (page.context["form"].errors, page.context["report"]) == (errors, None)
    assert office.get(url("payroll", f"{query}&export=csv")).headers["Content-Type"].startswith("text/html")


def test_by_itself_it_is_about_this_month(office: Browser) -> None:
    page = office.get(url("payroll", ""))
    asked, form = page.context["asked"], page.context["form"]
    assert (asked.first, asked.last) == (dt.date(2026, 3, 1), dt.date(2026, 3, 3))
    assert (form["date_from"].value(), form["date_to"].value()) == ("2026-03-01", "2026-03-03")
    assert "Nothing that is approved was recorded" in office.get(url("payroll", "")).content.decode()


@pytest.mark.parametrize("key", KEYS)
def test_queries_do_not_grow_with_the_people(office: Browser, key: str) -> None:
    numbers = []
    for more in (1, 29):
        FACTORIES[key].create_batch(more)
        with CaptureQueriesContext(connection) as queries:
            page = office.get(url(key))
        numbers.append(len(queries))
    assert len(page.context["rows"]) == 30
    assert numbers[0] == numbers[1] <= 12
