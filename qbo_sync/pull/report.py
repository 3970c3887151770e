"""The rows of an import, as they are kept and counted."""

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from qbo_sync.models import ImportRow, Outcome, Run
from smmware.core.inserting import insert_rows

COLUMNS = [field.attname for field in ImportRow._meta.concrete_fields if not field.primary_key]
TEXTS = ("qbo_id", "name", "sync_token", "outcome", "answer", "parent_id", "note")
JSON = ("candidates", "values")


def keep(run: Run, rows: Sequence[ImportRow]) -> None:
    """Keep what became of these rows, in two statements.

    What this very import has made or linked before stays that, found again after an interruption.
    """
    for row in rows:
        row.run = run
    happened = [row for row in rows if row.outcome != Outcome.UNCHANGED]
    ImportRow.objects.bulk_create(
        happened, update_conflicts=True, unique_fields=["run", "qbo_id"], update_fields=["name", "outcome", "note"]
    )
    ImportRow.objects.bulk_create((row for row in rows if row.outcome == Outcome.UNCHANGED), ignore_conflicts=True)


def plan(rows: Sequence[ImportRow]) -> None:
    """Keep what is planned for these rows, of a run that has none of them yet."""
    insert_rows(ImportRow, COLUMNS, ([_value(row, column) for column in COLUMNS] for row in rows), texts=TEXTS)


def _value(row: ImportRow, column: str) -> Any:
    value = getattr(row, column)
    return json.dumps(value) if column in JSON else value


def counts(run: Run) -> dict[Outcome, int]:
    """How many rows there are of each outcome that occurs, in the order of Outcome."""
    found = dict(run.rows.order_by().values_list("outcome").annotate(Count("pk")))
    return {outcome: found[outcome] for outcome in Outcome if outcome in found}


def stored(counted: dict[Outcome, int]) -> dict[str, Any]:
    """As JSON, for Run.report."""
    return {"counts": {outcome.value: count for outcome, count in counted.items()}}


def counts_in_words(report: dict[str, Any]) -> str:
    """A stored report in a line: “12 new, 3 linked, 1 left alone”; "" for none."""
    counted = report.get("counts", {})
    return in_words({outcome: counted[outcome] for outcome in Outcome if counted.get(outcome)})


def in_words(counted: dict[Outcome, int]) -> str:
    """How many rows there are of each outcome, in a line."""
    return ", ".join(f"{count:,} {outcome.in_words}" for outcome, count in counted.items())
