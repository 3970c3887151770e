"""“Send”: an invoice goes out by e-mail, once it may."""

import datetime as dt
from decimal import Decimal
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError

from associates.models import Associate
from invoices import sending
from invoices.models import Delivery, Invoice, InvoiceSettings
from tests.factories import ClientFactory, CompanyFactory, ContactFactory, InvoiceLineFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 4, 15, 0, tzinfo=dt.UTC)
WORDS = {"to": "margaret@example.com", "subject": "Invoice 1001", "letter": "Thank you."}


@pytest.fixture
def invoice() -> Invoice:
    CompanyFactory(name="Gentle Moves")
    InvoiceSettings.objects.create(email="office@example.com")
    return InvoiceLineFactory(
        amount=Decimal("100.00"), invoice__number="1001", invoice__status="tl_approved",
        invoice__job__client__email="margaret@example.com",
    ).invoice  # fmt: skip


class RefusingBackend:
    """A mail server that takes nothing."""

    def __init__(self, **_: Any) -> None: ...

    def send_messages(self, messages: list[Any]) -> int:
        raise SMTPRecipientsRefused({"margaret@example.com": (550, b"no such user")})


@pytest.mark.pdf
def test_it_goes_as_a_pdf_and_is_sent(invoice: Invoice, admin: Associate) -> None:
    with time_machine.travel(NOW, tick=False):
        sent = sending.send(invoice=invoice, by=admin, **WORDS)
    (letter,) = mail.outbox
    assert (letter.to, letter.subject, letter.body, letter.reply_to) == (
        ["margaret@example.com"], "Invoice 1001", "Thank you.", ["office@example.com"]
    )  # fmt: skip
    ((name, content, kind),) = letter.attachments
    assert (name, kind, content[:5]) == ("Invoice-1001.pdf", "application/pdf", b"%PDF-")
    assert sent.status == "sent"
    assert list(Delivery.objects.values_list("invoice", "to", "sent_at", "sent_by")) == [
        (invoice.pk, "margaret@example.com", NOW, admin.pk)
    ]


@pytest.mark.pdf
@pytest.mark.parametrize("status", ["sent", "overdue", "paid"])
def test_once_more_changes_no_status(invoice: Invoice, admin: Associate, status: str) -> None:
    Invoice.objects.filter(pk=invoice.pk).update(status=status)
    assert sending.send(invoice=invoice, by=admin, **WORDS).status == status
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("status", ["preliminary", "finalized"])
def test_what_nobody_approved_does_not_go(invoice: Invoice, admin: Associate, status: str) -> None:
    Invoice.objects.filter(pk=invoice.pk).update(status=status)
    with pytest.raises(ValidationError, match="it can be sent when it is TL approved"):
        sending.send(invoice=invoice, by=admin, **WORDS)
    assert (mail.outbox, Delivery.objects.count()) == ([], 0)


@pytest.mark.pdf
def test_a_letter_that_does_not_leave_changes_nothing(
    invoice: Invoice, admin: Associate, settings: Any, monkeypatch: Any
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.{RefusingBackend.__name__}"
    with pytest.raises(ValidationError) as caught:
        sending.send(invoice=invoice, by=admin, **WORDS)
    assert caught.value.messages == [
        "The e-mail to margaret@example.com could not be sent: the mail server refused it or did not answer. "
        "Nothing has changed."
    ]
    assert (Invoice.objects.get(pk=invoice.pk).status, Delivery.objects.count()) == ("tl_approved", 0)


def test_without_pdfs_nothing_goes_and_it_says_why(invoice: Invoice, admin: Associate, monkeypatch: Any) -> None:
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    with pytest.raises(ValidationError, match="This machine cannot make PDFs"):
        sending.send(invoice=invoice, by=admin, **WORDS)
    assert (mail.outbox, Invoice.objects.get(pk=invoice.pk).status) == ([], "tl_approved")


def test_the_client_then_the_representative(invoice: Invoice) -> None:
    client = ClientFactory(email="", representative=ContactFactory(email="daughter@example.com"))
    invoice.job.client = client
    assert sending.addresses(invoice) == ["daughter@example.com"]
    client.email = "ann@example.com"
    assert sending.addresses(invoice) == ["ann@example.com", "daughter@example.com"]
    client.email = client.representative.email
    assert sending.addresses(invoice) == ["daughter@example.com"]
