"""The whole product as real processes on free ports, for journeys: web, worker and simulator, as the demo runs them.

Embedded by default; with SMMWARE_TEST_DATABASE_URL and SMMWARE_TEST_BROKER_URL on PostgreSQL and Redis.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from scripts.demo import Demo, answers
from tests.database import administer, alone, is_migrated, migrated_database, on_server
from tests.terminal import first_start
from tests.waiting import free_port, wait_until

ROOT = Path(__file__).resolve().parent.parent
SHORT_TIMES = {
    # The same product with shorter waits and wider limits, so that a journey takes seconds.
    "QBO_SETTLE_SECONDS": "3",
    "QBO_LEASE_SECONDS": "3",
    "QBO_HEARTBEAT_SECONDS": "0.5",
    "QBO_SWEEP_SECONDS": "1",
    "QBO_REQUESTS_PER_MINUTE": "20000",
    "QBO_REQUESTS_PER_SECOND": "1000",
    "QBO_BATCHES_PER_MINUTE": "20000",
}


class Office(Demo):
    """A running office: its folder, its ports, its processes."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        super().__init__(folder, free_port(), free_port())
        self.settings = settings
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def environment(self) -> dict[str, str]:
        return super().environment() | SHORT_TIMES | self.settings

    def manage(self, *command: str, **more: str) -> str:
        """Run a management command against this office's database; answers what it prints."""
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT, env=self.environment() | more, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    def do(self, step: str, *arguments: str) -> Any:
        """A step of a journey without a browser (tests.seeding), in this office's own settings."""
        if "seeding" not in self.processes:
            self.processes["seeding"] = subprocess.Popen(
                [sys.executable, "-m", "tests.seeding"],
                cwd=ROOT,
                env=self.environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        seeding = self.processes["seeding"]
        assert seeding.stdin
        assert seeding.stdout
        seeding.stdin.write(json.dumps([step, *arguments]).encode() + b"\n")
        seeding.stdin.flush()
        return json.loads(seeding.stdout.readline())

    def start(self, *names: str) -> None:
        """Start processes by name and wait until those that listen answer."""
        for name in names:
            log = (self.folder / f"{name}.log").open("ab")
            command = [sys.executable, "-m", *self.commands()[name]]
            self.processes[name] = subprocess.Popen(command, cwd=ROOT, env=self.environment(), stdout=log, stderr=log)
            log.close()
        for name, url in (("web", f"{self.url}/sign-in/"), ("simulator", self.simulator_url)):
            if name in names:
                wait_until(lambda url=url: answers(url), f"{name} answers at {url}", 60)

    def kill(self, name: str) -> None:
        """End a process at once, as a power cut would."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)

    def stop(self) -> None:
        """End everything that was started."""
        for process in self.processes.values():
            process.terminate()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
        for process in self.processes.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=10)

    def simulator(self, path: str, method: str = "GET", **options: Any) -> Any:
        """Ask the simulator's control plane."""
        answer = requests.request(method, f"{self.simulator_url}{path}", timeout=30, **options)
        answer.raise_for_status()
        return answer.json()

    def books(self) -> "Books":
        """The books at QuickBooks, asked directly over its own query API."""
        return Books(self)


class Books:
    """What QuickBooks holds."""

    def __init__(self, office: Office) -> None:
        self.office = office
        tokens = office.simulator("/_simulator/tokens", "POST", json={})
        self.url = f"{office.simulator_url}/v3/company/{tokens['realm_id']}"
        self.headers = {"Authorization": f"Bearer {tokens['access_token']}", "Accept": "application/json"}

    def all(self, entity: str, where: str = "") -> list[dict[str, Any]]:
        """Every record of an entity."""
        found: list[dict[str, Any]] = []
        while True:
            statement = f"select * from {entity} {where} orderby Id startposition {len(found) + 1} maxresults 1000"
            answer = requests.get(f"{self.url}/query", params={"query": statement}, headers=self.headers, timeout=60)
            answer.raise_for_status()
            page = answer.json()["QueryResponse"].get(entity, [])
            found += page
            if len(page) < 1000:
                return found

    def create(self, entity: str, **body: Any) -> dict[str, Any]:
        """A record made at QuickBooks by hand."""
        answer = requests.post(f"{self.url}/{entity.lower()}", json=body, headers=self.headers, timeout=30)
        answer.raise_for_status()
        return dict(answer.json()[entity])

    def writes(self) -> list[dict[str, Any]]:
        """The writing requests that arrived so far."""
        log = self.office.simulator("/_simulator/requests")
        rows = log["requests"] if isinstance(log, dict) else log
        return [row for row in rows if row["kind"] == "write"]


@contextmanager
def running_office(folder: Path, *names: str, settings: dict[str, str] | None = None) -> Iterator[Office]:
    """An office with the fictitious company in it, its processes running; ended and cleaned up afterwards."""
    shutil.copytree(prepared_office(), folder, ignore=shutil.ignore_patterns("simulator.sqlite3*"))
    with _services() as services:
        office = Office(folder, services | (settings or {}))
        try:
            office.start(*names)
            yield office
        finally:
            office.stop()
            shutil.rmtree(folder / "broker", ignore_errors=True)


def prepared_office() -> Path:
    """A folder with the fictitious company in its database, made once for all tests of a run.

    In the embedded default it is what `make demo` leaves behind that was started in an empty folder.
    """
    folder = Path(os.environ["SMMWARE_VAR_DIR"]) / "prepared-office"
    with alone("prepared-office"):
        if not (folder / "is-ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            if server := _postgres():
                _prepare(folder, server)
            else:
                first_start(folder)
            (folder / "is-ready").touch()
    return folder


def _prepare(folder: Path, server: str) -> None:
    """Static files, and the company in the database that others are copied from."""
    folder.mkdir()
    migrated = migrated_database() if is_migrated() else "template1"
    administer(server, f"DROP DATABASE IF EXISTS {_template()} WITH (FORCE)")
    administer(server, f"CREATE DATABASE {_template()} TEMPLATE {migrated}")
    Office(folder, {"DATABASE_URL": on_server(server, _template())}).prepare()


def forget_prepared_office() -> None:
    """Drop the database that others were copied from; the folder goes with the run's own."""
    if server := _postgres():
        administer(server, f"DROP DATABASE IF EXISTS {_template()} WITH (FORCE)")


@contextmanager
def _services() -> Iterator[dict[str, str]]:
    """A database and a broker of its own: none to name in the embedded default."""
    server = _postgres()
    if not server:
        yield {}
        return
    broker = os.environ["SMMWARE_TEST_BROKER_URL"]
    name = f"smmware_office_{uuid.uuid4().hex[:12]}"
    administer(server, f"CREATE DATABASE {name} TEMPLATE {_template()}")
    try:
        yield {
            "DATABASE_URL": on_server(server, name),
            "CELERY_BROKER_URL": broker,
            "CELERY_QUEUE": name,
            "QBO_THROTTLE_STORAGE": broker,
        }
    finally:
        administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _postgres() -> str:
    """The server to make databases on; empty in the embedded default."""
    database, broker = os.environ.get("SMMWARE_TEST_DATABASE_URL", ""), os.environ.get("SMMWARE_TEST_BROKER_URL", "")
    return database if database.startswith("postgres") and broker else ""


def _template() -> str:
    """The run's database with the fictitious company in it: copied by PostgreSQL in a blink, filled in seconds."""
    return f"smmware_prepared_{os.environ['SMMWARE_TEST_RUN']}"
