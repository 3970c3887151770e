"""How updates work, and what is refused in which order (qbo-api.md §2.3, §7.2, §12.2)."""

from typing import Any

import pytest

from tests.unit.qbo_simulator.company import Company, code, fault, without

UNREADABLE = "Property Name:failed to parse json object; a property specified is unsupported or invalid"
UNSUPPORTED = "Request has invalid or unsupported property"
MISSING = "Required param missing, need to supply the required value for the API"


@pytest.fixture
def rosa(company: Company) -> dict[str, Any]:
    return company.made(
        "Customer",
        DisplayName="Rosa Lind",
        Notes="Two cats",
        PrimaryPhone={"FreeFormNumber": "555"},
        SalesTermRef={"value": "3"},
        BillAddr={"Line1": "1 Elm St.", "City": "Ames"},
    )


def test_a_sparse_update_keeps_what_is_left_out(company: Company, rosa: dict[str, Any]) -> None:
    body = {"Id": rosa["Id"], "SyncToken": "0", "sparse": True, "Notes": "No cats"}
    changed = company.post("Customer", body)["Customer"]
    assert without(changed, "MetaData") == without({**rosa, "Notes": "No cats", "SyncToken": "1"}, "MetaData")


def test_a_full_update_empties_what_is_left_out(company: Company, rosa: dict[str, Any]) -> None:
    changed = company.made("Customer", Id=rosa["Id"], SyncToken="0", DisplayName="Rosa Lind")
    gone = {"Notes", "PrimaryPhone", "SalesTermRef", "BillAddr"}
    assert set(rosa) - set(changed) == gone
    assert (changed["CurrencyRef"], changed["Active"]) == (rosa["CurrencyRef"], True)


@pytest.mark.parametrize(("name", "empty"), [("Notes", ""), ("PrimaryPhone", {}), ("SalesTermRef", {"value": ""})])
def test_empty_values_clear_and_null_does_nothing(
    company: Company, rosa: dict[str, Any], name: str, empty: Any
) -> None:
    head = {"Id": rosa["Id"], "sparse": True}
    assert company.post("Customer", {**head, "SyncToken": "0", name: None})["Customer"][name] == rosa[name]
    assert name not in company.post("Customer", {**head, "SyncToken": "1", name: empty})["Customer"]


def test_an_old_sync_token_is_stale(company: Company, rosa: dict[str, Any]) -> None:
    company.made("Customer", Id=rosa["Id"], SyncToken="0", sparse=True, Notes="first")
    words = (
        "You and root were working on this at the same time. root finished before you did, so your work was not saved."
    )
    answer = company.post("Customer", {"Id": rosa["Id"], "SyncToken": "0", "sparse": True, "Notes": "second"})
    assert answer == fault("5010", "Stale Object Error", f"Stale Object Error : {words}")
    assert company.read("Customer", rosa["Id"])["Notes"] == "first"


def test_an_update_without_a_sync_token_is_refused(company: Company, rosa: dict[str, Any]) -> None:
    answer = company.post("Customer", {"Id": rosa["Id"], "sparse": True, "Notes": "x"})
    assert answer == fault("2020", MISSING, "Required parameter SyncToken is missing in the request", "SyncToken")


def test_an_edited_address_gets_a_new_id_and_an_untouched_one_keeps_it(company: Company, rosa: dict[str, Any]) -> None:
    head = {"Id": rosa["Id"], "sparse": True}
    same = company.post("Customer", {**head, "SyncToken": "0", "BillAddr": rosa["BillAddr"]})["Customer"]
    edited = company.post("Customer", {**head, "SyncToken": "1", "BillAddr": {"Line1": "2 Elm St."}})["Customer"]
    assert same["BillAddr"] == rosa["BillAddr"]
    assert int(edited["BillAddr"]["Id"]) > int(rosa["BillAddr"]["Id"])


@pytest.mark.parametrize("body", [{"Customer": {"DisplayName": "A"}}, {"DisplayName": "A", "Colour": "red"},
                                  {"DisplayName": {"a": 1}}, {"DisplayName": "A", "PrimaryPhone": "555"},
                                  {"DisplayName": "A", "BillAddr": {"Street": "1"}}, [1], "text"])  # fmt: skip
def test_what_cannot_be_read_is_2010(company: Company, body: Any) -> None:
    assert company.post("Customer", body) == fault("2010", UNSUPPORTED, UNREADABLE, None)


def test_no_json_is_2010_and_no_body_is_malformed(company: Company) -> None:
    assert code(company.ask("POST", "customer", data="{not json").get_json()) == "2010"
    answer = company.ask("POST", "customer", data="").get_json()
    assert without(answer, "time") == fault("400", "MalformedRequest", "Batch Request is Empty", None)


@pytest.mark.parametrize(
    ("entity", "body", "parameter"),
    [
        ("Purchase", {"AccountRef": {"value": "35"}}, "PaymentType"),
        ("Invoice", {"Line": [{"Amount": 1, "DetailType": "SalesItemLineDetail"}]}, "CustomerRef"),
        ("Invoice", {"CustomerRef": {"value": "1"}}, "Line"),
        ("Payment", {"CustomerRef": {"value": "1"}}, "TotalAmt"),
        ("Term", {"Name": "Soon"}, "DueDays"),
        ("Item", {"Name": "New", "Type": "Service"}, "IncomeAccountRef"),
        ("Invoice", {"CustomerRef": {"value": "1"}, "Line": [{"DetailType": "SalesItemLineDetail"}]}, "Line.Amount"),
        ("Invoice", {"CustomerRef": {"value": "1"}, "Line": [{"Amount": 1}]}, "Line.DetailType"),
    ],
)
def test_what_is_missing_is_named(company: Company, entity: str, body: dict[str, Any], parameter: str) -> None:
    detail = f"Required parameter {parameter} is missing in the request"
    assert company.post(entity, body) == fault("2020", MISSING, detail, parameter)


@pytest.mark.parametrize(
    ("body", "label", "most", "length"),
    [
        ({"DisplayName": "x" * 501}, "DisplayName", "500", "501"),
        ({"DisplayName": "x", "Notes": "x" * 2001}, "Notes", "2,000", "2,001"),
    ],
)
def test_what_is_too_long_is_refused(
    company: Company, body: dict[str, Any], label: str, most: str, length: str
) -> None:
    detail = (
        "String length specified does not match the supported length. "
        f"Min:0 Max:{most} supported. Supplied length:{length}"
    )
    message = "String length is either shorter or longer than supported by specification"
    assert company.post("Customer", body) == fault("2050", message, detail, label)


def test_the_memo_of_an_invoice_is_called_customer_memo_when_too_long(company: Company) -> None:
    body = {"CustomerRef": {"value": "1"}, "CustomerMemo": {"value": "x" * 1001}, "Line": [{"Amount": 1}]}
    assert company.post("Invoice", body)["Fault"]["Error"][0]["element"] == "Customer Memo"


def test_the_gravest_problem_is_answered_first(company: Company) -> None:
    long, unknown = {"DocNumber": "x" * 45}, {"Colour": "red"}
    assert code(company.post("Invoice", {**long, **unknown})) == "2010"
    assert code(company.post("Invoice", long)) == "2020"
    line = [{"Amount": 1, "DetailType": "SalesItemLineDetail"}]
    assert code(company.post("Invoice", {**long, "CustomerRef": {"value": "999"}, "Line": line})) == "2050"


def test_references_that_lead_nowhere(company: Company) -> None:
    line = [{"Amount": 1, "DetailType": "SalesItemLineDetail"}]
    absent = company.post("Invoice", {"CustomerRef": {"value": "970"}, "Line": line})
    other_list = company.post("Invoice", {"CustomerRef": {"value": "33"}, "Line": line})
    inactive = company.post("Invoice", {"CustomerRef": {"value": "15"}, "Line": line})
    said = "Invalid Reference Id : Names element id"
    assert absent == fault("2500", "Invalid Reference Id", f"{said} 970 not found", "Reference Id")
    assert other_list == fault("2500", "Invalid Reference Id", f"{said} 33 is invalid", "Reference Id")
    assert code(inactive) == "610"


def test_numbers_and_booleans_may_come_as_text(company: Company) -> None:
    item = company.made(
        "Item", Name="Packing", Type="Service", UnitPrice="62.50", Taxable="false", IncomeAccountRef={"value": "1"}
    )
    assert (item["UnitPrice"], item["Taxable"]) == (62.5, False)


@pytest.mark.parametrize(("name", "value", "wanted"), [("UnitPrice", "dear", "2100"), ("UnitPrice", "NaN", "2100"),
                                                       ("Taxable", "perhaps", "2230"), ("Type", "Thing", "2170"),
                                                       ("InvStartDate", "2026-02-30", "2070"),
                                                       ("UnitPrice", [1], "2010")])  # fmt: skip
def test_values_of_the_wrong_form(company: Company, name: str, value: Any, wanted: str) -> None:
    body = {"Name": "Packing", "Type": "Service", "IncomeAccountRef": {"value": "1"}, name: value}
    assert code(company.post("Item", body)) == wanted


def test_reading_what_is_not_there_is_400_with_610(company: Company) -> None:
    for id in ("999", "abc", "-1", "9" * 30):
        response = company.ask("GET", f"customer/{id}")
        assert (response.status_code, code(response.get_json())) == (400, "610")
    assert code(company.post("Invoice", {"Id": "999", "SyncToken": "0", "sparse": True})) == "610"


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_other_methods_are_not_supported(company: Company, method: str) -> None:
    assert code(company.ask(method, "customer/1").get_json()) == "500"


def test_a_trailing_slash_a_minorversion_and_an_unknown_object(company: Company) -> None:
    assert company.ask("GET", "customer/1/?minorversion=3").get_json()["Customer"]["Id"] == "1"
    assert company.post("nonsense", {}) == fault(
        "2000", "Invalid or unsupported object name", "Object Name: nonsense", None
    )


def test_xml_is_answered_where_json_is_not_asked_for(company: Company) -> None:
    response = company.ask("GET", "paymentmethod/1", headers={"Accept": "*/*"})
    time = response.text.split('time="')[1].split('"')[0]
    record = company.read("PaymentMethod", "1")
    assert response.content_type == "application/xml;charset=UTF-8"
    assert response.text == (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<IntuitResponse xmlns="http://schema.intuit.com/finance/v3" time="{time}">'
        '<PaymentMethod domain="QBO" sparse="false"><Id>1</Id><SyncToken>0</SyncToken>'
        f"<MetaData><CreateTime>{record['MetaData']['CreateTime']}</CreateTime>"
        f"<LastUpdatedTime>{record['MetaData']['LastUpdatedTime']}</LastUpdatedTime></MetaData>"
        "<Name>Cash</Name><Active>true</Active><Type>NON_CREDIT_CARD</Type></PaymentMethod></IntuitResponse>"
    )


def test_every_answer_carries_a_transaction_id(company: Company) -> None:
    assert company.ask("GET", "customer/1").headers["intuit_tid"][:2] == "1-"
    assert len(company.ask("GET", "customer/999").headers["intuit_tid"]) == len("1-5ebad954-") + 24
