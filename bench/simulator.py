"""`make bench-simulator`: how fast the simulator is on one core, beside what it has to reach.

It starts the real process with a file of its own and speaks to it over a socket, latency off. Where the machine has
several cores, the simulator has one of them and this script another. Answers 1 where something is missed.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
BATCH = 30
PAGE = 1000
ROUNDS = 3
TIMES = 5
DAYS = 28
ROWS = "select * from TimeActivity"
COUNT = "select count(*) from TimeActivity"

Body = dict[str, Any]


@dataclass(frozen=True)
class Measured:
    """One figure beside its target.  most: whether the target is the most it may be, not the least."""

    what: str
    figure: float
    unit: str
    target: float
    most: bool = False

    @property
    def holds(self) -> bool:
        return self.figure <= self.target if self.most else self.figure >= self.target

    def line(self) -> str:
        bound = f"{'≤' if self.most else '≥'} {self.target:,.0f}"
        verdict = "" if self.holds else "  MISSED"
        return f"{self.what:<60}{self.figure:>9,.0f} {self.unit:<9}{bound:>8}{verdict}"


class Company:
    """A company's API over one connection that is kept open."""

    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
        tokens = self.ask("POST", "/_simulator/tokens", {})
        self.root = f"/v3/company/{tokens['realm_id']}"
        self.token = tokens["access_token"]

    def ask(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        """The answer's JSON.  Raises RuntimeError where it is a refusal."""
        headers = {"Accept": "application/json", "Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = self.connection.getresponse()
        content = response.read()
        if response.status != 200 or b'"Fault"' in content:
            raise RuntimeError(f"{method} {path}: {response.status} {content[:500]!r}")
        return json.loads(content)

    def post(self, path: str, body: Body) -> Body:
        return self.ask("POST", f"{self.root}/{path}?minorversion=75", body, self.token)

    def query(self, statement: str) -> Body:
        found: Body = self.ask("GET", f"{self.root}/query?query={quote(statement)}", None, self.token)["QueryResponse"]
        return found


def customer(number: int) -> Body:
    return {
        "DisplayName": f"Customer {number:06d}",
        "GivenName": "Rosa",
        "FamilyName": f"Lind {number:06d}",
        "PrimaryEmailAddr": {"Address": f"customer{number}@example.com"},
        "PrimaryPhone": {"FreeFormNumber": "(555) 555-0100"},
        "BillAddr": {"Line1": f"{number} Sierra Way", "City": "San Pablo", "PostalCode": "87999"},
    }


def hours(number: int) -> Body:
    return {
        "TxnDate": f"2026-{number // DAYS % 12 + 1:02d}-{number % DAYS + 1:02d}",
        "NameOf": "Employee",
        "EmployeeRef": {"value": "55" if number % 10 else "54"},
        "CustomerRef": {"value": "1" if number % 100 else "2"},
        "ItemRef": {"value": "2"},
        "BillableStatus": "Billable",
        "HourlyRate": 62.5,
        "Hours": 1 + number % 8,
        "Minutes": 30,
        "Description": f"Packed the kitchen and labelled {number} boxes",
    }


def invoice(number: int) -> Body:
    detail = {"ItemRef": {"value": "2"}, "Qty": 2, "UnitPrice": 62.5}
    line = {"DetailType": "SalesItemLineDetail", "Amount": 125, "SalesItemLineDetail": detail}
    lines = [{**line, "Description": f"Hours of day {day}"} for day in range(4)]
    return {"CustomerRef": {"value": "1"}, "TxnDate": "2026-03-02", "PrivateNote": f"No. {number}", "Line": lines}


KINDS: dict[str, Callable[[int], Body]] = {"TimeActivity": hours, "Customer": customer, "Invoice": invoice}


def creates_per_second(company: Company, entity: str, numbers: Iterator[int], records: int) -> float:
    """Single creates, one after the other."""
    bodies = [KINDS[entity](next(numbers)) for _ in range(records)]
    started = time.perf_counter()
    for body in bodies:
        company.post(entity.lower(), body)
    return records / (time.perf_counter() - started)


def batched_per_second(company: Company, entity: str, numbers: Iterator[int], records: int) -> float:
    """Creates in full batches, one batch after the other."""
    batches = [batch(entity, numbers) for _ in range(-(-records // BATCH))]
    started = time.perf_counter()
    for each in batches:
        company.post("batch", each)
    return len(batches) * BATCH / (time.perf_counter() - started)


def batch(entity: str, numbers: Iterator[int]) -> Body:
    return {
        "BatchItemRequest": [
            {"bId": str(place), "operation": "create", entity: KINDS[entity](next(numbers))} for place in range(BATCH)
        ]
    }


def statements(records: int, loaded_at: str) -> dict[str, str]:
    """The queries by shape, each with a filter that leaves a full page."""
    last = records - PAGE
    recent = f"where MetaData.LastUpdatedTime >= '{loaded_at}'"
    pages = {
        "equality": "where EmployeeRef = '55'",
        "equality, deep STARTPOSITION": f"where EmployeeRef = '55' startposition {records * 8 // 10}",
        "two equalities": "where EmployeeRef = '55' and BillableStatus = 'Billable'",
        "equality, ORDERBY another property": "where EmployeeRef = '55' orderby TxnDate desc",
        "equality, ORDERBY a property without index": "where CustomerRef = '1' orderby BillableStatus",
        "IN": "where CustomerRef in ('1', '2')",
        "IN, ORDERBY another property": "where CustomerRef in ('1', '2') orderby TxnDate",
        "LIKE, its end open": "where BillableStatus like 'Bill%'",
        "LIKE, its beginning open": "where TxnDate like '%8'",
        "range on MetaData.LastUpdatedTime": recent,
        "range on MetaData.LastUpdatedTime, ORDERBY it": f"{recent} orderby MetaData.LastUpdatedTime desc",
        "range on TxnDate": "where TxnDate >= '2026-02-01' and TxnDate <= '2026-11-30'",
        "range on Id": f"where Id > '{last}'",
        "no filter, deep STARTPOSITION": f"startposition {last}",
    }
    counts = {
        "COUNT(*) of all": "",
        "COUNT(*) with an equality": "where EmployeeRef = '55'",
        "COUNT(*) with a range": "where TxnDate >= '2026-06-01'",
    }
    return {
        **{shape: " ".join((ROWS, rest, f"maxresults {PAGE}")) for shape, rest in pages.items()},
        **{shape: " ".join((COUNT, rest)) for shape, rest in counts.items()},
    }


def milliseconds(company: Company, statement: str) -> float:
    """The quickest of five, until the last byte is here.  Raises RuntimeError where the page is not full."""
    quickest = float("inf")
    for _ in range(TIMES):
        started = time.perf_counter()
        found = company.query(statement)
        quickest = min(quickest, time.perf_counter() - started)
    if found.get("maxResults", PAGE) != PAGE or not (found.get("totalCount", 1)):
        raise RuntimeError(f"{statement}: {found.get('maxResults')} rows instead of {PAGE}")
    return quickest * 1000


@contextmanager
def running(data: Path) -> Iterator[tuple[str, float]]:
    """The real process on a core of its own; yields its URL, and the seconds until it answered."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])  # inherited by the process and all its threads
    started = time.perf_counter()
    command = [sys.executable, "-m", "qbo_simulator", "--port", "0", "--data", str(data)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    os.sched_setaffinity(0, cores[1:] or cores)
    try:
        line = process.stdout.readline() if process.stdout else ""
        url = line[line.index("http://") :].strip()
        Company(url).connection.close()
        yield url, time.perf_counter() - started
    finally:
        os.sched_setaffinity(0, cores)
        process.terminate()
        process.wait(timeout=20)
        if process.stdout:
            process.stdout.close()


def measured(folder: Path, records: int) -> Iterator[Measured]:
    """All figures, one by one as they are known.  records: how many of a kind the queries look through."""
    data = folder / "books.sqlite3"
    with running(data) as (url, seconds):
        yield Measured("start with new books", seconds * 1000, "ms", 1000, most=True)
        company, numbers = Company(url), count(1)
        for entity in KINDS:
            rate = max(creates_per_second(company, entity, numbers, 300) for _ in range(ROUNDS))
            yield Measured(f"single creates of {entity}", rate, "a second", 150)
        for entity in KINDS:
            rate = max(batched_per_second(company, entity, numbers, 1500) for _ in range(ROUNDS))
            yield Measured(f"{entity} in batches of {BATCH}", rate, "a second", 1500)
        missing = records - int(company.query(COUNT)["totalCount"])
        first = company.query(f"{ROWS} maxresults 1")["TimeActivity"][0]
        loaded_at = first["MetaData"]["CreateTime"]
        rate = batched_per_second(company, "TimeActivity", numbers, max(missing, BATCH))
        yield Measured(f"TimeActivity in batches of {BATCH}, up to {records:,}", rate, "a second", 1500)
        for shape, statement in statements(records, loaded_at).items():
            yield Measured(f"query: {shape}", milliseconds(company, statement), "ms", 150, most=True)
    with running(data) as (_, seconds):
        yield Measured(f"start with {records:,} time activities", seconds * 1000, "ms", 1000, most=True)


def main(given: list[str]) -> int:
    """Print each figure as it is known.  Answers 0 where every target is reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="how many of a kind the queries look through")
    options = parser.parse_args(given)
    missed = 0
    with tempfile.TemporaryDirectory(prefix="bench-simulator-") as folder:
        for each in measured(Path(folder), options.records):
            print(each.line(), flush=True)
            missed += not each.holds
    print(f"{missed} missed." if missed else "Every target is reached.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
