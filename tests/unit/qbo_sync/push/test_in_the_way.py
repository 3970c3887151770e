"""What is in the way, seen in the plan before anything is sent, and by reason."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from associates.models import Associate
from hours.models import HourEntry
from invoices.models import Invoice
from qbo_sync import directory
from qbo_sync.connection.client import client_for
from qbo_sync.models import Connection, NameRecord, Reason
from qbo_sync.push.causes import causes
from tests.factories import (
    AssociateFactory,
    ClientFactory,
    ExpenseEntryFactory,
    HourEntryFactory,
    InvoiceLineFactory,
    OrganizationFactory,
)
from tests.quickbooks import QuickBooks, map_everything
from tests.unit.qbo_sync.push.conftest import batches, copied, invoice_for_hours, planned, queued, told, work
from tests.unit.qbo_sync.push.test_reversing import reversed_
from tests.unit.qbo_sync.push.test_updating import updated

DAY = dt.date(2026, 3, 2)
BEARS = "bears the same name, and QuickBooks takes a name only once. Change one of the two."


def reasons(run: Any) -> dict[str, tuple[int, int, int, Decimal]]:
    """Records, held up, minutes and amount by reason."""
    return {each.reason: (each.records, each.held_up, each.minutes, each.amount) for each in causes(run)}


def test_two_of_ours_that_bear_one_name_are_both_in_the_way(mapped: Connection, quickbooks: QuickBooks) -> None:
    first = HourEntryFactory(job__client__name="Zoe Young")
    second = OrganizationFactory(name="zoe  young")

    run = copied(mapped, first, second, ClientFactory(name="Zack Old"))

    assert told(run) == {
        "Zoe Young": ("in_the_way", f"Organization “zoe young” {BEARS}", "open"),
        "zoe  young": ("in_the_way", f"Client “Zoe Young” {BEARS}", "open"),
        "Zack Old": ("done", "", ""),
        str(first.associate): ("done", "", ""),
        str(first): ("blocked", f"It waits for client “Zoe Young”. Organization “zoe young” {BEARS}", ""),
    }
    assert reasons(run) == {Reason.TWO_ALIKE: (2, 1, 90, Decimal(0))}
    assert batches(quickbooks) == [["Customer", "Employee"]]


@pytest.mark.sandbox
def test_a_name_that_another_list_at_quickbooks_holds_is_in_the_way(mapped: Connection) -> None:
    with client_for(mapped) as client:
        directory.refresh(mapped, client)
    NameRecord.objects.filter(display_name="Amy's Bird Sanctuary").update(is_active=False)
    taken, inactive = OrganizationFactory(name="Emily Platt"), OrganizationFactory(name="Amy's Bird Sanctuary")

    run = planned(mapped, taken, inactive, ClientFactory(name="Emily Plate"))

    words = "QuickBooks has an employee “Emily Platt” already, and takes a name only once. Change it here or there."
    assert told(run) == {
        "Emily Platt": ("in_the_way", words, "open"),
        "Amy's Bird Sanctuary": ("ready", "", ""),
        "Emily Plate": ("ready", "", ""),
    }
    assert reasons(run) == {Reason.TAKEN: (1, 0, 0, Decimal(0))}


def test_a_name_that_we_copied_before_is_taken_too(mapped: Connection, quickbooks: QuickBooks) -> None:
    """Of what was copied a plan knows without asking QuickBooks, until it is changed or taken back there."""
    client, same = ClientFactory(name="Zoe Young"), OrganizationFactory(name="Zoe Young")
    copied(mapped, client)
    asked = len(quickbooks.requests())

    plan = planned(mapped, same)

    words = "QuickBooks has a customer “Zoe Young” already, and takes a name only once. Change it here or there."
    assert (told(plan), len(quickbooks.requests())) == ({"Zoe Young": ("in_the_way", words, "open")}, asked)
    client.name = "Zoe Younger"
    client.save()
    updated(client)
    assert told(planned(mapped, same)) == {"Zoe Young": ("ready", "", "")}
    assert told(planned(mapped, OrganizationFactory(name="Zoe Younger")))["Zoe Younger"][0] == "in_the_way"

    reversed_(copied(mapped, ClientFactory(name="Zack Old")))
    assert told(planned(mapped, OrganizationFactory(name="Zack Old"))) == {"Zack Old": ("ready", "", "")}


def test_what_is_held_up_says_the_first_cause_alone(connection: Connection, quickbooks: QuickBooks) -> None:
    """The plan and the engine use one wording, however many steps lie between."""
    invoice = invoice_for_hours(HourEntryFactory(associate__last_name="", associate__first_name="Dana"), number="7")
    map_everything(connection, quickbooks)
    run = planned(connection, invoice)

    entry = HourEntry.objects.get()
    cause = f"It waits for associate “{entry.associate}”. QuickBooks wants an employee's first and last name."
    assert told(run)[str(entry)] == told(run)[f"Invoice 7 · {invoice.job.client}"] == ("blocked", cause, "")
    assert reasons(run) == {Reason.NAME: (1, 2, 90, Decimal("97.50"))}

    queued(connection, invoice)
    work(connection)
    assert told(run)[str(entry)] == ("blocked", cause, "")


@pytest.mark.parametrize(
    ("lowest", "status", "words"),
    [
        ("finalized", "finalized", ""),
        ("tl_approved", "finalized", "Its status is “Finalized”; invoices are copied from “TL approved” on."),
        ("tl_approved", "sent", ""),
        ("paid", "overdue", "Its status is “Overdue”; invoices are copied from “Paid” on."),
    ],
)
def test_which_invoices_are_copied_is_a_setting(mapped: Connection, lowest: str, status: str, words: str) -> None:
    mapped.copied_from_status = lowest
    mapped.save()
    invoice = invoice_for_hours(number="7")
    Invoice.objects.filter(pk=invoice.pk).update(status=status)

    run = planned(mapped, invoice)

    assert told(run)[f"Invoice 7 · {invoice.job.client}"] == ("in_the_way" if words else "ready", words, "")
    assert reasons(run) == ({Reason.NOT_APPROVED: (1, 0, 0, Decimal("97.50"))} if words else {})


def test_closed_books_are_seen_when_a_run_begins_and_by_the_next_plan(
    connection: Connection, quickbooks: QuickBooks
) -> None:
    expense = ExpenseEntryFactory(date=DAY)
    entry = HourEntryFactory(date=DAY, job=expense.job, associate=expense.associate)
    invoice = invoice_for_hours(entry, number="7", date=DAY)
    later = invoice_for_hours(HourEntryFactory(job=expense.job, associate=expense.associate), number="8", date=DAY)
    Invoice.objects.filter(pk=later.pk).update(date=DAY + dt.timedelta(days=1))
    map_everything(connection, quickbooks)
    quickbooks.prefer(AccountingInfoPrefs={"BookCloseDate": "2026-03-02"})

    run = copied(connection, invoice, later, expense)

    words = "The books at QuickBooks are closed up to Mar 2, 2026. Change its date, or open the books at QuickBooks."
    client = str(invoice.job.client)
    rows = told(run)
    assert [rows[label] for label in (f"Invoice 7 · {client}", f"Invoice 8 · {client}", str(expense))] == [
        ("in_the_way", words, "open"),
        ("done", "", ""),
        ("in_the_way", words, "open"),
    ]
    assert told(planned(Connection.objects.get(), invoice))[f"Invoice 7 · {client}"] == ("in_the_way", words, "open")
    assert reasons(run)[Reason.CLOSED_BOOKS][:2] == (2, 0)


def test_every_reason_with_its_sums(mapped: Connection) -> None:
    mapped.go_live_date = DAY
    mapped.save()
    mapped.mappings.filter(purpose="hours_item").delete()
    early = invoice_for_hours(HourEntryFactory(date=DAY), number="1", date=DAY - dt.timedelta(days=1))
    free = invoice_for_hours(HourEntryFactory(date=DAY), number="2", date=DAY, adjustment=Decimal("-97.50"))
    draft = invoice_for_hours(HourEntryFactory(date=DAY), number="3", date=DAY)
    Invoice.objects.filter(pk=draft.pk).update(status=Invoice.Status.PRELIMINARY)
    asked = [early, free, draft, AssociateFactory(kind=Associate.Kind.VEHICLE), ClientFactory(stage="inquiry")]
    InvoiceLineFactory(invoice=draft, position=2)

    run = planned(mapped, *asked)

    found = reasons(run)
    assert {reason: counted[:2] for reason, counted in found.items()} == {
        Reason.BEFORE_GO_LIVE: (1, 0),
        Reason.NO_TOTAL: (1, 0),
        Reason.NOT_APPROVED: (1, 0),
        Reason.NOT_COPIED: (1, 0),
        Reason.INQUIRY: (1, 0),
        Reason.MAPPING: (1, 0),
    }
    assert found[Reason.BEFORE_GO_LIVE][3] == Decimal("97.50")
