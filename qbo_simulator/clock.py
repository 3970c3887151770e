"""The simulator's time: one clock that can be set forward, frozen and sped up, shown as Intuit shows it (§2.2)."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")


class Clock:
    """The one clock that tokens, MetaData, limits, request ids, webhooks and the request log read.

    Nothing else in the simulator asks the machine what time it is.  It shows the machine's time until it is changed;
    from then on `anchor` is what it showed when the machine's clock showed `since`.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.since = self.anchor = machine_time()
        self.frozen = False
        self.speed = 1

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        with self.lock:
            return self.shown()

    def shown(self) -> datetime:
        if self.frozen:
            return self.anchor
        return self.anchor + (machine_time() - self.since) * self.speed

    def seconds(self) -> float:
        """The present moment in seconds since 1970."""
        return self.now().timestamp()

    def today(self) -> date:
        """The server's date, which is the date on the Pacific coast."""
        return self.now().astimezone(PACIFIC).date()

    def change(self, now: datetime | float | None, frozen: bool, speed: int) -> None:
        """Go on to a moment, or by seconds (None: neither), and then stand still or run at a speed.

        Raises ValueError, and changes nothing, where the clock would have to go back.
        """
        with self.lock:
            present = self.shown()
            wanted = later(present, now) if isinstance(now, float) else now or present
            if wanted < present:
                raise ValueError(
                    f"clock.now must not be before {with_milliseconds(present)}, what the clock shows: "
                    "it goes forward only."
                )
            self.anchor, self.since = wanted, machine_time()
            self.frozen, self.speed = frozen, speed

    def state(self) -> dict[str, Any]:
        """What a restart needs to go on from."""
        with self.lock:
            return {
                "anchor": self.anchor.isoformat(),
                "since": self.since.isoformat(),
                "frozen": self.frozen,
                "speed": self.speed,
            }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on as if the simulator had run meanwhile."""
        with self.lock:
            self.anchor = datetime.fromisoformat(state["anchor"])
            self.since = datetime.fromisoformat(state["since"])
            self.frozen, self.speed = state["frozen"], state["speed"]


def later(moment: datetime, seconds: float) -> datetime:
    """Raises ValueError where the calendar ends before."""
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        raise ValueError("clock.now must not lie beyond the year 9999.") from None


def machine_time() -> datetime:
    return datetime.now(UTC)


def with_milliseconds(moment: datetime) -> str:
    """The `time` of an envelope: `2026-08-16T10:34:21.220-07:00`."""
    return moment.astimezone(PACIFIC).isoformat(timespec="milliseconds")


def to_the_second(moment: datetime) -> str:
    """A MetaData time: `2026-08-16T10:21:24-07:00`, no milliseconds."""
    return moment.astimezone(PACIFIC).isoformat(timespec="seconds")
