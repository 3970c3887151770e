"""Fault rules: what may be combined, and that each fault is counted and stands in the log with its rule."""

import time
from typing import Any

import pytest

from tests.simulator import connect
from tests.unit.qbo_simulator.company import Company, code

APP = ("simulator-client", "simulator-secret")


def batch(count: int = 4) -> dict[str, Any]:
    items = [{"bId": str(n), "operation": "create", "Customer": {"DisplayName": f"Rosa {n}"}} for n in range(count)]
    return {"BatchItemRequest": items}


def rosas(company: Company) -> int:
    return company.query("select count(*) from Customer where DisplayName like 'Rosa%'")["totalCount"]


def told(company: Company) -> tuple[Any, ...]:
    """What the log says of the last write."""
    entry = [each for each in company.log() if each["kind"] == "write"][-1]
    return entry["injected"], entry["rules"], entry["dropped"], entry["status"]


def counts(company: Company) -> dict[str, int]:
    return company.client.get("/_simulator/counts").get_json()["injected"]


@pytest.mark.parametrize(
    ("then", "done", "injected"),
    [
        ({"drop": "before"}, 0, ["drop before"]),
        ({"drop": "after"}, 4, ["drop after"]),
        ({"drop": "midway"}, 1, ["drop midway"]),
        ({"drop": "midway", "after_items": 0}, 0, ["drop midway"]),
        ({"drop": "midway", "after_items": 9}, 4, ["drop midway"]),
        ({"drop": "after", "delay_ms": 1}, 4, ["delay_ms 1", "drop after"]),
        ({"status": 500, "drop": "after"}, 0, ["status 500", "drop after"]),
        ({"status": 503, "drop": "midway", "delay_ms": 1}, 0, ["delay_ms 1", "status 503", "drop midway"]),
        ({"fault": "5010", "drop": "after"}, 3, ["fault 5010 on operation 1", "drop after"]),
        ({"fault": "5010", "drop": "before"}, 0, ["fault 5010 on operation 1", "drop before"]),
        ({"fault": "5010", "drop": "midway", "after_items": 2}, 1, ["fault 5010 on operation 1", "drop midway"]),
    ],
)
@pytest.mark.parametrize("remember", [True, False])
def test_a_lost_answer(company: Company, then: dict[str, Any], done: int, injected: list[str], remember: bool) -> None:
    other = {"match": {"path": "/nothing"}, "then": {"status": 500}}
    company.behave(rules=[other, {"match": {"path": "/batch"}, "then": {**then, "remember": remember}}])
    with pytest.raises(ConnectionResetError):
        company.post("batch", batch(), requestid="r1")
    assert rosas(company) == done
    assert told(company) == (injected, [2], then["drop"], None)
    assert counts(company) == {name.partition(" on ")[0]: 1 for name in injected}
    again = company.post("batch", batch(), requestid="r1")["BatchItemResponse"]
    kept = remember and then["drop"] != "before" and "status" not in then
    assert company.log()[-1]["replayed"] is kept
    assert len(again) == (min(then.get("after_items", 1), 4) if kept and then["drop"] == "midway" else 4)


def test_a_status_and_a_fault_wait_where_told_to(company: Company) -> None:
    for then in ({"status": 503, "delay_ms": 40}, {"fault": "6190", "delay_ms": 40}):
        company.behave(rules=[{"match": {"entity": "Customer"}, "then": then}])
        started = time.monotonic()
        company.ask("POST", "customer", json={"DisplayName": "Rosa 1"})
        assert 0.04 <= time.monotonic() - started < 1
    assert rosas(company) == 0


def test_a_rule_meets_all_its_conditions(company: Company) -> None:
    match = {"method": "POST", "path": "*/vendor", "entity": "vendor", "operation": "create", "nth": 2}
    company.behave(rules=[{"match": match, "then": {"fault": "6000"}}])
    answers = [company.post("Vendor", {"DisplayName": f"V{n}"}) for n in range(3)]
    assert ["Fault" in answer for answer in answers] == [False, True, False]
    company.behave(rules=[{"match": match, "then": {"fault": "6000"}, "times": None}])
    for entity, body in (
        ("Customer", {"DisplayName": "C"}),
        ("Vendor", {"Id": "56", "SyncToken": "0", "sparse": True}),
    ):
        assert "Fault" not in company.post(entity, body)
    rule = company.client.get("/_simulator/behaviour").get_json()["rules"][0]
    assert (rule["seen"], rule["fired"]) == (0, 0)


def test_the_first_rule_that_applies_comes_into_play(company: Company) -> None:
    company.behave(rules=[{"then": {"status": 500}}, {"then": {"status": 503}}])
    assert [company.ask("GET", "customer/1").status_code for _ in range(3)] == [500, 503, 200]
    assert [entry["rules"] for entry in company.log()] == [[1], [2], []]


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        ("invalid_grant", 400, {"error": "invalid_grant", "error_description": "Incorrect or invalid refresh token"}),
        ("invalid_client", 401, {"error": "invalid_client"}),
    ],
)
def test_the_token_endpoint_refuses_on_demand(company: Company, fault: str, status: int, body: Any) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": connect(company.client)["refresh_token"]}
    company.behave(rules=[{"match": {"path": "/oauth2/v1/tokens/bearer"}, "then": {"fault": fault}}])
    answers = [company.client.post("/oauth2/v1/tokens/bearer", data=form, auth=APP) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [status, 200]
    assert answers[0].get_json() == body
    assert counts(company) == {f"fault {fault}": 1}


@pytest.mark.parametrize(
    ("then", "error"),
    [
        ({"status": 500, "fault": "5010"}, "Rule 1: then may say a status or a fault, not both."),
        ({"drop": "after", "remember": "no"}, "Rule 1: remember must be true or false."),
        ({"fault": ["5010"]}, "Rule 1: fault must be one of "),
        ({"drop": "midway", "after_items": True}, "Rule 1: after_items must be a whole number from 0 on."),
    ],
)
def test_what_cannot_be_combined(company: Company, then: dict[str, Any], error: str) -> None:
    answer = company.client.put("/_simulator/behaviour", json={"rules": [{"then": then}]})
    assert answer.status_code == 400
    assert answer.get_json()["error"].startswith(error)


def test_a_single_write_takes_midway_as_after(company: Company) -> None:
    company.behave(rules=[{"then": {"drop": "midway"}}])
    with pytest.raises(ConnectionResetError):
        company.post("Customer", {"DisplayName": "Rosa 1"})
    assert rosas(company) == 1
    assert code(company.post("Customer", {"DisplayName": "Rosa 1"})) == "6240"
