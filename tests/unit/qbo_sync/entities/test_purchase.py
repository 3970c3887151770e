"""Expenses and mileage as purchases, by what they were paid from (qbo-api.md §8.8)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from associates.models import Associate
from clients.models import Client, Job
from hours.models import PaidFrom
from qbo_sync.entities import COPIED, Obstacle
from qbo_sync.models import Entity, Kind, Purpose, Reason
from tests.factories import (
    DAY,
    ClientFactory,
    ExpenseCategoryFactory,
    ExpenseEntryFactory,
    JobFactory,
    MileageEntryFactory,
    OrganizationFactory,
)
from tests.unit.qbo_sync.entities.conftest import CATEGORY_ACCOUNT, body, context, loaded, words

pytestmark = pytest.mark.django_db
EXPENSE, MILEAGE = COPIED[Kind.EXPENSE_ENTRY], COPIED[Kind.MILEAGE_ENTRY]


def line(amount: str, description: str, account: str, *, customer: str = "1") -> dict[str, Any]:
    detail: dict[str, Any] = {"AccountRef": {"value": account}, "BillableStatus": "NotBillable"}
    if customer:
        detail["CustomerRef"] = {"value": customer}
    return {
        "Amount": Decimal(amount),
        "Description": description,
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": detail,
    }


@pytest.mark.parametrize(
    ("paid_from", "payment_type", "account"),
    [
        (PaidFrom.BANK, "Cash", "81"),
        (PaidFrom.CREDIT_CARD, "CreditCard", "82"),
        (PaidFrom.CASH, "Cash", "83"),
        (PaidFrom.ASSOCIATE, "Cash", "84"),
    ],
)
def test_an_expense_by_what_it_was_paid_from(paid_from: PaidFrom, payment_type: str, account: str) -> None:
    expense = ExpenseEntryFactory(paid_from=paid_from)
    given = context((expense.associate, Entity.EMPLOYEE, "55"), (expense.job.client, Entity.CUSTOMER, "1"))

    assert body(expense, given) == {
        "TxnDate": "2026-03-02",
        "DocNumber": f"SMM-E{expense.pk}",
        "PaymentType": payment_type,
        "AccountRef": {"value": account},
        "EntityRef": {"value": "55", "type": "Employee"},
        "PrivateNote": "Boxes",
        "Line": [line("31.20", "Boxes", CATEGORY_ACCOUNT)],
    }


def test_an_expense_at_a_vendor_names_the_vendor() -> None:
    expense = ExpenseEntryFactory(vendor=OrganizationFactory(), description="")
    given = context((expense.vendor, Entity.VENDOR, "41"), (expense.job.client, Entity.CUSTOMER, "1"))

    assert EXPENSE.needs(loaded(expense)) == (
        (Kind.ORGANIZATION, expense.vendor_id),
        (Kind.CLIENT, expense.job.client_id),
        (Kind.JOB, expense.job_id),
    )
    assert body(expense, given) == {
        "TxnDate": "2026-03-02",
        "DocNumber": f"SMM-E{expense.pk}",
        "PaymentType": "Cash",
        "AccountRef": {"value": "81"},
        "EntityRef": {"value": "41", "type": "Vendor"},
        "Line": [{name: value for name, value in line("31.20", "", CATEGORY_ACCOUNT).items() if name != "Description"}],
    }


def test_an_overhead_expense_has_no_customer_and_one_of_a_vehicle_no_payee() -> None:
    job = JobFactory(client=ClientFactory(is_own_company=True), type=Job.Type.MATERIALS_OVERHEAD)
    expense = ExpenseEntryFactory(job=job, associate__kind=Associate.Kind.VEHICLE)

    assert (EXPENSE.needs(loaded(expense)), EXPENSE.refers_to(loaded(expense))) == ((), ())
    assert body(expense, context()) == {
        "TxnDate": "2026-03-02",
        "DocNumber": f"SMM-E{expense.pk}",
        "PaymentType": "Cash",
        "AccountRef": {"value": "81"},
        "PrivateNote": "Boxes",
        "Line": [line("31.20", "Boxes", CATEGORY_ACCOUNT, customer="")],
    }


def test_mileage_is_owed_to_the_associate() -> None:
    mileage = MileageEntryFactory(miles=Decimal("25.5"), pay_included_miles=Decimal("10.0"), pay_rate=Decimal("0.675"))
    given = context((mileage.associate, Entity.EMPLOYEE, "55"), (mileage.job.client, Entity.CUSTOMER, "1"))

    assert body(mileage, given) == {
        "TxnDate": "2026-03-02",
        "DocNumber": f"SMM-M{mileage.pk}",
        "PaymentType": "Cash",
        "AccountRef": {"value": "84"},
        "EntityRef": {"value": "55", "type": "Employee"},
        "PrivateNote": "To the client and back",
        "Line": [line("10.46", "To the client and back", "71")],
    }
    assert MILEAGE.amount(loaded(mileage)) == Decimal("10.46")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"associate__kind": Associate.Kind.VEHICLE}, "The miles of a vehicle are paid back to nobody."),
        ({"pay_rate": Decimal(0)}, "Nothing is paid back for these miles."),
        ({"pay_included_miles": Decimal("20.0")}, "Nothing is paid back for these miles."),
        ({"date": DAY - dt.timedelta(days=1)}, "It is dated before the go-live date."),
        ({}, ""),
    ],
)
def test_mileage_that_is_never_copied(values: dict[str, Any], why: str) -> None:
    assert words(MILEAGE.never(loaded(MileageEntryFactory(**values)), context(go_live_date=DAY))) == why


def test_an_expense_before_the_go_live_date_is_never_copied() -> None:
    expense = loaded(ExpenseEntryFactory())

    assert [
        words(EXPENSE.never(expense, context(go_live_date=DAY + dt.timedelta(days=1)))),
        words(EXPENSE.never(expense, context(go_live_date=DAY))),
        words(EXPENSE.never(expense, context())),
    ] == ["It is dated before the go-live date.", "", ""]


NOT_CHOSEN = "“{}” is not chosen yet in the QuickBooks settings."


def not_chosen(label: str, purpose: Purpose) -> Obstacle:
    return Obstacle(NOT_CHOSEN.format(label), Reason.MAPPING, purpose)


@pytest.mark.parametrize(
    ("paid_from", "purpose", "label"),
    [
        (PaidFrom.BANK, Purpose.PAID_FROM_BANK, "Expenses paid from the company bank account"),
        (PaidFrom.CREDIT_CARD, Purpose.PAID_FROM_CARD, "Expenses paid from the company credit card"),
        (PaidFrom.CASH, Purpose.PAID_FROM_CASH, "Expenses paid from petty cash"),
        (PaidFrom.ASSOCIATE, Purpose.PAID_FROM_ASSOCIATE, "Expenses paid with an associate's own money"),
    ],
)
def test_an_expense_waits_for_the_account_it_was_paid_from(paid_from: PaidFrom, purpose: Purpose, label: str) -> None:
    expense = loaded(ExpenseEntryFactory(paid_from=paid_from))

    assert EXPENSE.obstacle(expense, context(without=(purpose,))) == Obstacle(
        NOT_CHOSEN.format(label), Reason.MAPPING, purpose
    )
    assert EXPENSE.obstacle(expense, context()) is None


def test_an_expense_waits_for_the_account_of_its_category() -> None:
    expense = ExpenseEntryFactory(category=ExpenseCategoryFactory(name="Boxes and tape"))
    without = context(without=((Purpose.CATEGORY_ACCOUNT, expense.category_id),))

    assert EXPENSE.obstacle(loaded(expense), without) == Obstacle(
        "No account is chosen yet for the expense category “Boxes and tape”.", Reason.MAPPING, Purpose.CATEGORY_ACCOUNT
    )


@pytest.mark.parametrize(
    ("purpose", "label"),
    [
        (Purpose.MILEAGE_ACCOUNT, "Account for mileage"),
        (Purpose.PAID_FROM_ASSOCIATE, "Expenses paid with an associate's own money"),
    ],
)
def test_mileage_waits_for_its_accounts(purpose: Purpose, label: str) -> None:
    given = context(without=(purpose,))

    assert MILEAGE.obstacle(loaded(MileageEntryFactory()), given) == Obstacle(
        NOT_CHOSEN.format(label), Reason.MAPPING, purpose
    )


@pytest.mark.parametrize("make", [ExpenseEntryFactory, MileageEntryFactory])
def test_a_purchase_waits_for_an_inquiry_to_be_promoted(make: Any) -> None:
    entry = loaded(make(job__client=ClientFactory(name="Ida Quiry", stage=Client.Stage.INQUIRY)))

    assert COPIED[Kind.of(entry)].obstacle(entry, context()) == Obstacle(
        "Ida Quiry is still an inquiry. Promote it to a client first.", Reason.INQUIRY
    )


@pytest.mark.parametrize("make", [ExpenseEntryFactory, MileageEntryFactory])
def test_a_purchase_needs_its_people(make: Any) -> None:
    entry = loaded(make())
    copied = COPIED[Kind.of(entry)]
    needs = ((Kind.ASSOCIATE, entry.associate_id), (Kind.CLIENT, entry.job.client_id), (Kind.JOB, entry.job_id))

    assert (copied.needs(entry), copied.refers_to(entry), copied.minutes(entry)) == (needs, needs, None)
    assert (copied.entity(entry), copied.is_name) == (Entity.PURCHASE, False)
