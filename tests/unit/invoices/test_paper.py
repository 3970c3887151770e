"""An invoice as the client gets it."""

import io
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from lxml import html as lxml_html

from clients.models import Address
from invoices import billing, paper
from invoices.models import Invoice, InvoiceSettings
from tests.factories import (
    DAY,
    AddressFactory,
    ClientFactory,
    CompanyFactory,
    HourEntryFactory,
    JobFactory,
    MileageEntryFactory,
    PaymentFactory,
    TermFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> Any:
    CompanyFactory(name="Gentle Moves", address="1 Elm Street\nSpringfield, IL 62701")
    InvoiceSettings.objects.create(phone="(217) 555-0100", closing_words="Checks to Gentle Moves, please.")
    client = ClientFactory(name="Margaret Whitfield")
    AddressFactory(client=client, designation="original", line1="9 Old Road", city="Decatur", state="IL")
    AddressFactory(
        client=client, designation="current", line1="4 Oak Lane", line2="", city="Peoria", state="IL",
        postal_code="61602",
    )  # fmt: skip
    return JobFactory(client=client, name="Move to Peoria")


@pytest.fixture
def invoice(job: Any) -> Invoice:
    entries = [
        HourEntryFactory(job=job, minutes=100, charge_rate=Decimal("65.00"), description="Kitchen <b>& pantry</b>"),
        MileageEntryFactory(
            job=job, miles=Decimal("20.3"), charge_included_miles=Decimal(10), charge_rate=Decimal("0.655"),
            description="To the shop",
        ),
    ]  # fmt: skip
    made = billing.bill_entries(
        job=job, entries=entries, date=DAY, number="1001", term=TermFactory(name="Net 30"),
        adjustment=Decimal("-10.00"), public_note="Thank you.", internal_note="Her son is difficult.",
    )  # fmt: skip
    PaymentFactory(invoice=made, amount=Decimal("50.00"))
    return made


def words(markup: str) -> str:
    """What a reader sees, in one line."""
    return " ".join(" ".join(lxml_html.fromstring(markup).find("body").itertext()).split())


def test_everything_that_a_client_needs_and_nothing_that_is_ours(invoice: Invoice) -> None:
    assert words(paper.html(invoice)) == (
        "Gentle Moves 1 Elm Street Springfield, IL 62701 (217) 555-0100 Invoice Number 1001 Date Mar 2, 2026 "
        "Terms Net 30 Due Apr 1, 2026 Preliminary: not to be paid yet. Bill to Margaret Whitfield 4 Oak Lane Peoria, "
        "IL 61602 For Move to Peoria Date Description Quantity Rate Amount "
        "Mar 2, 2026 Kitchen <b>& pantry</b> 1 h 40 min $65.00 $108.33 Mar 2, 2026 To the shop 10.3 mi $0.655 $6.75 "
        "Subtotal $115.08 Adjustment -$10.00 Total $105.08 Paid, thank you $50.00 Balance due $55.08 "
        "Thank you. Checks to Gentle Moves, please."
    )


@pytest.mark.parametrize(
    ("minutes", "printed"), [(90, "1.50 h"), (3, "0.05 h"), (100, "1 h 40 min"), (61, "1 h 01 min")]
)
def test_whoever_multiplies_hours_and_rate_finds_the_amount(job: Any, minutes: int, printed: str) -> None:
    entry = HourEntryFactory(job=job, minutes=minutes)
    invoice = billing.bill_entries(job=job, entries=[entry], date=DAY)
    (line,) = paper.paper_of(invoice).lines
    assert (line.quantity, line.rate) == (printed, entry.charge_rate)
    billing.change_line(line=invoice.lines.get(), description="As agreed", amount=Decimal("50.00"))
    (line,) = paper.paper_of(invoice).lines
    assert (line.description, line.quantity, line.rate, line.amount) == ("As agreed", "", None, Decimal("50.00"))


def test_a_flat_invoice_prints_its_one_line(job: Any) -> None:
    covered = HourEntryFactory(job=job, description="Packing, all day")
    flat = billing.bill_flat(
        job=job, amount=Decimal("1200.00"), description="The move, as agreed", date=DAY, number="7", entries=[covered]
    )
    text = words(paper.html(flat))
    assert "Description Amount The move, as agreed $1,200.00 Total $1,200.00" in text
    assert "Packing" not in text
    assert "Date Description" not in text


@pytest.mark.parametrize(
    ("designations", "used"),
    [(["original", "current"], "current"), (["original", "move_to"], "move_to"), (["original"], "original")],
)
def test_the_bill_goes_where_the_client_lives(designations: list[str], used: str) -> None:
    client = ClientFactory(name="Ann Ray")
    for designation in designations:
        AddressFactory(
            client=client, designation=designation, line1=designation, line2="", city="", state="", postal_code=""
        )
    assert paper.recipient(client) == ["Ann Ray", used]
    assert Address.objects.count() == len(designations)


@pytest.mark.parametrize("count", [1, 30])
def test_the_queries_do_not_grow_with_the_lines(job: Any, count: int, django_assert_max_num_queries: Any) -> None:
    made = billing.bill_entries(job=job, entries=HourEntryFactory.create_batch(count, job=job), date=DAY)
    made = Invoice.objects.select_related("job__client", "term").get(pk=made.pk)
    with django_assert_max_num_queries(5):
        paper.html(made)


@pytest.mark.pdf
def test_the_pdf_says_the_same(invoice: Invoice) -> None:
    reader = pypdf.PdfReader(io.BytesIO(paper.pdf(invoice)))
    text = " ".join(reader.pages[0].extract_text().split())
    assert reader.metadata is not None
    assert reader.metadata.title == "Invoice 1001 – Gentle Moves"
    assert len(reader.pages) == 1
    assert "Kitchen <b>& pantry</b>" in text
    assert "Balance due" in text
    assert "$55.08" in text
    assert "difficult" not in text


@pytest.mark.pdf
def test_sixty_lines_go_on_a_second_page_under_the_same_heads(job: Any) -> None:
    made = billing.bill_entries(job=job, entries=HourEntryFactory.create_batch(60, job=job), date=DAY)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper.pdf(made))).pages]
    assert len(pages) > 1
    assert all("Description" in page for page in pages[:-1])
    assert f"Page 1 of {len(pages)}" in pages[0]


def test_where_no_pdf_can_be_made_it_says_what_is_missing(invoice: Invoice, monkeypatch: Any) -> None:
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    with pytest.raises(paper.PdfUnavailable, match="apt install libpango"):
        paper.pdf(invoice)


def test_the_file_is_named_for_the_invoice() -> None:
    assert paper.file_name(Invoice(number="2026/17 “A”")) == "Invoice-202617_A.pdf"
