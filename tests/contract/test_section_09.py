"""Time and billing (qbo-api.md §9)."""

from typing import Any

import pytest

from tests.contract.company import EXPENSE, SALE, Company, Record, billing, error, link, pick, ref, sale, stub
from tests.contract.conftest import Simulated
from tests.contract.marks import fact, simulator_only


@pytest.fixture
def billed(company: Company) -> tuple[Record, Record]:
    """A time activity and the invoice that bills it."""
    customer = company.customer()
    activity = company.billable(customer)
    made = company.invoice(billing(activity), CustomerRef=ref(customer), LinkedTxn=[link(activity)])
    return activity, made


def status(company: Company, activity: Record) -> str:
    return company.read("TimeActivity", activity["Id"])["BillableStatus"]


@fact("9-link-on-invoice", "9-becomes-billed", "9-txn-types")
def test_a_link_bills_the_time(company: Company, billed: tuple[Record, Record]) -> None:
    assert status(company, billed[0]) == "HasBeenBilled"


@fact("9-read-shape")
def test_how_the_link_is_read(company: Company, billed: tuple[Record, Record]) -> None:
    activity, made = billed
    answer = company.read("Invoice", made["Id"])
    assert answer["LinkedTxn"] == [{"TxnId": activity["Id"], "TxnType": "TimeActivity"}]
    line = answer["Line"][0]
    assert line["LinkedTxn"] == [{"TxnId": activity["Id"], "TxnType": "TimeActivity", "TxnLineId": "1"}]
    assert line["DetailType"] == SALE


@fact("9-aggregate-refused", "11-15-aggregated-time")
def test_aggregated_time_is_refused(company: Company) -> None:
    customer = company.customer()
    activities = [company.billable(customer) for _ in range(2)]
    fault = company.refused(
        "Invoice", CustomerRef=ref(customer), Line=[sale(200)], LinkedTxn=[link(each) for each in activities]
    )
    assert fault["code"] in ("620", "6000")


@fact("9-billable-again")
@pytest.mark.parametrize("how", ["delete", "unlink"])
def test_unlinked_time_is_billable_again(company: Company, billed: tuple[Record, Record], how: str) -> None:
    activity, made = billed
    if how == "delete":
        company.delete("Invoice", made)
    else:
        company.changed("Invoice", made, Line=[sale(100)], LinkedTxn=[])
    assert status(company, activity) == "Billable"


@fact("9-amount-by-app")
def test_the_amount_is_the_apps(company: Company) -> None:
    customer = company.customer()
    activity = company.billable(customer)
    made = company.invoice(billing(activity, 7), CustomerRef=ref(customer), LinkedTxn=[link(activity)])
    assert made["TotalAmt"] == 7


@fact("9-wrong-link")
def test_what_cannot_be_linked(company: Company, billed: tuple[Record, Record]) -> None:
    again, elsewhere = billed[0], company.billable(company.customer())
    owner = {"value": billed[1]["CustomerRef"]["value"]}
    for activity in (again, elsewhere, company.time()):
        fault = company.refused(
            "Invoice", CustomerRef=owner, Line=[billing(activity)], LinkedTxn=[link(activity)]
        )  # fmt: skip
        assert fault["code"] in ("620", "6000")


@fact("9-edit-billed")
def test_billed_time_stays_billed_when_edited(company: Company, billed: tuple[Record, Record]) -> None:
    activity = company.read("TimeActivity", billed[0]["Id"])
    changed = company.changed("TimeActivity", activity, Description="More words")
    assert pick(changed, "BillableStatus", "Description") == {
        "BillableStatus": "HasBeenBilled",
        "Description": "More words",
    }


def billable_purchase(company: Company, customer: Record, **more: Any) -> Record:
    line = company.expense(40, BillableStatus="Billable", CustomerRef=ref(customer), **more)
    return company.purchase(Line=[line])


def charges(company: Company, customer: Record) -> list[Record]:
    return company.rows("ReimburseCharge", f"CustomerRef = '{customer['Id']}'")


@fact("9-reimburse-charge-made", "9-txn-types")
def test_a_billable_line_makes_a_charge(company: Company) -> None:
    customer = company.customer()
    made = billable_purchase(company, customer)
    (charge,) = charges(company, customer)
    shown = company.read("Purchase", made["Id"])
    wanted = {"TxnId": charge["Id"], "TxnType": "ReimburseCharge"}
    assert shown["LinkedTxn"] == [wanted]
    assert [pick(each, *wanted) for each in shown["Line"][0]["LinkedTxn"]] == [wanted]


@fact("9-reimburse-charge-readable", "9-reimburse-charge-filters", "9-reimburse-charge-lines")
def test_a_charge_can_be_read_and_queried(company: Company) -> None:
    customer = company.customer()
    billable_purchase(company, customer, MarkupInfo={"Percent": 10})
    where = f"CustomerRef = '{customer['Id']}' and HasBeenInvoiced = false"
    (charge,) = company.rows("ReimburseCharge", where)
    assert company.read("ReimburseCharge", charge["Id"])["HasBeenInvoiced"] is False
    assert [line["DetailType"] for line in charge["Line"]] == ["ReimburseLineDetail", "ReimburseLineDetail"]
    assert [line["Amount"] for line in charge["Line"]] == [40, 4]


@fact(
    "9-app-links-charge",
    "9-charge-on-invoice",
    "9-reimburse-charge-invoiced",
    "9-purchase-billed",
    "9-delete-billed-expense",
    "7.2-6400",
    "12.5-charge-link-switch",
)
@simulator_only("whether an app may link a charge is contradictory; a switch allows it")
def test_a_charge_on_an_invoice(fresh: Simulated) -> None:
    fresh.behave(reimburse_charge_links=True)
    customer = fresh.customer()
    made = billable_purchase(fresh, customer)
    (charge,) = charges(fresh, customer)
    tie = {"TxnId": charge["Id"], "TxnType": "ReimburseCharge"}
    line = {**sale(40), "LinkedTxn": [{**tie, "TxnLineId": "1"}]}
    invoice = fresh.invoice(line, CustomerRef=ref(customer), LinkedTxn=[tie])
    shown = fresh.read("Invoice", invoice["Id"])
    assert shown["Line"][0]["LinkedTxn"] == [{**tie, "TxnLineId": "1"}]
    invoiced = fresh.read("ReimburseCharge", charge["Id"])
    assert invoiced["HasBeenInvoiced"] is True
    assert {"TxnId": invoice["Id"], "TxnType": "Invoice"} in invoiced["LinkedTxn"]
    after = fresh.read("Purchase", made["Id"])
    assert after["Line"][0][EXPENSE]["BillableStatus"] == "HasBeenBilled"
    assert error(fresh.delete("Purchase", after))["code"] == "6400"


@fact("9-prefs-needed")
@simulator_only("changes the company's preferences")
def test_billing_needs_its_preferences(fresh: Simulated) -> None:
    (preferences,) = fresh.rows("Preferences")
    off = {**preferences["VendorAndPurchasesPrefs"], "BillableExpenseTracking": False, "TrackingByCustomer": False}
    fresh.changed("Preferences", preferences, VendorAndPurchasesPrefs=off)
    detail = billable_purchase(fresh, fresh.customer())["Line"][0][EXPENSE]
    assert (detail["BillableStatus"], "CustomerRef" in detail) == ("NotBillable", False)
    assert stub(fresh.purchase())["SyncToken"] == "0"
