"""Faults (qbo-api.md §7)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from quickbooks import exceptions
from quickbooks.objects import Customer as QuickBooksCustomer

from tests.contract.company import EXPENSE, SALE, Company, Record, billing, error, link, pick, ref, sale, stub
from tests.contract.conftest import Simulated
from tests.contract.marks import fact, simulator_only
from tests.contract.peers import python_quickbooks
from tests.contract.shapes import MILLISECONDS, Number, check

ON_DEMAND = simulator_only("brought about on demand")
Case = Callable[[Company], Record]


# 7.1 shapes


@fact("7.1-service-envelope", "7.1-code-is-text", "7.1-type-validation")
def test_the_service_envelope(company: Company) -> None:
    name = company.customer()["DisplayName"]
    answer = company.ask("POST", "customer", {"DisplayName": name})
    each = {"Message": str, "Detail": str, "code": "6240", "element": ""}
    shape = {"Fault": {"Error": [each], "type": "ValidationFault"}, "time": MILLISECONDS}
    check(shape, answer.json)
    assert answer.status == 400


@fact("7.1-parts-may-miss")
def test_the_element_may_be_missing(company: Company) -> None:
    assert set(company.misquery("select * from Customer startposition 0")) == {"Message", "Detail", "code"}


def gateway(message: str, detail: str | None, code: str, kind: str) -> Record:
    return {
        "warnings": None,
        "intuitObject": None,
        "fault": {"error": [{"message": message, "detail": detail, "code": code, "element": None}], "type": kind},
        "report": None,
        "queryResponse": None,
        "batchItemResponse": [],
        "attachableResponse": [],
        "syncErrorResponse": None,
        "requestId": None,
        "time": int,
        "status": None,
        "cdcresponse": [],
    }


AUTHENTICATION = ("message=AuthenticationFailed; errorCode=003200; statusCode=401", "3200", "AUTHENTICATION")


def unauthenticated(detail: str | None) -> Record:
    message, code, kind = AUTHENTICATION
    return gateway(message, detail, code, kind)


@fact("7.1-gateway-envelope", "7.1-401-words", "7.1-401-malformed", "11-17-lower-case-401")
def test_a_token_that_is_none(company: Company) -> None:
    answer = company.ask("GET", "customer/1", headers={"Authorization": "Bearer short"})
    assert answer.status == 401
    check(unauthenticated("Malformed bearer token: too short or too long"), answer.json)


@fact("7.1-401-null", "7.1-401-www-authenticate")
@simulator_only("which detail a sandbox gives without a token was not captured")
def test_no_token(fresh: Simulated) -> None:
    answer = fresh.ask("GET", "customer/1", headers={"Authorization": None})
    check(unauthenticated(None), answer.json)
    assert answer.headers["www-authenticate"].startswith("Bearer ")


@fact("7.1-401-expired", "12.6-inject-401")
@simulator_only("sets the clock on")
def test_an_expired_token(fresh: Simulated) -> None:
    fresh.behave(clock={"now": "+3600", "frozen": True})
    check(unauthenticated("Token expired"), fresh.ask("GET", "customer/1").json)
    fresh.renew()
    fresh.fault({"status": 401})
    check(unauthenticated("Token expired"), fresh.ask("GET", "customer/1").json)


@fact("7.1-403", "11-12-wrong-realm")
def test_another_realm(company: Company) -> None:
    answer = company.wire.send(
        "GET",
        "/v3/company/1234567890/companyinfo/1234567890",
        {},
        {"Authorization": f"Bearer {company.token}", "Accept": "application/json"},
        None,
    )
    assert answer.status == 403
    message = "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403"
    check(gateway(message, None, "3100", "SERVICE"), answer.json)


@fact("7.1-client-codes", "7.1-client-capital-fault")
@ON_DEMAND
@pytest.mark.parametrize(
    ("then", "caught"),
    [
        ({"fault": "6240"}, exceptions.QuickbooksException),
        ({"fault": "2020"}, exceptions.ValidationException),
        ({"fault": "610"}, exceptions.ObjectNotFoundException),
        ({"fault": "500"}, exceptions.UnsupportedException),
        ({"fault": "10000"}, exceptions.SevereException),
        ({"status": 401}, exceptions.AuthorizationException),
        ({"status": 403}, exceptions.QuickbooksException),
    ],
)
def test_what_python_quickbooks_makes_of_faults(fresh: Simulated, then: Record, caught: type[Exception]) -> None:
    person = QuickBooksCustomer()
    person.DisplayName = "One"
    with python_quickbooks(fresh) as client:
        fresh.fault(then)
        with pytest.raises(caught) as raised:
            person.save(qb=client)
    assert type(raised.value) is caught


# 7.2 codes that a request brings about: (code, part of the detail, element or None where it is not known)


def wrong(entity: str, **body: Any) -> Case:
    return lambda company: company.refused(entity, **body)


def customer_with(**more: Any) -> Case:
    return lambda company: company.refused("Customer", DisplayName=company.name(), **more)


def time_with(**more: Any) -> Case:
    return lambda company: company.refused("TimeActivity", **{**company.time_body(), **more})


def invoice_with(*lines: Record, **more: Any) -> Case:
    return lambda company: company.refused(
        "Invoice", CustomerRef=ref(company.customer()), Line=list(lines), **more
    )  # fmt: skip


def purchase_with(**more: Any) -> Case:
    return lambda company: company.refused("Purchase", **company.purchase_body(**more))


def both_persons(company: Company) -> Record:
    people = {"EmployeeRef": ref(company.worker), "VendorRef": ref(company.vendor())}
    return company.refused("TimeActivity", **company.time_body(**people))


def no_person(company: Company) -> Record:
    return company.refused("TimeActivity", NameOf="Employee", Hours=1)


def no_time(company: Company) -> Record:
    return company.refused("TimeActivity", NameOf="Employee", EmployeeRef=ref(company.worker))


def half_a_clock(company: Company) -> Record:
    return company.refused(
        "TimeActivity", NameOf="Employee", EmployeeRef=ref(company.worker), StartTime="2026-01-02T08:00:00"
    )


def billable_without(*left_out: str) -> Case:
    def case(company: Company) -> Record:
        body = {"BillableStatus": "Billable", "HourlyRate": 50, "CustomerRef": ref(company.customer())}
        return company.refused(
            "TimeActivity", **company.time_body(**{name: body[name] for name in body if name not in left_out})
        )

    return case


def mismatched_account(company: Company) -> Record:
    return company.refused("Account", Name=company.name(), AccountType="Bank", AccountSubType="Travel")


def bare_account(company: Company) -> Record:
    return company.refused("Account", Name=company.name())


def below_other_type(company: Company) -> Record:
    parent = company.made("Account", Name=company.name(), AccountType="Expense")
    return company.refused("Account", Name=company.name(), AccountType="Bank", ParentRef=ref(parent))


def own_parent(company: Company) -> Record:
    customer = company.customer()
    return company.refused("Customer", **stub(customer), sparse=True, Job=True, ParentRef=ref(customer))


def too_deep(company: Company) -> Record:
    above = company.customer()
    for _ in range(4):
        above = company.customer(Job=True, ParentRef=ref(above))
    return company.refused("Customer", DisplayName=company.name(), Job=True, ParentRef=ref(above))


def from_wrong_account(company: Company) -> Record:
    return company.refused(
        "Purchase", **company.purchase_body(PaymentType="Check", AccountRef=company.account("Expense"))
    )


def line_without_account(company: Company) -> Record:
    line = {"Amount": 1, "DetailType": EXPENSE, EXPENSE: {}}
    return company.refused("Purchase", **company.purchase_body(Line=[line]))


def linked_wrongly(company: Company) -> Record:
    activity = company.time()
    return company.refused(
        "Invoice", CustomerRef=ref(company.customer()), Line=[billing(activity)], LinkedTxn=[link(activity)]
    )


def unknown_segment(company: Company) -> Record:
    return error(company.ask("POST", "nothing", {"Name": "x"}).json)


def deleted_before(company: Company) -> Record:
    purchase = company.purchase()
    company.delete("Purchase", purchase)
    return error(company.delete("Purchase", purchase))


def billed_before(company: Company) -> Record:
    customer = company.customer()
    activity = company.billable(customer)
    company.invoice(billing(activity), CustomerRef=ref(customer), LinkedTxn=[link(activity)])
    return error(company.delete("TimeActivity", company.read("TimeActivity", activity["Id"])))


def memo_too_long(company: Company) -> Record:
    return invoice_with(sale(1), CustomerMemo={"value": "x" * 1001})(company)


CASES = [
    pytest.param(deleted_before, "610", "Another user has deleted this transaction.", marks=fact("7.2-610-deleted")),
    pytest.param(linked_wrongly, "620", "TxnId", marks=fact("7.2-620", "9-wrong-link")),
    pytest.param(billed_before, "800", "", marks=fact("7.2-800")),
    pytest.param(own_parent, "900", "", marks=fact("7.2-900")),
    pytest.param(unknown_segment, "2000", "nothing", marks=fact("7.2-2000")),
    pytest.param(
        customer_with(Nonsense=1),
        "2010",
        "Property Name:failed to parse json object; a property specified is unsupported or invalid",
        marks=fact("7.2-2010"),
    ),
    pytest.param(
        invoice_with(sale(1), DocNumber="x" * 45),
        "2050",
        "String length specified does not match the supported length. Min:0 Max:21 supported. Supplied length:45",
        marks=fact("7.2-2050", "11-8-docnumber"),
    ),
    pytest.param(memo_too_long, "2050", "Max:1,000 supported. Supplied length:1,001", marks=fact("7.2-2050-thousands")),
    pytest.param(
        time_with(StartTime="noon"), "2060", "Supplied value:noon", marks=fact("7.2-2060", "7.2-supplied-value")
    ),
    pytest.param(time_with(TxnDate="2026-02-30"), "2070", "Supplied value:2026-02-30", marks=fact("7.2-2070")),
    pytest.param(time_with(Hours="2.5"), "2080", "Supplied value:2.5", marks=fact("7.2-2080")),
    pytest.param(invoice_with(sale("much")), "2100", "Supplied value:much", marks=fact("7.2-2100")),
    pytest.param(invoice_with(sale(10**12)), "2110", "Supplied value:", marks=fact("7.2-2110")),
    pytest.param(
        time_with(BillableStatus="HAS_BEEN_BILLED"),
        "2170",
        "Invalid Enumeration : HAS_BEEN_BILLED",
        marks=fact("7.2-2170", "8.7-misspelled-status"),
    ),
    pytest.param(
        wrong("Customer", DisplayName="A:B"),
        "2180",
        "Names must have at least one character, must be on one line, and cannot include colons or tabbing.",
        marks=fact("7.2-2180", "8.1-no-colon"),
    ),
    pytest.param(
        customer_with(PrimaryEmailAddr={"Address": "nobody"}),
        "2210",
        "nobody",
        marks=fact("7.2-2210", "8.1-email-format"),
    ),
    pytest.param(
        customer_with(CurrencyRef={"value": "EUR"}), "2220", "EUR", marks=fact("7.2-2220", "11-10-multicurrency")
    ),
    pytest.param(customer_with(Taxable="perhaps"), "2230", "perhaps", marks=fact("7.2-2230")),
    pytest.param(
        lambda company: company.refused("Invoice", CustomerRef={"value": "99999970"}, Line=[sale(1)]),
        "2500",
        "Invalid Reference Id : Names element id 99999970 not found",
        marks=fact("7.2-2500-not-found"),
    ),
    pytest.param(mismatched_account, "6010", "", marks=fact("7.2-6010")),
    pytest.param(bare_account, "6010", "", marks=fact("7.2-6010", "8.4-type-needed")),
    pytest.param(
        below_other_type,
        "6000",
        "For subaccounts, you must select the same account type as their parent.",
        marks=fact("7.2-6000-subaccount", "8.4-parents-type"),
    ),
    pytest.param(
        invoice_with(sale(1000, Qty=3, UnitPrice=50)),
        "6070",
        "Amount is not equal to UnitPrice * Qty. Supplied value:1,000",
        marks=fact("7.2-6070", "8.9-amount-is-product"),
    ),
    pytest.param(wrong("Customer", Notes="x"), "6080", "DisplayName", marks=fact("7.2-6080", "8.1-name-needed")),
    pytest.param(wrong("Employee", Title="Dr."), "6080", "", marks=fact("8.3-name-needed")),
    pytest.param(customer_with(Job=True), "6150", "ParentRef", marks=fact("7.2-6150", "8.1-job-without-parent")),
    pytest.param(too_deep, "6180", "", marks=fact("7.2-6180", "8.1-five-levels")),
    pytest.param(both_persons, "6290", "", marks=fact("7.2-6290")),
    pytest.param(no_person, "6290", "", marks=fact("7.2-6290", "8.7-nameof")),
    pytest.param(billable_without("CustomerRef"), "6310", "", marks=fact("7.2-6310", "8.7-billable-needs-customer")),
    pytest.param(billable_without("HourlyRate"), "6330", "", marks=fact("7.2-6330", "8.7-billable-needs-rate")),
    pytest.param(
        time_with(BillableStatus="HasBeenBilled"), "6320", "", marks=fact("7.2-6320", "8.7-hasbeenbilled-not-settable")
    ),
    pytest.param(no_time, "6350", "", marks=fact("7.2-6350", "8.7-time-needed")),
    pytest.param(half_a_clock, "6360", "", marks=fact("7.2-6360")),
    pytest.param(time_with(Minutes=60), "6380", "", marks=fact("7.2-6380", "8.7-minutes-range")),
    pytest.param(time_with(Hours=8761), "6380", "", marks=fact("7.2-6380", "8.7-hours-range")),
    pytest.param(
        time_with(StartTime="2026-01-02T08:00:00", EndTime="2026-01-02T09:00:00"),
        "6390",
        "",
        marks=fact("7.2-6390", "8.7-time-needed"),
    ),
    pytest.param(from_wrong_account, "6430", "", marks=fact("7.2-6430", "8.8-check-from-bank")),
    pytest.param(line_without_account, "2020", "AccountRef", marks=fact("8.8-account-line")),
]


@pytest.mark.parametrize(("case", "code", "words"), CASES)
def test_what_is_refused(company: Company, case: Case, code: str, words: str) -> None:
    fault = case(company)
    assert (fault["code"], words in fault["Detail"]) == (code, True), fault


@fact("7.2-2050-label")
def test_the_label_of_a_memo(company: Company) -> None:
    assert memo_too_long(company)["element"] == "Customer Memo"
    assert invoice_with(sale(1), DocNumber="x" * 45)(company)["element"] == "DocNumber"


@fact("7.2-2500-invalid")
def test_an_account_that_is_none(company: Company) -> None:
    fault = company.refused("Purchase", **company.purchase_body(AccountRef={"value": "99999970"}))
    assert fault["code"] == "2500"
    assert re.fullmatch(r"Invalid Reference Id : Accounts element id 99999970 (is invalid|not found)", fault["Detail"])


@fact("7.2-2500-klasses")
def test_a_class_that_is_none(company: Company) -> None:
    fault = invoice_with(sale(1, ClassRef={"value": "99999970"}))(company)
    assert (fault["code"], "Klasses element id 99999970" in fault["Detail"]) == ("2500", True)


@fact("7.2-2500-category", "8.5-category-on-line")
def test_a_category_on_a_line(company: Company) -> None:
    category = company.made("Item", Name=company.name(), Type="Category")
    fault = invoice_with(sale(1, ItemRef=ref(category)))(company)
    words = "An item in this transaction is set up as a category"
    assert (fault["code"], words in fault["Detail"]) == ("2500", True)


@fact("7.2-6070-rounding")
def test_the_product_is_rounded_half_up(company: Company) -> None:
    assert company.invoice(sale(16.67, Qty=0.3333, UnitPrice=50))["TotalAmt"] == 16.67
    assert company.invoice(sale(0.13, Qty=0.25, UnitPrice=0.5))["TotalAmt"] == 0.13
    assert invoice_with(sale(0.12, Qty=0.25, UnitPrice=0.5))(company)["code"] == "6070"


@fact("7.2-6140", "8.9-duplicate-number", "11-8-docnumber")
def test_a_number_that_is_taken(company: Company) -> None:
    first = company.invoice(DocNumber=company.number())
    fault = company.refused(
        "Invoice", CustomerRef=ref(company.customer()), Line=[sale(1)], DocNumber=first["DocNumber"]
    )
    assert pick(fault, "code", "Message", "Detail") == {
        "code": "6140",
        "Message": "Duplicate Document Number Error",
        "Detail": (
            "Duplicate Document Number Error : You must specify a different number. This number has already been used. "
            f"DocNumber={first['DocNumber']} is assigned to TxnType=Invoice with TxnId={first['Id']}"
        ),
    }


@fact("7.2-6100", "8.9-us-tax-code")
def test_a_tax_code_that_is_none(company: Company) -> None:
    fault = invoice_with(sale(1, TaxCodeRef={"value": "VAT"}))(company)
    assert fault["code"] in ("6100", "2500")
    assert company.invoice(sale(1, TaxCodeRef={"value": "TAX"}))["Line"][0][SALE]["TaxCodeRef"] == {"value": "TAX"}
    assert company.invoice()["Line"][0][SALE]["TaxCodeRef"] == {"value": "NON"}


@fact("7.2-6210", "11-19-closed-books")
@simulator_only("closes the books")
def test_closed_books(fresh: Simulated) -> None:
    (preferences,) = fresh.rows("Preferences")
    info = {**preferences["AccountingInfoPrefs"], "BookCloseDate": "2025-12-31"}
    fresh.changed("Preferences", preferences, AccountingInfoPrefs=info)
    fault = fresh.refused("Purchase", **fresh.purchase_body(TxnDate="2025-06-01"))
    assert pick(fault, "code", "Message", "Detail") == {
        "code": "6210",
        "Message": "Account Period Closed, Cannot Update Through Services API",
        "Detail": (
            "The account period has closed and the account books cannot be updated through the QBO Services API. "
            "Please use the QBO website to make these changes."
        ),
    }
    assert fresh.purchase(TxnDate="2026-01-01")["TxnDate"] == "2026-01-01"


# 7.2 codes that come on demand


@fact("12.6-inject-5010", "12.6-inject-6190", "12.6-inject-6210", "12.6-inject-one-name", "7.2-10000")
@ON_DEMAND
@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param("600", "", marks=fact("7.2-600")),
        pytest.param("5010", "Stale Object Error"),
        pytest.param(
            "6000", "You can only add or edit one name at a time.", marks=fact("7.2-6000-one-name", "11-18-one-name")
        ),
        pytest.param("6190", "Subscription period has ended", marks=fact("7.2-6190", "11-19-closed-books")),
        pytest.param("6210", "The account period has closed", marks=fact("7.2-6210")),
        pytest.param("10000", "System Failure Error: ", marks=fact("7.2-10000", "12.6-inject-500")),
    ],
)
def test_a_fault_on_demand(fresh: Simulated, code: str, words: str) -> None:
    fresh.fault({"fault": code}, entity="Customer", operation="create")
    answer = fresh.ask("POST", "customer", {"DisplayName": "One"})
    fault = error(answer.json)
    assert (fault["code"], words in fault["Detail"]) == (code, True)
    kind = ("SystemFault", 500) if code == "10000" else ("ValidationFault", 400)
    assert (answer.json["Fault"]["type"], answer.status) == kind
    assert fresh.customer(DisplayName="One")["DisplayName"] == "One"


ON_THEIR_NUMBER = [
    pytest.param("140", marks=fact("7.2-140")),
    pytest.param("150", marks=fact("7.2-150")),
    pytest.param("630", marks=fact("7.2-630")),
    pytest.param("700", marks=fact("7.2-700")),
    pytest.param("1000", marks=fact("7.2-1000")),
    pytest.param("1010", marks=fact("7.2-1010")),
    pytest.param("1020", marks=fact("7.2-1020")),
    pytest.param("2030", marks=fact("7.2-2030")),
    pytest.param("2040", marks=fact("7.2-2040")),
    pytest.param("2090", marks=fact("7.2-2090")),
    pytest.param("2120", marks=fact("7.2-2120")),
    pytest.param("2140", marks=fact("7.2-2140")),
    pytest.param("2150", marks=fact("7.2-2150")),
    pytest.param("2160", marks=fact("7.2-2160")),
    pytest.param("2200", marks=fact("7.2-2200")),
    pytest.param("2240", marks=fact("7.2-2240")),
    pytest.param("2250", marks=fact("7.2-2250")),
    pytest.param("2290", marks=fact("7.2-2290")),
    pytest.param("2300", marks=fact("7.2-2300")),
    pytest.param("5030", marks=fact("7.2-5030")),
    pytest.param("6130", marks=fact("7.2-6130")),
    pytest.param("6200", marks=fact("7.2-6200")),
    pytest.param("6220", marks=fact("7.2-6220")),
    pytest.param("6250", marks=fact("7.2-6250")),
    pytest.param("6280", marks=fact("7.2-6280")),
    pytest.param("6340", marks=fact("7.2-6340")),
    pytest.param("6420", marks=fact("7.2-6420")),
    pytest.param("6440", marks=fact("7.2-6440")),
    pytest.param("6450", marks=fact("7.2-6450")),
    pytest.param("6480", marks=fact("7.2-6480")),
    pytest.param("10200", marks=fact("7.2-10200")),
    pytest.param("4002", marks=fact("3-code-4002")),
    pytest.param("10100", marks=fact("3-code-10100")),
]


@ON_DEMAND
@pytest.mark.parametrize("code", ON_THEIR_NUMBER)
def test_official_numbers_on_demand(fresh: Simulated, code: str) -> None:
    fresh.fault({"fault": code}, entity="Customer")
    answer = fresh.ask("POST", "customer", {"DisplayName": "One"})
    check(
        {"Fault": {"Error": [{"Message": str, "code": code}], "type": "ValidationFault"}, "time": MILLISECONDS},
        answer.json,
    )
    assert answer.status == 400


@fact("7.1-type-authentication", "7.1-type-authorizaton", "7.2-110", "7.2-5020")
@ON_DEMAND
@pytest.mark.parametrize(
    ("code", "kind", "status"), [("110", "AuthenticationFault", 401), ("5020", "AuthorizatonFault", 403)]
)
def test_other_types_of_faults_on_demand(fresh: Simulated, code: str, kind: str, status: int) -> None:
    fresh.fault({"fault": code}, entity="Customer")
    answer = fresh.ask("POST", "customer", {"DisplayName": "One"})
    assert (answer.status, answer.json["Fault"]["type"], error(answer.json)["code"]) == (status, kind, code)


@fact("12.6-inject-6240", "7.3-across-lists", "7.3-same-list", "7.3-account")
@ON_DEMAND
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("6240", "Another customer, vendor or employee"),
        ("6240-id", "Id=1248"),
        ("6240-account", "An account already has"),
    ],
)
def test_three_wordings_of_6240_on_demand(fresh: Simulated, name: str, words: str) -> None:
    fresh.fault({"fault": name}, entity="Customer")
    fault = fresh.refused("Customer", DisplayName="One")
    assert (fault["code"], words in fault["Detail"]) == ("6240", True)


@fact("12.6-inject-invalid-grant")
@ON_DEMAND
def test_invalid_grant_on_demand(fresh: Simulated) -> None:
    fresh.fault({"status": 400}, path="/oauth2/v1/tokens/bearer")
    answer = fresh.plain("POST", "/oauth2/v1/tokens/bearer")
    assert answer.status == 400


# 7.3 names that are taken


@fact("7.3-same-list", "11-1-duplicate-names")
@pytest.mark.parametrize("entity", ["Customer", "Vendor", "Employee"])
def test_a_name_of_the_same_list(company: Company, entity: str) -> None:
    first = {"Customer": company.customer, "Vendor": company.vendor, "Employee": company.employee}[entity]()
    body = {"DisplayName": first["DisplayName"], "GivenName": "A"}
    assert company.refused(entity, **body) == {
        "Message": "Duplicate Name Exists Error",
        "Detail": f"The name supplied already exists. : Id={first['Id']}",
        "code": "6240",
        "element": "",
    }


@fact("7.3-items-too", "7.3-item-unique", "8.5-length-name")
def test_a_name_of_an_item(company: Company) -> None:
    first = company.service()
    body = {"Name": first["Name"], "Type": "Service", "IncomeAccountRef": company.account("Income")}
    assert company.refused("Item", **body)["Detail"] == f"The name supplied already exists. : Id={first['Id']}"
    assert company.refused("Item", **{**body, "Name": "x" * 101})["code"] == "2050"


@fact("7.3-across-lists", "7.3-one-name-space", "8.2-name-space", "11-1-duplicate-names")
@pytest.mark.parametrize("entity", ["Vendor", "Employee"])
def test_a_name_of_another_list(company: Company, entity: str) -> None:
    name = company.customer()["DisplayName"]
    fault = company.refused(entity, DisplayName=name, GivenName="A")
    words = (
        r"The name supplied already exists. : Another customer, vendor or employee is already using this\s+name\. "
        r"Please use a different name\."
    )
    assert fault["code"] == "6240"
    assert re.fullmatch(words, fault["Detail"])


@fact("7.3-account", "7.3-account-per-parent")
def test_a_name_of_an_account(company: Company) -> None:
    first = company.made("Account", Name=company.name(), AccountType="Expense")
    body = {"Name": first["Name"], "AccountType": "Expense"}
    assert company.refused("Account", **body)["Detail"] == (
        "The name supplied already exists. : An account already has the same display name. "
        "Display Name must be unique. Please provide a different display name."
    )
    below = company.made("Account", **body, ParentRef=ref(first))
    assert below["FullyQualifiedName"] == f"{first['Name']}:{first['Name']}"


@fact("7.3-case", "7.3-trimmed")
def test_how_names_are_compared(company: Company) -> None:
    name = company.customer()["DisplayName"]
    for other in (name.upper(), f" {name} "):
        assert company.refused("Customer", DisplayName=other)["code"] == "6240"


@fact("7.3-tax-rate")
def test_a_name_of_a_tax_rate(company: Company) -> None:
    body = {
        "TaxCode": company.name(),
        "TaxRateDetails": [
            {
                "TaxRateName": company.name("R"),
                "RateValue": "8",
                "TaxAgencyId": agency(company),
                "TaxApplicableOn": "Sales",
            }
        ],
    }
    assert "TaxRateDetails" in company.ask("POST", "taxservice/taxcode", body).json
    fault = error(company.ask("POST", "taxservice/taxcode", {**body, "TaxCode": company.name()}).json)
    assert (fault["code"], "Another tax rate is already using this" in fault["Detail"]) == ("6240", True)


def agency(company: Company) -> str:
    return str(company.some("TaxAgency")["Id"])


@fact("2.3-older-token-5010")
def test_amounts_are_numbers(company: Company) -> None:
    check(Number, company.invoice()["TotalAmt"])
