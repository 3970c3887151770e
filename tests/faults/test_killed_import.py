"""An import killed at its commits, while it reads, plans and applies: it ends as an undisturbed one does.

An undisturbed import comes first and says how many commits there are; the others die at every few of them, just before
or just after. `KILLED_IMPORTS=all` dies at each.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from clients.models import Address, Client, Job
from qbo_sync import serve as serving
from qbo_sync.models import Connection, ImportList, ImportRow, LeftOut, Link, NameRecord, Run
from qbo_sync.models.states import RunState
from qbo_sync.pull import choosing, importing
from qbo_sync.pull.begin import begin_import
from qbo_sync.runs import moves
from qbo_sync.serve import serve
from smmware.core.models import Change
from tests.factories import ClientFactory
from tests.faults.test_killed_engine import Killed, Killer, Moment
from tests.quickbooks import QuickBooks

pytestmark = [pytest.mark.sandbox, pytest.mark.usefixtures("no_waiting")]
DEATHS = 7  # of each moment; each is a whole import
RINGS = 12
PAGE = 9  # rows: the sample company's customers are four pages


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = importing.run_import
    monkeypatch.setattr(serving, "run_import", lambda *args, **more: whole(*args, **more, page_size=PAGE))


def office() -> None:
    """Two that are in both books, one of them under another name."""
    ClientFactory(name="Amy's Bird Sanctuary")
    ClientFactory(name="Rodriguez, Diego")


def emptied(quickbooks: QuickBooks) -> None:
    for model in (Link, LeftOut, ImportRow, Run, Job, Address, Client, NameRecord, Change):
        model.objects.all().delete()
    quickbooks.behave()


def answered(run: Run) -> None:
    """What a person says to the plan: sub-customers come in, one is left out, the likely one is somebody else."""
    assert choosing.take_in(run, jobs=True, inactive=False)
    rows = {row.name: row.pk for row in run.rows.all()}
    given = {rows["Diego Rodriguez"]: "new:client", rows["Cool Cars"]: "leave_out"}
    assert choosing.choose(run, given) == []


def lived_through(run: Run, killer: Killer, until: RunState) -> None:
    """Ring until the run has come so far; whoever is killed has a successor once the lease has run out."""
    for _ in range(RINGS):
        try:
            if killer.dead:
                serve(run.connection_id)
            else:
                with killer.watching():
                    serve(run.connection_id)
        except Killed:
            connections.close_all()
            Connection.objects.filter(pk=run.connection_id).update(lease_until=None)
        run.refresh_from_db()
        if run.state == until:
            return
    raise AssertionError(f"The import never came to be {until}: {run.state}, {run.message}")


def imported(connection: Connection, killer: Killer) -> dict[str, Any]:
    """An import from the button to its end, and what is there afterwards."""
    office()
    assert connection.connected_by is not None
    run = begin_import(connection, ImportList.CLIENTS, actor=connection.connected_by, now=timezone.now())
    lived_through(run, killer, RunState.PLANNED)
    answered(run)
    assert moves.queue(run)
    lived_through(run, killer, RunState.DONE)
    return {
        "run": (run.size, run.progress, run.report),
        "rows": sorted(run.rows.values_list("qbo_id", "name", "outcome", "answer", "is_open", "note").exclude(
            answer__startswith="link:"
        )),
        "clients": sorted(Client.objects.values_list("name", "email", "phone", "stage", "version")),
        "addresses": sorted(Address.objects.values_list("client__name", "line1", "city")),
        "jobs": sorted(Job.objects.values_list("client__name", "name")),
        "links": sorted(
            Link.objects.values_list("qbo_id", "client__name", "job__name", "origin", "source_version"), key=str
        ),
        "left out": list(LeftOut.objects.values_list("qbo_id", flat=True)),
        "history": Change.objects.filter(content_type__app_label="clients").count(),
    }  # fmt: skip


@pytest.mark.sandbox
@pytest.mark.parametrize("moment", ["after", "before"])
def test_a_killed_import_ends_as_an_undisturbed_one(
    mapped: Connection, quickbooks: QuickBooks, moment: Moment, record_property: Callable[[str, object], None]
) -> None:
    undisturbed = Killer(1_000_000, moment)
    expected = imported(mapped, undisturbed)
    commits = 1_000_000 - undisturbed.left
    assert (expected["left out"], len(expected["jobs"]), commits > 20) == (["3"], 3, True)
    step = 1 if os.environ.get("KILLED_IMPORTS") == "all" else max(1, commits // DEATHS)
    moments, deaths = range(1, commits + 1, step), 0
    for at in moments:
        emptied(quickbooks)
        killer = Killer(at, moment)

        assert imported(mapped, killer) == expected, f"killed {moment} commit {at} of {commits}"

        deaths += killer.dead  # one more look at the lease while a page is waited for, or one less: the last may live
    assert deaths >= len(moments) - 2
    record_property("commits", commits)
