"""What a run's page shows only while it goes on, and what is read out of it to whoever cannot see it."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from qbo_sync.models import Run
from qbo_sync.push import progress
from qbo_sync.push.feedback import Summary, rows


def under_way(run: Run, summary: Summary) -> dict[str, Any]:
    """How fast it gets on, and the latest records."""
    return {"pace": progress.pace(run, summary, now=timezone.now()), "latest": rows(run, progress.latest(run))}


def said(request: HttpRequest, run: Run, done: int, total: int) -> dict[str, Any]:
    """What is read out, and whether it is news to the page that asks, which tells what it has said last."""
    told = progress.said(run, done, total)
    return {"key": told.key, "words": told.words, "is_news": request.headers.get("Run-Said") != told.key}
