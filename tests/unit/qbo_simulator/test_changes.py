"""Change data capture (qbo-api.md §10.1)."""

from typing import Any

import pytest
import time_machine

from tests.unit.qbo_simulator.company import Company, code, without

START = "2026-08-16T17:00:00Z"


def changes(company: Company, **args: str) -> Any:
    return without(company.ask("GET", "cdc", query_string=args).get_json(), "time")


def names(answer: dict[str, Any]) -> list[list[str]]:
    return [sorted(block) for block in answer["CDCResponse"][0]["QueryResponse"]]


def test_what_changed_comes_whole_and_what_is_gone_as_a_stub(company: Company) -> None:
    with time_machine.travel("2026-08-16T17:00:05Z", tick=False):
        rosa = company.made("Customer", DisplayName="Rosa Lind")
        expense = {"AccountRef": {"value": "41"}, "PaymentType": "CreditCard"}
        line = {"Amount": 5, "DetailType": "AccountBasedExpenseLineDetail"}
        detail = {"AccountBasedExpenseLineDetail": {"AccountRef": {"value": "7"}}}
        purchase = company.made("Purchase", **expense, Line=[{**line, **detail}])
    with time_machine.travel("2026-08-16T17:00:09Z", tick=False):
        company.post("Purchase", {"Id": purchase["Id"], "SyncToken": "0"}, operation="delete")
        answer = changes(company, entities="Purchase,customer,Vendor", changedSince="2026-08-16T17:00:01Z")
    stub = {
        "status": "Deleted",
        "domain": "QBO",
        "Id": purchase["Id"],
        "MetaData": {"LastUpdatedTime": "2026-08-16T10:00:09-07:00"},
    }
    page = {"startPosition": 1, "maxResults": 1, "totalCount": 1}
    assert answer == {"CDCResponse": [{"QueryResponse": [{"Customer": [rosa], **page}, {"Purchase": [stub], **page}]}]}


@pytest.fixture
def company(company: Company) -> Company:
    """Books that were opened long before what the tests do."""
    company.client.application.database.run("UPDATE index_Customer SET updated = 1")
    company.client.application.database.run("UPDATE index_Vendor SET updated = 1")
    return company


def test_nothing_changed_and_everything_deactivated(company: Company) -> None:
    now = company.made("Vendor", DisplayName="Hall & Oates")["MetaData"]["CreateTime"]
    assert changes(company, entities="Customer", changedSince=now) == {"CDCResponse": [{"QueryResponse": [{}]}]}
    company.made("Customer", Id="1", SyncToken="0", sparse=True, Active=False)
    plus_unescaped = now.replace("+", " ")
    block = changes(company, entities="Customer", changedSince=plus_unescaped)["CDCResponse"][0]["QueryResponse"][0]
    assert [(each["Id"], each["Active"]) for each in block["Customer"]] == [("1", False)]


def test_a_time_without_an_offset_is_pacific(company: Company) -> None:
    now = company.made("Vendor", DisplayName="Hall & Oates")["MetaData"]["CreateTime"]
    assert names(changes(company, entities="Vendor", changedSince=now[:19])) == [
        ["Vendor", "maxResults", "startPosition", "totalCount"]
    ]


def test_at_most_a_thousand_objects(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qbo_simulator.accounting.changes.MOST_OBJECTS", 4)
    made = [company.made("Vendor", DisplayName=f"V{n}") for n in range(3)]
    company.made("Customer", DisplayName="Rosa Lind")
    company.made("Customer", DisplayName="Max Lind")
    answer = changes(company, entities="Customer,Vendor", changedSince=made[0]["MetaData"]["CreateTime"])
    blocks = answer["CDCResponse"][0]["QueryResponse"]
    assert [block["maxResults"] for block in blocks] == [2, 2]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"changedSince": "2026-08-16T17:00:01Z"}, "2020"),
        ({"entities": "Customer"}, "2020"),
        ({"entities": "Unicorn", "changedSince": START}, "2000"),
        ({"entities": "Customer,TimeActivity", "changedSince": START}, "500"),
        ({"entities": "TaxCode", "changedSince": START}, "500"),
        ({"entities": "Customer", "changedSince": "yesterday"}, "2060"),
        ({"entities": "Customer", "changedSince": "2026-07-17T16:59:59Z"}, "2070"),
    ],
)
def test_what_is_refused(company: Company, args: dict[str, str], expected: str) -> None:
    with time_machine.travel(START, tick=False):
        assert code(changes(company, **args)) == expected
