"""Search from anywhere: as far as one may see, every word, and a constant number of queries."""

from collections.abc import Callable
from copy import copy

import pytest

from associates.models import Associate
from clients.models import Client
from smmware.office.search import SHOWN
from tests.factories import (
    AssociateFactory,
    ClientFactory,
    ContactFactory,
    InvoiceFactory,
    JobFactory,
    OrganizationFactory,
)

ALL = ["Clients", "Inquiries", "Jobs", "Invoices", "Associates", "Organizations", "Contacts"]
BASIC = [title for title in ALL if title != "Invoices"]


@pytest.fixture
def records(db: None) -> None:
    """One record of each kind that has “Quimby” in it."""
    client = ClientFactory(name="Margaret Quimby")
    ClientFactory(name="Walter Quimby", stage=Client.Stage.INQUIRY)
    InvoiceFactory(job=JobFactory(client=client, name="Move"), number="77001")
    AssociateFactory(first_name="Rita", last_name="Quimby", address="12 Secret Lane")
    OrganizationFactory(name="Quimby Auctions")
    ContactFactory(first_name="Carl", last_name="Quimby", organization=None)


def found(browser: object, query: str) -> dict[str, list[str]]:
    answer = browser.get("/search/", {"q": query})  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return {group.title: [name for name, _, _ in group.results] for group in answer.context["groups"]}


@pytest.mark.parametrize(
    ("who", "titles"), [("basic", BASIC), ("lead", ALL), ("admin", ALL), ("senior_admin", ALL), ("owner", ALL)]
)
def test_each_finds_what_they_may_see(
    cast: dict[str, Associate], client_for: Callable, records: None, who: str, titles: list[str]
) -> None:
    assert list(found(client_for(cast[who]), "quimby")) == titles


def test_every_word_must_be_there(admin: Associate, client_for: Callable, records: None) -> None:
    browser = client_for(admin)
    assert found(browser, "quimby marg") == {
        "Clients": ["Margaret Quimby"], "Jobs": ["Margaret Quimby – Move"], "Invoices": ["Invoice 77001"],
    }  # fmt: skip
    assert found(browser, "77001") == {"Invoices": ["Invoice 77001"]}
    assert found(browser, "quimby nobody") == {}


@pytest.mark.parametrize("who", ["basic", "lead", "admin"])
def test_nobody_is_found_by_what_is_not_shown(
    cast: dict[str, Associate], client_for: Callable, records: None, who: str
) -> None:
    assert found(client_for(cast[who]), "Secret Lane") == {}


def test_who_left_is_found_by_those_who_manage_people_only(
    basic: Associate, admin: Associate, client_for: Callable
) -> None:
    AssociateFactory(first_name="Gone", last_name="Quimby", is_active=False)
    assert found(client_for(basic), "quimby") == {}
    assert found(client_for(admin), "quimby") == {"Associates": ["Gone Quimby"]}


@pytest.mark.parametrize(("query", "sentence"), [("", "Type at least two letters"), ("a", "Type at least two letters"),
                                                 ("zzz", "Nothing that you may see matches “zzz”"),
                                                 ("<b>", "matches “&lt;b&gt;”")])  # fmt: skip
def test_nothing_found_says_what_to_do(basic: Associate, client_for: Callable, query: str, sentence: str) -> None:
    assert sentence in client_for(basic).get("/search/", {"q": query}).content.decode()


def test_the_rest_is_in_the_listing(admin: Associate, client_for: Callable) -> None:
    ClientFactory.create_batch(SHOWN + 1)
    browser = client_for(admin)
    assert len(found(browser, "margaret")["Clients"]) == SHOWN
    page = browser.get("/search/", {"q": "margaret"}).content.decode()
    assert '<a class="button button-small" href="/clients/?q=margaret">All clients that match</a>' in page
    assert browser.get("/clients/?q=margaret").context["count"] == SHOWN + 1


@pytest.mark.parametrize("count", [1, 30, 1000])
def test_its_queries_do_not_grow(
    admin: Associate, client_for: Callable, records: None, count: int, django_assert_max_num_queries: Callable
) -> None:
    template = Client.objects.get(name="Margaret Quimby")
    rows = [copy(template) for _ in range(count)]
    for number, row in enumerate(rows):
        row.pk, row.name = None, f"Quimby {number}"
    Client._base_manager.bulk_create(rows)
    browser = client_for(admin)
    browser.get("/search/")
    with django_assert_max_num_queries(12):
        assert len(found(browser, "quimby")) == 7


def test_it_is_on_every_page_and_works_without_script(basic: Associate, client_for: Callable) -> None:
    page = client_for(basic).get("/clients/").content.decode()
    assert '<form class="search" role="search" action="/search/" method="get">' in page
    assert '<label class="hidden" for="search">' in page
