"""A CSV must not bring a formula to the spreadsheet that opens it."""

import pytest

from smmware.core.csv_export import csv_lines


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1 555", "'+1 555"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'\t=1+1"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("-1,012.50", '"-1,012.50"'),
        ("Whitfield", "Whitfield"),
        (None, ""),
        (3, "3"),
    ],
)
def test_cells(cell: object, written: str) -> None:
    assert list(csv_lines([[cell, "x"]]))[1] == f"{written},x\r\n"


def test_commas_and_quotes_stay_in_their_cell() -> None:
    assert list(csv_lines([["a,b", 'say "x"']])) == ["\ufeff", '"a,b","say ""x"""\r\n']
