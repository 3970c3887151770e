"""What the worker does for invoices by itself: marks as overdue what is past its due date."""

from typing import Any

from celery.signals import worker_ready
from django.db import close_old_connections
from django.utils import timezone

from invoices.payments import mark_overdue
from smmware.core.models import Company

SECONDS = 15 * 60  # soon after midnight, and soon after a machine that was off is on again


@worker_ready.connect
def begin_marking(sender: Any, **_: Any) -> None:
    """Look when a worker starts and every quarter of an hour from then on; a look too many changes nothing."""
    mark()
    sender.timer.call_repeatedly(SECONDS, mark)


def mark() -> None:
    """Mark as overdue what was due before today, by the company's own calendar."""
    close_old_connections()
    try:
        mark_overdue(timezone.localdate(timezone=Company.current().zone))
    finally:
        close_old_connections()
