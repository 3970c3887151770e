"""What the client gets, payments, and section 4 of the settings, through the screens."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse

from associates.models import Associate
from invoices.models import Invoice, InvoiceSettings, Payment
from tests.factories import DAY, InvoiceLineFactory, PaymentFactory, PaymentMethodFactory, TermFactory

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Associate | None], Browser]
LETTER = {"to": "ann@example.com", "subject": "Invoice\n 1001", "letter": "Thank you."}


@pytest.fixture
def office(admin: Associate, client_for: ClientFor) -> Browser:
    return client_for(admin)


@pytest.fixture
def invoice() -> Invoice:
    return InvoiceLineFactory(
        amount=Decimal("100.00"), invoice__number="1001", invoice__status="sent",
        invoice__job__client__name="Ann Ray", invoice__job__client__email="ann@example.com",
    ).invoice  # fmt: skip


@pytest.fixture
def payments_here() -> None:
    InvoiceSettings.objects.create(payments_at="here")


def url(page: str, pk: int) -> str:
    return reverse(f"invoices:{page}", args=[pk])


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.mark.pdf
def test_who_may_open_what(
    invoice: Invoice, payments_here: None, cast: dict[str, Associate], client_for: ClientFor
) -> None:
    payment = PaymentFactory(invoice=invoice)
    pages = {
        "print": invoice.pk, "pdf": invoice.pk, "send": invoice.pk, "add_payment": invoice.pk,
        "edit_payment": payment.pk, "remove_payment": payment.pk,
    }  # fmt: skip
    answers = {
        name: [client_for(person).get(url(page, pk)).status_code for page, pk in pages.items()]
        for name, person in cast.items()
    }
    assert answers == {name: [200] * 6 for name in cast} | {
        "lead": [200] * 2 + [403] * 4,
        "basic": [403] * 6,
    }


def test_what_may_not_be_opened_may_not_be_posted_to(
    invoice: Invoice, payments_here: None, lead: Associate, client_for: ClientFor
) -> None:
    payment = PaymentFactory(invoice=invoice)
    browser = client_for(lead)
    typed = {**LETTER, "date": "2026-03-02", "amount": "1"}
    pages = [("send", invoice.pk), ("add_payment", invoice.pk), ("edit_payment", payment.pk)]
    pages += [("remove_payment", payment.pk)]
    assert [browser.post(url(page, pk), typed).status_code for page, pk in pages] == [403] * 4
    assert (mail.outbox, Payment.objects.count()) == ([], 1)


@pytest.mark.pdf
def test_the_pdf_opens_in_the_browser(invoice: Invoice, office: Browser) -> None:
    answer = office.get(url("pdf", invoice.pk))
    assert (answer.headers["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert answer.headers["Content-Disposition"] == 'inline; filename="Invoice-1001.pdf"'


def test_without_pdfs_the_page_says_what_is_missing(invoice: Invoice, office: Browser, monkeypatch: Any) -> None:
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    answer = office.get(url("pdf", invoice.pk), follow=True)
    assert answer.redirect_chain == [(invoice.get_absolute_url(), 302)]
    assert [said[:32] for said in messages(answer)] == ["This machine cannot make PDFs: t"]


@pytest.mark.pdf
def test_send(invoice: Invoice, office: Browser) -> None:
    Invoice.objects.update(status="tl_approved")
    shown = office.get(url("send", invoice.pk)).context["form"].initial
    assert shown["to"] == "ann@example.com"
    answer = office.post(url("send", invoice.pk), LETTER, follow=True)
    assert messages(answer) == ["Invoice 1001 is on its way to ann@example.com."]
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [(["ann@example.com"], "Invoice 1001")]
    assert Invoice.objects.get().status == "sent"


def test_an_address_that_is_none_is_refused_and_nothing_typed_is_lost(invoice: Invoice, office: Browser) -> None:
    answer = office.post(url("send", invoice.pk), {**LETTER, "to": "ann at home"})
    assert "Nothing is sent yet: mend what is marked below." in answer.content.decode()
    form = answer.context["form"]
    assert form.errors == {"to": ["Enter a valid email address."]}
    assert (form["letter"].value(), mail.outbox) == ("Thank you.", [])


def test_what_cannot_be_sent_says_why_and_has_no_form(invoice: Invoice, office: Browser) -> None:
    Invoice.objects.update(status="finalized")
    page = office.get(url("send", invoice.pk)).content.decode()
    assert "Invoice 1001 is Finalized: it can be sent when it is TL approved." in page
    assert 'name="letter"' not in page


def test_a_payment_is_recorded_mended_and_removed(invoice: Invoice, payments_here: None, office: Browser) -> None:
    check = PaymentMethodFactory(name="Check")
    assert 'value="100.00"' in office.get(url("add_payment", invoice.pk)).content.decode()
    typed = {"date": "2026-03-05", "amount": "40.00", "method": check.pk, "reference": "204"}
    page = office.post(url("add_payment", invoice.pk), typed, follow=True)
    payment = Payment.objects.get()
    assert (payment.date, payment.amount, payment.method, payment.reference) == (
        dt.date(2026, 3, 5), Decimal("40.00"), check, "204"
    )  # fmt: skip
    assert page.redirect_chain == [(invoice.get_absolute_url(), 302)]
    mended = {**typed, "amount": "100.00", "seen_version": payment.version}
    office.post(url("edit_payment", payment.pk), mended)
    assert Invoice.objects.get().status == "paid"
    office.post(url("remove_payment", payment.pk))
    assert (Invoice.objects.get().status, Payment.objects.count()) == ("sent", 0)


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"amount": "100.01"}, {"amount": ["That is more than what is open: $100.00."]}),
        ({"amount": "-1"}, {"amount": ["Ensure this value is greater than or equal to 0.01."]}),
        ({"date": "2999-01-01"}, {"date": ["That day is still to come: record a payment when it has arrived."]}),
        ({"date": "2026-03-01"}, {"date": ["That is before the day of the invoice."]}),
        (
            {"date": "2026-03-01", "amount": "100.01", "reference": "1" * 22},
            {
                "date": ["That is before the day of the invoice."],
                "amount": ["That is more than what is open: $100.00."],
                "reference": ["Ensure this value has at most 21 characters (it has 22)."],
            },
        ),
    ],
)
def test_nonsense_is_refused_next_to_its_field(
    invoice: Invoice, payments_here: None, office: Browser, typed: dict[str, str], errors: Any
) -> None:
    answer = office.post(url("add_payment", invoice.pk), {"date": "2026-03-05", "amount": "5"} | typed)
    assert (answer.context["form"].errors, Payment.objects.count()) == (errors, 0)


def test_recorded_elsewhere_the_form_is_hidden_and_it_says_why(invoice: Invoice, office: Browser) -> None:
    page = office.get(invoice.get_absolute_url()).content.decode()
    assert "recorded here as well, they would be counted twice" in page
    assert url("add_payment", invoice.pk) not in page
    assert office.get(url("add_payment", invoice.pk)).status_code == 403


def test_two_people_at_one_payment(invoice: Invoice, payments_here: None, office: Browser) -> None:
    payment = PaymentFactory(invoice=invoice, amount=Decimal("10.00"), date=DAY)
    seen = payment.version
    payment.reference = "another"
    payment.save()
    typed = {"date": "2026-03-05", "amount": "20.00", "seen_version": seen}
    form = office.post(url("edit_payment", payment.pk), typed).context["form"]
    assert form.non_field_errors()[0].startswith("Somebody else saved this record")
    assert form["amount"].value() == "20.00"
    assert Payment.objects.get().amount == Decimal("10.00")


def test_section_4_of_the_settings(office: Browser) -> None:
    term = TermFactory(name="Net 15")
    typed = {
        "payments_at": "here", "term": term.pk, "phone": "(217) 555-0100", "email": "office@example.com",
        "closing_words": "Checks, please.", "covering_letter": "Here it is.",
    }  # fmt: skip
    assert messages(office.post(reverse("settings_invoices"), typed, follow=True)) == ["The settings are saved."]
    office.post(reverse("settings_invoices"), {**typed, "phone": ""})
    stored = InvoiceSettings.objects.values("payments_at", "term", "phone", "email", "closing_words").get()
    assert stored == {
        "payments_at": "here", "term": term.pk, "phone": "", "email": "office@example.com",
        "closing_words": "Checks, please.",
    }  # fmt: skip
    assert office.get(reverse("invoices:add")).context["form"].initial["term"] == term
    assert office.get(url("send", InvoiceLineFactory().invoice.pk)).context["form"].initial["letter"] == "Here it is."
