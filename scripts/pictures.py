"""`make pictures`: walk the screens of a demo company of its own and write docs/pictures, one for each page of the
manual.

The company, web, worker and simulator run on free ports in a temporary folder; nothing of `make demo` is touched.
Names as arguments make only those pictures: make pictures ARGS="invoice payments"
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.services import chromium_path
from tests.office import Office, running_office
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
WIDTH, HEIGHT, LOWEST = 1400, 900, 420
COLOURS = 64  # the screens are flat: more would only make the files larger
A_JOB = "/clients/jobs/?q=Sanchez+Lakeview"  # with hours, miles, expenses and flat fees that are not billed yet
A_CLIENT = "Harriet+Miller"  # whom QuickBooks has under no other name
AT_QUICKBOOKS_MEANWHILE = {  # whom somebody made there by hand
    "Arlene Mitchell": {},
    "Conner, Agnes": {"PrimaryEmailAddr": {"Address": "a.conner@example.com"}},
    "Al Avila": {"PrimaryPhone": {"FreeFormNumber": "(847) 555-0158"}},
    "Barbara Fergusson": {"PrimaryEmailAddr": {"Address": "barbara.ferguson@example.com"}},
}
RESEMBLES = {"DisplayName": "Hugh Lindgren", "PrimaryEmailAddr": {"Address": "barbara.ferguson@example.com"}}
LISTS = ("Chart of Accounts", "Items", "Payment Methods", "Terms", "Clients", "Vendors", "Associates")
PEOPLE = ("Clients", "Vendors", "Associates")  # what they will do is shown first
BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"]


class Walk:
    """A walk through the screens: one browser window per person, and where the pictures go."""

    def __init__(self, office: Office, browser: Browser, wanted: set[str]) -> None:
        self.office = office
        self.browser = browser
        self.wanted = wanted
        self.windows: dict[str, Page] = {}

    def as_(self, person: str, path: str) -> Page:
        """The window of a person, signed in, at a path of the product."""
        if person not in self.windows:
            page = self.windows[person] = self.browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            page.goto(f"{self.office.url}/sign-in/")
            page.get_by_label("Username").fill(person)
            page.get_by_label("Password").fill("demo")
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(f"{self.office.url}/")
        page = self.windows[person]
        page.goto(f"{self.office.url}{path}")
        return page

    def shoot(self, page: Page, name: str) -> None:
        """Write what a window shows, from its top down, as far as there is something on it."""
        if self.wanted and name not in self.wanted:
            return
        page.wait_for_load_state("networkidle")
        bottom = page.evaluate("Math.ceil(document.querySelector('main').getBoundingClientRect().bottom)")
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": max(LOWEST, min(HEIGHT, bottom))}
        write(page.screenshot(clip=clip, animations="disabled", caret="hide"), FOLDER / f"{name}.png")
        print(f"docs/pictures/{name}.png", flush=True)


def write(picture: bytes, path: Path) -> None:
    """Write a screenshot with few colours, as small as it gets."""
    full = Image.open(BytesIO(picture)).convert("RGB")
    few = full.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    path.parent.mkdir(exist_ok=True)
    few.save(path, optimize=True)


@contextmanager
def walking(wanted: set[str]) -> Iterator[Walk]:
    """A running demo company and a browser, both ended afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"SMMWARE_VAR_DIR": folder, "SMMWARE_TEST_RUN": "pictures"}
        with (
            running_office(Path(folder) / "office", "simulator", "web", "worker") as office,
            sync_playwright() as player,
        ):
            browser = player.chromium.launch(executable_path=chromium_path(), args=BROWSER_ARGUMENTS)
            yield Walk(office, browser, wanted)
            browser.close()


def people_and_clients(walk: Walk) -> None:
    """Associates, what they record, clients, jobs, organizations."""
    for name, person, path in (
        ("home", "manager", "/"),
        ("listings", "manager", "/clients/?paging=off"),
        ("record-hours", "associate", "/hours/record/"),
        ("record-expenses", "associate", "/hours/expenses/record/"),
        ("history", "lead", "/hours/"),
        ("inquiries", "manager", "/clients/inquiries/"),
        ("organizations", "manager", "/organizations/"),
        ("contacts", "manager", "/organizations/contacts/"),
        ("settings", "owner", "/settings/"),
        ("time-and-rates", "owner", "/settings/rates/"),
        ("invoice-settings", "owner", "/settings/invoices/"),
        ("search", "manager", "/search/?q=Whitfield"),
        ("approvals", "lead", "/hours/approvals/"),
        ("work-lists", "manager", "/work-lists/clients/"),
        ("job-codes", "owner", "/settings/job-codes/"),
        ("custom-fields", "owner", "/settings/custom-fields/"),
        ("categories", "owner", "/settings/categories/"),
    ):
        walk.shoot(walk.as_(person, path), name)
    for name, path in (
        ("associates", "/associates/?q=Priya"),
        ("clients", "/clients/?q=Margaret+Whitfield"),
        ("jobs", A_JOB),
    ):
        page = walk.as_("manager", path)
        first_row(page)
        walk.shoot(page, name)
    page.goto(f"{walk.office.url}/clients/?q={A_CLIENT}")
    first_row(page)
    page.get_by_role("link", name="Edit", exact=True).first.click()
    page.get_by_label("Phone").fill("847-555-0142")
    press(page, "Save")
    page.get_by_role("link", name="Who changed what").click()
    walk.shoot(page, "who-did-what")


def invoices(walk: Walk) -> None:
    """An invoice is made, looked at, sent and paid."""
    walk.shoot(walk.as_("manager", "/invoices/"), "invoices")
    walk.shoot(walk.as_("owner", "/reports/"), "reports")
    walk.shoot(walk.as_("owner", "/invoices/months/"), "reports-invoices")
    walk.shoot(walk.as_("owner", "/hours/reports/payroll/"), "reports-payroll")
    without_a_rate(walk)
    page = walk.as_("manager", A_JOB)
    first_row(page)
    page.get_by_role("link", name="Add invoice").click()
    page.get_by_role("checkbox", name="Bill").first.uncheck()
    page.get_by_text("entries chosen").wait_for()
    walk.shoot(page, "add-invoice")

    press(page, "Make invoice")
    page.get_by_role("link", name="Add entries").click()
    page.get_by_text("chosen", exact=False).first.wait_for()
    walk.shoot(page, "invoice-add-entries")

    page = walk.as_("manager", "/invoices/?status=finalized&kind=itemized")
    first_row(page)
    walk.shoot(page, "invoice")
    page = walk.as_("manager", "/invoices/?status=tl_approved&kind=itemized")
    first_row(page)
    page.get_by_role("link", name="Send", exact=True).click()
    walk.shoot(page, "send-invoice")
    page = walk.as_("manager", "/invoices/?status=sent&kind=itemized")
    first_row(page)
    page.get_by_role("link", name="Print").click()
    walk.shoot(page, "invoice-paper")

    page = walk.as_("owner", "/settings/invoices/")
    page.get_by_label("Here, on the page of the invoice").check()
    page.get_by_role("button", name="Save").click()
    page = walk.as_("manager", "/invoices/?status=sent&kind=itemized")
    first_row(page)
    page.get_by_role("link", name="Record payment").click()
    walk.shoot(page, "payments")


def without_a_rate(walk: Walk) -> None:
    """Somebody new works before anybody says what they are paid."""
    page = walk.as_("manager", "/associates/add/")
    page.get_by_label("First name").fill("Nora")
    page.get_by_label("Last name").fill("Quinn")
    press(page, "Save")
    for hours in ("3", "4:30"):
        page = walk.as_("manager", "/hours/record/")
        main = page.locator("main")
        main.get_by_label("Person").select_option(label="Nora Quinn")
        main.get_by_label("Hours", exact=True).fill(hours)
        main.get_by_role("button", name="Record").or_(main.get_by_role("button", name="Save")).first.click()
        page.get_by_text("is recorded").first.wait_for()
    walk.shoot(walk.as_("owner", "/hours/reports/without-rate/"), "reports-without-rate")


def quickbooks(walk: Walk) -> None:
    """Connecting, importing, choosing, copying, and what comes after."""
    office = walk.office
    office.do("connect", json.dumps(office.simulator("/_simulator/tokens", "POST", json={})))
    walk.shoot(walk.as_("owner", "/quickbooks/connect/"), "quickbooks-connect")
    office.books().create("Customer", **RESEMBLES)  # somebody here, too little to be asked about
    for name in LISTS:
        page = walk.as_("owner", "/quickbooks/settings/")
        page.get_by_role("button", name=f"Import {name}", exact=True).click()
        page.wait_for_url("**/quickbooks/imports/**")
        if name in PEOPLE:
            page.get_by_role("button", name="Next", exact=True).wait_for()
            if name == "Clients":
                walk.shoot(page, "quickbooks-imports")
            press(page, "Next")
        page.get_by_text("Finished", exact=True).first.wait_for()
        if name == "Terms":
            walk.shoot(walk.as_("owner", "/quickbooks/guide/"), "quickbooks-guide")
        if name == "Clients":
            walk.shoot(page, "quickbooks-import-report")
    walk.shoot(walk.as_("owner", "/quickbooks/settings/"), "quickbooks-settings")
    walk.shoot(walk.as_("owner", "/quickbooks/settings/mappings/"), "quickbooks-mappings")
    office.do("map_all")
    copy_and_choose(walk)
    walk.shoot(walk.as_("owner", "/quickbooks/link-invoices/"), "quickbooks-old-invoices")
    compare(walk)
    walk.shoot(walk.as_("owner", "/quickbooks/runs/"), "quickbooks-runs")


def copy_and_choose(walk: Walk) -> None:
    """One invoice with all that it needs, and clients some of whom are there already."""
    page = walk.as_("owner", f"/invoices/?status=paid&q={A_CLIENT}")
    press(page, "QBO Add All")
    walk.shoot(page, "quickbooks-copy")
    press(page, "Next")
    page.get_by_text("Finished.", exact=True).wait_for()
    walk.shoot(page, "quickbooks-feedback")
    for name, more in AT_QUICKBOOKS_MEANWHILE.items():
        walk.office.books().create("Customer", DisplayName=name, **more)
    page = walk.as_("owner", "/clients/")
    press(page, "QBO Add All")
    press(page, "Next")
    page.get_by_text("Finished.", exact=True).wait_for()
    page.get_by_role("link", name="Choose", exact=True).first.click()
    walk.shoot(page, "quickbooks-choices")
    walk.shoot(walk.as_("owner", "/quickbooks/choices/"), "quickbooks-waiting")


def compare(walk: Walk) -> None:
    """A client whom somebody changed at QuickBooks, and somebody else here."""
    books, name = walk.office.books(), A_CLIENT.replace("+", " ")
    (customer,) = books.all("Customer", f"where DisplayName = '{name}'")
    books.create("Customer", **customer | {"PrimaryPhone": {"FreeFormNumber": "(847) 555-0177"}})
    page = walk.as_("owner", f"/clients/?q={A_CLIENT}")
    first_row(page)
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Phone").fill("847-555-0199")
    press(page, "Save")
    update = page.get_by_role("button", name="Update QBO")
    wait_until(lambda: page.reload() and update.count(), "the worker has seen what was changed")
    press(page, "Update QBO")
    press(page, "Next")
    page.get_by_text("Finished.", exact=True).wait_for()
    page.get_by_role("link", name="Compare").first.click()
    walk.shoot(page, "quickbooks-compare")


def first_row(page: Page) -> None:
    """Open the first record of a listing."""
    page.locator("table tbody a").first.click()
    page.locator(".crumbs").wait_for()


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()
    page.wait_for_load_state()


def main(names: list[str]) -> None:
    with walking(set(names)) as walk:
        for chapter in (people_and_clients, invoices, quickbooks):
            chapter(walk)


if __name__ == "__main__":
    main(sys.argv[1:])
