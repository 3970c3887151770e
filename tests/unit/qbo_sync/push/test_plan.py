"""The plan: what is copied, what comes along, what is linked already, what is in the way and why."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from associates.models import Associate
from clients.models import Client, Job
from hours.models import PaidFrom
from invoices.models import Invoice, InvoiceSettings
from qbo_sync.models import Connection, Entity, Kind, Link, Mapping, Purpose, Run
from qbo_sync.models.states import RunState
from qbo_sync.push import feedback
from tests.factories import (
    DAY,
    AssociateFactory,
    ClientFactory,
    ExpenseEntryFactory,
    HourEntryFactory,
    InvoiceFactory,
    JobFactory,
    MileageEntryFactory,
    OrganizationFactory,
    PaymentFactory,
)
from tests.quickbooks import QuickBooks, map_everything
from tests.unit.qbo_sync.push.conftest import batches, invoice_for_hours, planned, told


def link(connection: Connection, record: Any, entity: Entity, qbo_id: str) -> Link:
    assert connection.connected_by is not None
    return Link.objects.create(
        connection=connection, entity=entity, qbo_id=qbo_id, origin=Link.Origin.IMPORTED,
        linked_by=connection.connected_by, linked_at=timezone.now(), **{Kind.of(record).value: record},
    )  # fmt: skip


def rows(run: Run) -> list[tuple[Any, ...]]:
    return [
        (step.kind, step.record_id, step.entity, step.brought_along, step.needs, step.state)
        for step in run.steps.order_by("position")
    ]


def test_an_invoice_brings_along_what_it_depends_on_bottom_up(mapped: Connection, quickbooks: QuickBooks) -> None:
    invoice = invoice_for_hours(hours=2)
    first, second = (line.hour_entry for line in invoice.lines.all())
    client, associate = invoice.job.client, first.associate

    run = planned(mapped, invoice)

    assert rows(run) == [
        ("client", client.pk, "Customer", True, [], "ready"),
        ("associate", associate.pk, "Employee", True, [], "ready"),
        ("hour_entry", first.pk, "TimeActivity", True, [1, 0], "ready"),
        ("hour_entry", second.pk, "TimeActivity", True, [1, 0], "ready"),
        ("invoice", invoice.pk, "Invoice", False, [0, 2, 3], "ready"),
    ]
    assert (run.state, run.size, run.asked_by) == (RunState.PLANNED, 5, mapped.connected_by)
    assert quickbooks.requests("write") == []
    sums = feedback.summary(run).kinds
    assert [(each.kind, each.total, each.brought_along, each.amount, each.minutes) for each in sums] == [
        (Kind.CLIENT, 1, 1, 0, 0),
        (Kind.ASSOCIATE, 1, 1, 0, 0),
        (Kind.HOUR_ENTRY, 2, 2, 0, 180),
        (Kind.INVOICE, 1, 0, Decimal("195.00"), 0),
    ]


def test_what_is_linked_already_is_not_brought_along(mapped: Connection) -> None:
    invoice = invoice_for_hours()
    link(mapped, invoice.job.client, Entity.CUSTOMER, "1")
    [entry] = (line.hour_entry for line in invoice.lines.all())

    assert [row[0] for row in rows(planned(mapped, invoice))] == ["associate", "hour_entry", "invoice"]

    link(mapped, entry, Entity.TIME_ACTIVITY, "5")
    assert [row[0] for row in rows(planned(mapped, invoice))] == ["invoice"]

    link(mapped, invoice, Entity.INVOICE, "130")
    assert rows(planned(mapped, invoice)) == [("invoice", invoice.pk, "Invoice", False, [], "linked")]


def test_a_link_of_another_company_does_not_count(mapped: Connection) -> None:
    other = Connection.objects.create(environment="simulator", realm_id="777", state="disconnected")
    client = ClientFactory()
    Link.objects.create(
        connection=other, client=client, entity=Entity.CUSTOMER, qbo_id="1", origin=Link.Origin.IMPORTED,
        linked_by=mapped.connected_by, linked_at=timezone.now(),
    )  # fmt: skip

    assert rows(planned(mapped, client)) == [("client", client.pk, "Customer", False, [], "ready")]


def test_what_is_never_copied_is_said_where_it_was_asked_for(mapped: Connection) -> None:
    mapped.go_live_date = DAY
    mapped.save()
    before = DAY - dt.timedelta(days=1)
    inquiry = ClientFactory(name="Ida Quiry", stage=Client.Stage.INQUIRY)
    own = ClientFactory(name="Gentle Moves", is_own_company=True)
    vehicle = AssociateFactory(first_name="Big", last_name="Truck", kind=Associate.Kind.VEHICLE)
    person = AssociateFactory(first_name="Dana", last_name="Ortiz")
    job = JobFactory(client__name="Martha Whitlock")
    old = HourEntryFactory(date=before, associate=person)
    driven = MileageEntryFactory(associate=vehicle)
    preliminary = InvoiceFactory(number="1", job=job)
    past = InvoiceFactory(number="2", job=job, status=Invoice.Status.SENT, date=before)

    run = planned(mapped, inquiry, own, vehicle, old, driven, preliminary, past)

    assert told(run) == {
        "Ida Quiry": ("in_the_way", "An inquiry is not copied. Promote it to a client first.", ""),
        "Gentle Moves": ("in_the_way", "This is our own company: it is nobody's customer.", ""),
        "Big Truck": ("in_the_way", "A vehicle is not copied: QuickBooks has no list for it.", ""),
        str(old): ("in_the_way", "It is dated before the go-live date.", ""),
        str(driven): ("in_the_way", "The miles of a vehicle are paid back to nobody.", ""),
        "Invoice 1 · Martha Whitlock": ("in_the_way", "A preliminary invoice is a draft. Finalize it first.", ""),
        "Invoice 2 · Martha Whitlock": ("in_the_way", "It is dated before the go-live date.", ""),
    }
    assert run.size == 0


def test_what_is_never_copied_does_not_hold_up_what_mentions_it(mapped: Connection) -> None:
    mapped.go_live_date = DAY
    mapped.save()
    invoice = invoice_for_hours(HourEntryFactory(date=DAY - dt.timedelta(days=1)))

    assert [row[0] for row in rows(planned(mapped, invoice))] == ["client", "invoice"]


def test_overhead_hours_bring_no_customer(mapped: Connection) -> None:
    job = JobFactory(client=ClientFactory(is_own_company=True), type=Job.Type.ADMINISTRATIVE_OVERHEAD)
    entry = HourEntryFactory(job=job)

    assert [row[0] for row in rows(planned(mapped, entry))] == ["associate", "hour_entry"]


def test_an_expense_brings_its_vendor_and_not_its_associate(connection: Connection, quickbooks: QuickBooks) -> None:
    expense = ExpenseEntryFactory(vendor=OrganizationFactory())
    map_everything(connection, quickbooks)

    assert [row[0] for row in rows(planned(connection, expense))] == ["client", "organization", "expense_entry"]


def test_a_missing_mapping_is_in_the_way_of_its_lines_and_holds_up_what_depends_on_them(mapped: Connection) -> None:
    Mapping.objects.filter(purpose=Purpose.HOURS_ITEM).delete()
    entry = HourEntryFactory(associate__last_name="Ortiz", job__client__name="Martha Whitlock")
    invoice = invoice_for_hours(entry, number="2043")
    missing = "“Item for hours” is not chosen yet in the QuickBooks settings."

    assert told(planned(mapped, invoice)) == {
        "Martha Whitlock": ("ready", "", ""),
        "Ann Ortiz": ("ready", "", ""),
        str(entry): ("in_the_way", missing, "hours_item"),
        "Invoice 2043 · Martha Whitlock": ("in_the_way", missing, "hours_item"),
    }


def test_what_waits_says_for_whom_and_why(mapped: Connection) -> None:
    entry = HourEntryFactory(associate__last_name="", job__client__name="Martha Whitlock")
    invoice = invoice_for_hours(entry, number="2043")
    nameless = "QuickBooks wants an employee's first and last name."

    assert told(planned(mapped, invoice)) == {
        "Martha Whitlock": ("ready", "", ""),
        "Ann": ("in_the_way", nameless, "open"),
        str(entry): ("blocked", f"It waits for associate “Ann”. {nameless}", ""),
        "Invoice 2043 · Martha Whitlock": (
            "blocked",
            f"It waits for associate “Ann”. {nameless}",
            "",
        ),
    }


def test_an_expense_of_an_associates_own_money_waits_for_a_clearing_account(
    connection: Connection, quickbooks: QuickBooks
) -> None:
    own = ExpenseEntryFactory(paid_from=PaidFrom.ASSOCIATE)
    bank = ExpenseEntryFactory(paid_from=PaidFrom.BANK, category=own.category)
    map_everything(connection, quickbooks)
    Mapping.objects.filter(purpose=Purpose.PAID_FROM_ASSOCIATE).delete()

    run = planned(connection, own, bank)

    expenses = run.steps.filter(kind="expense_entry")
    assert {step.record_id: (step.state, step.message, step.mend) for step in expenses} == {
        own.pk: (
            "in_the_way",
            "“Expenses paid with an associate's own money” is not chosen yet in the QuickBooks settings.",
            "paid_from_associate",
        ),
        bank.pk: ("ready", "", ""),
    }


def test_records_that_are_gone_are_not_in_the_plan(mapped: Connection) -> None:
    client = ClientFactory()
    gone = ClientFactory()
    gone_id = gone.pk
    gone.delete()
    gone.pk = gone_id

    assert [row[1] for row in rows(planned(mapped, client, gone))] == [client.pk]
    assert rows(planned(mapped, gone)) == []


def reading_queries(connection: Connection, *records: Any) -> int:
    """How many statements a plan takes, but for the steps themselves, which SQLite takes 999 values at a time."""
    with CaptureQueriesContext(database, ) as captured:  # fmt: skip
        planned(connection, *records)
    inserted = 'INSERT INTO "qbo_sync_step"'
    return sum(not query["sql"].startswith(inserted) for query in captured.captured_queries)


def with_receipt() -> Any:
    return ExpenseEntryFactory(receipt="receipts/2026/03/boxes.pdf")


def with_payment() -> Any:
    return PaymentFactory(invoice=invoice_for_hours()).invoice


@pytest.mark.parametrize(
    "make", [invoice_for_hours, with_payment, ExpenseEntryFactory, with_receipt, MileageEntryFactory]
)
def test_the_queries_of_a_plan_do_not_grow_with_its_records(
    connection: Connection, quickbooks: QuickBooks, make: Any
) -> None:
    InvoiceSettings.objects.create(payments_at=InvoiceSettings.PaymentsAt.HERE)
    connection.jobs_are_customers = True
    connection.save()
    records = [make() for _ in range(31)]
    map_everything(connection, quickbooks)

    one, thirty = reading_queries(connection, records[0]), reading_queries(connection, *records[1:])

    assert one == thirty
    assert thirty <= 25


def test_a_plan_asks_quickbooks_nothing(mapped: Connection, quickbooks: QuickBooks) -> None:
    before = len(quickbooks.requests())

    planned(mapped, invoice_for_hours())

    assert (len(quickbooks.requests()), batches(quickbooks)) == (before, [])
