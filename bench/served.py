"""The real simulator as a process of its own, on a free port and books that are deleted afterwards."""

import contextlib
import json
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class Simulator:
    """A running simulator, by its address."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """What a page of its own controls answers (docs/simulator.md)."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read())

    def requests(self) -> list[dict[str, Any]]:
        """What it was asked so far, oldest first (the last 20,000)."""
        return list(self.ask("GET", "/_simulator/requests")["requests"])


@contextlib.contextmanager
def simulator() -> Iterator[Simulator]:
    """A simulator that runs until the end of the block."""
    with tempfile.TemporaryDirectory(prefix="smmware-bench-books-") as folder:
        command = [sys.executable, "-m", "qbo_simulator", "--port", "0", "--data", f"{folder}/books.sqlite3"]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            yield Simulator(_address(process))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    if found is None:
        sys.exit("The simulator did not start.")
    return found.group()
