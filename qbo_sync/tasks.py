"""Celery's tasks are doorbells: an id, one use case, ring again. The sweep rings for what was lost."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone
from kombu.exceptions import ChannelError, OperationalError

from qbo_sync import telling
from qbo_sync.connection import authorize
from qbo_sync.models import Connection
from qbo_sync.push import changes
from qbo_sync.runs.moves import connections_with_work, forget_stale_plans, stale_plans
from qbo_sync.serve import serve

log = logging.getLogger(__name__)


@shared_task(name="qbo_sync.doorbell")
def doorbell(connection_id: int) -> None:
    """Serve one connection, and ring again where there is more to do."""
    if serve(connection_id):
        ring(connection_id)


@shared_task(name="qbo_sync.compare")
def compare(connection_id: int) -> None:
    """Look at what was changed here after it was copied."""
    changes.compare(Connection.objects.get(pk=connection_id))


@shared_task(name="qbo_sync.tell")
def tell() -> None:
    """Mail whoever asked for a long run that has ended."""
    telling.tell(now=timezone.now())


@shared_task(name="qbo_sync.tidy")
def tidy() -> None:
    """Delete the plans that nobody carried out, and give back to Intuit what nobody decided about."""
    forget_stale_plans()
    authorize.forget_undecided(timezone.now())


def ring(connection_id: int) -> None:
    """Ask a worker to serve a connection. Where the broker is down the sweep does it later, so nothing is lost."""
    _send(doorbell, connection_id)


def _send(task: Any, *arguments: int) -> None:
    try:
        task.delay(*arguments)
    except (OperationalError, ChannelError) as error:
        log.warning("%s%s could not be asked for: %s", task.name, arguments, error)


@worker_ready.connect
def begin_sweeping(sender: Any, **_: Any) -> None:
    """Sweep when a worker starts and every 20 s from then on (design.md §4).

    A timer inside the worker, not Celery's beat: beat is a process of its own that outlives a killed worker and keeps
    its schedule file locked. Every worker sweeps; a ring too many finds the lease taken and goes away.
    """
    sweep()
    sender.timer.call_repeatedly(settings.QBO_SWEEP_SECONDS, sweep)


def sweep() -> None:
    """Ring for every connection that has work and nobody at it, and for all else that nobody waits for."""
    close_old_connections()
    try:
        for connection_id in connections_with_work():
            ring(connection_id)
        _compare_what_rose()
        if telling.endings(timezone.now()).exists():
            _send(tell)
        if stale_plans().exists() or authorize.left_undecided(timezone.now()).exists():
            _send(tidy)
    finally:
        close_old_connections()


def _compare_what_rose() -> None:
    connection = Connection.active()
    if connection is not None and changes.is_due(connection):
        _send(compare, connection.pk)
