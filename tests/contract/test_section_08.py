"""Entities (qbo-api.md §8): every answer against its capture, then each rule."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract import captured
from tests.contract.company import (
    EXPENSE,
    SALE,
    Company,
    Maker,
    Record,
    billing,
    link,
    payment_body,
    pick,
    ref,
    sale,
    stub,
)
from tests.contract.conftest import Simulated
from tests.contract.marks import fact, simulator_only
from tests.contract.shapes import DATE, Number, check

ADDRESS = {"Line1": "12 Ocean Dr.", "City": "Half Moon Bay", "CountrySubDivisionCode": "CA", "PostalCode": "94213"}


# Every entity as captured: created, read, queried and queried in a batch


def a_customer(company: Company) -> Record:
    return company.customer(
        GivenName="Bill",
        FamilyName="Lucchini",
        CompanyName="Windsurf Shop",
        BillAddr=ADDRESS,
        PrimaryPhone={"FreeFormNumber": "(415) 444-6538"},
        PrimaryEmailAddr={"Address": "surf@example.com"},
    )


def an_employee(company: Company) -> Record:
    return company.employee(SSN="444-55-6666", PrimaryAddr=ADDRESS, PrimaryPhone={"FreeFormNumber": "234-525-1234"})


def an_account(company: Company) -> Record:
    return company.made("Account", Name=company.name(), AccountType="Expense")


def a_payment_method(company: Company) -> Record:
    return company.made("PaymentMethod", Name=company.name())


def a_term(company: Company) -> Record:
    return company.made("Term", Name=company.name(), DueDays=5)


def billable_time(company: Company) -> Record:
    return company.billable(company.customer(), Hours=3, Minutes=30, Description="Garden work")


def a_check(company: Company) -> Record:
    return company.purchase(
        PaymentType="Check",
        EntityRef={**ref(company.vendor()), "type": "Vendor"},
        TxnDate="2026-08-01",
        PrivateNote="By hand",
        DocNumber="",
    )


def an_invoice(company: Company) -> Record:
    customer = company.customer(BillAddr=ADDRESS)
    line = {**sale(275, ItemRef=ref(company.service()), UnitPrice=275, Qty=1), "Description": "Rock Fountain"}
    return company.invoice(
        line,
        CustomerRef=ref(customer),
        CustomerMemo={"value": "Thank you."},
        SalesTermRef=ref(company.some("Term")),
    )


def a_payment(company: Company) -> Record:
    return company.payment(company.invoice(), 100, 120)


CAPTURED: list[Any] = [
    pytest.param("Customer", a_customer, captured.CUSTOMER, marks=fact("8.1-shape")),
    pytest.param("Vendor", Company.vendor, captured.VENDOR, marks=fact("8.2-shape", "8.2-no-fullyqualifiedname")),
    pytest.param("Employee", an_employee, captured.EMPLOYEE, marks=fact("8.3-shape", "8.3-primaryaddr")),
    pytest.param("Account", an_account, captured.ACCOUNT, marks=fact("8.4-shape", "8.4-server-set")),
    pytest.param("Item", Company.service, captured.ITEM, marks=fact("8.5-shape", "8.5-prices", "8.5-taxable")),
    pytest.param("PaymentMethod", a_payment_method, captured.PAYMENT_METHOD, marks=fact("8.6-paymentmethod-shape")),
    pytest.param("Term", a_term, captured.TERM, marks=fact("8.6-term-standard")),
    pytest.param(
        "TimeActivity", billable_time, captured.TIME_ACTIVITY, marks=fact("8.7-shape", "8.7-seconds", "8.7-costrate")
    ),
    pytest.param("Purchase", a_check, captured.PURCHASE, marks=fact("8.8-shape", "8.8-additions", "8.8-line-taxcode")),
    pytest.param(
        "Invoice", an_invoice, captured.INVOICE, marks=fact("8.9-shape", "8.9-subtotal-line", "8.9-sales-line")
    ),
    pytest.param("Payment", a_payment, captured.PAYMENT, marks=fact("8.10-lineex", "8.10-processpayment")),
]


@fact("8-decimals", "8-reference", "8.9-fill-totals", "8.9-fill-currency", "8.9-fill-flags", "8.9-fill-lists")
@pytest.mark.parametrize(("entity", "make", "shape"), CAPTURED)
def test_answers_are_like_the_captured_ones(company: Company, entity: str, make: Maker, shape: Record) -> None:
    made = make(company)
    statement = f"select * from {entity} where Id = '{made['Id']}'"
    (batched,) = company.batch({"bId": "1", "Query": statement})
    answers = {
        "created": made,
        "read": company.read(entity, made["Id"]),
        "queried": company.query(statement)[entity][0],
        "in a batch": batched["QueryResponse"][entity][0],
    }
    for how, answer in answers.items():
        check(shape, answer, f"{entity} {how}")


@fact("8-reference-name-ignored")
def test_the_name_of_a_reference_is_ignored(company: Company) -> None:
    customer = company.customer()
    invoice = company.invoice(CustomerRef={**ref(customer), "name": "Somebody else"})
    assert invoice["CustomerRef"] == {"value": customer["Id"], "name": customer["DisplayName"]}


@fact("8-amount-range")
def test_a_large_amount(company: Company) -> None:
    assert company.invoice(sale(9999999999.99))["TotalAmt"] == 9999999999.99


# Lengths: (entity, the longest that is taken, how a text becomes a body)


def named(entity: str, *path: str, **more: Any) -> Callable[[Company, str], Record]:
    """A body in which a text stands at a path."""

    def body(company: Company, text: str) -> Record:
        value: Any = text
        for name in reversed(path[1:]):
            value = {name: value}
        base = {"Customer": {"DisplayName": company.name()}, "Vendor": {"DisplayName": company.name()}}.get(entity, {})
        return {**base, **more, path[0]: value}

    return body


def employee(*path: str) -> Callable[[Company, str], Record]:
    def body(company: Company, text: str) -> Record:
        inner = named("Employee", *path)(company, text)
        return {"GivenName": "Contract", "FamilyName": company.name("E"), **inner}

    return body


def item(name: str) -> Callable[[Company, str], Record]:
    def body(company: Company, text: str) -> Record:
        base = {"Name": company.name(), "Type": "Service", "IncomeAccountRef": company.account("Income")}
        return {**base, name: text}

    return body


def invoice(name: str, inner: str = "") -> Callable[[Company, str], Record]:
    def body(company: Company, text: str) -> Record:
        value = {inner: text} if inner else text
        return {"CustomerRef": ref(company.customer()), "Line": [sale(1)], name: value}

    return body


def invoice_line(company: Company, text: str) -> Record:
    return {"CustomerRef": ref(company.customer()), "Line": [{**sale(1), "Description": text}]}


def purchase(name: str) -> Callable[[Company, str], Record]:
    return lambda company, text: company.purchase_body(**{name: text})


def purchase_line(company: Company, text: str) -> Record:
    return company.purchase_body(Line=[{**company.expense(), "Description": text}])


def payment(company: Company, text: str) -> Record:
    return {"CustomerRef": ref(company.customer()), "TotalAmt": 1, "PaymentRefNum": text}


def email(length: int) -> str:
    return "a" * (length - 12) + "@example.com"


LENGTHS: list[Any] = [
    pytest.param("Customer", 500, named("Customer", "DisplayName"), marks=fact("8.1-length-displayname")),
    pytest.param("Customer", 16, named("Customer", "Title"), marks=fact("8.1-length-title")),
    pytest.param("Customer", 100, named("Customer", "GivenName"), marks=fact("8.1-length-givenname")),
    pytest.param("Customer", 100, named("Customer", "MiddleName"), marks=fact("8.1-length-givenname")),
    pytest.param("Customer", 100, named("Customer", "FamilyName"), marks=fact("8.1-length-givenname")),
    pytest.param("Customer", 16, named("Customer", "Suffix"), marks=fact("8.1-length-suffix")),
    pytest.param("Customer", 100, named("Customer", "CompanyName"), marks=fact("8.1-length-companyname")),
    pytest.param("Customer", 110, named("Customer", "PrintOnCheckName"), marks=fact("8.1-length-printoncheckname")),
    pytest.param("Customer", 30, named("Customer", "Mobile", "FreeFormNumber"), marks=fact("8.1-length-phone")),
    pytest.param("Customer", 100, named("Customer", "PrimaryEmailAddr", "Address"), marks=fact("8.1-length-email")),
    pytest.param("Customer", 2000, named("Customer", "Notes"), marks=fact("8.1-length-notes")),
    pytest.param("Customer", 1000, named("Customer", "WebAddr", "URI"), marks=fact("8.1-length-webaddr")),
    pytest.param("Customer", 16, named("Customer", "ResaleNum"), marks=fact("8.1-length-resalenum")),
    pytest.param("Customer", 500, named("Customer", "BillAddr", "Line1"), marks=fact("8.1-length-address-line")),
    pytest.param("Customer", 255, named("Customer", "BillAddr", "City"), marks=fact("8.1-length-city")),
    pytest.param("Customer", 30, named("Customer", "BillAddr", "PostalCode"), marks=fact("8.1-length-postalcode")),
    pytest.param("Vendor", 100, named("Vendor", "PrintOnCheckName"), marks=fact("8.2-length-printoncheckname")),
    pytest.param("Vendor", 100, named("Vendor", "AcctNum"), marks=fact("8.2-length-acctnum")),
    pytest.param("Vendor", 20, named("Vendor", "TaxIdentifier"), marks=fact("8.2-length-taxidentifier")),
    pytest.param("Employee", 20, employee("PrimaryPhone", "FreeFormNumber"), marks=fact("8.3-length-phone")),
    pytest.param("Employee", 100, employee("EmployeeNumber"), marks=fact("8.3-length-employeenumber")),
    pytest.param("Account", 100, named("Account", "Name", AccountType="Expense"), marks=fact("8.4-length-name")),
    pytest.param("Item", 100, item("Name"), marks=fact("8.5-length-name")),
    pytest.param("Item", 100, item("Sku"), marks=fact("8.5-length-sku")),
    pytest.param("Item", 4000, item("Description"), marks=fact("8.5-length-description")),
    pytest.param("PaymentMethod", 31, named("PaymentMethod", "Name"), marks=fact("8.6-paymentmethod-length")),
    pytest.param("Term", 31, named("Term", "Name", DueDays=1), marks=fact("8.6-term-length")),
    pytest.param(
        "TimeActivity",
        4000,
        lambda company, text: company.time_body(Description=text),
        marks=fact("8.7-length-description"),
    ),
    pytest.param("Purchase", 4000, purchase_line, marks=fact("8.8-length-description")),
    pytest.param("Purchase", 4000, purchase("PrivateNote"), marks=fact("8.8-length-privatenote")),
    pytest.param("Purchase", 21, purchase("DocNumber"), marks=fact("8.8-length-docnumber")),
    pytest.param("Invoice", 21, invoice("DocNumber"), marks=fact("8.9-length-docnumber")),
    pytest.param("Invoice", 4000, invoice("PrivateNote"), marks=fact("8.9-length-privatenote")),
    pytest.param("Invoice", 1000, invoice("CustomerMemo", "value"), marks=fact("8.9-length-memo")),
    pytest.param("Invoice", 100, invoice("BillEmail", "Address"), marks=fact("8.9-length-billemail")),
    pytest.param("Invoice", 4000, invoice_line, marks=fact("8.9-length-description")),
    pytest.param("Payment", 21, payment, marks=fact("8.10-length-refnum")),
]


@pytest.mark.parametrize(("entity", "most", "body"), LENGTHS)
def test_how_long_a_text_may_be(
    company: Company, entity: str, most: int, body: Callable[[Company, str], Record]
) -> None:
    is_email = "Address" in str(body(company, "probe")).split("probe")[0][-14:] and most == 100
    mark = company.name("")[-12:].replace(" ", "x")
    longest = email(most) if is_email else f"{mark:x>{most}}"[-most:]
    assert entity in company.post(entity, body(company, longest))
    fault = company.refused(entity, **body(company, "x" + longest))
    assert (fault["code"], f"Supplied length:{most + 1:,}" in fault["Detail"]) == ("2050", True), fault


@fact("8.1-length-address-lines")
def test_the_lines_of_an_address_together(company: Company) -> None:
    lines = {f"Line{n}": "x" * 500 for n in range(1, 6)}
    assert company.refused("Customer", DisplayName=company.name(), BillAddr=lines)["code"] == "2050"
    company.customer(BillAddr={f"Line{n}": "x" * 400 for n in range(1, 6)})


# 8.1 customers


@fact(
    "8.1-fill-fullyqualifiedname",
    "8.1-fill-printoncheckname",
    "8.1-fill-active",
    "8.1-fill-job",
    "8.1-fill-billwithparent",
    "8.1-fill-balances",
    "8.1-fill-taxable",
    "8.1-fill-delivery",
    "8.1-fill-currency",
    "8.1-fill-isproject",
    "8.1-fill-cliententityid",
)
def test_what_the_server_fills_in_a_customer(company: Company) -> None:
    name = company.name()
    filled = {
        "FullyQualifiedName": name,
        "PrintOnCheckName": name,
        "Active": True,
        "Job": False,
        "BillWithParent": False,
        "Balance": 0,
        "BalanceWithJobs": 0,
        "Taxable": bool,
        "PreferredDeliveryMethod": re.compile("Print|None"),
        "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
        "IsProject": False,
        "ClientEntityId": "0",
    }
    check(filled, pick(company.customer(DisplayName=name), *filled))


@fact("8.1-name-needed", "8.1-name-composed")
def test_a_name_is_joined_from_its_parts(company: Company) -> None:
    last = company.name()
    parts = {"Title": "Dr.", "GivenName": "Ann", "MiddleName": "B.", "FamilyName": last, "Suffix": "Jr."}
    assert company.made("Customer", **parts)["DisplayName"] == f"Dr. Ann B. {last} Jr."


@fact("8.1-no-colon", "8.2-name-space")
@pytest.mark.parametrize("sign", [":", "\t", "\n"])
def test_signs_that_no_name_has(company: Company, sign: str) -> None:
    for entity in ("Customer", "Vendor"):
        assert company.refused(entity, DisplayName=f"A{sign}B")["code"] == "2180"
    assert company.refused("Customer", DisplayName=company.name(), GivenName=f"A{sign}B")["code"] == "2180"


@fact("8.1-email-format")
def test_several_addresses_by_comma(company: Company) -> None:
    address = {"Address": "a@example.com, b@example.com"}
    assert company.customer(PrimaryEmailAddr=address)["PrimaryEmailAddr"] == address


@fact("8.1-currency-immutable")
def test_a_customers_currency_stays(company: Company) -> None:
    customer = company.customer()
    company.post("Customer", {**stub(customer), "sparse": True, "CurrencyRef": {"value": "EUR"}})
    assert company.read("Customer", customer["Id"])["CurrencyRef"] == customer["CurrencyRef"]


@fact("8.1-balance-on-create")
def test_a_balance_is_written_on_create_only(company: Company) -> None:
    customer = company.customer(Balance=85, OpenBalanceDate="2026-01-01")
    assert customer["Balance"] == 85
    assert company.changed("Customer", customer, Balance=10)["Balance"] == 85


@fact("8.1-job-with-parent", "8.1-level-for-children", "8.1-qualified-by-parent", "8.1-bill-with-parent")
def test_a_sub_customer(company: Company) -> None:
    parent = company.customer()
    child = company.customer(Job=True, ParentRef=ref(parent), BillWithParent=True)
    assert pick(child, "Job", "Level", "FullyQualifiedName", "BillWithParent") == {
        "Job": True,
        "Level": 1,
        "FullyQualifiedName": f"{parent['DisplayName']}:{child['DisplayName']}",
        "BillWithParent": True,
    }
    assert child["ParentRef"]["value"] == parent["Id"]
    assert "Level" not in parent


@fact("8.1-job-back")
def test_a_job_stays_one_below_its_parent(company: Company) -> None:
    child = company.customer(Job=True, ParentRef=ref(company.customer()))
    answer = company.post("Customer", {**stub(child), "sparse": True, "Job": False})
    assert "Fault" in answer or answer["Customer"]["Job"] is True


@fact("8.1-sub-customer-unique")
def test_a_sub_customers_name_is_unique_by_default(company: Company) -> None:
    child = company.customer(Job=True, ParentRef=ref(company.customer()))
    body = {"DisplayName": child["DisplayName"], "Job": True, "ParentRef": ref(company.customer())}
    assert company.refused("Customer", **body)["code"] == "6240"


# 8.2 vendors and 8.3 employees


@fact("8.2-taxidentifier-masked")
def test_a_tax_identifier_is_masked(company: Company) -> None:
    assert company.vendor(TaxIdentifier="99-5688293")["TaxIdentifier"] == "XXXXXXX8293"


@fact("8.2-vendor1099", "8.2-rates")
def test_a_vendors_defaults_and_rates(company: Company) -> None:
    vendor = company.vendor(BillRate=40, CostRate=25)
    assert pick(vendor, "Vendor1099", "BillRate", "CostRate") == {"Vendor1099": False, "BillRate": 40, "CostRate": 25}


@fact("8.2-termref-on-create")
def test_a_vendors_term_is_ignored_on_create(company: Company) -> None:
    term = ref(company.some("Term"))
    vendor = company.vendor(TermRef=term)
    assert "TermRef" not in vendor
    assert company.changed("Vendor", vendor, TermRef=term)["TermRef"]["value"] == term["value"]


@fact("8.3-name-composed", "8.3-ssn-masked")
def test_an_employees_name_and_number(company: Company) -> None:
    last = company.name()
    made = company.made("Employee", GivenName="Bill", MiddleName="J.", FamilyName=last, SSN="444-55-6666")
    assert pick(made, "DisplayName", "SSN") == {"DisplayName": f"Bill J. {last}", "SSN": "XXX-XX-XXXX"}


@fact("8.3-gender", "8.3-dates", "8.3-billabletime", "8.3-billrate", "8.3-costrate")
def test_an_employees_particulars(company: Company) -> None:
    particulars = {
        "Gender": "Female",
        "HiredDate": "2024-02-01",
        "ReleasedDate": "2026-02-01",
        "BirthDate": "1980-02-01",
        "BillableTime": True,
        "BillRate": 40,
        "CostRate": 25,
    }
    assert pick(company.employee(**particulars), *particulars) == particulars
    assert company.refused("Employee", GivenName="A", FamilyName=company.name(), Gender="Other")["code"] == "2170"
    assert company.refused("Employee", GivenName="A", FamilyName=company.name(), HiredDate="soon")["code"] == "2070"


ON_THE_PAYROLL = {"City": "Madison", "CountrySubDivisionCode": "WI", "PostalCode": "53703"}


@pytest.fixture
def payroll(fresh: Simulated) -> Simulated:
    """A company with QuickBooks Payroll."""
    (info,) = fresh.rows("CompanyInfo")
    pairs = [pair for pair in info["NameValue"] if pair["Name"] != "PayrollFeature"]
    fresh.changed("CompanyInfo", info, NameValue=[*pairs, {"Name": "PayrollFeature", "Value": "true"}])
    return fresh


@fact("8.3-payroll-displayname", "8.3-payroll-unsupported")
@simulator_only("a sandbox has no payroll")
def test_with_payroll_the_name_is_composed_and_some_properties_are_dropped(payroll: Simulated) -> None:
    names = {"GivenName": "Bill", "MiddleName": "J.", "FamilyName": "Miller"}
    dropped = {"Title": "Dr.", "Suffix": "Jr.", "BillRate": 40}
    made = payroll.made(
        "Employee", **names, **dropped, DisplayName="Billy", PrintOnCheckName="B. M.", PrimaryAddr=ON_THE_PAYROLL
    )
    assert pick(made, "DisplayName", "PrintOnCheckName") == dict.fromkeys(
        ("DisplayName", "PrintOnCheckName"), "Bill J. Miller"
    )
    assert dropped.keys() & made.keys() == set()
    changed = payroll.changed("Employee", made, DisplayName="Billy")
    assert changed["DisplayName"] == "Bill J. Miller"


@fact("8.3-payroll-address")
@simulator_only("a sandbox has no payroll")
@pytest.mark.parametrize("part", ON_THE_PAYROLL)
def test_with_payroll_an_employees_address_is_required(payroll: Simulated, part: str) -> None:
    address = {name: value for name, value in ON_THE_PAYROLL.items() if name != part}
    refused = payroll.refused("Employee", GivenName="Bill", FamilyName="Miller", PrimaryAddr=address)
    assert (refused["code"], refused["element"]) == ("2020", f"PrimaryAddr.{part}")


# 8.4 accounts


@fact("8.4-no-quote-or-colon")
@pytest.mark.parametrize("sign", ['"', ":"])
def test_signs_that_no_account_name_has(company: Company, sign: str) -> None:
    fault = company.refused("Account", Name=f"{company.name()}{sign}", AccountType="Expense")
    assert fault["code"] in ("2180", "2040", "6000")


@fact("8.4-length-acctnum")
def test_an_account_number_has_seven_characters(company: Company) -> None:
    assert company.refused("Account", Name=company.name(), AccountType="Expense", AcctNum="12345678")["code"] == "2050"


@fact("8.4-acctnum-hidden")
@simulator_only("changes the company's preferences")
def test_account_numbers_are_shown_while_they_are_on(fresh: Simulated) -> None:
    account = fresh.made("Account", Name="One", AccountType="Expense", AcctNum="7001")
    (preferences,) = fresh.rows("Preferences")
    info = {**preferences["AccountingInfoPrefs"], "UseAccountNumbers": True}
    fresh.changed("Preferences", preferences, AccountingInfoPrefs=info)
    assert ("AcctNum" in account, fresh.read("Account", account["Id"])["AcctNum"]) == (False, "7001")


CLASSIFICATIONS = {
    "Bank": "Asset",
    "Equity": "Equity",
    "Expense": "Expense",
    "Accounts Payable": "Liability",
    "Income": "Revenue",
}


@fact("8.4-classification")
@pytest.mark.parametrize("type", CLASSIFICATIONS)
def test_the_classification_follows_the_type(company: Company, type: str) -> None:
    assert company.some("Account", f"AccountType = '{type}'")["Classification"] == CLASSIFICATIONS[type]


@fact("8.4-types-seen", "8.4-other-asset")
def test_the_types_of_accounts(company: Company) -> None:
    seen = {
        "Accounts Payable",
        "Accounts Receivable",
        "Bank",
        "Cost of Goods Sold",
        "Credit Card",
        "Equity",
        "Expense",
        "Fixed Asset",
        "Income",
        "Long Term Liability",
        "Other Current Asset",
        "Other Current Liability",
        "Other Expense",
        "Other Income",
    }
    types = {row["AccountType"] for row in company.rows("Account", "Active = true maxresults 1000")}
    assert seen <= types
    made = company.made("Account", Name=company.name(), AccountType="Other Asset")
    assert made["Classification"] == "Asset"


@fact("8.4-default-subtype")
def test_an_expense_without_a_subtype(company: Company) -> None:
    assert an_account(company)["AccountSubType"] == "Travel"


@fact("8.4-five-levels", "8.4-parents-type")
def test_accounts_have_five_levels(company: Company) -> None:
    account = an_account(company)
    for _ in range(4):
        account = company.made("Account", Name=company.name(), AccountType="Expense", ParentRef=ref(account))
    assert account["FullyQualifiedName"].count(":") == 4
    fault = company.refused("Account", Name=company.name(), AccountType="Expense", ParentRef=ref(account))
    assert fault["code"] in ("6180", "6000")


# 8.5 items, 8.6 payment methods and terms


@fact("8.5-no-colon")
@pytest.mark.parametrize("sign", [":", "\t", "\n"])
def test_signs_that_no_item_name_has(company: Company, sign: str) -> None:
    body = {"Name": f"A{sign}B", "Type": "Service", "IncomeAccountRef": company.account("Income")}
    assert company.refused("Item", **body)["code"] == "2180"


@fact("8.5-types", "8.5-expense-account", "8.5-inventory-needs", "8.5-income-account")
def test_the_types_of_items(company: Company) -> None:
    sold, bought = {"IncomeAccountRef": company.account("Income")}, {"ExpenseAccountRef": company.account("Expense")}
    stock = {
        "IncomeAccountRef": ref(company.some("Account", "AccountSubType = 'SalesOfProductIncome'")),
        "ExpenseAccountRef": company.account("Cost of Goods Sold"),
        "AssetAccountRef": ref(company.some("Account", "AccountSubType = 'Inventory'")),
        "InvStartDate": "2026-01-01",
        "QtyOnHand": 10,
        "TrackQtyOnHand": True,
    }
    for type, more in (("Service", sold), ("NonInventory", {**sold, **bought}), ("Inventory", stock), ("Category", {})):
        assert company.made("Item", Name=company.name(), Type=type, **more)["Type"] == type
    group = {"ItemGroupDetail": {"ItemGroupLine": [{"ItemRef": ref(company.service()), "Qty": 1}]}}
    assert company.made("Item", Name=company.name(), Type="Group", **group)["Type"] == "Group"
    assert company.refused("Item", Name=company.name(), Type="Thing")["code"] == "2170"
    assert company.refused("Item", Name=company.name(), Type="Service")["code"] == "2020"
    for name in ("AssetAccountRef", "InvStartDate", "QtyOnHand"):
        body = {key: value for key, value in stock.items() if key != name}
        assert company.refused("Item", Name=company.name(), Type="Inventory", **body)["code"] == "2020"


@fact("8.5-sub-items")
def test_a_sub_item(company: Company) -> None:
    category = company.made("Item", Name=company.name(), Type="Category")
    child = company.service(SubItem=True, ParentRef=ref(category))
    assert pick(child, "SubItem", "Level", "FullyQualifiedName") == {
        "SubItem": True,
        "Level": 1,
        "FullyQualifiedName": f"{category['Name']}:{child['Name']}",
    }


@fact("8.5-default-items")
def test_the_items_of_a_sandbox(company: Company) -> None:
    assert [company.read("Item", id)["Name"] for id in ("1", "2")] == ["Services", "Hours"]


@fact("8.6-paymentmethod-unique")
def test_a_payment_methods_name_is_unique(company: Company) -> None:
    assert company.refused("PaymentMethod", Name=a_payment_method(company)["Name"])["code"] == "6240"


@fact("8.6-paymentmethod-type", "8.6-paymentmethod-default-type")
def test_the_type_of_a_payment_method(company: Company) -> None:
    assert company.made("PaymentMethod", Name=company.name(), Type="CREDIT_CARD")["Type"] == "CREDIT_CARD"
    assert a_payment_method(company)["Type"] == "NON_CREDIT_CARD"
    assert company.refused("PaymentMethod", Name=company.name(), Type="CARD")["code"] == "2170"


@fact("8.6-paymentmethod-list")
def test_the_payment_methods_of_a_company(company: Company) -> None:
    names = {row["Name"] for row in company.rows("PaymentMethod", "Active in (true, false) maxresults 1000")}
    cards = {"Visa", "MasterCard", "Discover", "American Express", "Diners Club"}
    assert {"Cash", "Check", *cards} <= names


@fact("8.6-term-date-driven", "8.6-term-date-driven-parts", "8.6-term-type-read-only", "8.6-term-discount")
def test_the_types_of_terms(company: Company) -> None:
    parts = {"DayOfMonthDue": 10, "DueNextMonthDays": 5, "DiscountDayOfMonth": 3}
    driven = company.made("Term", Name=company.name(), Type="STANDARD", **parts)
    assert pick(driven, "Type", *parts) == {"Type": "DATE_DRIVEN", **parts}
    discount = {"DueDays": 10, "DiscountPercent": 2, "DiscountDays": 5}
    assert pick(company.made("Term", Name=company.name(), **discount), *discount) == discount


@fact("8.6-term-duedays-range")
def test_due_days_end_at_999(company: Company) -> None:
    assert company.made("Term", Name=company.name(), DueDays=999)["DueDays"] == 999
    assert company.refused("Term", Name=company.name(), DueDays=1000)["code"] in ("2110", "2090", "2240")


@fact("8.6-term-list")
def test_the_terms_of_a_sandbox(company: Company) -> None:
    names = [company.read("Term", str(id))["Name"] for id in range(1, 5)]
    assert names == ["Due on receipt", "Net 15", "Net 30", "Net 60"]


# 8.7 time activities


@fact("8.7-nameof")
def test_a_vendors_time(company: Company) -> None:
    vendor = company.vendor()
    made = company.time(NameOf="Vendor", VendorRef=ref(vendor))
    assert (made["NameOf"], made["VendorRef"]) == ("Vendor", {"value": vendor["Id"], "name": vendor["DisplayName"]})
    fault = company.refused("TimeActivity", **company.time_body(NameOf="Vendor"))
    assert fault["code"] in ("6290", "6300")


@fact("7.2-6300")
def test_a_person_of_no_kind(company: Company) -> None:
    body = company.time_body()
    del body["NameOf"]
    assert company.refused("TimeActivity", **body)["code"] == "6300"


@fact(
    "8.7-default-item",
    "8.7-default-date",
    "8.7-default-status",
    "8.7-default-taxable",
    "8.7-default-rate",
)
def test_what_the_server_fills_in_time(company: Company) -> None:
    made = company.time()
    check({"TxnDate": DATE, "BillableStatus": "NotBillable", "Taxable": False, "HourlyRate": 0},
          pick(made, "TxnDate", "BillableStatus", "Taxable", "HourlyRate"))  # fmt: skip
    (preferences,) = company.rows("Preferences")
    assert made["ItemRef"]["value"] == preferences["TimeTrackingPrefs"]["DefaultTimeItem"]["value"]


@fact("8.7-breaks", "8.7-time-needed")
def test_start_end_and_breaks(company: Company) -> None:
    clocked = {"StartTime": "2026-01-02T08:00:00", "EndTime": "2026-01-02T12:00:00"}
    body = {"NameOf": "Employee", "EmployeeRef": ref(company.worker), "TxnDate": "2026-01-02"}
    made = company.made("TimeActivity", **body, **clocked, BreakHours=0, BreakMinutes=30)
    assert pick(made, "BreakMinutes") == {"BreakMinutes": 30}
    assert (made["StartTime"][:19], made["EndTime"][:19]) == tuple(clocked.values())


@fact("7.2-6360")
def test_breaks_longer_than_the_time(company: Company) -> None:
    body = {"NameOf": "Employee", "EmployeeRef": ref(company.worker), "BreakHours": 5}
    clocked = {"StartTime": "2026-01-02T08:00:00", "EndTime": "2026-01-02T12:00:00"}
    assert company.refused("TimeActivity", **body, **clocked)["code"] == "6360"


@fact("8.7-midnight")
def test_an_end_before_the_start(company: Company) -> None:
    body = {"NameOf": "Employee", "EmployeeRef": ref(company.worker)}
    clocked = {"StartTime": "2026-01-02T22:00:00", "EndTime": "2026-01-02T02:00:00"}
    answer = company.post("TimeActivity", {**body, **clocked})
    assert "TimeActivity" in answer or answer["Fault"]["Error"][0]["code"] == "6370"


@fact("7.2-6370")
@simulator_only("chooses the code")
def test_an_end_before_the_start_can_be_refused(fresh: Simulated) -> None:
    fresh.behave(end_before_start="refused")
    body = {"NameOf": "Employee", "EmployeeRef": ref(fresh.worker)}
    clocked = {"StartTime": "2026-01-02T22:00:00", "EndTime": "2026-01-02T02:00:00"}
    assert fresh.refused("TimeActivity", **body, **clocked)["code"] == "6370"


@fact("8.7-offsets")
@simulator_only("the server's date is set")
def test_offsets_are_not_honoured(fresh: Simulated) -> None:
    fresh.behave(clock={"now": "2027-07-01T12:00:00-07:00", "frozen": True})
    fresh.renew()
    body = {"NameOf": "Employee", "EmployeeRef": ref(fresh.worker)}
    clocked = {"StartTime": "2027-06-20T08:00:00-08:00", "EndTime": "2027-06-20T10:00:00-08:00"}
    made = fresh.made("TimeActivity", **body, **clocked)
    assert (made["StartTime"], made["EndTime"]) == ("2027-07-01T09:00:00-07:00", "2027-07-01T11:00:00-07:00")


@fact("8.7-employee-time-zone")
def test_the_employees_time_zone_is_taken(company: Company) -> None:
    assert company.time(HoursInEmployeeTimeZone=True)["Hours"] == 2


@fact("8.7-timechargeid")
def test_only_billable_time_has_a_charge(company: Company) -> None:
    assert "TimeChargeId" not in company.time()
    billable = company.billable(company.customer())
    changed = company.changed("TimeActivity", billable, BillableStatus="NotBillable")
    assert ("TimeChargeId" in billable, "TimeChargeId" in changed) == (True, False)


@fact("8.7-deletable")
def test_time_can_be_deleted(company: Company) -> None:
    assert company.delete("TimeActivity", company.time())["TimeActivity"]["status"] == "Deleted"


# 8.8 purchases


@fact("8.8-accountref", "8.8-paymenttype", "8.8-line-needed", "8.8-line-amount")
@pytest.mark.parametrize("name", ["AccountRef", "PaymentType", "Line"])
def test_what_a_purchase_needs(company: Company, name: str) -> None:
    body = {key: value for key, value in company.purchase_body().items() if key != name}
    assert company.refused("Purchase", **body)["code"] == "2020"
    line = {key: value for key, value in company.expense().items() if key != "Amount"}
    assert company.refused("Purchase", **company.purchase_body(Line=[line]))["code"] == "2020"


@fact("8.8-card-from-card", "8.8-cash-from-bank", "8.8-check-from-bank", "8.8-paymenttype")
@pytest.mark.parametrize(
    ("payment_type", "account"),
    [("Check", "Bank"), ("CreditCard", "Credit Card"), ("Cash", "Bank"), ("Cash", "Other Current Asset")],
)
def test_what_a_purchase_is_paid_from(company: Company, payment_type: str, account: str) -> None:
    made = company.purchase(PaymentType=payment_type, AccountRef=company.account(account))
    assert made["PaymentType"] == payment_type
    wrong = company.purchase_body(PaymentType=payment_type, AccountRef=company.account("Income"))
    assert company.refused("Purchase", **wrong)["code"] == "6430"


@fact("8.8-item-line")
def test_an_item_line(company: Company) -> None:
    bought = company.service(ExpenseAccountRef=company.account("Expense"))
    detail = {"ItemRef": ref(bought), "Qty": 2, "UnitPrice": 15}
    name = "ItemBasedExpenseLineDetail"
    line = {"Amount": 30, "DetailType": name, name: detail}
    made = company.purchase(Line=[line])["Line"][0]
    assert pick(made[name], "Qty", "UnitPrice") == {"Qty": 2, "UnitPrice": 15}


@fact("8.8-entityref")
@pytest.mark.parametrize("entity", ["Vendor", "Customer", "Employee"])
def test_whom_a_purchase_is_paid_to(company: Company, entity: str) -> None:
    person = {"Vendor": company.vendor, "Customer": company.customer, "Employee": company.employee}[entity]()
    made = company.purchase(EntityRef={**ref(person), "type": entity})
    assert made["EntityRef"] == {"value": person["Id"], "name": person["DisplayName"], "type": entity}


@fact("8.8-credit")
def test_a_refund(company: Company) -> None:
    card = {"PaymentType": "CreditCard", "AccountRef": company.account("Credit Card"), "Credit": True}
    assert company.purchase(**card)["Credit"] is True
    assert "code" in company.refused("Purchase", **company.purchase_body(Credit=True))


@fact("8.8-docnumber-none")
def test_a_purchase_without_a_number(company: Company) -> None:
    assert "DocNumber" not in company.purchase()


@fact("8.8-duplicate-number", "8.8-allow-duplicate")
def test_a_purchases_number_is_unique(company: Company) -> None:
    body = company.purchase_body(DocNumber=company.number())
    company.made("Purchase", **body)
    assert company.refused("Purchase", **body)["code"] == "6140"
    assert "Purchase" in company.post("Purchase", body, include="allowduplicatedocnum")


@fact("8.8-duplicate-check-number")
@simulator_only("changes the company's preferences")
def test_a_checks_number(fresh: Simulated) -> None:
    body = fresh.purchase_body(PaymentType="Check", DocNumber="1")
    fresh.made("Purchase", **body)
    assert fresh.refused("Purchase", **body)["code"] == "6140"
    (preferences,) = fresh.rows("Preferences")
    pairs = [
        {**pair, "Value": "false"} if pair["Name"] == "WarnDuplicateCheckNumber" else pair
        for pair in preferences["OtherPrefs"]["NameValue"]
    ]
    fresh.changed("Preferences", preferences, OtherPrefs={"NameValue": pairs})
    assert fresh.made("Purchase", **body)["DocNumber"] == "1"


@fact("8.8-billable-writable", "8.8-tagged-line", "8.8-line-customer")
def test_billing_of_a_line(company: Company) -> None:
    customer, other = company.customer(), company.customer()
    tagged = company.purchase(Line=[company.expense(CustomerRef=ref(customer))])
    assert tagged["Line"][0][EXPENSE]["BillableStatus"] == "NotBillable"
    line = company.expense(CustomerRef=ref(other), BillableStatus="Billable")
    line["Id"] = tagged["Line"][0]["Id"]
    billable = company.changed("Purchase", tagged, PaymentType="Cash", Line=[line])["Line"][0][EXPENSE]
    assert (billable["BillableStatus"], billable["CustomerRef"]["value"]) == ("Billable", other["Id"])
    again = company.read("Purchase", tagged["Id"])
    cleared = company.changed("Purchase", again, PaymentType="Cash", Line=[{**company.expense(), "Id": line["Id"]}])
    assert "CustomerRef" not in cleared["Line"][0][EXPENSE]


@fact("8.8-billed-not-writable")
def test_a_line_cannot_be_called_billed(company: Company) -> None:
    line = company.expense(CustomerRef=ref(company.customer()), BillableStatus="HasBeenBilled")
    assert company.refused("Purchase", **company.purchase_body(Line=[line]))["code"] in ("2170", "2010")


@fact("8.8-line-department")
def test_a_line_has_no_department(company: Company) -> None:
    line = company.expense(DepartmentRef={"value": "1"})
    assert company.refused("Purchase", **company.purchase_body(Line=[line]))["code"] == "2010"


@fact("8.8-purchaseex")
@pytest.mark.parametrize(("payment_type", "account", "number"), [("Check", "Bank", "3"), ("Cash", "Bank", "54"),
                                                                 ("CreditCard", "Credit Card", "54")])  # fmt: skip
def test_the_txntype_of_a_purchase(company: Company, payment_type: str, account: str, number: str) -> None:
    made = company.purchase(PaymentType=payment_type, AccountRef=company.account(account))
    assert made["PurchaseEx"]["any"][0]["value"] == {"Name": "TxnType", "Value": number}


@fact("8.8-delete-works")
def test_a_purchase_can_be_deleted(company: Company) -> None:
    assert company.delete("Purchase", company.purchase())["Purchase"]["status"] == "Deleted"


# 8.9 invoices


@fact("8.9-customer-needed", "8.9-line-needed", "8.9-amount-needed")
def test_what_an_invoice_needs(company: Company) -> None:
    customer = ref(company.customer())
    bare = {"DetailType": SALE, SALE: {}}
    for body in ({"Line": [sale(1)]}, {"CustomerRef": customer}, {"CustomerRef": customer, "Line": [bare]}):
        assert company.refused("Invoice", **body)["code"] == "2020"


@fact("8.9-description-line")
def test_a_line_of_words(company: Company) -> None:
    described = {"DetailType": "DescriptionOnly", "Description": "As agreed", "DescriptionLineDetail": {}}
    made = company.invoice(sale(10), described)
    assert [line["DetailType"] for line in made["Line"]] == [SALE, "DescriptionOnly", "SubTotalLineDetail"]


@fact("8.9-group-line")
def test_a_line_of_a_bundle(company: Company) -> None:
    group = {"ItemGroupLine": [{"ItemRef": ref(company.service()), "Qty": 1}]}
    bundle = company.made("Item", Name=company.name(), Type="Group", ItemGroupDetail=group)
    line = {"DetailType": "GroupLineDetail", "GroupLineDetail": {"GroupItemRef": ref(bundle), "Quantity": 1}}
    assert company.invoice(line)["Line"][0]["DetailType"] == "GroupLineDetail"


@fact("8.9-default-item")
def test_a_line_without_an_item(company: Company) -> None:
    assert company.invoice()["Line"][0][SALE]["ItemRef"]["value"] == "1"


@fact("8.9-number-counts-on", "8.9-sent-number")
def test_numbers_count_on(company: Company) -> None:
    first = company.invoice()
    number = str(int(first["DocNumber"]) + 1)
    assert company.invoice()["DocNumber"] == number
    own = company.number()
    assert company.invoice(DocNumber=own)["DocNumber"] == own


@fact("8.9-number-empty")
@simulator_only("changes the company's preferences")
def test_custom_numbers(fresh: Simulated) -> None:
    (preferences,) = fresh.rows("Preferences")
    forms = {**preferences["SalesFormsPrefs"], "CustomTxnNumbers": True}
    fresh.changed("Preferences", preferences, SalesFormsPrefs=forms)
    assert "DocNumber" not in fresh.invoice()


@fact("8.9-fill-txndate", "11-11-time-zones")
@simulator_only("the server's date is set")
def test_the_servers_date_is_pacific(fresh: Simulated) -> None:
    fresh.behave(clock={"now": "2027-07-02T02:00:00+00:00", "frozen": True})
    fresh.renew()
    assert (fresh.invoice()["TxnDate"], fresh.time()["TxnDate"]) == ("2027-07-01", "2027-07-01")


@fact("8.9-fill-duedate")
def test_the_due_date_follows_the_term(company: Company) -> None:
    term = company.made("Term", Name=company.name(), DueDays=15)
    customer = company.customer(SalesTermRef=ref(term))
    assert company.invoice(CustomerRef=ref(customer), TxnDate="2026-01-10")["DueDate"] == "2026-01-25"
    assert company.invoice(SalesTermRef=ref(term), TxnDate="2026-01-10")["DueDate"] == "2026-01-25"


@fact("8.9-fill-salestermref")
@simulator_only("a switch chooses")
def test_the_term_may_be_filled_in(fresh: Simulated) -> None:
    customer = fresh.customer(SalesTermRef={"value": "2"})
    assert "SalesTermRef" not in fresh.invoice(CustomerRef=ref(customer))
    fresh.behave(invoice_terms="filled")
    assert fresh.invoice(CustomerRef=ref(customer))["SalesTermRef"]["value"] == "2"


@fact("8.9-fill-addresses")
def test_addresses_come_from_the_customer(company: Company) -> None:
    mail = {"Address": "a@example.com"}
    customer = company.customer(BillAddr=ADDRESS, ShipAddr={"Line1": "Dock 3"}, PrimaryEmailAddr=mail)
    made = company.invoice(CustomerRef=ref(customer))
    assert pick(made["BillAddr"], *ADDRESS) == ADDRESS
    assert (made["ShipAddr"]["Line1"], made["BillEmail"]) == ("Dock 3", mail)


@fact("8.9-automated-tax")
@simulator_only("the rates of a sandbox's places are Intuit's own")
def test_with_automated_sales_tax_the_engine_recalculates(fresh: Simulated) -> None:
    (preferences,) = fresh.rows("Preferences")
    code = next(row["Id"] for row in fresh.rows("TaxCode") if row["Name"] == "California")
    prefs = {**preferences["TaxPrefs"], "PartnerTaxEnabled": True, "TaxGroupCodeRef": {"value": code}}
    fresh.changed("Preferences", preferences, TaxPrefs=prefs)
    detail = {"ItemRef": ref(fresh.service()), "TaxCodeRef": {"value": "TAX"}}
    line = {"Amount": 100, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
    sent = {"TxnTaxCodeRef": {"value": "NON"}, "TotalTax": 1}
    made = fresh.made("Invoice", CustomerRef=ref(fresh.customer()), Line=[line], TxnTaxDetail=sent)
    tax = made["TxnTaxDetail"]
    assert (tax["TxnTaxCodeRef"]["value"], tax["TotalTax"], made["TotalAmt"]) == (code, 8, 108)


@fact("8.9-fill-statuses", "8.9-fill-tax-detail")
def test_what_the_server_fills_in_an_invoice(company: Company) -> None:
    made = company.invoice()
    assert pick(made, "EmailStatus", "PrintStatus", "TxnTaxDetail") == {
        "EmailStatus": "NotSet",
        "PrintStatus": "NotSet",
        "TxnTaxDetail": {"TotalTax": 0},
    }


@fact("8.9-allow-duplicate")
def test_a_duplicate_number_can_be_allowed(company: Company) -> None:
    first = company.invoice(DocNumber=company.number())
    body = {"CustomerRef": ref(company.customer()), "Line": [sale(1)], "DocNumber": first["DocNumber"]}
    assert "Invoice" in company.post("Invoice", body, include="allowduplicatedocnum")


@fact("8.9-subtotal-ignored")
def test_a_subtotal_that_is_sent_is_computed_anew(company: Company) -> None:
    made = company.invoice(sale(60), sale(40))
    lines = [{**made["Line"][0], "Amount": 10}, {**made["Line"][2], "Amount": 999}]
    changed = company.changed("Invoice", made, Line=lines)
    assert [line["Amount"] for line in changed["Line"]] == [10, 10]


@fact("8.9-paid-deleted", "8.9-paid-voided")
@pytest.mark.parametrize("operation", ["delete", "void"])
def test_a_paid_invoice_taken_back(company: Company, operation: str) -> None:
    made = company.invoice()
    paid = company.payment(made, 100)
    company.post("Invoice", stub(company.read("Invoice", made["Id"])), operation=operation)
    assert company.read("Payment", paid["Id"])["UnappliedAmt"] == 100


# 8.10 payments


@fact("8.10-required")
def test_what_a_payment_needs(company: Company) -> None:
    for body in ({"TotalAmt": 1}, {"CustomerRef": ref(company.customer())}):
        assert company.refused("Payment", **body)["code"] == "2020"


@fact(
    "8.10-lines-link",
    "8.10-unapplied",
    "8.10-invoice-balance",
    "8.10-invoice-moves",
    "8.10-invoice-link",
    "8.10-customer-balance",
)
def test_a_payment_settles_an_invoice(company: Company) -> None:
    made = company.invoice()
    paid = company.payment(made, 70, 90)
    after = company.read("Invoice", made["Id"])
    assert paid["UnappliedAmt"] == 20
    assert pick(after, "Balance", "TotalAmt", "LinkedTxn") == {
        "Balance": 30,
        "TotalAmt": 100,
        "LinkedTxn": [{"TxnId": paid["Id"], "TxnType": "Payment"}],
    }
    assert int(after["SyncToken"]) > int(made["SyncToken"])
    assert after["MetaData"]["LastUpdatedTime"] >= made["MetaData"]["LastUpdatedTime"]
    assert company.read("Customer", made["CustomerRef"]["value"])["Balance"] == 10


@fact("8.10-deposit-account")
def test_money_goes_to_undeposited_funds(company: Company) -> None:
    undeposited = company.some("Account", "AccountSubType = 'UndepositedFunds'")
    made = company.made("Payment", CustomerRef=ref(company.customer()), TotalAmt=5)
    assert made["DepositToAccountRef"]["value"] == undeposited["Id"]


@fact("8.10-lines-within-total", "8.10-line-within-balance")
@pytest.mark.parametrize(("amount", "total"), [(100, 90), (101, 101)])
def test_a_payment_settles_no_more_than_there_is(company: Company, amount: int, total: int) -> None:
    assert "code" in company.refused("Payment", **payment_body(company.invoice(), amount, total))


@fact("8.10-same-customer")
def test_a_payment_of_another_customer(company: Company) -> None:
    parent = company.customer()
    child = company.customer(Job=True, ParentRef=ref(parent))
    made = company.invoice(CustomerRef=ref(child))
    stranger = company.refused("Payment", **payment_body(made, 10) | {"CustomerRef": ref(company.customer())})
    assert stranger["code"] in ("620", "6000")
    assert company.made("Payment", **payment_body(made, 10) | {"CustomerRef": ref(parent)})["TotalAmt"] == 10


@fact("8.10-lines-all-or-nothing")
def test_a_full_update_without_lines_unlinks(company: Company) -> None:
    made = company.invoice()
    paid = company.payment(made, 100)
    body = {**stub(paid), "CustomerRef": {"value": paid["CustomerRef"]["value"]}, "TotalAmt": 100}
    assert company.made("Payment", **body)["UnappliedAmt"] == 100
    assert company.read("Invoice", made["Id"])["Balance"] == 100


@fact("8.10-not-auto-applied")
def test_an_unlinked_payment_stays_unapplied(company: Company) -> None:
    made = company.invoice()
    customer = {"value": made["CustomerRef"]["value"]}
    assert company.made("Payment", CustomerRef=customer, TotalAmt=50)["UnappliedAmt"] == 50
    assert company.read("Invoice", made["Id"])["Balance"] == 100


@fact("8.10-zero-payment")
def test_a_payment_of_nothing_applies_a_credit(company: Company) -> None:
    made = company.invoice()
    customer = {"value": made["CustomerRef"]["value"]}
    credit = company.made("CreditMemo", CustomerRef=customer, Line=[sale(40)])
    lines = [
        {"Amount": 40, "LinkedTxn": [{"TxnId": made["Id"], "TxnType": "Invoice"}]},
        {"Amount": 40, "LinkedTxn": [{"TxnId": credit["Id"], "TxnType": "CreditMemo"}]},
    ]
    company.made("Payment", CustomerRef=customer, TotalAmt=0, Line=lines)
    assert company.read("Invoice", made["Id"])["Balance"] == 60


@fact("8.10-deposited", "7.2-6540")
def test_a_deposited_payment_cannot_be_changed(company: Company) -> None:
    paid = company.payment(company.invoice(), 100)
    line = {"Amount": 100, "LinkedTxn": [{"TxnId": paid["Id"], "TxnType": "Payment", "TxnLineId": "0"}]}
    company.made("Deposit", DepositToAccountRef=company.account("Bank"), Line=[line])
    now = company.read("Payment", paid["Id"])
    fault = company.refused("Payment", **{**stub(now), "sparse": True, "TotalAmt": 120})
    assert fault["code"] == "6540"


# 8.11 CompanyInfo and 8.12 Preferences


@pytest.fixture
def info(company: Company) -> Record:
    return company.rows("CompanyInfo")[0]


@fact("8.11-read", "8.11-id-1")
def test_the_company_is_read_by_its_realm(company: Company, info: Record) -> None:
    assert company.ask("GET", f"companyinfo/{company.realm}").json["CompanyInfo"] == info
    assert info["Id"] == "1"


@fact("8.11-keys", "8.11-time-zone")
def test_the_keys_of_the_company(info: Record) -> None:
    keys = {
        "CompanyName",
        "LegalName",
        "CompanyAddr",
        "CustomerCommunicationAddr",
        "LegalAddr",
        "CustomerCommunicationEmailAddr",
        "PrimaryPhone",
        "CompanyStartDate",
        "FiscalYearStartMonth",
        "Country",
        "Email",
        "WebAddr",
        "SupportedLanguages",
        "DefaultTimeZone",
        "NameValue",
    }
    assert keys <= set(info)
    assert (info["Country"], info["DefaultTimeZone"]) == ("US", "America/Los_Angeles")


def pairs(values: list[dict[str, str]]) -> dict[str, str]:
    return {pair["Name"]: pair["Value"] for pair in values}


@fact("8.11-name-values")
def test_the_pairs_of_the_company(info: Record) -> None:
    wanted = {
        "NonTracking",
        "IsQbdtMigrated",
        "CompanyType",
        "AccountantFeature",
        "QBOIndustryType",
        "AssignedTime",
    }
    found = pairs(info["NameValue"])
    assert wanted <= set(found)
    assert pick(found, "SubscriptionStatus", "OfferingSku", "PayrollFeature", "ItemCategoriesFeature") == {
        "SubscriptionStatus": "SUBSCRIBED",
        "OfferingSku": "QuickBooks Online Plus",
        "PayrollFeature": "false",
        "ItemCategoriesFeature": "true",
    }


@pytest.fixture
def preferences(company: Company) -> Record:
    return company.rows("Preferences")[0]


PREFERENCES: list[Any] = [
    pytest.param(
        "AccountingInfoPrefs",
        {
            "UseAccountNumbers": False,
            "TrackDepartments": False,
            "ClassTrackingPerTxn": False,
            "ClassTrackingPerTxnLine": False,
            "FirstMonthOfFiscalYear": str,
            "TaxYearMonth": str,
            "TaxForm": str,
            "CustomerTerminology": str,
        },
        marks=fact("8.12-accounting"),
    ),
    pytest.param(
        "ProductAndServicesPrefs",
        dict.fromkeys(("ForSales", "ForPurchase", "QuantityWithPriceAndRate", "QuantityOnHand"), bool),
        marks=fact("8.12-products"),
    ),
    pytest.param(
        "SalesFormsPrefs",
        {
            "CustomTxnNumbers": False,
            "AllowDeposit": bool,
            "AllowDiscount": bool,
            "AllowEstimates": bool,
            "AllowServiceDate": False,
            "AllowShipping": bool,
            "DefaultTerms": {"value": "3"},
            "AutoApplyCredit": True,
            "AutoApplyPayments": True,
            "CustomField": list,
            "DefaultCustomerMessage": str,
        },
        marks=fact("8.12-sales-forms"),
    ),
    pytest.param("EmailMessagesPrefs", {}, marks=fact("8.12-email")),
    pytest.param(
        "VendorAndPurchasesPrefs",
        {"TrackingByCustomer": True, "BillableExpenseTracking": True},
        marks=fact("8.12-vendors"),
    ),
    pytest.param(
        "TimeTrackingPrefs",
        {
            "UseServices": True,
            "DefaultTimeItem": {"value": "2"},
            "BillCustomers": True,
            "ShowBillRateToAll": False,
            "WorkWeekStartDate": "Monday",
            "MarkTimeEntriesBillable": True,
        },
        marks=fact("8.12-time", "9-no-allowtimeentry"),
    ),
    pytest.param("TaxPrefs", {"UsingSalesTax": True, "TaxGroupCodeRef": {"value": "2"}}, marks=fact("8.12-tax")),
    pytest.param(
        "CurrencyPrefs", {"MultiCurrencyEnabled": False, "HomeCurrency": {"value": "USD"}}, marks=fact("8.12-currency")
    ),
    pytest.param("ReportPrefs", {"ReportBasis": "Accrual"}, marks=fact("8.12-reports")),
]


@fact("8.12-one-object")
@pytest.mark.parametrize(("group", "shape"), PREFERENCES)
def test_a_group_of_preferences(preferences: Record, group: str, shape: Record) -> None:
    assert preferences["Id"] == "1"
    check(shape, pick(preferences[group], *shape), group)


@fact("8.12-close-date")
@simulator_only("a sandbox's books may be closed")
def test_the_closing_date_is_there_only_when_it_is_set(fresh: Simulated) -> None:
    (preferences,) = fresh.rows("Preferences")
    info = preferences["AccountingInfoPrefs"]
    changed = fresh.changed("Preferences", preferences, AccountingInfoPrefs={**info, "BookCloseDate": "2025-12-31"})
    assert ("BookCloseDate" in info, changed["AccountingInfoPrefs"]["BookCloseDate"]) == (False, "2025-12-31")


@fact("8.12-other", "8.12-other-text", "9-no-allowtimeentry")
def test_the_pairs_of_other_preferences(preferences: Record) -> None:
    found = pairs(preferences["OtherPrefs"]["NameValue"])
    wanted = {
        "TimeTrackingFeatureEnabled": "true",
        "ProjectsEnabled": "false",
        "VendorAndPurchasesPrefs.UseCustomTxnNumbers": "false",
        "WarnDuplicateCheckNumber": "true",
        "WarnDuplicateBillNumber": "false",
        "WarnDuplicateJournalNumber": "false",
        "SalesFormsPrefs.DefaultItem": "1",
        "VendorAndPurchasesPrefs.MarkupOnBillableExpenseEnabled": "false",
        "SignoutInactiveMinutes": str,
        "DateFormatMnemonic": str,
        "UncategorizedAssetAccountId": str,
        "UncategorizedIncomeAccountId": str,
        "UncategorizedExpenseAccountId": str,
    }
    check(wanted, pick(found, *wanted))
    assert all(isinstance(value, str) for value in found.values())
    assert "AllowTimeEntry" not in str(preferences)


@fact("8.10-invoice-balance")
def test_balances_are_numbers(company: Company) -> None:
    activity = company.billable(company.customer())
    made = company.invoice(
        billing(activity), CustomerRef={"value": activity["CustomerRef"]["value"]}, LinkedTxn=[link(activity)]
    )
    check(Number, made["Balance"])
