"""The “Void” of an invoice on the screens: here, in both places, and refused with what to do instead."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from associates.models import Associate
from invoices import voiding
from invoices.models import Invoice
from qbo_sync.models import Connection, Link, Run
from smmware.core.models import Company
from smmware.core.permissions import Level
from tests.factories import AssociateFactory
from tests.integration.qbo_sync.test_copies import said, text
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import copied, invoice_for_hours

WHY = {"reason": "Billed to the wrong family"}


@pytest.fixture
def invoice(mapped: Connection) -> Invoice:
    return invoice_for_hours(number="2043")


@pytest.fixture
def there(mapped: Connection, invoice: Invoice) -> Invoice:
    """The same, copied."""
    copied(mapped, invoice)
    return invoice


def address(invoice: Invoice) -> str:
    return reverse("invoices:void", args=[invoice.pk])


def test_not_copied_it_is_voided_here(invoice: Invoice, office: Browser, qbo_admin: Associate) -> None:
    assert f'href="{address(invoice)}">Void</a>' in office.get(invoice.get_absolute_url()).content.decode()
    page = text(office.get(address(invoice)))
    assert "$97.50: it keeps its number and counts for nothing from then on." in page
    assert "Void here and at QuickBooks" not in page
    assert "This field is required" in text(office.post(address(invoice), {"reason": " "}))

    answer = office.post(address(invoice), WHY)

    assert (answer.status_code, answer["Location"]) == (302, invoice.get_absolute_url())
    assert said(answer) == ["Invoice 2043 is voided. What it billed can be billed again."]
    page = text(office.get(invoice.get_absolute_url()))
    assert "Status Voided" in page
    assert "Voided Billed to the wrong family" in page
    assert not Run.objects.exists()


def test_the_listing_shows_it_as_voided(invoice: Invoice, office: Browser, qbo_admin: Associate) -> None:
    other = invoice_for_hours(number="2044")
    voiding.void(invoice=invoice, reason="Wrong", by=qbo_admin)
    url = reverse("invoices:list")

    page = office.get(url, {"status": "voided"})

    assert [row.record for row in page.context["table"].rows] == [invoice]
    assert '<span class="pill pill-neutral">Voided</span>' in page.content.decode()
    found = office.get(url, {"sort": "number"}).context["table"].rows
    assert [(row.record.pk, row.record.total_amount) for row in found] == [(invoice.pk, 0), (other.pk, other.total)]
    lines = b"".join(office.get(url, {"export": "csv", "status": "voided"}).streaming_content).decode().splitlines()
    assert (len(lines), "Voided" in lines[1], "0.00" in lines[1]) == (2, True, True)


def test_copied_it_is_voided_in_both_places(
    there: Invoice, office: Browser, quickbooks: QuickBooks, worker: None
) -> None:
    page = text(office.get(address(there)))
    link = Link.objects.get(invoice=there)
    assert f"It is voided at QuickBooks ({link}) first, and here as soon as that is done" in page
    assert "Void here and at QuickBooks" in page

    answer = office.post(address(there), WHY)

    run = Run.objects.latest("pk")
    assert (run.type, run.reason, answer["Location"]) == ("void", WHY["reason"], run.get_absolute_url())
    page = text(office.get(run.get_absolute_url()))
    assert "Finished. 1 of 1 record settled: 1 voided." in page
    assert "Reason: Billed to the wrong family" in page
    assert [row["TotalAmt"] for row in quickbooks.query("select * from Invoice where DocNumber = '2043'")] == [0]
    page = text(office.get(there.get_absolute_url()))
    assert "Status Voided" in page
    assert "Copied" in page
    assert ("Update QBO" in page, "Take back" in page) == (False, False)
    assert "QuickBooks Online Copied QBO ID" in page


def test_paid_there_the_person_is_told(there: Invoice, office: Browser, quickbooks: QuickBooks, worker: None) -> None:
    customer = {"value": Link.objects.get(client=there.job.client).qbo_id}
    line = {"Amount": 1, "LinkedTxn": [{"TxnId": Link.objects.get(invoice=there).qbo_id, "TxnType": "Invoice"}]}
    quickbooks.create("Payment", CustomerRef=customer, TotalAmt=1, Line=[line])

    office.post(address(there), WHY)

    page = text(office.get(Run.objects.latest("pk").get_absolute_url()))
    assert "Finished. 1 of 1 record settled: 1 not voided." in page
    assert "It has payments at QuickBooks, and what is paid is not voided." in page
    there.refresh_from_db()
    assert there.status == "finalized"


@pytest.mark.parametrize("is_qbo_admin", [True, False])
@pytest.mark.parametrize("level", list(Level.values))
def test_who_may_void_what_is_copied(there: Invoice, client_for: Any, level: int, is_qbo_admin: bool) -> None:
    """Whoever manages invoices and is a QBO Admin; the others who manage them are told whom to ask."""
    browser: Browser = client_for(AssociateFactory(level=level, qbo_admin=is_qbo_admin))
    manages = level >= Level.ADMIN

    page, answer = browser.get(address(there)), browser.post(address(there), WHY)

    assert page.status_code == (200 if manages else 403)
    assert answer.status_code == (302 if manages and is_qbo_admin else 403)
    assert Run.objects.filter(type="void").count() == int(manages and is_qbo_admin)
    if manages and not is_qbo_admin:
        assert "A QBO Admin who manages invoices does it with “Void” on its page." in text(page)
    there.refresh_from_db()
    assert there.status == "finalized"


def test_switched_off_it_is_voided_nowhere(there: Invoice, office: Browser) -> None:
    Company.objects.update(integration=Company.Integration.NO)
    assert "so it is voided in both places or in none" in text(office.get(address(there)))
    assert office.post(address(there), WHY).status_code == 403


def test_not_connected_it_is_voided_nowhere(there: Invoice, office: Browser) -> None:
    Connection.objects.update(state="reconnect")
    assert office.post(address(there), WHY)["Location"] == reverse("qbo:connect")
    assert not Run.objects.filter(type="void").exists()
    there.refresh_from_db()
    assert there.status == "finalized"


def test_while_it_is_being_voided_nobody_voids_it_again(there: Invoice, office: Browser) -> None:
    """Without a worker it waits for its turn."""
    office.post(address(there), WHY)
    waits = "Invoice 2043 is being voided here and at QuickBooks. Wait until that is settled."
    assert waits in text(office.get(address(there)))
    assert office.post(address(there), WHY).status_code == 403
    moved = office.post(reverse("invoices:move", args=[there.pk]), {"to": "tl_approved"})
    assert said(moved) == [waits]
    assert office.post(reverse("invoices:edit", args=[there.pk]), {}).status_code == 403
    assert Run.objects.filter(type="void").count() == 1


def test_a_copied_invoice_does_not_go_back_to_a_draft(there: Invoice, office: Browser) -> None:
    answer = office.post(reverse("invoices:move", args=[there.pk]), {"to": "preliminary"})
    assert "here it cannot be Preliminary meanwhile." in said(answer)[0]
    there.refresh_from_db()
    assert there.status == "finalized"


def test_a_line_that_bills_something_is_not_taken_off(there: Invoice, office: Browser) -> None:
    line = there.lines.get()
    url = reverse("invoices:remove_line", args=[line.pk])
    assert "it could be billed a second time" in text(office.get(url))
    assert office.post(url).status_code == 403
    assert there.lines.exists()


def test_voided_here_while_it_was_on_its_way_there(
    there: Invoice, office: Browser, qbo_admin: Associate, client_for: Callable[..., Browser], worker: None
) -> None:
    voiding.void(invoice=there, reason="Wrong", by=qbo_admin)
    url = reverse("qbo:void_too", args=[there.pk])
    page = office.get(there.get_absolute_url()).content.decode()
    assert (url in page, "Update QBO" in page) == (True, False)
    lead = client_for(AssociateFactory(level=Level.TEAM_LEAD, qbo_admin=True))
    assert lead.post(url).status_code == 403

    office.post(url)

    assert Run.objects.latest("pk").reason == "Wrong"
    page = text(office.get(there.get_absolute_url()))
    assert "Void at QuickBooks too" not in page
    assert "QuickBooks Online Copied" in page
