"""A worker killed in the middle of a copy: the run goes on by itself, nothing doubled and nothing missing."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.office import Books, Office, running_office
from tests.waiting import wait_until

KILLS = (3, 12, 30)  # after so many writing requests


@pytest.fixture
def office(django_db_modify_db_settings: None, tmp_path: Path) -> Any:
    with running_office(tmp_path / "office", "simulator", "worker") as running:
        yield running


def run_is(office: Office, run: int, *states: str) -> Any:
    standing = office.do("look", str(run))
    return standing if standing["state"] in states else None


def prepared(office: Office) -> Books:
    """Connected, everything imported, every mapping chosen."""
    office.do("connect", json.dumps(office.simulator("/_simulator/tokens", "POST", json={})))
    for run in office.do("import_all")["runs"]:
        wait_until(lambda run=run: office.do("next_of", str(run))["state"] == "done", f"import {run} is done", 90)
    office.do("map_all")
    return office.books()


def is_over(office: Office, run: int) -> Any:
    """How a run stands once it is done and nothing of it goes on."""
    standing = run_is(office, run, "done")
    return standing if standing and not any(key.endswith(" ready") for key in standing["steps"]) else None


def finish(office: Office, run: int) -> None:
    """Answer the choices until the run is over with nothing left to choose."""
    for _ in range(5):
        standing = wait_until(lambda: is_over(office, run), f"run {run} is done", 240)
        if not any("needs_choice" in key for key in standing["steps"]):
            return
        office.do("choose_all", str(run))
    raise AssertionError(f"Run {run} never came to an end: {standing}")


def test_a_killed_worker_doubles_and_loses_nothing(office: Office) -> None:
    books = prepared(office)
    office.simulator("/_simulator/behaviour", "PUT", json={"latency": {"base_ms": 100, "per_operation_ms": 10}})
    started_with = len(books.writes())
    run = office.do("add_all_invoices")["run"]
    for after in KILLS:
        wait_until(lambda after=after: len(books.writes()) >= started_with + after, f"{after} writes were sent", 90)
        office.kill("worker")
        office.start("worker")
    finish(office, run)

    standing = office.do("look", str(run))
    assert {key.split()[1] for key in standing["steps"]} <= {"done", "linked", "in_the_way"}, standing
    assert_every_invoice_is_there_once(office, books, run)
    assert_no_name_is_there_twice(books)
    assert_links_and_books_agree(office, books)


def assert_every_invoice_is_there_once(office: Office, books: Books, run: int) -> None:
    ours = office.do("invoices", str(run))
    assert ours
    kept = {row["Id"]: row for row in books.all("Invoice")}
    activities = {row["Id"]: row for row in books.all("TimeActivity")}
    customers = {row["Id"]: row["DisplayName"] for row in books.all("Customer")}
    numbers = Counter(row["DocNumber"] for row in kept.values())
    for qbo_id, invoice in ours.items():
        row = kept[qbo_id]
        lines = [Decimal(str(line["Amount"])) for line in row["Line"] if line["DetailType"] == "SalesItemLineDetail"]
        assert lines == [Decimal(amount) for amount in invoice["lines"]]
        assert without_tax(row) == Decimal(invoice["total"])
        assert numbers[invoice["number"]] == 1
        assert row["CustomerRef"]["value"] in customers
        linked = [activities[link["TxnId"]] for link in row["LinkedTxn"] if link["TxnType"] == "TimeActivity"]
        assert {activity["BillableStatus"] for activity in linked} <= {"HasBeenBilled"}
        if invoice["kind"] == "itemized":
            assert len(linked) == invoice["hours"]


def without_tax(row: dict[str, Any]) -> Decimal:
    """What QuickBooks asks for, without the sales tax that it adds to taxable lines by itself (qbo-api.md §8.9)."""
    return Decimal(str(row["TotalAmt"])) - Decimal(str(row["TxnTaxDetail"]["TotalTax"]))


def assert_no_name_is_there_twice(books: Books) -> None:
    names = [
        row["DisplayName"].casefold() for entity in ("Customer", "Vendor", "Employee") for row in books.all(entity)
    ]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def assert_links_and_books_agree(office: Office, books: Books) -> None:
    """Every link points at a record, no record was made that no link knows, and no reservation is left."""
    linked = office.do("links")
    for entity in ("TimeActivity", "Purchase"):
        there = {row["Id"] for row in books.all(entity)}
        assert set(linked.get(entity, ())) <= there
        ours = {row["Id"] for row in books.all(entity) if made_by_us(entity, row)}
        assert ours == set(linked.get(entity, ()))


def made_by_us(entity: str, row: dict[str, Any]) -> bool:
    """The sample company's own records are older than the journey: ours have a number, or came with it."""
    return entity == "TimeActivity" or str(row.get("DocNumber", "")).startswith("SMM-")
