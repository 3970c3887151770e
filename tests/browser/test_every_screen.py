"""Every screen, at 1400 and at 400 px: axe finds nothing, nothing scrolls sideways, the console is silent, and a
keyboard gets everywhere, with the focus in sight.

The walk follows the links that the owner is offered, and opens one page of each URL that there is. A violation of the
Content-Security-Policy is an error in the console too.
"""

import json
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Page, expect

from tests.browser.test_manual_page import sign_in
from tests.office import Office, running_office

WIDTHS = (1400, 400)
# Where to find records in the states in which more can be done with them.
BEGINNINGS = (
    "/", "/search/?q=ma", "/quickbooks/standing/", "/clients/?q=Margaret", "/associates/?q=raman",
    "/associates/2/rates/",
    "/invoices/?status=preliminary", "/invoices/?status=tl_approved", "/invoices/?status=sent",
    "/invoices/?status=paid", "/hours/?billed=no", "/hours/expenses/?billed=no", "/hours/mileage/?billed=no",
    "/hours/flat-fees/?billed=no",
)  # fmt: skip
NO_SCREENS = {
    "invoices:pdf",  # a document, which the browser's own reader shows
    "qbo:run_csv",
    "qbo:import_csv",
    "qbo:callback",  # Intuit leads there, and it leads on
    "hours:receipt",  # a file
    "qbo:name_check",  # what is said below a form field
    "choices",  # what is offered below one
    "work_list_row",  # a row, put in the place of another
    "qbo:guide_imports",  # asked by a page whether its imports have ended
    "login",  # whoever is signed in is sent home
}
NOT_WITHOUT_QUICKBOOKS = {  # they need an answer of QuickBooks; the walk of the manual page passes them
    "qbo:accept", "qbo:choices", "qbo:compare", "qbo:move", "qbo:other_company", "qbo:renumber", "qbo:run_choices",
    "qbo:unlink",
}  # fmt: skip


def screens(resolver: URLResolver | None = None, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """The name of every URL that a GET opens, but for the site administration."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from screens(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        elif opens(pattern):
            yield ":".join((*spaces, str(pattern.name)))


def opens(pattern: URLPattern) -> bool:
    view: Any = getattr(pattern.callback, "view_class", None)
    methods = pattern.callback.view_initkwargs.get("http_method_names", view.http_method_names) if view else ["get"]
    return "get" in methods and (view is None or hasattr(view, "get"))


@pytest.fixture
def shown_office(django_db_modify_db_settings: None, tmp_path: Path) -> Iterator[Office]:
    """The fictitious company, connected, with imports and a copy asked for that nobody works at."""
    with running_office(tmp_path / "office", "web") as office:
        tokens = {"realm_id": "1", "access_token": "none", "refresh_token": "none"}
        office.do("connect", json.dumps(tokens))
        office.do("import_all")
        office.do("payments_here")
        office.do("add_all_invoices")
        yield office


# What a mouse can use and the keyboard cannot: out of the tab order, not to be focused, or focused without any sign.
OUT_OF_REACH = """() => {
  const tags = "a[href], button, input:not([type=hidden]), select:not(.tomselected), textarea, summary";
  const usable = [...document.querySelectorAll(tags)].filter((each) => each.checkVisibility() && !each.disabled);
  const clicked = [...document.querySelectorAll("[hx-get]:not([hx-trigger]), [hx-post]:not([hx-trigger])")];
  const shows = (each) => {
    each.focus({ preventScroll: true });  // or each would be laid out and drawn anew
    const style = getComputedStyle(each.closest(".ts-control") ?? each);  // the box around what is typed into
    const marked = style.outlineStyle !== "none" || style.boxShadow !== "none";
    return document.activeElement === each && each.matches(":focus-visible") && marked;
  };
  const wrong = [
    ...usable.filter((each) => each.tabIndex !== 0 || !shows(each)),
    ...clicked.filter((each) => !each.matches(tags + ", form")),
  ];
  return wrong.map((each) => each.outerHTML.slice(0, 120));
}"""


# What axe finds, and where; the rest of its answer would be as long as the page.
VIOLATIONS = """() => axe.run({resultTypes: ["violations"]}).then(({violations}) => violations.map(
  ({help, nodes}) => `${help} ${nodes.map((node) => node.target.join(" "))}`
))"""


class Walk:
    """Opens one page of each URL, and notes what is wrong with it."""

    def __init__(self, page: Page, office: Office) -> None:
        self.page, self.office = page, office
        self.problems: list[str] = []
        self.seen: set[str] = set()
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"{self.page.url}: {message.text}")

    def go(self) -> None:
        waiting = deque(BEGINNINGS)
        anyway = {*BEGINNINGS}  # pages that lead to others, although one of their kind has been looked at
        while waiting:
            path = waiting.popleft()
            name = name_of(path)
            if name is None or name in NO_SCREENS or (name in self.seen and path not in anyway):
                continue
            self._open(path, name)
            links = self._links("a[href]")
            if path in BEGINNINGS:
                anyway.update(self._links("main tbody tr:first-child a[href]")[:1])
            waiting.extend(link for link in links if name_of(link) not in self.seen or link in anyway)
            anyway.discard(path)

    def _open(self, path: str, name: str) -> None:
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        self.page.goto(f"{self.office.url}{path}")
        if name not in self.seen:
            self.seen.add(name)
            self.look(path)

    def _links(self, which: str) -> list[str]:
        """The addresses of ours that links lead to, in their order, without what is asked for beyond the path."""
        hrefs = self.page.eval_on_selector_all(which, "links => links.map(link => link.href)")
        return [urlsplit(href).path for href in dict.fromkeys(hrefs) if href.startswith(self.office.url)]

    def look(self, path: str) -> None:
        """Note what is wrong with the page that is open, at both widths."""
        expect(self.page.locator("[hx-trigger=load]")).to_have_count(0)  # what is loaded apart is there
        self.page.evaluate(AXE_SCRIPT)
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.problems += [f"{path} at {width}: {violation}" for violation in self.page.evaluate(VIOLATIONS)]
            self.page.keyboard.press("Tab")  # from here on the focus is shown, as to somebody without a mouse
            for what in self.page.evaluate(OUT_OF_REACH):
                self.problems.append(f"{path} at {width}: no keyboard gets to {what}")
            if self.page.evaluate("document.documentElement.scrollWidth") > width:
                self.problems.append(f"{path} scrolls sideways at {width}")
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def name_of(path: str) -> str | None:
    """The name of the URL of a page of ours; None for the site administration and what is no page."""
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    return match.view_name if match.app_name != "admin" else None


@pytest.mark.browser
def test_every_screen(page: Page, shown_office: Office) -> None:
    sign_in(page, shown_office, "owner")
    walk = Walk(page, shown_office)
    walk.go()
    assert walk.problems == []
    assert {*screens()} - walk.seen - NO_SCREENS - NOT_WITHOUT_QUICKBOOKS == set()
