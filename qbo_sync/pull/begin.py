"""Asking for an import."""

import datetime as dt

from django.db import transaction

from associates.models import Associate
from qbo_sync.models import Connection, ImportList, Run
from qbo_sync.models.states import RunState
from qbo_sync.runs.moves import OPEN_RUNS, cancel, has_expired

SUPERSEDED = "The list was read again since."


def begin_import(
    connection: Connection, which: ImportList, *, actor: Associate, now: dt.datetime, afresh: bool = False
) -> Run:
    """Queue the import of a list. Where one of it is waiting or running already, that one is answered.

    A list of names is only read by this; its plan is carried out by “Next” (`qbo_sync.runs.moves.queue`). A plan that
    waits for that is answered too.

    Args:
        afresh: what was planned is given up, and the list is read again.

    The caller rings for the engine afterwards.
    """
    with transaction.atomic():
        Connection.objects.select_for_update().get(pk=connection.pk)  # two tabs at the same moment: one import
        asked = Run.objects.filter(connection=connection, import_list=which)
        for plan in asked.filter(state=RunState.PLANNED):
            if not afresh and not has_expired(plan):
                return plan
            cancel(plan)
            Run.objects.filter(pk=plan.pk).update(message=SUPERSEDED)
        waiting = asked.filter(state__in=OPEN_RUNS).first()
        return waiting or Run.objects.create(
            connection=connection,
            type=Run.Type.IMPORT,
            title=f"Import {which.label}",
            import_list=which,
            state=RunState.QUEUED,
            asked_by=actor,
            created_at=now,
            queued_at=now,
        )


def latest_imports(connection: Connection) -> dict[str, Run]:
    """What each list's button did last time, in one query."""
    runs = Run.objects.filter(connection=connection, type=Run.Type.IMPORT).select_related("asked_by")
    return {run.import_list: run for run in runs.order_by("pk")}
