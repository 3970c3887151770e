"""An invoice at QuickBooks and one of ours beside each other: how sure, why, what differs."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from qbo_sync.matching.invoices import InvoicesThere, SoughtInvoice, number_key, window

OURS = SoughtInvoice("1187", Decimal("1131.50"), dt.date(2026, 10, 27), "Robert Whitfield", frozenset({"7", "8"}))
UNLINKED = SoughtInvoice("1187", Decimal("1131.50"), dt.date(2026, 10, 27), "Robert Whitfield")
SAME_THREE = "the same number, the same total, the same client"


def there(**changed: Any) -> dict[str, Any]:
    """The same invoice as QuickBooks answers it, but for what is changed; None leaves a property out."""
    row = {
        "Id": "90", "DocNumber": "1187", "TotalAmt": 1131.5, "TxnDate": "2026-10-27",
        "CustomerRef": {"value": "7", "name": "Robert Whitfield"},
    } | changed  # fmt: skip
    return {name: value for name, value in row.items() if value is not None}


def verdict(sought: SoughtInvoice, row: dict[str, Any]) -> tuple[str, str, str] | None:
    found = InvoicesThere([sought])
    found.add(row)
    offered = found.candidates(sought)
    return (
        (offered[0][1].how_sure.value, *map(", ".join, (offered[0][1].why, offered[0][1].differs))) if offered else None
    )


OTHER = {"CustomerRef": {"value": "9", "name": "Ann Lee"}}


@pytest.mark.parametrize(
    ("sought", "row", "expected"),
    [
        (OURS, there(), ("exact", SAME_THREE, "")),
        (OURS, there(CustomerRef={"value": "8", "name": "Robert Whitfield:Move"}), ("exact", SAME_THREE, "")),
        (OURS, there(DocNumber=" 01187"), ("exact", SAME_THREE, "")),
        (OURS, there(TxnDate="2026-11-06"), ("exact", SAME_THREE, "dated Nov 6, 2026 there, Oct 27, 2026 here")),
        (OURS, there(TxnDate="2026-11-07"), ("likely", SAME_THREE, "dated Nov 7, 2026 there, Oct 27, 2026 here")),
        (OURS, there(TxnDate=None), ("likely", SAME_THREE, "")),
        (OURS, there(TotalAmt=1131.49),
         ("likely", "the same number, the same client", "$1,131.49 there, $1,131.50 here")),
        (OURS, there(TotalAmt=None), ("likely", "the same number, the same client", "$0.00 there, $1,131.50 here")),
        (OURS, there(**OTHER), ("likely", "the same number, the same total", "for Ann Lee there")),
        (OURS, there(CustomerRef=None), ("likely", "the same number, the same total", "for another client there")),
        (OURS, there(DocNumber="1045"),
         ("likely", "the same total, the same client", "number 1045 there, 1187 here")),
        (OURS, there(DocNumber=None), ("likely", "the same total, the same client", "no number there")),
        (OURS, there(TotalAmt=5, **OTHER),
         ("possible", "the same number", "$5.00 there, $1,131.50 here, for Ann Lee there")),
        (OURS, there(DocNumber="1045", TxnDate="2026-11-07"), None),
        (OURS, there(DocNumber="1045", **OTHER), None),
        (OURS, there(DocNumber="1045", TotalAmt=5), None),
        (UNLINKED, there(), ("likely", SAME_THREE, "")),
        (UNLINKED, there(CustomerRef={"value": "9", "name": "whitfield, Robert"}), ("likely", SAME_THREE, "")),
        (UNLINKED, there(DocNumber="1045"),
         ("likely", "the same total, the same client", "number 1045 there, 1187 here")),
    ],
)  # fmt: skip
def test_how_sure_why_and_what_differs(
    sought: SoughtInvoice, row: dict[str, Any], expected: tuple[str, str, str] | None
) -> None:
    assert verdict(sought, row) == expected


def test_the_likeliest_comes_first_and_each_row_once() -> None:
    found = InvoicesThere([OURS])
    rows = [
        there(Id="1", DocNumber="1045"), there(Id="2", TotalAmt=5, **OTHER), there(Id="3"),
        there(Id="4", TotalAmt=5), there(Id="3"),
    ]  # fmt: skip
    for row in rows:
        found.add(row)
    assert [row.row["Id"] for row, _ in found.candidates(OURS)] == ["3", "1", "4", "2"]


def test_what_nobody_seeks_is_not_kept() -> None:
    found = InvoicesThere([OURS])
    found.add(there(DocNumber="1045", TotalAmt=5))
    assert (dict(found._by_number), dict(found._by_total)) == ({}, {})


@pytest.mark.parametrize(
    ("number", "key"), [("0012", "12"), ("INV-7", "inv-7"), ("#12 ", "12"), ("inv 7", "inv7"), ("", ""), ("0", "")]
)
def test_numbers_as_they_are_compared(number: str, key: str) -> None:
    assert number_key(number) == key


def test_no_number_is_not_the_same_number() -> None:
    nameless = SoughtInvoice("0", Decimal(5), dt.date(2026, 10, 27), "Ann Lee", frozenset({"9"}))
    assert verdict(nameless, there(DocNumber="", TotalAmt=5)) is None


def test_the_window_reaches_ten_days_beyond() -> None:
    earlier = SoughtInvoice("1", Decimal(1), dt.date(2026, 1, 15), "Ann Lee")
    assert window([OURS, earlier]) == (dt.date(2026, 1, 5), dt.date(2026, 11, 6))
