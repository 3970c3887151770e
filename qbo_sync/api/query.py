"""Statements of QuickBooks' query language, and values written into them (qbo-api.md §3).

Its parser takes no characters beyond Latin-1 in a statement, whatever the encoding (a name with "ł" ends in code 4000);
look such names up in what was read before, not with a query.
"""

import datetime
from collections.abc import Iterable

ACTIVE_AND_NOT = "Active IN (true, false)"  # lists leave their inactive rows out unless asked for like this
MAX_RESULTS = 1000


def text(value: str) -> str:
    """`value` as a literal, its backslashes and apostrophes escaped: O'Neil → 'O\\'Neil'."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def day(value: datetime.date) -> str:
    """A date as a literal, for TxnDate: '2026-03-01'."""
    return text(f"{value:%Y-%m-%d}")


def moment(value: datetime.datetime) -> str:
    """An aware time as a literal, for MetaData.CreateTime and LastUpdatedTime: '2026-03-01T08:15:00+00:00'.

    Whole seconds, which is all that QuickBooks keeps in MetaData (qbo-api.md §2.2): the fraction is cut off.

    Errors: ValueError for a naive time, which QuickBooks would take for its own time zone.
    """
    if value.utcoffset() is None:
        raise ValueError("A time without a time zone cannot be written into a query.")
    return text(value.isoformat(timespec="seconds"))


def flag(value: bool) -> str:
    """A boolean as a literal: true or false, without quotes."""
    return "true" if value else "false"


def one_of(values: Iterable[str]) -> str:
    """Texts or ids as a list for IN: ('1', '2').

    Errors: ValueError for an empty list, which the parser refuses.
    """
    literals = [text(value) for value in values]
    if not literals:
        raise ValueError("IN needs one value at least.")
    return f"({', '.join(literals)})"


def both(*conditions: str) -> str:
    """The conditions that are not empty, joined with AND; there is no OR."""
    return " AND ".join(condition for condition in conditions if condition)


def select(entity: str, *, where: str = "", order_by: str = "Id", start: int = 1, limit: int = MAX_RESULTS) -> str:
    """A statement for whole rows.

    Arguments:
        entity: as QuickBooks spells it: Customer, TimeActivity …
        where: conditions without the word WHERE.
        order_by: always stated: without it rows come in no order to rely on.
        start: position of the first row, counted from 1.
        limit: rows at most, up to 1,000.
    """
    return f"SELECT * FROM {entity}{_where(where)} ORDERBY {order_by} STARTPOSITION {start} MAXRESULTS {limit}"  # noqa: S608 - no SQL


def count(entity: str, *, where: str = "") -> str:
    """A statement for the number of rows."""
    return f"SELECT COUNT(*) FROM {entity}{_where(where)}"  # noqa: S608 - no SQL


def _where(conditions: str) -> str:
    return f" WHERE {conditions}" if conditions else ""
