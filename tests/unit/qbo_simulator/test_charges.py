"""What the server makes by itself: reimburse charges of billable expenses, and links to pay an invoice (§8.9, §9)."""

from typing import Any

import pytest

from tests.unit.qbo_simulator.company import Company, code, without
from tests.unit.qbo_simulator.test_documents import AMY, expense, sale

CASH = {"PaymentType": "Cash", "AccountRef": {"value": "35"}}
BILLABLE = {"BillableStatus": "Billable", "CustomerRef": AMY}


@pytest.fixture
def spent(company: Company) -> dict[str, Any]:
    """A purchase with a line that is billable to Amy at a markup, and one that is not."""
    lines = [expense(40, **BILLABLE, MarkupInfo={"PercentBased": True, "Percent": 10}), expense(5)]
    return company.made("Purchase", **CASH, TxnDate="2026-02-01", Line=lines)


def charge_of(company: Company, purchase: dict[str, Any]) -> dict[str, Any]:
    return company.read("ReimburseCharge", purchase["LinkedTxn"][0]["TxnId"])


def status(company: Company, purchase: dict[str, Any]) -> str:
    line = company.read("Purchase", purchase["Id"])["Line"][0]
    return line["AccountBasedExpenseLineDetail"]["BillableStatus"]


def bill(company: Company, charge: dict[str, Any]) -> dict[str, Any]:
    """The answer to an invoice that bills a charge."""
    link = {"TxnId": charge["Id"], "TxnType": "ReimburseCharge"}
    return company.post("Invoice", {"CustomerRef": AMY, "Line": [{**sale(44), "LinkedTxn": [link]}]})


def test_a_billable_line_has_a_charge_with_its_markup_on_a_line_of_its_own(
    company: Company, spent: dict[str, Any]
) -> None:
    charge = charge_of(company, spent)
    assert spent["LinkedTxn"] == [{"TxnId": charge["Id"], "TxnType": "ReimburseCharge"}]
    assert spent["Line"][0]["LinkedTxn"] == [
        {"TxnId": charge["Id"], "TxnType": "ReimburseCharge", "TxnLineId": "1"}
    ]  # fmt: skip
    assert "LinkedTxn" not in spent["Line"][1]
    markup = {"PercentBased": True, "Percent": 10}
    detail = {"ItemAccountRef": {"value": "56", "name": "Automobile:Fuel"}, "MarkupInfo": markup}
    assert without(charge, "MetaData") == {
        "Amount": 44,
        "HasBeenInvoiced": False,
        "domain": "QBO",
        "sparse": False,
        "Id": str(int(spent["Id"]) + 1),
        "SyncToken": "0",
        "TxnDate": "2026-02-01",
        "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
        "LinkedTxn": [{"TxnId": spent["Id"], "TxnType": "Purchase", "TxnLineId": "1"}],
        "Line": [
            {
                "Id": "1",
                "LineNum": 1,
                "Amount": 40,
                "DetailType": "ReimburseLineDetail",
                "ReimburseLineDetail": detail,
            },
            {
                "Id": "2",
                "LineNum": 2,
                "Amount": 4,
                "DetailType": "ReimburseLineDetail",
                "ReimburseLineDetail": {"MarkupInfo": markup},
            },
        ],
        "CustomerRef": {"value": "1", "name": "Amy's Bird Sanctuary"},
    }
    asked = "select * from ReimburseCharge where HasBeenInvoiced = false and CustomerRef = '1'"
    assert company.rows(asked, "ReimburseCharge") == [charge]
    assert code(company.post("ReimburseCharge", {"CustomerRef": AMY})) == "500"


def test_a_charge_follows_its_line_and_goes_with_it(company: Company, spent: dict[str, Any]) -> None:
    head = {"Id": spent["Id"], "sparse": True, "PaymentType": "Cash"}
    first = {**spent["Line"][0], "Amount": 50}
    changed = company.made("Purchase", **head, SyncToken="0", Line=[first])
    charge = charge_of(company, changed)
    assert (charge["Amount"], charge["SyncToken"]) == (55, "1")
    plain = company.made("Purchase", **head, SyncToken="1", Line=[{**expense(50), "Id": "1"}])
    assert "LinkedTxn" not in plain
    assert company.query("select * from ReimburseCharge") == {}


def test_a_charge_goes_with_its_purchase(company: Company, spent: dict[str, Any]) -> None:
    company.post("Purchase", {"Id": spent["Id"], "SyncToken": "0"}, operation="delete")
    assert company.query("select * from ReimburseCharge") == {}


def test_an_app_cannot_link_a_charge(company: Company, spent: dict[str, Any]) -> None:
    made = bill(company, charge_of(company, spent))["Invoice"]
    assert (made["LinkedTxn"], status(company, spent)) == ([], "Billable")


def test_an_app_that_may_link_a_charge_bills_its_expense(company: Company, spent: dict[str, Any]) -> None:
    company.behave(reimburse_charge_links=True)
    charge = charge_of(company, spent)
    invoice = bill(company, charge)["Invoice"]
    assert invoice["LinkedTxn"] == [{"TxnId": charge["Id"], "TxnType": "ReimburseCharge"}]
    assert (charge_of(company, spent)["HasBeenInvoiced"], status(company, spent)) == (True, "HasBeenBilled")
    token = company.read("Purchase", spent["Id"])["SyncToken"]
    held = company.post("Purchase", {"Id": spent["Id"], "SyncToken": token}, operation="delete")
    assert code(held) == "6400"
    assert code(bill(company, charge)) == "620"
    company.post("Invoice", {"Id": invoice["Id"], "SyncToken": "0"}, operation="delete")
    assert (charge_of(company, spent)["HasBeenInvoiced"], status(company, spent)) == (False, "Billable")


@pytest.mark.parametrize(("way", "wanted"), [("ignored", "NotBillable"), ("refused", "2170")])
def test_billable_lines_by_switch(company: Company, way: str, wanted: str) -> None:
    company.behave(purchase_billable=way)
    answer = company.post("Purchase", {**CASH, "Line": [expense(1, **BILLABLE)]})
    if "Fault" in answer:
        assert code(answer) == wanted
    else:
        assert status(company, answer["Purchase"]) == wanted


@pytest.mark.parametrize(("way", "wanted"), [("dropped", "NotBillable"), ("refused", "6000")])
def test_billable_lines_of_a_company_that_does_not_track_them(company: Company, way: str, wanted: str) -> None:
    prefs = {**company.read("Preferences", "1")["VendorAndPurchasesPrefs"], "BillableExpenseTracking": False}
    company.post("Preferences", {"Id": "1", "SyncToken": "0", "sparse": True, "VendorAndPurchasesPrefs": prefs})
    company.behave(billable_tracking_off=way)
    answer = company.post("Purchase", {**CASH, "Line": [expense(1, **BILLABLE)]})
    if "Fault" in answer:
        assert code(answer) == wanted
    else:
        assert status(company, answer["Purchase"]) == wanted
        assert "CustomerRef" not in answer["Purchase"]["Line"][0]["AccountBasedExpenseLineDetail"]


def test_an_invoice_shows_its_link_when_asked_and_when_it_can_be_paid_online(company: Company) -> None:
    plain = company.made("Invoice", CustomerRef=AMY, Line=[sale(1)])
    online = company.made(
        "Invoice",
        CustomerRef=AMY,
        AllowOnlineACHPayment=True,
        BillEmail={"Address": "amy@example.com"},
        Line=[sale(1)],
    )

    def link(invoice: dict[str, Any], **params: str) -> str | None:
        answer = company.ask("GET", f"invoice/{invoice['Id']}", query_string=params).get_json()["Invoice"]
        return answer.get("InvoiceLink")

    assert [link(plain, include="invoiceLink"), link(online)] == [None, None]
    shown = link(online, include="invoiceLink")
    assert shown is not None
    assert shown.startswith("https://localhost/t/scs-v1-")


def monthly(**more: Any) -> dict[str, Any]:
    schedule = {"StartDate": "2026-03-01", "IntervalType": "Monthly", "NumInterval": 1, "DayOfMonth": 1}
    info = {"Name": "Rent", "RecurType": "Automated", "Active": True, "ScheduleInfo": schedule}
    return {"RecurringInfo": info, **more}


def test_a_recurring_transaction_is_a_template_that_posts_nothing(company: Company) -> None:
    body = {"Invoice": monthly(CustomerRef=AMY, Line=[sale(100)])}
    made = company.post("RecurringTransaction", body)["RecurringTransaction"]["Invoice"]
    assert (made["TotalAmt"], made["RecurringInfo"]) == (100, monthly()["RecurringInfo"])
    assert company.read("RecurringTransaction", made["Id"]) == {"Invoice": made}
    assert company.query("select * from Invoice") == {}
    assert company.read("Customer", "1")["Balance"] == 0
    again = {**made, "Line": [sale(250)]}
    changed = company.post("RecurringTransaction", {"Invoice": again})["RecurringTransaction"]["Invoice"]
    assert (changed["TotalAmt"], changed["SyncToken"]) == (250, "1")
    gone = company.post("RecurringTransaction", {"Invoice": changed}, operation="delete")
    stub = {"status": "Deleted", "domain": "QBO", "Id": made["Id"]}
    assert gone == {"RecurringTransaction": {"Invoice": stub}}


def test_recurring_transactions_are_found_by_type(company: Company) -> None:
    company.post("RecurringTransaction", {"Invoice": monthly(CustomerRef=AMY, Line=[sale(1)])})
    company.post("RecurringTransaction", {"Bill": monthly(VendorRef={"value": "30"}, Line=[expense(2)])})
    found = company.rows("select * from RecurringTransaction where Type = 'Bill'", "RecurringTransaction")
    assert [list(each) for each in found] == [["Bill"]]
    assert code(company.post("RecurringTransaction", {"Payment": monthly()})) == "2010"
    assert code(company.post("RecurringTransaction", {"Invoice": {"CustomerRef": AMY, "Line": [sale(1)]}})) == "2020"


@pytest.mark.parametrize(
    ("switch", "body", "wanted"),
    [
        ({"sent_doc_number": "ignored"}, {"DocNumber": "77"}, ("1001", None)),
        ({"sent_doc_number": "stored"}, {"DocNumber": "77"}, ("77", None)),
        ({"invoice_terms": "filled"}, {"DocNumber": "77"}, ("77", {"value": "3", "name": "Net 30"})),
    ],
)
def test_numbers_and_terms_by_switch(
    company: Company, switch: dict[str, str], body: dict[str, Any], wanted: tuple[str, Any]
) -> None:
    company.behave(**switch)
    made = company.made("Invoice", CustomerRef=AMY, Line=[sale(1)], **body)
    assert (made["DocNumber"], made.get("SalesTermRef")) == wanted


def test_purchases_are_numbered_by_switch(company: Company) -> None:
    company.behave(purchase_numbers="counted")
    assert company.made("Purchase", **CASH, Line=[expense(1)])["DocNumber"] == "1"


@pytest.mark.parametrize(("way", "codes"), [("same", ["620", "620"]), ("family", ["", "620"]), ("any", ["", ""])])
def test_whose_invoices_a_payment_settles_by_switch(company: Company, way: str, codes: list[str]) -> None:
    company.behave(payment_customer=way)
    invoice = company.made("Invoice", CustomerRef={"value": "8"}, Line=[sale(10)])
    line = {"Amount": 1, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}
    answers = [
        company.post("Payment", {"CustomerRef": {"value": payer}, "TotalAmt": 1, "Line": [line]})
        for payer in ("7", "1")
    ]
    assert [code(answer) if "Fault" in answer else "" for answer in answers] == codes


def test_time_that_cannot_be_billed_is_refused_by_switch(company: Company) -> None:
    company.behave(time_link_fault="6000")
    made = company.made("TimeActivity", NameOf="Employee", EmployeeRef={"value": "55"}, Hours=1)
    link = {"TxnId": made["Id"], "TxnType": "TimeActivity"}
    answer = company.post("Invoice", {"CustomerRef": AMY, "Line": [{**sale(1), "LinkedTxn": [link]}]})
    assert code(answer) == "6000"
