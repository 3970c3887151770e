"""Customer, Vendor and Employee: one name space, inactive ones, what is filled in (qbo-api.md §2.3, §7.3, §8.1-8.3)."""

from typing import Any

import pytest
import time_machine

from tests.unit.qbo_simulator.company import Company, code, fault, without

CROSS_LIST = (
    "The name supplied already exists. : Another customer, vendor or employee is already using this name. "
    "Please use a different name."
)
MADE_INACTIVE = (
    "Object Not Found : Something you're trying to use has been made inactive. "
    "Check the fields with accounts, customers, items, vendors or employees."
)


@time_machine.travel("2026-08-16T17:21:24.220Z", tick=False)
def test_a_vendor_is_answered_as_captured(company: Company) -> None:
    answer = company.ask("POST", "vendor", json={"DisplayName": "Permian Supply"}).get_json()
    pseudonym = answer["Vendor"].pop("V4IDPseudonym")
    assert len(pseudonym) == 36
    assert answer == {
        "Vendor": {
            "Balance": 0,
            "Vendor1099": False,
            "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
            "domain": "QBO",
            "sparse": False,
            "Id": "65",
            "SyncToken": "0",
            "MetaData": {"CreateTime": "2026-08-16T10:21:24-07:00", "LastUpdatedTime": "2026-08-16T10:21:24-07:00"},
            "DisplayName": "Permian Supply",
            "PrintOnCheckName": "Permian Supply",
            "Active": True,
        },
        "time": "2026-08-16T10:21:24.220-07:00",
    }


def test_a_customer_gets_what_the_server_fills_in(company: Company) -> None:
    customer = company.made("Customer", GivenName="Rosa", FamilyName="Lind", BillAddr={"Line1": "1 Elm St."})
    assert without(customer, "V4IDPseudonym", "MetaData", "BillAddr") == {
        "Taxable": False,
        "Job": False,
        "BillWithParent": False,
        "Balance": 0,
        "BalanceWithJobs": 0,
        "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
        "PreferredDeliveryMethod": "Print",
        "IsProject": False,
        "ClientEntityId": "0",
        "domain": "QBO",
        "sparse": False,
        "Id": "65",
        "SyncToken": "0",
        "GivenName": "Rosa",
        "FamilyName": "Lind",
        "FullyQualifiedName": "Rosa Lind",
        "DisplayName": "Rosa Lind",
        "PrintOnCheckName": "Rosa Lind",
        "Active": True,
    }
    assert without(customer["BillAddr"], "Id") == {"Line1": "1 Elm St."}


def test_an_employee_is_called_given_middle_family_and_its_tax_number_is_masked(company: Company) -> None:
    employee = company.made("Employee", GivenName="Bill", MiddleName="J", FamilyName="Miller", SSN="111-22-3333")
    assert (employee["DisplayName"], employee["SSN"], employee["BillableTime"]) == (
        "Bill J Miller",
        "XXX-XX-XXXX",
        False,
    )
    assert code(company.post("Employee", {"DisplayName": "Nobody"})) == "6080"


def test_ids_of_the_three_lists_come_from_one_sequence(company: Company) -> None:
    made = [
        company.made("Customer", DisplayName="A"),
        company.made("Vendor", DisplayName="B"),
        company.made("Employee", GivenName="C", FamilyName="D"),
    ]
    assert [record["Id"] for record in made] == ["65", "66", "67"]


@pytest.mark.parametrize("name", ["amy's bird sanctuary", "  Amy's Bird Sanctuary "])
def test_a_name_taken_in_the_same_list_is_refused_with_the_id(company: Company, name: str) -> None:
    answer = company.post("Customer", {"DisplayName": name})
    assert answer == fault("6240", "Duplicate Name Exists Error", "The name supplied already exists. : Id=1")


@pytest.mark.parametrize(
    ("entity", "body"),
    [
        ("Vendor", {"DisplayName": "Amy's Bird Sanctuary"}),
        ("Customer", {"DisplayName": "emily platt"}),
        ("Employee", {"GivenName": "Cal", "FamilyName": "Telephone"}),
    ],
)
def test_a_name_taken_in_another_list_is_refused_without_an_id(
    company: Company, entity: str, body: dict[str, Any]
) -> None:
    assert company.post(entity, body) == fault("6240", "Duplicate Name Exists Error", CROSS_LIST)


def test_a_customer_without_any_name_is_refused(company: Company) -> None:
    assert code(company.post("Customer", {"CompanyName": "Only a company"})) == "6080"


def test_a_colon_in_a_name_is_refused(company: Company) -> None:
    words = "Names must have at least one character, must be on one line, and cannot include colons or tabbing."
    answer = company.post("Customer", {"DisplayName": "A:B"})
    assert answer == fault("2180", "Invalid Enumeration", words, "DisplayName")


def test_deactivating_appends_deleted_and_frees_the_name(company: Company) -> None:
    made = company.made("Customer", DisplayName="Rosa Lind")
    gone = company.made("Customer", Id=made["Id"], SyncToken="0", sparse=True, Active=False)
    names = ("DisplayName", "FullyQualifiedName", "PrintOnCheckName", "Active", "SyncToken")
    assert [gone[name] for name in names] == ["Rosa Lind (deleted)", "Rosa Lind (deleted)", "Rosa Lind", False, "1"]
    again = company.made("Customer", DisplayName="Rosa Lind")
    gone_too = company.made("Customer", Id=again["Id"], SyncToken="0", sparse=True, Active=False)
    assert gone_too["DisplayName"] == "Rosa Lind (deleted 1)"
    back = company.made("Customer", Id=made["Id"], SyncToken="1", sparse=True, Active=True)
    assert (back["DisplayName"], back["Active"]) == ("Rosa Lind", True)


def test_coming_back_to_a_name_that_is_taken_meanwhile_is_refused(company: Company) -> None:
    made = company.made("Vendor", DisplayName="Rosa Lind")
    company.made("Vendor", Id=made["Id"], SyncToken="0", sparse=True, Active=False)
    other = company.made("Vendor", DisplayName="Rosa Lind")
    answer = company.post("Vendor", {"Id": made["Id"], "SyncToken": "1", "sparse": True, "Active": True})
    detail = f"The name supplied already exists. : Id={other['Id']}"
    assert answer == fault("6240", "Duplicate Name Exists Error", detail)


def test_renaming_an_inactive_record_is_refused(company: Company) -> None:
    answer = company.post("Customer", {"Id": "15", "SyncToken": "1", "sparse": True, "DisplayName": "Cakes"})
    assert answer == fault("610", "Object Not Found", MADE_INACTIVE)


def test_list_records_cannot_be_deleted(company: Company) -> None:
    answer = company.post("Customer", {"Id": "1", "SyncToken": "0"}, operation="delete")
    assert answer == fault("500", "Unsupported Operation", "Operation Delete is not supported.", "Operation")


def test_a_sub_customer_is_qualified_by_its_parent_and_follows_its_renaming(company: Company) -> None:
    child = company.made("Customer", DisplayName="Kitchen", ParentRef={"value": "8"}, Job=True)
    wanted = "Freeman Sporting Goods:0969 Ocean View Road:Kitchen"
    assert (child["FullyQualifiedName"], child["Level"], child["Job"]) == (wanted, 2, True)
    company.made("Customer", Id="7", SyncToken="0", sparse=True, DisplayName="Freeman")
    assert company.read("Customer", child["Id"])["FullyQualifiedName"] == "Freeman:0969 Ocean View Road:Kitchen"
    assert company.read("Customer", child["Id"])["ParentRef"]["name"] == "Freeman:0969 Ocean View Road"


def test_a_job_needs_a_parent_and_cannot_stand_below_itself(company: Company) -> None:
    assert code(company.post("Customer", {"DisplayName": "X", "Job": True})) == "6150"
    circle = {"Id": "7", "SyncToken": "0", "sparse": True, "ParentRef": {"value": "8"}}
    assert code(company.post("Customer", circle)) == "900"


def test_a_term_is_dropped_when_a_vendor_is_created(company: Company) -> None:
    made = company.made("Vendor", DisplayName="V", TermRef={"value": "3"})
    assert "TermRef" not in made
    changed = company.made("Vendor", Id=made["Id"], SyncToken="0", sparse=True, TermRef={"value": "3"})
    assert changed["TermRef"] == {"value": "3", "name": "Net 30"}
