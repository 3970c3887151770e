"""`make bench`: how fast records are copied to QuickBooks, beside what Intuit's speed limits would allow at best.

It makes an office's records, starts the real simulator as a process of its own, and copies them with the real engine:
without latency; with 100 ms a request and 10 ms an operation; and the same with the speed limits kept. Each is one
process of its own, on a new SQLite database in a folder that is deleted afterwards. At the end it counts what
QuickBooks holds, and answers 1 where that is not each record once.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SIZES = (1_000, 5_000)
LATENCY = {"base_ms": 100, "per_operation_ms": 10}
# Intuit's limits for one company (qbo-api.md §6), and by how much both sides are sped up so that this ends in time.
REQUESTS_A_MINUTE, REQUESTS_A_SECOND, BATCHES_A_MINUTE, BATCH = 500, 10, 40, 30
TIMES = 4
FREE = 1_000_000
ASSOCIATES, CLIENTS, LINES = 12, 60, 3


@dataclass(frozen=True)
class Scenario:
    """One way of copying: with latency or without, with the speed limits kept or not."""

    name: str
    latency: bool
    limited: bool


SCENARIOS = (
    Scenario("no latency, limits off", latency=False, limited=False),
    Scenario("100 ms + 10 ms an operation, limits off", latency=True, limited=False),
    Scenario(f"the same, limits on ({TIMES} times Intuit's)", latency=True, limited=True),
)


@dataclass(frozen=True)
class Measured:
    """What one copy took. `floor_s`: when the limits alone let the last batch start; `last_s`: when it did."""

    records: int
    plan_s: float
    copy_s: float
    writes: int
    reads: int
    queries: int
    cpu_s: float
    peak_kb: int
    floor_s: float
    last_s: float

    def lines(self) -> Iterator[str]:
        speed = f"{self.records / self.copy_s:,.0f} records/s"
        queries, cpu = self.queries / self.records, self.cpu_s / self.records * 1000
        yield f"    planned in {self.plan_s:.1f} s, copied in {self.copy_s:.1f} s: {speed}"
        yield f"    {self.writes} writes, {self.reads} reads; {queries:.2f} queries and {cpu:.1f} ms of CPU a record"
        yield f"    peak memory {self.peak_kb / 1024:.1f} MB above the start"
        if self.floor_s:
            yield (
                f"    the last batch started after {self.last_s:.1f} s; the limits alone dictate {self.floor_s:.1f} s: "
                f"{self.floor_s / self.last_s:.0%} of what they allow"
            )


# The parent: one process for each copy


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many records")
    parser.add_argument("--one", nargs=2, metavar=("SIZE", "SCENARIO"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        size, place = map(int, options.one)
        print(json.dumps(asdict(copy(size, SCENARIOS[place]))))
        return 0
    print(_floor())
    for size in options.sizes:
        for place, scenario in enumerate(SCENARIOS):
            print(f"{size:,} records, {scenario.name}:", flush=True)
            for line in _in_a_process(size, place).lines():
                print(line, flush=True)
    return 0


def _floor() -> str:
    return (
        f"Intuit allows {BATCHES_A_MINUTE} batches of {BATCH} a minute, that is {BATCHES_A_MINUTE * BATCH:,} records a "
        f"minute or {BATCHES_A_MINUTE * BATCH / 60:.0f} a second; no engine is faster for long. A first burst of "
        f"{BATCHES_A_MINUTE * BATCH:,} records goes at once."
    )


def _in_a_process(size: int, place: int) -> Measured:
    with tempfile.TemporaryDirectory(prefix="smmware-bench-") as folder:
        command = [sys.executable, "-m", "scripts.bench_copy", "--one", str(size), str(place)]
        ended = subprocess.run(
            command, cwd=ROOT, env=_environment(Path(folder)), stdout=subprocess.PIPE, text=True, check=False
        )
    if ended.returncode:
        sys.exit(ended.returncode)
    return Measured(**json.loads(ended.stdout.splitlines()[-1]))


def _environment(folder: Path) -> dict[str, str]:
    (folder / "static").mkdir()
    given = {
        "SMMWARE_VAR_DIR": str(folder),
        "SECRET_KEY": "only-for-the-bench-" + "0123456789" * 4,
        "TOKEN_ENCRYPTION_KEYS": "only-for-the-bench",
        "STATIC_MANIFEST": "off",
        "HTTPS": "off",
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "smmware.settings",
    }
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CELERY_BROKER_URL")}
    return {**kept, **given}


# The child: one copy


def copy(size: int, scenario: Scenario) -> Measured:
    """Copy `size` records of a fresh office to a fresh company, and look whether each is there once."""
    with _simulator() as url:
        _configure(url, limited=scenario.limited)
        connection = _connected(url)
        asked = _office(size)
        _map(connection)
        if scenario.latency:
            _ask(url, "PUT", "/_simulator/behaviour", {"latency": LATENCY})
        return _measured(connection, asked, size, url, limited=scenario.limited)


def _configure(url: str, *, limited: bool) -> None:
    times = TIMES if limited else FREE
    os.environ |= {
        "QBO_SIMULATOR_URL": url,
        "QBO_REQUESTS_PER_MINUTE": str(REQUESTS_A_MINUTE * times),
        "QBO_REQUESTS_PER_SECOND": str(REQUESTS_A_SECOND * times),
        "QBO_BATCHES_PER_MINUTE": str(BATCHES_A_MINUTE * times),
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


@contextlib.contextmanager
def _simulator() -> Iterator[str]:
    """The address of a simulator that runs until the end of the block."""
    folder = tempfile.mkdtemp(prefix="smmware-bench-simulator-")
    command = [sys.executable, "-m", "qbo_simulator", "--port", "0", "--data", f"{folder}/books.sqlite3"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        found = re.search(r"http://\S+", process.stdout.readline())
        if found is None:
            sys.exit("The simulator did not start.")
        yield found.group()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _ask(url: str, method: str, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url + path, data, headers, method=method)  # noqa: S310 - our own process
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.loads(answer.read())


def _connected(url: str) -> Any:
    """An active connection, by somebody who may have asked for it."""
    import datetime as dt

    from django.utils import timezone

    from associates.models import Associate
    from qbo_sync.models import Connection

    tokens, now = _ask(url, "POST", "/_simulator/tokens", {}), timezone.now()
    owner = Associate.objects.create(first_name="Olivia", last_name="Owner", username="owner", qbo_admin=True)
    return Connection.objects.create(
        environment="simulator", realm_id=tokens["realm_id"], state="connected", is_active=True, connected_by=owner,
        access_token=tokens["access_token"], refresh_token=tokens["refresh_token"], connected_at=now,
        access_expires_at=now + dt.timedelta(hours=1), refresh_expires_at=now + dt.timedelta(days=100),
    )  # fmt: skip


def _office(size: int) -> dict[Any, set[int]]:
    """Associates, clients, hours, and invoices that bill three hours each; answers what is asked to be copied."""
    import datetime as dt

    from associates.models import Associate
    from clients.models import Client, Job
    from hours.models import HourEntry
    from invoices.models import Invoice, InvoiceLine
    from qbo_sync.models import Kind

    people = [
        Associate.objects.create(first_name="Ann", last_name=f"Associate {place:03}", username=None)
        for place in range(ASSOCIATES)
    ]
    jobs = [
        Job.objects.create(name="Move", client=Client.objects.create(name=f"Bench Client {place:03}", stage="client"))
        for place in range(CLIENTS)
    ]
    invoices = (size - ASSOCIATES - CLIENTS) // (LINES + 1)
    day = dt.date(2026, 3, 2)
    entries = HourEntry.objects.bulk_create(
        HourEntry(
            job=jobs[place // LINES % CLIENTS], associate=people[place % ASSOCIATES], date=day, minutes=90,
            description=f"Packing, part {place}", charge_rate=65,
        )
        for place in range(size - ASSOCIATES - CLIENTS - invoices)
    )  # fmt: skip
    made = Invoice.objects.bulk_create(
        Invoice(job=jobs[place % CLIENTS], number=str(1001 + place), status="finalized", date=day)
        for place in range(invoices)
    )
    InvoiceLine.objects.bulk_create(
        InvoiceLine(invoice=invoice, position=line, quantity="1.50", rate=65, amount="97.50", hour_entry=entry)
        for place, invoice in enumerate(made)
        for line, entry in enumerate(entries[LINES * place : LINES * (place + 1)], 1)
    )
    return {Kind.INVOICE: {each.pk for each in made}, Kind.HOUR_ENTRY: {each.pk for each in entries}}


def _map(connection: Any) -> None:
    from qbo_sync.connection.client import client_for
    from qbo_sync.models import Item, Mapping, Purpose

    with client_for(connection) as client:
        [row] = client.query("select * from Item where Name = 'Hours'").rows
    item = Item.objects.create(connection=connection, qbo_id=row["Id"], name="Hours", full_name="Hours", type="Service")
    for purpose in Purpose:
        if purpose.takes_item:
            Mapping.objects.create(connection=connection, purpose=purpose, item=item)


def _measured(connection: Any, asked: dict[Any, set[int]], size: int, url: str, *, limited: bool) -> Measured:
    from django.db import connection as database

    from qbo_sync.models import Run
    from qbo_sync.push import plan
    from qbo_sync.runs import moves
    from qbo_sync.serve import serve

    counted = _Counter()
    before = len(_requests(url))
    started, cpu, memory = time.monotonic(), time.process_time(), _peak_kb(reset=True)
    with database.execute_wrapper(counted):
        run = plan.build(connection=connection, asked=asked, title="Bench", actor=connection.connected_by)
        planned = time.monotonic()
        moves.queue(run)
        while serve(connection.pk):
            pass
    ended, cpu, peak = time.monotonic(), time.process_time() - cpu, _peak_kb() - memory
    run = Run.objects.get(pk=run.pk)
    _check(run, size, url, connection)
    requests = _requests(url)[before:]
    writes = sum(row["kind"] == "write" for row in requests)
    floor, last = _floor_and_last(run) if limited else (0.0, 0.0)
    return Measured(
        size,
        planned - started,
        ended - planned,
        writes,
        len(requests) - writes,
        counted.queries,
        cpu,
        peak,
        floor,
        last,
    )


class _Counter:
    """Counts the statements that are sent to the database."""

    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.queries += 1
        return execute(sql, params, many, context)


def _requests(url: str) -> list[dict[str, Any]]:
    log = _ask(url, "GET", "/_simulator/requests?limit=10000")
    return list(log["requests"] if isinstance(log, dict) else log)


def _peak_kb(*, reset: bool = False) -> int:
    """The most memory that this process has held, in KB, since it was last reset (Linux)."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found.group(1)) if found else 0


def _check(run: Any, size: int, url: str, connection: Any) -> None:
    """Each record once, and nothing else."""
    from qbo_sync.connection.client import client_for

    with client_for(connection) as client:
        there = client.count("TimeActivity") + client.count("Invoice", "DocNumber >= '1001'")
        there += client.count("Customer", "DisplayName LIKE 'Bench Client%'")
        there += client.count("Employee", "DisplayName LIKE 'Ann Associate%'")
    if run.state != "done" or there != size:
        sys.exit(f"The run is {run.state} ({run.message}), and QuickBooks holds {there} of {size} records.")


def _floor_and_last(run: Any) -> tuple[float, float]:
    """When the batch limit alone lets the last batch start, and when it did, in seconds after the first."""
    sent = list(run.attempts.order_by("sent_at").values_list("sent_at", flat=True))
    floor = 60.0 * ((len(sent) - 1) // (BATCHES_A_MINUTE * TIMES))
    return floor, (sent[-1] - sent[0]).total_seconds()


if __name__ == "__main__":
    sys.exit(main())
