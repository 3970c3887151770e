"""The simulator for tests: behind the `responses` library without a socket, or as the real process on a free port."""

import datetime as dt
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
import responses
from werkzeug.test import Client

from qbo_simulator import Simulator, create_app, entities
from qbo_simulator.clock import Clock
from qbo_simulator.engine import write
from qbo_simulator.engine.books import Books
from qbo_simulator.store.database import Database

ROOT = Path(__file__).resolve().parent.parent
METHODS = ("GET", "POST", "PUT", "DELETE")
FRESH = dt.timedelta(minutes=15)  # a company laid out so long ago at most is one laid out just now
CARD = {"Name": "Visa", "AccountType": "Credit Card", "AccountSubType": "CreditCard"}
SMALL = "small"  # an empty company with a credit card: all that a copy needs
JUST_NOW = dt.timedelta(0)

# company, its age and the day → when, and its data file
_laid_out: dict[tuple[str, dt.timedelta, dt.date], tuple[dt.datetime, bytes]] = {}


def simulator_in_memory(company: str = "sandbox", age: dt.timedelta = JUST_NOW) -> Simulator:
    """A simulator of one's own: `create_app(":memory:", company)`, its first books copied, not laid out each time.

    company: sandbox, empty or SMALL.  age: how long ago the company began with QuickBooks.
    A test that travels in time gets books of its own day.
    """
    now = dt.datetime.now(dt.UTC)
    made, data = _laid_out.get((company, age, now.date()), (now - FRESH, b""))
    if not JUST_NOW <= now - made < FRESH:
        data = first_books(company, age)
        _laid_out[company, age, now.date()] = (now, data)
    database = Database(":memory:")
    database.connection.deserialize(data)
    return Simulator(database, company, (), Clock())


def first_books(company: str, age: dt.timedelta) -> bytes:
    """The data file of a simulator that has just been started."""
    clock = Clock()
    clock.anchor -= age
    first = create_app(":memory:", "empty" if company == SMALL else company, clock=clock)
    if company == SMALL:
        realm = first.database.one("SELECT realm FROM company")[0]
        with first.database.transaction():
            write.create(Books(first.database, entities.REGISTRY, realm, clock), entities.REGISTRY["Account"], CARD)
    data = first.database.connection.serialize()
    first.close()
    return data


def route_responses(rsps: responses.RequestsMock, app: Simulator, base_url: str = "http://qbo.test") -> None:
    """Send every request for a base URL to the simulator's WSGI application.

    rsps: an active RequestsMock.  Method, path, query, headers and body arrive as sent; status, headers and body come
    back as answered.  A connection that the simulator drops is a `requests.ConnectionError`, as over a socket.
    """
    for method in METHODS:
        rsps.add_callback(method, re.compile(re.escape(base_url) + r"(/|\?|$)"), callback=forwarder(app))


def forwarder(app: Simulator) -> Callable[[requests.PreparedRequest], tuple[int, dict[str, str], bytes]]:
    """A callback for `responses` that asks the application."""
    client = Client(app, use_cookies=False)

    def forward(request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        url = urlsplit(request.url or "")
        body = request.body.encode() if isinstance(request.body, str) else request.body
        try:
            answer = client.open(
                unquote(url.path),
                base_url=f"{url.scheme}://{url.netloc}",
                query_string=url.query,
                method=request.method,
                headers=dict(request.headers),
                data=body,
            )
        except ConnectionResetError as error:
            raise requests.ConnectionError(str(error), request=request) from error
        return answer.status_code, dict(answer.headers), answer.get_data()

    return forward


@contextmanager
def running_simulator(data: str | Path, company: str = "sandbox", *more: str) -> Iterator[str]:
    """The real process on a free port of this machine; yields its URL, and ends it by its own id.

    data: the SQLite file.  company: what a new file starts with.  more: further arguments of the command line.
    """
    process = start_simulator(data, company, *more)
    try:
        yield address(process)
    finally:
        process.terminate()
        process.wait(timeout=60)
        if process.stdout:
            process.stdout.close()


def start_simulator(data: str | Path, company: str = "sandbox", *more: str) -> subprocess.Popen[str]:
    """The process alone, for a test that kills it; `address` waits until it listens."""
    command = [sys.executable, "-m", "qbo_simulator", "--port", "0", "--data", str(data), "--company", company, *more]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )


def address(process: subprocess.Popen[str]) -> str:
    """The URL that the process prints when it listens.  Raises RuntimeError where it ended instead."""
    line = process.stdout.readline() if process.stdout else ""
    if "http://" not in line:
        raise RuntimeError(f"The simulator did not start (exit status {process.wait(timeout=60)}).")
    return line[line.index("http://") :].strip()


def connect(base: Client | str, realm_id: str | None = None) -> dict[str, Any]:
    """Tokens for a company, from a test client or a URL: what POST /_simulator/tokens answers."""
    wanted = {"realm_id": realm_id} if realm_id else {}
    if isinstance(base, str):
        return requests.post(f"{base}/_simulator/tokens", json=wanted, timeout=60).json()
    return base.post("/_simulator/tokens", json=wanted).get_json()
