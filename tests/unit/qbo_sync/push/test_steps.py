"""Steps are written by a statement of their own: what the database fills in is what Django would have."""

from typing import Any

import pytest

from qbo_sync.models import Connection, Run, Step
from tests.factories import ClientFactory
from tests.unit.qbo_sync.push.conftest import planned


def values(step: Step) -> dict[str, Any]:
    return {field.name: getattr(step, field.attname) for field in Step._meta.concrete_fields if field.name != "id"}


def test_a_step_of_a_plan_has_the_values_that_django_would_give_it(mapped: Connection) -> None:
    client = ClientFactory(name="Whitfield, Margaret")

    step = planned(mapped, client).steps.get()

    by_django = Step(
        run=step.run, position=0, kind="client", record_id=client.pk, entity="Customer", label="Whitfield, Margaret",
        version_seen=client.version, state="ready",
    )  # fmt: skip
    assert values(step) == values(by_django)


def test_more_steps_than_one_statement_takes(mapped: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smmware.core.inserting.AT_ONCE", 2)
    clients = [ClientFactory() for _ in range(5)]

    run: Run = planned(mapped, *clients)

    assert list(run.steps.values_list("position", "record_id")) == [
        (place, client.pk) for place, client in enumerate(clients)
    ]


def test_a_label_may_hold_whatever_a_name_may(mapped: Connection) -> None:
    name = 'O\'Neill, "Peg"\t\\N \\. ; 100 %s Zoë\n\\.\nsecond line'
    client = ClientFactory(name=name)

    step = planned(mapped, client).steps.get()

    assert step.label == name
    assert (step.entity, step.message, step.reason, step.mend, step.minutes) == ("Customer", "", "", "", None)
