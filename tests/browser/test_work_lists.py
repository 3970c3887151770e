"""“Post Import Actions” by keyboard: a row is saved where it stands, and the next one has the focus."""

from typing import Any

import pytest
from django.test import Client as Browser
from playwright.sync_api import Page, expect

from clients.models import Client
from smmware.core.permissions import Level
from tests.factories import AssociateFactory, ClientFactory, HourlyRateFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(page: Page, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Page:
    """The clients to complete, opened by an Admin."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    ClientFactory(name="Adele Cox", referred_by="Dr. Ray")
    ClientFactory(name="Bernard Hill")
    admin = AssociateFactory(level=Level.ADMIN)
    HourlyRateFactory(associate=admin)
    browser = Browser()
    browser.force_login(admin)
    page.context.add_cookies(
        [{"name": "sessionid", "value": browser.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/work-lists/clients/")
    return page


def test_row_by_row_without_the_mouse(office: Page) -> None:
    adele, bernard = office.locator(".work-row").nth(0), office.locator(".work-row").nth(1)
    adele.get_by_label("Act as reference").select_option("Yes")
    adele.get_by_label("Referred by").press("Enter")
    expect(adele).to_have_text("Adele Cox Saved")
    expect(office.get_by_role("status")).to_have_text("1 client to complete")
    expect(bernard.get_by_label("Referred by")).to_be_focused()
    office.keyboard.type("x" * 256)
    office.keyboard.press("Enter")
    expect(bernard).to_contain_text("at most 255 characters (it has 256)")  # and nothing is cut short
    bernard.get_by_label("Referred by").press("Backspace")
    office.keyboard.press("Enter")
    expect(bernard).to_contain_text("lacks act as reference")
    expect(bernard).to_contain_text("Saved")
    assert list(Client.objects.values_list("name", "acts_as_reference", "referred_by")) == [
        ("Adele Cox", True, "Dr. Ray"),
        ("Bernard Hill", None, "x" * 255),
    ]


def test_what_is_wrong_has_the_focus(office: Page) -> None:
    Client.objects.update(referred_by="Somebody faster")
    adele = office.locator(".work-row").nth(0)
    adele.get_by_label("Referred by").fill("Dr. May")
    adele.get_by_label("Referred by").press("Enter")
    expect(adele.get_by_role("alert")).to_contain_text("Somebody else saved this record while you were editing it.")
    expect(adele.get_by_label("Referred by")).to_have_value("Dr. May")
    expect(adele.get_by_label("Referred by")).to_be_focused()
    adele.get_by_label("Referred by").press("Enter")  # seen, and meant
    expect(adele).to_contain_text("Saved")
    assert Client.objects.get(name="Adele Cox").referred_by == "Dr. May"
