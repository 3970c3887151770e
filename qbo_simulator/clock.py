"""Time as Intuit shows it: every moment in Pacific time (qbo-api.md §2.2)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")


class Clock:
    """The one clock that tokens, MetaData, request ids and the request log read."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    def seconds(self) -> float:
        """The present moment in seconds since 1970."""
        return self.now().timestamp()

    def today(self) -> date:
        """The server's date, which is the date on the Pacific coast."""
        return self.now().astimezone(PACIFIC).date()


def with_milliseconds(moment: datetime) -> str:
    """The `time` of an envelope: `2026-08-16T10:34:21.220-07:00`."""
    return moment.astimezone(PACIFIC).isoformat(timespec="milliseconds")


def to_the_second(moment: datetime) -> str:
    """A MetaData time: `2026-08-16T10:21:24-07:00`, no milliseconds."""
    return moment.astimezone(PACIFIC).isoformat(timespec="seconds")
