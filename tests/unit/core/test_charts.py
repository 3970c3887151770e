"""Bars, and how dollars are written above them."""

from decimal import Decimal

import pytest

from smmware.core.charts import BAR_HEIGHT, GROUND, ROOM_ABOVE, Value, bars, in_short, rows


def value(figure: int) -> Value:
    return Value("Nov", Decimal(figure), f"${figure}", "")


def test_the_highest_fills_the_room_and_the_others_their_share() -> None:
    drawn = bars([value(200), value(50), value(0), value(-5)])
    assert [(bar.height, bar.top) for bar in drawn] == [
        (BAR_HEIGHT, ROOM_ABOVE), (45, GROUND - 45), (0, GROUND), (0, GROUND),
    ]  # fmt: skip
    assert [(bar.x, bar.middle, bar.width) for bar in drawn[:2]] == [
        ("3.75%", "12.50%", "17.50%"),
        ("28.75%", "37.50%", "17.50%"),
    ]


def test_nothing_at_all_is_a_ground_line() -> None:
    assert bars([]) == []
    assert [bar.height for bar in bars([value(0), value(-1)])] == [0, 0]


def test_in_rows_the_highest_is_as_wide_as_the_drawing() -> None:
    drawn, height = rows([value(200), value(50), value(-5)])
    assert [(row.width, row.words, row.top) for row in drawn] == [
        ("100.00%", 15, 21), ("25.00%", 59, 65), ("0.00%", 103, 109),
    ]  # fmt: skip
    assert height == 132
    assert rows([]) == ([], 0)
    assert [row.width for row in rows([value(0)])[0]] == ["0.00%"]


@pytest.mark.parametrize(
    ("amount", "written"),
    [("0", ""), ("9.49", "$9"), ("950", "$950"), ("1234.56", "$1.2k"), ("12345", "$12k"), ("-2500", "$-2.5k")],
)
def test_dollars_in_short(amount: str, written: str) -> None:
    assert in_short(Decimal(amount)) == written
