"""`manage.py qbo_push`: the way of “QBO Add All” from a terminal, with and without a worker."""

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from associates.models import Associate
from qbo_sync.access import NOT_A_QBO_ADMIN, SWITCHED_OFF
from qbo_sync.management import watching
from qbo_sync.management.commands.qbo_push import NOBODY_TO_ASK, NOT_CONNECTED
from qbo_sync.models import Connection, Link, Mapping, Purpose, Run
from qbo_sync.models.states import RunState
from qbo_sync.runs import moves
from qbo_sync.runs.lease import claim
from smmware.core.models import Company
from smmware.core.permissions import Level
from tests.factories import AssociateFactory, ClientFactory, HourEntryFactory
from tests.quickbooks import QuickBooks, connected
from tests.unit.qbo_sync.push.conftest import at_the_wire, batches, invoice_for_hours, states


@pytest.fixture(autouse=True)
def _quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker is there unless a test asks for one, and nothing has to be waited for."""
    settings.QBO_SETTLE_SECONDS = settings.QBO_RETRY_SECONDS = settings.QBO_SWEEP_SECONDS = 0
    settings.QBO_REQUESTS_PER_MINUTE = settings.QBO_REQUESTS_PER_SECOND = settings.QBO_BATCHES_PER_MINUTE = 100_000
    settings.SITE_URL = "https://office.example.com"
    monkeypatch.setattr(watching, "ANSWER_SECONDS", 0)
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0)


def push(*arguments: str, who: str = "olivia") -> tuple[int, list[str]]:
    """The exit code, and the lines that were written."""
    out = io.StringIO()
    try:
        call_command("qbo_push", *arguments, f"--as={who}", stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def refused(*arguments: str, who: str = "olivia") -> str:
    with pytest.raises(CommandError) as caught:
        push(*arguments, who=who)
    assert caught.value.returncode == 1
    return str(caught.value)


def page(run: Run) -> str:
    return f"https://office.example.com/quickbooks/runs/{run.pk}/"


# Who may, and what


def test_switched_off_there_is_nothing_to_push(mapped: Connection) -> None:
    Company.objects.update(integration=Company.Integration.NO)

    assert refused("clients") == SWITCHED_OFF


@pytest.mark.parametrize(
    "profile", [{"qbo_admin": False}, {"is_active": False}], ids=["no QBO Admin", "not active any more"]
)
def test_who_asks_is_a_qbo_admin(mapped: Connection, profile: dict[str, bool]) -> None:
    ada = AssociateFactory(username="ada", level=Level.COMPANY_OWNER, **{"qbo_admin": True, **profile})

    assert refused("clients", who="ada") == f"{ada} may not copy. {NOT_A_QBO_ADMIN}"
    assert refused("clients", who="bob") == "Nobody signs in as “bob”."
    assert Run.objects.count() == 0


def test_a_listing_that_they_may_not_open_they_may_not_push(mapped: Connection) -> None:
    AssociateFactory(username="ben", level=Level.BASIC_USER, qbo_admin=True)

    assert refused("invoices", who="ben") == "You may not open Invoice Manager."


@pytest.mark.parametrize("state", ["none", Connection.State.RECONNECT])
def test_without_a_connection_there_is_no_plan(quickbooks: QuickBooks, qbo_admin: Associate, state: str) -> None:
    if state != "none":
        connected(quickbooks, qbo_admin)
        Connection.objects.update(state=state)

    assert (refused("clients"), Run.objects.count()) == (NOT_CONNECTED, 0)


@pytest.mark.parametrize("key", ["contacts", "runs", "client", ""])
def test_what_is_not_copied_is_refused_with_what_is(mapped: Connection, key: str) -> None:
    assert refused(key) == (
        f"“{key}” is no listing of records that are copied. Choose one of: associates, clients, expenses, hours, "
        "inquiries, invoices, jobs, mileage, organizations."
    )


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("colour=red", "Organization Manager has no filter “colour”. Its filters are: "),
        ("q=", "Organization Manager needs --filter q=VALUE. Its filters are: "),
        ("q", "Organization Manager needs --filter q=VALUE. Its filters are: "),
        ("qbo=maybe", "The filters of Organization Manager could not be read. qbo: Select a valid choice."),
    ],
)
def test_a_filter_that_is_none_or_cannot_be_read_copies_nothing(mapped: Connection, given: str, wrong: str) -> None:
    said = refused("organizations", "--filter", given)

    assert said.startswith(wrong)
    assert (", qbo" in said or "qbo:" in said, Run.objects.count()) == (True, 0)


# The plan


def test_a_dry_run_shows_sums_and_what_is_in_the_way_and_sends_nothing(
    mapped: Connection, quickbooks: QuickBooks
) -> None:
    Mapping.objects.filter(purpose=Purpose.HOURS_ITEM).delete()
    invoice = invoice_for_hours(HourEntryFactory(minutes=450), number="7")

    code, lines = push("invoices", "--dry-run")

    run = Run.objects.get()
    missing = "“Item for hours” is not chosen yet in the QuickBooks settings."
    assert (code, lines) == (
        3,
        [
            "            Records  Brought along  To be copied  In the way  Hours  Amount",
            "Clients           1              1             1           –      –       –",
            "Associates        1              1             1           –      –       –",
            "Hours             1              1             –           1      –       –",
            "Invoices          1              –             –           1      –       –",
            "",
            f"2 records, 7.50 hours, $97.50: No item or account is chosen. {missing}",
            "",
            f"Nothing was sent. Until it expires, the plan can be carried out at {page(run)}",
        ],
    )
    assert (run.state, run.title, run.asked_by.username) == ("planned", "QBO Add All: Invoice Manager", "olivia")
    assert (batches(quickbooks), invoice.qbo_links.count()) == ([], 0)


def test_a_dry_run_of_what_may_go_ends_well(mapped: Connection) -> None:
    ClientFactory()

    assert push("clients", "--dry-run")[0] == 0


def test_the_filters_are_those_of_the_listing(mapped: Connection) -> None:
    chosen = ClientFactory(name="Zoe Young")
    for name in ("Zoe Old", "Zack Young"):
        ClientFactory(name=name)

    push("clients", "--filter", "q=Zoe Young", "--filter", "qbo=not_there", "--dry-run")

    assert list(Run.objects.get().steps.values_list("record_id", flat=True)) == [chosen.pk]


def test_of_nothing_there_is_nothing_to_copy(mapped: Connection) -> None:
    assert push("clients", "--filter", "q=nobody", "--yes") == (
        0,
        ["There is no such record.", "", "There is nothing to copy."],
    )
    assert Run.objects.get().state == RunState.CANCELLED


def test_where_nobody_can_be_asked_it_must_be_told(mapped: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    ClientFactory()

    assert (refused("clients"), Run.objects.get().state) == (NOBODY_TO_ASK, RunState.CANCELLED)


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "code", "state"), [("y", 0, "done"), ("", 4, "cancelled"), ("no", 4, "cancelled")])
def test_a_person_is_asked_first(
    mapped: Connection, worker: None, monkeypatch: pytest.MonkeyPatch, answer: str, code: int, state: str
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(f"{answer}\n"))
    ClientFactory()

    assert (push("clients")[0], Run.objects.get().state) == (code, state)


# The copy


@pytest.mark.parametrize("by_a_worker", [True, False], ids=["a worker", "no worker"])
def test_it_is_copied_by_a_worker_and_where_there_is_none_here(
    mapped: Connection, quickbooks: QuickBooks, request: pytest.FixtureRequest, by_a_worker: bool
) -> None:
    if by_a_worker:
        request.getfixturevalue("worker")
    for name in ("Zoe Young", "Zack Old"):
        ClientFactory(name=name)

    code, lines = push("clients", "--yes")

    run = Run.objects.get()
    assert (code, run.state, states(run)) == (0, RunState.DONE, {"Zoe Young": "done", "Zack Old": "done"})
    assert lines[-6:] == [
        "",
        "Finished.",
        "         Records  Brought along  Copied  Hours  Amount",
        "Clients        2              –       2      –       –",
        "",
        page(run),
    ]
    assert "Finished. 2 of 2 records." in lines
    assert batches(quickbooks) == [["Customer", "Customer"]]


def test_what_is_there_already_is_no_reason_to_complain(mapped: Connection, worker: None) -> None:
    ClientFactory()
    assert push("clients", "--yes")[0] == 0

    code, lines = push("clients", "--yes")

    assert (code, lines[-1], Link.objects.count()) == (0, "There is nothing to copy.", 1)


def test_what_did_not_arrive_is_told_by_cause(mapped: Connection, quickbooks: QuickBooks, worker: None) -> None:
    quickbooks.behave(rules=[{"match": {"operation": "create"}, "then": {"fault": "6210"}, "times": None}])
    ClientFactory()

    code, lines = push("clients", "--yes")

    assert (code, Run.objects.get().state) == (3, RunState.DONE)
    assert "1 record: The books at QuickBooks are closed for this date." in "\n".join(lines)


@pytest.mark.parametrize(
    ("move", "words"), [(moves.pause, "Paused."), (moves.cancel, "Cancelled. When it was cancelled, ")]
)
def test_steered_by_somebody_else_meanwhile_it_says_so(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch, move: Any, words: str
) -> None:
    at_the_wire(quickbooks, monkeypatch, lambda: move(Run.objects.get()))
    for _ in range(31):
        ClientFactory()

    code, lines = push("clients", "--yes")

    assert code == 4
    assert any(line.startswith(words) for line in lines)


def test_what_only_a_person_can_mend_stops_it(mapped: Connection, quickbooks: QuickBooks, worker: None) -> None:
    fault = {"code": "6190", "message": "message=Words", "status": 403}
    quickbooks.behave(rules=[{"match": {"operation": "query"}, "then": {"fault": fault}, "times": None}])
    ClientFactory()

    code, lines = push("clients", "--yes")

    assert code == 4
    assert any(line.startswith("Stopped. The QuickBooks subscription has ended") for line in lines)


def test_an_authorization_that_is_lost_is_not_waited_for(mapped: Connection, quickbooks: QuickBooks) -> None:
    quickbooks.behave(rules=[{"match": {"path": "/v3/"}, "then": {"status": 401}, "times": None}])
    ClientFactory()

    code, lines = push("clients", "--yes")

    assert (code, Run.objects.get().state) == (4, RunState.QUEUED)
    assert any(line.startswith("Waiting for its turn. QuickBooks no longer accepts") for line in lines)


def test_while_a_worker_holds_the_lease_it_only_watches(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody is at it: what ends the watching here is that they finish."""
    ClientFactory()
    held = claim(mapped.pk)
    assert held is not None
    looks: list[int] = []

    def finish_after_three(seconds: float) -> None:
        looks.append(1)
        if len(looks) == 3:
            Run.objects.update(state=RunState.DONE)

    monkeypatch.setattr(watching.time, "sleep", finish_after_three)

    assert (push("clients", "--yes")[0], len(looks), batches(quickbooks)) == (0, 3, [])


def test_ctrl_c_leaves_the_run_going(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of a batch: what was sent is recorded, the rest waits for a worker."""
    interrupted: list[int] = []
    refresh = Run.refresh_from_db

    def press(run: Run, *args: Any, **values: Any) -> None:
        if not interrupted and run.steps.filter(state="done").exists():
            interrupted.append(1)
            raise KeyboardInterrupt
        refresh(run, *args, **values)

    monkeypatch.setattr(Run, "refresh_from_db", press)
    for _ in range(3):
        ClientFactory()
    monkeypatch.setattr(watching, "SERVE_SECONDS", 0.0)

    code, lines = push("clients", "--yes")

    run = Run.objects.get()
    assert (code, lines[-1]) == (
        130,
        f"The run goes on without you, as soon as a worker is there. Watch it, or stop it, at {page(run)}",
    )
    assert not Link.objects.filter(qbo_id=None).exists()
    mapped.refresh_from_db()
    assert mapped.lease_until is None
