"""What is uncertain at Intuit, each way (the switches of `qbo_simulator.control.switches`)."""

from typing import Any

import pytest

from tests.unit.qbo_simulator.company import Company, code

ROSA = {"DisplayName": "Rosa Lind"}


def outcome(answer: dict[str, Any]) -> str:
    """The code of a refusal, or "done"."""
    return code(answer) if "Fault" in answer else "done"


def deactivated(company: Company, id: str, token: str = "0") -> dict[str, Any]:
    return company.post("Customer", {"Id": id, "SyncToken": token, "sparse": True, "Active": False})


@pytest.mark.parametrize(("hours", "later", "replayed"), [(24, 86399, True), (24, 86401, False), (0, 10**8, True)])
def test_how_long_a_request_id_is_kept(company: Company, hours: int, later: int, replayed: bool) -> None:
    company.behave(requestid_hours=hours, access_token_seconds=10**9)
    tokens = company.client.post("/_simulator/tokens", json={}).get_json()
    company.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    company.post("Customer", ROSA, requestid="r1")
    company.behave(**{"clock.now": f"+{later}"})
    assert outcome(company.post("Customer", ROSA, requestid="r1")) == ("done" if replayed else "6240")


@pytest.mark.parametrize(("way", "wanted"), [("replay", "Rosa Lind"), ("execute", "Hugo")])
def test_a_known_request_id_with_another_body(company: Company, way: str, wanted: str) -> None:
    company.behave(requestid_mismatch=way)
    company.post("Customer", ROSA, requestid="r1")
    assert company.post("Customer", {"DisplayName": "Hugo"}, requestid="r1")["Customer"]["DisplayName"] == wanted


def test_a_known_request_id_with_another_body_may_be_refused(company: Company) -> None:
    company.behave(requestid_mismatch="refuse")
    first = company.post("Customer", ROSA, requestid="r1")
    assert outcome(company.post("Customer", {"DisplayName": "Hugo"}, requestid="r1")) == "600"
    assert company.post("Customer", ROSA, requestid="r1") == first


@pytest.mark.parametrize(("kept", "wanted"), [(False, "done"), (True, "6240")])
def test_whether_a_refusal_is_given_again(company: Company, kept: bool, wanted: str) -> None:
    company.behave(requestid_keeps_errors=kept)
    assert outcome(company.post("Customer", {"DisplayName": "Cool Cars"}, requestid="r1")) == "6240"
    company.post("Customer", {"Id": "3", "SyncToken": "0", "sparse": True, "DisplayName": "Cooler Cars"})
    assert outcome(company.post("Customer", {"DisplayName": "Cool Cars"}, requestid="r1")) == wanted


@pytest.mark.parametrize("wanted", ["2020", "5010"])
def test_an_update_without_sync_token(company: Company, wanted: str) -> None:
    company.behave(missing_sync_token=wanted)
    assert outcome(company.post("Customer", {"Id": "1", "sparse": True, "Notes": "x"})) == wanted


@pytest.mark.parametrize(("way", "wanted"), [("numbered", "done"), ("refused", "6240")])
def test_a_second_deactivation_of_a_name(company: Company, way: str, wanted: str) -> None:
    company.behave(deleted_suffix=way)
    deactivated(company, company.made("Customer", **ROSA)["Id"])
    second = company.made("Customer", **ROSA)["Id"]
    answer = deactivated(company, second)
    assert outcome(answer) == wanted
    if wanted == "done":
        assert answer["Customer"]["DisplayName"] == "Rosa Lind (deleted 1)"


@pytest.mark.parametrize(("way", "name"), [("stripped", "Rosa Lind"), ("kept", "Rosa Lind (deleted)")])
def test_reactivation(company: Company, way: str, name: str) -> None:
    company.behave(reactivation=way)
    id = company.made("Customer", **ROSA)["Id"]
    deactivated(company, id)
    answer = company.post("Customer", {"Id": id, "SyncToken": "1", "sparse": True, "Active": True})
    assert answer["Customer"]["DisplayName"] == name


@pytest.mark.parametrize(("way", "wanted"), [("free", "done"), ("blocked", "6240")])
def test_the_name_of_an_inactive_record(company: Company, way: str, wanted: str) -> None:
    company.behave(inactive_names=way)
    deactivated(company, company.made("Customer", **ROSA)["Id"])
    assert outcome(company.post("Vendor", ROSA)) == wanted


def test_names_compared_to_the_letter(company: Company) -> None:
    assert outcome(company.post("Vendor", {"DisplayName": "COOL cars"})) == "6240"
    company.behave(name_comparison="exact")
    assert outcome(company.post("Vendor", {"DisplayName": "COOL cars"})) == "done"
    assert outcome(company.post("Vendor", {"DisplayName": "COOL cars"})) == "6240"
    assert outcome(company.post("Vendor", {"DisplayName": "Cool Cars"})) == "6240"


@pytest.mark.parametrize(("way", "wanted"), [("unique", "6240"), ("by_parent", "done")])
def test_sub_customers_of_one_name(company: Company, way: str, wanted: str) -> None:
    company.behave(subcustomer_names=way)
    for parent in ("1", "2"):
        answer = company.post("Customer", {"DisplayName": "Attic", "Job": True, "ParentRef": {"value": parent}})
    assert outcome(answer) == wanted
    again = {"DisplayName": "Attic", "Job": True, "ParentRef": {"value": "1"}}
    assert outcome(company.post("Customer", again)) == "6240"


@pytest.mark.parametrize(("way", "wanted"), [("midnight", "done"), ("refused", "6370")])
def test_an_end_before_the_start(company: Company, way: str, wanted: str) -> None:
    company.behave(end_before_start=way)
    times = {"StartTime": "2026-08-16T22:00:00-07:00", "EndTime": "2026-08-16T02:00:00-07:00"}
    answer = company.post("TimeActivity", {"NameOf": "Employee", "EmployeeRef": {"value": "55"}, **times})
    assert outcome(answer) == wanted


@pytest.mark.parametrize(("way", "wanted"), [("refused", "4000"), ("accepted", "done")])
def test_a_doubled_apostrophe(company: Company, way: str, wanted: str) -> None:
    company.behave(doubled_apostrophe=way)
    answer = company.query("select Id from Customer where DisplayName = 'Amy''s Bird Sanctuary'")
    assert outcome(answer) == wanted
    if wanted == "done":
        assert [row["Id"] for row in answer["Customer"]] == ["1"]


@pytest.mark.parametrize(("way", "wanted"), [("any", "done"), ("exact", "4001")])
def test_the_case_of_an_entity(company: Company, way: str, wanted: str) -> None:
    company.behave(entity_case=way)
    assert outcome(company.query("select Id from customer")) == wanted
    assert outcome(company.query("select Id from Customer")) == "done"


def test_the_size_and_the_order_of_batches(company: Company) -> None:
    company.behave(batch_items=2, batch_answer_order="reversed")
    items = [{"bId": str(place), "Query": "select * from Item maxresults 1"} for place in range(3)]
    assert [each["bId"] for each in company.batch(*items[:2])] == ["1", "0"]
    assert outcome(company.post("batch", {"BatchItemRequest": items})) == "1040"


def test_faults_with_status_200(company: Company) -> None:
    company.behave(fault_status="200")
    answer = company.ask("POST", "customer", json={"DisplayName": "Cool Cars"})
    assert (answer.status_code, outcome(answer.get_json())) == (200, "6240")


@pytest.mark.parametrize("message", ["QueryParseError", "Error parsing query"])
def test_the_message_of_4000(company: Company, message: str) -> None:
    company.behave(parse_error_message=message)
    assert company.query("select")["Fault"]["Error"][0]["Message"] == message


@pytest.mark.parametrize("message", ["Invalid Enumeration", "Invalid String Range"])
def test_the_message_of_2180(company: Company, message: str) -> None:
    company.behave(bad_name_message=message)
    assert company.post("Customer", {"DisplayName": "a:b"})["Fault"]["Error"][0]["Message"] == message


@pytest.mark.parametrize(
    ("way", "named"), [("unnamed", "failed to parse json object; a property"), ("named", "Colour")]
)
def test_a_property_that_is_unknown(company: Company, way: str, named: str) -> None:
    company.behave(unknown_property=way)
    detail = company.post("Customer", {**ROSA, "Colour": "red"})["Fault"]["Error"][0]["Detail"]
    assert detail == f"Property Name:{named} specified is unsupported or invalid"


@pytest.mark.parametrize("sent", [True, False])
def test_www_authenticate(company: Company, sent: bool) -> None:
    company.behave(www_authenticate=sent)
    answer = company.ask("GET", "customer/1", headers={"Authorization": "Bearer x"})
    assert ("WWW-Authenticate" in answer.headers) is sent
