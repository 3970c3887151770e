"""Faults, latency and token life on demand, and the request log."""

import json
import time
from typing import Any

import pytest

from qbo_simulator import Simulator
from qbo_simulator.control import forms
from qbo_simulator.control.behaviour import MisunderstoodError
from tests.unit.qbo_simulator.company import Company, code, fault, without

CUSTOMER = {"DisplayName": "Rosa Lind"}


def rule(company: Company, match: dict[str, Any], then: dict[str, Any], **more: Any) -> None:
    assert "error" not in company.behave(rules=[{"match": match, "then": then, **more}])


def rosas(company: Company) -> int:
    return company.query("select count(*) from Customer where DisplayName like 'Rosa%'")["totalCount"]


def lost(company: Company, entity: str, body: Any, **params: str) -> None:
    with pytest.raises(ConnectionResetError, match="dropped the connection"):
        company.post(entity, body, **params)


def test_controls_are_seen_changed_and_taken_back(company: Company) -> None:
    company.behave(**{"clock.frozen": True})
    defaults = company.client.get("/_simulator/behaviour").get_json()
    assert defaults["access_token_seconds"] == 3600
    assert company.behave(access_token_seconds=60) == {**defaults, "access_token_seconds": 60}
    latency = {"base_ms": 5, "per_operation_ms": 0}
    assert company.behave(latency={"base_ms": 5}) == {**defaults, "access_token_seconds": 60, "latency": latency}
    taken_back = company.client.delete("/_simulator/behaviour").get_json()
    assert without(taken_back, "clock") == without(defaults, "clock")
    assert (taken_back["clock"]["frozen"], taken_back["clock"]["speed"]) == (False, 1)


def test_a_part_of_a_control_leaves_its_others(company: Company) -> None:
    assert company.behave(**{"latency.base_ms": 5})["latency"] == {"base_ms": 5, "per_operation_ms": 0}
    assert company.behave(**{"latency.per_operation_ms": 1})["latency"] == {"base_ms": 5, "per_operation_ms": 1}
    limits = company.behave(limits={"per_second": 3})["limits"]
    assert (limits["on"], limits["per_second"], limits["per_minute"]) == (False, 3, 500)


def test_every_control_is_described_with_what_it_may_be(company: Company) -> None:
    described = company.client.get("/_simulator/controls").get_json()
    behaviour = company.client.get("/_simulator/behaviour").get_json()
    assert set(described) == set(behaviour)
    assert {name for name, each in described.items() if not (each["help"] and each["group"] and each["kind"])} == set()
    assert described["missing_sync_token"] == {
        "kind": "choice",
        "words": {"2020": "required parameter missing", "5010": "stale object"},
        "default": "2020",
        "help": "The code of an update without SyncToken.",
        "group": "Writing",
        "fact": "§2.3 SyncToken [uncertain]",
    }
    changed = {name for name, each in described.items() if name != "clock" and each["default"] != behaviour[name]}
    assert changed == set()


def test_a_form_has_a_field_for_each_control_and_each_part(app: Simulator, company: Company) -> None:
    fields = {field.name: field for field in forms.fields(app.behaviour)}
    assert {name.partition(".")[0] for name in fields} == set(app.behaviour)
    assert (fields["limits.on"].kind, fields["limits.on"].value, fields["limits.on"].changed) == (
        "switch", "false", False,
    )  # fmt: skip
    rule(company, {"nth": 2}, {"status": 500})
    form = {field.name: field.value for field in forms.fields(app.behaviour)}
    assert json.loads(form["rules"]) == [{"match": {"nth": 2}, "then": {"status": 500}, "times": 1}]
    wanted = forms.sent(
        {**form, "limits.on": "on", "limits.per_second": "3", "webhooks.entities": "Customer Vendor", "other": "x"},
        app.behaviour,
    )
    app.behaviour.change_text(wanted)
    shown = app.behaviour.shown()
    assert wanted == {"limits.on": "on", "limits.per_second": "3", "webhooks.entities": "Customer Vendor"}
    assert (shown["limits"]["on"], shown["limits"]["per_second"]) == (True, 3)
    assert shown["webhooks"]["entities"] == ["Customer", "Vendor"]
    assert [field.name for field in forms.fields(app.behaviour) if field.changed] == [
        "limits.on", "limits.per_second", "webhooks.entities", "rules",
    ]  # fmt: skip
    with pytest.raises(MisunderstoodError, match=r"limits\.per_second must be a whole number from 1 on, not 'many'\."):
        app.behaviour.change_text({"limits.per_second": "many"})


@pytest.mark.parametrize(
    ("controls", "error"),
    [
        ({"speed": 1}, "There is no control speed; there are latency,"),
        ({"latency.most": 1}, "There is no control latency.most; there are latency,"),
        ({"rules.first": 1}, "There is no control rules.first; there are latency,"),
        ({"limits": {"on": 1}}, "limits.on must be true or false, not 1."),
        ({"limits.answer": "html"}, "limits.answer must be one of xml, json, 503, not 'html'."),
        ({"batch_items": 51}, "batch_items must be a whole number from 1 to 50, not 51."),
        ({"redirect_uris": "x"}, "redirect_uris must be a list, not 'x'."),
        ({"redirect_uris": ["x"]}, "redirect_uris[0] must be an http or https address, not 'x'."),
        ({"webhooks.verifier_token": 5}, "webhooks.verifier_token must be text of at most 200 characters, not 5."),
        ({"clock": {"now": "2020-01-01T00:00:00Z"}}, "clock.now must not be before"),
        ({"clock": {"now": "soon"}}, "clock.now must be a time with its offset, like 2026-08-16T12:00:00-07:00,"),
        ({"clock": {"now": "2030-01-01"}}, "clock.now must be a time with its offset"),
        ({"clock": {"now": "+999999999999"}}, "clock.now must not lie beyond the year 9999."),
        ({"clock.speed": 0}, "clock.speed must be a whole number from 1 to 1000000, not 0."),
        ({"latency": 5}, "latency must be an object with base_ms and per_operation_ms, not 5."),
        ({"latency": {"base_ms": -1}}, "latency.base_ms must be a whole number from 0 on, not -1."),
        ({"access_token_seconds": "1"}, "access_token_seconds must be a whole number from 0 on, not '1'."),
        ({"refresh_rotation": "never"}, "refresh_rotation must be one of daily, each, not 'never'."),
        ({"rules": {}}, "rules must be a list."),
        ({"rules": [1]}, "Rule 1 must be an object with match, then and times."),
        ({"rules": [{"match": {"colour": 1}, "then": {"status": 500}}]}, "Rule 1: match knows no colour; it knows"),
        ({"rules": [{"then": {}}]}, "Rule 1: then must say status, fault, delay_ms or drop."),
        ({"rules": [{"then": {"status": 200}}]}, "Rule 1: status must be from 400 to 599."),
        ({"rules": [{"then": {"drop": "sideways"}}]}, "Rule 1: drop must be one of before, after, midway."),
        ({"rules": [{"then": {"fault": "77"}}]}, "Rule 1: fault must be one of "),
        ({"rules": [{"then": {"delay_ms": -1}}]}, "Rule 1: delay_ms must be a whole number from 0 on."),
        ({"rules": [{"then": {"status": 500}, "times": 0}]}, "Rule 1: times must be a whole number from 1 on"),
        ({"rules": [{"match": {"nth": 0}, "then": {"status": 500}}]}, "Rule 1: nth must be a whole number from 1 on."),
        ({"rules": [{"match": {"operation": "merge"}, "then": {"status": 500}}]}, "Rule 1: operation must be one of"),
    ],
)
def test_what_is_misunderstood_is_said_and_changes_nothing(
    company: Company, controls: dict[str, Any], error: str
) -> None:
    before = company.client.get("/_simulator/behaviour").get_json()
    answer = company.client.put("/_simulator/behaviour", json={"access_token_seconds": 9, **controls})
    assert answer.status_code == 400
    assert answer.get_json()["error"].startswith(error)
    after = company.client.get("/_simulator/behaviour").get_json()
    assert without(after, "clock") == without(before, "clock")


@pytest.mark.parametrize("data", ["not json", "[1]"])
def test_a_body_that_is_no_object_is_refused(company: Company, data: str) -> None:
    assert company.client.put("/_simulator/behaviour", data=data).status_code == 400


def test_a_connection_dropped_before_leaves_nothing_done(company: Company) -> None:
    rule(company, {"entity": "Customer", "operation": "create"}, {"drop": "before"})
    lost(company, "Customer", CUSTOMER)
    assert rosas(company) == 0
    assert company.post("Customer", CUSTOMER)["Customer"]["DisplayName"] == "Rosa Lind"


def test_an_answer_lost_after_the_write_is_given_again_for_the_request_id(company: Company) -> None:
    rule(company, {"path": "/customer", "method": "post"}, {"drop": "after"})
    lost(company, "Customer", CUSTOMER, requestid="r1")
    assert rosas(company) == 1
    assert company.post("Customer", CUSTOMER, requestid="r1")["Customer"]["DisplayName"] == "Rosa Lind"
    assert rosas(company) == 1
    entries = [(entry["dropped"], entry["status"], entry["replayed"]) for entry in company.log() if entry["requestid"]]
    assert entries == [("after", None, False), (None, 200, True)]


def batch_of_rosas() -> dict[str, Any]:
    items = [{"bId": str(n), "operation": "create", "Customer": {"DisplayName": f"Rosa {n}"}} for n in range(5)]
    return {"BatchItemRequest": items}


def test_a_batch_that_dies_midway_has_done_its_first_items(company: Company) -> None:
    rule(company, {"path": "*/batch"}, {"drop": "midway", "after_items": 2})
    lost(company, "batch", batch_of_rosas(), requestid="r1")
    assert rosas(company) == 2
    remembered = company.post("batch", batch_of_rosas(), requestid="r1")["BatchItemResponse"]
    assert [item["Customer"]["DisplayName"] for item in remembered] == ["Rosa 0", "Rosa 1"]
    assert rosas(company) == 2


def test_a_batch_that_dies_midway_may_be_forgotten(company: Company) -> None:
    rule(company, {"path": "*/batch"}, {"drop": "midway", "after_items": 2, "remember": False})
    lost(company, "batch", batch_of_rosas(), requestid="r1")
    again = company.post("batch", batch_of_rosas(), requestid="r1")["BatchItemResponse"]
    assert ["Fault" in item for item in again] == [True, True, False, False, False]
    assert rosas(company) == 5


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, "AUTHENTICATION"), (403, "SERVICE"), (503, "SERVICE"), (418, "SERVICE")],
)
def test_statuses_of_the_gateway(company: Company, status: int, kind: str) -> None:
    rule(company, {}, {"status": status})
    answer = company.ask("GET", "customer/1")
    assert (answer.status_code, answer.get_json()["fault"]["type"]) == (status, kind)
    assert company.ask("GET", "customer/1").status_code == 200


def test_too_many_requests_is_answered_in_xml(company: Company) -> None:
    rule(company, {}, {"status": 429})
    answer = company.ask("GET", "customer/1")
    time = answer.text.split('time="')[1].split('"')[0]
    assert (answer.status_code, answer.content_type) == (429, "application/xml;charset=UTF-8")
    assert answer.text == (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<IntuitResponse xmlns="http://schema.intuit.com/finance/v3" time="{time}">'
        '<Fault type="SERVICE"><Error code="3001">'
        "<Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message>"
        "<Detail>The request limit was reached.  Try again later</Detail></Error></Fault></IntuitResponse>"
    )


def test_500_is_a_system_fault_and_nothing_is_done(company: Company) -> None:
    rule(company, {"operation": "create"}, {"status": 500})
    answer = company.ask("POST", "customer", json=CUSTOMER)
    assert (answer.status_code, code(answer.get_json())) == (500, "10000")
    assert answer.get_json()["Fault"]["type"] == "SystemFault"
    assert rosas(company) == 0


def test_a_fault_by_number_or_in_own_words(company: Company) -> None:
    rule(company, {"entity": "Customer"}, {"fault": "5010"})
    assert code(company.post("Customer", CUSTOMER)) == "5010"
    rule(company, {"entity": "Customer"}, {"fault": {"code": 10000, "message": "Oh", "detail": "dear", "status": 200}})
    answer = company.ask("POST", "customer", json=CUSTOMER)
    assert answer.status_code == 200
    assert answer.get_json()["Fault"] == fault("10000", "Oh", "dear", None)["Fault"]
    assert rosas(company) == 0


def test_a_fault_strikes_single_items_of_a_batch(company: Company) -> None:
    rule(company, {"entity": "Customer", "operation": "create", "nth": 2}, {"fault": "6000"}, times=2)
    answers = company.post("batch", batch_of_rosas())["BatchItemResponse"]
    assert ["Fault" in answer for answer in answers] == [False, True, True, False, False]
    assert company.log()[-1]["injected"] == ["fault 6000 on operation 2", "fault 6000 on operation 3"]
    assert company.client.get("/_simulator/behaviour").get_json()["rules"][0]["fired"] == 2


def test_a_rule_counts_to_its_turn_and_ends(company: Company) -> None:
    rule(company, {"path": "/customer/"}, {"status": 503}, times=2)
    assert [company.ask("GET", "customer/1").status_code for _ in range(3)] == [503, 503, 200]
    rule(company, {"path": "/customer/", "nth": 2}, {"status": 503})
    assert [company.ask("GET", "customer/1").status_code for _ in range(3)] == [200, 503, 200]
    rule(company, {"path": "/customer/"}, {"status": 503}, times=None)
    assert [company.ask("GET", "customer/1").status_code for _ in range(3)] == [503, 503, 503]


def test_rules_reach_the_token_endpoint(company: Company) -> None:
    rule(company, {"path": "/oauth2/v1/tokens/bearer"}, {"drop": "before"})
    with pytest.raises(ConnectionResetError):
        company.client.post("/oauth2/v1/tokens/bearer")


@pytest.mark.parametrize(("what", "wanted"), [("read", 0.04), ("write", 0.07), ("batch", 0.19), ("query", 0.04)])
def test_an_answer_leaves_at_its_time(company: Company, what: str, wanted: float) -> None:
    company.behave(latency={"base_ms": 40, "per_operation_ms": 30})
    started = time.monotonic()
    if what == "read":
        company.read("Customer", "1")
    elif what == "write":
        company.post("Customer", CUSTOMER)
    elif what == "batch":
        company.post("batch", batch_of_rosas())
    else:
        company.query("select * from Customer")
    assert wanted <= time.monotonic() - started < wanted + 1


def test_a_rule_can_delay(company: Company) -> None:
    rule(company, {}, {"delay_ms": 60})
    started = time.monotonic()
    company.read("Customer", "1")
    assert 0.06 <= time.monotonic() - started < 1


def test_the_log_tells_reading_from_writing(company: Company) -> None:
    company.read("Customer", "1")
    company.query("select * from Customer")
    company.post("Customer", CUSTOMER, requestid="r1")
    company.post("batch", {"BatchItemRequest": [{"bId": "1", "Query": "select * from Item"}]})
    company.client.get("/op/v1/jwks")
    company.client.get("/")
    company.client.get("/connect/oauth2")
    entries = company.log()
    assert [(entry["number"], entry["kind"], entry["status"]) for entry in entries] == [
        (1, "read", 200),
        (2, "read", 200),
        (3, "write", 200),
        (4, "read", 200),
        (5, "oauth", 200),
        (6, "page", 400),
    ]
    written = entries[2]
    assert {name: written[name] for name in written if name != "time"} == {
        "number": 3,
        "method": "POST",
        "path": f"/v3/company/{company.realm}/customer",
        "query": "requestid=r1",
        "requestid": "r1",
        "kind": "write",
        "operations": [{"operation": "create", "entity": "Customer"}],
        "status": 200,
        "replayed": False,
        "dropped": None,
        "injected": [],
        "rules": [],
    }
    since = company.client.get("/_simulator/requests?since=5").get_json()["requests"]
    assert [entry["number"] for entry in since] == [6]
    assert company.client.get("/_simulator/requests?since=x").status_code == 400
