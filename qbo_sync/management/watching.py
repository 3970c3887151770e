"""Watching a run from a terminal. Where no worker serves it, it is served here, by the worker's own way.

Whoever holds the connection's lease is at work; who asks while it is held goes away. So it does no harm to begin here
although a worker is only slow.
"""

import time
from typing import Any

import click
from django.conf import settings
from django.utils import timezone

from qbo_sync.models import Connection, Run
from qbo_sync.push import feedback, progress
from qbo_sync.push.feedback import Summary
from qbo_sync.runs.moves import OPEN_RUNS
from qbo_sync.serve import serve

LOOK_SECONDS = 0.5
ANSWER_SECONDS = 5.0  # how long the lease may be free before nobody is thought to be at it
SERVE_SECONDS = 5.0  # at a stretch, between two looks


class Watch:
    """One run, watched until it is over or waits for a person."""

    def __init__(self, run: Run, out: Any) -> None:
        self.run = run
        self.out = out
        self.free_since: float | None = None
        self.serve_at = 0.0  # on the monotonic clock, as is `free_since`
        self.told = ("", "")  # what was read out, and why it waits

    def until_over(self) -> None:
        """Show how the run gets on until nothing goes on by itself any more; `run` is then as it ended."""
        summary = feedback.summary(self.run)
        label, in_lines = str(self.run.connection), not self.out.isatty()
        with click.progressbar(length=summary.total, label=label, hidden=in_lines, show_pos=True) as bar:
            while self._look(bar, in_lines=in_lines):
                self._serve_where_nobody_does()

    def _look(self, bar: Any, *, in_lines: bool) -> bool:
        """Show how it stands; whether it goes on by itself."""
        self.run.refresh_from_db()
        self.run.connection.refresh_from_db()
        summary = feedback.summary(self.run)
        bar.update(summary.settled - bar.pos)
        self._tell(summary, in_lines=in_lines)
        return self.run.state in OPEN_RUNS and self.run.connection.is_connected

    def _tell(self, summary: Summary, *, in_lines: bool) -> None:
        """Say why it waits and, where there is no bar, how far it is: whenever there is something new to say."""
        said = progress.said(self.run, summary.settled, summary.total)
        before, self.told = self.told, (said.key, self.run.message)
        if in_lines and said.key != before[0]:
            self.out.write(said.words)
        if self.run.message and self.run.message != before[1]:
            self.out.write(self.run.message if in_lines else f"\n{self.run.message}")

    def _serve_where_nobody_does(self) -> None:
        now = time.monotonic()
        if self._is_held():
            self.free_since = None
        elif self.free_since is None:
            self.free_since = now
        if self.free_since is None or now < max(self.free_since + ANSWER_SECONDS, self.serve_at):
            time.sleep(LOOK_SECONDS)
        elif not serve(self.run.connection_id, seconds=SERVE_SECONDS):
            self.serve_at = now + settings.QBO_SWEEP_SECONDS  # it waits for something: as often as a worker would ask

    def _is_held(self) -> bool:
        return Connection.objects.filter(pk=self.run.connection_id, lease_until__gte=timezone.now()).exists()
