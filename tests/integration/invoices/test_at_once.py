"""Two people who bill at the same moment."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from associates.models import Associate
from invoices import billing
from invoices.choosing import key_of
from invoices.models import Invoice, InvoiceLine
from invoices.moves import move
from tests.at_once import at_once
from tests.factories import DAY, ExpenseEntryFactory, HourEntryFactory, InvoiceFactory, InvoiceLineFactory, JobFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_entry_is_billed_once() -> None:
    entry = HourEntryFactory(associate__first_name="Ann", associate__last_name="Lee")

    def bill() -> str:
        return billing.bill_entries(job=entry.job, entries=[entry], date=DAY).number

    answers = at_once(bill, bill, bill)
    refused = ["Ann Lee, Mar 2, 2026, 1.50 h is billed already, on Invoice 1001."]
    assert sorted(answers, key=str) == sorted(["1001", refused, refused], key=str)
    assert (Invoice.objects.count(), InvoiceLine.objects.count()) == (1, 1)


def test_an_entry_is_billed_once_on_a_draft_or_a_new_invoice() -> None:
    entry = HourEntryFactory(associate__first_name="Ann", associate__last_name="Lee")
    drafts = [InvoiceFactory(job=entry.job, number=number) for number in ("A", "B")]
    billed = at_once(
        lambda: billing.add_entries(invoice=drafts[0], entries=[entry]).number,
        lambda: billing.add_entries(invoice=drafts[1], entries=[entry]).number,
        lambda: billing.bill_entries(job=entry.job, entries=[entry], date=DAY, number="C").number,
    )
    line = InvoiceLine.objects.select_related("invoice").get()
    refused = [f"Ann Lee, Mar 2, 2026, 1.50 h is billed already, on {line.invoice}."]
    assert sorted(billed, key=str) == sorted([line.invoice.number, refused, refused], key=str)


def test_two_who_add_to_one_draft_both_have_their_line() -> None:
    draft = InvoiceFactory()
    at_once(*[lambda: billing.add_line(invoice=draft, description="Permit", amount=Decimal(5)) for _ in range(3)])
    assert list(draft.lines.values_list("position", "amount")) == [(1, 5), (2, 5), (3, 5)]


def test_of_two_managers_who_bill_the_same_entries_one_is_told(admin: Associate, owner: Associate) -> None:
    """Both have the same page before them, and press the button at the same moment."""
    entries = [HourEntryFactory(associate__first_name="Ann", associate__last_name="Lee")]
    entries.append(ExpenseEntryFactory(job=entries[0].job))
    keys = [key_of(entry) for entry in entries]
    typed = {"job": entries[0].job.pk, "kind": "itemized", "date": "2026-03-05", "entries": keys, "shown": keys}

    def manager(person: Associate) -> Callable[[], Any]:
        browser = Client()
        browser.force_login(person)

        def press() -> Any:
            answer = browser.post("/invoices/add/", typed | {"public_note": f"By {person}"})
            return "made" if answer.status_code == 302 else answer.content.decode()

        return press

    answers = at_once(manager(admin), manager(owner))
    (told,) = [answer for answer in answers if answer != "made"]
    assert "Ann Lee, Mar 2, 2026, 1.50 h is billed already, on Invoice 1001." in told
    assert told.count("By Olivia Owner") + told.count("By Ada Admin") == 1  # what was typed is still there
    assert (Invoice.objects.count(), InvoiceLine.objects.count()) == (1, 2)


def test_everybody_gets_a_number() -> None:
    jobs = JobFactory.create_batch(3)

    def bill(job: Any) -> Callable[[], str]:
        return lambda: billing.bill_flat(job=job, amount=Decimal(5), description="Visit", date=DAY).number

    assert sorted(at_once(*map(bill, jobs))) == ["1001", "1002", "1003"]


def test_an_invoice_is_moved_once() -> None:
    invoice = InvoiceLineFactory(invoice__status="finalized", invoice__number="1001").invoice
    answers = at_once(
        lambda: move(invoice=invoice, to="tl_approved").status,
        lambda: move(invoice=invoice, to="preliminary").status,
    )
    invoice.refresh_from_db()
    moved = [answer for answer in answers if isinstance(answer, str)]
    assert moved == [invoice.status]
