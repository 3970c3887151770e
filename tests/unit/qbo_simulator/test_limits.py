"""Intuit's speed limits on demand, and what only one request at a time may do (qbo-api.md §5, §6, §7.2)."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from qbo_simulator import Simulator
from qbo_simulator.accounting import service
from tests.unit.qbo_simulator.company import Company, code

QUERY = {"bId": "1", "Query": "select * from Item maxresults 1"}


@pytest.fixture
def limited(company: Company) -> Company:
    """The company with its limits on and a clock that stands still."""
    company.behave(limits={"on": True}, **{"clock.frozen": True})
    return company


def statuses(company: Company, times: int) -> list[int]:
    return [company.ask("GET", "customer/1").status_code for _ in range(times)]


def test_they_are_off_unless_asked_for(company: Company) -> None:
    assert set(statuses(company, 12)) == {200}


def test_ten_requests_in_any_second(limited: Company) -> None:
    assert statuses(limited, 11) == [200] * 10 + [429]
    limited.behave(**{"clock.now": "+1"})
    assert statuses(limited, 11) == [200] * 10 + [429]
    counts = limited.client.get("/_simulator/counts").get_json()
    assert counts == {"injected": {"limit per_second": 2}}


def test_so_many_in_any_minute(limited: Company) -> None:
    limited.behave(limits={"on": True, "per_minute": 3})
    assert statuses(limited, 4) == [200, 200, 200, 429]
    limited.behave(**{"clock.now": "+59"})
    assert statuses(limited, 1) == [429]
    limited.behave(**{"clock.now": "+1"})
    assert statuses(limited, 1) == [200]


@pytest.mark.parametrize("limit", ["batches_per_minute", "batches_per_minute_of_all_apps"])
def test_batches_have_limits_of_their_own(limited: Company, limit: str) -> None:
    limited.behave(limits={"on": True, limit: 1})
    batch = {"BatchItemRequest": [QUERY]}
    assert [limited.ask("POST", "batch", json=batch).status_code for _ in range(2)] == [200, 429]
    assert statuses(limited, 1) == [200]


def test_each_company_counts_for_itself(limited: Company) -> None:
    limited.behave(limits={"on": True, "per_second": 1})
    limited.client.post("/_simulator/companies", json={"realm_id": "77"})
    token = limited.client.post("/_simulator/tokens", json={"realm_id": "77"}).get_json()["access_token"]
    other = Company(limited.client, "77", {**limited.headers, "Authorization": f"Bearer {token}"})
    assert statuses(limited, 2) == [200, 429]
    assert other.ask("GET", "companyinfo/77").status_code == 200


@pytest.mark.parametrize(
    ("answer", "status", "kind"),
    [("xml", 429, "application/xml"), ("json", 429, "application/json"), ("503", 503, "application/json")],
)
def test_the_form_of_the_refusal(limited: Company, answer: str, status: int, kind: str) -> None:
    limited.behave(limits={"on": True, "per_second": 1, "answer": answer})
    statuses(limited, 1)
    refused = limited.ask("GET", "customer/1")
    assert (refused.status_code, refused.mimetype, "Retry-After" in refused.headers) == (status, kind, False)
    if answer == "json":
        assert refused.get_json()["fault"]["type"] == "SERVICE"


def test_retry_after_says_when_there_is_room(limited: Company) -> None:
    limited.behave(limits={"on": True, "per_minute": 1, "retry_after": True})
    statuses(limited, 1)
    limited.behave(**{"clock.now": "+20"})
    assert limited.ask("GET", "customer/1").headers["Retry-After"] == "40"


@pytest.mark.parametrize(("answer", "kind"), [("xml", "application/xml"), ("json", "application/json")])
def test_an_injected_429_has_the_same_form(company: Company, answer: str, kind: str) -> None:
    rule = {"match": {}, "then": {"status": 429}}
    company.behave(rules=[rule], limits={"answer": answer, "retry_after": True})
    refused = company.ask("GET", "customer/1")
    assert (refused.status_code, refused.mimetype, refused.headers["Retry-After"]) == (429, kind, "60")


@contextmanager
def under_way(
    company: Company, monkeypatch: pytest.MonkeyPatch, send: Callable[[Company], TestResponse]
) -> Iterator[Future[TestResponse]]:
    """A request that is being carried out while the body of the `with` runs; its end lets it go on."""
    serve, begun, go_on = service.serve, threading.Event(), threading.Event()

    def slow(*given: Any) -> Any:
        monkeypatch.setattr(service, "serve", serve)
        begun.set()
        assert go_on.wait(10)
        return serve(*given)

    monkeypatch.setattr(service, "serve", slow)
    apart = Company(Client(company.client.application), company.realm, company.headers)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(send, apart)
        assert begun.wait(10)
        try:
            yield first
        finally:
            go_on.set()


def create(company: Company, entity: str, name: str, **params: str) -> TestResponse:
    return company.ask("POST", entity, json={"DisplayName": name}, query_string=params)


def test_so_many_at_once(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    company.behave(limits={"on": True, "at_once": 1})
    with under_way(company, monkeypatch, lambda each: each.ask("GET", "customer/1")) as first:
        assert statuses(company, 1) == [429]
    assert first.result().status_code == 200
    assert statuses(company, 1) == [200]


def test_one_name_at_a_time(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [{"bId": "1", "operation": "create", "Employee": {"GivenName": "Ida", "FamilyName": "Lind"}}, QUERY]
    with under_way(company, monkeypatch, lambda each: create(each, "customer", "Rosa")) as first:
        refused = create(company, "vendor", "Hugo").get_json()
        answers = company.batch(*items)
        assert create(company, "paymentmethod", "x").status_code == 400  # no name list: refused for its own reason
    assert refused["Fault"]["Error"][0]["Detail"] == (
        "Business Validation Error: You can only add or edit one name at a time. Please try again."
    )
    assert [code(answers[0]), "QueryResponse" in answers[1]] == ["6000", True]
    assert first.result().status_code == 200
    assert create(company, "vendor", "Hugo").status_code == 200


def test_names_may_be_written_together_where_the_switch_is_off(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.behave(one_name_at_a_time=False)
    with under_way(company, monkeypatch, lambda each: create(each, "customer", "Rosa")):
        assert create(company, "vendor", "Hugo").status_code == 200


def test_a_request_id_whose_first_request_is_under_way(
    app: Simulator, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.behave(requestid_concurrent="refuse")
    with under_way(company, monkeypatch, lambda each: create(each, "customer", "Rosa", requestid="r1")) as first:
        refused = create(company, "customer", "Rosa", requestid="r1")
        assert (refused.status_code, code(refused.get_json())) == (400, "600")
    company.behave(requestid_concurrent="replay")
    assert create(company, "customer", "Rosa", requestid="r1").get_data() == first.result().get_data()


def test_a_duplicate_waits_and_gets_the_first_ones_answer(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    apart = Company(Client(company.client.application), company.realm, company.headers)
    with ThreadPoolExecutor(1) as pool:
        with under_way(company, monkeypatch, lambda each: create(each, "customer", "Rosa", requestid="r1")) as first:
            second = pool.submit(create, apart, "customer", "Rosa", requestid="r1")
            assert not second.done()
        assert second.result().get_data() == first.result().get_data()
    assert [entry["replayed"] for entry in company.log()] == [False, True]
