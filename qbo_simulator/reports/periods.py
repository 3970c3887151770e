"""The days a report is about: from parameters, and cut into columns."""

from dataclasses import dataclass
from datetime import date, timedelta

from qbo_simulator import faults

COLUMNS = {"Total": 0, "Month": 1, "Quarter": 3, "Year": 12}


@dataclass(frozen=True)
class Period:
    """Days from start to end, both included.  title: what stands above its column."""

    start: date
    end: date
    title: str = "Total"


def months_on(day: date, months: int) -> date:
    """The first day of the month so many months after (before, where negative) the day's."""
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def named(macro: str, today: date) -> Period:
    """What `date_macro` means, the fiscal year being the calendar's.  Raises 2170 for an unknown one."""
    words = macro.lower().replace("-", " ").split()
    to_date = words[-2:] == ["to", "date"]
    which, *unit = words[:-2] if to_date else words or [""]
    if which in ("today", "yesterday", "all") and not to_date:
        day = today - timedelta(days=which == "yesterday")
        return Period(date(1900, 1, 1) if which == "all" else day, day)
    start, after = bounds(which, " ".join(unit), today, macro)
    return Period(start, min(today, after) if to_date else after - timedelta(days=1))


def bounds(which: str, unit: str, today: date, macro: str) -> tuple[date, date]:
    """The first day of this, the last or the next week, month, quarter or year, and the first day after it."""
    steps = {"this": 0, "last": -1, "next": 1}
    length = {"month": 1, "fiscal quarter": 3, "quarter": 3, "fiscal year": 12, "year": 12}.get(unit)
    if which not in steps or (length is None and unit != "week"):
        raise faults.invalid_enumeration(macro, "date_macro")
    if length is None:
        first = today - timedelta(days=(today.weekday() + 1) % 7) + timedelta(weeks=steps[which])
        return first, first + timedelta(weeks=1)
    begun = months_on(today, -((today.month - 1) % length))
    return months_on(begun, steps[which] * length), months_on(begun, (steps[which] + 1) * length)


def columns(period: Period, by: str) -> list[Period]:
    """The period cut as `summarize_column_by` says.  Raises 2170 for a cut that is not known."""
    if by not in COLUMNS:
        raise faults.invalid_enumeration(by, "summarize_column_by")
    months = COLUMNS[by]
    if not months:
        return [period]
    found, start = [], period.start
    while start <= period.end:
        begun = months_on(start, -((start.month - 1) % months))
        end = min(months_on(begun, months) - timedelta(days=1), period.end)
        found.append(Period(start, end, f"{start:%b %Y}" if months == 1 else f"{start:%b} - {end:%b %Y}"))
        start = end + timedelta(days=1)
    return found
