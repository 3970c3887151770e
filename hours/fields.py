"""How durations are typed."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from hours.models import MINUTES_A_DAY

SPAN = re.compile(r"^(\d{1,2})(?::([0-5]\d))?\s*([ap]m?)?\s*(?:-|–|to)\s*(\d{1,2})(?::([0-5]\d))?\s*([ap]m?)?$")
CLOCK = re.compile(r"^(\d{1,3}):([0-5]?\d)$")
DECIMALS = re.compile(r"^(\d{0,3}(?:[.,]\d{0,4})?)\s*h?$")


class HoursField(forms.CharField):
    """A duration typed as hours in decimals (7.75), by the clock (7:45) or from start to end (8:30-16:15).

    Whole minutes come out.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Hours")
        kwargs.setdefault("help_text", "Such as 7.75, 7:45 or 8:30-16:15.")
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **kwargs)

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        span = SPAN.match(text.lower())
        minutes = _between(*_start_and_end(span)) if span else _minutes(text)
        if minutes is None:
            raise ValidationError("Type hours as 7.75 or 7:45.", code="invalid")
        if not 1 <= minutes <= MINUTES_A_DAY:
            raise ValidationError("Between one minute and 24 hours.", code="out_of_a_day")
        return minutes

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, int) else value


def written(minutes: int) -> str:
    """Minutes as they are typed: in decimals where two places hold them, else by the clock."""
    if minutes % 3 == 0:
        return f"{Decimal(minutes) / 60:.2f}".rstrip("0").rstrip(".")
    return f"{minutes // 60}:{minutes % 60:02}"


def _start_and_end(span: re.Match[str]) -> tuple[int, int]:
    """Both in minutes of the day. Where only the end has “pm”, the start has it too, unless it would be later."""
    hour, minute, half, end_hour, end_minute, end_half = span.groups()
    end = _of_day(end_hour, end_minute, end_half)
    start = _of_day(hour, minute, half or end_half)
    return (start if half or start < end else _of_day(hour, minute, half)), end


def _of_day(hour: str, minute: str | None, half: str | None) -> int:
    hours = int(hour)
    if (half and not 1 <= hours <= 12) or hours > 24:
        raise ValidationError("There is no such time of day.", code="invalid")
    if half:
        hours = hours % 12 + (12 if half.startswith("p") else 0)
    return hours * 60 + int(minute or 0)


def _between(start: int, end: int) -> int:
    if end <= start:
        raise ValidationError("The end is before the start. Work past midnight is two entries.", code="end_first")
    return end - start


def _minutes(text: str) -> int | None:
    if clock := CLOCK.match(text):
        return int(clock[1]) * 60 + int(clock[2])
    decimals = DECIMALS.match(text.lower())
    if not decimals or not any(character.isdigit() for character in text):
        return None
    hours = Decimal(decimals[1].replace(",", ".").rstrip(".") or "0")
    return int((hours * 60).quantize(Decimal(1), rounding=ROUND_HALF_UP))
