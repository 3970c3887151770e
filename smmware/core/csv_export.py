"""CSV that a spreadsheet opens safely."""

import csv
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

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


def csv_response(rows: Iterable[Iterable[Any]], name: str) -> StreamingHttpResponse:
    """Rows as a file to be saved under `name` (without its ending), streamed: they are asked for as it is sent."""
    lines = _in(timezone.get_current_timezone(), csv_lines(rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _in(time_zone: dt.tzinfo, lines: Iterator[str]) -> Iterator[str]:
    """The lines as they are sent: after the request, and so after the middleware that set the time zone."""
    with timezone.override(time_zone):
        yield from lines


def _safe(cell: Any) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not NEGATIVE_AMOUNT.fullmatch(text) else text
