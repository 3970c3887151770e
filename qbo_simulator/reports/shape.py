"""The parts of a report's answer."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
Cell = str | Decimal | tuple[str, str]


def cell(value: Cell) -> Row:
    """One ColData.  value: text, an amount, or a name with the id of its record."""
    if isinstance(value, tuple):
        return {"value": value[0], "id": value[1]}
    return {"value": f"{value:.2f}" if isinstance(value, Decimal) else value}


def cells(values: Iterable[Cell]) -> Row:
    return {"ColData": [cell(value) for value in values]}


def data(values: Iterable[Cell]) -> Row:
    """A row of its own."""
    return {**cells(values), "type": "Data"}


def section(header: Sequence[Cell], rows: list[Row], summary: Sequence[Cell], group: str = "") -> Row:
    """Rows under a head and above their sum; either may be empty."""
    found: Row = {"Header": cells(header), "Rows": {"Row": rows}} if header else {}
    if summary:
        found["Summary"] = cells(summary)
    return {**found, "type": "Section", **({"group": group} if group else {})}


def columns(*titles: tuple[str, str]) -> Row:
    """The columns of a report.  titles: (title, type of column)."""
    return {
        "Column": [
            {"ColTitle": title, "ColType": kind, "MetaData": [{"Name": "ColKey", "Value": key(title, kind)}]}
            for title, kind in titles
        ]
    }


def key(title: str, kind: str) -> str:
    return (title or kind).lower().replace(" ", "_")
