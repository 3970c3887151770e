"""“Try again” on the page of a run: for one record, for a cause, for all."""

from typing import Any

import pytest
from django.db import connection as database
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qbo_sync.models import Connection, Kind, Run
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push.causes import causes
from qbo_sync.views.copies import NOT_CONNECTED
from tests.factories import ClientFactory, HourEntryFactory, JobFactory
from tests.integration.qbo_sync.test_copies import (
    said,
    text,
)
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import copied, planned, states

pytestmark = pytest.mark.usefixtures("worker")


def refuse(quickbooks: QuickBooks, entity: str, times: int = 1) -> None:
    rule = {"match": {"entity": entity, "operation": "create"}, "then": {"fault": "2050"}, "times": times}
    quickbooks.behave(rules=[rule])


@pytest.fixture
def refused(mapped: Connection, quickbooks: QuickBooks) -> Run:
    """A finished run of three clients, two of them refused."""
    refuse(quickbooks, "Customer", 2)
    return copied(mapped, *(ClientFactory(name=name) for name in ("Ann Lee", "Zack Old", "Zoe Young")))


def press(office: Client, run: Run, **which: Any) -> HttpResponse:
    return office.post(reverse("qbo:run_again", args=[run.pk]), which)


def test_the_page_says_what_did_not_arrive_by_cause_with_buttons(refused: Run, office: Client) -> None:
    page = office.get(refused.get_absolute_url())

    words = "A text is longer or shorter than QuickBooks takes (Number): 45 characters, where 21 are allowed."
    assert "What did not arrive, and why" in text(page)
    assert words in text(page)
    assert "Refused by QuickBooks 2 — — — Show them Try these again" in text(page)
    assert "Try all of these again" in text(page)
    [cause] = causes(refused)
    shown = office.get(refused.get_absolute_url(), {"cause": cause.key})
    assert [row.step.state for row in shown.context["rows"]] == ["refused", "refused"]
    assert f"cause={cause.key}" in shown.content.decode()


def test_of_a_plan_nothing_can_be_tried_again(mapped: Connection, office: Client) -> None:
    run = planned(mapped, HourEntryFactory(job__client__stage="inquiry"))

    page = text(office.get(run.get_absolute_url()))

    assert "Still an inquiry." in page
    assert "Try" not in page


@pytest.mark.parametrize("which", ["all", "cause", "step"])
def test_tried_again_they_are_copied(refused: Run, office: Client, which: str) -> None:
    values = {
        "all": {},
        "cause": {"cause": causes(refused)[0].key},
        "step": {"step": refused.steps.filter(state=StepState.REFUSED).latest("position").pk},
    }[which]

    response = press(office, refused, **values)

    records = "1 record is" if which == "step" else "2 records are"
    assert (response["Location"], said(response)) == (refused.get_absolute_url(), [f"{records} tried again."])
    assert sorted(states(refused).values()) == (["done", "done", "refused"] if which == "step" else ["done"] * 3)


@pytest.mark.parametrize("which", [{"step": "x"}, {"step": "9" * 30}, {"step": ""}, {"cause": "gone"}, {"cause": ""}])
def test_what_is_not_there_stands_for_nothing(refused: Run, office: Client, which: dict[str, str]) -> None:
    response = press(office, refused, **which)

    assert said(response) == ["There is nothing to try again: it was tried or settled meanwhile."]
    assert sorted(states(refused).values()) == ["done", "refused", "refused"]


def test_the_step_of_another_run_is_not_tried(refused: Run, mapped: Connection, office: Client) -> None:
    step = refused.steps.filter(state=StepState.REFUSED)[0]
    other = copied(mapped, ClientFactory())

    press(office, other, step=step.pk)

    step.refresh_from_db()
    assert step.state == StepState.REFUSED


def test_pressed_twice_nothing_is_doubled(refused: Run, office: Client, quickbooks: QuickBooks) -> None:
    press(office, refused)
    press(office, refused)

    names = [row["DisplayName"] for row in quickbooks.query("select * from Customer")]
    assert sorted(name for name in names if name in ("Ann Lee", "Zack Old", "Zoe Young")) == [
        "Ann Lee",
        "Zack Old",
        "Zoe Young",
    ]


def test_one_that_needs_another_client_by_now_is_planned_and_shown(
    mapped: Connection,
    quickbooks: QuickBooks,
    office: Client,
) -> None:
    entry = HourEntryFactory()
    refuse(quickbooks, "TimeActivity")
    run = copied(mapped, entry)
    entry.job = JobFactory()
    entry.save()

    response = press(office, run)

    again = Run.objects.latest("pk")
    assert (response["Location"], again.state, again.title) == (
        again.get_absolute_url(),
        RunState.PLANNED,
        "Once more: Add QBO",
    )
    assert set(again.steps.values_list("kind", "state")) == {
        (Kind.CLIENT.value, "ready"),
        (Kind.HOUR_ENTRY.value, "ready"),
    }
    Connection.objects.update(state=Connection.State.RECONNECT)
    assert NOT_CONNECTED in said(press(office, run))


def test_the_page_asks_no_more_for_more_records_of_a_cause(
    mapped: Connection, quickbooks: QuickBooks, office: Client
) -> None:
    def queries(records: int) -> int:
        refuse(quickbooks, "Customer", records)
        run = copied(mapped, *(ClientFactory() for _ in range(records)))
        office.get(run.get_absolute_url())
        with CaptureQueriesContext(database) as captured:
            office.get(run.get_absolute_url())
        return len(captured)

    assert queries(30) == queries(1)
