"""CSV that a spreadsheet opens safely."""

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Any

# A cell that starts like this is a formula to a spreadsheet (OWASP, “CSV Injection”).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
NEGATIVE_AMOUNT = re.compile(r"-[\d.,]+")


class _Line:
    """What csv.writer writes to: hands each line straight on."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Each row as a line of CSV, made as it is asked for."""
    writer = csv.writer(_Line())
    yield "\ufeff"  # the mark by which Excel knows UTF-8
    for row in rows:
        yield writer.writerow([_safe(cell) for cell in row])


def _safe(cell: Any) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not NEGATIVE_AMOUNT.fullmatch(text) else text
