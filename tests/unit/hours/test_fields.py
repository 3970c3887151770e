"""How durations are typed and written."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from hours.fields import HoursField, written
from hours.models import MINUTES_A_DAY


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("7.75", 465),
        ("7,75", 465),
        ("7:45", 465),
        ("0:05", 5),
        ("7", 420),
        ("7.", 420),
        (".5", 30),
        ("1.67", 100),
        (" 8 h ", 480),
        ("24", 1440),
        ("24:00", 1440),
        ("0.02", 1),
        ("8:30-16:15", 465),
        ("9 - 12", 180),
        ("9am-5pm", 480),
        ("1-5 pm", 240),
        ("11-2pm", 180),
        ("12pm to 1pm", 60),
        ("22–24", 120),
        ("", None),
    ],
)
def test_hours_as_people_type_them(typed: str, minutes: int | None) -> None:
    assert HoursField(required=False).clean(typed) == minutes


@pytest.mark.parametrize("typed", ["16:15-8:30", "9-9", "5pm-9am", "22-2"])
def test_an_end_before_the_start_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as caught:
        HoursField().clean(typed)
    assert caught.value.messages == ["The end is before the start. Work past midnight is two entries."]


@pytest.mark.parametrize("typed", ["25-26", "13pm-14pm", "0am-1am"])
def test_there_is_no_such_time(typed: str) -> None:
    with pytest.raises(ValidationError) as caught:
        HoursField().clean(typed)
    assert caught.value.messages == ["There is no such time of day."]


@pytest.mark.parametrize("typed", ["0", "0:00", "24:01", "25", "24.01", "0.001"])
def test_a_day_has_between_a_minute_and_24_hours(typed: str) -> None:
    with pytest.raises(ValidationError) as caught:
        HoursField().clean(typed)
    assert caught.value.messages == ["Between one minute and 24 hours."]


@pytest.mark.parametrize("typed", ["-3", "seven", ".", "7:60", "7.5.1", "1e2", "h", "7:"])
def test_nonsense_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as caught:
        HoursField().clean(typed)
    assert caught.value.messages == ["Type hours as 7.75 or 7:45."]


@pytest.mark.parametrize(
    ("minutes", "text"), [(465, "7.75"), (60, "1"), (600, "10"), (100, "1:40"), (1, "0:01"), (3, "0.05")]
)
def test_as_it_is_written(minutes: int, text: str) -> None:
    assert written(minutes) == text


@given(st.integers(min_value=1, max_value=MINUTES_A_DAY))
def test_what_is_written_reads_the_same(minutes: int) -> None:
    assert HoursField().clean(written(minutes)) == minutes
