"""The home page: a greeting and what the person may open."""

import datetime as dt
import html
import re
from collections.abc import Callable

import pytest
import time_machine
from django.utils import timezone

from associates.models import Associate
from hours.models import HourEntry, TimeSettings
from smmware.core import extensions
from smmware.core.extensions import Panel, add_home_cards
from smmware.core.models import Company
from smmware.office.home import week_of
from smmware.office.views import greeting
from tests.factories import HourEntryFactory, InvoiceFactory, JobFactory


@pytest.mark.parametrize(
    ("hour", "words"),
    [(0, "Good morning"), (11, "Good morning"), (12, "Good afternoon"), (17, "Good afternoon"), (18, "Good evening")],
)
def test_greeting(hour: int, words: str) -> None:
    assert greeting(hour) == words


@time_machine.travel("2026-03-02T17:30:00Z", tick=False)
def test_the_greeting_goes_by_the_companys_own_clock(company: Company, basic: Associate, client_for: Callable) -> None:
    browser = client_for(basic)
    assert "Good morning, Ben" in browser.get("/").content.decode()  # 11:30 in Chicago
    Company.objects.update(time_zone="America/New_York")
    assert "Good afternoon, Ben" in browser.get("/").content.decode()


@pytest.mark.parametrize(("who", "shown"), [("basic", False), ("lead", False), ("admin", True), ("owner", True)])
def test_settings_are_in_the_menu_of_those_who_may_open_them(
    cast: dict[str, Associate], client_for: Callable, who: str, shown: bool
) -> None:
    page = client_for(cast[who]).get("/").content.decode()
    assert ('href="/settings/"' in page) is shown
    assert ('href="/admin/"' in page) is (who == "owner")
    assert 'href="/associates/"' in page


def test_cards_of_other_apps(basic: Associate, client_for: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extensions, "_home_cards", [])
    add_home_cards(
        lambda request: [Panel(f"For {request.user}", "core/messages.html", {"messages": ["A <b>card</b>"]})]
    )
    page = re.sub(r"\s+", " ", client_for(basic).get("/").content.decode())
    assert "<h2>For Ben Basic</h2>" in page
    assert "A &lt;b&gt;card&lt;/b&gt;" in page


TODAY = "2026-03-04T18:00:00Z"  # a Wednesday; the week began on Sunday, March 1


def card(browser: object, title: str) -> str:
    """The words of a home-page card, "" where it is not there."""
    page = browser.get("/").content.decode()  # type: ignore[attr-defined]
    found = re.search(rf"<h2>{title}</h2>(.*?)</section>", page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (dt.date(2026, 3, 1), (dt.date(2026, 3, 1), dt.date(2026, 3, 7))),
        (dt.date(2026, 3, 4), (dt.date(2026, 3, 1), dt.date(2026, 3, 7))),
        (dt.date(2026, 3, 7), (dt.date(2026, 3, 1), dt.date(2026, 3, 7))),
    ],
)
def test_a_week_begins_on_sunday(day: dt.date, week: tuple[dt.date, dt.date]) -> None:
    assert week_of(day) == week


@time_machine.travel(TODAY, tick=False)
def test_everybody_sees_their_own_week(basic: Associate, client_for: Callable) -> None:
    HourEntryFactory(associate=basic, date=dt.date(2026, 3, 1), minutes=90, description="Packing")
    HourEntryFactory(associate=basic, date=dt.date(2026, 2, 28), description="Last week")
    HourEntryFactory(date=dt.date(2026, 3, 2), description="Somebody else's")
    words = card(client_for(basic), "Your hours this week")
    assert words.startswith("Mar 1 to Mar 7 · 1.50 hours")
    assert "Packing" in words
    assert "Last week" not in words
    assert "Somebody else" not in words


@time_machine.travel(TODAY, tick=False)
@pytest.mark.parametrize("who", ["basic", "lead", "owner"])
def test_its_form_adds_hours(cast: dict[str, Associate], client_for: Callable, who: str) -> None:
    browser, job = client_for(cast[who]), JobFactory()
    page = browser.get("/").content.decode()
    form = page[page.index('class="week-form"') :]
    form = form[: form.index("</form>")]
    sent = dict(re.findall(r'<input type="hidden" name="(associate|billable)" value="([^"]*)"', form))
    typed = {"job": job.pk, "date": "2026-03-04", "minutes": "1:30", "description": "Sorting", **sent}
    assert browser.post("/hours/record/", typed).status_code == 302
    assert list(HourEntry.objects.values_list("associate", "minutes", "billable")) == [(cast[who].pk, 90, True)]


def test_what_waits_for_whom(cast: dict[str, Associate], client_for: Callable) -> None:
    TimeSettings.objects.create(approval=TimeSettings.Approval.COOPERATIVE)
    HourEntryFactory()
    HourEntryFactory(approved_by=cast["lead"], approved_at=timezone.now(), minutes=60)
    for status in ("finalized", "tl_approved", "overdue", "sent"):
        InvoiceFactory(status=status)
    assert card(client_for(cast["basic"]), "Waiting for you") == ""
    assert card(client_for(cast["lead"]), "Waiting for you") == "1 hour entry to be approved 1 invoice to be approved"
    assert card(client_for(cast["admin"]), "Waiting for you") == (
        "1 hour entry to be approved 1 hour entry to be invoiced: $65.00 1 invoice to be approved 1 invoice to be sent "
        "1 invoice overdue"
    )


def test_in_the_strict_way_a_lead_is_told_of_their_own_jobs(lead: Associate, client_for: Callable) -> None:
    TimeSettings.objects.create(approval=TimeSettings.Approval.STRICT)
    HourEntryFactory()
    assert card(client_for(lead), "Waiting for you") == "Nothing waits for you."
    HourEntryFactory().job.leads.add(lead)
    assert card(client_for(lead), "Waiting for you") == "1 hour entry to be approved"


def test_the_links_show_as_many_as_they_say(admin: Associate, client_for: Callable) -> None:
    TimeSettings.objects.create(approval=TimeSettings.Approval.COOPERATIVE)
    HourEntryFactory.create_batch(2)
    HourEntryFactory(billable=False)
    browser = client_for(admin)
    page = browser.get("/").content.decode()
    links = re.findall(r'<li><a href="([^"]+)">(\d+) ', page)
    assert [(browser.get(html.unescape(url)).context["count"], int(count)) for url, count in links] == [(3, 3)]


@pytest.mark.parametrize("count", [1, 30])
def test_its_queries_do_not_grow(
    owner: Associate, client_for: Callable, count: int, django_assert_max_num_queries: Callable
) -> None:
    for _ in range(count):
        HourEntryFactory(associate=owner, date=timezone.localdate())
    browser = client_for(owner)
    browser.get("/")
    with django_assert_max_num_queries(20):
        assert browser.get("/").status_code == 200
