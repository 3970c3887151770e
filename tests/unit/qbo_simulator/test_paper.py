"""Documents as PDF and by e-mail."""

import base64
import re
import zlib
from typing import Any

import pytest
import time_machine

from tests.unit.qbo_simulator.company import Company, code, without

LINE = {
    "Amount": 1275.5,
    "Description": "Pack & move <the piano>",
    "DetailType": "SalesItemLineDetail",
    "SalesItemLineDetail": {"ItemRef": {"value": "2"}, "Qty": 2, "UnitPrice": 637.75},
}


def words(pdf: bytes) -> str:
    """The text that a PDF shows."""
    streams = re.findall(rb"stream\r?\n(.*?)~>\s*endstream", pdf, re.DOTALL)
    pages = [zlib.decompress(base64.a85decode(stream.strip())).decode("latin-1") for stream in streams]
    return " ".join(re.findall(r"\((.*?)\) Tj", " ".join(pages)))


@pytest.fixture
def invoice(company: Company) -> dict[str, Any]:
    return company.made("Invoice", CustomerRef={"value": "1"}, Line=[LINE], CustomerMemo={"value": "Thanks"})


def test_an_invoice_on_paper(company: Company, invoice: dict[str, Any]) -> None:
    answer = company.ask("GET", f"invoice/{invoice['Id']}/pdf", headers={"Accept": "application/pdf"})
    assert (answer.content_type, answer.data[:5]) == ("application/pdf", b"%PDF-")
    shown = words(answer.data)
    parts = (
        "Sandbox Company_US_1",
        "Amy's Bird Sanctuary",
        f"Number: {invoice['DocNumber']}",
        "Pack & move",
        "the piano",
        "Hours",
        "$637.75",
        "$1,275.50",
        "Balance due $1,275.50",
        "Thanks",
    )
    assert [part for part in parts if part not in shown] == []


def test_a_payment_on_paper_says_what_it_pays(company: Company, invoice: dict[str, Any]) -> None:
    line = {"Amount": 100, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}
    payment = company.made("Payment", CustomerRef={"value": "1"}, TotalAmt=120, Line=[line])
    shown = words(company.ask("GET", f"payment/{payment['Id']}/pdf").data)
    assert f"Invoice {invoice['Id']}" in shown
    assert "Not applied $20.00" in shown


@time_machine.travel("2026-08-16T17:00:00Z", tick=False)
def test_a_document_notes_that_it_was_sent(company: Company, invoice: dict[str, Any]) -> None:
    answer = company.ask("POST", f"invoice/{invoice['Id']}/send", query_string={"sendTo": "rosa@example.org"})
    sent = answer.get_json()["Invoice"]
    delivery = {"DeliveryType": "Email", "DeliveryTime": "2026-08-16T10:00:00-07:00"}
    assert without(sent, "MetaData") == without(
        {
            **invoice,
            "EmailStatus": "EmailSent",
            "BillEmail": {"Address": "rosa@example.org"},
            "DeliveryInfo": delivery,
        },
        "MetaData",
    )
    again = company.ask("POST", f"invoice/{invoice['Id']}/send", content_type="application/octet-stream")
    assert again.get_json()["Invoice"]["BillEmail"] == {"Address": "rosa@example.org"}
    changed = company.made(
        "Invoice", Id=invoice["Id"], SyncToken="0", sparse=True, PrivateNote="n", DeliveryInfo={"x": 1}
    )
    assert changed["DeliveryInfo"] == delivery


def test_a_payment_is_sent_to_its_customer(company: Company) -> None:
    payment = company.made("Payment", CustomerRef={"value": "1"}, TotalAmt=120)
    sent = company.ask("POST", f"payment/{payment['Id']}/send").get_json()
    kept = company.read("Customer", "1").get("PrimaryEmailAddr")
    assert ("Payment" in sent) == bool(kept)
    named = company.ask("POST", f"payment/{payment['Id']}/send", query_string={"sendTo": "a@b.org"}).get_json()
    assert (named["Payment"]["EmailStatus"], "BillEmail" in named["Payment"]) == ("EmailSent", False)


def test_what_cannot_be_printed_or_sent(company: Company) -> None:
    nobody = company.made("Customer", DisplayName="No Mail")
    invoice = company.made("Invoice", CustomerRef={"value": nobody["Id"]}, Line=[LINE])["Id"]
    for method, path, expected in (
        ("POST", f"invoice/{invoice}/send", "6420"),
        ("POST", f"invoice/{invoice}/send?sendTo=nobody", "2210"),
        ("GET", f"invoice/{invoice}/send", "500"),
        ("POST", f"invoice/{invoice}/pdf", "500"),
        ("GET", "invoice/999/pdf", "610"),
        ("GET", "customer/1/pdf", "500"),
        ("POST", "customer/1/send", "500"),
        ("GET", f"invoice/{invoice}/print", "2000"),
    ):
        assert code(company.ask(method, path).get_json()) == expected, path
