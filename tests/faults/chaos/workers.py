"""The workers of the chaos test as it sees them: started at once, killed, frozen, thawed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
GONE_SECONDS = 10.0


@dataclass(frozen=True)
class Worker:
    """A Celery worker, by the id of its process, which leads a group of its own."""

    pid: int

    def kill(self) -> None:
        """End it and whatever it has started, as a power cut would, and wait until it is gone."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        deadline = time.monotonic() + GONE_SECONDS
        while self.is_there and time.monotonic() < deadline:
            time.sleep(0.002)

    def freeze(self) -> None:
        os.killpg(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.killpg(self.pid, signal.SIGCONT)

    @property
    def is_there(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True


class Nursery:
    """Where workers come from."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def worker(self) -> Worker:
        """A new worker, on its way up.  Raises RuntimeError where the nursery has ended."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("No worker can be started any more: their nursery has ended.")
        worker = Worker(int(answer))
        while _group_of(worker.pid) != worker.pid:
            time.sleep(0.001)
        return worker


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError as error:
        raise RuntimeError("A worker ended as soon as it was started.") from error


@contextmanager
def nursery(log: Path) -> Iterator[Nursery]:
    """A nursery until the end of the block, and with it ends every worker.

    log: the file that the workers write to.
    """
    command = [sys.executable, "-m", "tests.faults.chaos.nursery", str(log)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Nursery(process)
    finally:
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
        process.wait(timeout=30)
