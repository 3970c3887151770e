"""The request log: what was asked lately, kept in memory and bounded."""

import itertools
import threading
from collections import deque
from typing import Any

from qbo_simulator.clock import Clock, with_milliseconds
from qbo_simulator.exchange import Exchange

KEPT = 20_000


class RequestLog:
    """The last requests, oldest first."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lock = threading.Lock()
        self.entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self.numbers = itertools.count(1)

    def enter(self, exchange: Exchange) -> dict[str, Any]:
        """A new entry for a request that has come; its status is filled in when it is answered."""
        request = exchange.request
        entry: dict[str, Any] = {
            "time": with_milliseconds(self.clock.now()),
            "method": request.method,
            "path": request.path,
            "query": request.query_string.decode("latin-1"),
            "requestid": exchange.requestid,
            "kind": exchange.kind,
            "operations": [{"operation": each.operation, "entity": each.entity} for each in exchange.operations],
            "status": None,
            "replayed": False,
            "dropped": None,
            "injected": exchange.injected,
        }
        with self.lock:
            entry["number"] = next(self.numbers)
            self.entries.append(entry)
        return entry

    def since(self, number: int) -> list[dict[str, Any]]:
        """The entries with a higher number."""
        with self.lock:
            return [dict(entry) for entry in self.entries if entry["number"] > number]

    def clear(self) -> None:
        """Forget all entries; numbers go on."""
        with self.lock:
            self.entries.clear()
