"""A name that is taken at QuickBooks is told of while one types, and one click puts a free one in its place."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client as Browser
from playwright.sync_api import Page, expect

from qbo_sync.directory import name_key
from qbo_sync.models import Connection, Entity, NameRecord
from smmware.core.models import Company
from smmware.core.permissions import Level
from tests.factories import AssociateFactory, CompanyFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(page: Page, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Page:
    """A QBO Admin at the form of a new associate; all names are read, and QuickBooks has a vendor Mary Ford."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    CompanyFactory(integration=Company.Integration.QBO)
    admin = AssociateFactory(level=Level.ADMIN, qbo_admin=True)
    connection = Connection.objects.create(
        environment="simulator", realm_id="1", is_active=True, state=Connection.State.CONNECTED, connected_by=admin
    )
    for entity, name in ((Entity.VENDOR, "Mary Ford"), (Entity.CUSTOMER, "Ann Lund"), (Entity.EMPLOYEE, "Zoe Young")):
        NameRecord.objects.create(
            connection=connection, entity=entity, qbo_id="58", display_name=name, name_key=name_key(name)
        )
    browser = Browser()
    browser.force_login(admin)
    page.context.add_cookies(
        [{"name": "sessionid", "value": browser.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/associates/add/")
    return page


def test_told_while_one_types_and_mended_by_one_click(office: Page) -> None:
    noted: list[str] = []
    office.on("console", lambda message: noted.append(message.text))
    said = office.locator("#id_last_name_check")
    office.get_by_label("First name").fill("Mary")
    office.get_by_label("Last name").fill("Ford")
    expect(said).to_contain_text("QuickBooks has a vendor of this name already (QBO ID 58)")
    assert [each["help"] for each in Axe().run(office).response["violations"]] == []

    office.get_by_role("button", name="Take “Mary Ford (E)”").click()
    expect(office.get_by_label("Last name")).to_have_value("Ford (E)")
    expect(office.get_by_label("Last name")).to_be_focused()
    expect(said).to_be_empty()

    office.get_by_label("Last name").fill("Ford")  # told again, and again when it is another kind of associate
    expect(said).to_contain_text("takes a name only once")
    office.get_by_label("Kind").select_option("Contractor")
    expect(said).to_contain_text("“QBO Add” links the two.")
    office.get_by_label("Kind").select_option("Vehicle")
    expect(said).to_be_empty()
    assert noted == []
