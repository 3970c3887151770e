"""Derived rules for a stand-in (qbo-api.md §12): the order of its checks, its clock and its switches."""

import pytest

from tests.contract.company import Company, Record, error, ref, sale, stub
from tests.contract.conftest import Simulated
from tests.contract.marks import fact, simulator_only


@fact("12.2-token-first")
def test_the_token_is_looked_at_first(company: Company) -> None:
    answer = company.ask("POST", "nothing", "{no JSON", headers={"Authorization": "Bearer short"})
    assert answer.status == 401


@fact("12.2-realm-second")
def test_then_the_realm(company: Company) -> None:
    headers = {"Authorization": f"Bearer {company.token}", "Accept": "application/json"}
    assert company.wire.send("POST", "/v3/company/1234567890/customer", {}, headers, b"{no JSON").status == 403


@fact("12.2-parse-before-required")
def test_what_cannot_be_parsed_comes_before_what_is_missing(company: Company) -> None:
    assert company.refused("Invoice", Nonsense=1)["code"] == "2010"


@fact("12.2-required-before-length")
def test_what_is_missing_comes_before_what_is_too_long(company: Company) -> None:
    assert company.refused("Invoice", DocNumber="x" * 22)["code"] == "2020"


@fact("12.2-length-before-enum")
def test_what_is_too_long_comes_before_a_wrong_word(company: Company) -> None:
    body = company.time_body(BillableStatus="PERHAPS", Description="x" * 4001)
    assert company.refused("TimeActivity", **body)["code"] == "2050"


@fact("12.2-enum-before-reference")
def test_a_wrong_word_comes_before_a_dead_reference(company: Company) -> None:
    body = company.time_body(BillableStatus="PERHAPS", CustomerRef={"value": "99999970"})
    assert company.refused("TimeActivity", **body)["code"] == "2170"


@fact("12.2-reference-before-business")
def test_a_dead_reference_comes_before_the_rules_of_business(company: Company) -> None:
    line = sale(1000, Qty=3, UnitPrice=50)
    assert company.refused("Invoice", CustomerRef={"value": "99999970"}, Line=[line])["code"] == "2500"


@fact("12.2-token-last")
def test_an_old_token_is_found_last(company: Company) -> None:
    invoice = company.invoice()
    company.changed("Invoice", invoice, PrivateNote="x")
    fault = company.refused("Invoice", **stub(invoice), sparse=True, Line=[sale(1000, Qty=3, UnitPrice=50)])
    assert fault["code"] == "6070"


@fact("12.3-pacific")
@simulator_only("sets the clock on")
@pytest.mark.parametrize(("now", "shown"), [("2027-07-01T12:00:00+00:00", "2027-07-01T05:00:00-07:00"),
                                            ("2028-01-01T12:00:00+00:00", "2028-01-01T04:00:00-08:00")])  # fmt: skip
def test_times_are_pacific_in_summer_and_winter(fresh: Simulated, now: str, shown: str) -> None:
    fresh.behave(clock={"now": now, "frozen": True})
    fresh.renew()
    answer = fresh.ask("POST", "customer", {"DisplayName": "One"}).json
    assert answer["Customer"]["MetaData"]["CreateTime"] == shown
    assert (answer["time"][:19], answer["time"][-6:]) == (shown[:19], shown[-6:])


@fact("12.5-purchase-number-switch")
@simulator_only("chooses between text and observation")
@pytest.mark.parametrize(("way", "numbered"), [("none", False), ("counted", True)])
def test_whether_a_purchase_gets_a_number(fresh: Simulated, way: str, numbered: bool) -> None:
    fresh.behave(purchase_numbers=way)
    assert ("DocNumber" in fresh.purchase()) is numbered


@fact("12.6-lost-after-commit", "11-5-duplicates-after-timeout")
@simulator_only("an answer is lost on demand")
def test_an_answer_lost_after_the_write(fresh: Simulated) -> None:
    fresh.fault({"drop": "after"}, operation="create", entity="Customer")
    with pytest.raises(ConnectionResetError):
        fresh.customer(DisplayName="One")
    (row,) = fresh.rows("Customer", "DisplayName = 'One'")
    again: Record = fresh.post("Customer", {"DisplayName": "One"})
    assert error(again)["Detail"].endswith(f"Id={ref(row)['value']}")
