"""How the simulator is to behave.  Each control is declared once, here; HTTP and pages read the registry."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from qbo_simulator.control.rules import Rule, read_rules


class MisunderstoodError(Exception):
    """What was asked of the control plane cannot be done; the text says why."""


@dataclass(frozen=True)
class Control:
    """One control.

    read: checks a value and returns it as it is kept, or raises ValueError with a sentence.
    says: what it does, for people.  show: how it is shown.
    """

    name: str
    default: Any
    read: Callable[[Any], Any]
    says: str
    show: Callable[[Any], Any] = lambda value: value


def whole(name: str, least: int = 0) -> Callable[[Any], int]:
    """A reader of whole numbers from `least` on."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ValueError(f"{name} must be a whole number from {least} on, not {value!r}.")
        return value

    return read


def choice(name: str, *words: str) -> Callable[[Any], str]:
    """A reader of one of a few words."""

    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(f"{name} must be one of {', '.join(words)}, not {value!r}.")
        return str(value)

    return read


def read_latency(value: Any) -> dict[str, int]:
    """{"base_ms": …, "per_operation_ms": …}; what is left out is 0."""
    names = ("base_ms", "per_operation_ms")
    if not isinstance(value, Mapping) or set(value) - set(names):
        raise ValueError(f"latency must be an object with {' and '.join(names)}, not {value!r}.")
    return {name: whole(f"latency.{name}")(value.get(name, 0)) for name in names}


CONTROLS = {
    control.name: control
    for control in (
        Control(
            "latency",
            {"base_ms": 0, "per_operation_ms": 0},
            read_latency,
            "An answer leaves base_ms, and per_operation_ms for each operation of a batch or single write, after its "
            "request came; the simulator's own work is part of that time.",
        ),
        Control(
            "access_token_seconds",
            3600,
            whole("access_token_seconds"),
            "How long access tokens live that are given from now on.",
        ),
        Control(
            "refresh_rotation",
            "daily",
            choice("refresh_rotation", "daily", "each"),
            "Whether a refresh gives a new refresh token once a day (Intuit's way) or each time.",
        ),
        Control(
            "refresh_grace_seconds",
            0,
            whole("refresh_grace_seconds"),
            "How long a replaced refresh token is still taken.",
        ),
        Control(
            "rules",
            [],
            read_rules,
            'Faults on demand: a list of {"match": …, "then": …, "times": …}.',
            lambda rules: [rule.shown() for rule in rules],
        ),
    )
}


class Behaviour:
    """The controls' present values."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.values: dict[str, Any] = {}
        self.reset()

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def reset(self) -> None:
        """Every control to its default."""
        with self.lock:
            self.values = {name: control.read(control.default) for name, control in CONTROLS.items()}

    def change(self, wanted: Any) -> None:
        """Set the controls that are named; the others stay.  Raises MisunderstoodError, and changes nothing then."""
        if not isinstance(wanted, Mapping):
            raise MisunderstoodError("The behaviour must be a JSON object.")
        unknown = sorted(set(wanted) - set(CONTROLS))
        if unknown:
            raise MisunderstoodError(f"There is no control {', '.join(unknown)}; there are {', '.join(CONTROLS)}.")
        try:
            read = {name: CONTROLS[name].read(value) for name, value in wanted.items()}
        except ValueError as error:
            raise MisunderstoodError(str(error)) from None
        with self.lock:
            self.values.update(read)

    def shown(self) -> dict[str, Any]:
        """All controls as JSON; rules with how often each has fired."""
        with self.lock:
            return {name: control.show(self.values[name]) for name, control in CONTROLS.items()}

    def firing(self, applies: Callable[[Rule], bool]) -> Rule | None:
        """The first rule that applies and whose turn it is; it counts as fired."""
        with self.lock:
            for rule in self.values["rules"]:
                if applies(rule) and rule.turn():
                    return rule
        return None
