"""The request log: what was asked lately, kept in memory and bounded."""

import itertools
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Response

from qbo_simulator.clock import Clock, with_milliseconds
from qbo_simulator.exchange import Exchange

KEPT = 20_000
BYTES_KEPT = 64 * 2**20


@dataclass(frozen=True)
class Detail:
    """What a request and its answer carried.  Bodies are as they went over the wire, so tokens and all: whoever
    shows them takes the secrets out.

    milliseconds: from its arrival until its answer left.  answer is empty where the connection was dropped.
    """

    request: bytes
    answer: bytes
    milliseconds: int
    transaction_id: str

    @property
    def size(self) -> int:
        return len(self.request) + len(self.answer)


class RequestLog:
    """The last requests, oldest first."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lock = threading.Lock()
        self.entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self.details: dict[int, Detail] = {}
        self.bytes_kept = 0
        self.numbers = itertools.count(1)

    def enter(self, exchange: Exchange) -> dict[str, Any]:
        """A new entry for a request that has come; its status is filled in when it is answered."""
        request = exchange.request
        request.get_data()  # now, since a form that is read first leaves no body behind
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
            "rules": exchange.rules,
        }
        with self.lock:
            entry["number"] = next(self.numbers)
            self.entries.append(entry)
        return entry

    def answered(self, entry: dict[str, Any], exchange: Exchange, response: Response | None) -> None:
        """Fill in what became of a request; None: its connection is dropped."""
        entry["status"] = response.status_code if response else None
        detail = Detail(
            exchange.request.get_data(),
            response.get_data() if response else b"",
            round((time.monotonic() - exchange.started) * 1000),
            response.headers.get("intuit_tid", "") if response else "",
        )
        with self.lock:
            self.details[entry["number"]] = detail
            self.bytes_kept += detail.size
            while self.bytes_kept > BYTES_KEPT or len(self.details) > KEPT:
                self.bytes_kept -= self.details.pop(next(iter(self.details))).size

    def newest(self) -> list[dict[str, Any]]:
        """All entries as they are, newest first; to look at only."""
        with self.lock:
            return list(reversed(self.entries))

    def since(self, number: int) -> list[dict[str, Any]]:
        """The entries with a higher number."""
        with self.lock:
            return [dict(entry) for entry in self.entries if entry["number"] > number]

    def clear(self) -> None:
        """Forget all entries; numbers go on."""
        with self.lock:
            self.entries.clear()
            self.details.clear()
            self.bytes_kept = 0
