"""Writing down the steps of a plan: a thousand in one statement, since somebody waits for the page that shows them.

Twenty-five thousand by `bulk_create` take twice as long as all else that a plan does, most of it in preparing columns
that say nothing yet: what is not given here the database fills in by itself.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection as database

from qbo_sync.models import Run, Step
from qbo_sync.push.walk import Draft

AT_ONCE = 1000
COLUMNS = (
    "run_id", "position", "kind", "record_id", "entity", "label", "brought_along", "version_seen", "needs",
    "amount", "minutes", "state", "message", "reason", "mend",
)  # fmt: skip


def insert(run: Run, drafts: Sequence[Draft]) -> None:
    """Insert a step for each draft, in the caller's transaction."""
    with database.cursor() as cursor:
        for start in range(0, len(drafts), AT_ONCE):
            rows = [_row(run, draft) for draft in drafts[start : start + AT_ONCE]]
            cursor.execute(_statement(len(rows)), [value for row in rows for value in row])


def _statement(rows: int) -> str:
    places = f"({', '.join(['%s'] * len(COLUMNS))})"
    return f"INSERT INTO {Step._meta.db_table} ({', '.join(COLUMNS)}) VALUES {', '.join([places] * rows)}"  # noqa: S608 - our own names


def _row(run: Run, draft: Draft) -> tuple[Any, ...]:
    kind, record_id = draft.key
    needs = json.dumps([needed.position for needed in draft.needed])
    return (
        run.pk, draft.position, kind.value, record_id, draft.entity.value, draft.label, not draft.asked, draft.version,
        needs, draft.amount, draft.minutes, draft.fate.state.value, draft.fate.message, str(draft.fate.reason),
        str(draft.fate.mend),
    )  # fmt: skip
