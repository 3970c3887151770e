"""What a person can do by hand to a record or a company, as if at QuickBooks itself.

Each is a form: its fields are read, they become operations of the API's own engine, and a sentence says what was done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from qbo_simulator.engine.books import Books
from qbo_simulator.pages.kinds.declared import Record

LARGEST = Decimal(99_999_999_999)


@dataclass(frozen=True)
class Input:
    """One field of a form.

    kind: text, money, date or choice.  value: what it holds at first.  choices: of the record, (value, words).
    """

    name: str
    label: str
    kind: str = "text"
    value: Callable[[Record], Any] = lambda record: ""
    help: str = ""
    required: bool = True
    most: int = 500
    choices: Callable[[Record], list[tuple[str, str]]] = lambda record: []

    def read(self, text: str, record: Record) -> Any:
        """What a person filled in: str, Decimal or date, None for nothing.  Raises ValueError with a sentence."""
        text = text.strip()
        if not text:
            if self.required:
                raise ValueError(f"Fill in “{self.label}”.")
            return None
        return READERS[self.kind](self, text, record)


def read_text(field: Input, text: str, record: Record) -> str:
    if len(text) > field.most:
        raise ValueError(f"At most {field.most} characters, these are {len(text)}.")
    return text


def read_money(field: Input, text: str, record: Record) -> Decimal:
    try:
        amount = Decimal(text.replace(",", "").removeprefix("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 < amount <= LARGEST or amount != amount.quantize(Decimal("0.01")):
        raise ValueError("Give an amount above 0 with at most two decimals, like 1,234.50.")
    return amount


def read_date(field: Input, text: str, record: Record) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("Give a date as year-month-day, like 2026-08-16.") from None


def read_choice(field: Input, text: str, record: Record) -> str:
    if text not in dict(field.choices(record)):
        raise ValueError("Choose one of the list.")
    return text


READERS: dict[str, Callable[[Input, str, Record], Any]] = {
    "text": read_text, "money": read_money, "date": read_date, "choice": read_choice,
}  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """One operation of the engine, as a request would ask for it."""

    operation: str
    entity: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Mistake:
    """Something to do by hand.

    label: on the button.  says: what it will do, before it is done.  is_for: whether it is for an entity.
    offered: whether it makes sense for a record.  operations: of the record and what was filled in.
    done: the sentence about it, of the record as it was (with its "entity") and the engine's answers.
    severe: it takes something away.
    """

    slug: str
    label: str
    says: str
    operations: Callable[[Books, Record, dict[str, Any]], list[Operation]]
    done: Callable[[Record, list[Record]], str]
    is_for: Callable[[str], bool] = lambda entity: False
    offered: Callable[[Books, Record], bool] = lambda books, record: True
    inputs: tuple[Input, ...] = ()
    severe: bool = False


def changing(record: Record, **values: Any) -> dict[str, Any]:
    """The body of a sparse update of a record as it is now."""
    return {"Id": record["Id"], "SyncToken": record["SyncToken"], "sparse": True, **values}
