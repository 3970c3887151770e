"""Whose number an invoice bears at QuickBooks, and what is done where that is taken (qbo-api.md §8.9, §7.2 6140)."""

import pytest

from invoices.models import Invoice
from qbo_sync.models import Connection, Step
from qbo_sync.push.numbering import SETTLED, renumber
from tests.factories import HourEntryFactory, InvoiceFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import copied, invoice_for_hours, told, work

pytestmark = pytest.mark.sandbox
REFUSED = (
    "QuickBooks already has a document of the number {}. Give this one another number. If it is the same one, delete "
    "it at QuickBooks and try again."
)


def taken(quickbooks: QuickBooks, *numbers: str) -> None:
    """Invoices that somebody made at QuickBooks."""
    customer = quickbooks.query("select * from Customer maxresults 1")[0]["Id"]
    line = {"Amount": 1, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "2"}}}
    for number in numbers:
        quickbooks.create("Invoice", CustomerRef={"value": customer}, DocNumber=number, Line=[line])


def number_of(quickbooks: QuickBooks) -> str | None:
    [row] = quickbooks.query("select * from Invoice")
    return row.get("DocNumber")


@pytest.mark.parametrize("custom", [True, False])
def test_ours_stands_at_quickbooks(mapped: Connection, quickbooks: QuickBooks, custom: bool) -> None:
    quickbooks.prefer(SalesFormsPrefs={"CustomTxnNumbers": custom})
    invoice = invoice_for_hours(number="2043")

    run = copied(mapped, invoice)

    assert (number_of(quickbooks), told(run)[f"Invoice 2043 · {invoice.job.client}"]) == ("2043", ("done", "", ""))


@pytest.mark.parametrize(
    ("custom", "number", "words"), [(False, "1001", "QuickBooks gave it the number 1001."), (True, "2043", "")]
)
def test_quickbooks_numbers_where_it_is_to_and_does(
    mapped: Connection, quickbooks: QuickBooks, custom: bool, number: str, words: str
) -> None:
    """With custom numbers it leaves an invoice without any: then ours stands."""
    quickbooks.prefer(SalesFormsPrefs={"CustomTxnNumbers": custom})
    mapped.invoice_numbers = Connection.Numbers.QUICKBOOKS
    mapped.save()
    invoice = invoice_for_hours(number="2043")

    run = copied(mapped, invoice)

    assert (number_of(quickbooks), told(run)[f"Invoice 2043 · {invoice.job.client}"]) == (number, ("done", words, ""))


def test_a_number_that_quickbooks_replaced_is_said(mapped: Connection, quickbooks: QuickBooks) -> None:
    quickbooks.behave(sent_doc_number="ignored")
    invoice = invoice_for_hours(number="2043")

    run = copied(mapped, invoice)

    words = "QuickBooks gave it the number 1001."
    assert told(run)[f"Invoice 2043 · {invoice.job.client}"] == ("done", words, "")


def test_a_lost_answer_over_a_replaced_number_is_never_sent_twice(mapped: Connection, quickbooks: QuickBooks) -> None:
    """It cannot be told by its number, so a person looks: rather that than a second invoice."""
    entry = HourEntryFactory()
    copied(mapped, entry)
    invoice = invoice_for_hours(entry, number="2043")
    quickbooks.behave(
        sent_doc_number="ignored",
        rules=[{"match": {"entity": "Invoice", "operation": "create"}, "then": {"drop": "after", "remember": False}}],
    )

    run = copied(mapped, invoice)
    work(mapped)

    step = run.steps.get(kind="invoice")
    assert (step.state, [found.number for found in step.found.all()]) == ("needs_choice", ["1001"])
    assert len(quickbooks.query("select * from Invoice")) == 1


def test_a_clash_offers_the_next_number_that_is_free_here_and_there(mapped: Connection, quickbooks: QuickBooks) -> None:
    taken(quickbooks, "2043", "2044", "2045", "2047")
    client = HourEntryFactory()
    first, second = invoice_for_hours(client, number="2043"), invoice_for_hours(number="2044")
    before = len(quickbooks.requests("read"))

    run = copied(mapped, first, second)

    assert {label: row for label, row in told(run).items() if label.startswith("Invoice")} == {
        f"Invoice 2043 · {first.job.client}": (
            "refused", f"{REFUSED.format(2043)} The number 2046 is free here and there.", "number",
        ),
        f"Invoice 2044 · {second.job.client}": (
            "refused", f"{REFUSED.format(2044)} The number 2048 is free here and there.", "number",
        ),
    }  # fmt: skip
    asked = [row for row in quickbooks.requests("read")[before:] if "DocNumber" in str(row)]
    assert len(asked) <= 1


def refused(mapped: Connection, quickbooks: QuickBooks) -> Step:
    taken(quickbooks, "2043")
    return copied(mapped, invoice_for_hours(number="2043")).steps.get(kind="invoice")


def test_another_number_lets_it_go(mapped: Connection, quickbooks: QuickBooks) -> None:
    step = refused(mapped, quickbooks)

    assert renumber(step, "2044") == ""
    work(mapped)

    step.refresh_from_db()
    assert (step.state, step.message, step.mend) == ("done", "", "")
    assert Invoice.objects.get(pk=step.record_id).number == "2044"
    assert sorted(row["DocNumber"] for row in quickbooks.query("select * from Invoice")) == ["2043", "2044"]
    assert renumber(step, "2045") == SETTLED


def test_a_number_that_is_taken_here_is_refused(mapped: Connection, quickbooks: QuickBooks) -> None:
    step = refused(mapped, quickbooks)
    InvoiceFactory(number="2050")

    assert renumber(step, "2050") == "There is an invoice 2050 here already: choose another number."
    step.refresh_from_db()
    assert (step.state, Invoice.objects.get(pk=step.record_id).number) == ("refused", "2043")


def test_a_number_that_was_taken_there_meanwhile_is_offered_anew(mapped: Connection, quickbooks: QuickBooks) -> None:
    step = refused(mapped, quickbooks)
    taken(quickbooks, "2044")
    assert renumber(step, "2044") == ""

    work(mapped)

    step.refresh_from_db()
    assert (step.state, step.free_number) == ("refused", "2045")
