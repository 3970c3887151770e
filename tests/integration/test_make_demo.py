"""`make demo` from an empty folder: it comes up, stops whole, keeps its data, and survives a killed worker."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import prepared_office
from tests.terminal import WELCOME, Terminal, said_at_first
from tests.waiting import wait_until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a demo that was started once, in an empty folder, and stopped whole with Ctrl-C.

    The journeys begin with what it left too; making it takes half a minute.
    """
    return Path(shutil.copytree(prepared_office(), tmp_path / "demo"))


@pytest.fixture
def second_start(folder: Path) -> Iterator[Terminal]:
    terminal = Terminal(folder)
    terminal.wait_for(WELCOME)
    yield terminal
    terminal.end()


def test_the_first_start(folder: Path) -> None:
    said = said_at_first(folder).read_text()
    assert "Preparing: company …" in said
    assert "The demo has stopped. Its data is kept" in said


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")
def test_the_second_start(second_start: Terminal) -> None:
    assert "Preparing" not in second_start.output
    (killed,) = second_start.workers()
    os.kill(killed, signal.SIGKILL)
    second_start.wait_for("The process was killed (signal 9). It starts again in 2 seconds.")
    wait_until(lambda: set(second_start.workers()) - {killed}, "another worker runs", 60)
    assert second_start.demo.poll() is None

    second_start.demo.kill()
    second_start.demo.wait()
    wait_until(lambda: not second_start.processes(), "nothing of the demo is left behind", 60)
