"""The home page's card of QuickBooks, and the figures behind it."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from associates.models import Associate
from clients.models import Client
from qbo_sync.models import Connection, Entity, Link
from qbo_sync.views.home import standings
from smmware.core.models import Company
from tests.factories import AssociateFactory, ClientFactory, CompanyFactory

URL = "/quickbooks/standing/"


@pytest.fixture
def connection(qbo_admin: Associate) -> Connection:
    return Connection.objects.create(
        environment="simulator", realm_id="1", is_active=True, state=Connection.State.CONNECTED,
        company_name="Gentle Books", connected_by=qbo_admin, connected_at=timezone.now(),
    )  # fmt: skip


def linked(connection: Connection, client: Client, qbo_id: str) -> Link:
    return Link.objects.create(
        connection=connection, client=client, entity=Entity.CUSTOMER, qbo_id=qbo_id, source_version=client.version,
        origin=Link.Origin.PUSHED, linked_by=connection.connected_by, linked_at=timezone.now(),
    )  # fmt: skip


def test_not_connected(qbo_admin: Associate, client_for: Callable) -> None:
    page = client_for(qbo_admin).get("/").content.decode()
    assert "Nothing can be copied before you" in page
    assert f'hx-get="{URL}"' not in page


@pytest.mark.parametrize(("state", "words"), [("connected", "Connected"), ("reconnect", "Needs to be reconnected")])
def test_connected_or_to_be_connected_again(
    connection: Connection, qbo_admin: Associate, client_for: Callable, state: str, words: str
) -> None:
    Connection.objects.update(state=state)
    page = client_for(qbo_admin).get("/").content.decode()
    assert words in page
    assert "Gentle Books" in page
    assert f'hx-get="{URL}"' in page


def test_how_many_of_each_kind(connection: Connection, qbo_admin: Associate, client_for: Callable) -> None:
    copied, changed, _ = ClientFactory.create_batch(3)
    ClientFactory(stage=Client.Stage.INQUIRY)
    ClientFactory(is_own_company=True)
    AssociateFactory(kind=Associate.Kind.VEHICLE)
    linked(connection, copied, "1")
    linked(connection, changed, "2")
    changed.save()
    counts = {standing.label: standing.counts for standing in standings()}
    assert counts["Clients"] == {"copied": 1, "changed": 1, "not_copied": 1}
    assert counts["Associates"] == {"not_copied": 1}
    browser = client_for(qbo_admin)
    whole, part = browser.get(URL).content.decode(), browser.get(URL, headers={"HX-Request": "true"}).content.decode()
    assert '<a href="/clients/?qbo=changed">1<' in whole
    assert ("<html" in whole, "<html" in part, '<a href="/clients/?qbo=changed">1<' in part) == (True, False, True)


@pytest.mark.parametrize("count", [1, 30])
def test_its_queries_do_not_grow(connection: Connection, count: int, django_assert_num_queries: Callable) -> None:
    ClientFactory.create_batch(count)
    with django_assert_num_queries(7):
        assert standings()[0].counts == {"not_copied": count}


def test_nothing_of_it_for_who_is_no_qbo_admin(admin: Associate, client_for: Callable) -> None:
    CompanyFactory(integration=Company.Integration.QBO)
    assert "QuickBooks" not in client_for(admin).get("/").content.decode()
