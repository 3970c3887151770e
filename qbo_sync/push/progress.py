"""How a run gets on while somebody watches it: how fast, how long still, what came last, and what is said aloud."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone
from django.utils.timesince import timesince

from qbo_sync.models import Run, Step
from qbo_sync.push.feedback import Summary

WINDOW = dt.timedelta(minutes=1)  # as Intuit counts: the limits make every minute like the one before
SHORTEST = dt.timedelta(seconds=2)  # what came in less says nothing of the next minute
LATEST = 5
MINUTE = 60


@dataclass(frozen=True)
class Pace:
    """How fast the records of a run are answered.

    Args:
        a_minute: records answered in a minute, as of the last one.
        seconds_left: until the last one, if it goes on so.
    """

    a_minute: int
    seconds_left: float

    @property
    def left(self) -> str:
        """The time left in words, no finer than it can be known."""
        if self.seconds_left < MINUTE:
            return "less than a minute"
        now = timezone.now()
        return f"about {timesince(now - dt.timedelta(seconds=self.seconds_left), now, depth=2)}"


def pace(run: Run, summary: Summary, *, now: dt.datetime) -> Pace | None:
    """How fast a run gets on, in one query; None where nothing was answered of late, or it has only just begun.

    Args:
        summary: the run in figures as they are at `now`.
    """
    if run.started_at is None or now - run.started_at < SHORTEST:
        return None
    since = max(run.started_at, now - WINDOW)
    answered = run.attempts.filter(answered_at__gte=since).aggregate(count=Count("steps"))["count"]
    if not answered:
        return None
    a_second = answered / (now - since).total_seconds()
    return Pace(round(a_second * MINUTE) or 1, (summary.total - summary.settled) / a_second)


def latest(run: Run) -> Sequence[Step]:
    """The last few records of the last answer of QuickBooks, in one query, the newest first."""
    answered = run.attempts.filter(answered_at__isnull=False).order_by("-answered_at", "-pk").values("pk")
    return list(run.steps.filter(attempt=answered[:1]).select_related("run").order_by("-position")[:LATEST])


@dataclass(frozen=True)
class Said:
    """What a screen reader reads out: when the state changes, and at each quarter; not at each look.

    Args:
        key: changes when there is something new to say.
    """

    key: str
    words: str


def said(run: Run, done: int, total: int) -> Said:
    """What is to be said of a run of which so many records of all are done."""
    quarters = done * 4 // total if total else 0
    words = f"{run.get_state_display()}. {done:,} of {total:,} records."
    return Said(f"{run.state}-{quarters}", words)
