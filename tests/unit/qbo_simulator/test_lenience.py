"""Where Intuit is lenient, so is the simulator; and every URL begins with the request's own host."""

from typing import Any

import pytest

from tests.unit.qbo_simulator.company import Company, code


@pytest.mark.parametrize(
    "path",
    [
        "customer/1",
        "customer/1/",
        "Customer/1",
        "CUSTOMER/1/",
        "customer/1?minorversion=4",
        "customer/1?minorversion=x",
    ],
)
def test_ways_to_read_one_record(company: Company, path: str) -> None:
    assert company.ask("GET", path).get_json()["Customer"]["Id"] == "1"


@pytest.mark.parametrize("path", ["query/", "Query", "query?minorversion=75"])
def test_ways_to_ask(company: Company, path: str) -> None:
    answer = company.ask("POST", path, data="SeLeCt * FROM customer wHeRe Id = '1' MaxResults 1")
    assert [each["Id"] for each in answer.get_json()["QueryResponse"]["Customer"]] == ["1"]


@pytest.mark.parametrize("path", ["preferences", "preferences/", "preferences/1", "companyinfo", "companyinfo/1"])
def test_the_only_record_of_its_kind_is_found_under_any_path(company: Company, path: str) -> None:
    [record] = [value for name, value in company.ask("GET", path).get_json().items() if name != "time"]
    assert record["Id"] == "1"


@pytest.mark.parametrize("extra", [{}, {"operation": "update"}, {"operation": "UPDATE"}])
def test_a_post_with_an_id_is_an_update_whatever_it_says(company: Company, extra: dict[str, str]) -> None:
    made = company.made("Customer", DisplayName="Rosa Lind", Notes=None, Job=None, BillAddr=None)
    body = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Notes": "x", "PrimaryPhone": None}
    assert company.post("Customer", body, **extra)["Customer"]["SyncToken"] == "1"


@pytest.mark.parametrize("sparse", [True, "true", "True"])
def test_truth_may_be_a_word(company: Company, sparse: Any) -> None:
    made = company.made("Customer", DisplayName="Rosa Lind", Taxable="TRUE", Notes="kept")
    body = {"Id": made["Id"], "SyncToken": 0, "sparse": sparse, "DisplayName": "Rosa L."}
    changed = company.post("Customer", body)["Customer"]
    assert (changed["Notes"], made["Taxable"]) == ("kept", True)


def test_what_is_no_entity_and_no_resource(company: Company) -> None:
    assert code(company.ask("GET", "unicorn/1").get_json()) == "2000"
    assert code(company.ask("POST", "unicorn", json={}).get_json()) == "2000"
