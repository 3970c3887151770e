"""Hours recorded before there was a rate: who is told, and paying them changes nothing that has a rate."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from associates.models import Associate
from hours import rates, recording, unpaid
from hours.models import HourEntry, TimeSettings
from hours.unpaid_views import in_words
from tests.factories import (
    DAY,
    AssociateFactory,
    HourEntryFactory,
    HourlyRateFactory,
    JobCodeFactory,
    JobFactory,
    TimeSettingsFactory,
)

pytestmark = pytest.mark.django_db
URL = "/hours/reports/without-rate/"
ClientFor = Callable[[Associate | None], Browser]
NOTHING = Decimal(0)


@pytest.fixture
def office(admin: Associate, client_for: ClientFor) -> Browser:
    return client_for(admin)


@pytest.fixture
def ann(db: None) -> Associate:
    """Imported: no rate until March 3."""
    return AssociateFactory(first_name="Ann", last_name="Lee")


def worked(who: Associate, day: int, minutes: int = 60) -> HourEntry:
    return recording.record_hours(job=JobFactory(), associate=who, date=dt.date(2026, 3, day), minutes=minutes)


def stored(*entries: HourEntry) -> list[Decimal]:
    return [HourEntry.objects.get(pk=entry.pk).pay_rate for entry in entries]


def test_whose_and_on_which_days(office: Browser, ann: Associate) -> None:
    worked(ann, 1), worked(ann, 2, 50), worked(ann, 2, 50)
    HourlyRateFactory(associate=ann, rate=Decimal("20.00"), effective_from=dt.date(2026, 3, 2))
    page = office.get(URL)
    ((each, days, without),) = page.context["rows"]
    assert (each.person, days, without) == (ann, "Mar 1, 2026; Mar 2, 2026", "Mar 1, 2026")
    assert (each.minutes, each.payable, each.pay) == (160, 2, Decimal("33.33"))  # 100 minutes, rounded once
    assert f'href="{reverse("associates:add_rate", args=[ann.pk])}"' in page.content.decode()


def test_paying_touches_only_what_has_no_rate(office: Browser, ann: Associate, owner: Associate) -> None:
    early, late = worked(ann, 1), worked(ann, 2)
    kept = HourEntryFactory(associate=ann, date=dt.date(2026, 3, 2), pay_rate=Decimal("17.00"))
    vehicle = HourEntryFactory(associate__kind=Associate.Kind.VEHICLE, pay_rate=0)
    volunteer = AssociateFactory()
    HourlyRateFactory(associate=volunteer, rate=NOTHING)
    given = worked(volunteer, 2)
    HourlyRateFactory(associate=ann, rate=Decimal("20.00"), effective_from=dt.date(2026, 3, 2))
    assert stored(early, late, kept, vehicle, given) == [NOTHING, NOTHING, Decimal(17), NOTHING, NOTHING]
    office.get(URL)
    assert stored(late) == [NOTHING]  # looking changes nothing
    answer = office.post(URL, follow=True)
    assert [str(each) for each in answer.context["messages"]] == ["1 hour entry is paid at the rate of its day now."]
    assert stored(early, late, kept, vehicle, given) == [NOTHING, Decimal(20), Decimal(17), NOTHING, NOTHING]
    HourlyRateFactory(associate=ann, rate=Decimal("99.00"), effective_from=dt.date(2026, 3, 1))
    office.post(URL)
    assert stored(early, late) == [Decimal(99), Decimal(20)]
    again = office.post(URL, follow=True)
    assert "nothing was changed" in [str(each) for each in again.context["messages"]][-1]


def test_by_job_code_its_rate_goes_first(ann: Associate) -> None:
    entries = [
        HourEntryFactory(associate=ann, pay_rate=0, job_code=JobCodeFactory(pay_rate=Decimal("31.00"))),
        HourEntryFactory(associate=ann, pay_rate=0, job_code=JobCodeFactory(pay_rate=None)),
        HourEntryFactory(associate=ann, pay_rate=0, job_code=None),
    ]
    HourlyRateFactory(associate=ann, rate=Decimal("20.00"))
    for pay_by in TimeSettings.PayBy.values:
        settings = TimeSettingsFactory()
        settings.pay_by = pay_by
        settings.save()
        now = dict(unpaid.without_rate(HourEntry.objects.all()).values_list("pk", "rate_now"))
        assert now == {entry.pk: rates.pay_rate(entry, settings) for entry in entries}


def test_the_payroll_report_says_it_for_its_period_and_no_other(office: Browser, ann: Associate) -> None:
    worked(ann, 1)
    HourEntryFactory(date=DAY)
    march = office.get("/hours/reports/payroll/?date_from=2026-03-01&date_to=2026-03-31")
    assert march.context["unpaid"] == [(ann, "Mar 1, 2026")]
    assert f'href="{URL}"' in march.content.decode()
    april = office.get("/hours/reports/payroll/?date_from=2026-04-01&date_to=2026-04-30")
    assert april.context["unpaid"] == []
    assert "unpaid" not in office.get("/hours/reports/expenses/").context


def test_home_tells_those_who_can_do_something(ann: Associate, cast: dict[str, Associate], client_for: Any) -> None:
    worked(ann, 1), worked(ann, 2)
    told = {name: "without a rate" in client_for(who).get("/").content.decode() for name, who in cast.items()}
    assert told == {"owner": True, "senior_admin": True, "admin": True, "lead": False, "basic": False}


def test_with_nothing_to_do_it_says_so(office: Browser) -> None:
    HourEntryFactory()
    assert "Every hour has its rate." in office.get(URL).content.decode()


def test_queries_do_not_grow(office: Browser) -> None:
    numbers = []
    for more in (1, 29):
        HourEntryFactory.create_batch(more, pay_rate=0)
        with CaptureQueriesContext(connection) as queries:
            rows = office.get(URL).context["rows"]
        numbers.append(len(queries))
    assert len(rows) == 30
    assert numbers[0] == numbers[1] <= 12


def test_many_days_are_named_in_part() -> None:
    days = [dt.date(2026, 3, number) for number in range(1, 10)]
    assert in_words(days) == "Mar 1, 2026; Mar 2, 2026; Mar 3, 2026; Mar 4, 2026; Mar 5, 2026; Mar 6, 2026 and 3 more"
