"""Writing many rows at once, where `bulk_create` takes most of its time to prepare columns that say nothing.

PostgreSQL has COPY for this; other databases get one statement for a thousand rows. What is not given the database
fills in by itself. Nobody is told, and no ids come back: it is for rows that nothing refers to yet.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection as database
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

AT_ONCE = 1000


def insert_rows(
    model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], *, texts: Sequence[str] = ()
) -> None:
    """Insert these rows, in the caller's transaction.

    Args:
        columns: names of the columns, in the order of each row's values.
        rows: plain values; what is JSON in the database as text, None for NULL. They are taken as they are needed.
        texts: the columns in which "" is an empty text, and not NULL.
    """
    names = ", ".join(map(database.ops.quote_name, columns))
    put = _copied if database.vendor == "postgresql" else _inserted
    waiting = iter(rows)
    with database.cursor() as cursor:
        while chunk := list(islice(waiting, AT_ONCE)):
            put(cursor, f"{model._meta.db_table} ({names})", chunk, texts)


def _copied(cursor: CursorWrapper, table: str, rows: Sequence[Sequence[Any]], texts: Sequence[str]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    text.seek(0)
    how = f", FORCE_NOT_NULL ({', '.join(texts)})" if texts else ""
    cursor.copy_expert(f"COPY {table} FROM STDIN (FORMAT csv{how})", text)


def _inserted(cursor: CursorWrapper, table: str, rows: Sequence[Sequence[Any]], texts: Sequence[str]) -> None:
    places = f"({', '.join(['%s'] * len(rows[0]))})"
    values = [value for row in rows for value in row]
    cursor.execute(f"INSERT INTO {table} VALUES {', '.join([places] * len(rows))}", values)  # noqa: S608 - our own names
