"""The page of one entry: shown, changed, deleted and approved, by whom it may be."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from associates.models import Associate
from hours import recording
from hours.models import Entry, ExpenseEntry, FlatFee, HourEntry, MileageEntry
from smmware.core.models import Company
from tests.factories import (
    ExpenseEntryFactory,
    FlatFeeFactory,
    HourEntryFactory,
    JobCodeFactory,
    JobFactory,
    MileageEntryFactory,
    TimeSettingsFactory,
)

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Associate | None], Browser]
KINDS: dict[str, Any] = {
    "hour_entry": HourEntryFactory,
    "mileage_entry": MileageEntryFactory,
    "expense_entry": ExpenseEntryFactory,
    "flat_fee": FlatFeeFactory,
}
MODELS = {"hour_entry": HourEntry, "mileage_entry": MileageEntry, "expense_entry": ExpenseEntry, "flat_fee": FlatFee}


@pytest.fixture(autouse=True)
def _approval_is_on(company: Company) -> None:
    TimeSettingsFactory()


@pytest.fixture
def office(lead: Associate, client_for: ClientFor) -> Browser:
    return client_for(lead)


def url(verb: str, kind: str, entry: Entry) -> str:
    return reverse(f"hours:{verb}_{kind}" if verb else f"hours:{kind}", args=[entry.pk])


def facts(browser: Browser, entry: Any) -> dict[str, str]:
    return {label: str(value) for label, value in browser.get(entry.get_absolute_url()).context["facts"]}


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_open_whose(cast: dict[str, Associate], client_for: ClientFor, kind: str) -> None:
    own = {name: KINDS[kind](associate=person) for name, person in cast.items()}
    others = KINDS[kind]()
    verbs = ("", "edit", "delete")
    answers = {
        name: [
            [client_for(person).get(url(verb, kind, entry)).status_code for verb in verbs]
            for entry in (own[name], others)
        ]
        for name, person in cast.items()
    }
    all_of_it = [[200, 200, 200], [200, 200, 200]]
    basics = [[403] * 3, [403] * 3] if kind == "flat_fee" else [[200] * 3, [404] * 3]
    assert answers == dict.fromkeys(cast, all_of_it) | {"basic": basics}


@pytest.mark.parametrize("kind", KINDS)
def test_what_may_not_be_opened_may_not_be_posted_to(basic: Associate, client_for: ClientFor, kind: str) -> None:
    entry = KINDS[kind](description="theirs")
    browser, refused = client_for(basic), 403 if kind == "flat_fee" else 404
    answers = [browser.post(url(verb, kind, entry), {"description": "mine"}).status_code for verb in ("edit", "delete")]
    assert answers == [refused, refused]
    assert [browser.post(url(verb, kind, entry)).status_code for verb in ("approve", "unapprove")] == [403, 403]
    entry.refresh_from_db()
    assert (entry.description, entry.approved_at) == ("theirs", None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_basic_user_does_not_approve_their_own(basic: Associate, client_for: ClientFor, kind: str) -> None:
    entry = KINDS[kind](associate=basic)
    assert client_for(basic).post(url("approve", kind, entry)).status_code == 403
    entry.refresh_from_db()
    assert entry.approved_by is None


def test_charges_are_for_reviewers_and_pay_for_those_concerned(
    admin: Associate, lead: Associate, basic: Associate, client_for: ClientFor
) -> None:
    job = JobFactory(client__name="Ann Ray", name="Move")
    entry = HourEntryFactory(associate=basic, job=job, job_code=JobCodeFactory(label="Packing"))
    base = {
        "Date": "Mar 2, 2026",
        "Person": f'<a href="{basic.get_absolute_url()}">Ben Basic</a>',
        "Client": f'<a href="{job.client.get_absolute_url()}">Ann Ray</a>',
        "Job": f'<a href="{job.get_absolute_url()}">Move</a>',
        "Hours": "1.50",
        "Job code": "Packing",
        "Description": "Packing the kitchen",
        "Billable": "Yes",
        "Approved": "Not yet",
    }
    charge = {"Charge rate": "$65.00 an hour", "Charge": "$97.50"}
    pay = {"Pay rate": "$24.50 an hour"}
    seen = {person.username: facts(client_for(person), entry) for person in (admin, lead, basic)}
    assert seen == {"ada": base | charge | pay, "lena": base | charge, "ben": base | pay}


def test_the_facts_of_miles_expenses_and_fees(admin: Associate, client_for: ClientFor) -> None:
    browser = client_for(admin)
    miles = facts(browser, MileageEntryFactory(charge_included_miles=Decimal("5.0")))
    assert {label: miles[label] for label in ("Miles", "Charge formula", "Charge", "Pay formula", "Paid back")} == {
        "Miles": "20.0",
        "Charge formula": "$0.670 a mile beyond 5",
        "Charge": "$10.05",
        "Pay formula": "$0.670 a mile",
        "Paid back": "$13.40",
    }
    expense = facts(browser, ExpenseEntryFactory(category__name="Materials", billable=False))
    assert {label: expense[label] for label in ("Amount", "Category", "Paid from", "Billable")} == {
        "Amount": "$31.20",
        "Category": "Materials",
        "Paid from": "Company bank account",
        "Billable": "No",
    }
    fee = facts(browser, FlatFeeFactory(taxable=True))
    assert {label: fee[label] for label in ("Amount", "Taxable", "Charge")} == {
        "Amount": "$75.00",
        "Taxable": "Yes",
        "Charge": "$75.00",
    }


def test_edit_ones_own_hours(basic: Associate, client_for: ClientFor) -> None:
    entry = HourEntryFactory(associate=basic, minutes=100)
    browser = client_for(basic)
    form = browser.get(url("edit", "hour_entry", entry)).context["form"]
    assert form["minutes"].value() == "1:40"
    assert list(form.fields) == ["job", "date", "minutes", "job_code", "description", "seen_version"]
    typed = {"job": entry.job_id, "date": "2026-03-01", "minutes": "2.5", "description": "More", "seen_version": 1}
    answer = browser.post(url("edit", "hour_entry", entry), typed)
    assert answer.headers["Location"] == entry.get_absolute_url()
    entry.refresh_from_db()
    assert (entry.minutes, entry.date, entry.description, entry.billable) == (150, dt.date(2026, 3, 1), "More", True)
    assert entry.charge_rate == Decimal("65.00")
    assert entry.version > 1


def test_the_second_of_two_editors_is_told(office: Browser) -> None:
    entry = HourEntryFactory()
    HourEntry.objects.update(minutes=30)
    typed = {
        "associate": entry.associate_id, "job": entry.job_id, "date": "2026-03-02", "minutes": "5", "billable": "on",
        "seen_version": 1,
    }  # fmt: skip
    answer = office.post(url("edit", "hour_entry", entry), typed)
    assert "Somebody else saved this record" in answer.content.decode()
    assert HourEntry.objects.get().minutes == 30
    office.post(
        url("edit", "hour_entry", entry), typed | {"seen_version": answer.context["form"]["seen_version"].value()}
    )
    assert HourEntry.objects.get().minutes == 300


def test_edit_miles_expenses_and_fees(office: Browser) -> None:
    miles, expense, fee = MileageEntryFactory(), ExpenseEntryFactory(), FlatFeeFactory()

    def post(kind: str, entry: Any, **typed: str) -> None:
        shared = {"associate": entry.associate_id, "job": entry.job_id, "date": "2026-03-02", "billable": "on"}
        shared["seen_version"] = entry.version
        assert office.post(url("edit", kind, entry), shared | typed).status_code == 302

    post("mileage_entry", miles, miles="12.5")
    post("expense_entry", expense, amount="9.99", category=str(expense.category_id), paid_from="cash")
    post("flat_fee", fee, amount="80")
    for entry in (miles, expense, fee):
        entry.refresh_from_db()
    assert (miles.miles, miles.charge_rate, expense.amount, expense.paid_from, fee.amount) == (
        Decimal("12.5"), Decimal("0.670"), Decimal("9.99"), "cash", Decimal("80.00"),
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_approve_and_take_it_back(office: Browser, lead: Associate, kind: str) -> None:
    entry = KINDS[kind]()
    answer = office.post(url("approve", kind, entry), follow=True)
    assert messages(answer) == [f"{entry} is approved."]
    entry.refresh_from_db()
    assert (entry.approved_by, entry.approved_at) == (lead, timezone.now())
    shown = facts(office, entry)
    assert shown["Approved"] == "By Lena Lead, Mar 3, 2026, 3:00 p.m."
    assert shown["Locked"] == "It is approved and therefore locked. Take the approval back first."
    labels = [action.label for action in answer.context["actions"]]
    assert labels == ["Take approval back"]
    assert [office.get(url(verb, kind, entry)).status_code for verb in ("edit", "delete")] == [403, 200]
    assert office.post(url("delete", kind, entry)).status_code == 403
    answer = office.post(url("unapprove", kind, entry), follow=True)
    assert messages(answer) == [f"{entry} is open again."]
    entry.refresh_from_db()
    assert (entry.approved_by, entry.approved_at) == (None, None)
    assert [action.label for action in answer.context["actions"]] == ["Approve", "Edit", "Delete"]


@pytest.mark.parametrize("verb", ["approve", "unapprove"])
def test_approving_is_a_post(office: Browser, verb: str) -> None:
    assert office.get(url(verb, "hour_entry", HourEntryFactory())).status_code == 405


@pytest.mark.parametrize("kind", KINDS)
def test_delete_an_open_entry(office: Browser, kind: str) -> None:
    entry = KINDS[kind]()
    answer = office.post(url("delete", kind, entry), follow=True)
    assert messages(answer) == [f"{entry} is deleted."]
    assert not MODELS[kind]._default_manager.exists()


def test_an_approval_between_page_and_delete_still_locks(office: Browser, lead: Associate) -> None:
    entry = HourEntryFactory()
    office.get(url("delete", "hour_entry", entry))
    recording.approve(entries=[entry], by=lead, at=timezone.now())
    assert office.post(url("delete", "hour_entry", entry)).status_code == 403
    assert HourEntry.objects.exists()


def test_a_job_shows_what_is_recorded_on_it(office: Browser, basic: Associate, client_for: ClientFor) -> None:
    job = JobFactory()
    HourEntryFactory.create_batch(2, job=job)
    MileageEntryFactory(job=job)
    ExpenseEntryFactory(job=job)
    FlatFeeFactory(job=job)
    HourEntryFactory()
    panels = {panel.title: panel for panel in office.get(job.get_absolute_url()).context["panels"]}
    assert panels["Recorded"].context["figures"] == [
        ("Hours", "3.00", f"/hours/?job={job.pk}"),
        ("Miles", "20.0", f"/hours/mileage/?job={job.pk}"),
        ("Expenses", "$31.20", f"/hours/expenses/?job={job.pk}"),
        ("Flat fees", "$75.00", f"/hours/flat-fees/?job={job.pk}"),
    ]
    assert "Recorded" not in [panel.title for panel in client_for(basic).get(job.get_absolute_url()).context["panels"]]
