"""`make demo` as somebody runs it in a terminal."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.waiting import free_port, wait_until

ROOT = Path(__file__).resolve().parent.parent
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


def first_start(folder: Path) -> None:
    """Start the demo in a folder that is not there yet, and stop it with Ctrl-C; `said_at_first` is what it said."""
    terminal = Terminal(folder)
    try:
        terminal.wait_for(WELCOME)
        terminal.demo.send_signal(signal.SIGINT)
        assert terminal.demo.wait(timeout=60) == 0
        assert terminal.processes() == {}
    finally:
        terminal.end()
    said_at_first(folder).write_text(terminal.output)


def said_at_first(folder: Path) -> Path:
    """The file that keeps what the demo said when it was started here for the first time."""
    return folder / "said-at-first.log"
