"""The kinds of values a property may have, and how each is read from a request.

Reading is lenient where Intuit is (null counts as not sent, numbers may come as text) and strict where it is strict.
What is wrong is collected in one walk over the body; the gravest is answered (order of qbo-api.md §12.2).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from qbo_simulator import faults
from qbo_simulator.engine.money import number
from qbo_simulator.faults import Fault

if TYPE_CHECKING:
    from qbo_simulator.engine.objects import Reference


class Clear:
    """What an empty value reads as: the property is to be emptied (qbo-api.md §2.3)."""

    def __deepcopy__(self, memo: object) -> "Clear":
        return self


CLEAR: Any = Clear()
Path = tuple[str, ...]


class Rank(IntEnum):
    """In which order Intuit looks for what is wrong."""

    PARSE = 1
    REQUIRED = 2
    LENGTH = 3
    VALUE = 4


@dataclass
class Reading:
    """What was found wrong while a body was read."""

    problems: list[tuple[Rank, Fault]] = field(default_factory=list)

    def refuse(self, rank: Rank, fault: Fault) -> None:
        self.problems.append((rank, fault))

    def settle(self) -> None:
        """Raise the first problem of the gravest rank, if there is one."""
        if self.problems:
            raise min(self.problems, key=lambda problem: problem[0])[1]


class Kind:
    """A kind of value; the base takes any JSON as it is."""

    column: str | None = None  # the SQL type under which values can be asked for in a query

    def read(self, value: Any, label: str, reading: Reading) -> Any:
        """The value as it is kept, or CLEAR.  label: the property's name, for faults."""
        return CLEAR if value in ("", {}) else value

    def indexed(self, value: Any) -> Any:
        """The value as a query compares it."""
        return value

    def references(self, path: Path) -> Iterator[tuple[Path, "Reference"]]:
        """Where below `path` references stand; "*" stands for each element of a list."""
        yield from ()


@dataclass(frozen=True)
class Text(Kind):
    """Text of at most `most` characters.  label: the name Intuit uses in faults where it differs."""

    most: int = 4000
    least: int = 0
    label: str = ""
    column = "TEXT COLLATE NOCASE"

    def read(self, value: Any, label: str, reading: Reading) -> Any:
        if isinstance(value, (dict, list, bool)):
            reading.refuse(Rank.PARSE, faults.unreadable())
            return CLEAR
        text = str(value)
        if text == "":
            return CLEAR
        if not self.least <= len(text) <= self.most:
            fault = faults.wrong_length(self.label or label, self.least, self.most, len(text))
            reading.refuse(Rank.LENGTH, fault)
        return self.checked(text, label, reading)

    def checked(self, text: str, label: str, reading: Reading) -> Any:
        return text


@dataclass(frozen=True)
class Name(Text):
    """One line without colon or tab, trimmed.  also: further signs it must not have."""

    also: str = ""

    def checked(self, text: str, label: str, reading: Reading) -> Any:
        if re.search(rf"[:\t\n\r{re.escape(self.also)}]", text):
            reading.refuse(Rank.VALUE, faults.bad_name(label))
        return text.strip() or CLEAR


@dataclass(frozen=True)
class Email(Text):
    """Addresses, several parted by commas; each needs @ and a dot."""

    def checked(self, text: str, label: str, reading: Reading) -> Any:
        if not all(re.fullmatch(r"\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*", part) for part in text.split(",")):
            reading.refuse(Rank.VALUE, faults.wrong_value("2210", "Invalid Email Address format", text, label))
        return text


@dataclass(frozen=True)
class Number(Kind):
    """A decimal number between `least` and `most`."""

    least: Decimal = Decimal(-99999999999)
    most: Decimal = Decimal(99999999999)
    column = "REAL"

    def read(self, value: Any, label: str, reading: Reading) -> Any:
        if value == "" and isinstance(value, str):
            return CLEAR
        if isinstance(value, (dict, list, bool)):
            reading.refuse(Rank.PARSE, faults.unreadable())
            return CLEAR
        return self.within(value, label, reading)

    def within(self, value: Any, label: str, reading: Reading) -> Any:
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite():
            reading.refuse(Rank.VALUE, faults.wrong_value("2100", "Invalid Decimal format", value, label))
            return CLEAR
        if not self.least <= amount <= self.most:
            reading.refuse(Rank.VALUE, faults.wrong_value("2110", "Invalid Decimal", value, label))
        return number(amount)


@dataclass(frozen=True)
class Whole(Number):
    """A whole number."""

    def within(self, value: Any, label: str, reading: Reading) -> Any:
        amount = super().within(value, label, reading)
        if isinstance(amount, float):
            reading.refuse(Rank.VALUE, faults.wrong_value("2080", "Invalid Number format", value, label))
        return amount


class Flag(Kind):
    """true or false."""

    column = "INTEGER"

    def read(self, value: Any, label: str, reading: Reading) -> Any:
        if isinstance(value, bool):
            return value
        if str(value).lower() in ("true", "false"):
            return str(value).lower() == "true"
        if value == "":
            return CLEAR
        reading.refuse(Rank.VALUE, faults.wrong_value("2230", "Invalid Boolean format", value, label))
        return CLEAR


class Day(Kind):
    """A date, `2026-08-16`; a time behind it is dropped."""

    column = "TEXT"

    def read(self, value: Any, label: str, reading: Reading) -> Any:
        if value == "":
            return CLEAR
        try:
            return date.fromisoformat(str(value)[:10]).isoformat()
        except ValueError:
            reading.refuse(Rank.VALUE, faults.wrong_value("2070", "Invalid Date", value, label))
            return CLEAR


class Moment(Kind):
    """A date with a time, with or without an offset, kept as sent."""

    column = "TEXT"

    def read(self, value: Any, label: str, reading: Reading) -> Any:
        if value == "":
            return CLEAR
        try:
            datetime.fromisoformat(str(value))
        except ValueError:
            reading.refuse(Rank.VALUE, faults.wrong_value("2060", "Invalid Date format", value, label))
            return CLEAR
        return str(value)


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few words, spelled exactly."""

    words: tuple[str, ...]
    column = "TEXT COLLATE NOCASE"

    def read(self, value: Any, label: str, reading: Reading) -> Any:
        if value == "":
            return CLEAR
        if value not in self.words:
            reading.refuse(Rank.VALUE, faults.invalid_enumeration(value, label))
        return value
