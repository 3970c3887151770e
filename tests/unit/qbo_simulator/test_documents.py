"""Invoices, payments and purchases: what the server computes, and what they do to others (qbo-api.md §8.8-8.10)."""

from typing import Any

import pytest
import time_machine

from tests.unit.qbo_simulator.company import Company, code, fault, without

AMY = {"value": "1"}
NAME_VALUE = {
    "name": "{http://schema.intuit.com/finance/v3}NameValue",
    "declaredType": "com.intuit.schema.finance.v3.NameValue",
    "scope": "javax.xml.bind.JAXBElement$GlobalScope",
    "nil": False,
    "globalScope": True,
    "typeSubstituted": False,
}


def sale(amount: float, **detail: Any) -> dict[str, Any]:
    return {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}


def expense(amount: float, **detail: Any) -> dict[str, Any]:
    made = {"AccountRef": {"value": "56"}, **detail}
    return {
        "Amount": amount,
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": made,
    }


@pytest.fixture
def invoice(company: Company) -> dict[str, Any]:
    return company.made("Invoice", CustomerRef=AMY, Line=[sale(100), sale(25.5)])


def pay(company: Company, invoice: dict[str, Any], amount: float, total: float | None = None) -> dict[str, Any]:
    line = {"Amount": amount, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}
    return company.post("Payment", {"CustomerRef": AMY, "TotalAmt": total or amount, "Line": [line]})


def balance(company: Company, customer: str = "1") -> float:
    return company.read("Customer", customer)["Balance"]


@time_machine.travel("2026-02-19T21:16:17Z", tick=False)
def test_an_invoice_is_answered_as_captured(company: Company) -> None:
    company.made("Customer", Id="6", SyncToken="0", sparse=True, PrimaryEmailAddr={"Address": "d@example.com"})
    line = {**sale(275, ItemRef={"value": "5"}, Qty=1, UnitPrice=275), "Description": "Rock Fountain"}
    made = company.made("Invoice", CustomerRef={"value": "6"}, SalesTermRef={"value": "3"}, Line=[line])
    assert made == {
        "AllowIPNPayment": False,
        "AllowOnlinePayment": False,
        "AllowOnlineCreditCardPayment": False,
        "AllowOnlineACHPayment": False,
        "domain": "QBO",
        "sparse": False,
        "Id": "145",
        "SyncToken": "0",
        "MetaData": {"CreateTime": "2026-02-19T13:16:17-08:00", "LastUpdatedTime": "2026-02-19T13:16:17-08:00"},
        "CustomField": [],
        "DocNumber": "1001",
        "TxnDate": "2026-02-19",
        "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
        "LinkedTxn": [],
        "Line": [
            {
                "Id": "1",
                "LineNum": 1,
                "Description": "Rock Fountain",
                "Amount": 275,
                "DetailType": "SalesItemLineDetail",
                "SalesItemLineDetail": {
                    "ItemRef": {"value": "5", "name": "Rock Fountain"},
                    "Qty": 1,
                    "UnitPrice": 275,
                    "ItemAccountRef": {"value": "79", "name": "Sales of Product Income"},
                    "TaxCodeRef": {"value": "NON"},
                },
                "CustomExtensions": [],
            },
            {"Amount": 275, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}, "CustomExtensions": []},
        ],
        "TxnTaxDetail": {"TotalTax": 0},
        "CustomerRef": {"value": "6", "name": "Dylan Sollfrank"},
        "SalesTermRef": {"value": "3", "name": "Net 30"},
        "DueDate": "2026-03-21",
        "TotalAmt": 275,
        "ApplyTaxAfterDiscount": False,
        "PrintStatus": "NotSet",
        "EmailStatus": "NotSet",
        "BillEmail": {"Address": "d@example.com"},
        "Balance": 275,
    }


def test_a_line_without_an_item_gets_the_companys_default(invoice: dict[str, Any]) -> None:
    assert invoice["Line"][0]["SalesItemLineDetail"]["ItemRef"] == {"value": "1", "name": "Services"}
    assert (invoice["TotalAmt"], invoice["Balance"]) == (125.5, 125.5)


def test_the_amount_must_be_quantity_times_price_in_cents(company: Company) -> None:
    answer = company.post("Invoice", {"CustomerRef": AMY, "Line": [sale(1000, Qty=3, UnitPrice=50)]})
    message = "Amount is not equal to UnitPrice * Qty"
    assert answer == fault("6070", message, f"{message}. Supplied value:1,000", "Line.Amount")
    rounded = company.made("Invoice", CustomerRef=AMY, Line=[sale(16.67, Qty=0.3333, UnitPrice=50)])
    assert rounded["TotalAmt"] == 16.67


def test_a_category_cannot_be_sold(company: Company) -> None:
    answer = company.post("Invoice", {"CustomerRef": AMY, "Line": [sale(1, ItemRef={"value": "21"})]})
    assert answer["Fault"]["Error"][0]["Detail"].startswith(
        "Invalid Reference Id : An item in this transaction is set up as a category"
    )


def test_the_due_date_follows_the_term(company: Company) -> None:
    company.made("Customer", Id="3", SyncToken="0", sparse=True, SalesTermRef={"value": "2"})
    body = {"TxnDate": "2026-01-10", "Line": [sale(1)]}
    by_customer = company.made("Invoice", CustomerRef={"value": "3"}, **body)
    by_company = company.made("Invoice", CustomerRef=AMY, **body)
    own = company.made("Invoice", CustomerRef=AMY, SalesTermRef={"value": "1"}, **body)
    sent = company.made("Invoice", CustomerRef=AMY, DueDate="2026-05-01", **body)
    assert [made["DueDate"] for made in (by_customer, by_company, own, sent)] == [
        "2026-01-25",
        "2026-02-09",
        "2026-01-10",
        "2026-05-01",
    ]


def test_numbers_count_on_from_the_last_and_are_refused_twice(company: Company) -> None:
    body = {"CustomerRef": AMY, "Line": [sale(1)]}
    first = company.made("Invoice", **body, DocNumber="2001")
    assert company.made("Invoice", **body)["DocNumber"] == "2002"
    detail = (
        "Duplicate Document Number Error : You must specify a different number. This number has already been used. "
        f"DocNumber=2001 is assigned to TxnType=Invoice with TxnId={first['Id']}"
    )
    again = company.post("Invoice", {**body, "DocNumber": "2001"})
    assert again == fault("6140", "Duplicate Document Number Error", detail)
    allowed = company.post("Invoice", {**body, "DocNumber": "2001"}, include="allowduplicatedocnum")
    assert allowed["Invoice"]["DocNumber"] == "2001"


def test_with_custom_numbers_none_is_given(company: Company) -> None:
    forms = {**company.read("Preferences", "1")["SalesFormsPrefs"], "CustomTxnNumbers": True}
    company.post("Preferences", {"Id": "1", "SyncToken": "0", "sparse": True, "SalesFormsPrefs": forms})
    assert "DocNumber" not in company.made("Invoice", CustomerRef=AMY, Line=[sale(1)])


def test_lines_are_replaced_as_a_whole_and_keep_the_ids_they_had(company: Company, invoice: dict[str, Any]) -> None:
    kept = {**invoice["Line"][1], "Amount": 30}
    lines = [kept, sale(5), {**sale(7), "Id": "99"}]
    head = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True}
    changed = company.post("Invoice", {**head, "Line": [*lines, invoice["Line"][-1]]})["Invoice"]
    assert [(line.get("Id"), line["Amount"]) for line in changed["Line"]] == [("2", 30), ("3", 5), ("4", 7), (None, 42)]
    assert (changed["TotalAmt"], balance(company)) == (42, 42)


def test_a_sparse_update_without_lines_keeps_them(company: Company, invoice: dict[str, Any]) -> None:
    changed = company.made("Invoice", Id=invoice["Id"], SyncToken="0", sparse=True, PrivateNote="Moved")
    assert without(changed, "MetaData") == without(
        {**invoice, "PrivateNote": "Moved", "SyncToken": "1"}, "MetaData"
    )  # fmt: skip


def test_a_payment_settles_the_invoice_and_moves_its_token(company: Company, invoice: dict[str, Any]) -> None:
    assert balance(company) == 125.5
    payment = pay(company, invoice, 100, 120)["Payment"]
    paid = company.read("Invoice", invoice["Id"])
    assert (paid["Balance"], paid["TotalAmt"], paid["SyncToken"]) == (25.5, 125.5, "1")
    assert paid["LinkedTxn"] == [{"TxnId": payment["Id"], "TxnType": "Payment"}]
    assert (payment["UnappliedAmt"], balance(company)) == (20, 5.5)
    assert payment["DepositToAccountRef"] == {"value": "4", "name": "Undeposited Funds"}
    assert payment["Line"] == [
        {
            "Amount": 100,
            "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}],
            "LineEx": {
                "any": [
                    {**NAME_VALUE, "value": {"Name": "txnId", "Value": invoice["Id"]}},
                    {**NAME_VALUE, "value": {"Name": "txnOpenBalance", "Value": "125.50"}},
                    {**NAME_VALUE, "value": {"Name": "txnReferenceNumber", "Value": "1001"}},
                ]
            },
        }
    ]
    stale = company.post("Invoice", {"Id": invoice["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"})
    assert code(stale) == "5010"


def test_the_customers_token_does_not_move_with_its_balance(company: Company, invoice: dict[str, Any]) -> None:
    assert invoice["CustomerRef"]["value"] == "1"
    assert company.read("Customer", "1")["SyncToken"] == "0"


def test_a_payment_cannot_settle_more_than_there_is(company: Company, invoice: dict[str, Any]) -> None:
    assert code(pay(company, invoice, 126)) == "6000"
    assert code(pay(company, invoice, 100, 90)) == "6000"
    line = {"Amount": 1, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}
    assert code(company.post("Payment", {"CustomerRef": {"value": "2"}, "TotalAmt": 1, "Line": [line]})) == "620"
    assert balance(company) == 125.5


@pytest.mark.parametrize("how", [{"operation": "delete"}, {"operation": "update", "include": "void"}])
def test_a_payment_taken_back_leaves_the_invoice_open(
    company: Company, invoice: dict[str, Any], how: dict[str, str]
) -> None:
    payment = pay(company, invoice, 100)["Payment"]
    answer = company.post("Payment", {"Id": payment["Id"], "SyncToken": "0", "sparse": True}, **how)["Payment"]
    open_again = company.read("Invoice", invoice["Id"])
    assert (open_again["Balance"], open_again["LinkedTxn"], balance(company)) == (125.5, [], 125.5)
    if "include" in how:
        assert (answer["TotalAmt"], answer["UnappliedAmt"], answer["Line"], answer["PrivateNote"]) == (
            0,
            0,
            [],
            "Voided",
        )


@pytest.mark.parametrize("how", ["delete", "void"])
def test_a_paid_invoice_taken_back_leaves_the_payment_unapplied(
    company: Company, invoice: dict[str, Any], how: str
) -> None:
    payment = pay(company, invoice, 100)["Payment"]
    answer = company.post("Invoice", {"Id": invoice["Id"], "SyncToken": "1"}, operation=how)["Invoice"]
    left = company.read("Payment", payment["Id"])
    assert (left["UnappliedAmt"], left["Line"], left["SyncToken"], balance(company)) == (100, [], "1", -100)
    if how == "delete":
        assert answer == {"status": "Deleted", "domain": "QBO", "Id": invoice["Id"]}
        assert company.query("select * from Invoice") == {}
    else:
        assert (answer["TotalAmt"], answer["Balance"], answer["PrivateNote"]) == (0, 0, "Voided")
        assert company.query("select count(*) from Invoice") == {"totalCount": 1}


def test_the_balance_of_a_sub_customer_counts_above_it(company: Company) -> None:
    company.made("Invoice", CustomerRef={"value": "8"}, Line=[sale(40)])
    above = company.read("Customer", "7")
    assert (balance(company, "8"), above["Balance"], above["BalanceWithJobs"]) == (40, 0, 40)


def test_an_invoice_moved_to_another_customer_moves_the_balance(company: Company, invoice: dict[str, Any]) -> None:
    company.made("Invoice", Id=invoice["Id"], SyncToken="0", sparse=True, CustomerRef={"value": "2"})
    assert (balance(company, "1"), balance(company, "2")) == (0, 125.5)


@time_machine.travel("2026-08-16T17:34:18Z", tick=False)
def test_a_purchase_is_answered_as_captured(company: Company) -> None:
    made = company.made(
        "Purchase",
        AccountRef={"value": "35"},
        PaymentType="Check",
        EntityRef={"value": "33", "type": "Vendor"},
        TxnDate="2026-08-01",
        PrivateNote="NOTE",
        Line=[expense(100)],
    )
    assert made == {
        "AccountRef": {"value": "35", "name": "Checking"},
        "PaymentType": "Check",
        "EntityRef": {"value": "33", "name": "Chin's Gas and Oil", "type": "Vendor"},
        "TotalAmt": 100,
        "PrintStatus": "NotSet",
        "PurchaseEx": {"any": [{**NAME_VALUE, "value": {"Name": "TxnType", "Value": "3"}}]},
        "domain": "QBO",
        "sparse": False,
        "Id": "145",
        "SyncToken": "0",
        "MetaData": {"CreateTime": "2026-08-16T10:34:18-07:00", "LastUpdatedTime": "2026-08-16T10:34:18-07:00"},
        "CustomField": [],
        "TxnDate": "2026-08-01",
        "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
        "PrivateNote": "NOTE",
        "Line": [
            {
                "Id": "1",
                "Amount": 100,
                "DetailType": "AccountBasedExpenseLineDetail",
                "AccountBasedExpenseLineDetail": {
                    "AccountRef": {"value": "56", "name": "Automobile:Fuel"},
                    "BillableStatus": "NotBillable",
                    "TaxCodeRef": {"value": "NON"},
                },
                "CustomExtensions": [],
            }
        ],
    }


def test_a_purchase_is_paid_from_the_right_sort_of_account(company: Company) -> None:
    body = {"AccountRef": {"value": "42"}, "Line": [expense(1)]}
    assert code(company.post("Purchase", {**body, "PaymentType": "Check"})) == "6430"
    assert company.made("Purchase", **body, PaymentType="CreditCard")["AccountRef"]["name"] == "Visa"
    reimbursed = {**body, "PaymentType": "Cash", "AccountRef": {"value": "92"}}
    assert company.made("Purchase", **reimbursed)["AccountRef"]["name"] == "Employee Reimbursements"


def test_the_type_of_a_payee_is_found_where_it_is_not_sent(company: Company) -> None:
    body = {"PaymentType": "Cash", "AccountRef": {"value": "35"}, "Line": [expense(1)]}
    made = company.made("Purchase", **body, EntityRef={"value": "55"})
    assert made["EntityRef"] == {"value": "55", "name": "Emily Platt", "type": "Employee"}
    wrong = company.post("Purchase", {**body, "EntityRef": {"value": "55", "type": "Vendor"}})
    assert code(wrong) == "2500"


def test_numbers_of_purchases(company: Company) -> None:
    cash = {"PaymentType": "Cash", "AccountRef": {"value": "35"}, "Line": [expense(1)], "DocNumber": "E1"}
    assert "DocNumber" not in company.made("Purchase", **without(cash, "DocNumber"))
    company.made("Purchase", **cash)
    assert code(company.post("Purchase", cash)) == "6140"
    assert code(company.post("Purchase", {**cash, "PaymentType": "Check"})) == "6140"
    pairs = [
        pair if pair["Name"] != "WarnDuplicateCheckNumber" else {**pair, "Value": "false"}
        for pair in company.read("Preferences", "1")["OtherPrefs"]["NameValue"]
    ]
    company.post("Preferences", {"Id": "1", "SyncToken": "0", "sparse": True, "OtherPrefs": {"NameValue": pairs}})
    assert company.made("Purchase", **{**cash, "PaymentType": "Check"})["DocNumber"] == "E1"


def test_billing_of_purchase_lines(company: Company) -> None:
    body = {"PaymentType": "Cash", "AccountRef": {"value": "35"}}
    billable = company.made("Purchase", **body, Line=[expense(1, BillableStatus="Billable", CustomerRef=AMY)])
    detail = billable["Line"][0]["AccountBasedExpenseLineDetail"]
    assert (detail["BillableStatus"], detail["CustomerRef"]["name"]) == ("Billable", "Amy's Bird Sanctuary")
    billed = company.post("Purchase", {**body, "Line": [expense(1, BillableStatus="HasBeenBilled")]})
    assert billed == fault("2170", "Invalid Enumeration", "Invalid Enumeration : HasBeenBilled", "BillableStatus")
    assert code(company.post("Purchase", {**body, "Line": [expense(1, BillableStatus="Billable")]})) == "6310"


def test_a_sparse_update_of_a_purchase_needs_its_payment_type(company: Company) -> None:
    made = company.made("Purchase", PaymentType="Cash", AccountRef={"value": "35"}, Line=[expense(1)])
    head = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
    detail = "Required parameter PaymentType is missing in the request"
    assert company.post("Purchase", head)["Fault"]["Error"][0]["Detail"] == detail
    assert company.post("Purchase", {**head, "PaymentType": "Cash"})["Purchase"]["PrivateNote"] == "x"
    assert code(company.post("Purchase", {"Id": made["Id"], "SyncToken": "1"}, operation="void")) == "500"
