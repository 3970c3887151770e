"""Measuring one process: its CPU, its memory, its queries."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from django.db import connections
from django.db.backends.signals import connection_created

C = TypeVar("C", bound="Cost")
STATUS = Path("/proc/self/status")


@dataclass
class Cost:
    """What something took. Seconds on the wall, seconds of this process' CPU, queries, KB above the start."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    queries: int = 0
    peak_kb: int = 0


@contextmanager
def measured(cost: C | None = None) -> Iterator[C]:
    """The cost of what happens inside the block, complete at its end. Queries of all threads count."""
    cost, counter = cost or cast(C, Cost()), _Counter()
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins here: ru_maxrss lies after a fork
    memory, wall, cpu = _status_kb("VmRSS"), time.monotonic(), time.process_time()
    with counter.listening():
        yield cost
    cost.wall_s, cost.cpu_s = time.monotonic() - wall, time.process_time() - cpu
    cost.queries, cost.peak_kb = counter.queries, _status_kb("VmHWM") - memory


def _status_kb(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", STATUS.read_text())
    return int(found.group(1)) if found else 0


class _Counter:
    """Counts the statements that are sent to the database, by whichever thread."""

    def __init__(self) -> None:
        self.queries = 0

    @contextmanager
    def listening(self) -> Iterator[None]:
        here = connections["default"].execute_wrappers
        here.append(self)
        connection_created.connect(self._listen)
        try:
            yield
        finally:
            connection_created.disconnect(self._listen)
            here.remove(self)

    def _listen(self, connection: Any, **_: Any) -> None:
        if self not in connection.execute_wrappers:
            connection.execute_wrappers.append(self)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.queries += 1
        return execute(sql, params, many, context)
