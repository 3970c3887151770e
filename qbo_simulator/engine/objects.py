"""Kinds of values that are objects or lists: references, addresses, lines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qbo_simulator import faults
from qbo_simulator.engine.kinds import CLEAR, Kind, Path, Rank, Reading


@dataclass(frozen=True)
class Reference(Kind):
    """`{"value": id}`; the name in an answer is the record's present one, a name sent along is ignored.

    to: the entities it may point at, the usual one first.  label: how faults call their list.
    fixed: values that stand for themselves (tax codes TAX and NON).  typed: `type` says which entity it is.
    """

    to: tuple[str, ...]
    label: str
    fixed: tuple[str, ...] = ()
    typed: bool = False
    column = "TEXT"

    def read(self, value: Any, label: str, reading: Reading) -> Any:
        if value == "":
            return CLEAR
        if not isinstance(value, Mapping):
            reading.refuse(Rank.PARSE, faults.unreadable())
            return CLEAR
        target = value.get("value")
        if target is None or target == "":
            return CLEAR
        kept: dict[str, Any] = {"value": str(target)}
        if self.typed and value.get("type"):
            kept["type"] = self.spelled(str(value["type"]), label, reading)
        return kept

    def spelled(self, word: str, label: str, reading: Reading) -> str:
        for name in self.to:
            if name.lower() == word.lower():
                return name
        reading.refuse(Rank.VALUE, faults.invalid_enumeration(word, f"{label}.type"))
        return word

    def indexed(self, value: Any) -> Any:
        return value.get("value")

    def references(self, path: Path) -> Iterator[tuple[Path, "Reference"]]:
        yield path, self


class Loose(Kind):
    """An object whose properties are taken as they are."""

    def read(self, value: Any, label: str, reading: Reading) -> Any:
        if isinstance(value, Mapping):
            return value or CLEAR
        if value != "":
            reading.refuse(Rank.PARSE, faults.unreadable())
        return CLEAR


class Currency(Kind):
    """The home currency; it cannot be chosen while multicurrency is off."""

    column = "TEXT"

    def read(self, value: Any, label: str, reading: Reading) -> Any:
        code = value.get("value") if isinstance(value, Mapping) else None
        if code not in (None, "", "USD"):
            reading.refuse(Rank.VALUE, faults.wrong_value("2220", "Invalid Currency", code, label))
        return {"value": "USD", "name": "United States Dollar"}

    def indexed(self, value: Any) -> Any:
        return value.get("value")


@dataclass(frozen=True)
class Composite(Kind):
    """An object with properties of its own.

    ignored: properties of Intuit's schema that are taken and dropped.  numbered: it has an Id of its own (addresses).
    """

    parts: Mapping[str, Kind]
    required: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    numbered: bool = False

    def read(self, value: Any, label: str, reading: Reading) -> Any:
        if not isinstance(value, Mapping):
            if value != "":
                reading.refuse(Rank.PARSE, faults.unreadable())
            return CLEAR
        kept = {name: part for name, part in self.read_parts(value, label, reading) if part is not CLEAR}
        for name in self.required:
            if name not in kept:
                reading.refuse(Rank.REQUIRED, faults.missing(f"{label}.{name}"))
        return kept or CLEAR

    def read_parts(self, value: Mapping[str, Any], label: str, reading: Reading) -> Iterator[tuple[str, Any]]:
        for name, part in value.items():
            kind = self.parts.get(name)
            if kind is not None:
                if part is not None:
                    yield name, kind.read(part, name if label == "Line" else f"{label}.{name}", reading)
            elif name not in self.ignored:
                reading.refuse(Rank.PARSE, faults.unreadable())

    def references(self, path: Path) -> Iterator[tuple[Path, Reference]]:
        for name, kind in self.parts.items():
            yield from kind.references((*path, name))


@dataclass(frozen=True)
class ListOf(Kind):
    """A list of values of one kind."""

    each: Kind

    def read(self, value: Any, label: str, reading: Reading) -> Any:
        if not isinstance(value, list):
            if value != "" and value != {}:
                reading.refuse(Rank.PARSE, faults.unreadable())
            return CLEAR
        read = [self.each.read(element, label, reading) for element in value if element is not None]
        return [element for element in read if element is not CLEAR]

    def references(self, path: Path) -> Iterator[tuple[Path, Reference]]:
        yield from self.each.references((*path, "*"))
