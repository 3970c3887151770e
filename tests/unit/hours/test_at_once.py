"""A day has 24 hours, also for two who record at the same moment."""

import datetime as dt

import pytest

from associates.models import Associate
from hours import recording
from hours.models import HourEntry
from tests.at_once import at_once
from tests.factories import DAY, AssociateFactory, HourEntryFactory, JobFactory

pytestmark = pytest.mark.django_db(transaction=True)
TOO_MUCH = ["Ann Lee has 13.00 hours on Mar 2, 2026 already: with these it would be more than 24."]
HOURS_13 = 13 * 60


@pytest.fixture
def ann() -> Associate:
    return AssociateFactory(first_name="Ann", last_name="Lee")


def test_of_those_who_record_at_once_one_fills_the_day(ann: Associate) -> None:
    jobs = JobFactory.create_batch(4)

    def record(job: object) -> int:
        return recording.record_hours(job=job, associate=ann, date=DAY, minutes=HOURS_13).minutes  # type: ignore[arg-type]

    answers = at_once(*[lambda job=job: record(job) for job in jobs])
    assert sorted(answers, key=str) == sorted([HOURS_13, TOO_MUCH, TOO_MUCH, TOO_MUCH], key=str)
    assert HourEntry.objects.count() == 1


def test_who_moves_an_entry_to_a_day_waits_for_who_records_on_it(ann: Associate) -> None:
    moved = HourEntryFactory(associate=ann, minutes=HOURS_13, date=DAY - dt.timedelta(days=1))

    def move() -> int:
        entry = HourEntry.objects.get(pk=moved.pk)
        entry.date = DAY
        return recording.change(entry=entry).minutes

    def record() -> int:
        return recording.record_hours(job=moved.job, associate=ann, date=DAY, minutes=HOURS_13).minutes

    assert sorted(at_once(move, record), key=str) == sorted([HOURS_13, TOO_MUCH], key=str)


def test_others_and_other_days_are_not_in_the_way(ann: Associate) -> None:
    job, other = JobFactory(), AssociateFactory()
    recorded = [(ann, DAY), (other, DAY), (ann, DAY - dt.timedelta(days=1))]
    answers = at_once(
        *[
            lambda who=who, day=day: recording.record_hours(job=job, associate=who, date=day, minutes=HOURS_13).minutes
            for who, day in recorded
        ]
    )
    assert answers == [HOURS_13] * 3
