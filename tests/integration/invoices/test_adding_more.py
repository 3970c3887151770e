"""Adding to a draft: further entries of its job, and lines of one's own; the totals follow."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from associates.models import Associate
from clients.models import Job
from hours import recording
from hours.models import HourEntry
from invoices import billing
from invoices.choosing import key_of
from invoices.entries import unbilled_entries
from invoices.models import Invoice, InvoiceLine
from tests.factories import (
    DAY,
    ExpenseEntryFactory,
    HourEntryFactory,
    InvoiceFactory,
    JobFactory,
    TimeSettingsFactory,
)

pytestmark = pytest.mark.django_db
NOT_DRAFTS = ("finalized", "tl_approved", "sent", "overdue", "paid")


@pytest.fixture
def office(admin: Associate, client_for: Callable[[Associate | None], Browser]) -> Browser:
    return client_for(admin)


@pytest.fixture
def job() -> Job:
    return JobFactory(client__name="Ann Ray", name="Move")


@pytest.fixture
def draft(job: Job) -> Invoice:
    """An invoice over one entry of the job: $97.50."""
    return billing.bill_entries(job=job, entries=[HourEntryFactory(job=job)], date=DAY, number="1001")


def url(page: str, invoice: Invoice) -> str:
    return reverse(f"invoices:{page}", args=[invoice.pk])


def total(invoice: Invoice) -> Decimal:
    return Invoice.objects.with_total().get(pk=invoice.pk).total_amount


def printed(invoice: Invoice) -> list[tuple[Any, ...]]:
    return list(invoice.lines.values_list("position", "description", "amount", "covered"))


def sums(answer: Any) -> list[tuple[str, Decimal]]:
    return [(line.label, line.amount) for line in answer.context["form"].sums()]


def test_further_entries_are_offered_and_the_sums_follow(office: Browser, job: Job, draft: Invoice) -> None:
    boxes, attic = ExpenseEntryFactory(job=job, description="Boxes"), HourEntryFactory(job=job, description="Attic")
    HourEntryFactory(job=job, billable=False)
    page = office.get(url("add_entries", draft))
    rows = page.context["form"].choosing.rows
    assert [(row.description, row.chosen) for row in rows] == [("Attic", True), ("Boxes", True)]
    assert sums(page) == [
        ("On the invoice so far", Decimal("97.50")), ("Hours", Decimal("97.50")), ("Expenses", Decimal("31.20")),
        ("Total", Decimal("226.20")),
    ]  # fmt: skip
    keys = [key_of(boxes), key_of(attic)]
    live = {"show": "live", "shown": keys, "entries": keys[:1]}
    answer = office.post(url("add_entries", draft), live, headers={"HX-Request": "true"})
    assert sums(answer)[-1] == ("Total", Decimal("128.70"))
    assert InvoiceLine.objects.count() == 1


def test_they_are_added_behind_what_is_there(office: Browser, job: Job, draft: Invoice) -> None:
    entries = [HourEntryFactory(job=job, description="Attic"), ExpenseEntryFactory(job=job, description="Boxes")]
    left = ExpenseEntryFactory(job=job)
    keys = [key_of(entry) for entry in entries]
    version = draft.version
    answer = office.post(url("add_entries", draft), {"entries": keys, "shown": [*keys, key_of(left)]}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["2 entries are added to Invoice 1001."]
    assert printed(draft) == [
        (1, "Packing the kitchen", Decimal("97.50"), False), (2, "Attic", Decimal("97.50"), False),
        (3, "Boxes", Decimal("31.20"), False),
    ]  # fmt: skip
    assert total(draft) == Decimal("226.20")
    assert unbilled_entries(job) == [left]
    draft.refresh_from_db()
    assert draft.version == version + 1
    assert HourEntry.objects.get(pk=entries[0].pk).version == 2


def test_under_a_flat_amount_they_are_covered(office: Browser, job: Job) -> None:
    flat = billing.bill_flat(job=job, amount=Decimal(1500), description="All in", date=DAY)
    entry = HourEntryFactory(job=job)
    page = office.get(url("add_entries", flat))
    assert sums(page) == [("Worth of the entries that it covers", Decimal("97.50")), ("Total", Decimal(1500))]
    office.post(url("add_entries", flat), {"entries": [key_of(entry)], "shown": [key_of(entry)]})
    assert printed(flat) == [
        (1, "All in", Decimal(1500), False),
        (2, "Packing the kitchen", Decimal(0), True),
    ]
    assert total(flat) == Decimal(1500)


def test_what_cannot_be_billed_is_refused_by_name_and_nothing_is_added(
    office: Browser, job: Job, draft: Invoice
) -> None:
    TimeSettingsFactory()
    approved, waiting, strange = HourEntryFactory(job=job), HourEntryFactory(job=job), HourEntryFactory()
    recording.approve(entries=[approved, strange], by=approved.associate, at=timezone.now())
    billed = draft.lines.get().hour_entry
    page = office.get(url("add_entries", draft))
    assert [row.entry for row in page.context["form"].choosing.rows] == [approved]
    assert "1 entry is not approved yet" in page.content.decode()
    for entry, refusal in (
        (waiting, f"{waiting} is not approved yet: it is billed once a Team Lead or Admin has approved it."),
        (strange, f"{strange} belongs to another job than {job}."),
        (billed, f"{billed} is billed already, on Invoice 1001."),
    ):
        keys = [key_of(approved), key_of(entry)]
        answer = office.post(url("add_entries", draft), {"entries": keys, "shown": keys})
        assert answer.context["form"].non_field_errors() == [refusal]
    assert draft.lines.count() == 1


def test_with_nothing_chosen_nothing_happens(office: Browser, job: Job, draft: Invoice) -> None:
    assert "Nothing else on this job is billable" in office.get(url("add_entries", draft)).content.decode()
    answer = office.post(url("add_entries", draft), {"shown": [key_of(HourEntryFactory(job=job))]})
    assert answer.context["form"].non_field_errors() == ["No entry is chosen: choose some of those that can be billed."]


def test_a_line_of_ones_own(office: Browser, draft: Invoice) -> None:
    answer = office.post(
        url("add_line", draft), {"description": "Parking permit", "amount": "25.05", "taxable": "on"}, follow=True
    )
    assert answer.redirect_chain == [(draft.get_absolute_url(), 302)]
    line = draft.lines.last()
    assert (line.position, line.description, line.amount, line.taxable, line.source) == (
        2, "Parking permit", Decimal("25.05"), True, None,
    )  # fmt: skip
    assert total(draft) == Decimal("122.55")


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"description": "", "amount": "5"}, {"description": ["This field is required."]}),
        ({"description": "Permit", "amount": "x"}, {"amount": ["Enter a number."]}),
        (
            {"description": "Permit", "amount": "1.234"},
            {"amount": ["Ensure that there are no more than 2 decimal places."]},
        ),
    ],
)
def test_a_line_that_makes_no_sense(
    office: Browser, draft: Invoice, typed: dict[str, str], errors: dict[str, list[str]]
) -> None:
    answer = office.post(url("add_line", draft), typed)
    assert (answer.status_code, answer.context["form"].errors) == (200, errors)
    assert draft.lines.count() == 1


def test_a_flat_invoice_has_its_one_line(office: Browser, job: Job) -> None:
    flat = billing.bill_flat(job=job, amount=Decimal(1500), description="All in", date=DAY, number="1002")
    refusal = "Invoice 1002 has one flat amount: change that line, or make an adjustment."
    assert refusal in office.get(url("add_line", flat)).content.decode()
    answer = office.post(url("add_line", flat), {"description": "Permit", "amount": "5"})
    assert answer.context["form"].non_field_errors() == [refusal]
    labels = [action.label for action in office.get(flat.get_absolute_url()).context["actions"]]
    assert ("Add entries" in labels, "Add line" in labels) == (True, False)


@pytest.mark.parametrize("status", NOT_DRAFTS)
def test_only_to_a_draft_something_is_added(office: Browser, job: Job, draft: Invoice, status: str) -> None:
    entry = HourEntryFactory(job=job)
    Invoice.objects.filter(pk=draft.pk).update(status=status)
    labels = [action.label for action in office.get(draft.get_absolute_url()).context["actions"]]
    assert not {"Add entries", "Add line"} & {*labels}
    for page, typed in (
        ("add_entries", {"entries": [key_of(entry)], "shown": [key_of(entry)]}),
        ("add_line", {"description": "Permit", "amount": "5"}),
    ):
        assert office.get(url(page, draft)).status_code == 403
        answer: Any = office.post(url(page, draft), typed)  # somebody moved it while the page was open
        (refusal,) = answer.context["form"].non_field_errors()
        assert refusal.startswith("Invoice 1001 is ")
    assert draft.lines.count() == 1


def test_the_queries_do_not_grow_with_the_entries(
    office: Browser, job: Job, draft: Invoice, django_assert_max_num_queries: Any
) -> None:
    HourEntryFactory.create_batch(30, job=job)
    with django_assert_max_num_queries(12):
        assert len(office.get(url("add_entries", draft)).context["form"].choosing.rows) == 30


def test_deleting_says_what_becomes_of_its_entries(office: Browser, job: Job, draft: Invoice) -> None:
    assert "1 entry that it bills becomes unbilled" in office.get(url("delete", draft)).content.decode()
    line = draft.lines.get()
    remove = reverse("invoices:remove_line", args=[line.pk])
    assert "1 entry that it bills becomes unbilled" in office.get(remove).content.decode()
    billing.add_entries(invoice=draft, entries=HourEntryFactory.create_batch(2, job=job))
    assert "3 entries that it bills become unbilled" in office.get(url("delete", draft)).content.decode()
    assert "unbilled" not in office.get(url("delete", InvoiceFactory())).content.decode()
