"""Thousands of steps are written in one go, whatever the database, and come back as they were."""

from decimal import Decimal

from django.db import connection as database
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from qbo_sync.models import Connection, Step
from qbo_sync.push.inserting import insert
from tests.factories import ClientFactory
from tests.unit.qbo_sync.push.conftest import planned


def test_every_value_comes_back_as_it_was(connection: Connection) -> None:
    run = planned(connection, ClientFactory())
    rows = [
        Step(
            run=run, position=position, kind="hour_entry", record_id=position, label="“Packing” 100 %", version_seen=3,
            needs=[0, position], amount=Decimal("97.50") if position % 2 else None, minutes=90, state="ready",
        )
        for position in range(1, 1202)
    ]  # fmt: skip

    with CaptureQueriesContext(database) as captured:
        insert(Step, rows)

    assert len(captured) <= 2
    made = list(Step.objects.filter(run=run, position__gt=0).order_by("position"))
    assert [model_to_dict(step, exclude=["id"]) for step in made] == [
        model_to_dict(row, exclude=["id"]) for row in rows
    ]
