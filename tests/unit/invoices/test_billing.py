"""Invoices out of entries, and what happens to their lines."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from clients.models import Client, Job
from hours import recording
from hours.models import Entry, HourEntry
from invoices import billing
from invoices.entries import unbilled_entries
from invoices.models import Invoice, InvoiceLine
from tests.factories import (
    DAY,
    AssociateFactory,
    ClientFactory,
    ExpenseEntryFactory,
    FlatFeeFactory,
    HourEntryFactory,
    InvoiceFactory,
    InvoiceLineFactory,
    JobCodeFactory,
    JobFactory,
    MileageEntryFactory,
    PaymentFactory,
    TermFactory,
    TimeSettingsFactory,
)

pytestmark = pytest.mark.django_db
LINE = ("position", "description", "quantity", "rate", "amount", "taxable", "covered")
HEADER = ("number", "kind", "status", "date", "due_date", "adjustment", "public_note", "internal_note", "version")


@pytest.fixture
def job() -> Job:
    return JobFactory(client=ClientFactory(name="Margaret Whitfield"), name="Move")


@pytest.fixture
def entries(job: Job) -> list[Entry]:
    later = {"job": job, "date": DAY + dt.timedelta(days=1), "description": ""}
    return [
        FlatFeeFactory(job=job, date=DAY, amount=Decimal("75.00"), taxable=True, description="Boxes"),
        MileageEntryFactory(**later, miles=Decimal("20.3"), charge_included_miles=Decimal("10.0")),
        ExpenseEntryFactory(**later, amount=Decimal("31.20"), category__name="Materials"),
        HourEntryFactory(job=job, date=DAY, minutes=100, charge_rate=Decimal("65.00"), description="Kitchen"),
        HourEntryFactory(**later, minutes=90, job_code=JobCodeFactory(label="Sorting")),
    ]


def lines(invoice: Invoice) -> list[tuple[Any, ...]]:
    return list(InvoiceLine.objects.filter(invoice=invoice).values_list(*LINE))


def header(invoice: Invoice) -> dict[str, Any]:
    return Invoice.objects.filter(pk=invoice.pk).values(*HEADER).get()


def messages(caught: pytest.ExceptionInfo[ValidationError]) -> list[str]:
    return caught.value.messages


def test_an_itemized_invoice_has_a_line_per_entry_by_date(job: Job, entries: list[Entry]) -> None:
    invoice = billing.bill_entries(
        job=job, entries=entries, date=dt.date(2026, 3, 31), number="A-7", term=TermFactory(due_days=30),
        adjustment=Decimal("-10.00"), public_note="Thank you", internal_note="Loyal client",
    )  # fmt: skip
    assert header(invoice) == {
        "number": "A-7",
        "kind": "itemized",
        "status": "preliminary",
        "date": dt.date(2026, 3, 31),
        "due_date": dt.date(2026, 4, 30),
        "adjustment": Decimal("-10.00"),
        "public_note": "Thank you",
        "internal_note": "Loyal client",
        "version": 1,
    }
    assert lines(invoice) == [
        # 100 minutes are 1.67 hours and $108.33: the amount is that of the minutes, not of the rounded hours
        (1, "Kitchen", Decimal("1.67"), Decimal("65.000"), Decimal("108.33"), False, False),
        (2, "Boxes", None, None, Decimal("75.00"), True, False),
        (3, "Sorting", Decimal("1.50"), Decimal("65.000"), Decimal("97.50"), False, False),
        (4, "Mileage", Decimal("10.30"), Decimal("0.670"), Decimal("6.90"), False, False),
        (5, "Materials", None, None, Decimal("31.20"), False, False),
    ]
    assert Invoice.objects.with_total().get().total_amount == Decimal("308.93")
    assert {line.source for line in invoice.lines.all()} == set(entries)


def test_being_billed_bumps_the_entries(job: Job, entries: list[Entry]) -> None:
    billing.bill_entries(job=job, entries=entries, date=DAY)
    for entry in entries:
        entry.refresh_from_db()
    assert [entry.version for entry in entries] == [2, 2, 2, 2, 2]


def test_a_flat_invoice_covers_its_entries_at_no_charge(job: Job, entries: list[Entry]) -> None:
    invoice = billing.bill_flat(
        job=job, amount=Decimal("1500.00"), description="Move, all in", date=DAY, entries=entries[:1] + entries[3:4],
        taxable=True,
    )  # fmt: skip
    assert (header(invoice)["kind"], header(invoice)["due_date"]) == ("flat", None)
    assert lines(invoice) == [
        (1, "Move, all in", None, None, Decimal("1500.00"), True, False),
        (2, "Kitchen", Decimal("1.67"), Decimal("65.000"), Decimal("0.00"), False, True),
        (3, "Boxes", None, None, Decimal("0.00"), False, True),
    ]


def test_a_flat_invoice_may_cover_nothing(job: Job) -> None:
    invoice = billing.bill_flat(job=job, amount=Decimal("0.01"), description="Visit", date=DAY)
    assert lines(invoice) == [(1, "Visit", None, None, Decimal("0.01"), False, False)]


@pytest.mark.parametrize("amount", ["0", "-5"])
def test_a_flat_invoice_of_nothing_is_refused(job: Job, amount: str) -> None:
    with pytest.raises(ValidationError) as caught:
        billing.bill_flat(job=job, amount=Decimal(amount), description="Visit", date=DAY)
    assert caught.value.message_dict == {"amount": ["The amount of a flat invoice is more than nothing."]}


def test_an_entry_is_billed_once(job: Job) -> None:
    entry = HourEntryFactory(job=job, associate__first_name="Ann", associate__last_name="Lee")
    billing.bill_entries(job=job, entries=[entry], date=DAY, number="1001")
    for bill in (
        lambda: billing.bill_entries(job=job, entries=[entry], date=DAY),
        lambda: billing.bill_flat(job=job, entries=[entry], date=DAY, amount=Decimal(5), description="Again"),
    ):
        with pytest.raises(ValidationError) as caught:
            bill()
        assert messages(caught) == ["Ann Lee, Mar 2, 2026, 1.50 h is billed already, on Invoice 1001."]
    assert Invoice.objects.count() == 1


def test_what_cannot_be_billed_is_refused_by_name(job: Job) -> None:
    foreign = HourEntryFactory(associate__first_name="Ann", associate__last_name="Lee")
    free = HourEntryFactory(job=job, billable=False, associate__first_name="Bo", associate__last_name="Ray")
    gone = HourEntryFactory(job=job)
    HourEntry.objects.filter(pk=gone.pk).delete()
    refusals = []
    for refused in ([foreign], [free], [gone], []):
        with pytest.raises(ValidationError) as caught:
            billing.bill_entries(job=job, entries=refused, date=DAY)
        refusals += messages(caught)
    assert refusals == [
        "Ann Lee, Mar 2, 2026, 1.50 h belongs to another job than Margaret Whitfield – Move.",
        "Bo Ray, Mar 2, 2026, 1.50 h is marked as not billable.",
        "An entry was deleted meanwhile: look at what there is to bill again.",
        "There is nothing to bill for Margaret Whitfield – Move.",
    ]
    assert not Invoice.objects.exists()


def test_overhead_and_inquiries_are_not_invoiced() -> None:
    us = ClientFactory(name="Gentle Moves", is_own_company=True)
    overhead = JobFactory(client=us, name="Coffee", type=Job.Type.MATERIALS_OVERHEAD)
    inquiry = JobFactory(client=ClientFactory(name="Ida", stage=Client.Stage.INQUIRY))
    refusals = []
    for job in (overhead, inquiry):
        with pytest.raises(ValidationError) as caught:
            billing.bill_flat(job=job, amount=Decimal(5), description="Visit", date=DAY)
        refusals += messages(caught)
    assert refusals == [
        "Gentle Moves – Coffee is our own overhead: it is invoiced to nobody.",
        "Ida is still an inquiry: promote it to a client before sending an invoice.",
    ]


def test_numbers_go_on_from_the_highest_that_is_all_digits(job: Job) -> None:
    assert billing.next_number() == "1001"
    for number in ("17", "A-5000", "2009", "2010-b"):
        InvoiceFactory(number=number)
    assert billing.next_number() == "2010"
    assert billing.bill_flat(job=job, amount=Decimal(5), description="Visit", date=DAY).number == "2010"


def test_a_number_is_used_once(job: Job) -> None:
    InvoiceFactory(number="77")
    with pytest.raises(ValidationError) as caught:
        billing.bill_flat(job=job, amount=Decimal(5), description="Visit", date=DAY, number="77")
    assert caught.value.message_dict == {"number": ["There is an invoice 77 already: choose another number."]}


def test_unbilled_are_the_billable_entries_on_no_invoice(job: Job, entries: list[Entry]) -> None:
    HourEntryFactory(job=job, billable=False)
    HourEntryFactory()
    billing.bill_entries(job=job, entries=entries[:1], date=DAY)
    assert unbilled_entries(job) == [entries[3], entries[4], entries[1], entries[2]]
    assert unbilled_entries(job, up_to=DAY) == [entries[3]]


@pytest.mark.parametrize("count", [1, 30])
def test_billing_takes_as_many_queries_for_many_as_for_one(
    job: Job, count: int, django_assert_max_num_queries: Any
) -> None:
    entries = [*HourEntryFactory.create_batch(count, job=job), *ExpenseEntryFactory.create_batch(count, job=job)]
    with django_assert_max_num_queries(18):
        billing.bill_entries(job=job, entries=entries, date=DAY)
    with django_assert_max_num_queries(4):
        unbilled_entries(job)


def test_a_changed_line_bumps_its_invoice(job: Job, entries: list[Entry]) -> None:
    invoice = billing.bill_entries(job=job, entries=entries[3:4], date=DAY)
    billing.change_line(line=invoice.lines.get(), description="The whole kitchen", amount=Decimal("100.00"))
    assert lines(invoice) == [
        (1, "The whole kitchen", Decimal("1.67"), Decimal("65.000"), Decimal("100.00"), False, False)
    ]
    assert header(invoice)["version"] == 2


def test_a_covered_line_costs_nothing(job: Job, entries: list[Entry]) -> None:
    invoice = billing.bill_flat(job=job, amount=Decimal(5), description="Visit", date=DAY, entries=entries[3:4])
    with pytest.raises(ValidationError) as caught:
        billing.change_line(line=invoice.lines.get(covered=True), description="Kitchen", amount=Decimal(1))
    assert caught.value.message_dict == {"amount": ["The flat amount covers this line: it costs nothing of its own."]}


def test_a_removed_line_frees_its_entry(job: Job, entries: list[Entry]) -> None:
    invoice = billing.bill_entries(job=job, entries=entries[3:], date=DAY)
    billing.remove_line(line=invoice.lines.get(position=1))
    assert [line[0] for line in lines(invoice)] == [2]
    assert header(invoice)["version"] == 2
    entries[3].refresh_from_db()
    assert entries[3].version == 3
    assert unbilled_entries(job, up_to=DAY) == [entries[3], entries[0]]


def test_a_discarded_invoice_frees_its_entries(job: Job, entries: list[Entry]) -> None:
    invoice = billing.bill_entries(job=job, entries=entries, date=DAY)
    billing.discard(invoice=invoice)
    assert not Invoice.objects.exists()
    assert len(unbilled_entries(job)) == 5
    entries[0].refresh_from_db()
    assert entries[0].version == 3


@pytest.mark.parametrize("status", ["sent", "overdue", "paid"])
def test_what_the_client_has_in_hand_stays(status: str) -> None:
    line = InvoiceLineFactory(invoice__number="1001", invoice__status=status)
    label = Invoice.Status(status).label
    for change in (
        lambda: billing.change_line(line=line, description="Less", amount=Decimal(1)),
        lambda: billing.remove_line(line=line),
        lambda: billing.discard(invoice=line.invoice),
    ):
        with pytest.raises(ValidationError) as caught:
            change()
        assert messages(caught) == [f"Invoice 1001 is {label}: it stays as the client knows it."]
    assert header(line.invoice)["version"] == 1


def test_a_billed_entry_is_locked(job: Job) -> None:
    entry = HourEntryFactory(job=job)
    billing.bill_entries(job=job, entries=[entry], date=DAY, number="1001")
    entry = HourEntry.objects.get()
    entry.minutes = 30
    for attempt in (recording.change, recording.remove, recording.unapprove):
        with pytest.raises(ValidationError) as caught:
            attempt(entry=entry)
        assert messages(caught) == ["It is billed on Invoice 1001 and therefore locked. Take its line off there first."]
    assert HourEntry.objects.get().minutes == 90


def test_an_invoice_with_payments_is_not_discarded() -> None:
    from django.db.models import ProtectedError

    invoice = PaymentFactory().invoice
    with pytest.raises(ProtectedError):
        billing.discard(invoice=invoice)
    assert Invoice.objects.filter(pk=invoice.pk).exists()


def test_where_approval_is_on_only_approved_entries_are_billed() -> None:
    TimeSettingsFactory()
    job = JobFactory()
    waiting, approved = HourEntryFactory(job=job), HourEntryFactory(job=job)
    recording.approve(entries=[approved], by=AssociateFactory(), at=timezone.now())
    assert unbilled_entries(job) == [approved]
    with pytest.raises(ValidationError) as caught:
        billing.bill_entries(job=job, entries=[waiting, approved], date=DAY)
    assert caught.value.messages == [
        f"{waiting} is not approved yet: it is billed once a Team Lead or Admin has approved it."
    ]
    assert not Invoice.objects.exists()
