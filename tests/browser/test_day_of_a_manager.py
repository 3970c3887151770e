"""The manager's day and the owner's: an invoice made, printed, sent and paid in part; the report read on a phone."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.test import Client as Browser
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from associates.models import Associate
from clients.models import Job
from hours.recording import approve
from invoices import billing
from invoices.models import Invoice, InvoiceSettings, Payment
from tests.factories import (
    CompanyFactory,
    ExpenseEntryFactory,
    HourEntryFactory,
    JobFactory,
    MileageEntryFactory,
    PaymentMethodFactory,
    TermFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.pdf, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 400, "height": 800}


@pytest.fixture
def job(admin: Associate) -> Job:
    """A job of Ann Ray's with three entries, all approved; payments are recorded here."""
    CompanyFactory(time_zone="UTC")  # its day is the one that this test counts by, at any hour
    InvoiceSettings.objects.create(payments_at=InvoiceSettings.PaymentsAt.HERE, email="office@example.com")
    TermFactory(name="Net 15", due_days=15)
    PaymentMethodFactory(name="Check")
    job = JobFactory(client__name="Ann Ray", client__email="ann@example.com", name="Move")
    shared = {"job": job, "associate": admin, "date": timezone.localdate()}
    entries = [
        HourEntryFactory(**shared, minutes=120, charge_rate=Decimal("65.00"), description="Packed the kitchen"),
        MileageEntryFactory(**shared, description="To the client and back"),
        ExpenseEntryFactory(**shared, amount=Decimal("31.20"), description="Boxes"),
    ]
    approve(entries=entries, by=admin, at=timezone.now())
    return job


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser's console complains of, breaches of the Content-Security-Policy too: nothing, at the end."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield said
    assert said == []


def sign_in(context: BrowserContext, live_server: Any, person: Associate) -> None:
    """By the session's cookie: how one signs in is another test's."""
    browser = Browser()
    browser.force_login(person)
    context.add_cookies([{"name": "sessionid", "value": browser.cookies["sessionid"].value, "url": live_server.url}])


def look(page: Page) -> None:
    """The screen is for everybody: nothing that axe finds, and nothing that has to be pushed sideways."""
    found = Axe().run(page).response["violations"]
    assert [(violation["id"], [node["html"] for node in violation["nodes"]]) for violation in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def sums(page: Page) -> Any:
    return page.locator("#sums dd").last


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def make(page: Page) -> None:
    """Choose the job and its entries; the total follows."""
    page.get_by_role("link", name="Add invoice").click()
    page.locator("main").get_by_label("Job").select_option(label="Ann Ray – Move")
    expect(sums(page)).to_have_text("$174.60")
    page.get_by_role("checkbox", name="Bill Boxes").uncheck()
    expect(sums(page)).to_have_text("$143.40")
    page.locator("main").get_by_label("Adjustment").fill("-13.40")
    page.locator("main").get_by_label("Term").select_option(label="Net 15")
    expect(sums(page)).to_have_text("$130.00")
    look(page)
    press(page, "Make invoice")
    expect(page.get_by_role("alert")).to_have_text(re.compile("No invoice is made yet"))
    expect(page.get_by_role("checkbox", name="Bill Boxes")).not_to_be_checked()
    page.locator("main").get_by_label("Public note").fill("Thank you for your patience.")
    press(page, "Make invoice")
    expect(page.get_by_text("Invoice 1001 is made.")).to_be_visible()
    look(page)


def print_and_send(page: Page) -> None:
    press(page, "Finalize")
    press(page, "Approve")
    page.get_by_role("link", name="Print").click()
    expect(page.get_by_text("Thank you for your patience.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Packed the kitchen"))).to_contain_text(
        re.compile(r"2\.00 h\s*\$65\.00\s*\$130\.00")
    )
    look(page)
    page.get_by_role("link", name="Back to Invoice 1001").click()
    page.get_by_role("link", name="Send", exact=True).click()
    expect(page.locator("main").get_by_label("To")).to_have_value("ann@example.com")
    look(page)
    press(page, "Send")
    expect(page.get_by_text("Invoice 1001 is on its way to ann@example.com.")).to_be_visible()


def record_a_part(page: Page) -> None:
    """All that is wrong with a payment is said at once, and nothing typed is lost."""
    page.get_by_role("link", name="Record payment").click()
    page.locator("main").get_by_label("Date").fill("2020-01-01")
    page.locator("main").get_by_label("Amount").fill("130.01")
    page.locator("main").get_by_label("Check or reference number").fill("204")
    press(page, "Save")
    expect(page.get_by_text("That is more than what is open: $130.00.")).to_be_visible()
    expect(page.get_by_text("That is before the day of the invoice.")).to_be_visible()
    look(page)
    page.locator("main").get_by_label("Date").fill(f"{timezone.localdate()}")
    page.locator("main").get_by_label("Amount").fill("50")
    page.locator("main").get_by_label("Method").select_option(label="Check")
    press(page, "Save")
    expect(page.locator(".facts > div", has_text="Open")).to_contain_text("$80.00")


def test_an_invoice_from_the_job_to_the_first_check(
    page: Page, context: BrowserContext, live_server: Any, admin: Associate, job: Job, complaints: list[str]
) -> None:
    sign_in(context, live_server, admin)
    page.goto(f"{live_server.url}/invoices/")
    make(page)
    print_and_send(page)
    (letter,) = mail.outbox
    assert (letter.to, letter.attachments[0][0], letter.attachments[0][1][:5]) == (
        ["ann@example.com"], "Invoice-1001.pdf", b"%PDF-",
    )  # fmt: skip
    record_a_part(page)
    assert Payment.objects.values_list("amount", "reference").get() == (Decimal("50.00"), "204")
    assert Invoice.objects.values_list("status", flat=True).get() == "sent"


def test_the_owner_reads_the_report_on_a_phone(
    page: Page, context: BrowserContext, live_server: Any, owner: Associate, job: Job, complaints: list[str]
) -> None:
    billing.bill_flat(job=job, amount=Decimal("1500.00"), description="All in", date=timezone.localdate())
    Invoice.objects.update(status="sent")
    page.set_viewport_size(PHONE)
    sign_in(context, live_server, owner)
    page.goto(f"{live_server.url}/invoices/")
    page.get_by_role("link", name="Sent per month").click()
    this_month = f"{timezone.localdate():%B %Y}"
    expect(page.get_by_role("img")).to_have_accessible_name(re.compile(rf"{this_month} \$1,500\.00, 1 invoice$"))
    expect(page.get_by_role("row", name=re.compile(this_month))).to_contain_text("$1,500.00")
    look(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "invoices-per-month.csv"
    with page.expect_popup() as help_page:
        page.get_by_role("link", name=re.compile("^Help: ")).click()
    expect(help_page.value.get_by_role("heading", level=1)).to_have_text("Reports")
    for picture in help_page.value.get_by_role("img").all():
        expect(picture).to_have_js_property("complete", True)
    look(help_page.value)
