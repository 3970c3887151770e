"""The first afternoon with years of books: the guide, walked from connecting to the test copy.

A third of whom QuickBooks has are here already, most under a slightly different name. Whoever walks knows who is whom,
as the office does. At the end nobody stands twice, here or there. `make first-afternoon` walks with 3,000 customers,
400 vendors and 60 employees; in `make test` a tenth of them is enough.
"""

import json
import os
import re
from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.books_of_years import Known, create, known
from tests.browser.test_manual_page import choose_mappings, enable, open_menu, run_to_the_end, sign_in
from tests.office import Office

LISTS = ("Chart of Accounts", "Items", "Payment Methods", "Terms")
PEOPLE = {"Clients": "Customer", "Vendors": "Vendor", "Associates": "Employee"}
MANAGERS = {"Client Manager": "Customer", "Organization Manager": "Vendor", "Associate Manager": "Employee"}
LONG_MS = 300_000
CUSTOMERS = int(os.environ.get("SMMWARE_TEST_CUSTOMERS", "300"))
# Answers a page of a plan: the record here that somebody is, or a new one. Says how many answers it changed, and fails
# where the record is not among the choices.
ANSWER = """(whom) => {
  let changed = 0;
  for (const select of document.querySelectorAll("select[name^=row-]")) {
    const here = whom[select.closest("tr").children[1].textContent.trim()];
    const wanted = (text) => here ? text === `Link with ${here}` : text.startsWith("New");
    const option = [...select.options].find((each) => wanted(each.text));
    if (!option) throw new Error(`${here} is not among ${[...select.options].map((each) => each.text)}`);
    if (!option.selected) changed += 1;
    option.selected = true;
  }
  return changed;
}"""


def open_guide(page: Page) -> None:
    open_menu(page, "QuickBooks Online Settings")
    page.get_by_role("link", name="First steps", exact=True).click()
    expect(page.get_by_role("heading", name="First steps with QuickBooks")).to_be_visible()


def connect(page: Page) -> None:
    page.get_by_role("button", name="Connect to QuickBooks").click()
    page.get_by_label(re.compile("e-?mail|user", re.IGNORECASE)).fill("owner@sandbox.example")
    page.get_by_label(re.compile("password", re.IGNORECASE)).fill("sandbox")
    page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_text("You are connected to")).to_be_visible()


def import_list(page: Page, name: str) -> None:
    open_guide(page)
    page.get_by_role("button", name=f"Import {name}", exact=True).click()
    expect(page).to_have_url(re.compile("/quickbooks/imports/"))


def answer(page: Page, whom: dict[str, str]) -> None:
    """Read the plan as a careful owner does: what needs a choice, and what would be new."""
    plan = page.url.partition("?")[0]
    for shown in ("choice", "new"):
        number = 1
        while True:
            page.goto(f"{plan}?show={shown}&page={number}")
            if page.evaluate(ANSWER, whom):
                page.get_by_role("button", name="Save choices").click()  # what is answered otherwise moves elsewhere
                expect(page.get_by_text("Saved.")).to_be_visible()
            elif page.get_by_role("navigation", name="Pages").get_by_role("link", name="Next").count():
                number += 1
            else:
                break


def step(page: Page, heading: str) -> Any:
    return page.locator(".guide > li").filter(has=page.get_by_role("heading", name=re.compile(heading)))


@pytest.mark.browser
def test_nobody_stands_twice(page: Page, office: Office) -> None:
    office.simulator("/_simulator/reset", "POST", json={"company": "empty"})
    books, everybody = (
        office.books(),
        known(customers=CUSTOMERS, vendors=CUSTOMERS * 2 // 15, employees=CUSTOMERS // 50),
    )
    whoever = create(everybody, books)
    books.create("Account", Name="Company Card", AccountType="Credit Card")
    before = office.do("people_here", json.dumps([each.here for each in everybody if each.here]))

    sign_in(page, office, "owner")
    enable(page)
    open_guide(page)
    connect(page)
    for name in LISTS:
        import_list(page, name)
        expect(page.get_by_text("Finished", exact=True).first).to_be_visible(timeout=LONG_MS)
    open_guide(page)
    page.get_by_role("button", name="Accept what is ticked").click()
    choose_mappings(page)
    open_guide(page)
    page.get_by_role("button", name="Copy everything, however old").click()
    import_people(page, whoever)
    copy_one_as_a_test(page)
    assert_linked(office, whoever, before)
    copy_the_rest(page)
    assert_nobody_twice(office, whoever, before)


def import_people(page: Page, whoever: dict[tuple[str, str], Known]) -> None:
    for name, entity in PEOPLE.items():
        import_list(page, name)
        expect(page.get_by_text("Nothing has been changed yet")).to_be_visible(timeout=LONG_MS)
        here = {qbo_id: each.here for (of, qbo_id), each in whoever.items() if of == entity}
        answer(page, {qbo_id: known_here["name"] for qbo_id, known_here in here.items() if known_here})
        page.get_by_role("button", name="Next", exact=True).click()
        expect(page.get_by_text("Finished", exact=True).first).to_be_visible(timeout=LONG_MS)
    open_guide(page)
    expect(step(page, "Import and match people").get_by_text("Done", exact=True)).to_be_visible()


def copy_one_as_a_test(page: Page) -> None:
    page.get_by_role("combobox", name="Invoice").select_option(index=1)
    page.get_by_role("button", name="Show what would be copied").click()
    expect(page.get_by_text("Nothing has been sent yet.")).to_be_visible()
    run_to_the_end(page)
    open_guide(page)
    expect(page.get_by_text("You have completed the one-time effort.")).to_be_visible()


def copy_the_rest(page: Page) -> None:
    """“QBO Add All” of all three lists: only who is not at QuickBooks goes there."""
    for manager in MANAGERS:
        open_menu(page, manager)
        page.get_by_role("button", name="QBO Add All").click()
        run_to_the_end(page)


def assert_linked(office: Office, whoever: dict[tuple[str, str], Known], before: dict[str, int]) -> None:
    """Each at QuickBooks is one record here, and that of whom it is."""
    linked = {(entity, qbo_id): name for entity, qbo_id, name in office.do("who_is_whom")}
    assert whoever.keys() <= linked.keys()
    assert {key: linked[key] for key, each in whoever.items() if each.here} == {
        key: each.here["name"] for key, each in whoever.items() if each.here
    }
    new = Counter(entity for (entity, _), each in whoever.items() if not each.here)
    assert office.do("how_many") == {entity: before[entity] + new[entity] for entity in before}


def assert_nobody_twice(office: Office, whoever: dict[tuple[str, str], Known], before: dict[str, int]) -> None:
    """At QuickBooks there are those who were there, and those of ours who were not."""
    books, here = office.books(), office.do("how_many")
    there = {entity: len(books.all(entity, "where Active in (true, false)")) for entity in PEOPLE.values()}
    of_lists = Counter(entity for entity, _ in whoever)
    linked_before = Counter(entity for (entity, _), each in whoever.items() if each.here)
    copied = {entity: before[entity] - linked_before[entity] for entity in before}
    assert there == {entity: of_lists[entity] + copied[entity] for entity in there}
    links = Counter(entity for entity, _, _ in office.do("who_is_whom"))
    assert links == there == here
