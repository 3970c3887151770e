"""A long list is chosen from by typing, with a keyboard alone, and the form is sent as if it were a plain list."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client as Browser
from playwright.sync_api import Page, expect

from associates.models import Associate
from clients.models import Client, Job
from hours.models import HourEntry
from tests.factories import CompanyFactory, HourEntryFactory, JobFactory

ANN = re.compile(r"^Ann <b>Ray</b> – Clear-out")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(page: Page, live_server: Any, monkeypatch: pytest.MonkeyPatch, admin: Associate) -> Page:
    """An Admin's window, with three hundred jobs in the company."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    CompanyFactory(time_zone="UTC")
    clients = Client.objects.bulk_create([Client(name=f"Client {n:03d}", stage="client") for n in range(300)])
    Job.objects.bulk_create([Job(client=client, name="Move") for client in clients])
    JobFactory(client__name="Ann <b>Ray</b>", name=f"Clear-out {'of the house ' * 5}".strip())
    browser = Browser()
    browser.force_login(admin)
    page.context.add_cookies(
        [{"name": "sessionid", "value": browser.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/hours/record/")
    return page


def job(page: Page) -> Any:
    return page.get_by_role("main").get_by_role("combobox", name="Job", exact=True)


@pytest.mark.parametrize("width", [1400, 400])
def test_found_by_words_with_the_keyboard(office: Page, width: int) -> None:
    office.set_viewport_size({"width": width, "height": 800})
    expect(job(office)).to_be_focused()  # there is no job yet: one begins with it
    office.keyboard.press("ArrowDown")
    expect(office.get_by_role("listbox", name="Job").get_by_role("option")).to_have_count(20)
    expect(office.get_by_text("There are more: type another word.")).to_be_visible()
    assert Axe().run(office).response["violations"] == []
    assert office.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    office.keyboard.type("ray clear")
    expect(office.get_by_role("listbox", name="Job").get_by_role("option")).to_have_text(
        [re.compile(r"^Ann <b>Ray</b> – Clear-out")]
    )
    office.keyboard.press("Enter")
    expect(job(office)).to_have_attribute("placeholder", ANN)
    expect(job(office)).to_be_focused()
    assert office.evaluate("document.documentElement.scrollWidth <= window.innerWidth")  # however long its name
    office.keyboard.type("nobody has this")
    expect(office.get_by_text("Nothing has all of these words.")).to_be_visible()
    office.keyboard.press("Escape")
    office.keyboard.press("Tab")
    expect(office.get_by_label("Date")).to_be_focused()
    assert office.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    office.get_by_label("Hours", exact=True).fill("2")
    office.keyboard.press("Enter")
    expect(office.get_by_text("is recorded").first).to_be_visible()
    assert HourEntry.objects.get().job.client.name == "Ann <b>Ray</b>"


def test_a_filter_is_taken_off_again(office: Page, live_server: Any) -> None:
    chosen = HourEntryFactory().job.client
    office.goto(f"{live_server.url}/hours/?client={chosen.pk}")
    client = office.get_by_role("combobox", name="Client")
    client.click()
    office.get_by_role("option", name="Any client").click()
    office.get_by_role("button", name="Apply").click()
    expect(office).to_have_url(f"{live_server.url}/hours/")
    expect(client).to_have_value("")
    assert not office.evaluate("document.querySelector('[name=client]').value")


def test_signed_out_meanwhile_it_says_so(office: Page) -> None:
    office.context.clear_cookies()
    job(office).press("ArrowDown")
    expect(office.get_by_text("The list cannot be read: open this page again.")).to_be_visible()
