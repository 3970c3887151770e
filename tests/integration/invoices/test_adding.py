"""Making an invoice: choosing the entries of a job, the sums, and what is refused."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from associates.models import Associate
from clients.models import Client, Job
from hours import recording
from hours.models import HourEntry, TimeSettings
from invoices import billing
from invoices.entries import unbilled_entries
from invoices.models import Invoice
from tests.factories import (
    DAY,
    ClientFactory,
    ExpenseEntryFactory,
    FlatFeeFactory,
    HourEntryFactory,
    InvoiceFactory,
    JobFactory,
    MileageEntryFactory,
    TermFactory,
)

pytestmark = pytest.mark.django_db
LATER = DAY + dt.timedelta(days=9)
URL = "/invoices/add/"


@pytest.fixture
def office(admin: Associate, client_for: Callable[[Associate | None], Browser]) -> Browser:
    return client_for(admin)


@pytest.fixture
def job() -> Job:
    return JobFactory(client__name="Ann Ray", name="Move")


def typed(job: Job, entries: list[str], shown: list[str] | None = None, **more: Any) -> dict[str, Any]:
    """The form as it is sent, with `entries` ticked out of what was `shown`."""
    shown = entries if shown is None else shown
    return {"job": job.pk, "kind": "itemized", "date": "2026-03-05", "entries": entries, "shown": shown} | more


def ticked(answer: Any) -> dict[str, bool]:
    return {row.description: row.chosen for row in answer.context["form"].choosing.rows}


def sums(answer: Any) -> list[tuple[str, Decimal]]:
    return [(line.label, line.amount) for line in answer.context["form"].sums()]


def test_the_entries_of_a_job_are_all_chosen_at_first(office: Browser, job: Job) -> None:
    entries = [
        HourEntryFactory(job=job, description="Kitchen"),
        MileageEntryFactory(job=job, description="There and back"),
        ExpenseEntryFactory(job=job, description="Boxes"),
        FlatFeeFactory(job=job, description="Crates"),
    ]
    HourEntryFactory(job=job, billable=False)
    HourEntryFactory(description="of another job")
    page = office.get(f"{URL}?job={job.pk}")
    assert ticked(page) == {"Kitchen": True, "There and back": True, "Boxes": True, "Crates": True}
    assert sums(page) == [
        ("Hours", Decimal("97.50")), ("Mileage", Decimal("13.40")), ("Expenses", Decimal("31.20")),
        ("Flat fees", Decimal("75.00")), ("Total", sum(entry.charge_amount for entry in entries)),
    ]  # fmt: skip
    assert "4 of 4 entries chosen" in page.content.decode()


@pytest.mark.parametrize("htmx", [True, False], ids=["live", "by the button"])
def test_the_sums_follow_what_is_chosen(office: Browser, job: Job, htmx: bool) -> None:
    kitchen = HourEntryFactory(job=job, description="Kitchen")
    attic = HourEntryFactory(job=job, description="Attic")
    shown = [f"hour_entry-{entry.pk}" for entry in (kitchen, attic)]
    asked = typed(job, shown[:1], shown, show="live", adjustment="-7.50", number="no number", date="no date")
    page = office.post(URL, asked, headers={"HX-Request": "true"} if htmx else {})
    assert ticked(page) == {"Kitchen": True, "Attic": False}
    assert sums(page) == [
        ("Hours", Decimal("97.50")), ("Adjustment", Decimal("-7.50")), ("Total", Decimal("90.00")),
    ]  # fmt: skip
    text = page.content.decode()
    assert ("1 of 2 entries chosen" in text, "<html" in text) == (True, not htmx)
    assert (page.context["form"].errors, Invoice.objects.count()) == ({}, 0)
    if not htmx:
        assert 'value="no number"' in text  # nothing typed is lost


def test_all_none_and_what_is_new_since_the_page_was_shown(office: Browser, job: Job) -> None:
    old, new = HourEntryFactory(job=job, description="Old"), HourEntryFactory(job=job, description="New")
    asked = typed(job, [], [f"hour_entry-{old.pk}"])
    assert ticked(office.post(URL, asked | {"show": "live"})) == {"Old": False, "New": True}
    assert ticked(office.post(URL, asked | {"show": "all"})) == {"Old": True, "New": True}
    both = [f"hour_entry-{entry.pk}" for entry in (old, new)]
    assert ticked(office.post(URL, typed(job, both, show="none"))) == {"Old": False, "New": False}


def test_entries_up_to_a_day(office: Browser, job: Job) -> None:
    HourEntryFactory(job=job, description="Now")
    HourEntryFactory(job=job, description="Later", date=LATER)
    assert ticked(office.post(URL, typed(job, [], show="live", up_to="2026-03-02"))) == {"Now": True}
    assert ticked(office.post(URL, typed(job, [], show="live", up_to="nonsense"))) == {"Now": True, "Later": True}


def test_what_is_not_approved_yet_is_not_offered_where_approval_is_on(
    office: Browser, admin: Associate, job: Job
) -> None:
    approved, waiting = HourEntryFactory(job=job, description="Approved"), HourEntryFactory(job=job)
    recording.approve(entries=[approved], by=admin, at=timezone.now())
    assert len(ticked(office.get(f"{URL}?job={job.pk}"))) == 2
    TimeSettings.objects.create(approval=TimeSettings.Approval.COOPERATIVE)
    page = office.get(f"{URL}?job={job.pk}")
    assert ticked(page) == {"Approved": True}
    assert "1 entry is not approved yet and therefore not offered" in page.content.decode()
    assert refusal(office, typed(job, [f"hour_entry-{entry.pk}" for entry in (approved, waiting)])) == [
        f"{waiting} is not approved yet: it is billed once a Team Lead or Admin has approved it."
    ]


def test_an_itemized_invoice_over_what_is_chosen(office: Browser, job: Job) -> None:
    chosen = HourEntryFactory(job=job), ExpenseEntryFactory(job=job)
    left = HourEntryFactory(job=job, date=LATER)
    keys = [f"hour_entry-{chosen[0].pk}", f"expense_entry-{chosen[1].pk}"]
    more = {"term": TermFactory(due_days=10).pk, "adjustment": "-8.70", "public_note": "Goodwill"}
    office.post(URL, typed(job, keys, [*keys, f"hour_entry-{left.pk}"], **more))
    invoice = Invoice.objects.with_total().get()
    assert (invoice.job, invoice.kind, invoice.status, invoice.due_date, invoice.total_amount, invoice.public_note) == (
        job, "itemized", "preliminary", dt.date(2026, 3, 15), Decimal("120.00"), "Goodwill",
    )  # fmt: skip
    assert {line.source for line in invoice.lines.all()} == set(chosen)
    assert unbilled_entries(job) == [left]


def test_a_flat_invoice(office: Browser, job: Job) -> None:
    entry, other = HourEntryFactory(job=job, description="Kitchen"), HourEntryFactory(job=job)
    keys = [f"hour_entry-{entry.pk}"]
    asked = typed(job, keys, [*keys, f"hour_entry-{other.pk}"], kind="flat", number="F-1")
    refused = office.post(URL, asked)
    assert refused.context["form"].errors == {
        "amount": ["A flat invoice needs it."],
        "description": ["A flat invoice needs it."],
    }
    asked |= {"amount": "1500", "description": "All in", "taxable": "on"}
    assert sums(office.post(URL, asked | {"show": "live"})) == [
        ("Worth of the entries that it covers", Decimal("97.50")), ("Flat amount", Decimal(1500)),
        ("Total", Decimal(1500)),
    ]  # fmt: skip
    office.post(URL, asked)
    invoice = Invoice.objects.get()
    assert (invoice.number, invoice.kind) == ("F-1", "flat")
    assert list(invoice.lines.values_list("amount", "covered", "taxable")) == [
        (Decimal("1500.00"), False, True),
        (Decimal("0.00"), True, False),
    ]
    assert unbilled_entries(job) == [other]


def test_refusals_stand_next_to_the_field_and_nothing_typed_is_lost(office: Browser, job: Job) -> None:
    InvoiceFactory(number="77")
    key = f"hour_entry-{HourEntryFactory(job=job).pk}"
    asked = typed(job, [key], number="77", adjustment="5", internal_note="Weekend")
    form = office.post(URL, asked).context["form"]
    assert form.errors == {"number": ["There is an invoice 77 already: choose another number."]}
    assert (form["internal_note"].value(), [row.chosen for row in form.choosing.rows]) == ("Weekend", [True])
    unreasoned = office.post(URL, asked | {"internal_note": ""}).context["form"]
    assert unreasoned.errors == {"adjustment": ["Give the reason for it in the public note, or in the internal one."]}
    assert Invoice.objects.count() == 1


def refusal(office: Browser, asked: dict[str, Any]) -> list[str]:
    return office.post(URL, asked).context["form"].non_field_errors()


def test_nothing_is_billed_that_nobody_has_looked_at(office: Browser, job: Job) -> None:
    assert refusal(office, typed(job, [])) == ["There is nothing to bill for Ann Ray – Move."]
    entry = HourEntryFactory(job=job)
    unseen = office.post(URL, typed(job, []))
    assert unseen.context["form"].non_field_errors() == [
        "These are the entries of that job: look which of them this invoice is to bill, then press the button again."
    ]
    assert [row.chosen for row in unseen.context["form"].choosing.rows] == [True]
    seen = [f"hour_entry-{entry.pk}"]
    assert refusal(office, typed(job, [], seen)) == ["No entry is chosen: choose some, or make a flat invoice."]
    assert not Invoice.objects.exists()


def test_what_was_billed_or_deleted_meanwhile_is_said(office: Browser, job: Job) -> None:
    entries = [HourEntryFactory(job=job, associate__first_name="Ann", associate__last_name="Lee") for _ in range(3)]
    keys = [f"hour_entry-{entry.pk}" for entry in entries]
    billing.bill_entries(job=job, entries=entries[:1], date=DAY, number="1001")
    assert refusal(office, typed(job, keys)) == ["Ann Lee, Mar 2, 2026, 1.50 h is billed already, on Invoice 1001."]
    HourEntry.objects.filter(pk=entries[1].pk).delete()
    gone = ["An entry was deleted meanwhile: look at what there is to bill again."]
    assert refusal(office, typed(job, keys[1:])) == gone
    assert refusal(office, typed(job, [keys[2], "associate-1", "hour_entry-²"], keys[2:])) == gone
    foreign = HourEntryFactory(associate__first_name="Bo", associate__last_name="Ray")
    assert refusal(office, typed(job, [keys[2], f"hour_entry-{foreign.pk}"])) == [
        "Bo Ray, Mar 2, 2026, 1.50 h belongs to another job than Ann Ray – Move."
    ]
    assert Invoice.objects.count() == 1


def test_only_clients_jobs_are_offered(office: Browser, job: Job) -> None:
    JobFactory(client=ClientFactory(is_own_company=True), type=Job.Type.MATERIALS_OVERHEAD)
    JobFactory(client=ClientFactory(stage=Client.Stage.INQUIRY))
    assert list(office.get(reverse("invoices:add")).context["form"].fields["job"].queryset) == [job]


@pytest.mark.parametrize("count", [1, 30])
def test_the_queries_do_not_grow_with_the_entries(
    office: Browser, job: Job, count: int, django_assert_max_num_queries: Any
) -> None:
    for factory in (HourEntryFactory, MileageEntryFactory, ExpenseEntryFactory, FlatFeeFactory):
        factory.create_batch(count, job=job, description="")
    with django_assert_max_num_queries(12):
        assert len(office.get(f"{URL}?job={job.pk}").context["form"].choosing.rows) == 4 * count
