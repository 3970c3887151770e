"""The recording screens."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from associates.models import Associate
from clients.models import Job
from hours.models import DescriptionPreset, ExpenseEntry, FlatFee, HourEntry, MileageEntry
from smmware.core.permissions import Level
from tests.factories import (
    AssociateFactory,
    ClientFactory,
    ExpenseCategoryFactory,
    FlatFeePresetFactory,
    HourEntryFactory,
    HourlyRateFactory,
    JobCodeFactory,
    JobFactory,
    OrganizationFactory,
)

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Associate | None], Browser]
PAGES = ("record", "record_expense", "record_flat_fee")


@pytest.fixture
def job() -> Job:
    return JobFactory(client__name="Ann Ray", name="Move")


def hours() -> list[tuple[Any, ...]]:
    return list(HourEntry.objects.values_list("associate__username", "date", "minutes", "billable", "description"))


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_who_may_record(cast: dict[str, Associate], client_for: ClientFor) -> None:
    answers = {
        name: [client_for(person).get(reverse(f"hours:{page}")).status_code for page in PAGES]
        for name, person in cast.items()
    }
    everything = [200, 200, 200]
    assert answers == dict.fromkeys(cast, everything) | {"basic": [200, 200, 403]}


@pytest.mark.parametrize("page", PAGES)
def test_signed_out_one_is_asked_to_sign_in(client: Browser, page: str) -> None:
    url = reverse(f"hours:{page}")
    assert client.post(url).headers["Location"] == f"{reverse('login')}?next={url}"


def test_hours_and_miles_are_recorded_together(basic: Associate, client_for: ClientFor, job: Job) -> None:
    HourlyRateFactory(associate=basic, rate=Decimal("24.50"))
    code = JobCodeFactory(charge_rate=Decimal("65.00"))
    answer = client_for(basic).post(
        reverse("hours:record"),
        {
            "job": job.pk, "date": "2026-03-02", "job_code": code.pk, "minutes": "7:45", "miles": "20.3",
            "description": "Packing",
        },
        follow=True,
    )  # fmt: skip
    entry, drive = HourEntry.objects.get(), MileageEntry.objects.get()
    assert hours() == [("ben", dt.date(2026, 3, 2), 465, True, "Packing")]
    assert (entry.charge_rate, entry.pay_rate) == (Decimal("65.00"), Decimal("24.50"))
    assert (drive.associate, drive.miles, drive.charge_rate) == (basic, Decimal("20.3"), Decimal("0.700"))
    assert messages(answer) == [
        "Ben Basic, Mar 2, 2026, 7.75 h is recorded.",
        "Ben Basic, Mar 2, 2026, 20.3 miles is recorded.",
    ]
    # The next entry starts from this one, and this one stands below
    form = answer.context["form"]
    assert (form["job"].value(), form["date"].value()) == (str(job.pk), "2026-03-02")
    assert [panel.title for panel in answer.context["panels"]] == ["Latest hour entries", "Latest mileage entries"]
    assert "Ann Ray" in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({}, {"__all__": ["Type hours, or miles, or both."]}),
        ({"minutes": "25"}, {"minutes": ["Between one minute and 24 hours."]}),
        ({"minutes": "-1"}, {"minutes": ["Type hours as 7.75 or 7:45."]}),
        ({"miles": "-1"}, {"miles": ["Ensure this value is greater than or equal to 0.1."]}),
        ({"miles": "1.25"}, {"miles": ["Ensure that there are no more than 1 decimal place."]}),
        (
            {"minutes": "25", "miles": "0"},
            {
                "minutes": ["Between one minute and 24 hours."],
                "miles": ["Ensure this value is greater than or equal to 0.1."],
            },
        ),
        ({"minutes": "1", "date": "2026-03-04"}, {"date": ["That day has not come yet."]}),
        ({"minutes": "1", "job": ""}, {"job": ["This field is required."]}),
    ],
)
def test_nonsense_is_refused_next_to_the_field(
    basic: Associate, client_for: ClientFor, job: Job, typed: dict[str, str], errors: dict[str, list[str]]
) -> None:
    answer = client_for(basic).post(reverse("hours:record"), {"job": job.pk, "date": "2026-03-03", **typed})
    assert answer.context["form"].errors == errors
    assert (HourEntry.objects.count(), MileageEntry.objects.count()) == (0, 0)


def test_both_are_recorded_or_neither(basic: Associate, client_for: ClientFor, job: Job) -> None:
    HourEntryFactory(associate=basic, date=dt.date(2026, 3, 3), minutes=1400)
    answer = client_for(basic).post(
        reverse("hours:record"), {"job": job.pk, "date": "2026-03-03", "minutes": "1", "miles": "5"}
    )
    assert answer.context["form"].errors == {
        "minutes": ["Ben Basic has 23.33 hours on Mar 3, 2026 already: with these it would be more than 24."]
    }
    assert (HourEntry.objects.count(), MileageEntry.objects.count()) == (1, 0)


def test_a_basic_user_records_for_nobody_else(
    basic: Associate, lead: Associate, client_for: ClientFor, job: Job
) -> None:
    category = ExpenseCategoryFactory()
    shared = {"job": job.pk, "date": "2026-03-03"}
    attempts = [
        ("record", {"minutes": "1", "associate": lead.pk}),
        ("record_expense", {"amount": "5", "category": category.pk, "associate": lead.pk}),
        ("record", {"minutes": "1", "billable": ""}),
    ]
    browser = client_for(basic)
    answers = [browser.post(reverse(f"hours:{page}"), shared | typed).status_code for page, typed in attempts]
    assert answers == [403, 403, 403]
    assert (HourEntry.objects.count(), ExpenseEntry.objects.count()) == (0, 0)


def test_a_lead_records_for_somebody_else(basic: Associate, lead: Associate, client_for: ClientFor, job: Job) -> None:
    van = AssociateFactory(kind=Associate.Kind.VEHICLE, username=None)
    gone = AssociateFactory(is_active=False)
    browser = client_for(lead)
    form = browser.get(reverse("hours:record")).context["form"]
    assert set(form.fields["associate"].queryset) == {basic, lead, van}
    shared = {"job": job.pk, "date": "2026-03-03", "minutes": "2"}
    answer = browser.post(reverse("hours:record"), shared | {"associate": basic.pk, "billable": "on"}, follow=True)
    assert hours() == [("ben", dt.date(2026, 3, 3), 120, True, "")]
    assert answer.context["form"]["associate"].value() == str(basic.pk)
    refused = browser.post(reverse("hours:record"), shared | {"associate": gone.pk})
    assert list(refused.context["form"].errors) == ["associate"]


def test_a_lead_may_say_not_billable(lead: Associate, client_for: ClientFor, job: Job) -> None:
    shared = {"job": job.pk, "date": "2026-03-03", "minutes": "2", "associate": lead.pk}
    client_for(lead).post(reverse("hours:record"), shared)
    assert hours() == [("lena", dt.date(2026, 3, 3), 120, False, "")]


@pytest.mark.parametrize("name", ["basic", "lead"])
def test_overhead_is_recorded_as_not_billable(cast: dict[str, Associate], client_for: ClientFor, name: str) -> None:
    overhead = JobFactory(client=ClientFactory(is_own_company=True), type=Job.Type.ADMINISTRATIVE_OVERHEAD)
    asked = {"associate": cast[name].pk, "billable": "on"} if name == "lead" else {}
    shared = {"job": overhead.pk, "date": "2026-03-03", **asked}
    browser = client_for(cast[name])
    browser.post(reverse("hours:record"), shared | {"minutes": "1", "miles": "5"})
    browser.post(
        reverse("hours:record_expense"),
        shared | {"amount": "5", "category": ExpenseCategoryFactory().pk, "paid_from": "cash"},
    )
    recorded = [HourEntry.objects.get(), MileageEntry.objects.get(), ExpenseEntry.objects.get()]
    assert [entry.billable for entry in recorded] == [False, False, False]


def test_what_can_be_chosen(basic: Associate, lead: Associate, client_for: ClientFor, job: Job) -> None:
    JobFactory(status=Job.Status.CLOSED)
    everybodys = JobCodeFactory(label="Packing", charge_rate=Decimal("65.00"))
    leads = JobCodeFactory(label="Planning", charge_rate=Decimal("90.00"), lowest_level=Level.TEAM_LEAD)
    JobCodeFactory(is_active=False)
    forms = {name: client_for(person).get(reverse("hours:record")).context["form"] for name, person in
             (("basic", basic), ("lead", lead))}  # fmt: skip
    assert list(forms["basic"].fields["job"].queryset) == [job]
    codes = {name: list(form.fields["job_code"].choices)[1:] for name, form in forms.items()}
    # What clients are charged is not for Basic Users
    assert codes == {
        "basic": [(everybodys.pk, "Packing")],
        "lead": [(everybodys.pk, "Packing ($65.00)"), (leads.pk, "Planning ($90.00)")],
    }


def test_record_an_expense(basic: Associate, client_for: ClientFor, job: Job) -> None:
    category, vendor = ExpenseCategoryFactory(), OrganizationFactory()
    answer = client_for(basic).post(
        reverse("hours:record_expense"),
        {
            "job": job.pk, "date": "2026-03-03", "amount": "31.20", "category": category.pk, "vendor": vendor.pk,
            "paid_from": "associate", "description": "Boxes",
        },
        follow=True,
    )  # fmt: skip
    entry = ExpenseEntry.objects.get()
    assert (entry.associate, entry.job, entry.category, entry.vendor) == (basic, job, category, vendor)
    assert (entry.amount, entry.paid_from, entry.billable) == (Decimal("31.20"), "associate", True)
    assert "Boxes" in answer.content.decode()
    assert answer.context["form"]["job"].value() == str(job.pk)


def test_an_expense_of_nothing_is_refused(basic: Associate, client_for: ClientFor, job: Job) -> None:
    answer = client_for(basic).post(
        reverse("hours:record_expense"), {"job": job.pk, "date": "2026-03-04", "amount": "0", "paid_from": "moon"}
    )
    assert answer.context["form"].errors == {
        "date": ["That day has not come yet."],
        "amount": ["Ensure this value is greater than or equal to 0.01."],
        "category": ["This field is required."],
        "paid_from": ["Select a valid choice. moon is not one of the available choices."],
    }


def test_record_a_flat_fee(lead: Associate, client_for: ClientFor, job: Job) -> None:
    client_for(lead).post(
        reverse("hours:record_flat_fee"),
        {
            "associate": lead.pk, "job": job.pk, "date": "2026-03-03", "amount": "75", "taxable": "on",
            "billable": "on", "description": "Packing material",
        },
    )  # fmt: skip
    fee = FlatFee.objects.get()
    assert (fee.associate, fee.job, fee.amount, fee.taxable, fee.billable, fee.description) == (
        lead, job, Decimal("75.00"), True, True, "Packing material",
    )  # fmt: skip


def test_today_is_the_companys_today(basic: Associate, client_for: ClientFor, job: Job) -> None:
    with time_machine.travel("2026-03-04T04:00:00+00:00", tick=False):  # still March 3 in Chicago
        browser = client_for(basic)
        pages = [browser.get(reverse(f"hours:{page}")).context["form"]["date"].value() for page in PAGES[:2]]
        refused = browser.post(reverse("hours:record"), {"job": job.pk, "date": "2026-03-04", "minutes": "1"})
    assert pages == [dt.date(2026, 3, 3), dt.date(2026, 3, 3)]
    assert refused.context["form"].errors == {"date": ["That day has not come yet."]}


def test_a_preset_fills_a_flat_fee(lead: Associate, client_for: ClientFor, job: Job) -> None:
    preset = FlatFeePresetFactory(label="Packing kit", amount=Decimal("85.00"), taxable=True)
    url = reverse("hours:record_flat_fee")
    facts = {"associate": lead.pk, "job": job.pk, "date": "2026-03-02", "billable": "on"}
    browser = client_for(lead)
    browser.post(url, facts | {"preset": preset.pk})
    browser.post(url, facts | {"preset": preset.pk, "amount": "90", "description": "Two kits"})
    assert list(FlatFee.objects.order_by("pk").values_list("amount", "description", "taxable")) == [
        (Decimal("85.00"), "Packing kit", True),
        (Decimal("90.00"), "Two kits", False),
    ]
    assert browser.post(url, facts).context["form"].errors == {"amount": ["Type the amount, or choose a preset."]}
    assert 'data-amount="85.00" data-taxable="true"' in browser.get(url).content.decode()


def test_one_types_on_where_entries_differ(basic: Associate, client_for: ClientFor, job: Job) -> None:
    DescriptionPreset.objects.create(text="Packing the kitchen")
    browser, url = client_for(basic), reverse("hours:record")

    def focused(page: Any) -> list[str]:
        fields = page.context["form"].fields
        return [name for name, field in fields.items() if "autofocus" in field.widget.attrs]

    assert focused(browser.get(url)) == ["job"]
    saved = browser.post(url, {"job": job.pk, "date": "2026-03-02", "minutes": "8:30-9"}, follow=True)
    assert focused(saved) == ["minutes"]
    again = browser.get(url)  # some other day: the latest job is offered, and today
    assert (again.context["form"]["job"].value(), str(again.context["form"]["date"].value())) == (
        str(job.pk),
        "2026-03-03",
    )
    assert focused(browser.post(url, {"job": job.pk, "date": "2026-03-04", "minutes": "1"})) == ["date"]
    assert '<option value="Packing the kitchen">' in again.content.decode()


@pytest.mark.parametrize(
    ("date", "sentence"),
    [("2026-03-04", "That day has not come yet."), ("1026-03-02", "That is before 2000: look at the year.")],
)
def test_a_day_that_makes_no_sense(basic: Associate, client_for: ClientFor, job: Job, date: str, sentence: str) -> None:
    answer = client_for(basic).post(reverse("hours:record"), {"job": job.pk, "date": date, "minutes": "1"})
    assert answer.context["form"].errors == {"date": [sentence]}
