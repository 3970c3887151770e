"""“Approvals”: what waits, by whom it is approved, one by one, as chosen, and all that is filtered."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from associates.models import Associate
from hours import recording
from hours.approval_listing import key_of
from hours.models import Entry, HourEntry, TimeSettings
from smmware.core.models import Company
from tests.factories import (
    DAY,
    AssociateFactory,
    ExpenseEntryFactory,
    FlatFeeFactory,
    HourEntryFactory,
    InvoiceLineFactory,
    JobFactory,
    MileageEntryFactory,
    TimeSettingsFactory,
)

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Associate | None], Browser]
URL = "/hours/approvals/"
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def settings_of_time(company: Company) -> TimeSettings:
    return TimeSettingsFactory()


@pytest.fixture
def office(lead: Associate, client_for: ClientFor) -> Browser:
    return client_for(lead)


def one_of_each(**facts: Any) -> list[Entry]:
    factories = (HourEntryFactory, MileageEntryFactory, ExpenseEntryFactory, FlatFeeFactory)
    return [factory(**facts) for factory in factories]


def shown(page: Any) -> list[Entry]:
    return [row.record for row in page.context["table"].rows]


def send(browser: Browser, **sent: Any) -> Any:
    return browser.post(URL, {"shown_at": timezone.now().isoformat(), **sent}, follow=True)


def approvers(entries: list[Entry]) -> list[Any]:
    return [type(entry)._default_manager.get(pk=entry.pk).approved_by for entry in entries]


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_who_may_open_it(cast: dict[str, Associate], client_for: ClientFor) -> None:
    answers = {name: client_for(person).get(URL).status_code for name, person in cast.items()}
    assert answers == {"owner": 200, "senior_admin": 200, "admin": 200, "lead": 200, "basic": 403}
    assert client_for(cast["basic"]).post(URL, {"all": ""}).status_code == 403


def test_entries_of_all_kinds_wait_oldest_first(office: Browser) -> None:
    late, early = HourEntryFactory(), ExpenseEntryFactory(date=DAY - dt.timedelta(days=1))
    miles, fee = MileageEntryFactory(), FlatFeeFactory()
    recording.approve(entries=[HourEntryFactory()], by=HourEntryFactory().associate, at=timezone.now())
    page = office.get(f"{URL}?q=")
    assert shown(page)[0] == early
    assert {*shown(page)} >= {early, late, miles, fee}
    assert len(shown(page)) == 5
    row = next(row for row in page.context["table"].rows if row.record == miles)
    assert (str(row.get_cell("kind")), str(row.get_cell("measured"))) == ("Mileage", "20.0 miles")


@pytest.mark.parametrize(
    ("query", "expected"),
    [("kind=expenses", [2]), ("job={job}", [0, 1, 2, 3]), ("date_to=2026-03-01", []), ("person={other}", []),
     ("q=ray+ann", [0, 1, 2, 3]), ("q=nobody", [])],
)  # fmt: skip
def test_filtered(office: Browser, lead: Associate, query: str, expected: list[int]) -> None:
    job = JobFactory()
    entries = one_of_each(job=job, associate=AssociateFactory(first_name="Ann", last_name="Ray"))
    FlatFeeFactory(date=dt.date(2026, 4, 2))
    page = office.get(f"{URL}?{query.format(job=job.pk, other=lead.pk)}")
    assert {entry for entry in shown(page) if entry in entries} == {entries[place] for place in expected}


def test_nonsense_in_a_filter_shows_nothing_and_approves_nothing(office: Browser) -> None:
    entries = one_of_each()
    page = office.get(f"{URL}?date_from=soon")
    assert (shown(page), page.context["filterset"].form.errors) == ([], {"date_from": ["Enter a valid date."]})
    assert office.post(URL, {"all": "", "filters": "date_from=soon"}).status_code == 403
    assert approvers(entries) == [None] * 4


def test_one_is_approved_and_vanishes(office: Browser, lead: Associate) -> None:
    entries = one_of_each()
    answer = send(office, one=key_of(entries[1]))
    assert messages(answer) == ["1 entry is approved."]
    assert approvers(entries) == [None, lead, None, None]
    assert {*shown(answer)} == {entries[0], entries[2], entries[3]}


def test_those_chosen_are_approved(office: Browser, lead: Associate) -> None:
    entries = one_of_each()
    answer = send(office, chosen="", entry=[key_of(entries[0]), key_of(entries[3])])
    assert messages(answer) == ["2 entries are approved."]
    assert approvers(entries) == [lead, None, None, lead]
    assert messages(send(office, chosen="")) == ["Nothing was chosen that waits for approval."]


def test_all_that_is_filtered_is_approved_and_nothing_else(office: Browser, lead: Associate) -> None:
    job = JobFactory()
    wanted, others = one_of_each(job=job), one_of_each()
    answer = send(office, all="", filters=f"job={job.pk}", back_to=f"job={job.pk}")
    assert messages(answer) == ["4 entries are approved."]
    assert answer.redirect_chain[-1][0] == f"{URL}?job={job.pk}"
    assert (approvers(wanted), approvers(others)) == ([lead] * 4, [None] * 4)


def test_the_first_approver_stays(office: Browser, lead: Associate, admin: Associate) -> None:
    entries = one_of_each()
    recording.approve(entries=entries[:2], by=admin, at=timezone.now())
    send(office, all="")
    assert approvers(entries) == [admin, admin, lead, lead]


def test_what_was_changed_or_came_after_the_page_was_shown_waits(office: Browser, lead: Associate) -> None:
    first, changed = HourEntryFactory(), HourEntryFactory()
    shown_at = timezone.now().isoformat()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=5), tick=False):
        changed.minutes = 600
        recording.change(entry=changed)
        new = HourEntryFactory()
        answer = office.post(URL, {"all": "", "shown_at": shown_at}, follow=True)
    assert messages(answer) == [
        "1 entry is approved.",
        "2 entries were recorded or changed after you opened this page and still wait: look at what is there now.",
    ]
    assert approvers([first, changed, new]) == [lead, None, None]


@pytest.mark.parametrize("moment", ["", "soon", "2026-03-03T15:00:00", "9999-99-99T99:99:99Z"])
def test_a_page_that_was_not_shown_approves_nothing(office: Browser, moment: str) -> None:
    entry = HourEntryFactory()
    assert office.post(URL, {"all": "", "shown_at": moment}).status_code == 403
    assert approvers([entry]) == [None]


def test_an_approval_is_taken_back_until_billed(office: Browser, lead: Associate) -> None:
    entry, billed = HourEntryFactory(), HourEntryFactory()
    InvoiceLineFactory(hour_entry=billed, invoice__number="1001")
    recording.approve(entries=[entry, billed], by=lead, at=timezone.now())
    assert {*shown(office.get(f"{URL}?approved=on"))} == {entry, billed}
    assert messages(send(office, back=key_of(entry))) == [f"{entry} is open again."]
    assert messages(send(office, back=key_of(billed))) == [
        "It is billed on Invoice 1001 and therefore locked. Take its line off there first."
    ]
    assert approvers([entry, billed]) == [None, lead]


@pytest.mark.parametrize(
    ("who", "seen"), [("lead", ["own"]), ("admin", ["others", "own"]), ("owner", ["others", "own"])]
)
def test_strict_leads_see_and_approve_their_own_jobs_only(
    cast: dict[str, Associate], client_for: ClientFor, settings_of_time: TimeSettings, who: str, seen: list[str]
) -> None:
    TimeSettings.objects.update(approval=TimeSettings.Approval.STRICT)
    job = JobFactory()
    job.leads.add(cast["lead"])
    own, others = HourEntryFactory(job=job, description="own"), HourEntryFactory(description="others")
    browser = client_for(cast[who])
    assert sorted(entry.description for entry in shown(browser.get(URL))) == seen
    send(browser, chosen="", entry=[key_of(own), key_of(others)])
    assert approvers([own, others]) == [cast[who], cast[who] if "others" in seen else None]
    allowed = 302 if "others" in seen else 403
    assert browser.post(reverse("hours:approve_hour_entry", args=[others.pk])).status_code == allowed
    assert send(browser, back=key_of(others)).status_code == (200 if "others" in seen else 404)


def test_without_the_setting_nothing_waits_and_nothing_is_approved(office: Browser) -> None:
    TimeSettings.objects.update(approval=TimeSettings.Approval.OFF)
    entry = HourEntryFactory()
    assert "Approval is off in this company" in office.get(URL).content.decode()
    assert [office.post(url).status_code for url in (URL, reverse("hours:approve_hour_entry", args=[entry.pk]))] == [
        403, 403,
    ]  # fmt: skip
    assert approvers([entry]) == [None]
    facts = dict(office.get(entry.get_absolute_url()).context["facts"])
    assert "Approved" not in facts


def test_what_was_approved_before_the_setting_went_off_can_be_opened_again(office: Browser, lead: Associate) -> None:
    entry = HourEntryFactory()
    recording.approve(entries=[entry], by=lead, at=timezone.now())
    TimeSettings.objects.update(approval=TimeSettings.Approval.OFF)
    assert [action.label for action in office.get(entry.get_absolute_url()).context["actions"]] == [
        "Take approval back"
    ]
    office.post(reverse("hours:unapprove_hour_entry", args=[entry.pk]))
    assert approvers([entry]) == [None]


@pytest.mark.parametrize("query", ["", "?paging=off", "?approved=on"])
def test_queries_do_not_grow_with_the_rows(office: Browser, query: str) -> None:
    numbers = []
    for more in (1, 29):
        for _ in range(more):
            one_of_each()
        with CaptureQueriesContext(connection) as queries:
            page = office.get(f"{URL}{query}")
        numbers.append(len(queries))
    assert page.context["count"] == 120
    assert numbers[0] <= MOST_QUERIES
    assert numbers[1] <= numbers[0]  # fewer where a page holds fewer kinds


def test_approving_many_takes_as_many_queries_as_approving_one(office: Browser) -> None:
    numbers = []
    for more in (1, 29):
        for _ in range(more):
            one_of_each()
        with CaptureQueriesContext(connection) as queries:
            office.post(URL, {"all": "", "shown_at": timezone.now().isoformat()})
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
    assert not HourEntry.objects.filter(approved_at=None).exists()


@pytest.fixture
def three(db: None) -> dict[str, Any]:
    """An hour, an expense and a flat fee, no two alike in anything that sorts."""
    return {
        "hour": HourEntryFactory(
            date=DAY, description="Attic", associate__last_name="Baker", job__client__name="Cole", charge_rate=60
        ),
        "expense": ExpenseEntryFactory(
            date=DAY + dt.timedelta(days=1), description="Boxes", associate__last_name="Adams",
            job__client__name="Bell", amount=Decimal("31.20"), category__name="Packing",
        ),
        "fee": FlatFeeFactory(
            date=DAY + dt.timedelta(days=2), description="Crates", associate__last_name="Clark",
            job__client__name="Able", amount=Decimal("75.00"),
        ),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("column", "names"),
    [
        ("date", ["hour", "expense", "fee"]),
        ("associate", ["expense", "hour", "fee"]),
        ("job", ["fee", "expense", "hour"]),
        ("kind", ["expense", "fee", "hour"]),
        ("description", ["hour", "expense", "fee"]),
        ("charge", ["expense", "fee", "hour"]),
    ],
)
def test_sorted_by_a_column(office: Browser, three: dict[str, Any], column: str, names: list[str]) -> None:
    wanted = [three[name] for name in names]
    for sort, order in ((column, wanted), (f"-{column}", wanted[::-1])):
        page = office.get(f"{URL}?sort={sort}")
        assert shown(page) == order
    assert f"sort=-{column}" in office.get(f"{URL}?sort={column}").content.decode()


def test_what_does_not_sort_leaves_the_oldest_first(office: Browser, three: dict[str, Any]) -> None:
    page = office.get(f"{URL}?sort=measured,nonsense,-chosen")
    assert shown(page) == [*three.values()]


def test_csv_has_what_is_filtered_in_its_order(office: Browser, three: dict[str, Any]) -> None:
    HourEntryFactory(date=DAY - dt.timedelta(days=9))
    answer: Any = office.get(f"{URL}?export=csv&sort=-date&date_from={DAY}&page=7")
    assert b"".join(answer.streaming_content).decode("utf-8-sig").splitlines() == [
        "Date,Person,Job,Kind,Description,Recorded,Charge,Approval",
        f"2026-03-04,Ann Clark,{three['fee'].job},Flat fees,Crates,$75.00,75.00,Waits",
        f"2026-03-03,Ann Adams,{three['expense'].job},Expenses,Packing · Boxes,$31.20,31.20,Waits",
        f"2026-03-02,Ann Baker,{three['hour'].job},Hours,Attic,1.50 h,90.00,Waits",
    ]


def test_the_csv_of_many_is_read_in_parts(office: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hours.approval_listing.ROWS_AT_ONCE", 2)
    HourEntryFactory.create_batch(5)
    answer: Any = office.get(f"{URL}?export=csv")
    assert len(b"".join(answer.streaming_content).splitlines()) == 6
