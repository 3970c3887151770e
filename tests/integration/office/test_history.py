"""“History”: on the record's page for those who manage such records, and the page behind it."""

import re
from collections.abc import Callable

import pytest

from associates.models import Associate
from clients.models import Client
from smmware.core.models import Change
from smmware.office.history import READERS
from smmware.office.history_views import history_url
from tests.factories import (
    AddressFactory,
    AssociateFactory,
    ClientFactory,
    ContactFactory,
    ExpenseEntryFactory,
    FlatFeeFactory,
    HourEntryFactory,
    InvoiceFactory,
    JobFactory,
    MileageEntryFactory,
    OrganizationFactory,
)

ADMINS = [403, 403, 200, 200, 200]
LEADS = [403, 200, 200, 200, 200]
RECORDS = [
    (AssociateFactory, ADMINS), (OrganizationFactory, LEADS), (ContactFactory, LEADS), (ClientFactory, ADMINS),
    (JobFactory, ADMINS), (HourEntryFactory, ADMINS), (MileageEntryFactory, ADMINS), (ExpenseEntryFactory, ADMINS),
    (FlatFeeFactory, ADMINS), (InvoiceFactory, ADMINS),
]  # fmt: skip
LEVELS = ("basic", "lead", "admin", "senior_admin", "owner")


def test_no_kind_of_record_is_forgotten() -> None:
    assert {factory._meta.model for factory, _ in RECORDS} | {Client} == {*READERS} - {
        model for model in READERS if model.__name__ == "Company"
    }


@pytest.mark.parametrize(("factory", "codes"), RECORDS, ids=lambda value: getattr(value, "__name__", ""))
def test_for_those_who_manage_such_records(
    cast: dict[str, Associate], client_for: Callable, factory: Callable, codes: list[int]
) -> None:
    record = factory()
    url = history_url(type(record), record.pk)
    browsers = [client_for(cast[level]) for level in LEVELS]
    assert [browser.get(url).status_code for browser in browsers] == codes
    pages = [browser.get(record.get_absolute_url()) for browser in browsers]
    offered = [f'href="{url}"' in page.content.decode() for page in pages]
    assert offered == [code == 200 for code in codes]


def test_settings_have_theirs(cast: dict[str, Associate], client_for: Callable) -> None:
    assert [client_for(cast[level]).get("/history/core.company/0/").status_code for level in LEVELS] == ADMINS
    browser = client_for(cast["owner"])
    assert 'href="/history/core.company/0/"' in browser.get("/settings/").content.decode()
    assert "No change is noted yet" in browser.get("/history/core.company/0/").content.decode()
    filled = {"name": "Gentler", "address": "", "time_zone": "America/Denver", "integration": "no"}
    browser.post("/settings/basic/", filled)
    assert "Olivia Owner" in browser.get("/history/core.company/0/").content.decode()


def test_who_changed_what(admin: Associate, client_for: Callable) -> None:
    browser, client = client_for(admin), ClientFactory(name="Margaret", phone="1")
    sent = {"name": "Margaret", "phone": "2", "is_active": "on", "acts_as_reference": "", "seen_version": 1}
    assert browser.post(f"/clients/{client.pk}/edit/", sent).status_code == 302
    page = browser.get(history_url(Client, client.pk)).content.decode()
    first = re.sub(r"<[^>]+>|\s+", " ", page[page.index('<ol class="history') :])
    assert " ".join(first.split()).startswith("Ada Admin changed it ")
    assert "Phone from 1 to 2" in " ".join(first.split())
    assert "Last changed by Ada Admin" in browser.get(client.get_absolute_url()).content.decode()


def test_of_a_deleted_record_it_is_still_there(admin: Associate, client_for: Callable) -> None:
    browser, client = client_for(admin), ClientFactory(name="Margaret")
    url = history_url(Client, client.pk)
    assert browser.post(f"/clients/{client.pk}/delete/").status_code == 302
    page = browser.get(url).content.decode()
    assert "<h1>History of Margaret</h1>" in page
    assert "deleted" in page


@pytest.mark.parametrize("url", ["/history/clients.client/999/", "/history/core.change/1/", "/history/nothing/1/"])
def test_of_what_never_was_there_is_none(owner: Associate, client_for: Callable, url: str) -> None:
    assert client_for(owner).get(url).status_code == 404


@pytest.mark.parametrize("count", [1, 30, 120])
def test_its_queries_do_not_grow(
    admin: Associate, client_for: Callable, count: int, django_assert_max_num_queries: Callable
) -> None:
    client = ClientFactory()
    for _ in range(count):
        AddressFactory(client=client, designation="other")
    browser = client_for(admin)
    with django_assert_max_num_queries(9):
        answer = browser.get(history_url(Client, client.pk))
    assert len(answer.context["told"]) == min(count + 1, 50)
    assert Change.objects.filter(subject_id=client.pk, subject_type__model="client").count() == count + 1
