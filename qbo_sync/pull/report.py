"""What an import did, row by row: kept with its run and shown to people."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import models

from qbo_sync.models import Kind


class Outcome(models.TextChoices):
    NEW = "new", "New"
    LINKED = "linked", "Linked"
    UPDATED = "updated", "Updated"
    UNCHANGED = "unchanged", "Unchanged"
    SKIPPED = "skipped", "Skipped"


@dataclass(frozen=True)
class ReportRow:
    """What became of one row of the list.

    Args:
        note: why it was skipped, or what is to be known of it; "" for nothing.
        kind, record_id: our record, "" and None where there is none.
    """

    outcome: Outcome
    qbo_id: str
    name: str
    note: str = ""
    kind: str = ""
    record_id: int | None = None

    @property
    def url(self) -> str:
        """The page of our record; payment methods and terms have none."""
        if self.record_id is None:
            return ""
        record: Any = Kind(self.kind).model(pk=self.record_id)
        return record.get_absolute_url() if hasattr(record, "get_absolute_url") else ""


class Report:
    """The rows by their QBO ID. An import that was interrupted and begun again goes on with the report it had."""

    def __init__(self, stored: dict[str, Any] | None = None) -> None:
        rows = (stored or {}).get("rows", [])
        self._rows = {row["qbo_id"]: ReportRow(**row | {"outcome": Outcome(row["outcome"])}) for row in rows}

    def add(self, row: ReportRow) -> None:
        """Add a row. What this very import has made or linked before stays that, found again after an interruption."""
        before = self._rows.get(row.qbo_id)
        if before is None or row.outcome != Outcome.UNCHANGED:
            self._rows[row.qbo_id] = row

    def rows(self, outcome: Outcome) -> list[ReportRow]:
        """The rows of one outcome, by name."""
        return sorted(
            (row for row in self._rows.values() if row.outcome == outcome), key=lambda row: row.name.casefold()
        )

    def counts(self) -> dict[Outcome, int]:
        """How many rows there are of each outcome that occurs, in the order of Outcome."""
        counts = dict.fromkeys(Outcome, 0)
        for row in self._rows.values():
            counts[row.outcome] += 1
        return {outcome: count for outcome, count in counts.items() if count}

    def stored(self) -> dict[str, Any]:
        """As JSON, for Run.report."""
        counts = {outcome.value: count for outcome, count in self.counts().items()}
        return {"counts": counts, "rows": [asdict(row) | {"outcome": row.outcome.value} for row in self._rows.values()]}


def counts_in_words(stored: dict[str, Any]) -> str:
    """A stored report in a line: “12 new, 3 linked, 1 skipped”; "" for none."""
    counts = stored.get("counts", {})
    return ", ".join(f"{counts[outcome]:,} {outcome.label.lower()}" for outcome in Outcome if counts.get(outcome))
