"""The rows of an import, as they are kept and counted."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from qbo_sync.models import ImportRow, Outcome, Run


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
    return ", ".join(f"{counted[outcome]:,} {outcome.in_words}" for outcome in Outcome if counted.get(outcome))
