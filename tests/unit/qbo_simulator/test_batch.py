"""Batch and request ids (qbo-api.md §4, §5)."""

from typing import Any

import pytest

from tests.unit.qbo_simulator.company import Company, code, fault, plain


def create(bid: str, name: str) -> dict[str, Any]:
    return {"bId": bid, "operation": "create", "Vendor": {"DisplayName": name}}


def test_items_are_answered_each_for_itself_and_in_order(company: Company) -> None:
    made = company.made("Term", Name="Soon", DueDays=5)
    answers = company.batch(
        create("b1", "Cool Cars"),
        create("b2", "New vendor"),
        {
            "bId": "b3",
            "operation": "update",
            "Term": {"Id": made["Id"], "SyncToken": "0", "sparse": True, "DueDays": 6},
        },
        {"bId": "b4", "Query": "select count(*) from Vendor where DisplayName = 'New vendor'"},
        {"bId": "b5", "operation": "merge", "Term": {}},
        {"bId": "b6", "operation": "create", "Nonsense": {"Name": "x"}},
        {"bId": "b7", "operation": "create", "Vendor": {"DisplayName": "X", "Colour": "red"}},
    )
    assert [answer.pop("bId") for answer in answers] == ["b1", "b2", "b3", "b4", "b5", "b6", "b7"]
    assert code(answers[0]) == "6240"
    assert answers[1]["Vendor"]["DisplayName"] == "New vendor"
    assert (answers[2]["Term"]["DueDays"], answers[2]["Term"]["SyncToken"]) == (6, "1")
    assert answers[3] == {"QueryResponse": {"totalCount": 1}}
    assert answers[4] == fault("500", "Unsupported Operation", "Operation merge is not supported.", "Operation")
    assert [code(answers[5]), code(answers[6])] == ["2000", "2010"]
    assert company.log()[-1]["operations"] == [
        {"operation": "create", "entity": "Vendor"},
        {"operation": "create", "entity": "Vendor"},
        {"operation": "update", "entity": "Term"},
        {"operation": "query", "entity": "Vendor"},
        {"operation": "merge", "entity": "Term"},
        {"operation": "create", "entity": "Nonsense"},
        {"operation": "create", "entity": "Vendor"},
    ]


def test_a_name_taken_by_an_earlier_item_is_refused_to_a_later_one(company: Company) -> None:
    first, second = company.batch(create("1", "Twin"), create("2", "twin"))
    assert code(second) == "6240"
    assert second["Fault"]["Error"][0]["Detail"].endswith(f"Id={first['Vendor']['Id']}")


def test_delete_and_void_in_a_batch(company: Company) -> None:
    paid = company.made("Payment", CustomerRef={"value": "1"}, TotalAmt=10)
    other = company.made("Payment", CustomerRef={"value": "1"}, TotalAmt=5)
    voided, deleted = company.batch(
        {"bId": "1", "operation": "update", "optionsData": "void", "Payment": {"Id": paid["Id"], "SyncToken": "0"}},
        {"bId": "2", "operation": "delete", "Payment": {"Id": other["Id"], "SyncToken": "0"}},
    )
    assert (voided["Payment"]["TotalAmt"], voided["Payment"]["PrivateNote"]) == (0, "Voided")
    assert deleted == {"bId": "2", "Payment": {"status": "Deleted", "domain": "QBO", "Id": other["Id"]}}


@pytest.mark.parametrize("body", [{"BatchItemRequest": []}, {}, []])
def test_an_empty_batch_is_malformed(company: Company, body: Any) -> None:
    assert company.post("batch", body) == fault("400", "MalformedRequest", "Batch Request is Empty", None)


def test_more_than_30_items_are_too_many(company: Company) -> None:
    answer = company.post("batch", {"BatchItemRequest": [create(str(n), f"V{n}") for n in range(31)]})
    assert code(answer) == "1040"
    assert company.query("select count(*) from Vendor where DisplayName like 'V%'") == {"totalCount": 0}


def test_a_long_bid_is_fine_until_there_is_a_request_id(company: Company) -> None:
    long = "a6b5d2b0-1a64-4b5a-9f5a-f3a0d5f0c111"
    assert "Vendor" in company.batch(create(long, "A"))[0]
    assert code(company.post("batch", {"BatchItemRequest": [create(long, "B")]}, requestid="r1")) == "2130"
    assert code(company.post("batch", {"BatchItemRequest": [create("1", "B")]}, requestid="r" * 37)) == "2130"
    assert code(company.post("Vendor", {"DisplayName": "B"}, requestid="r" * 51)) == "2130"


def test_a_request_id_gets_the_first_answer_again_byte_for_byte(company: Company) -> None:
    first = company.ask("POST", "vendor", json={"DisplayName": "Once"}, query_string={"requestid": "r1"})
    again = company.ask("POST", "vendor", json={"DisplayName": "Once"}, query_string={"requestid": "r1"})
    other_body = company.ask("POST", "vendor", json={"DisplayName": "Twice"}, query_string={"requestid": "r1"})
    assert first.get_data() == again.get_data() == other_body.get_data()
    assert company.query("select count(*) from Vendor where DisplayName in ('Once', 'Twice')") == {"totalCount": 1}
    assert [(entry["requestid"], entry["replayed"]) for entry in company.log()[:3]] == [
        ("r1", False),
        ("r1", True),
        ("r1", True),
    ]


def test_a_refused_request_is_not_remembered(company: Company) -> None:
    assert code(company.post("Vendor", {"DisplayName": "Cool Cars"}, requestid="r1")) == "6240"
    assert company.post("Vendor", {"DisplayName": "Cool Vans"}, requestid="r1")["Vendor"]["DisplayName"] == "Cool Vans"


def test_request_ids_are_each_companys_own(company: Company) -> None:
    company.client.post("/_simulator/companies", json={"realm_id": "77", "company": "empty", "name": "Second"})
    tokens = company.client.post("/_simulator/tokens", json={"realm_id": "77"}).get_json()
    other = Company(company.client, "77", {**company.headers, "Authorization": f"Bearer {tokens['access_token']}"})
    assert company.post("Vendor", {"DisplayName": "A"}, requestid="r1")["Vendor"]["DisplayName"] == "A"
    assert other.post("Vendor", {"DisplayName": "B"}, requestid="r1")["Vendor"]["DisplayName"] == "B"
    assert company.query("select count(*) from Vendor where DisplayName = 'B'") == {"totalCount": 0}


def test_a_batch_is_replayed_whole(company: Company) -> None:
    body = {"BatchItemRequest": [create("1", "One"), create("2", "Cool Cars")]}
    first = company.ask("POST", "batch", json=body, query_string={"requestid": "r1"})
    again = company.ask("POST", "batch", json=body, query_string={"requestid": "r1"})
    assert first.get_data() == again.get_data()
    assert [sorted(answer) for answer in plain(again)["BatchItemResponse"]] == [["Vendor", "bId"], ["Fault", "bId"]]
