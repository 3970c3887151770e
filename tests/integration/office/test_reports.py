"""Admin→Reports: each report of the trade, for those who may open it."""

import re
from collections.abc import Callable

from django.test import Client as Browser

from associates.models import Associate

URLS = [
    "/hours/reports/payroll/",
    "/hours/reports/expenses/",
    "/hours/reports/mileage/",
    "/hours/reports/without-rate/",
    "/invoices/months/",
]


def offered(browser: Browser) -> list[str]:
    return re.findall(r'<h2><a href="([^"]+)">', browser.get("/reports/").content.decode())


def test_each_is_offered_to_those_who_may_open_it(
    cast: dict[str, Associate], client_for: Callable[[Associate], Browser]
) -> None:
    browsers = {name: client_for(person) for name, person in cast.items()}
    assert {name: offered(browser) for name, browser in browsers.items()} == {
        "owner": URLS, "senior_admin": URLS, "admin": URLS, "lead": [], "basic": [],
    }  # fmt: skip
    in_menu = {name: 'href="/reports/"' in browser.get("/").content.decode() for name, browser in browsers.items()}
    assert in_menu == {"owner": True, "senior_admin": True, "admin": True, "lead": False, "basic": False}


def test_where_one_is_stands_out_in_the_menu(admin: Associate, client_for: Callable[[Associate], Browser]) -> None:
    browser = client_for(admin)
    stands_out = {url: re.findall(r'<a href="([^"]+)" aria-current="page">', _menu(browser, url)) for url in URLS}
    assert stands_out == {url: ["/reports/"] for url in URLS} | {URLS[0]: [URLS[0]]}  # it has a command of its own


def _menu(browser: Browser, url: str) -> str:
    return browser.get(url).content.decode().partition("<main")[0]


def test_each_leads_back(admin: Associate, client_for: Callable[[Associate], Browser]) -> None:
    browser = client_for(admin)
    crumbs = '<p class="crumbs"><a href="/reports/">Reports</a></p>'
    assert [url for url in URLS if crumbs not in browser.get(url).content.decode()] == []
