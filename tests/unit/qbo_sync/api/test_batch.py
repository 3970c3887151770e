"""Batches: the text that is sent, and an answer for each item."""

import json
from decimal import Decimal
from typing import Any

import pytest
import responses
from responses import matchers

from qbo_sync.api.batch import Item, ItemAnswer, batch_body
from qbo_sync.api.company import CompanyClient
from qbo_sync.api.errors import AnswerLost, Fault, Outcome, Refused, Throttled
from tests.unit.qbo_sync.api.fakes import COMPANY, TID, RecordingThrottle

DUPLICATE = {"Message": "Duplicate Name Exists Error", "code": "6240", "Detail": "The name …", "element": ""}


def items(count: int) -> list[Item]:
    return [Item(id=f"b{number}", entity="Vendor", body={"DisplayName": f"V{number}"}) for number in range(count)]


def answer_with(wire: responses.RequestsMock, *answers: dict[str, Any]) -> None:
    wire.post(
        f"{COMPANY}/batch",
        body=json.dumps({"BatchItemResponse": answers, "time": "x"}),
        headers={"intuit_tid": TID},
        match=[matchers.query_param_matcher({"minorversion": "75", "requestid": "r-1"})],
    )


def test_the_body_is_compact_and_always_the_same() -> None:
    body = batch_body(
        [
            Item(id="1", entity="Vendor", body={"DisplayName": "Smith", "Balance": Decimal("1.50")}),
            Item(id="2", entity="Invoice", body={"Id": "9", "SyncToken": "0"}, operation="delete"),
        ]
    )

    assert body == (
        '{"BatchItemRequest":['
        '{"Vendor":{"Balance":1.5,"DisplayName":"Smith"},"bId":"1","operation":"create"},'
        '{"Invoice":{"Id":"9","SyncToken":"0"},"bId":"2","operation":"delete"}]}'
    )


@pytest.mark.parametrize("count", [0, 31])
def test_a_batch_has_one_to_thirty_items(count: int) -> None:
    with pytest.raises(ValueError, match=f"not {count}"):
        batch_body(items(count))


def test_thirty_items_fit() -> None:
    assert len(json.loads(batch_body(items(30)))["BatchItemRequest"]) == 30


def test_ids_are_not_used_twice() -> None:
    with pytest.raises(ValueError, match="same id"):
        batch_body(items(2) + items(1))


@pytest.mark.parametrize("id", ["", "12345678901"])
def test_an_items_id_has_one_to_ten_characters(id: str) -> None:
    with pytest.raises(ValueError, match="10 characters"):
        Item(id=id, entity="Vendor", body={})


def test_an_unknown_operation_is_refused() -> None:
    with pytest.raises(ValueError, match="'revert'"):
        Item(id="1", entity="Invoice", body={}, operation="revert")


def test_a_void_is_an_update_with_an_option() -> None:
    sent = batch_body([Item(id="1", entity="Invoice", body={"Id": "9", "SyncToken": "1"}, operation="void")])
    assert json.loads(sent) == {
        "BatchItemRequest": [
            {"bId": "1", "operation": "update", "optionsData": "void", "Invoice": {"Id": "9", "SyncToken": "1"}}
        ]
    }


def test_each_item_gets_its_own_answer_whatever_their_order(
    client: CompanyClient, wire: responses.RequestsMock
) -> None:
    body = batch_body(items(5))
    answer_with(
        wire,
        {"bId": "b3", "Fault": {"type": "SystemFault", "Error": [{"Message": "System Failure", "code": "10000"}]}},
        {"bId": "b1", "Fault": {"type": "ValidationFault", "Error": [DUPLICATE]}},
        {"bId": "b0", "Vendor": {"Id": "58", "SyncToken": "0"}},
        {"bId": "b4", "Fault": {"type": "SERVICE", "Error": [{"Message": "Throttled", "code": "3001"}]}},
        {"bId": "elsewhere", "Vendor": {"Id": "59"}},
    )

    answer = client.batch(body, request_id="r-1")

    assert wire.calls[0].request.body == body.encode()
    assert answer.transaction_id == TID
    assert list(answer.items) == ["b0", "b1", "b2", "b3", "b4"]
    assert answer.items["b0"] == ItemAnswer(id="b0", entity="Vendor", record={"Id": "58", "SyncToken": "0"})
    errors = {id: each.error for id, each in answer.items.items() if each.error}
    assert {id: (type(error), error.outcome, error.transaction_id) for id, error in errors.items()} == {
        "b1": (Refused, Outcome.REFUSED, TID),
        "b2": (AnswerLost, Outcome.UNKNOWN, TID),
        "b3": (AnswerLost, Outcome.UNKNOWN, TID),
        "b4": (Throttled, Outcome.REFUSED, TID),
    }
    assert errors["b1"].fault == Fault(
        code="6240", message="Duplicate Name Exists Error", detail="The name …", type="ValidationFault"
    )


def test_an_answer_without_items_leaves_every_item_in_doubt(
    client: CompanyClient, wire: responses.RequestsMock
) -> None:
    answer_with(wire)

    answer = client.batch(batch_body(items(2)), request_id="r-1")

    assert [each.error and each.error.outcome for each in answer.items.values()] == [Outcome.UNKNOWN] * 2


def test_a_batch_refused_as_a_whole(client: CompanyClient, wire: responses.RequestsMock) -> None:
    fault = {"type": "ValidationFault", "Error": [{"Message": "Batch size exceeds allowed limit", "code": "1040"}]}
    wire.post(f"{COMPANY}/batch", status=400, body=json.dumps({"Fault": fault}))

    with pytest.raises(Refused) as caught:
        client.batch(batch_body(items(1)), request_id="r-1")

    assert caught.value.code == "1040"


def test_a_batch_takes_a_slot_for_batches_unless_its_caller_has_one(
    client: CompanyClient, throttle: RecordingThrottle, wire: responses.RequestsMock
) -> None:
    body = batch_body(items(1))
    answer_with(wire, {"bId": "b0", "Vendor": {"Id": "1"}})

    client.batch(body, request_id="r-1")
    client.batch(body, request_id="r-1", slot_taken=True)

    assert throttle.asked == [("batch", None)]


def test_the_batch_sent_again_after_a_401_takes_a_slot_of_its_own(
    client: CompanyClient, throttle: RecordingThrottle, wire: responses.RequestsMock
) -> None:
    wire.post(f"{COMPANY}/batch", status=401)
    answer_with(wire, {"bId": "b0", "Vendor": {"Id": "1"}})

    client.batch(batch_body(items(1)), request_id="r-1", slot_taken=True)

    assert throttle.asked == [("batch", None)]
    assert len({(call.request.url, call.request.body) for call in wire.calls}) == 1


@pytest.mark.parametrize("request_id", ["", "x" * 37])
def test_a_batchs_request_id_has_one_to_36_characters(request_id: str, client: CompanyClient) -> None:
    with pytest.raises(ValueError, match="request id"):
        client.batch(batch_body(items(1)), request_id=request_id)
