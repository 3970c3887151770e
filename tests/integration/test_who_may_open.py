"""Every page of home, Settings and the associates, asked by each level and signed out."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from associates import urls as associates_urls
from associates.models import Associate
from smmware.office import urls as office_urls
from tests.factories import AssociateFactory

# basic, lead, admin, senior admin, owner: what a GET answers
ALL = [200, 200, 200, 200, 200]
MANAGERS = [403, 403, 200, 200, 200]
PAGES = {
    "home": ALL,
    "login": [302, 302, 302, 302, 302],  # whoever is signed in is sent home
    "logout": [405, 405, 405, 405, 405],  # a GET must not sign anybody out
    "password_change": ALL,
    "settings": MANAGERS,
    "settings_basic": MANAGERS,
    "settings_invoices": MANAGERS,
    "history": MANAGERS,
    "reports": MANAGERS,
    "search": ALL,
    "associates:list": ALL,
    "associates:add": MANAGERS,
    "associates:detail": ALL,
    "associates:edit": MANAGERS,
    "associates:sign_in": MANAGERS,
    "associates:delete": MANAGERS,
    "associates:add_rate": MANAGERS,
}


def address(name: str, person: Associate) -> str:
    if name == "history":
        return reverse(name, args=["associates.associate", person.pk])
    needs_key = name.startswith("associates:") and name not in ("associates:list", "associates:add")
    return reverse(name, args=[person.pk] if needs_key else [])


def test_no_page_is_forgotten() -> None:
    patterns: list[URLPattern] = [*office_urls.urlpatterns]
    names = {str(p.name) for p in patterns} | {f"associates:{p.name}" for p in associates_urls.urlpatterns}
    assert names == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_each_level(name: str, cast: dict[str, Associate], client_for: Callable[[Associate | None], Client]) -> None:
    person = AssociateFactory()
    levels = [cast[key] for key in ("basic", "lead", "admin", "senior_admin", "owner")]
    assert [client_for(who).get(address(name, person)).status_code for who in levels] == PAGES[name]


@pytest.mark.parametrize("name", [name for name in PAGES if name != "login"])
@pytest.mark.django_db
def test_signed_out(name: str, client: Client) -> None:
    url = address(name, AssociateFactory())
    for answer in (client.get(url), client.post(url)):
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/sign-in/?next={url}")


@pytest.mark.parametrize("name", [name for name, codes in PAGES.items() if codes == MANAGERS and name != "history"])
def test_a_post_is_refused_where_the_page_is(
    name: str, basic: Associate, lead: Associate, client_for: Callable
) -> None:
    person = AssociateFactory()
    browsers = [client_for(who) for who in (basic, lead)]
    associates = Associate.objects.order_by("pk").values()
    before = list(associates)
    for browser in browsers:
        assert browser.post(address(name, person), {"last_name": "Hacked", "level": 50}).status_code == 403
    assert list(associates.all()) == before
