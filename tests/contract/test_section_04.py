"""Batch (qbo-api.md §4)."""

import pytest
from quickbooks.batch import batch_create
from quickbooks.objects import Customer as QuickBooksCustomer

from tests.contract.company import Company, Record, error, pick, stub
from tests.contract.conftest import Simulated
from tests.contract.marks import fact, simulator_only
from tests.contract.peers import python_quickbooks
from tests.contract.shapes import MILLISECONDS, check


def create(bid: str, name: str) -> Record:
    return {"bId": bid, "operation": "create", "Customer": {"DisplayName": name}}


@fact("4-shape", "4-create", "4-order-of-answers", "4-authenticated-once")
def test_the_shape_of_a_batch(company: Company) -> None:
    names = {f"b{n}": company.name() for n in range(10)}
    items = [create(bid, name) for bid, name in names.items()]
    answer = company.ask("POST", "batch", {"BatchItemRequest": items})
    body = answer.json
    assert (answer.status, set(body)) == (200, {"BatchItemResponse", "time"})
    check(MILLISECONDS, body["time"])
    assert {item["bId"]: item["Customer"]["DisplayName"] for item in body["BatchItemResponse"]} == names
    assert [item["bId"] for item in body["BatchItemResponse"]] == list(names)


@fact("4-update")
def test_an_update(company: Company) -> None:
    customer = company.customer(Notes="x")
    body = {**stub(customer), "sparse": True, "CompanyName": "Acme"}
    (answer,) = company.batch({"bId": "1", "operation": "update", "Customer": body})
    assert pick(answer["Customer"], "Notes", "CompanyName") == {"Notes": "x", "CompanyName": "Acme"}


@fact("4-delete")
def test_a_delete(company: Company) -> None:
    purchase = company.purchase()
    (answer,) = company.batch({"bId": "1", "operation": "delete", "Purchase": stub(purchase)})
    assert answer == {"bId": "1", "Purchase": {"status": "Deleted", "domain": "QBO", "Id": purchase["Id"]}}


@fact("4-query")
def test_a_query(company: Company) -> None:
    customer = company.customer()
    (answer,) = company.batch({"bId": "1", "Query": f"select * from Customer where Id = '{customer['Id']}'"})
    assert [row["Id"] for row in answer["QueryResponse"]["Customer"]] == [customer["Id"]]


@fact("4-fault-shape", "4-independent")
def test_a_refused_item_touches_no_other(company: Company) -> None:
    taken, free = company.customer()["DisplayName"], company.name()
    response = company.ask("POST", "batch", {"BatchItemRequest": [create("1", taken), create("2", free)]})
    refused, made = response.json["BatchItemResponse"]
    assert (response.status, set(refused), refused["bId"]) == (200, {"bId", "Fault"}, "1")
    assert (error(refused)["code"], refused["Fault"]["type"]) == ("6240", "ValidationFault")
    assert made["Customer"]["DisplayName"] == free


@fact("4-at-most-30")
def test_thirty_items(company: Company) -> None:
    items = [{"bId": str(n), "Query": "select count(*) from Term"} for n in range(30)]
    assert [item["QueryResponse"]["totalCount"] for item in company.batch(*items)] != []


@fact("4-over-30-1040", "7.2-1040")
def test_thirty_one_items(company: Company) -> None:
    items = [{"bId": str(n), "Query": "select count(*) from Term"} for n in range(31)]
    fault = company.refused("batch", BatchItemRequest=items)
    assert (fault["code"], "30" in fault["Detail"]) == ("1040", True)


@fact("4-serial")
def test_items_are_carried_out_one_after_another(company: Company) -> None:
    name = company.name()
    first, second = company.batch(create("1", name), create("2", name))
    assert (first["Customer"]["DisplayName"], error(second)["code"]) == (name, "6240")


@fact("4-empty", "11-16-batch-empty")
def test_an_empty_batch(company: Company) -> None:
    answer = company.ask("POST", "batch", {"BatchItemRequest": []}).json
    assert answer["Fault"]["type"] == "ValidationFault"
    assert pick(error(answer), "code", "Message", "Detail") == {
        "code": "400",
        "Message": "MalformedRequest",
        "Detail": "Batch Request is Empty",
    }


@fact("4-no-body", "11-16-batch-empty")
def test_no_body_at_all(company: Company) -> None:
    fault = error(company.ask("POST", "customer", b"").json)
    assert (fault["code"], fault["Detail"]) == ("400", "Batch Request is Empty")


@fact("4-requestid-length", "4-bid-length")
def test_lengths_with_a_requestid(company: Company) -> None:
    def codes(requestid: str, bid: str) -> list[str]:
        item = {"bId": bid, "Query": "select count(*) from Term"}
        answer = company.post("batch", {"BatchItemRequest": [item]}, requestid=requestid)
        return [] if "BatchItemResponse" in answer else [error(answer)["code"]]

    assert codes(f"{company.mark:x>36}", "1234567890") == []
    assert codes(f"{company.mark:x>37}", "1") == ["2130"]
    assert codes(f"{company.mark:y>36}", "12345678901") == ["2130"]


@fact("4-long-bid-without-requestid")
def test_a_long_bid_without_a_requestid(company: Company) -> None:
    (answer,) = company.batch({"bId": "x" * 36, "Query": "select count(*) from Term"})
    assert answer["bId"] == "x" * 36


@fact("4-long-bid-without-requestid", "4-at-most-30")
@simulator_only("what a client library sends is read from the request log")
def test_python_quickbooks_batch_unchanged(fresh: Simulated) -> None:
    people = []
    for _ in range(31):
        person = QuickBooksCustomer()
        person.DisplayName = fresh.name()
        people.append(person)
    with python_quickbooks(fresh) as client:
        result = batch_create(people, qb=client)
    assert (len(result.successes), len(result.faults)) == (31, 0)


@fact("4-midway", "12.6-batch-midway")
@simulator_only("a batch ends midway on demand")
def test_a_batch_that_ends_midway(fresh: Simulated) -> None:
    fresh.fault({"drop": "midway", "after_items": 2}, path="*/batch")
    names = [fresh.name() for _ in range(3)]
    with pytest.raises(ConnectionResetError):
        fresh.batch(*(create(str(n), name) for n, name in enumerate(names)))
    assert [len(fresh.rows("Customer", f"DisplayName = '{name}'")) for name in names] == [1, 1, 0]


@fact("12.6-batch-lost", "12.6-lost-after-commit", "11-5-duplicates-after-timeout")
@simulator_only("an answer is lost on demand")
def test_a_lost_answer_can_be_asked_for_again(fresh: Simulated) -> None:
    fresh.fault({"drop": "after"}, path="*/batch")
    item = create("1", fresh.name())
    with pytest.raises(ConnectionResetError):
        fresh.batch(item, requestid="r1")
    (again,) = fresh.batch(item, requestid="r1")
    assert len(fresh.rows("Customer", f"DisplayName = '{again['Customer']['DisplayName']}'")) == 1
