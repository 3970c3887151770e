"""The manual's “How To Fix, When Records Are Accidentally Created At QBO”: an associate, a client, an organization.

Each was made at QuickBooks by hand, under a name that is written a little differently there. Afterwards there is one of
it on either side.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_screen import Walk
from tests.browser.test_manual_page import open_menu, sign_in
from tests.office import Books, Office, running_office


@dataclass(frozen=True)
class Mistake:
    """A record made at QuickBooks by hand, and the same one here.

    Args:
        manager: the menu entry of its listing; add: the button there.
        here: what is typed here, by label.
        entity, there: what somebody made at QuickBooks; name: how it is called there.
        why: what the list of choices says of the two.
    """

    manager: str
    add: str
    here: dict[str, str]
    entity: str
    name: str
    why: str
    there: dict[str, Any] = field(default_factory=dict)


MISTAKES = (
    Mistake(
        "Associate Manager", "Add associate", {"First name": "Philippa", "Last name": "LINDQVIST"},
        "Employee", "Philippa Lindqvist", "The same name", {"GivenName": "Philippa", "FamilyName": "Lindqvist"},
    ),
    Mistake(
        "Client Manager", "Add client", {"Name": "Robert Ashgrove", "Phone": "(847) 555-0163"},
        "Customer", "Ashgrove, Bob", "Bob is short for Robert, the same phone",
        {"DisplayName": "Ashgrove, Bob", "PrimaryPhone": {"FreeFormNumber": "847.555.0163"}},
    ),
    Mistake(
        "Organization Manager", "Add organization", {"Name": "Pinecrest Hauling"},
        "Vendor", "Pinecrest Hauling LLC", "The same name, written differently",
        {"DisplayName": "Pinecrest Hauling LLC"},
    ),
)  # fmt: skip


@pytest.fixture
def connected(tmp_path: Path) -> Any:
    """The fictitious company, connected, with nothing imported."""
    with running_office(tmp_path / "office", "simulator", "web", "worker") as office:
        office.do("connect", json.dumps(office.simulator("/_simulator/tokens", "POST", json={})))
        yield office


def fix(page: Page, books: Books, walk: Walk, mistake: Mistake) -> None:
    """The manual, word for word; each screen on the way is looked at."""
    made = books.create(mistake.entity, **mistake.there)
    before = len(books.all(mistake.entity, "where Active in (true, false)"))
    open_menu(page, mistake.manager)
    page.get_by_role("link", name=mistake.add, exact=True).click()
    for label, typed in mistake.here.items():
        page.get_by_label(re.compile(rf"^{label}( \*)?$")).fill(typed)  # a star where it has to be filled in
    page.get_by_role("button", name="Save", exact=True).click()

    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_role("button", name="QBO Add", exact=True).click()
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("Finished.", exact=True)).to_be_visible(timeout=60_000)
    walk.look(page.url)
    page.get_by_role("link", name="Choose", exact=True).click()
    walk.look(page.url)
    choice = page.get_by_role("row").filter(has_text=mistake.name)
    expect(choice).to_contain_text(mistake.why)
    choice.get_by_role("button", name=re.compile(f"^QBO ID {made['Id']}:")).click()
    expect(page.get_by_text("Already at QuickBooks").first).to_be_visible(timeout=60_000)

    assert len(books.all(mistake.entity, "where Active in (true, false)")) == before
    [there] = [row for row in books.all(mistake.entity) if row["Id"] == made["Id"]]
    assert there["SyncToken"] == made["SyncToken"]  # nothing was written there
    word = next(iter(mistake.here.values())).split()[-1]
    open_menu(page, mistake.manager)
    page.goto(f"{page.url}?q={word}")
    walk.look(page.url)
    listed = page.get_by_role("row").filter(has_text=word)
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text(made["Id"])
    expect(listed).to_contain_text("Copied")


def look_at_the_rest(page: Page, office: Office, books: Books, walk: Walk) -> None:
    """The screens that lead to the same: all choices, what is accepted together, another record at QuickBooks."""
    books.create("Customer", DisplayName="Hazel Thornbury")
    books.create("Customer", DisplayName="Thornbury, H.")
    open_menu(page, "Client Manager")
    page.get_by_role("link", name="Add client", exact=True).click()
    page.get_by_label(re.compile(r"^Name( \*)?$")).fill("Hazel Thornbury")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Add QBO", exact=True).click()
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("Finished.", exact=True)).to_be_visible(timeout=60_000)
    page.goto(f"{page.url}choices/")
    walk.look(page.url)
    open_menu(page, "QuickBooks Online Choices")
    walk.look(page.url)
    page.get_by_role("link", name="Accept all exact (1)").click()
    walk.look(page.url)
    page.get_by_role("button", name="Link it").click()
    expect(page.get_by_text("1 record linked. Nothing was changed at QuickBooks.")).to_be_visible()
    page.get_by_role("link", name="Link old invoices").click()
    walk.look(page.url)
    page.goto(f"{office.url}/clients/?q=Thornbury")
    page.get_by_role("link", name="Hazel Thornbury").click()
    page.get_by_role("link", name="Move", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="Thornbury, H.")).to_be_visible()
    walk.look(page.url)


@pytest.mark.browser
def test_how_to_fix(page: Page, connected: Office) -> None:
    walk, books = Walk(page, connected), connected.books()
    sign_in(page, connected, "owner")

    for mistake in MISTAKES:
        fix(page, books, walk, mistake)
    assert len(books.writes()) == len(MISTAKES)  # those made by hand
    look_at_the_rest(page, connected, books, walk)

    assert walk.problems == []
