"""By hand to a whole company: close the books, open them again."""

from typing import Any

from qbo_simulator.engine.books import Books
from qbo_simulator.pages.kinds.declared import Record
from qbo_simulator.pages.mistakes.declared import Input, Mistake, Operation, changing
from qbo_simulator.pages.render import day

PREFERENCE = "BookCloseDate"


def closed_until(books: Books, record: Record) -> bool:
    return PREFERENCE in books.preferences().get("AccountingInfoPrefs", {})


def close(books: Books, record: Record, given: dict[str, Any]) -> list[Operation]:
    return [preferring(books, {PREFERENCE: given["date"].isoformat()})]


def open_again(books: Books, record: Record, given: dict[str, Any]) -> list[Operation]:
    return [preferring(books, {})]


def preferring(books: Books, closing: dict[str, str]) -> Operation:
    """An update of the Preferences with another closing date, or none; the rest of its group stays."""
    preferences = books.preferences()
    kept = {name: value for name, value in preferences.get("AccountingInfoPrefs", {}).items() if name != PREFERENCE}
    return Operation("update", "Preferences", changing(preferences, AccountingInfoPrefs={**kept, **closing}))


def closed(record: Record, answers: list[Record]) -> str:
    until = answers[0]["AccountingInfoPrefs"][PREFERENCE]
    return f"The books are closed up to {day(until)}."


CLOSE = Mistake(
    "close-books", "Close the books",
    "Sets the closing date. What is dated on it or before can no longer be written, changed or deleted.", close, closed,
    inputs=(Input("date", "Closing date", "date"),), severe=True,
)  # fmt: skip
OPEN = Mistake(
    "open-books", "Open the books again", "Takes the closing date away.", open_again,
    lambda record, answers: "The books are open again.", offered=closed_until,
)  # fmt: skip
COMPANY_MISTAKES = (CLOSE, OPEN)
