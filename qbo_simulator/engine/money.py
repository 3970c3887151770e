"""Amounts: Decimal inside, JSON numbers on the wire."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")


def decimal(value: Any) -> Decimal:
    """A number of a record as Decimal; what is absent counts as 0."""
    return Decimal(str(value)) if value is not None else Decimal(0)


def to_cents(value: Decimal) -> Decimal:
    """Rounded to 2 decimals, half up (qbo-api.md §7.2, code 6070)."""
    return value.quantize(CENT, ROUND_HALF_UP)


def number(value: Decimal) -> int | float:
    """As Intuit writes it: 85, not 85.00; 62.5, not "62.50"."""
    return int(value) if value == value.to_integral_value() else float(value)


def total(values: Iterable[Any]) -> Decimal:
    """The sum of numbers of records."""
    return sum((decimal(value) for value in values), Decimal(0))
