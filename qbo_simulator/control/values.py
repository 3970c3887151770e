"""The kinds of values a control may have: how each is read from JSON, from a command line or form, and described."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


class Value:
    """A kind of value.  `kind` says what a form shows for it."""

    kind = "json"

    def read(self, name: str, value: Any) -> Any:
        """The value as it is kept.  name: how the control is called.  Raises ValueError with a sentence."""
        raise NotImplementedError

    def of_text(self, text: str) -> Any:
        """What text of a command line or a form stands for, before it is read."""
        return text

    def described(self) -> dict[str, Any]:
        """What may be sent, as JSON."""
        return {"kind": self.kind}

    def shown(self, value: Any) -> Any:
        """The value as JSON."""
        return value


@dataclass(frozen=True)
class Whole(Value):
    """A whole number."""

    least: int = 0
    most: int | None = None
    kind = "whole"

    def read(self, name: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not self.holds(value):
            raise ValueError(f"{name} must be a whole number {self.bounds}, not {value!r}.")
        return value

    def holds(self, value: int) -> bool:
        return self.least <= value and (self.most is None or value <= self.most)

    @property
    def bounds(self) -> str:
        return f"from {self.least} on" if self.most is None else f"from {self.least} to {self.most}"

    def of_text(self, text: str) -> Any:
        stripped = text.strip()
        return int(stripped) if stripped.lstrip("-").isdecimal() and stripped.isascii() else text

    def described(self) -> dict[str, Any]:
        return {"kind": self.kind, "least": self.least, "most": self.most}


@dataclass(frozen=True)
class Switch(Value):
    """On or off."""

    kind = "switch"

    def read(self, name: str, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError(f"{name} must be true or false, not {value!r}.")
        return value

    def of_text(self, text: str) -> Any:
        return {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False, "": False}.get(
            text.strip().lower(), text
        )


@dataclass(frozen=True)
class Choice(Value):
    """One of a few words.  words: each with what it means."""

    words: Mapping[str, str]
    kind = "choice"

    def read(self, name: str, value: Any) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise ValueError(f"{name} must be one of {', '.join(self.words)}, not {value!r}.")
        return value

    def described(self) -> dict[str, Any]:
        return {"kind": self.kind, "words": dict(self.words)}


@dataclass(frozen=True)
class Text(Value):
    """Text of one line.  check: raises ValueError with the rest of the sentence ("must …") where it will not do."""

    most: int = 500
    check: Callable[[str], None] | None = None
    kind = "text"

    def read(self, name: str, value: Any) -> str:
        if not isinstance(value, str) or len(value) > self.most:
            raise ValueError(f"{name} must be text of at most {self.most} characters, not {value!r}.")
        if self.check is not None and value:
            try:
                self.check(value)
            except ValueError as error:
                raise ValueError(f"{name} {error}, not {value!r}.") from None
        return value

    def described(self) -> dict[str, Any]:
        return {"kind": self.kind, "most": self.most}


@dataclass(frozen=True)
class Texts(Value):
    """A list of texts; in a form and on a command line parted by blanks."""

    each: Text
    kind = "texts"

    def read(self, name: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, (list, tuple)):
            raise ValueError(f"{name} must be a list, not {value!r}.")
        return tuple(self.each.read(f"{name}[{place}]", each) for place, each in enumerate(value))

    def of_text(self, text: str) -> Any:
        return text.split()

    def shown(self, value: Any) -> Any:
        return list(value)


@dataclass(frozen=True)
class Moment(Value):
    """A point in time: ISO 8601 with an offset, or `+seconds` from now on; null for none."""

    kind = "moment"

    def read(self, name: str, value: Any) -> datetime | float | None:
        """The moment in UTC, or the seconds to go on by."""
        if value is None or value == "":
            return None
        text = str(value)
        if isinstance(value, str) and text.startswith("+") and text[1:].isdecimal() and len(text) < 14:
            return float(text[1:])
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        words = "a time with its offset, like 2026-08-16T12:00:00-07:00, or +seconds to go on by"
        raise ValueError(f"{name} must be {words}, not {value!r}.")


@dataclass(frozen=True)
class Part:
    """One member of a Group: its value, its default and what it does."""

    value: Value
    default: Any
    help: str


@dataclass(frozen=True)
class Group(Value):
    """An object of several parts; what is left out takes its default."""

    parts: Mapping[str, Part]
    kind = "group"

    def read(self, name: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping) or set(value) - set(self.parts):
            raise ValueError(f"{name} must be an object with {listed(self.parts)}, not {value!r}.")
        return {
            part: known.value.read(f"{name}.{part}", value.get(part, known.default))
            for part, known in self.parts.items()
        }

    def of_text(self, text: str) -> Any:
        return of_json(text)

    def described(self) -> dict[str, Any]:
        parts = {
            name: {**part.value.described(), "default": part.default, "help": part.help}
            for name, part in self.parts.items()
        }
        return {"kind": self.kind, "parts": parts}

    def shown(self, value: Any) -> Any:
        return {name: part.value.shown(value[name]) for name, part in self.parts.items()}


def listed(names: Mapping[str, Any]) -> str:
    """`a, b and c`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def of_json(text: str) -> Any:
    """What text stands for, where a whole structure is given as JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return text
