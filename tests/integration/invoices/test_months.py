"""The report “Invoices sent per month”."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from associates.models import Associate
from invoices.months import Month, sent_per_month, summed
from tests.factories import InvoiceFactory, InvoiceLineFactory, PaymentFactory

pytestmark = pytest.mark.django_db
URL = "/invoices/months/"
JANUARY, FEBRUARY, MARCH = (dt.date(2026, month, 1) for month in (1, 2, 3))


@pytest.fixture
def year() -> None:
    """Three sent in January, one of them paid elsewhere; none in February; one in March, paid in part, and a draft."""
    for status, day in (("sent", 1), ("overdue", 15), ("paid", 31)):
        InvoiceLineFactory(amount=Decimal("100.10"), invoice__status=status, invoice__date=JANUARY.replace(day=day))
    owed = InvoiceFactory(status="sent", date=dt.date(2026, 3, 31), adjustment=Decimal("-0.05"))
    InvoiceLineFactory.create_batch(2, invoice=owed, amount=Decimal("0.15"))
    PaymentFactory.create_batch(2, invoice=owed, amount=Decimal("0.10"))
    InvoiceLineFactory(invoice__status="tl_approved", invoice__date=MARCH)
    InvoiceLineFactory(invoice__status="sent", invoice__date=dt.date(2026, 4, 1))


def test_every_month_with_what_was_sent_in_it(year: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        months = sent_per_month(dt.date(2026, 1, 20), dt.date(2026, 3, 2))
    assert months == [
        Month(JANUARY, 3, Decimal("300.30"), Decimal("100.10")),
        Month(FEBRUARY),
        Month(MARCH, 1, Decimal("0.25"), Decimal("0.20")),
    ]
    assert [month.open for month in months] == [Decimal("200.20"), Decimal(0), Decimal("0.05")]
    assert summed(months) == Month(JANUARY, 4, Decimal("300.55"), Decimal("100.30"))


def test_the_page_its_picture_and_its_csv(
    year: None, owner: Associate, client_for: Callable[[Associate], Browser]
) -> None:
    browser, query = client_for(owner), "date_from=2026-01-01&date_to=2026-03-31"
    page = browser.get(f"{URL}?{query}").content.decode()
    read_out = "January 2026 $300.30, 3 invoices; February 2026 $0.00, no invoice; March 2026 $0.25, 1 invoice"
    assert f'role="img" aria-label="Invoices sent per month: {read_out}"' in page
    assert page.count("<rect") == 3
    answer: Any = browser.get(f"{URL}?{query}&export=csv")
    assert b"".join(answer.streaming_content).decode("utf-8-sig").splitlines() == [
        "Month,Invoices,Total,Paid,Open",
        "2026-01,3,300.30,100.10,200.20",
        "2026-02,0,0.00,0.00,0.00",
        "2026-03,1,0.25,0.20,0.05",
    ]


@time_machine.travel("2026-11-26 18:00Z", tick=False)
def test_the_last_twelve_months_unless_asked_otherwise(
    owner: Associate, client_for: Callable[[Associate], Browser]
) -> None:
    page = client_for(owner).get(URL)
    months, form = page.context["months"], page.context["form"]
    assert (form["date_from"].value(), form["date_to"].value()) == ("2025-12-01", "2026-11-26")
    assert (len(months), months[0].first_day, months[-1].first_day) == (12, dt.date(2025, 12, 1), dt.date(2026, 11, 1))


@time_machine.travel("2026-11-26 18:00Z", tick=False)
@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("date_from=2026-03-01&date_to=2026-02-01", {"__all__": ["The period ends before it begins."]}),
        (
            "date_from=1999-03-01&date_to=2026-02-01",
            {"__all__": ["That is more than five years: choose a shorter period."]},
        ),
        ("date_to=0001-01-01", {"date_to": ["Between 1990 and 2027: look at the year."]}),
        ("date_from=9999-12-31", {"date_from": ["Between 1990 and 2027: look at the year."]}),
        ("date_from=spring", {"date_from": ["Enter a valid date."]}),
    ],
)
def test_a_period_that_makes_no_sense_is_said(
    query: str, refusal: dict[str, Any], owner: Associate, client_for: Callable[[Associate], Browser]
) -> None:
    page = client_for(owner).get(f"{URL}?{query}&export=csv")
    assert (page.status_code, page.context["form"].errors, page.context["months"]) == (200, refusal, [])


def test_who_reads_it(cast: dict[str, Associate], client_for: Callable[[Associate], Browser]) -> None:
    answers = {name: client_for(person).get(URL).status_code for name, person in cast.items()}
    assert answers == {"owner": 200, "senior_admin": 200, "admin": 200, "lead": 403, "basic": 403}
