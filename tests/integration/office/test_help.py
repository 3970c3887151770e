"""The manual: every screen has its page, every page its picture, and the “?” leads there."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image

from associates.models import Associate
from smmware.core import navigation, reports, sections
from smmware.core.models import Company
from smmware.office.manual import FOLDER, Page, help_for, pages, render
from tests.factories import CompanyFactory

PICTURES = settings.BASE_DIR / "docs" / "pictures"
OTHERS = {"qbo-add-all"}  # README's
ALL = list(pages())
# Which page explains what: the commands of the menu, the sections of Settings, the reports.
PAGE_OF = {
    "work_lists": "work-lists", "associates:list": "associates", "organizations:list": "organizations",
    "organizations:contacts": "contacts", "clients:list": "clients", "clients:inquiries": "inquiries",
    "clients:jobs": "jobs", "hours:record": "record-hours", "hours:record_expense": "record-expenses",
    "hours:hours": "history", "hours:approvals": "approvals", "invoices:list": "invoices",
    "qbo:connect": "quickbooks-connect", "qbo:settings": "quickbooks-settings", "qbo:runs": "quickbooks-runs",
    "qbo:waiting": "quickbooks-choices", "settings": "settings", "settings_basic": "settings",
    "settings_invoices": "invoice-settings", "organization_settings:categories": "categories",
    "client_settings:job_codes": "job-codes", "client_settings:custom_fields": "custom-fields",
    **dict.fromkeys(
        ("hour_settings:time", "hour_settings:rates", "hour_settings:mileage", "hour_settings:expense_categories",
         "hour_settings:descriptions", "hour_settings:flat_fee_presets"), "time-and-rates",
    ),
    **dict.fromkeys(
        ("reports", "hours:payroll_report", "hours:expenses_report", "hours:mileage_report", "hours:without_rate",
         "invoices:months"), "reports",
    ),
}  # fmt: skip
BYTES_EACH, BYTES_IN_ALL = 150_000, 3_000_000


def screens(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """The name of every URL but those of Django's own site administration."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"
        elif pattern.namespace != "admin":
            yield from screens(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)


SCREENS = sorted(screens(get_resolver()))


def test_every_screen_has_a_page() -> None:
    assert [screen for screen in SCREENS if help_for(screen) is None] == []


def test_no_page_explains_a_screen_that_is_gone() -> None:
    explained = {help_for(screen) for screen in SCREENS}
    assert [page.slug for page in ALL if page.screens and page not in explained] == []


def test_every_command_and_section_has_its_own_page() -> None:
    """A new one must not fall under a page that is about something else: it needs a row here, a page and a picture."""
    asked = [entry.url_name for entry in navigation._entries if entry.url_name != "admin:index"]
    asked += [each.url_name for each in (*sections._sections, *reports._reports)]
    assert {name: page.slug for name in asked if (page := help_for(name))} == PAGE_OF
    assert {*asked} == {*PAGE_OF}


def test_every_picture_is_made_by_the_script() -> None:
    """None is left that `make pictures` does not renew."""
    script = (settings.BASE_DIR / "scripts" / "pictures.py").read_text()
    there = {path.stem for path in PICTURES.glob("*.png")} - OTHERS
    assert {name for name in there if f'"{name}"' not in script} == set()


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.slug)
def test_a_page_has_its_picture_and_leads_nowhere_else(page: Page) -> None:
    text = page.path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    pictures = re.findall(r"!\[[^\]]+\]\(\.\./pictures/([\w-]+)\.png\)", text)
    assert pictures[:1] == [page.slug]
    for name in pictures:
        with Image.open(PICTURES / f"{name}.png") as picture:
            assert (picture.width, (PICTURES / f"{name}.png").stat().st_size < BYTES_EACH) == (1400, True), name
    links = re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", text)
    assert set(links) <= {f"{other.slug}.md" for other in ALL}


def test_there_is_no_page_nor_picture_that_nobody_sees() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == {page.slug for page in ALL}
    shown = {name for page in ALL for name in re.findall(r"pictures/([\w-]+)\.png", page.path.read_text())}
    there = {path.stem: path.stat().st_size for path in PICTURES.glob("*.png")}
    assert set(there) - OTHERS == shown
    assert sum(there.values()) < BYTES_IN_ALL


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[Send](send-invoice.md)", '<p><a href="/help/send-invoice/">Send</a></p>\n'),
        ("![A](../pictures/a.png)", '<p><img src="/static/manual/a.png" alt="A" /></p>\n'),
    ],
)
def test_markdown(text: str, shown: str) -> None:
    assert render(text) == shown


def questions(answer: Any) -> list[str]:
    return re.findall(r'class="help-link" href="([^"]+)"', answer.content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("screen", "page"), [("home", "home"), ("invoices:add", "add-invoice"), ("clients:jobs", "jobs"), ("help", "home")]
)
def test_the_question_mark_leads_to_the_page_of_the_screen(
    screen: str, page: str, admin: Associate, client_for: Callable[[Associate], Browser]
) -> None:
    assert questions(client_for(admin).get(reverse(screen))) == [f"/help/{page}/"]


@pytest.mark.django_db
def test_every_page_opens_for_everybody_but_those_on_quickbooks(
    basic: Associate, client_for: Callable[[Associate], Browser]
) -> None:
    def opened(person: Associate) -> tuple[set[str], set[str]]:
        browser = client_for(person)
        listed = set(re.findall(r'href="/help/([\w-]+)/"', browser.get(reverse("help")).content.decode())) - {"home"}
        return listed, {page.slug for page in ALL if browser.get(page.url).status_code == 200} - {"home"}

    everybodys = {page.slug for page in ALL if not page.about_quickbooks} - {"home"}
    assert opened(basic) == (everybodys, everybodys)
    CompanyFactory(integration=Company.Integration.QBO)
    Associate.objects.update(qbo_admin=True)
    everything = {page.slug for page in ALL} - {"home"}
    assert opened(basic) == (everything, everything)


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/help/", "/help/home/"])
def test_signed_out_one_is_asked_to_sign_in(url: str, client: Browser) -> None:
    assert client.get(url).headers["Location"] == f"/sign-in/?next={url}"


@pytest.mark.django_db
def test_what_the_manual_has_no_page_on_is_not_found(
    basic: Associate, client_for: Callable[[Associate], Browser]
) -> None:
    assert client_for(basic).get("/help/unheard-of/").status_code == 404
