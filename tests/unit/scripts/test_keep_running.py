"""One command kept running: it comes back when it dies, ends when told to, and never outlives the demo."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "keep_running.py"
# Puts its process id into a file, one a line, and then waits
COMMAND = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(600)"


class Kept:
    """A kept command, in a session of its own as honcho starts it."""

    def __init__(self, folder: Path, overseer: int) -> None:
        self.started = folder / "started"
        command = {"KEPT_COMMAND": shlex.join([sys.executable, "-c", COMMAND, str(self.started)])}
        line = [sys.executable, str(SCRIPT), str(overseer), "sleeper"]
        self.keeper = subprocess.Popen(
            line, env=os.environ | command, stdout=subprocess.PIPE, text=True, start_new_session=True
        )

    def pids(self) -> list[int]:
        return [int(line) for line in self.started.read_text().splitlines()] if self.started.exists() else []

    def nth(self, number: int) -> int:
        """The process id of the command's n-th start, as soon as it is there."""
        wait_for(lambda: len(self.pids()) >= number)
        return self.pids()[number - 1]


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def overseer() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def kept(tmp_path: Path, overseer: "subprocess.Popen[bytes]") -> Iterator[Kept]:
    one = Kept(tmp_path, overseer.pid)
    yield one
    if one.keeper.poll() is None:
        os.killpg(one.keeper.pid, signal.SIGKILL)
    one.keeper.communicate()


def test_a_killed_command_is_started_again_and_it_says_so(kept: Kept) -> None:
    os.kill(kept.nth(1), signal.SIGKILL)
    assert is_running(kept.nth(2))
    assert kept.keeper.stdout is not None
    assert kept.keeper.stdout.readline() == "The process was killed (signal 9). It starts again in 2 seconds.\n"


def test_told_to_stop_it_ends_with_its_command(kept: Kept) -> None:
    command = kept.nth(1)
    os.killpg(kept.keeper.pid, signal.SIGTERM)
    assert kept.keeper.wait(timeout=60) == 0
    assert not is_running(command)
    assert kept.pids() == [command]


def test_when_the_demo_is_gone_so_are_keeper_and_command(kept: Kept, overseer: "subprocess.Popen[bytes]") -> None:
    command = kept.nth(1)
    overseer.kill()
    overseer.wait()
    assert kept.keeper.wait(timeout=60) == 0
    wait_for(lambda: not is_running(command))
