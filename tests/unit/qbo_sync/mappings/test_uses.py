"""What waits for each choice in the settings: records that are not copied yet and would go with it."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from associates.models import Associate
from hours.models import PaidFrom
from invoices.models import InvoiceSettings
from qbo_sync.mappings.uses import Uses
from qbo_sync.models import Connection, Entity, Link, Purpose
from tests.factories import (
    DAY,
    AssociateFactory,
    ClientFactory,
    ExpenseEntryFactory,
    FlatFeeFactory,
    FlatFeePresetFactory,
    HourEntryFactory,
    InvoiceFactory,
    InvoiceLineFactory,
    JobCodeFactory,
    JobFactory,
    MileageEntryFactory,
    PaymentFactory,
)


@pytest.fixture
def connection(owner: Associate) -> Connection:
    return Connection.objects.create(
        environment="simulator", realm_id="1", is_active=True, state=Connection.State.CONNECTED, connected_by=owner
    )


def words(connection: Connection, *chosen: Any) -> dict[Any, str]:
    """What is said of each choice that something waits for; classes and locations aside."""
    uses = Uses(connection, chosen)
    tracked = (Purpose.DEFAULT_CLASS, Purpose.DEFAULT_LOCATION)
    return {key: uses.in_words(key) for key in uses._counts if key[0] not in tracked and uses.of(key)}


def test_nothing_waits_in_an_empty_office(connection: Connection) -> None:
    assert words(connection) == {}
    assert Uses(connection, ()).in_words((Purpose.HOURS_ITEM, None)) == ""


def test_entries_wait_for_what_they_go_with(connection: Connection) -> None:
    HourEntryFactory.create_batch(2)
    MileageEntryFactory()
    expense = ExpenseEntryFactory(paid_from=PaidFrom.CREDIT_CARD)
    assert words(connection) == {
        (Purpose.HOURS_ITEM, None): "2 hour entries",
        (Purpose.MILEAGE_ACCOUNT, None): "1 mileage entry",
        (Purpose.PAID_FROM_ASSOCIATE, None): "1 mileage entry",
        (Purpose.CATEGORY_ACCOUNT, expense.category_id): "1 expense",
        (Purpose.PAID_FROM_CARD, None): "1 expense",
    }
    assert Uses(connection, ()).in_words((Purpose.DEFAULT_CLASS, None)) == "2 hour entries, 1 mileage entry, 1 expense"


def test_lines_wait_for_the_item_of_what_they_bill(connection: Connection) -> None:
    invoice, flat = InvoiceFactory(status="sent", adjustment="-5.00"), InvoiceFactory(status="sent", kind="flat")
    hours, fee, covered = HourEntryFactory(), FlatFeeFactory(), HourEntryFactory()
    Link.objects.create(
        connection=connection, hour_entry=hours, entity=Entity.TIME_ACTIVITY, qbo_id="1", origin=Link.Origin.PUSHED,
        linked_by=connection.connected_by, linked_at=timezone.now(),
    )  # fmt: skip
    InvoiceLineFactory(invoice=invoice, hour_entry=hours)
    InvoiceLineFactory(invoice=invoice, flat_fee=fee)
    InvoiceLineFactory(invoice=invoice)
    InvoiceLineFactory(invoice=flat)
    InvoiceLineFactory(invoice=flat, hour_entry=covered, covered=True, amount=0, rate=0)
    assert words(connection) == {
        (Purpose.HOURS_ITEM, None): "1 hour entry, 1 invoice line",
        (Purpose.FLAT_FEES_ITEM, None): "2 invoice lines",
        (Purpose.FLAT_INVOICES_ITEM, None): "1 invoice line",
        (Purpose.ADJUSTMENT_ITEM, None): "1 invoice",
    }


def test_where_one_has_its_own_item_the_usual_one_is_not_waited_for(connection: Connection) -> None:
    code, preset = JobCodeFactory(), FlatFeePresetFactory()
    HourEntryFactory(job_code=code)
    HourEntryFactory()
    InvoiceLineFactory(invoice=InvoiceFactory(status="sent"), flat_fee=FlatFeeFactory(preset=preset))
    own_code, own_preset = (Purpose.JOB_CODE_ITEM, code.pk), (Purpose.PRESET_ITEM, preset.pk)
    assert words(connection) == {
        (Purpose.HOURS_ITEM, None): "2 hour entries", own_code: "1 hour entry",
        (Purpose.FLAT_FEES_ITEM, None): "1 invoice line", own_preset: "1 invoice line",
    }  # fmt: skip
    assert words(connection, own_code, own_preset) == {
        (Purpose.HOURS_ITEM, None): "1 hour entry", own_code: "1 hour entry", own_preset: "1 invoice line",
    }  # fmt: skip


def test_what_is_never_copied_waits_for_nothing(connection: Connection) -> None:
    connection.go_live_date, connection.copied_from_status = DAY, "sent"
    before, vehicle = DAY - dt.timedelta(days=1), AssociateFactory(kind=Associate.Kind.VEHICLE)
    HourEntryFactory(date=before)
    HourEntryFactory(associate=vehicle)
    MileageEntryFactory(associate=vehicle)
    ExpenseEntryFactory(date=before)
    own = JobFactory(client=ClientFactory(is_own_company=True), type="administrative")
    for invoice in (
        InvoiceFactory(status="finalized"), InvoiceFactory(status="sent", date=before),
        InvoiceFactory(status="sent", job=own),
    ):  # fmt: skip
        InvoiceLineFactory(invoice=invoice)
    PaymentFactory()
    assert words(connection) == {}


def test_payments_that_are_recorded_here_wait_for_their_account(connection: Connection) -> None:
    InvoiceSettings.objects.create(payments_at=InvoiceSettings.PaymentsAt.HERE)
    PaymentFactory(invoice=InvoiceFactory(status="preliminary"))
    assert words(connection) == {(Purpose.DEPOSIT_ACCOUNT, None): "1 payment"}


def test_thirty_take_as_many_queries_as_one(connection: Connection) -> None:
    counts = []
    for more in (1, 29):
        for _ in range(more):
            HourEntryFactory(job_code=JobCodeFactory())
            ExpenseEntryFactory()
            InvoiceLineFactory(invoice=InvoiceFactory(status="sent"), flat_fee=FlatFeeFactory())
        with CaptureQueriesContext(database) as captured:
            Uses(connection, ())
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 8
