"""`GET /{document}/{id}/pdf`: the document as its customer or vendor would hold it."""

import io
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import inch
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from qbo_simulator.engine.books import Record
from qbo_simulator.engine.money import decimal

STYLES = getSampleStyleSheet()
RIGHT = ParagraphStyle("right", parent=STYLES["Normal"], alignment=2)
SMALL = ParagraphStyle("small", parent=STYLES["Normal"], textColor=colors.grey, fontSize=8)
PLACE = ("Line1", "Line2", "Line3", "Line4", "Line5", "City", "CountrySubDivisionCode", "PostalCode", "Country")
WIDTHS = (1.6 * inch, 2.9 * inch, 0.7 * inch, 0.9 * inch, 1.0 * inch)
GRID = [
    ("LINEBELOW", (0, 0), (-1, 0), 0.75, colors.black),
    ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.lightgrey),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]
FACTS = (
    ("DocNumber", "Number"),
    ("TxnDate", "Date"),
    ("DueDate", "Due"),
    ("ExpirationDate", "Valid until"),
    ("PaymentRefNum", "Reference"),
)
SUMS = (("TotalAmt", "Total"), ("UnappliedAmt", "Not applied"), ("Balance", "Balance due"))


def drawn(title: str, company: Record, document: Record) -> bytes:
    """A PDF of one or more pages.

    title: what the document is called.  company: CompanyInfo.  document: the record as an answer shows it, references
    with their names.
    """
    page = io.BytesIO()
    number = document.get("DocNumber", document["Id"])
    template = SimpleDocTemplate(page, pagesize=letter, title=f"{title} {number}", author=company["CompanyName"])
    template.build(list(parts(title, company, document)))
    return page.getvalue()


def parts(title: str, company: Record, document: Record) -> Iterator[Flowable]:
    """What stands on the page, from the top down."""
    party = document.get("CustomerRef") or document.get("VendorRef") or {}
    address = document.get("BillAddr") or document.get("VendorAddr") or {}
    yield text(company["CompanyName"], STYLES["Heading2"])
    yield text(place(company.get("CompanyAddr", {})), SMALL)
    yield text(title, STYLES["Title"])
    yield text(party.get("name", ""), STYLES["Heading4"])
    yield text(place(address))
    for name, label in FACTS:
        if name in document:
            yield text(f"{label}: {document[name]}")
    if "SalesTermRef" in document:
        yield text(f"Terms: {document['SalesTermRef'].get('name', '')}")
    yield Spacer(1, 0.25 * inch)
    yield Table(list(rows(document)), colWidths=WIDTHS, repeatRows=1, style=GRID)
    yield Spacer(1, 0.15 * inch)
    yield from sums(document)
    yield text(document.get("CustomerMemo", {}).get("value", ""))


def text(words: str, style: ParagraphStyle = STYLES["Normal"]) -> Paragraph:
    return Paragraph(escape(words), style)


def place(address: Record) -> str:
    return ", ".join(str(address[part]) for part in PLACE if part in address)


def money(value: Any) -> str:
    return f"${decimal(value):,.2f}"


def rows(document: Record) -> Iterator[list[Paragraph]]:
    """The head of the table and one row per line."""
    yield [text(word) for word in ("Item", "Description")] + [text(word, RIGHT) for word in ("Qty", "Rate", "Amount")]
    for line in document.get("Line", []):
        if line.get("DetailType") != "SubTotalLineDetail":
            yield row(line)


def row(line: Record) -> list[Paragraph]:
    detail = line.get(line.get("DetailType", ""), {})
    what = detail.get("ItemRef") or detail.get("AccountRef") or {}
    linked = ", ".join(f"{link['TxnType']} {link['TxnId']}" for link in line.get("LinkedTxn", []))
    quantity = str(detail.get("Qty", ""))
    rate = money(detail["UnitPrice"]) if "UnitPrice" in detail else ""
    amount = money(line["Amount"]) if "Amount" in line else ""
    words = [text(what.get("name", "")), text(line.get("Description", linked))]
    return words + [text(each, RIGHT) for each in (quantity, rate, amount)]


def sums(document: Record) -> Iterator[Paragraph]:
    tax = decimal(document.get("TxnTaxDetail", {}).get("TotalTax"))
    if tax:
        yield text(f"Tax {money(tax)}", RIGHT)
    for name, label in SUMS:
        if name in document:
            yield text(f"{label} {money(document[name])}", RIGHT)
