"""Literals and statements of the query language."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from qbo_sync.api import query


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ("Smith", "'Smith'"),
        ("O'Neil", r"'O\'Neil'"),
        ("back\\slash", r"'back\\slash'"),
        ("both\\'", r"'both\\\''"),
        ("x' OR Active = false", r"'x\' OR Active = false'"),
        ("Müller & Söhne", "'Müller & Söhne'"),
        ("", "''"),
    ],
)
def test_text_is_escaped(value: str, literal: str) -> None:
    assert query.text(value) == literal


def test_dates_times_and_booleans() -> None:
    morning = datetime.datetime(2026, 3, 1, 8, 15, 0, 999_999, tzinfo=ZoneInfo("America/Los_Angeles"))

    assert query.day(datetime.date(2026, 3, 1)) == "'2026-03-01'"
    assert query.moment(morning) == "'2026-03-01T08:15:00-08:00'"
    assert (query.flag(True), query.flag(False)) == ("true", "false")


def test_a_naive_time_is_no_literal() -> None:
    with pytest.raises(ValueError, match="time zone"):
        query.moment(datetime.datetime(2026, 3, 1))  # noqa: DTZ001


def test_one_of_escapes_each_value() -> None:
    assert query.one_of(["1", "O'Neil"]) == r"('1', 'O\'Neil')"


def test_one_of_nothing_is_no_list() -> None:
    with pytest.raises(ValueError, match="one value"):
        query.one_of(iter(()))


def test_statements() -> None:
    where = query.both("", "TxnDate > '2026-01-01'", query.ACTIVE_AND_NOT)

    assert where == "TxnDate > '2026-01-01' AND Active IN (true, false)"
    assert query.select("Customer") == "SELECT * FROM Customer ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000"
    assert (
        query.select("Item", where="Active = true", order_by="Name", start=101, limit=100)
        == "SELECT * FROM Item WHERE Active = true ORDERBY Name STARTPOSITION 101 MAXRESULTS 100"
    )
    assert query.count("Term") == "SELECT COUNT(*) FROM Term"
    assert query.count("Term", where="Active = true") == "SELECT COUNT(*) FROM Term WHERE Active = true"
