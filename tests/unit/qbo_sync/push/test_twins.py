"""Hours alike in every field whose requests are lost together: sent by us, each of them, and so no strangers."""

from typing import Any

import pytest

from hours.models import HourEntry
from qbo_sync.models import Attempt, Connection
from tests.factories import AssociateFactory, HourEntryFactory, JobFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import copied, qbo_id, states, work

BATCH = 30


@pytest.fixture
def twins(mapped: Connection) -> list[HourEntry]:
    """Equal hours, more than one request holds, of people who are at QuickBooks already."""
    job, associate = JobFactory(), AssociateFactory()
    copied(mapped, job.client, associate)
    return [HourEntryFactory(job=job, associate=associate) for _ in range(BATCH + 2)]


@pytest.mark.parametrize(
    "lost",
    [{"drop": "before"}, {"drop": "after"}, {"drop": "midway", "after_items": 1, "remember": False}],
    ids=str,
)
def test_each_is_there_once(
    mapped: Connection, quickbooks: QuickBooks, twins: list[HourEntry], lost: dict[str, Any]
) -> None:
    rule = {"match": {"path": "/batch", "entity": "TimeActivity"}, "then": lost, "times": 2}
    quickbooks.behave(rules=[rule])
    run = copied(mapped, *twins)
    assert Attempt.objects.filter(run=run, state="unknown").count() == 2

    work(mapped)

    assert set(states(run).values()) == {"done"}
    there = sorted(row["Id"] for row in quickbooks.query("select * from TimeActivity maxresults 1000"))
    assert there == sorted(str(qbo_id(entry)) for entry in twins)
