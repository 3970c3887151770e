"""The manual page “QuickBooks Online Integration”, walked in a real browser from “Enable” to “How To Fix”.

Its words are the labels on the screens: where a label here is not found, the product or this page is wrong.
"""

import re
from collections import Counter
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.office import Books, Office
from tests.waiting import wait_until

LISTS = ("Chart of Accounts", "Items", "Payment Methods", "Terms", "Clients", "Vendors", "Associates")
PEOPLE = ("Clients", "Vendors", "Associates")  # what they will do is shown first
RUN_MS = 240_000


def open_menu(page: Page, label: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=label, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def sign_in(page: Page, office: Office, username: str) -> None:
    page.goto(office.url)
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def enable(page: Page) -> None:
    """“Enable the Integration with QuickBooks Online (QBO)”, “Associate Permissions”."""
    expect(page.get_by_role("link", name=re.compile("QuickBooks"))).to_have_count(0)
    open_menu(page, "Settings")
    page.get_by_role("link", name="1) Basic Settings").click()
    page.get_by_role("group", name="Should SMMware integrate with QuickBooks?").get_by_label("QBO").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name=re.compile("QuickBooks Online"))).to_have_count(0)

    open_menu(page, "Associate Manager")
    page.get_by_role("link", name="Caroline Hartley").click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("group", name="QBO Admin?").get_by_label("Yes").check()
    page.get_by_role("button", name="Save", exact=True).click()


def connect(page: Page) -> None:
    """“Connect SMMware to QuickBooks Online”."""
    open_menu(page, "QuickBooks Online Connect")
    expect(page.get_by_text("You are not currently authenticated")).to_be_visible()
    page.get_by_role("button", name="Connect to QuickBooks").click()
    page.get_by_label(re.compile("e-?mail|user", re.IGNORECASE)).fill("owner@sandbox.example")
    page.get_by_label(re.compile("password", re.IGNORECASE)).fill("sandbox")
    page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Authorize").click()
    open_menu(page, "QuickBooks Online Connect")
    expect(page.get_by_text("You are connected to")).to_be_visible()
    expect(page.get_by_role("link", name="Disconnect")).to_be_visible()


def import_lists(page: Page) -> None:
    """“Configuration and Importing Initial Data”."""
    for name in LISTS:
        open_menu(page, "QuickBooks Online Settings")
        page.get_by_role("button", name=f"Import {name}", exact=True).click()
        expect(page).to_have_url(re.compile("/quickbooks/imports/"))  # the page before it says “Finished” of others
        finished = page.get_by_text("Finished", exact=True).first
        if name in PEOPLE:
            expect(page.get_by_text("Nothing has been changed yet")).to_be_visible(timeout=60_000)
            page.get_by_role("button", name="Next", exact=True).click()
        expect(finished).to_be_visible(timeout=60_000)


def choose_mappings(page: Page) -> None:
    """The configuration settings: what is proposed is looked at and saved, the clearing account is chosen."""
    open_menu(page, "QuickBooks Online Settings")
    page.get_by_role("link", name="Choose items and accounts").click()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()  # all() below does not wait for a page
    for select in page.locator("main select:visible").all():
        if not select.input_value():
            choice = select.locator("option").nth(1)
            select.select_option(choice.get_attribute("value"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Everything is chosen.").first).to_be_visible()


def run_to_the_end(page: Page) -> None:
    """“Next”, and whatever needs a choice, until the copy is finished."""
    page.get_by_role("button", name="Next", exact=True).click()
    for _ in range(20):
        expect(page.get_by_text("Finished.", exact=True)).to_be_visible(timeout=RUN_MS)
        if not page.get_by_role("link", name="Choose", exact=True).count():
            return
        page.get_by_role("link", name="Choose", exact=True).first.click()
        page.get_by_role("button", name=re.compile("^QBO ID")).or_(
            page.get_by_role("button", name="None of these, create")
        ).first.click()
    raise AssertionError("There were choices without end.")


def add_all_invoices(page: Page) -> None:
    """“Normal Day to Day: Copying Items to QBO”."""
    open_menu(page, "Invoice Manager")
    page.get_by_role("button", name="QBO Add All").click()
    expect(page.get_by_text("Nothing has been sent yet.")).to_be_visible()
    run_to_the_end(page)


def assert_books_are_right(books: Books) -> None:
    """Every copied invoice with its customer, its lines to the cent and its hours billed; no name there twice."""
    customers = {row["Id"] for row in books.all("Customer", "where Active in (true, false)")}
    billed = {row["Id"]: row["BillableStatus"] for row in books.all("TimeActivity")}
    invoices = books.all("Invoice")
    assert len(invoices) > 100
    for invoice in invoices:
        lines = [
            Decimal(str(line["Amount"])) for line in invoice["Line"] if line["DetailType"] == "SalesItemLineDetail"
        ]
        assert sum(lines) + Decimal(str(invoice["TxnTaxDetail"]["TotalTax"])) == Decimal(str(invoice["TotalAmt"]))
        assert invoice["CustomerRef"]["value"] in customers
        assert {billed[link["TxnId"]] for link in invoice["LinkedTxn"]} <= {"HasBeenBilled"}
    assert "HasBeenBilled" in billed.values()
    names = [
        row["DisplayName"].casefold() for entity in ("Customer", "Vendor", "Employee") for row in books.all(entity)
    ]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def fix_a_mistake(page: Page, office: Office, books: Books) -> None:
    """“How To Fix, When Records Are Accidentally Created At QBO”: an employee made there by mistake."""
    made = books.create("Employee", GivenName="Philippa", FamilyName="Lindqvist")
    open_menu(page, "Associate Manager")
    page.get_by_role("link", name="Add associate").click()
    page.get_by_label("First name").fill("Philippa")
    page.get_by_label("Last name").fill("LINDQVIST")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("button", name="QBO Add", exact=True).click()
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("Finished.", exact=True)).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Choose", exact=True).click()
    expect(page.get_by_role("columnheader", name="QBO ID")).to_be_visible()
    page.get_by_role("button", name=re.compile(f"^QBO ID {made['Id']}:")).click()
    expect(page.get_by_text("Already at QuickBooks").first).to_be_visible(timeout=60_000)
    assert [row["Id"] for row in books.all("Employee") if row["FamilyName"].casefold() == "lindqvist"] == [made["Id"]]


@pytest.mark.browser
def test_the_manual_page(page: Page, office: Office) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: problems.append(str(error)))

    sign_in(page, office, "owner")
    enable(page)
    connect(page)
    import_lists(page)
    choose_mappings(page)
    add_all_invoices(page)
    books = office.books()
    assert_books_are_right(books)

    written = len(books.writes())
    open_menu(page, "Invoice Manager")
    page.get_by_role("button", name="QBO Add All").click()
    expect(page.get_by_text("There is nothing to copy.")).to_be_visible()
    assert len(books.writes()) == written

    fix_a_mistake(page, office, books)
    wait_until(lambda: not problems, f"the browser's console has no complaints: {problems}", 1)
