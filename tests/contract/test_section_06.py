"""Throttling (qbo-api.md §6)."""

from typing import Any
from xml.etree import ElementTree

import pytest
from quickbooks.exceptions import QuickbooksException
from quickbooks.objects import Customer as QuickBooksCustomer

from tests.contract.company import Company
from tests.contract.conftest import Simulated
from tests.contract.marks import fact, simulator_only
from tests.contract.peers import python_quickbooks
from tests.contract.shapes import MILLISECONDS, check
from tests.contract.wire import Answer

FREE = {"per_minute": 10_000, "per_second": 10_000, "batches_per_minute": 10_000, "reports_per_minute": 10_000}
at_the_simulator = simulator_only("it would close the sandbox to everybody for a minute")


def limited(fresh: Simulated, **limits: Any) -> None:
    """Only these limits, on a clock that stands still."""
    fresh.behave(
        clock={"frozen": True}, limits={**FREE, "batches_per_minute_of_all_apps": 10_000, "on": True, **limits}
    )


def reads(fresh: Simulated, count: int, path: str = "customer/1") -> list[int]:
    return [fresh.ask("GET", path).status for _ in range(count)]


@fact("6-general-500", "6-wait-60")
@at_the_simulator
def test_requests_a_minute(fresh: Simulated) -> None:
    limited(fresh, per_minute=5)
    assert reads(fresh, 6) == [200] * 5 + [429]
    fresh.behave(clock={"now": "+60", "frozen": True})
    assert reads(fresh, 1) == [200]


@fact("6-burst-10")
@at_the_simulator
def test_requests_a_second(fresh: Simulated) -> None:
    limited(fresh, per_second=10)
    assert reads(fresh, 11) == [200] * 10 + [429]
    fresh.behave(clock={"now": "+1", "frozen": True})
    assert reads(fresh, 1) == [200]


@fact("6-batch-40", "6-batch-120")
@at_the_simulator
@pytest.mark.parametrize("name", ["batches_per_minute", "batches_per_minute_of_all_apps"])
def test_batches_a_minute(fresh: Simulated, name: str) -> None:
    limited(fresh, **{name: 2})
    batch = {"BatchItemRequest": [{"bId": "1", "Query": "select count(*) from Term"}]}
    assert [fresh.ask("POST", "batch", batch).status for _ in range(3)] == [200, 200, 429]


@fact("6-reports-200")
@at_the_simulator
def test_reports_a_minute(fresh: Simulated) -> None:
    limited(fresh, reports_per_minute=2)
    first, second, third = reads(fresh, 3, "reports/TrialBalance")
    assert (first == 429, second == 429, third) == (False, False, 429)


@fact("6-general-500", "6-burst-10", "6-concurrent-10", "6-batch-40", "6-batch-120", "6-reports-200")
@at_the_simulator
def test_the_limits_are_intuits(fresh: Simulated) -> None:
    fresh.behave(limits={"on": True})
    limits = fresh.control("GET", "behaviour")["limits"]
    assert {name: limits[name] for name in limits if isinstance(limits[name], int) and name != "on"} | {} == {
        "per_minute": 500,
        "per_second": 10,
        "at_once": 10,
        "batches_per_minute": 40,
        "batches_per_minute_of_all_apps": 120,
        "reports_per_minute": 200,
        "retry_after": False,
    }


def stopped(fresh: Simulated, **limits: Any) -> Answer:
    """The answer to a request over the limit."""
    limited(fresh, per_minute=1, **limits)
    fresh.ask("GET", "customer/1")
    return fresh.ask("GET", "customer/1")


@fact("6-429-xml", "6-429-words", "7.1-type-service", "11-4-throttled-xml", "12.6-inject-429")
@at_the_simulator
@pytest.mark.parametrize("injected", [False, True])
def test_the_429_is_xml(fresh: Simulated, injected: bool) -> None:
    if injected:
        fresh.fault({"status": 429})
        answer = fresh.ask("GET", "customer/1")
    else:
        answer = stopped(fresh)
    assert (answer.status, "xml" in answer.headers["content-type"]) == (429, True)
    response = ElementTree.fromstring(answer.content)
    name = "{http://schema.intuit.com/finance/v3}"
    assert (response.tag, list(response.attrib)) == (f"{name}IntuitResponse", ["time"])
    check(MILLISECONDS, response.attrib["time"])
    assert [(each.tag.removeprefix(name), each.attrib, (each.text or "").strip()) for each in response.iter()][1:] == [
        ("Fault", {"type": "SERVICE"}, ""),
        ("Error", {"code": "3001"}, ""),
        ("Message", {}, "message=ThrottleExceeded; errorCode=003001; statusCode=429"),
        ("Detail", {}, "The request limit was reached.  Try again later"),
    ]


@fact("6-429-json", "12.5-429-switch")
@at_the_simulator
def test_the_429_may_be_json(fresh: Simulated) -> None:
    answer = stopped(fresh, answer="json")
    fault = answer.json["fault"]
    assert (answer.status, fault["type"], fault["error"][0]["code"]) == (429, "SERVICE", "3001")


@fact("6-retry-after", "12.5-retry-after-switch")
@at_the_simulator
@pytest.mark.parametrize("on", [False, True])
def test_retry_after(fresh: Simulated, on: bool) -> None:
    assert ("retry-after" in stopped(fresh, retry_after=on).headers) is on


@fact("6-503")
@at_the_simulator
def test_503_under_overload(fresh: Simulated) -> None:
    fresh.fault({"status": 503})
    assert fresh.ask("GET", "customer/1").status == 503


@fact("6-no-limit-headers")
def test_normal_answers_say_nothing_of_limits(company: Company) -> None:
    answer = company.ask("GET", f"companyinfo/{company.realm}")
    assert [name for name in answer.headers if "limit" in name or name == "retry-after"] == []


@fact("6-client-429")
@at_the_simulator
def test_python_quickbooks_takes_it_for_unreadable(fresh: Simulated) -> None:
    with python_quickbooks(fresh) as client:
        fresh.fault({"status": 429})
        with pytest.raises(QuickbooksException, match="Error reading json response") as caught:
            QuickBooksCustomer.all(qb=client)
    assert caught.value.error_code == 10000
