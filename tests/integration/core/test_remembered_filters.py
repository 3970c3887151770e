"""What somebody applied to a listing is there when they come back, and goes when they clear it."""

from collections.abc import Callable

import pytest

from associates.models import Associate

URL = "/associates/"


def leads_to(browser: object, url: str) -> str:
    """Where a request is sent on to; "" where it is answered."""
    return browser.get(url).headers.get("Location", "")  # type: ignore[attr-defined]


@pytest.fixture
def browser(admin: Associate, client_for: Callable) -> object:
    """A browser in which two filters have been applied."""
    signed_in = client_for(admin)
    assert leads_to(signed_in, f"{URL}?q=ann&kind=employee&level=&sort=-name&page=3&apply=1") == (
        f"{URL}?q=ann&kind=employee&sort=-name"
    )
    return signed_in


def test_they_are_applied_again(browser: object) -> None:
    assert leads_to(browser, URL) == f"{URL}?q=ann&kind=employee&sort=-name"
    page = browser.get(URL, follow=True).content.decode()  # type: ignore[attr-defined]
    assert "These filters are remembered until you clear them." in page
    assert '<a class="button-quiet" href="?clear=1">Clear</a>' in page


def test_until_they_are_cleared(browser: object) -> None:
    assert leads_to(browser, f"{URL}?clear=1") == URL
    assert leads_to(browser, URL) == ""


def test_or_applied_empty(browser: object) -> None:
    assert leads_to(browser, f"{URL}?q=&kind=&apply=1") == URL
    assert leads_to(browser, URL) == ""


def test_each_listing_has_its_own(browser: object) -> None:
    assert leads_to(browser, "/clients/") == ""


def test_a_link_with_filters_changes_nothing_about_them(browser: object) -> None:
    page = browser.get(f"{URL}?q=lena").content.decode()  # type: ignore[attr-defined]
    assert "are remembered" not in page
    assert leads_to(browser, URL) == f"{URL}?q=ann&kind=employee&sort=-name"


def test_others_have_theirs(browser: object, owner: Associate, client_for: Callable) -> None:
    assert leads_to(client_for(owner), URL) == ""


def test_who_may_not_open_a_listing_is_refused_before_anything_is_remembered(
    basic: Associate, client_for: Callable
) -> None:
    refused = client_for(basic)
    assert refused.get("/invoices/?q=1&apply=1").status_code == 403
    assert "listing_filters" not in refused.session
