"""Hours as time activities, and whether QuickBooks may bill them (qbo-api.md §8.7, §9; design.md §4)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from associates.models import Associate
from clients.models import Client, Job
from hours.models import HourEntry
from invoices.models import Invoice
from qbo_sync.entities import COPIED, Obstacle
from qbo_sync.models import Entity, Kind, Purpose, Reason
from tests.factories import (
    DAY,
    AssociateFactory,
    ClientFactory,
    HourEntryFactory,
    InvoiceFactory,
    InvoiceLineFactory,
    JobFactory,
)
from tests.unit.qbo_sync.entities.conftest import body, context, loaded, words

pytestmark = pytest.mark.django_db
HOURS = COPIED[Kind.HOUR_ENTRY]

BILLABLE = {
    "TxnDate": "2026-03-02",
    "NameOf": "Employee",
    "EmployeeRef": {"value": "55"},
    "CustomerRef": {"value": "1"},
    "ItemRef": {"value": "2"},
    "Hours": 1,
    "Minutes": 30,
    "Description": "Packing the kitchen",
    "BillableStatus": "Billable",
    "HourlyRate": Decimal("65.00"),
}
NOT_BILLABLE = {name: value for name, value in BILLABLE.items() if name not in ("BillableStatus", "HourlyRate")} | {
    "BillableStatus": "NotBillable"
}


def people(entry: HourEntry, entity: Entity = Entity.EMPLOYEE) -> tuple[tuple[Any, Entity, str], ...]:
    return ((entry.associate, entity, "55"), (entry.job.client, Entity.CUSTOMER, "1"))


def on_an_invoice(entry: HourEntry, *, covered: bool = False, **invoice: Any) -> Invoice:
    made = InvoiceFactory(job=entry.job, status=Invoice.Status.FINALIZED, **invoice)
    amount = Decimal(0) if covered else Decimal("97.50")
    InvoiceLineFactory(invoice=made, hour_entry=entry, position=1, covered=covered, amount=amount)
    return made


def test_hours_of_an_employee() -> None:
    entry = HourEntryFactory()

    assert body(entry, context(*people(entry))) == BILLABLE


def test_hours_of_a_contractor() -> None:
    entry = HourEntryFactory(associate__kind=Associate.Kind.CONTRACTOR)

    assert body(entry, context(*people(entry, Entity.VENDOR))) == {
        name: value for name, value in BILLABLE.items() if name != "EmployeeRef"
    } | {"NameOf": "Vendor", "VendorRef": {"value": "55"}}


def test_what_the_associate_is_at_quickbooks_decides_not_what_it_is_here_today() -> None:
    entry = HourEntryFactory(associate__kind=Associate.Kind.CONTRACTOR)

    assert body(entry, context(*people(entry, Entity.EMPLOYEE))) == BILLABLE


def test_overhead_hours_go_without_a_customer() -> None:
    job = JobFactory(client=ClientFactory(is_own_company=True), type=Job.Type.ADMINISTRATIVE_OVERHEAD)
    entry = HourEntryFactory(job=job)

    assert body(entry, context((entry.associate, Entity.EMPLOYEE, "55"))) == {
        name: value for name, value in NOT_BILLABLE.items() if name != "CustomerRef"
    }
    assert HOURS.needs(loaded(entry)) == ((Kind.ASSOCIATE, entry.associate_id),)


@pytest.mark.parametrize("values", [{"billable": False}, {"charge_rate": Decimal(0)}])
def test_hours_that_are_not_billed_to_anybody(values: dict[str, Any]) -> None:
    entry = HourEntryFactory(**values)

    assert body(entry, context(*people(entry))) == NOT_BILLABLE


def test_hours_on_an_itemized_invoice_stay_billable_until_it_bills_them() -> None:
    entry = HourEntryFactory()
    on_an_invoice(entry)

    assert body(entry, context(*people(entry))) == BILLABLE


def test_hours_covered_by_a_flat_invoice_are_billed_by_its_amount() -> None:
    entry = HourEntryFactory()
    on_an_invoice(entry, covered=True, kind=Invoice.Kind.FLAT)

    assert body(entry, context(*people(entry))) == NOT_BILLABLE


def test_hours_on_an_invoice_that_is_at_quickbooks_already_cannot_be_linked_to_it_any_more() -> None:
    entry = HourEntryFactory()
    invoice = on_an_invoice(entry)

    assert body(entry, context(*people(entry), (invoice, Entity.INVOICE, "130"))) == NOT_BILLABLE


def test_hours_on_an_invoice_before_the_go_live_date_are_billed_already() -> None:
    entry = HourEntryFactory()
    on_an_invoice(entry, date=DAY - dt.timedelta(days=1))

    assert body(entry, context(*people(entry), go_live_date=DAY)) == NOT_BILLABLE


@pytest.mark.parametrize(
    ("minutes", "duration"),
    [
        (1, {"Minutes": 1}),
        (45, {"Minutes": 45}),
        (60, {"Hours": 1}),
        (1440, {"Hours": 24}),
    ],
)
def test_durations_are_hours_and_minutes(minutes: int, duration: dict[str, int]) -> None:
    entry = HourEntryFactory(minutes=minutes)

    sent = body(entry, context(*people(entry)))

    assert {name: sent[name] for name in ("Hours", "Minutes") if sent.get(name)} == duration


def test_the_description_of_hours_is_left_out_where_there_is_none() -> None:
    entry = HourEntryFactory(description="")

    assert body(entry, context(*people(entry))) == {
        name: value for name, value in BILLABLE.items() if name != "Description"
    }


def test_hours_need_their_people_and_refer_to_the_invoice_that_bills_them() -> None:
    entry = HourEntryFactory()
    needs = ((Kind.ASSOCIATE, entry.associate_id), (Kind.CLIENT, entry.job.client_id), (Kind.JOB, entry.job_id))
    assert (HOURS.needs(loaded(entry)), HOURS.refers_to(loaded(entry))) == (needs, needs)

    invoice = on_an_invoice(entry)

    assert HOURS.needs(loaded(entry)) == needs
    assert HOURS.refers_to(loaded(entry)) == (*needs, (Kind.INVOICE, invoice.pk))


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"associate__kind": Associate.Kind.VEHICLE}, "The hours of a vehicle are not copied."),
        ({"date": DAY - dt.timedelta(days=1)}, "It is dated before the go-live date."),
        ({"date": DAY}, ""),
    ],
)
def test_hours_that_are_never_copied(values: dict[str, Any], why: str) -> None:
    assert words(HOURS.never(loaded(HourEntryFactory(**values)), context(go_live_date=DAY))) == why


def test_hours_wait_for_an_inquiry_to_be_promoted_and_for_their_item() -> None:
    inquiry = HourEntryFactory(job__client=ClientFactory(name="Ida Quiry", stage=Client.Stage.INQUIRY))
    entry = HourEntryFactory()

    assert [
        HOURS.obstacle(loaded(inquiry), context()),
        HOURS.obstacle(loaded(entry), context(without=(Purpose.HOURS_ITEM,))),
        HOURS.obstacle(loaded(entry), context()),
    ] == [
        Obstacle("Ida Quiry is still an inquiry. Promote it to a client first.", Reason.INQUIRY),
        Obstacle("“Item for hours” is not chosen yet in the QuickBooks settings.", Reason.MAPPING, Purpose.HOURS_ITEM),
        None,
    ]


def test_hours_say_their_minutes_and_no_money() -> None:
    entry = HourEntryFactory(associate=AssociateFactory(first_name="Dana", last_name="Ortiz"))

    assert (HOURS.entity(entry), HOURS.label(entry), HOURS.amount(entry), HOURS.minutes(entry), HOURS.is_name) == (
        Entity.TIME_ACTIVITY,
        "Dana Ortiz, Mar 2, 2026, 1.50 h",
        None,
        90,
        False,
    )
