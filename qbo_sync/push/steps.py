"""Writing down the steps of a plan, since somebody waits for the page that shows them.

Twenty-five thousand by `bulk_create` take twice as long as all else that a plan does, most of it in preparing columns
that say nothing yet: what is not given here the database fills in by itself. PostgreSQL has COPY for this.
"""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from django.db import connection as database
from django.db.backends.utils import CursorWrapper

from qbo_sync.models import Run, Step
from qbo_sync.push.walk import Draft

AT_ONCE = 1000
COLUMNS = (
    "run_id", "position", "kind", "record_id", "entity", "label", "brought_along", "version_seen", "needs",
    "amount", "minutes", "state", "message", "reason", "mend",
)  # fmt: skip
TEXTS = ("entity", "label", "message", "reason", "mend")  # empty they are "", where the others are NULL


def insert(run: Run, drafts: Sequence[Draft]) -> None:
    """Insert a step for each draft, in the caller's transaction."""
    put = _copied if database.vendor == "postgresql" else _inserted
    with database.cursor() as cursor:
        for start in range(0, len(drafts), AT_ONCE):
            put(cursor, [_row(run, draft) for draft in drafts[start : start + AT_ONCE]])


def _row(run: Run, draft: Draft) -> list[Any]:
    kind, record_id = draft.key
    fate, amount = draft.fate, draft.amount
    return [
        run.pk, draft.position, kind.value, record_id, draft.entity.value, draft.label, not draft.asked, draft.version,
        json.dumps([needed.position for needed in draft.needed]), None if amount is None else str(amount),
        draft.minutes, fate.state.value, fate.message, str(fate.reason), str(fate.mend),
    ]  # fmt: skip


def _copied(cursor: CursorWrapper, rows: Sequence[list[Any]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    text.seek(0)
    how = f"FORMAT csv, FORCE_NOT_NULL ({', '.join(TEXTS)})"
    cursor.copy_expert(f"COPY {Step._meta.db_table} ({', '.join(COLUMNS)}) FROM STDIN ({how})", text)


def _inserted(cursor: CursorWrapper, rows: Sequence[list[Any]]) -> None:
    places = f"({', '.join(['%s'] * len(COLUMNS))})"
    into = f"INSERT INTO {Step._meta.db_table} ({', '.join(COLUMNS)})"
    cursor.execute(f"{into} VALUES {', '.join([places] * len(rows))}", [value for row in rows for value in row])
