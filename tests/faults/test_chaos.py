"""The chaos test itself: a short one, and that it would find what it looks for."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qbo_sync.models import Link, Run, Step
from tests.database import migrated_database
from tests.environment import ON_SERVICES
from tests.faults.chaos.audit import Audit
from tests.faults.chaos.company import COPIED
from tests.faults.office import Office

ROOT = Path(__file__).resolve().parents[2]


def test_a_few_workers_killed_and_frozen(django_db_modify_db_settings: None) -> None:
    """`make chaos` and `make chaos-import`, short: on the database and broker that the tests run on."""
    pair = "services" if ON_SERVICES else "embedded"
    options = ["--kills=3", "--seed=7", f"--on={pair}", f"--migrated={migrated_database()}"]
    command = [sys.executable, "-m", "tests.faults.chaos", *options, "--of", "copies", "imports"]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.startswith("SEED=7 on ")


def counted(office: Office, run: Run) -> dict[str, int]:
    """What the comparison finds, without what it does not."""
    rows = {entity: {row["Id"]: row for row in office.quickbooks.query(f"select * from {entity}")} for entity in COPIED}
    findings = Audit(office.connection, rows, [run]).findings()
    return {name: count for name, count in findings.counts().items() if count}


def the_hours(office: Office) -> dict[str, Any]:
    [row] = office.quickbooks.query("select * from TimeActivity")
    return row


def lose_the_invoice(office: Office) -> None:
    [row] = office.quickbooks.query("select * from Invoice")
    office.quickbooks.delete("Invoice", row["Id"])


def double_the_hours(office: Office) -> None:
    own = ("Id", "SyncToken", "MetaData", "domain", "sparse", "BillableStatus")
    row = {name: value for name, value in the_hours(office).items() if name not in own}
    office.quickbooks.create("TimeActivity", **row, BillableStatus="Billable")


def make_a_stranger(office: Office) -> None:
    office.quickbooks.create("Customer", DisplayName="Somebody Else")


def leave_a_step_unknown(office: Office) -> None:
    Step.objects.filter(kind="invoice").update(state="unknown")


def swap_two_links(office: Office) -> None:
    first, second = Link.objects.filter(entity="Purchase")
    ids = first.qbo_id, second.qbo_id
    Link.objects.filter(pk=first.pk).update(qbo_id="0")
    Link.objects.filter(pk=second.pk).update(qbo_id=ids[0])
    Link.objects.filter(pk=first.pk).update(qbo_id=ids[1])


@pytest.mark.parametrize(
    ("happens", "found"),
    [
        (lambda office: None, {}),
        (lose_the_invoice, {"lost": 1, "wrong": 2}),  # its link leads nowhere, and its hours are billable again
        (double_the_hours, {"doubled": 1, "unexpected": 1}),  # no link knows of the second
        (make_a_stranger, {"unexpected": 2}),
        (leave_a_step_unknown, {"unknown": 1}),
        (swap_two_links, {"wrong": 2}),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_what_is_wrong_is_found(office: Office, happens: Callable[[Office], None], found: dict[str, int]) -> None:
    run = office.copy(office.invoice())

    happens(office)

    assert counted(office, run) == found
