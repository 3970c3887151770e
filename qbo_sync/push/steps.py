"""Writing down the steps of a plan: a thousand in one statement, since somebody waits for the page that shows them.

Twenty-five thousand by `bulk_create` take twice as long as all else that a plan does, most of it in preparing columns
that say nothing yet: what is not given here the database fills in by itself. PostgreSQL reads one JSON text in two
thirds of the time that it takes for fifteen thousand values.
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
NEEDS = COLUMNS.index("needs")
INTO = f"INSERT INTO {Step._meta.db_table} ({', '.join(COLUMNS)})"


def insert(run: Run, drafts: Sequence[Draft]) -> None:
    """Insert a step for each draft, in the caller's transaction."""
    statement_of = _as_json if database.vendor == "postgresql" else _as_values
    with database.cursor() as cursor:
        for start in range(0, len(drafts), AT_ONCE):
            cursor.execute(*statement_of([_row(run, draft) for draft in drafts[start : start + AT_ONCE]]))


def _row(run: Run, draft: Draft) -> list[Any]:
    kind, record_id = draft.key
    fate, amount = draft.fate, draft.amount
    return [
        run.pk, draft.position, kind.value, record_id, draft.entity.value, draft.label, not draft.asked, draft.version,
        [needed.position for needed in draft.needed], None if amount is None else str(amount), draft.minutes,
        fate.state.value, fate.message, str(fate.reason), str(fate.mend),
    ]  # fmt: skip


def _as_values(rows: Sequence[list[Any]]) -> tuple[str, list[Any]]:
    for row in rows:
        row[NEEDS] = json.dumps(row[NEEDS])
    places = f"({', '.join(['%s'] * len(COLUMNS))})"
    return f"{INTO} VALUES {', '.join([places] * len(rows))}", [value for row in rows for value in row]


def _as_json(rows: Sequence[list[Any]]) -> tuple[str, list[Any]]:
    types = {field.column: field.db_type(database) for field in Step._meta.concrete_fields}
    columns = ", ".join(f"{column} {types[column]}" for column in COLUMNS)
    statement = f"{INTO} SELECT * FROM json_to_recordset(%s::json) AS new({columns})"  # noqa: S608 - our own names
    return statement, [json.dumps([dict(zip(COLUMNS, row, strict=True)) for row in rows])]
