"""Account, Item, PaymentMethod, Term, CompanyInfo and Preferences (qbo-api.md §8.4-8.6, §8.11, §8.12)."""

import pytest
import time_machine

from tests.unit.qbo_simulator.company import Company, code, fault, without


@time_machine.travel("2026-08-16T17:21:23Z", tick=False)
def test_an_account_is_answered_as_captured(company: Company) -> None:
    account = company.made("Account", Name="Office things", AccountType="Expense")
    assert account == {
        "Name": "Office things",
        "SubAccount": False,
        "FullyQualifiedName": "Office things",
        "Active": True,
        "Classification": "Expense",
        "AccountType": "Expense",
        "AccountSubType": "Travel",
        "CurrentBalance": 0,
        "CurrentBalanceWithSubAccounts": 0,
        "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
        "domain": "QBO",
        "sparse": False,
        "Id": "94",
        "SyncToken": "0",
        "MetaData": {"CreateTime": "2026-08-16T10:21:23-07:00"},
    }
    changed = company.made("Account", Id="94", SyncToken="0", sparse=True, Description="Pens")
    assert set(changed["MetaData"]) == {"CreateTime", "LastUpdatedTime"}


def test_an_account_name_is_unique_below_one_parent(company: Company) -> None:
    detail = (
        "The name supplied already exists. : An account already has the same display name. "
        "Display Name must be unique. Please provide a different display name."
    )
    answer = company.post("Account", {"Name": "checking", "AccountType": "Bank"})
    assert answer == fault("6240", "Duplicate Name Exists Error", detail)
    below = company.made("Account", Name="Checking", AccountType="Bank", ParentRef={"value": "35"})
    assert (below["FullyQualifiedName"], below["SubAccount"]) == ("Checking:Checking", True)


def test_a_subaccount_has_its_parents_type(company: Company) -> None:
    answer = company.post("Account", {"Name": "X", "AccountType": "Expense", "ParentRef": {"value": "35"}})
    words = "For subaccounts, you must select the same account type as their parent."
    message = "A business validation error has occurred while processing your request"
    assert answer == fault("6000", message, f"Business Validation Error: {words}")


def test_account_types_and_numbers(company: Company) -> None:
    assert code(company.post("Account", {"Name": "X"})) == "6010"
    assert code(company.post("Account", {"Name": "X", "AccountType": "Bank", "AccountSubType": "Travel"})) == "6010"
    by_subtype = company.made("Account", Name="Cash box", AccountSubType="CashOnHand", AcctNum="1001")
    assert (by_subtype["AccountType"], by_subtype["Classification"]) == ("Bank", "Asset")
    taken = company.post("Account", {"Name": "Y", "AccountType": "Bank", "AcctNum": "1001"})
    words = "Another account is already using this number.  Please use a different number."
    assert taken["Fault"]["Error"][0]["Detail"] == f"Business Validation Error: {words}"


def test_a_deactivated_account_shows_it_in_both_names(company: Company) -> None:
    gone = company.made("Account", Id="56", SyncToken="0", sparse=True, Active=False)
    assert (gone["Name"], gone["FullyQualifiedName"]) == ("Fuel (deleted)", "Automobile:Fuel (deleted)")


def test_the_item_for_hours_is_answered_as_captured(company: Company) -> None:
    assert without(company.read("Item", "2"), "MetaData") == {
        "Name": "Hours",
        "Active": True,
        "FullyQualifiedName": "Hours",
        "Taxable": False,
        "UnitPrice": 0,
        "Type": "Service",
        "IncomeAccountRef": {"value": "1", "name": "Services"},
        "PurchaseCost": 0,
        "TrackQtyOnHand": False,
        "domain": "QBO",
        "sparse": False,
        "Id": "2",
        "SyncToken": "0",
    }


def test_items_in_categories_are_qualified_by_them(company: Company) -> None:
    fountain = company.read("Item", "5")
    assert (fountain["FullyQualifiedName"], fountain["Level"], fountain["SubItem"]) == (
        "Design:Fountains:Rock Fountain",
        2,
        True,
    )


def test_an_item_name_is_unique_below_one_category(company: Company) -> None:
    body = {"Name": "hours", "Type": "Service", "IncomeAccountRef": {"value": "1"}}
    assert company.post("Item", body) == fault(
        "6240", "Duplicate Name Exists Error", "The name supplied already exists. : Id=2"
    )
    assert company.made("Item", **body, ParentRef={"value": "21"})["FullyQualifiedName"] == "Landscaping:hours"


def test_payment_methods_and_terms_of_a_new_company(company: Company) -> None:
    methods = company.rows("select * from PaymentMethod", "PaymentMethod")
    terms = company.rows("select * from Term", "Term")
    assert [(method["Id"], method["Name"], method["Type"]) for method in methods] == [
        ("1", "Cash", "NON_CREDIT_CARD"),
        ("2", "Check", "NON_CREDIT_CARD"),
        ("3", "Visa", "CREDIT_CARD"),
        ("4", "MasterCard", "CREDIT_CARD"),
        ("5", "Discover", "CREDIT_CARD"),
        ("6", "American Express", "CREDIT_CARD"),
        ("7", "Diners Club", "CREDIT_CARD"),
    ]
    assert [(term["Id"], term["Name"], term["DueDays"], term["Type"]) for term in terms] == [
        ("1", "Due on receipt", 0, "STANDARD"),
        ("2", "Net 15", 15, "STANDARD"),
        ("3", "Net 30", 30, "STANDARD"),
        ("4", "Net 60", 60, "STANDARD"),
    ]


def test_a_term_of_a_day_in_the_month(company: Company) -> None:
    assert company.made("Term", Name="On the 20th", DayOfMonthDue=20, DueNextMonthDays=5)["Type"] == "DATE_DRIVEN"


def test_company_info_is_found_under_the_realm_and_has_id_1(company: Company) -> None:
    info = company.read("CompanyInfo", company.realm)
    kept = ("Id", "CompanyName", "Country", "DefaultTimeZone", "PrimaryPhone", "WebAddr")
    assert {name: info[name] for name in kept} == {
        "Id": "1",
        "CompanyName": "Sandbox Company_US_1",
        "Country": "US",
        "DefaultTimeZone": "America/Los_Angeles",
        "PrimaryPhone": {},
        "WebAddr": {},
    }
    assert {"Name": "PayrollFeature", "Value": "false"} in info["NameValue"]


def test_preferences_are_one_object_that_can_be_changed(company: Company) -> None:
    found = company.query("select * from Preferences")
    assert (found["maxResults"], "startPosition" in found) == (1, False)
    preferences = found["Preferences"][0]
    forms = {**preferences["SalesFormsPrefs"], "CustomTxnNumbers": True}
    changed = company.post("Preferences", {"Id": "1", "SyncToken": "0", "sparse": True, "SalesFormsPrefs": forms})
    assert changed["Preferences"]["SalesFormsPrefs"]["CustomTxnNumbers"] is True
    assert changed["Preferences"]["OtherPrefs"] == preferences["OtherPrefs"]


def test_the_sample_company_is_like_intuits(company: Company) -> None:
    counts = {
        entity: company.query(f"select count(*) from {entity} where Active in (true, false)")["totalCount"]
        for entity in ("Account", "Customer", "Vendor", "Employee", "Item")
    }
    assert counts == {"Account": 92, "Customer": 33, "Vendor": 28, "Employee": 3, "Item": 23}
    assert company.read("Customer", "8")["FullyQualifiedName"] == "Freeman Sporting Goods:0969 Ocean View Road"
    assert [company.read("Employee", id)["DisplayName"] for id in ("54", "55")] == ["John Johnson", "Emily Platt"]
    assert company.read("Account", "42")["AccountType"] == "Credit Card"


@pytest.mark.parametrize(("entity", "reference"), [("Class", "ClassRef"), ("Department", "DepartmentRef")])
def test_classes_and_departments_are_qualified_and_track_time(company: Company, entity: str, reference: str) -> None:
    above = company.made(entity, Name="North")
    below = company.made(entity, Name="Shop", ParentRef={"value": above["Id"]})
    assert below["FullyQualifiedName"] == "North:Shop"
    assert code(company.post(entity, {"Name": "north"})) == "6240"
    body = {"NameOf": "Employee", "EmployeeRef": {"value": "55"}, "Hours": 1, "Minutes": 0}
    tracked = company.made("TimeActivity", **body, **{reference: {"value": below["Id"]}})
    assert tracked[reference] == {"value": below["Id"], "name": "North:Shop"}


def test_a_refused_item_of_a_batch_leaves_nothing_behind(company: Company) -> None:
    line = {"Amount": 5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {}}
    invoice = {"CustomerRef": {"value": "1"}, "Line": [line], "DocNumber": "77"}
    items = [{"bId": str(n), "operation": "create", "Invoice": invoice} for n in range(2)]
    answers = company.batch(*items)
    assert [sorted(answer) for answer in answers] == [["Invoice", "bId"], ["Fault", "bId"]]
    assert company.read("Customer", "1")["Balance"] == 5
    assert company.query("select count(*) from Invoice") == {"totalCount": 1}
