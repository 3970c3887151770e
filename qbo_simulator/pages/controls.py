"""The switches: how the simulator behaves, as a form made of the registry of controls."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from qbo_simulator.control.behaviour import MisunderstoodError
from qbo_simulator.control.controls import CONTROLS
from qbo_simulator.control.forms import Field, fields, sent
from qbo_simulator.control.values import Group
from qbo_simulator.pages.desk import Desk

CLOCK = "Clock"


class Controls:
    """The page /controls and what its buttons post to."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def show(self, request: Request) -> Response:
        return self.page(request)

    def change(self, request: Request) -> Response:
        """Set what the form changes, or set nothing and say next to each field what is wrong with it."""
        changes = sent(last_values(request), self.desk.behaviour)
        wrong = dict(mistaken(changes))
        if not wrong:
            try:
                self.desk.behaviour.change_text(changes)
            except MisunderstoodError as error:
                wrong = {field_of(str(error), changes): str(error)}
        if wrong:
            return self.page(request, wrong, 400)
        return self.told(f"Set: {', '.join(changes)}." if changes else "Nothing was changed.")

    def reset(self, request: Request) -> Response:
        """Back to normal: every control to its default."""
        self.desk.behaviour.reset()
        return self.told("Everything behaves as it normally does.")

    def told(self, sentence: str) -> Response:
        note = self.desk.journal.write(self.desk.clock.seconds(), "", sentence)
        return redirect(f"/controls?said={note.number}", 303)

    def page(self, request: Request, wrong: dict[str, str] | None = None, status: int = 200) -> Response:
        shown = sorted(fields(self.desk.behaviour), key=lambda each: each.group != CLOCK)
        groups = [(name, list(found)) for name, found in groupby(sorted(shown, key=places(shown)), lambda f: f.group)]
        typed = last_values(request) if wrong else {}
        return self.desk.page(
            request, "controls.html", status=status, groups=groups, wrong=wrong or {}, typed=typed,
            injected=dict(self.desk.behaviour.injected),
        )  # fmt: skip


def last_values(request: Request) -> dict[str, str]:
    """The form's fields; a switch that is on comes twice, its hidden "false" first."""
    return {name: values[-1] for name, values in request.form.lists()}


def places(shown: list[Field]) -> Any:
    """A key that brings the fields of a group together, groups in the order of their first field."""
    first = {each.group: place for place, each in reversed(list(enumerate(shown)))}
    return lambda each: first[each.group]


def mistaken(changes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(field, what is wrong with its text)."""
    for name, text in changes.items():
        control, _, part = name.partition(".")
        value = CONTROLS[control].value
        if part and isinstance(value, Group):
            value = value.parts[part].value
        try:
            value.read(name, value.of_text(text))
        except ValueError as error:
            yield name, str(error)


def field_of(sentence: str, changes: dict[str, str]) -> str:
    """The field a refusal speaks of; the first one that was changed where it names none."""
    return next((name for name in changes if sentence.startswith(name)), next(iter(changes)))
