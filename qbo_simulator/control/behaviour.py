"""How the simulator behaves at present: the values of the controls, and what faults on demand have done so far."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from qbo_simulator.clock import Clock, with_milliseconds
from qbo_simulator.control.controls import CONTROLS, of_text
from qbo_simulator.control.rules import Rule
from qbo_simulator.control.values import Group
from qbo_simulator.store.database import Database


class MisunderstoodError(Exception):
    """What was asked of the control plane cannot be done; the text says why."""


class Behaviour(Mapping[str, Any]):
    """The controls' present values, by name.

    database: where the values of controls that outlive a restart are kept.  clock: the clock that the control of that
    name sets.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.lock = threading.RLock()
        self.values_now: dict[str, Any] = {}
        self.injected: Counter[str] = Counter()
        self.listeners: list[Callable[[], None]] = []
        self.values_now = {**defaults(), **self.kept()}
        self.go_on()

    def __getitem__(self, name: str) -> Any:
        return self.values_now[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_now)

    def __len__(self) -> int:
        return len(self.values_now)

    def kept(self) -> dict[str, Any]:
        """The values that the data file holds, but for those that a newer version no longer understands."""
        found: dict[str, Any] = {}
        with self.database.lock:
            rows = self.database.all("SELECT name, value FROM control")
        for name, text in rows:
            if name in CONTROLS and name != "clock":
                try:
                    found[name] = CONTROLS[name].value.read(name, json.loads(text))
                except ValueError:
                    continue
        return found

    def go_on(self) -> None:
        """The clock runs on as the data file says it was set."""
        with self.database.lock:
            row = self.database.one("SELECT value FROM control WHERE name = 'clock'")
        if row:
            state = json.loads(row[0])
            self.clock.restore(state)
            self.values_now["clock"] = {"now": None, "frozen": state["frozen"], "speed": state["speed"]}

    def reset(self) -> None:
        """Every control to its default; the clock goes on from where it is."""
        with self.lock:
            self.take(defaults())

    def change(self, wanted: Any) -> None:
        """Set the controls that are named; the others stay.  Raises MisunderstoodError, and changes nothing then.

        wanted: name → value; `group.part` names one part of a control and leaves its other parts as they are.
        """
        if not isinstance(wanted, Mapping):
            raise MisunderstoodError("The behaviour must be a JSON object.")
        unknown = sorted(name for name in wanted if not is_control(name))
        if unknown:
            raise MisunderstoodError(f"There is no control {', '.join(unknown)}; there are {', '.join(CONTROLS)}.")
        with self.lock:
            try:
                self.take({name: CONTROLS[name].value.read(name, value) for name, value in self.whole(wanted).items()})
            except ValueError as error:
                raise MisunderstoodError(str(error)) from None

    def change_text(self, wanted: Mapping[str, str]) -> None:
        """The same from the texts of a form or a command line."""
        self.change({name: of_text(name, text) if is_control(name) else text for name, text in wanted.items()})

    def whole(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Values of whole controls, from what may name single parts."""
        values: dict[str, Any] = {}
        for name, value in wanted.items():
            control, _, part = name.partition(".")
            if not part:
                values[control] = value
                continue
            present = CONTROLS[control].value.shown(self.values_now[control])
            values[control] = {**(values.get(control, present)), part: value}
        return values

    def take(self, values: dict[str, Any]) -> None:
        """Keep values that were read.  Raises ValueError where the clock would have to go back."""
        if "clock" in values:
            self.clock.change(**values["clock"])
            values = {**values, "clock": {**values["clock"], "now": None}}
        self.values_now = {**self.values_now, **values}
        self.keep(values)
        for listener in self.listeners:
            listener()

    def keep(self, values: Mapping[str, Any]) -> None:
        rows = [
            (name, json.dumps(CONTROLS[name].value.shown(value)))
            for name, value in values.items()
            if CONTROLS[name].kept and name != "clock"
        ]
        if "clock" in values:
            rows.append(("clock", json.dumps(self.clock.state())))
        if not rows:
            return
        with self.database.transaction():
            for row in rows:
                self.database.run("INSERT OR REPLACE INTO control (name, value) VALUES (?, ?)", *row)

    def shown(self) -> dict[str, Any]:
        """All controls as JSON; rules with how often each has fired, the clock with its present moment."""
        with self.lock:
            shown = {name: control.value.shown(self.values_now[name]) for name, control in CONTROLS.items()}
        shown["clock"]["now"] = with_milliseconds(self.clock.now())
        return shown

    def firing(self, applies: Callable[[Rule], bool]) -> tuple[int, Rule] | None:
        """The first rule that applies and whose turn it is, with its place from 1; it counts as fired."""
        with self.lock:
            for place, rule in enumerate(self.values_now["rules"], 1):
                if applies(rule) and rule.turn():
                    return place, rule
        return None

    def count(self, kind: str) -> None:
        """Count one fault that was injected, or one refusal over a limit."""
        with self.lock:
            self.injected[kind] += 1


def defaults() -> dict[str, Any]:
    return {name: control.value.read(name, control.default) for name, control in CONTROLS.items()}


def is_control(name: Any) -> bool:
    """Whether this names a control, or a part of one that has parts."""
    control, dot, part = str(name).partition(".")
    if control not in CONTROLS or not dot:
        return control in CONTROLS
    value = CONTROLS[control].value
    return isinstance(value, Group) and part in value.parts
