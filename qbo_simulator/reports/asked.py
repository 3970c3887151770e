"""What a request for a report asks, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from qbo_simulator import faults
from qbo_simulator.engine.books import Books
from qbo_simulator.faults import Fault
from qbo_simulator.reports import periods
from qbo_simulator.reports.periods import Period

USUAL = "This Fiscal Year-to-date"


@dataclass(frozen=True)
class Asked:
    """A report's parameters.

    period: the days it is about; columns: the same cut up.  by: how it was cut.  only: property → the ids of whom it
    is about, where that was said.
    """

    books: Books
    period: Period
    columns: list[Period]
    by: str
    only: Mapping[str, frozenset[str]]

    @property
    def day(self) -> date:
        """The day on which open amounts are looked at."""
        return self.period.end


def read(books: Books, args: Mapping[str, str]) -> Asked:
    """Names of parameters count in any case; unknown ones are ignored.

    Raises 2070 for what is no date, 2170 for an unknown macro, method or cut, 5030 for the cash basis, which is not
    kept here.
    """
    given = {name.lower(): value for name, value in args.items() if value}
    method = given.get("accounting_method", "Accrual").capitalize()
    if method not in ("Accrual", "Cash"):
        raise faults.invalid_enumeration(method, "accounting_method")
    if method == "Cash":
        words = "Feature Not Supported : these books know the accrual basis only."
        raise Fault("5030", "Feature Not Supported Error", words, "accounting_method")
    period = period_of(given, books.clock.today())
    by = given.get("summarize_column_by", "Total").capitalize().removesuffix("s")
    only = {"CustomerRef": ids(given.get("customer", "")), "VendorRef": ids(given.get("vendor", ""))}
    return Asked(books, period, periods.columns(period, by), by, {name: some for name, some in only.items() if some})


def period_of(given: Mapping[str, str], today: date) -> Period:
    """Both dates, or the macro; open amounts are asked for on a `report_date`."""
    if "report_date" in given:
        return Period(date(1900, 1, 1), day(given["report_date"], "report_date"))
    if "date_macro" in given:
        return periods.named(given["date_macro"], today)
    usual = periods.named(USUAL, today)
    start = day(given["start_date"], "start_date") if "start_date" in given else usual.start
    end = day(given["end_date"], "end_date") if "end_date" in given else max(usual.end, start)
    if end < start:
        raise faults.wrong_value("2070", "Invalid Date", given["end_date"], "end_date")
    return Period(start, end)


def day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise faults.wrong_value("2070", "Invalid Date", text, name) from None


def ids(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(",") if part.strip())
