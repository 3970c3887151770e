"""Which invoice at QuickBooks may be one of ours that somebody made there by hand: by number, total, client and date.

Pure functions over what both sides say. An invoice is exact where number, total and client are the same and the dates
are near: then nothing is left that could make it another.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format

from qbo_sync.directory.keys import name_key
from qbo_sync.matching.judging import Judged, Sure
from smmware.core.display import money

SAME_NUMBER = "the same number"
NEAR = dt.timedelta(days=10)  # the day on which it was written there by hand, against the one on which it was made here


@dataclass(frozen=True)
class SoughtInvoice:
    """One of our invoices.

    Args:
        total: as the document says it: that of a credit memo is positive.
        client: the client's name.
        customers: the QBO IDs of the client, and of the job where it is a sub-customer; none where they are not linked.
    """

    number: str
    total: Decimal
    date: dt.date
    client: str
    customers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """What counts of a document at QuickBooks; `row` is all of it."""

    number: str
    total: Decimal
    date: dt.date | None
    customer: str
    customer_name: str
    row: Mapping[str, Any]


class InvoicesThere:
    """The documents that were read, found by number and by total. Take one in with `add`, where somebody seeks it."""

    def __init__(self, sought: Iterable[SoughtInvoice]) -> None:
        seekers = list(sought)
        self._numbers = {number for each in seekers if (number := number_key(each.number))}
        self._totals = {each.total for each in seekers}
        self._by_number: dict[str, dict[str, InvoiceRow]] = defaultdict(dict)
        self._by_total: dict[Decimal, dict[str, InvoiceRow]] = defaultdict(dict)

    def add(self, row: Mapping[str, Any]) -> None:
        """Remember a row of QuickBooks', unless nothing that is sought has its number or its total."""
        found = _invoice_row(row)
        if (number := number_key(found.number)) in self._numbers:
            self._by_number[number][str(row["Id"])] = found
        if found.total in self._totals:
            self._by_total[found.total][str(row["Id"])] = found

    def candidates(self, sought: SoughtInvoice) -> list[tuple[InvoiceRow, Judged]]:
        """Those that may be the one sought, the likeliest first."""
        rows = self._by_number.get(number_key(sought.number), {}) | self._by_total.get(sought.total, {})
        found = [(row, verdict) for row in rows.values() if (verdict := judged_invoice(sought, row))]
        return sorted(found, key=lambda each: (list(Sure).index(each[1].how_sure), -each[1].score, each[0].row["Id"]))


def judged_invoice(sought: SoughtInvoice, row: InvoiceRow) -> Judged | None:
    """How sure it is that this is the invoice sought; None for one that nobody would take for it."""
    number = bool(number_key(sought.number)) and number_key(sought.number) == number_key(row.number)
    total = sought.total == row.total
    client = row.customer in sought.customers
    alike = client or (not sought.customers and name_key(sought.client) == name_key(row.customer_name))
    near = row.date is not None and abs(row.date - sought.date) <= NEAR
    same = {"number": number, "total": total, "client": alike}
    if number and total and client and near:
        how_sure = Sure.EXACT
    elif (number and (total or alike)) or (total and alike and near):
        how_sure = Sure.LIKELY
    elif number:
        how_sure = Sure.POSSIBLE
    else:
        return None
    why = tuple(f"the same {name}" for name, is_same in same.items() if is_same)
    return Judged(how_sure, why, tuple(_differences(sought, row, same)), sum(same.values()) + near / 2)


def _differences(sought: SoughtInvoice, row: InvoiceRow, same: Mapping[str, bool]) -> Iterable[str]:
    if not same["number"]:
        yield f"number {row.number} there, {sought.number} here" if row.number else "no number there"
    if not same["total"]:
        yield f"{money(row.total)} there, {money(sought.total)} here"
    if not same["client"]:
        yield f"for {row.customer_name or 'another client'} there"
    if row.date and row.date != sought.date:
        yield f"dated {_day(row.date)} there, {_day(sought.date)} here"


def number_key(number: str) -> str:
    """A number as it is compared: neither case nor blanks nor zeros in front tell two apart."""
    return "".join(number.split()).casefold().lstrip("0#")


def _invoice_row(row: Mapping[str, Any]) -> InvoiceRow:
    customer = row.get("CustomerRef") or {}
    return InvoiceRow(
        number=str(row.get("DocNumber") or ""),
        total=Decimal(str(row.get("TotalAmt") or 0)).quantize(Decimal("0.01")),
        date=dt.date.fromisoformat(row["TxnDate"]) if row.get("TxnDate") else None,
        customer=str(customer.get("value") or ""),
        customer_name=str(customer.get("name") or ""),
        row=row,
    )


def _day(date: dt.date) -> str:
    return date_format(date, "DATE_FORMAT")


def window(sought: Sequence[SoughtInvoice]) -> tuple[dt.date, dt.date]:
    """From which day to which a document may be near one of these."""
    days = [each.date for each in sought]
    return min(days) - NEAR, max(days) + NEAR
