"""What everybody needs who starts processes: a free port, and patience."""

import socket
import time
from collections.abc import Callable
from typing import Any


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """Wait until `condition` answers something true; raises TimeoutError, naming `what`, where it does not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(0.2)
    raise TimeoutError(f"Waited {seconds:.0f} seconds in vain until {what}.")
