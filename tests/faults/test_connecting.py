"""The way to Intuit's sign-in and back, under every switch of the sign-in."""

import pytest
from django.test import Client
from werkzeug.test import Client as WsgiClient

from associates.models import Associate
from qbo_sync.api.oauth import DiscoveryCache
from qbo_sync.connection import environment
from qbo_sync.models import Connection
from smmware.core.models import Company
from tests.faults.days import CONNECTING, Day
from tests.integration.qbo_sync.test_connect import CALLBACK, CONNECT, DISCONNECT, allowed, begun, signed_in
from tests.quickbooks import QuickBooks


@pytest.fixture
def admin_browser(company: Company, owner: Associate, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A QBO Admin's, in a company that integrates with QuickBooks."""
    monkeypatch.setattr(environment, "DISCOVERY", DiscoveryCache())
    company.integration = Company.Integration.QBO
    company.save()
    owner.qbo_admin = True
    owner.save()
    return signed_in(owner)


@pytest.mark.django_db
@pytest.mark.parametrize("day", [day for day in CONNECTING if not day.says], ids=lambda day: day.name)
def test_connected_disconnected_and_connected_again(admin_browser: Client, quickbooks: QuickBooks, day: Day) -> None:
    quickbooks.behave(**day.behaviour)

    admin_browser.get(CALLBACK, allowed(quickbooks, begun(admin_browser)))
    first = Connection.objects.get(is_active=True)
    admin_browser.post(DISCONNECT)
    admin_browser.get(CALLBACK, allowed(quickbooks, begun(admin_browser)))

    row = Connection.objects.get(is_active=True)
    assert (row.pk, row.is_connected, row.realm_id) == (first.pk, True, quickbooks.realm_id)
    assert row.access_token != first.access_token
    page = admin_browser.get(CONNECT).content.decode()
    assert f"You are connected to {row.company_name}." in page


@pytest.mark.django_db
@pytest.mark.parametrize("day", [day for day in CONNECTING if day.says], ids=lambda day: day.name)
def test_stopped_at_intuits_page(admin_browser: Client, quickbooks: QuickBooks, day: Day) -> None:
    quickbooks.behave(**day.behaviour)

    answer = WsgiClient(quickbooks.app).get("/connect/oauth2", query_string=begun(admin_browser))

    assert (answer.status_code, day.says in answer.get_data(as_text=True)) == (400, True)
    assert not Connection.objects.exists()
