"""The simulator as a process of its own, over a real socket."""

import contextlib
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from qbo_simulator.__main__ import arguments
from tests.simulator import ROOT, address, connect, running_simulator, start_simulator


class Remote:
    """A company's API over a socket."""

    def __init__(self, url: str, tokens: dict[str, Any] | None = None) -> None:
        self.tokens = tokens or connect(url)
        self.root = f"{url}/v3/company/{self.tokens['realm_id']}"
        self.session = requests.Session()
        self.session.headers.update(
            {"Authorization": f"Bearer {self.tokens['access_token']}", "Accept": "application/json"}
        )

    def post(self, path: str, body: Any, **params: str) -> requests.Response:
        return self.session.post(f"{self.root}/{path}", json=body, params=params, timeout=10)

    def count(self, entity: str) -> int:
        statement = {"query": f"select count(*) from {entity}"}
        answer = self.session.get(f"{self.root}/query", params=statement, timeout=10).json()
        return answer["QueryResponse"]["totalCount"]

    def rows(self, statement: str, entity: str) -> list[dict[str, Any]]:
        answer = self.session.get(f"{self.root}/query", params={"query": statement}, timeout=10).json()
        return answer["QueryResponse"].get(entity, [])


def test_a_second_start_keeps_the_data_and_replays_answers(tmp_path: Path) -> None:
    with running_simulator(tmp_path / "books.sqlite3", "empty") as url:
        first = Remote(url)
        made = first.post("customer", {"DisplayName": "Rosa"}, requestid="r1").content
    with running_simulator(tmp_path / "books.sqlite3", "sandbox") as url:
        second = Remote(url, first.tokens)
        assert second.post("customer", {"DisplayName": "Rosa"}, requestid="r1").content == made
        assert second.count("Customer") == 1
        second.session.close()
    first.session.close()


def test_20_clients_at_once_are_served_in_good_order(tmp_path: Path) -> None:
    with running_simulator(tmp_path / "books.sqlite3", "empty") as url:
        tokens = connect(url)
        requests.put(f"{url}/_simulator/behaviour", json={"one_name_at_a_time": False}, timeout=10)

        def work(number: int) -> list[str]:
            remote = Remote(url, tokens)
            ids = [remote.post("vendor", {"DisplayName": f"V{number}-{n}"}).json()["Vendor"]["Id"] for n in range(10)]
            remote.post("vendor", {"DisplayName": "All want this one"}, requestid="same")
            remote.session.close()
            return ids

        with ThreadPoolExecutor(20) as pool:
            ids = [id for made in pool.map(work, range(20)) for id in made]
        remote = Remote(url, tokens)
        assert len(set(ids)) == 200
        assert remote.count("Vendor") == 201
        remote.session.close()


@pytest.mark.parametrize(("drop", "kept"), [("before", 0), ("after", 3), ("midway", 2)])
def test_a_dropped_connection_ends_without_an_answer(tmp_path: Path, drop: str, kept: int) -> None:
    with running_simulator(tmp_path / "books.sqlite3", "empty") as url:
        remote = Remote(url)
        rule = {"match": {"path": "/batch"}, "then": {"drop": drop, "after_items": 2}}
        assert requests.put(f"{url}/_simulator/behaviour", json={"rules": [rule]}, timeout=10).status_code == 200
        items = [{"bId": str(n), "operation": "create", "Vendor": {"DisplayName": f"V{n}"}} for n in range(3)]
        with pytest.raises(requests.ConnectionError):
            remote.post("batch", {"BatchItemRequest": items})
        assert remote.count("Vendor") == kept
        remote.session.close()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qbo_simulator", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)


def test_what_is_in_the_way_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = run("--port", port, "--data", str(tmp_path / "books.sqlite3"))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"Cannot listen on 127.0.0.1:{port}: ")
    assert "Traceback" not in ended.stderr
    no_folder = run("--port", "0", "--data", str(tmp_path / "missing" / "books.sqlite3"))
    assert (no_folder.returncode, no_folder.stderr.startswith("The data file ")) == (1, True)
    (tmp_path / "other.txt").write_text("This is not a database, but it is long enough to be looked at closely." * 20)
    no_database = run("--port", "0", "--data", str(tmp_path / "other.txt"))
    assert (no_database.returncode, no_database.stderr.startswith("The data file ")) == (1, True)


def test_it_listens_on_loopback_unless_told_otherwise() -> None:
    assert arguments(["--data", "books.sqlite3"]).host == "127.0.0.1"


def test_a_body_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with running_simulator(tmp_path / "books.sqlite3", "empty") as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as client:
            client.sendall(b"POST /v3/company/1/customer HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n")
            answer = client.recv(1000)
        assert answer.startswith(b"HTTP/1.1 413 Request Entity Too Large")
        assert answer.endswith(b"The entity sent with the request exceeds the maximum allowed bytes.")


def test_kill_under_load_loses_no_answered_write(tmp_path: Path) -> None:
    process = start_simulator(tmp_path / "books.sqlite3", "empty")
    url = address(process)
    tokens = connect(url)
    answered: list[tuple[str, str]] = []

    def write(number: int) -> None:
        remote = Remote(url, tokens)
        with contextlib.suppress(requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            for n in range(1000):
                name = f"T{number}-{n}"  # a term: QuickBooks takes one customer at a time
                answered.append((remote.post("term", {"Name": name, "DueDays": 1}).json()["Term"]["Id"], name))
                if len(answered) == 60:
                    process.kill()
        remote.session.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    process.wait(timeout=10)
    process.stdout.close()  # type: ignore[union-attr]
    with running_simulator(tmp_path / "books.sqlite3") as url:
        again = Remote(url, tokens)
        rows = again.rows("select Id, Name from Term maxresults 1000", "Term")
        again.session.close()
    assert len(answered) >= 60
    assert set(answered) <= {(row["Id"], row["Name"]) for row in rows}


def test_totals_are_right_after_20_clients_wrote_and_read_at_once(tmp_path: Path) -> None:
    with running_simulator(tmp_path / "books.sqlite3", "empty") as url:
        first = Remote(url)
        customer = first.post("customer", {"DisplayName": "Rosa"}).json()["Customer"]["Id"]
        detail = {"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "2"}}}
        invoice = {"CustomerRef": {"value": customer}, "Line": [{**detail, "Amount": 10.25}]}

        def work(number: int) -> None:
            remote = Remote(url, first.tokens)
            for _ in range(3):
                made = remote.post("invoice", invoice).json()["Invoice"]
                part = {"Amount": 4.25, "LinkedTxn": [{"TxnId": made["Id"], "TxnType": "Invoice"}]}
                paid = {"CustomerRef": {"value": customer}, "TotalAmt": 5, "Line": [part]}
                assert remote.post("payment", paid).status_code == 200
                rows = remote.rows("select * from Invoice maxresults 1000", "Invoice")
                assert {row["Balance"] for row in rows} <= {6, 10.25}
            remote.session.close()

        with ThreadPoolExecutor(20) as pool:
            list(pool.map(work, range(20)))
        invoices = first.rows("select * from Invoice maxresults 1000", "Invoice")
        owed = first.rows(f"select * from Customer where Id = '{customer}'", "Customer")[0]["Balance"]
        first.session.close()
        assert [row["Balance"] for row in invoices] == [6] * 60
        assert owed == 60 * (10.25 - 5)
