"""Keep one command running: when it ends, say so and start it again after a moment.

Usage: KEPT_COMMAND="…" keep_running.py OVERSEER NAME

honcho ends all processes when one ends. A demo goes on instead when somebody kills its worker in the middle of a
copy, which is worth trying. OVERSEER is the process id of the demo: when that is gone, killed outright, the command is
ended too, so that nothing is left behind holding a port. The command shares this process's group, so that honcho's
signals reach both. It comes in by the environment, so that `pkill -f celery` finds the worker and not its keeper; NAME
is for those who read a list of processes.
"""

import os
import shlex
import signal
import subprocess
import sys
import time
from types import FrameType

PAUSE_SECONDS = 2.0
GRACE_SECONDS = 5.0


class Keeper:
    """One command and the wish to have it running."""

    def __init__(self, overseer: int, command: list[str]) -> None:
        self.overseer = overseer
        self.command = command
        self.stopping = False

    def stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True

    def keep(self) -> None:
        """Run the command again and again until told to stop."""
        while not self.stopping:
            status = self.run_once()
            if not self.stopping:
                how = f"was killed (signal {-status})" if status < 0 else f"ended (status {status})"
                print(f"The process {how}. It starts again in {PAUSE_SECONDS:.0f} seconds.", flush=True)
                time.sleep(PAUSE_SECONDS)

    def run_once(self) -> int:
        """Run the command to its end. Returns its exit status, as subprocess gives it."""
        child = subprocess.Popen(self.command)
        while True:
            try:
                return child.wait(timeout=1)
            except subprocess.TimeoutExpired:
                if not self.stopping and self.overseer_is_gone():
                    self.end_group(child)

    def overseer_is_gone(self) -> bool:
        try:
            os.kill(self.overseer, 0)
        except ProcessLookupError:
            return True
        return False

    def end_group(self, child: "subprocess.Popen[bytes]") -> None:
        """End the command, and with it this process: politely, then firmly."""
        os.killpg(0, signal.SIGTERM)
        try:
            child.wait(timeout=GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(0, signal.SIGKILL)


def main() -> None:
    keeper = Keeper(int(sys.argv[1]), shlex.split(os.environ.pop("KEPT_COMMAND")))
    signal.signal(signal.SIGTERM, keeper.stop)
    signal.signal(signal.SIGINT, keeper.stop)
    keeper.keep()


if __name__ == "__main__":
    main()
