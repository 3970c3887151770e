"""Time activities, and how invoices bill them (qbo-api.md §8.7, §9)."""

from typing import Any

import pytest
import time_machine

from tests.unit.qbo_simulator.company import Company, code, without

EMILY, AMY = {"value": "55"}, {"value": "1"}
WORKED = {"NameOf": "Employee", "EmployeeRef": EMILY, "Hours": 3, "Minutes": 30}
BILLABLE = {**WORKED, "CustomerRef": AMY, "BillableStatus": "Billable", "HourlyRate": 50}


def bill(company: Company, *activities: dict[str, Any], customer: str = "1", on: str = "both", **more: Any) -> Any:
    links = [{"TxnId": each["Id"], "TxnType": "TimeActivity"} for each in activities]
    detail = {"ItemRef": {"value": "2"}, "Qty": 3.5, "UnitPrice": 50}
    lines = [{"Amount": 175, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail} for _ in links]
    if on != "header":
        lines = [{**line, "LinkedTxn": [link]} for line, link in zip(lines, links, strict=True)]
    head = {"LinkedTxn": links} if on != "lines" else {}
    return company.post("Invoice", {"CustomerRef": {"value": customer}, "Line": lines, **head, **more})


def status(company: Company, activity: dict[str, Any]) -> tuple[str, str]:
    found = company.read("TimeActivity", activity["Id"])
    return found["BillableStatus"], found["SyncToken"]


@time_machine.travel("2025-12-03T18:12:00Z", tick=False)
def test_billable_time_is_answered_as_captured(company: Company) -> None:
    assert company.made("TimeActivity", **BILLABLE, Description="Garden work") == {
        "TxnDate": "2025-12-03",
        "NameOf": "Employee",
        "EmployeeRef": {"value": "55", "name": "Emily Platt"},
        "CustomerRef": {"value": "1", "name": "Amy's Bird Sanctuary"},
        "ItemRef": {"value": "2", "name": "Hours"},
        "TimeChargeId": 145,
        "BillableStatus": "Billable",
        "Taxable": False,
        "HourlyRate": 50,
        "CostRate": 0,
        "Hours": 3,
        "Minutes": 30,
        "Seconds": 0,
        "Description": "Garden work",
        "domain": "QBO",
        "sparse": False,
        "Id": "5",
        "SyncToken": "0",
        "MetaData": {"CreateTime": "2025-12-03T10:12:00-08:00", "LastUpdatedTime": "2025-12-03T10:12:00-08:00"},
    }


def test_time_that_is_not_billable_has_no_charge_behind_it(company: Company) -> None:
    made = company.made("TimeActivity", **WORKED)
    assert (made["BillableStatus"], "TimeChargeId" in made, "CustomerRef" in made) == ("NotBillable", False, False)


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"EmployeeRef": None}, "6290"),
        ({"VendorRef": {"value": "30"}}, "6290"),
        ({"NameOf": "Vendor"}, "6290"),
        ({"NameOf": None}, "6300"),
        ({"Hours": None, "Minutes": None}, "6350"),
        ({"StartTime": "2026-01-05T09:00:00", "EndTime": "2026-01-05T10:00:00"}, "6390"),
        ({"Hours": None, "Minutes": None, "StartTime": "2026-01-05T09:00:00"}, "6360"),
        ({"Hours": 8761}, "6380"),
        ({"Minutes": 60}, "6380"),
        ({"BillableStatus": "Billable", "HourlyRate": 5}, "6310"),
        ({"BillableStatus": "Billable", "CustomerRef": AMY}, "6330"),
        ({"BillableStatus": "HasBeenBilled", "CustomerRef": AMY}, "6320"),
        ({"BillableStatus": "HAS_BEEN_BILLED"}, "2170"),
        ({"EmployeeRef": {"value": "970"}}, "2500"),
    ],
)
def test_what_is_wrong_with_time(company: Company, change: dict[str, Any], wanted: str) -> None:
    body = {name: value for name, value in {**WORKED, **change}.items() if value is not None}
    assert code(company.post("TimeActivity", body)) == wanted


def test_an_id_of_another_list_makes_the_person_other(company: Company) -> None:
    made = company.made("TimeActivity", **{**WORKED, "EmployeeRef": {"value": "7"}})
    assert (made["NameOf"], made["OtherNameRef"], "EmployeeRef" in made) == (
        "Other",
        {"value": "7", "name": "Freeman Sporting Goods"},
        False,
    )


@pytest.mark.parametrize("on", ["both", "lines", "header"])
def test_linking_bills_the_time_on_header_and_line(company: Company, on: str) -> None:
    activity = company.made("TimeActivity", **BILLABLE)
    invoice = bill(company, activity, on=on)["Invoice"]
    assert invoice["LinkedTxn"] == [{"TxnId": "5", "TxnType": "TimeActivity"}]
    line_links = [] if on == "header" else [{"TxnId": "5", "TxnType": "TimeActivity", "TxnLineId": "1"}]
    assert invoice["Line"][0].get("LinkedTxn", []) == line_links
    assert status(company, activity) == ("HasBeenBilled", "1")


def test_several_activities_are_linked_line_by_line_and_not_on_the_header_alone(company: Company) -> None:
    activities = [company.made("TimeActivity", **BILLABLE) for _ in range(3)]
    assert code(bill(company, *activities, on="header")) == "620"
    assert [status(company, each) for each in activities] == [("Billable", "0")] * 3
    invoice = bill(company, *activities)["Invoice"]
    assert (invoice["TotalAmt"], len(invoice["LinkedTxn"])) == (525, 3)
    assert [status(company, each) for each in activities] == [("HasBeenBilled", "1")] * 3


def test_time_is_billed_once_and_to_its_own_customer(company: Company) -> None:
    activity, unbillable = company.made("TimeActivity", **BILLABLE), company.made("TimeActivity", **WORKED)
    assert code(bill(company, activity, customer="2")) == "620"
    assert code(bill(company, unbillable)) == "620"
    assert code(bill(company, {"Id": "999"})) == "620"
    assert "Invoice" in bill(company, activity)
    assert code(bill(company, activity)) == "620"
    assert company.query("select count(*) from Invoice") == {"totalCount": 1}


@pytest.mark.parametrize("how", ["delete", "void"])
def test_an_invoice_taken_back_leaves_the_time_billable(company: Company, how: str) -> None:
    activity = company.made("TimeActivity", **BILLABLE)
    invoice = bill(company, activity)["Invoice"]
    company.post("Invoice", {"Id": invoice["Id"], "SyncToken": "0"}, operation=how)
    assert status(company, activity) == ("Billable", "2")
    assert "Invoice" in bill(company, activity)


def test_a_line_taken_off_leaves_its_time_billable(company: Company) -> None:
    kept, dropped = (company.made("TimeActivity", **BILLABLE) for _ in range(2))
    invoice = bill(company, kept, dropped)["Invoice"]
    changed = company.made(
        "Invoice", Id=invoice["Id"], SyncToken="0", sparse=True, Line=[invoice["Line"][0]]
    )  # fmt: skip
    assert changed["LinkedTxn"] == [{"TxnId": kept["Id"], "TxnType": "TimeActivity"}]
    assert [status(company, each)[0] for each in (kept, dropped)] == ["HasBeenBilled", "Billable"]


def test_an_update_of_something_else_keeps_the_links(company: Company) -> None:
    activity = company.made("TimeActivity", **BILLABLE)
    invoice = bill(company, activity)["Invoice"]
    changed = company.made("Invoice", Id=invoice["Id"], SyncToken="0", sparse=True, PrivateNote="x")
    assert (changed["LinkedTxn"], changed["Line"]) == (invoice["LinkedTxn"], invoice["Line"])
    assert status(company, activity) == ("HasBeenBilled", "1")


def test_billed_time_stays_billed_when_edited_and_cannot_be_deleted(company: Company) -> None:
    activity = company.made("TimeActivity", **BILLABLE)
    bill(company, activity)
    edited = company.made("TimeActivity", **BILLABLE, Id=activity["Id"], SyncToken="1", Description="Longer words")
    assert (edited["BillableStatus"], edited["TimeChargeId"]) == ("HasBeenBilled", activity["TimeChargeId"])
    assert code(company.post("TimeActivity", {"Id": activity["Id"], "SyncToken": "2"}, operation="delete")) == "800"


def test_unbilled_time_can_be_deleted(company: Company) -> None:
    activity = company.made("TimeActivity", **BILLABLE)
    gone = company.post("TimeActivity", {"Id": activity["Id"], "SyncToken": "0"}, operation="delete")
    assert gone == {"TimeActivity": {"status": "Deleted", "domain": "QBO", "Id": activity["Id"]}}
    assert company.query("select * from TimeActivity") == {}


def test_start_and_end_instead_of_hours(company: Company) -> None:
    made = company.made(
        "TimeActivity",
        **without(WORKED, "Hours", "Minutes"),
        StartTime="2026-01-05T09:00:00",
        EndTime="2026-01-05T10:30:00",
    )
    assert (made["StartTime"], made["EndTime"], "Hours" in made) == (
        "2026-01-05T09:00:00",
        "2026-01-05T10:30:00",
        False,
    )
