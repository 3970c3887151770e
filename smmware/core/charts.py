"""Bars, as SVG that a strict Content-Security-Policy lets through: only attributes, no style and no script.

Widths are in percent and heights in pixels, so that a chart fills a phone and a wide screen alike while its words keep
their size. A chart says everything once more in words, for whoever listens to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

ROOM_ABOVE, BAR_HEIGHT, ROOM_BELOW = 20, 180, 30  # for figures, the highest bar and labels, in pixels
GROUND = ROOM_ABOVE + BAR_HEIGHT
HEIGHT = GROUND + ROOM_BELOW
ROW, ROW_WORDS = 44, 15  # a row, and from its top down to the line of its words, in pixels
FILLED = Decimal("0.7")  # of the room for a bar: the rest parts it from the next


@dataclass(frozen=True)
class Value:
    """What a bar stands for: the label under it, the figure, both in words to read out, and the figure in few signs."""

    label: str
    figure: Decimal
    words: str
    short: str


@dataclass(frozen=True)
class Bar:
    """A value with its place in the drawing."""

    value: Value
    x: str  # percent
    width: str  # percent
    middle: str  # percent
    height: int  # pixels
    top: int  # pixels


def bars(values: Sequence[Value]) -> list[Bar]:
    """The bars of a chart, the highest figure as high as there is room. What is negative has no height."""
    highest = max((value.figure for value in values), default=Decimal(0))
    room = Decimal(100) / max(len(values), 1)
    drawn = []
    for place, value in enumerate(values):
        height = int(max(value.figure, Decimal(0)) / highest * BAR_HEIGHT) if highest > 0 else 0
        left = room * place + room * (1 - FILLED) / 2
        drawn.append(
            Bar(
                value,
                _percent(left),
                _percent(room * FILLED),
                _percent(room * place + room / 2),
                height,
                GROUND - height,
            )
        )
    return drawn


@dataclass(frozen=True)
class Row:
    """A value with its place in a drawing of rows."""

    value: Value
    width: str  # percent
    words: int  # pixels from the top
    top: int  # pixels


def rows(values: Sequence[Value]) -> tuple[list[Row], int]:
    """The rows of a chart, the highest figure as wide as the drawing, and the height of all, in pixels."""
    highest = max((value.figure for value in values), default=Decimal(0))
    drawn = []
    for place, value in enumerate(values):
        share = max(value.figure, Decimal(0)) / highest * 100 if highest > 0 else Decimal(0)
        top = place * ROW
        drawn.append(Row(value, _percent(share), top + ROW_WORDS, top + ROW_WORDS + 6))
    return drawn, len(drawn) * ROW


def in_short(amount: Decimal) -> str:
    """Dollars in four signs or so, for above a bar: “$950”, “$12k”, “$1.2k”; nothing for nothing."""
    if not amount:
        return ""
    if abs(amount) < 1000:
        return f"${amount:.0f}"
    thousands = amount / 1000
    return f"${thousands:.1f}k" if abs(thousands) < 10 else f"${thousands:.0f}k"


def _percent(figure: Decimal) -> str:
    return f"{figure:.2f}%"
