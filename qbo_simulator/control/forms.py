"""The controls as fields of a form: whoever renders them needs to know none of them by name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qbo_simulator.control.behaviour import Behaviour
from qbo_simulator.control.controls import CONTROLS, as_text
from qbo_simulator.control.declared import Control
from qbo_simulator.control.values import Choice, Group, Value, Whole


@dataclass(frozen=True)
class Field:
    """One field.

    name: what the form sends it as, and what `Behaviour.change_text` takes.  group: its heading.  kind: whole, switch,
    choice, text, texts, moment or rules.  value: the present value as text.  default: the same of the default.
    words: the words of a choice, each with what it means.  least, most: the bounds of a whole number.
    """

    name: str
    group: str
    kind: str
    value: str
    default: str
    help: str
    fact: str
    words: tuple[tuple[str, str], ...] = ()
    least: int | None = None
    most: int | None = None

    @property
    def changed(self) -> bool:
        """Whether it is set to something else than its default."""
        return self.kind != "moment" and self.value != self.default


def fields(behaviour: Behaviour) -> list[Field]:
    """Every control as fields, in the order of the registry; a control with parts is a field for each part."""
    shown = behaviour.shown()
    return [each for control in CONTROLS.values() for each in fields_of(control, shown[control.name])]


def fields_of(control: Control, shown: Any) -> Iterator[Field]:
    if not isinstance(control.value, Group):
        yield field(control, control.name, control.value, shown, control.default, control.help)
        return
    for name, part in control.value.parts.items():
        present = None if part.value.kind == "moment" else shown[name]
        yield field(control, f"{control.name}.{name}", part.value, present, part.default, part.help)


def field(control: Control, name: str, value: Value, shown: Any, default: Any, help: str) -> Field:
    """One field.  Its text for rules is what may be sent again, without the counts."""
    if value.kind == "rules":
        shown = [{part: each[part] for part in ("match", "then", "times")} for each in shown]
    return Field(
        name=name,
        group=control.group,
        kind=value.kind,
        value=as_text(shown),
        default=as_text(default),
        help=help,
        fact=control.fact,
        words=tuple(value.words.items()) if isinstance(value, Choice) else (),
        least=value.least if isinstance(value, Whole) else None,
        most=value.most if isinstance(value, Whole) else None,
    )


def sent(form: Mapping[str, str], behaviour: Behaviour) -> dict[str, str]:
    """What a form changes: the fields it holds whose text differs from the present one.

    A switch that is not checked is not sent by a browser: a form names those it shows in hidden fields, value "".
    """
    return {
        each.name: form[each.name] for each in fields(behaviour) if each.name in form and form[each.name] != each.value
    }
