"""An associate's days on a phone: hours, miles, and an expense with its receipt; and the lead who approves them."""

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from associates.models import Associate
from clients.models import Job
from hours.models import DescriptionPreset, ExpenseEntry, HourEntry, MileageEntry
from tests.browser.test_day_of_a_manager import PHONE, complaints, look, press, sign_in
from tests.factories import CompanyFactory, ExpenseCategoryFactory, JobFactory, TimeSettingsFactory

__all__ = ["complaints"]  # the fixture
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def job(db: None, settings: Any, tmp_path: Path) -> Job:
    settings.MEDIA_ROOT = tmp_path
    CompanyFactory(time_zone="UTC")  # its day is the one that this test counts by, at any hour
    TimeSettingsFactory()
    ExpenseCategoryFactory(name="Packing supplies")
    DescriptionPreset.objects.create(text="Packing the kitchen")
    return JobFactory(client__name="Ann Ray", name="Move")


def receipt() -> dict[str, Any]:
    content = io.BytesIO()
    Image.new("RGB", (60, 90), "white").save(content, "JPEG")
    return {"name": "IMG 0012.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


def record_three_days(page: Page, address: str) -> None:
    """Hours and miles, day after day, without leaving the form; Enter saves."""
    page.goto(f"{address}/hours/record/")
    expect(page.locator("#id_job")).to_be_focused()
    page.locator("#id_job").select_option(label="Ann Ray – Move")
    look(page)
    for days_ago, typed in ((2, "8:30-12"), (1, "25"), (1, "6.5"), (0, "1:40")):
        page.get_by_label("Date").fill((timezone.localdate() - dt.timedelta(days=days_ago)).isoformat())
        page.get_by_label("Miles").fill("20.3")
        page.get_by_label("Description").fill("Packing the kitchen")
        page.get_by_label("Hours").fill(typed)
        page.get_by_label("Hours").press("Enter")
        if typed == "25":
            expect(page.get_by_text("Between one minute and 24 hours.")).to_be_visible()
        else:
            expect(page.get_by_role("status")).to_contain_text("is recorded.")
            expect(page.get_by_label("Hours")).to_have_value("")
        expect(page.get_by_label("Hours")).to_be_focused()
    look(page)


def record_an_expense(page: Page, address: str) -> None:
    """What is no receipt is refused; the picture is taken."""
    page.goto(f"{address}/hours/expenses/record/")
    page.locator("#id_job").select_option(label="Ann Ray – Move")
    page.get_by_label("Amount").fill("31.20")
    page.get_by_label("Category").select_option(label="Packing supplies")
    page.get_by_label("Receipt").set_input_files(
        {"name": "receipt.jpg", "mimeType": "image/jpeg", "buffer": b"<script>"}
    )
    press(page, "Save")
    expect(page.get_by_text("This is no picture")).to_be_visible()
    expect(page.get_by_label("Amount")).to_have_value("31.20")
    look(page)
    page.get_by_label("Receipt").set_input_files(receipt())
    page.get_by_role("button", name="Save", exact=True).dblclick()  # and is recorded once
    expect(page.get_by_role("status")).to_contain_text("is saved.")


def approve(page: Page, address: str) -> None:
    """The lead looks at the receipt, approves one, then all the rest."""
    page.goto(f"{address}/hours/approvals/")
    expect(page.get_by_text("7 entries wait for approval")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Approve Packing supplies").click()
    expect(page.get_by_text("1 entry is approved.")).to_be_visible()
    all_of_them = page.get_by_label("All on this page")
    all_of_them.check()
    expect(page.get_by_role("checkbox", name="miles").first).to_be_checked()
    page.locator("[name=entry]").first.uncheck()
    expect(all_of_them).not_to_be_checked()
    press(page, "Approve chosen")
    expect(page.get_by_text("5 entries are approved.")).to_be_visible()
    press(page, "Approve all 1")
    expect(page.get_by_text("1 entry is approved.")).to_be_visible()
    expect(page.get_by_text("Nothing waits for approval.")).to_be_visible()
    look(page)


def test_an_associates_days_and_the_leads_approval(
    page: Page, context: BrowserContext, live_server: Any, basic: Associate, lead: Associate, job: Job, complaints: Any
) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sign_in(context, live_server, basic)
    record_three_days(page, live_server.url)
    record_an_expense(page, live_server.url)
    assert sorted(HourEntry.objects.values_list("minutes", flat=True)) == [100, 210, 390]
    assert list(MileageEntry.objects.values_list("miles", flat=True)) == [Decimal("20.3")] * 3
    assert Path(ExpenseEntry.objects.get().receipt.name).name == "img-0012.jpg"

    sign_in(context, live_server, lead)
    approve(page, live_server.url)
    for model in (HourEntry, MileageEntry, ExpenseEntry):
        assert {entry.approved_by for entry in model._default_manager.all()} == {lead}
