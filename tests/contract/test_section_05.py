"""requestid (qbo-api.md §5)."""

import pytest

from tests.contract.company import Company, Record, error, stub
from tests.contract.conftest import Simulated
from tests.contract.marks import fact, simulator_only


@pytest.fixture
def requestid(company: Company) -> str:
    return company.name("r").replace(" ", "-")


def body_of(company: Company) -> Record:
    return {"DisplayName": company.name()}


@fact("5-on-create", "5-replayed", "5-byte-identical", "12.3-replay-bytes")
def test_a_create_is_replayed(company: Company, requestid: str) -> None:
    body = body_of(company)
    first, second = (company.ask("POST", "customer", body, requestid=requestid) for _ in range(2))
    assert (second.status, second.content) == (200, first.content)


@fact("5-on-update", "5-stale-object")
def test_an_update_is_replayed(company: Company, requestid: str) -> None:
    customer = company.customer()
    body = {**stub(customer), "sparse": True, "Notes": "x"}
    first = company.ask("POST", "customer", body, requestid=requestid)
    company.changed("Customer", first.json["Customer"], Notes="y")
    again = company.ask("POST", "customer", body, requestid=requestid)
    assert (again.content, again.json["Customer"]["SyncToken"]) == (first.content, "1")
    assert company.read("Customer", customer["Id"])["SyncToken"] == "2"


@fact("5-on-delete")
def test_a_delete_is_replayed(company: Company, requestid: str) -> None:
    purchase = company.purchase()
    first, second = (
        company.ask("POST", "purchase", stub(purchase), operation="delete", requestid=requestid) for _ in range(2)
    )
    assert (second.status, second.content) == (200, first.content)


@fact("5-on-batch")
def test_a_batch_is_replayed(company: Company, requestid: str) -> None:
    item = {"bId": "1", "operation": "create", "Customer": body_of(company)}
    first, second = (company.ask("POST", "batch", {"BatchItemRequest": [item]}, requestid=requestid) for _ in range(2))
    assert second.content == first.content


@fact("5-ignored-on-reads")
def test_a_read_is_not_replayed(company: Company, requestid: str) -> None:
    customer = company.customer()
    path = f"customer/{customer['Id']}"
    before = company.ask("GET", path, requestid=requestid).json["Customer"]["SyncToken"]
    company.changed("Customer", customer, Notes="x")
    assert (before, company.ask("GET", path, requestid=requestid).json["Customer"]["SyncToken"]) == ("0", "1")


@fact("5-per-company")
@simulator_only("needs two companies")
def test_each_company_has_its_own(fresh: Simulated) -> None:
    fresh.control("POST", "companies", {"realm_id": "77"})
    tokens = fresh.control("POST", "tokens", {"realm_id": "77"})
    other = Company(fresh.wire, "77", tokens["access_token"])
    first = fresh.post("Customer", {"DisplayName": "One"}, requestid="r1")
    second = other.post("Customer", {"DisplayName": "Two"}, requestid="r1")
    assert (first["Customer"]["DisplayName"], second["Customer"]["DisplayName"]) == ("One", "Two")


@fact("5-error-replayed")
def test_a_refusal_is_not_remembered_by_default(company: Company, requestid: str) -> None:
    body = body_of(company)
    taken = company.customer(**body)
    assert error(company.post("Customer", body, requestid=requestid))["code"] == "6240"
    company.changed("Customer", taken, DisplayName=company.name())
    assert "Customer" in company.post("Customer", body, requestid=requestid)


@fact("5-at-most-50", "5-bad-format-2130", "7.2-2130")
def test_fifty_characters(company: Company) -> None:
    assert "Customer" in company.post("Customer", body_of(company), requestid=f"{company.name('r'):x>50}")
    assert error(company.post("Customer", body_of(company), requestid="x" * 51))["code"] == "2130"


@fact("5-after-minutes")
@simulator_only("sets the clock on")
def test_a_replay_minutes_later(fresh: Simulated) -> None:
    fresh.behave(clock={"frozen": True})
    first = fresh.ask("POST", "customer", {"DisplayName": "One"}, requestid="r1")
    fresh.behave(clock={"now": "+480", "frozen": True})
    assert fresh.ask("POST", "customer", {"DisplayName": "One"}, requestid="r1").content == first.content


@fact("5-retention", "12.5-retention-switch")
@simulator_only("sets the clock on")
def test_how_long_it_is_remembered(fresh: Simulated) -> None:
    fresh.behave(requestid_hours=1)
    fresh.post("Customer", {"DisplayName": "One"}, requestid="r1")
    fresh.behave(clock={"now": "+3601", "frozen": True})
    fresh.renew()
    assert error(fresh.post("Customer", {"DisplayName": "One"}, requestid="r1"))["code"] == "6240"


@fact("5-other-payload", "12.5-mismatch-switch")
@simulator_only("chooses among three behaviours")
@pytest.mark.parametrize(("way", "outcome"), [("replay", "One"), ("refuse", "600"), ("execute", "Two")])
def test_the_same_id_with_another_body(fresh: Simulated, way: str, outcome: str) -> None:
    fresh.behave(requestid_mismatch=way)
    fresh.post("Customer", {"DisplayName": "One"}, requestid="r1")
    answer = fresh.post("Customer", {"DisplayName": "Two"}, requestid="r1")
    assert (answer["Customer"]["DisplayName"] if "Customer" in answer else error(answer)["code"]) == outcome


@fact("12.2-replay-before-reading")
def test_a_replay_comes_before_the_body_is_read(company: Company, requestid: str) -> None:
    first = company.ask("POST", "customer", body_of(company), requestid=requestid)
    again = company.ask("POST", "customer", "{no JSON", requestid=requestid)
    assert again.content == first.content
