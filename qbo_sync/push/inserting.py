"""Inserting thousands of rows at once, whatever the database."""

from collections.abc import Sequence
from typing import TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)
ROWS_A_STATEMENT = 1000


def insert(model: type[M], rows: Sequence[M]) -> None:
    """Insert new rows of a model. Call it inside a transaction; the rows do not learn their ids.

    Django sends SQLite 999 values a statement, some 45 steps; one prepared statement for all takes two thirds of the
    time.
    """
    if connection.vendor != "sqlite":
        model._default_manager.bulk_create(rows, batch_size=ROWS_A_STATEMENT)
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    table, *columns = map(connection.ops.quote_name, [model._meta.db_table, *(str(each.column) for each in fields)])
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608 - names of our own
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
