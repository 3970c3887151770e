"""Admin→Settings, “5) Categories”, which organizations and contacts share."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from associates.models import Associate
from organizations.models import Category
from smmware.core.forms import CHANGED_MEANWHILE
from tests.factories import CategoryFactory, ContactFactory, OrganizationFactory

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Associate | None], Browser]
URL = "/settings/categories/"


@pytest.fixture
def office(admin: Associate, client_for: ClientFor) -> Browser:
    return client_for(admin)


def names() -> list[str]:
    return list(Category.objects.values_list("name", flat=True))


def test_who_may_open_what(cast: dict[str, Associate], client_for: ClientFor) -> None:
    category = CategoryFactory(name="Mover")
    pages = [URL, f"{URL}add/", f"{URL}{category.pk}/", f"{URL}{category.pk}/delete/"]
    for name, person in cast.items():
        browser, may_open = client_for(person), name not in ("basic", "lead")
        assert [browser.get(page).status_code for page in pages] == [200 if may_open else 403] * 4
        if not may_open:
            assert [browser.post(page, {"name": "Mine"}).status_code for page in pages[1:]] == [403] * 3
    assert names() == ["Mover"]


def test_settings_lead_there(office: Browser) -> None:
    assert f'<a href="{URL}">5) Categories</a>' in office.get("/settings/").content.decode()


def test_the_listing_counts_both_kinds_apart(office: Browser) -> None:
    mover = CategoryFactory(name="Mover")
    OrganizationFactory.create_batch(2, category=mover)
    ContactFactory.create_batch(3, category=mover, organization=None)
    rows = office.get(URL).context["table"].rows
    assert [[row.get_cell(name) for name in ("organization_count", "contact_count")] for row in rows] == [["2", "3"]]


def test_add_and_rename(office: Browser) -> None:
    assert office.post(f"{URL}add/", {"name": "Mover"}).headers["Location"] == URL
    mover = Category.objects.get()
    assert office.post(f"{URL}{mover.pk}/", {"name": "Movers", "seen_version": 1}).headers["Location"] == URL
    assert names() == ["Movers"]


def test_the_second_who_renames_is_told(office: Browser) -> None:
    url = f"{URL}{CategoryFactory(name='Mover').pk}/"
    office.post(url, {"name": "Movers", "seen_version": 1})
    form = office.post(url, {"name": "Moving company", "seen_version": 1}).context["form"]
    assert (form.non_field_errors(), form["name"].value()) == ([CHANGED_MEANWHILE], "Moving company")
    assert names() == ["Movers"]


@pytest.mark.parametrize(
    ("name", "error"), [("MOVER", "There is a category of this name already."), ("", "This field is required.")]
)
def test_nonsense_is_said_next_to_the_field(office: Browser, name: str, error: str) -> None:
    CategoryFactory(name="Mover")
    assert office.post(f"{URL}add/", {"name": name}).context["form"].errors == {"name": [error]}
    assert names() == ["Mover"]


@pytest.mark.parametrize(
    ("organizations", "contacts", "sentence"),
    [
        (1, 0, "In it: 1 organization."),
        (0, 2, "In it: 2 contacts."),
        (2, 1, "In it: 2 organizations and 1 contact."),
    ],
)
def test_a_category_in_use_stays(office: Browser, organizations: int, contacts: int, sentence: str) -> None:
    category = CategoryFactory()
    OrganizationFactory.create_batch(organizations, category=category)
    ContactFactory.create_batch(contacts, category=category, organization=None)
    url = f"{URL}{category.pk}/delete/"
    page = office.get(url).content.decode()
    assert sentence in page
    assert "Give them another category first." in page
    assert office.post(url).status_code == 403
    assert Category.objects.exists()


def test_delete_one_that_nothing_uses(office: Browser) -> None:
    answer: Any = office.post(f"{URL}{CategoryFactory().pk}/delete/")
    assert (answer.headers["Location"], names()) == (URL, [])
