"""Intuit's speed limits, counted per company on the simulator's clock (qbo-api.md §6).

The library `limits`, which the office's own throttle uses, reads the machine's time and keeps a timer thread; a window
that follows a clock which can stand still is these few lines.
"""

import math
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from qbo_simulator.clock import Clock
from qbo_simulator.control.behaviour import Behaviour
from qbo_simulator.exchange import Exchange
from qbo_simulator.faults import GatewayFault, throttled, unavailable

MINUTE, SECOND = 60, 1


@dataclass(frozen=True)
class Window:
    """So many requests in any `seconds`.  limit: the part of the control that says how many."""

    limit: str
    seconds: int
    scope: tuple[str, ...]


class Limits:
    """Counts what was let in, and what is under way."""

    def __init__(self, behaviour: Behaviour, clock: Clock) -> None:
        self.behaviour = behaviour
        self.clock = clock
        self.lock = threading.Lock()
        self.let_in: defaultdict[Window, deque[float]] = defaultdict(deque)
        self.under_way: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def turn(self, exchange: Exchange, realm: str, app: str) -> Iterator[None]:
        """One request's turn, until its answer has left.  Raises GatewayFault where a limit is reached.

        A refused request does not count against the limits.
        """
        with self.lock:
            if self.behaviour["limits"]["on"]:
                self.check(windows(exchange, realm, app), (realm, app))
            self.under_way[realm, app] += 1
        try:
            yield
        finally:
            with self.lock:
                self.under_way[realm, app] -= 1

    def check(self, asked: list[Window], who: tuple[str, str]) -> None:
        limits, now = self.behaviour["limits"], self.clock.seconds()
        if self.under_way[who] >= limits["at_once"]:
            raise self.refusal("at_once", 1)
        for window in asked:
            times = self.let_in[window]
            while times and times[0] <= now - window.seconds:
                times.popleft()
            if len(times) >= limits[window.limit]:
                raise self.refusal(window.limit, math.ceil(times[0] + window.seconds - now))
        for window in asked:
            self.let_in[window].append(now)

    def refusal(self, limit: str, wait: int) -> GatewayFault:
        self.behaviour.count(f"limit {limit}")
        return shaped(self.behaviour["limits"], wait)


def windows(exchange: Exchange, realm: str, app: str) -> list[Window]:
    """The windows a request counts in."""
    asked = [Window("per_minute", MINUTE, (realm,)), Window("per_second", SECOND, (realm, app))]
    if exchange.what == "batch":
        asked.append(Window("batches_per_minute", MINUTE, (realm, app)))
        asked.append(Window("batches_per_minute_of_all_apps", MINUTE, (realm,)))
    if exchange.what == "reports":
        asked.append(Window("reports_per_minute", MINUTE, (realm,)))
    return asked


def shaped(limits: dict[str, Any], wait: int = MINUTE) -> GatewayFault:
    """The refusal in the form that the control says.  wait: seconds, for Retry-After."""
    fault = unavailable() if limits["answer"] == "503" else throttled(as_xml=limits["answer"] == "xml")
    fault.retry_after = max(wait, 1) if limits["retry_after"] else None
    return fault
