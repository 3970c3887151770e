"""No control of the simulator is there for nothing: each is used by a day of the product's own, with all its words."""

import json
from collections.abc import Iterator
from typing import Any

from qbo_simulator.control.behaviour import defaults
from qbo_simulator.control.controls import CONTROLS
from qbo_simulator.control.rules import DROPS, MATCH, OPERATIONS, THEN
from qbo_simulator.control.values import Choice, Group, Switch, Value
from tests.faults.days import CONNECTING, DAYS

USED = [day.behaviour for day in (*DAYS, *CONNECTING)] + [day.then for day in DAYS]
IN_RULES = [rule for behaviour in USED for rule in behaviour.get("rules", ())]
WITHOUT_A_DAY = {
    "webhooks.verifier_token": "the product takes no webhooks; tests/unit/qbo_simulator/test_webhooks.py uses it",
    "webhooks.format": "as above",
    "webhooks.entities": "as above",
    "webhooks.order": "as above",
}


def used(behaviour: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each control, or part of one, that a day sets, with its value."""
    for name, value in behaviour.items():
        whole = isinstance(value, dict) and isinstance(CONTROLS[name].value, Group)
        yield from ((f"{name}.{part}", each) for part, each in value.items()) if whole else [(name, value)]


def wanted(name: str, value: Value, default: Any) -> Iterator[tuple[str, Any]]:
    """What must be used of a control: each word of a choice and each side of a switch but its default, else any."""
    if isinstance(value, Group):
        for part, known in value.parts.items():
            yield from wanted(f"{name}.{part}", known.value, known.default)
    elif isinstance(value, Choice):
        yield from ((name, word) for word in value.words if word != default)
    else:
        yield name, not default if isinstance(value, Switch) else ...


def test_each_control_and_each_of_its_words_has_a_day() -> None:
    pairs = [pair for behaviour in USED for pair in used(dict(behaviour))]
    there = {(name, json.dumps(value)) for name, value in pairs} | {(name, "...") for name, _ in pairs}
    missing = [
        (name, value)
        for control in CONTROLS.values()
        for name, value in wanted(control.name, control.value, control.default)
        if (name, "..." if value is ... else json.dumps(value)) not in there and name not in WITHOUT_A_DAY
    ]
    assert missing == []


def test_a_day_sets_nothing_to_its_default_alone() -> None:
    """A day named for a switch that leaves it as it was would prove nothing."""
    same = [
        dict(behaviour) for behaviour in USED
        if behaviour and all(behaviour[name] == defaults().get(name, ...) for name in behaviour)
    ]  # fmt: skip
    assert same == []


def test_each_part_of_a_rule_has_a_day() -> None:
    assert {name for rule in IN_RULES for name in rule["match"]} == set(MATCH)
    assert {name for rule in IN_RULES for name in rule["then"]} == set(THEN)
    assert {rule["then"]["drop"] for rule in IN_RULES if "drop" in rule["then"]} == set(DROPS)
    assert {rule["then"]["remember"] for rule in IN_RULES if "remember" in rule["then"]} == {True, False}
    assert {None, 1, 2} <= {rule["times"] for rule in IN_RULES}
    assert {"create", "query"} <= {rule["match"].get("operation") for rule in IN_RULES} - {None} <= set(OPERATIONS)


def test_each_kind_of_fault_has_a_day() -> None:
    faults = [rule["then"]["fault"] for rule in IN_RULES if "fault" in rule["then"]]
    statuses = {rule["then"]["status"] for rule in IN_RULES if "status" in rule["then"]}
    assert {401, 403, 418, 429, 500, 503} <= statuses
    assert {"invalid_grant", "invalid_client", "6000", "10000"} <= {fault for fault in faults if isinstance(fault, str)}
    assert any(isinstance(fault, dict) for fault in faults)


def test_no_two_days_have_one_name() -> None:
    names = [day.name for day in (*DAYS, *CONNECTING)]
    assert len(names) == len(set(names))
