"""“QuickBooks Online Runs”: all of them, who asked and how they ended; found by type, state, person and day."""

import csv
import datetime as dt
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from associates.models import Associate
from qbo_sync.models import Connection, ImportList, Run, Step
from qbo_sync.models.states import RunState, StepState
from tests.factories import AssociateFactory

BEGAN = dt.datetime(2026, 3, 2, 15, 5, tzinfo=dt.UTC)  # 9:05 in the morning, in Chicago


@pytest.fixture
def connection(qbo_admin: Associate) -> Connection:
    return Connection.objects.create(
        environment="simulator", realm_id="1", state=Connection.State.RECONNECT, is_active=True, connected_by=qbo_admin
    )


def run_of(connection: Connection, title: str, *states: str, **values: Any) -> Run:
    values = {
        "type": Run.Type.PUSH,
        "asked_by": connection.connected_by,
        "created_at": BEGAN,
        "size": len(states),
        **values,
    }
    run = Run.objects.create(connection=connection, title=title, **values)
    Step.objects.bulk_create(
        Step(run=run, position=number, kind="client", record_id=number, version_seen=1, state=state)
        for number, state in enumerate(states, 1)
    )
    return run


@pytest.fixture
def three(connection: Connection) -> dict[str, Run]:
    """A copy that had trouble, an import of another person, and a plan."""
    states = [StepState.DONE] * 3 + [StepState.REFUSED, StepState.BLOCKED, StepState.LINKED]
    ended = {"state": RunState.DONE, "finished_at": BEGAN + dt.timedelta(hours=2)}
    counts = {"counts": {"new": 7, "left_alone": 2}, "rows": [{"a": "long report"}]}
    imported = {
        "type": Run.Type.IMPORT, "import_list": ImportList.CLIENTS, "asked_by": AssociateFactory(first_name="Ada"),
        "created_at": BEGAN + dt.timedelta(days=1), "size": 9, "progress": 9, "report": counts,
        "finished_at": BEGAN + dt.timedelta(days=1, minutes=1), "state": RunState.FAILED,
    }  # fmt: skip
    return {
        "copy": run_of(connection, "QBO Add All: Clients", *states, **ended),
        "import": run_of(connection, "Import Clients", **imported),
        "plan": run_of(connection, "Add QBO: Zoe Young", StepState.READY, created_at=BEGAN + dt.timedelta(days=2)),
    }


def as_csv(office: Client, query: str = "") -> list[list[str]]:
    answer = office.get(f"{reverse('qbo:runs')}?export=csv{query}")
    return list(csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))


def test_who_when_and_how_it_ended(office: Client, three: dict[str, Run]) -> None:
    ada = str(three["import"].asked_by)

    assert as_csv(office) == [
        ["What", "Type", "Who", "When", "State", "Records", "Done", "Not done", "Ended"],
        ["Add QBO: Zoe Young", "Copy to QuickBooks", "Olivia Owner", "2026-03-04 09:05", "Expired", "1", "0", "0", ""],
        ["Import Clients", "Import from QuickBooks", ada, "2026-03-03 09:05", "Stopped", "9", "9", "2",
         "2026-03-03 09:06"],
        ["QBO Add All: Clients", "Copy to QuickBooks", "Olivia Owner", "2026-03-02 09:05", "Finished", "6", "3", "2",
         "2026-03-02 11:05"],
    ]  # fmt: skip


def test_a_plan_is_planned_until_it_expires(office: Client, connection: Connection) -> None:
    run_of(connection, "Add QBO: Zoe Young", StepState.READY, created_at=timezone.now())

    assert '<span class="pill pill-neutral">Planned</span>' in office.get(reverse("qbo:runs")).content.decode()
    assert as_csv(office)[1][4] == "Planned"


def test_without_any_it_says_how_to_begin(office: Client) -> None:
    assert (
        "Nothing has been copied or imported yet. Press “Add QBO”" in office.get(reverse("qbo:runs")).content.decode()
    )


def test_each_leads_to_its_page(office: Client, three: dict[str, Run]) -> None:
    page = office.get(reverse("qbo:runs")).content.decode()

    for run in three.values():
        assert f'<a href="{run.get_absolute_url()}">{run.title}</a>' in page
    assert "Mar 2, 2026, 11:05 a.m." in page
    assert '<span class="pill pill-bad">Stopped</span>' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("&type=import", ["import"]),
        ("&type=reverse", []),
        ("&state=done", ["copy"]),
        ("&state=planned&type=push", ["plan"]),
        ("&q=clients", ["import", "copy"]),
        ("&q=zoe+qbo", ["plan"]),
        ("&date_from=2026-03-03", ["plan", "import"]),
        ("&date_to=2026-03-02", ["copy"]),
        ("&state=nonsense", []),
        ("", ["plan", "import", "copy"]),
    ],
)
def test_the_filters(office: Client, three: dict[str, Run], query: str, found: list[str]) -> None:
    assert [row[0] for row in as_csv(office, query)[1:]] == [three[name].title for name in found]


def test_by_person_out_of_those_who_ever_asked(office: Client, qbo_admin: Associate, three: dict[str, Run]) -> None:
    AssociateFactory(first_name="Nobody", qbo_admin=True)
    page = office.get(reverse("qbo:runs"))

    offered = {person.pk for person in page.context["filterset"].form.fields["asked_by"].queryset}
    assert offered == {qbo_admin.pk, three["import"].asked_by_id}
    assert [row[0] for row in as_csv(office, f"&asked_by={three['import'].asked_by_id}")[1:]] == ["Import Clients"]


def queries(office: Client, query: str = "") -> int:
    with CaptureQueriesContext(database) as captured:
        answer = office.get(reverse("qbo:runs") + query)
        assert answer.status_code == 200
        if answer.streaming:
            list(answer.streaming_content)
    return len(captured)


@pytest.mark.parametrize("query", ["", "?paging=off", "?export=csv"])
def test_the_queries_do_not_grow_with_the_runs(
    office: Client, connection: Connection, three: dict[str, Run], query: str
) -> None:
    queries(office, query)  # the session's first
    few = queries(office, query)
    for number in range(30):
        person = AssociateFactory()
        run_of(connection, f"Add QBO: {number}", StepState.DONE, StepState.REFUSED, asked_by=person)

    assert queries(office, query) == few


def test_the_list_goes_on_page_by_page(office: Client, connection: Connection) -> None:
    for number in range(26):
        run_of(connection, f"Add QBO: {number}")

    shown = [
        [row.record.title for row in office.get(reverse("qbo:runs"), {"page": page}).context["table"].paginated_rows]
        for page in (1, 2)
    ]

    assert shown == [[f"Add QBO: {number}" for number in range(25, 0, -1)], ["Add QBO: 0"]]
