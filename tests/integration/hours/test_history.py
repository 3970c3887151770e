"""“My Hours/Expense/Mileage History”: who sees which entries, filters, totals and CSV."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from associates.models import Associate
from tests.factories import (
    DAY,
    ExpenseEntryFactory,
    FlatFeeFactory,
    HourEntryFactory,
    JobCodeFactory,
    JobFactory,
    MileageEntryFactory,
    OrganizationFactory,
)

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Associate | None], Browser]
FACTORIES: dict[str, Any] = {
    "hours": HourEntryFactory,
    "expenses": ExpenseEntryFactory,
    "mileage": MileageEntryFactory,
    "flat_fees": FlatFeeFactory,
}


@pytest.fixture
def office(lead: Associate, client_for: ClientFor) -> Browser:
    return client_for(lead)


def described(page: Any) -> list[str]:
    return [row.record.description for row in page.context["table"].rows]


def csv(browser: Browser, kind: str) -> list[str]:
    answer: Any = browser.get(f"{reverse(f'hours:{kind}')}?export=csv")
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()


def totals(browser: Browser, kind: str, query: str = "") -> list[tuple[str, str]]:
    return browser.get(f"{reverse(f'hours:{kind}')}?totals=all&{query}").context["totals"]


@pytest.mark.parametrize("kind", FACTORIES)
def test_who_may_open_which(cast: dict[str, Associate], client_for: ClientFor, kind: str) -> None:
    answers = {name: client_for(person).get(reverse(f"hours:{kind}")).status_code for name, person in cast.items()}
    expected = {"owner": 200, "senior_admin": 200, "admin": 200, "lead": 200, "basic": 200}
    assert answers == expected | ({"basic": 403} if kind == "flat_fees" else {})


@pytest.mark.parametrize("kind", FACTORIES)
def test_signed_out_one_is_asked_to_sign_in(client: Browser, kind: str) -> None:
    url = reverse(f"hours:{kind}")
    assert client.get(url).headers["Location"] == f"{reverse('login')}?next={url}"


@pytest.mark.parametrize("kind", ["hours", "expenses", "mileage"])
def test_basic_users_see_their_own_and_all_above_everybodys(
    cast: dict[str, Associate], client_for: ClientFor, kind: str
) -> None:
    for name, person in cast.items():
        FACTORIES[kind](associate=person, description=name)
    seen = {name: sorted(described(client_for(person).get(reverse(f"hours:{kind}")))) for name, person in cast.items()}
    everybodys = sorted(cast)
    assert seen == dict.fromkeys(("owner", "senior_admin", "admin", "lead"), everybodys) | {"basic": ["basic"]}


def test_a_basic_user_cannot_ask_for_another_person(basic: Associate, lead: Associate, client_for: ClientFor) -> None:
    HourEntryFactory(associate=basic, description="mine")
    HourEntryFactory(associate=lead, description="theirs")
    page = client_for(basic).get(f"{reverse('hours:hours')}?person={lead.pk}")
    assert described(page) == ["mine"]
    assert "person" not in page.context["filterset"].form.fields


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["late", "early"]),
        ("q=lat", ["late"]),
        ("q=ray", ["late"]),
        ("client={client}", ["late"]),
        ("job={job}", ["late"]),
        ("person={person}", ["late"]),
        ("date_from=2026-03-03", ["late"]),
        ("date_to=2026-03-02", ["early"]),
        ("date_from=2026-03-02&date_to=2026-03-03", ["late", "early"]),
        ("approved=yes", ["late"]),
        ("approved=no", ["early"]),
        ("billable=no", ["late"]),
        ("billable=yes", ["early"]),
        ("person=4711", []),
        ("date_from=soon", []),
    ],
)
@pytest.mark.parametrize("kind", FACTORIES)
def test_entries_filtered(office: Browser, lead: Associate, kind: str, query: str, found: list[str]) -> None:
    FACTORIES[kind](description="early")
    late = FACTORIES[kind](
        description="late", job__client__name="Walter Ray", date=DAY + dt.timedelta(days=1), billable=False,
        approved_by=lead, approved_at=timezone.now(),
    )  # fmt: skip
    ids = {"client": late.job.client_id, "job": late.job_id, "person": late.associate_id}
    page = office.get(f"{reverse(f'hours:{kind}')}?{query.format(**ids)}")
    assert described(page) == found


def test_hours_by_job_code_and_expenses_by_category(office: Browser) -> None:
    sorting = HourEntryFactory(description="sorting", job_code=JobCodeFactory())
    boxes = ExpenseEntryFactory(description="boxes", paid_from="card")
    HourEntryFactory()
    ExpenseEntryFactory()
    assert described(office.get(f"{reverse('hours:hours')}?job_code={sorting.job_code_id}")) == ["sorting"]
    assert described(office.get(f"{reverse('hours:expenses')}?category={boxes.category_id}")) == ["boxes"]
    assert described(office.get(f"{reverse('hours:expenses')}?paid_from=card")) == ["boxes"]


@pytest.mark.parametrize("kind", FACTORIES)
def test_listings_take_as_many_queries_for_30_rows_as_for_one(
    office: Browser, lead: Associate, kind: str, django_assert_max_num_queries: Any
) -> None:
    more = {"expenses": {"vendor": OrganizationFactory()}, "hours": {"job_code": JobCodeFactory()}}.get(kind, {})
    counts = []
    for rows in (1, 29):
        FACTORIES[kind].create_batch(rows, approved_by=lead, approved_at=timezone.now(), **more)
        with django_assert_max_num_queries(12) as queries:
            office.get(f"{reverse(f'hours:{kind}')}?paging=off")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_totals_are_those_of_all_filtered_rows(office: Browser, basic: Associate) -> None:
    HourEntryFactory.create_batch(30, minutes=100, charge_rate=Decimal("65.00"))
    HourEntryFactory(minutes=60, billable=False, associate=basic)
    ExpenseEntryFactory.create_batch(3, amount=Decimal("0.10"))
    MileageEntryFactory.create_batch(3)
    FlatFeeFactory()
    assert {kind: totals(office, kind) for kind in FACTORIES} == {
        "hours": [("Hours", "51.00"), ("Charge", "$3,249.90")],
        "expenses": [("Amount", "$0.30"), ("Charge", "$0.30")],
        "mileage": [("Miles", "60.0"), ("Charge", "$40.20")],
        "flat_fees": [("Amount", "$75.00"), ("Charge", "$75.00")],
    }
    assert totals(office, "hours", f"person={basic.pk}") == [("Hours", "1.00"), ("Charge", "$0.00")]


def test_a_pages_totals_stand_under_their_columns(office: Browser) -> None:
    HourEntryFactory.create_batch(30, minutes=100, charge_rate=Decimal("65.00"))
    table = office.get(reverse("hours:hours")).context["table"]
    assert [table.columns[name].footer for name in ("minutes", "charge")] == ["41.67", "$2,708.25"]


def test_the_csv_shows_charges_to_those_who_review_invoices(
    lead: Associate, basic: Associate, client_for: ClientFor
) -> None:
    job = JobFactory(client__name="Ann Ray", name="Move")
    HourEntryFactory(associate=basic, job=job, job_code=JobCodeFactory(label="Packing"), description="Kitchen")
    MileageEntryFactory(associate=basic, job=job)
    ExpenseEntryFactory(associate=basic, job=job, category__name="Materials", vendor=OrganizationFactory(name="U-Box"))
    FlatFeeFactory(associate=lead, job=job)
    seen_by_lead = {kind: csv(client_for(lead), kind) for kind in FACTORIES}
    assert seen_by_lead == {
        "hours": [
            "Date,Person,Client,Job,Job code,Description,Hours,Charge,Approved,Invoice",
            "2026-03-02,Ben Basic,Ann Ray,Move,Packing,Kitchen,1.50,97.50,No,",
        ],
        "mileage": [
            "Date,Person,Client,Job,Description,Miles,Charge,Approved,Invoice",
            "2026-03-02,Ben Basic,Ann Ray,Move,To the client and back,20.0,13.40,No,",
        ],
        "expenses": [
            "Date,Person,Client,Job,Category,Vendor,Description,Paid from,Amount,Charge,Approved,Invoice",
            "2026-03-02,Ben Basic,Ann Ray,Move,Materials,U-Box,Boxes,Company bank account,31.20,31.20,No,",
        ],
        "flat_fees": [
            "Date,Person,Client,Job,Description,Amount,Charge,Approved,Invoice",
            "2026-03-02,Lena Lead,Ann Ray,Move,Packing material,75.00,75.00,No,",
        ],
    }
    assert csv(client_for(basic), "hours") == [
        "Date,Client,Job,Job code,Description,Hours,Approved",
        "2026-03-02,Ann Ray,Move,Packing,Kitchen,1.50,No",
    ]
    assert totals(client_for(basic), "hours") == [("Hours", "1.50")]
    page = client_for(basic).get(reverse("hours:hours")).content.decode()
    assert [figure for figure in ("65.00", "97.50") if figure in page] == []


def test_tabs_keep_the_filters_they_share(office: Browser, basic: Associate, client_for: ClientFor) -> None:
    page = office.get(f"{reverse('hours:hours')}?date_from=2026-03-01&job_code=&sort=minutes&page=2")
    assert page.context["tabs"] == [
        ("Hours", "/hours/?date_from=2026-03-01", True),
        ("Expenses", "/hours/expenses/?date_from=2026-03-01", False),
        ("Mileage", "/hours/mileage/?date_from=2026-03-01", False),
        ("Flat fees", "/hours/flat-fees/?date_from=2026-03-01", False),
    ]
    shown = client_for(basic).get(reverse("hours:expenses")).context["tabs"]
    assert [label for label, _, _ in shown] == ["Hours", "Expenses", "Mileage"]


def test_the_menu_by_the_manuals_names(office: Browser) -> None:
    menu = dict(office.get(reverse("hours:expenses")).context["menu"])
    ours = [(entry.label, entry.url, entry.current) for entry in menu["Associates"] if entry.url.startswith("/hours/")]
    assert ours == [
        ("Record My Hours/Mileage", "/hours/record/", False),
        ("Record My Expenses", "/hours/expenses/record/", False),
        ("My Hours/Expense/Mileage History", "/hours/", True),
    ]
