"""A few documents of the sample company, older than anything that is written there later.

There are no invoices among them, so that whoever rehearses with a series of numbers of their own meets none of them;
their ids lie below the first that the simulator gives (`company.SEQUENCES`).
"""

from collections.abc import Iterator
from typing import Any

Row = tuple[str, int, dict[str, Any]]

OPENED = "2026-01-02"
# (account, amount)
OPENING = ((35, 12_500), (36, 800))
# (id, customer, day, amount): paid on account
PAYMENTS = (
    (101, 20, "2026-01-12", 250),
    (102, 21, "2026-01-13", 86.4),
    (103, 22, "2026-01-19", 120),
    (104, 23, "2026-01-26", 439),
    (105, 24, "2026-01-30", 75),
)
# (id, vendor, day, account, amount, id of its payment or None)
BILLS = ((111, 33, "2026-01-08", 56, 63.15, 112), (113, 46, "2026-01-15", 77, 105, None))


def rows() -> Iterator[Row]:
    """(entity, id, body), what others refer to first."""
    yield "JournalEntry", 100, {"TxnDate": OPENED, "PrivateNote": "Opening balances", "Line": opening_lines()}
    for id, customer, day, amount in PAYMENTS:
        yield "Payment", id, {"CustomerRef": {"value": str(customer)}, "TotalAmt": amount, "TxnDate": day}
    for id, vendor, day, account, amount, paid in BILLS:
        yield "Bill", id, bill(vendor, day, account, amount)
        if paid:
            yield "BillPayment", paid, payment(id, vendor, day, amount)


def opening_lines() -> list[dict[str, Any]]:
    total = sum(amount for _, amount in OPENING)
    return [*(entry(account, "Debit", amount) for account, amount in OPENING), entry(34, "Credit", total)]


def entry(account: int, side: str, amount: int) -> dict[str, Any]:
    detail = {"PostingType": side, "AccountRef": {"value": str(account)}}
    return {"Amount": amount, "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": detail}


def bill(vendor: int, day: str, account: int, amount: float) -> dict[str, Any]:
    detail = {"AccountRef": {"value": str(account)}}
    line = {
        "Amount": amount,
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": detail,
    }
    return {"VendorRef": {"value": str(vendor)}, "TxnDate": day, "Line": [line]}


def payment(bill: int, vendor: int, day: str, amount: float) -> dict[str, Any]:
    return {
        "VendorRef": {"value": str(vendor)},
        "PayType": "Check",
        "CheckPayment": {"BankAccountRef": {"value": "35"}},
        "TotalAmt": amount,
        "TxnDate": day,
        "Line": [{"Amount": amount, "LinkedTxn": [{"TxnId": str(bill), "TxnType": "Bill"}]}],
    }
