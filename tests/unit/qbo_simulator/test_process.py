"""The simulator as a process of its own, over a real socket."""

import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

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


def test_kill_loses_no_answered_write(tmp_path: Path) -> None:
    process = start_simulator(tmp_path / "books.sqlite3", "empty")
    remote = Remote(address(process))
    answered = [remote.post("customer", {"DisplayName": f"C{n}"}).json()["Customer"]["Id"] for n in range(40)]
    process.kill()
    process.wait(timeout=10)
    process.stdout.close()  # type: ignore[union-attr]
    remote.session.close()
    with running_simulator(tmp_path / "books.sqlite3") as url:
        again = Remote(url, remote.tokens)
        assert again.count("Customer") == len(set(answered)) == 40
        again.session.close()


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
