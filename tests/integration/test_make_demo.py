"""`make demo` from an empty folder: it comes up, survives a killed worker, stops whole, and keeps its data."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]
WELCOME = "Ctrl-C stops everything"


class Terminal:
    """The demo as somebody runs it in a terminal; `output` is what it has said so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder.parent / f"{folder.name}.{free_port()}.log"
        ports = {"PORT": str(free_port()), "SIMULATOR_PORT": str(free_port())}
        with self.log.open("wb") as log:
            self.demo = subprocess.Popen(
                [sys.executable, "scripts/demo.py"],
                cwd=ROOT,
                env=os.environ | ports | {"SMMWARE_DEMO_DIR": str(folder)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self.log.read_text()

    def wait_for(self, text: str, seconds: float = 180) -> None:
        wait_until(lambda: text in self.output, f"the demo says “{text}”", seconds)

    def processes(self) -> dict[int, str]:
        """Every process that was started with this demo's folder in its environment, and its command line."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                environment, line = (entry / "environ").read_bytes(), (entry / "cmdline").read_bytes()
            except OSError:  # gone meanwhile, or another person's
                continue
            if f"SMMWARE_DEMO_DIR={self.folder}".encode() in environment.split(b"\0"):
                found[int(entry.name)] = line.replace(b"\0", b" ").decode()
        return found

    def workers(self) -> list[int]:
        return [pid for pid, line in self.processes().items() if "celery" in line]

    def end(self) -> None:
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        self.demo.wait()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "demo"


@pytest.fixture
def first_start(folder: Path) -> Iterator[Terminal]:
    terminal = Terminal(folder)
    terminal.wait_for(WELCOME)
    yield terminal
    terminal.end()


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")
def test_the_demo_from_start_to_second_start(first_start: Terminal, folder: Path) -> None:
    assert "Preparing: company …" in first_start.output
    (killed,) = first_start.workers()
    os.kill(killed, signal.SIGKILL)
    first_start.wait_for("The process was killed (signal 9). It starts again in 2 seconds.")
    wait_until(lambda: set(first_start.workers()) - {killed}, "another worker runs", 60)
    assert first_start.demo.poll() is None

    first_start.demo.send_signal(signal.SIGINT)
    assert first_start.demo.wait(timeout=60) == 0
    assert "The demo has stopped. Its data is kept" in first_start.output
    assert first_start.processes() == {}

    again = Terminal(folder)
    try:
        again.wait_for(WELCOME)
        assert "Preparing" not in again.output
        again.demo.kill()
        again.demo.wait()
        wait_until(lambda: not again.processes(), "nothing of the demo is left behind", 60)
    finally:
        again.end()
