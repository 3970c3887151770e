"""The simulator's own pages in a real browser: they keep up to date, and their buttons pass their own guard."""

import re
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.simulator import connect, running_simulator


@pytest.mark.browser
def test_what_arrives_shows_and_is_paid_by_hand(page: Page, tmp_path: Path) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    with running_simulator(tmp_path / "books.sqlite3", "empty") as url:
        page.goto(url)
        tile = page.get_by_role("link", name=re.compile("^Invoices [0-9]+$"))
        expect(tile).to_have_text("Invoices 0")
        send(url)
        expect(tile).to_have_text("Invoices 1")
        tile.click()
        page.get_by_role("link", name="Invoice 1001").click()
        page.get_by_role("link", name="Receive a payment").click()
        page.get_by_label("Amount").fill("40")
        page.get_by_role("button", name="Receive a payment").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("40.00 was paid on invoice 1001")
        expect(page.locator(".totals")).to_contain_text("60.00")
        page.set_viewport_size({"width": 400, "height": 800})
        page.get_by_role("button", name="Menu").click()
        page.get_by_role("link", name="Switches and clock").click()
        page.get_by_role("heading", name="Speed").click()
        page.get_by_label("latency.base_ms").fill("5")
        page.get_by_role("button", name="Set", exact=True).click()
        expect(page.get_by_role("status")).to_have_text("Set: latency.base_ms.")
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert problems == []


def send(url: str) -> None:
    """A customer and an invoice, as an app sends them."""
    tokens = connect(url)
    headers = {"Authorization": f"Bearer {tokens['access_token']}", "Accept": "application/json"}
    root = f"{url}/v3/company/{tokens['realm_id']}"
    customer = requests.post(f"{root}/customer", json={"DisplayName": "Rosa"}, headers=headers, timeout=10).json()
    line = {"Amount": 100, "DetailType": "SalesItemLineDetail"}
    body = {"CustomerRef": {"value": customer["Customer"]["Id"]}, "Line": [line]}
    assert requests.post(f"{root}/invoice", json=body, headers=headers, timeout=10).status_code == 200
