"""“Accept all exact”: what is exact and can be nothing else is linked in one go, and all else waits as before."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from associates.models import Associate
from clients.models import Client
from qbo_sync import directory
from qbo_sync.models import Attempt, Connection, Kind, Link, Run, Step
from qbo_sync.models.states import AttemptState, RunState, StepState
from qbo_sync.push import accepting, waiting
from qbo_sync.push.accepting import Accepted, accept, acceptable
from qbo_sync.push.candidates import candidates
from qbo_sync.push.choices import ASK
from tests.factories import AssociateFactory, ClientFactory, HourEntryFactory, OrganizationFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def connection(owner: Associate) -> Connection:
    return Connection.objects.create(
        environment="simulator", realm_id="4620816365000000001", company_name="Sandbox Company",
        state=Connection.State.CONNECTED, is_active=True, connected_by=owner, connected_at=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def customers(connection: Connection) -> Callable[..., None]:
    """Put customers into the directory, by name or as QuickBooks' rows; their ids are counted from 1."""

    def remember(*rows: Any, entity: str = "Customer") -> None:
        given = [{"DisplayName": row} if isinstance(row, str) else row for row in rows]
        directory.remember(
            connection, entity, [{"Id": str(n), "SyncToken": "0"} | row for n, row in enumerate(given, 1)]
        )

    return remember


def finished(connection: Connection, owner: Associate, *records: Any, state: str = StepState.NEEDS_CHOICE) -> Run:
    """A finished copy of these records, all of which need a choice."""
    run = Run.objects.create(
        connection=connection, type=Run.Type.PUSH, title="QBO Add All", state=RunState.DONE, asked_by=owner,
        created_at=timezone.now(), started_at=timezone.now(), finished_at=timezone.now(), size=len(records),
    )  # fmt: skip
    entities = {Kind.CLIENT: "Customer", Kind.ORGANIZATION: "Vendor", Kind.ASSOCIATE: "Employee"}
    for position, record in enumerate(records):
        kind = Kind.of(record)
        Step.objects.create(
            run=run, position=position, kind=kind, record_id=record.pk, entity=entities[kind], label=str(record),
            version_seen=record.version, state=state, message=ASK, mend="match",
        )  # fmt: skip
    return run


def states(run: Run) -> dict[str, str]:
    return dict(run.steps.values_list("label", "state"))


def pairs(connection: Connection) -> list[str]:
    return [each.pair for each in acceptable(connection)]


def shown(connection: Connection, run: Run | None = None) -> list[tuple[str, str, str, int, str]]:
    """Record, likeliest match, how sure, how many more, and what hinders its acceptance, as the list shows them."""
    return [
        (
            each.step.label,
            each.best.record.qbo_id if each.best else "",
            each.best.candidate.how_sure if each.best else "",
            each.others,
            each.hindrance,
        )
        for each in waiting.waiting_records(connection, run)
    ]


def test_the_list_is_in_order_of_how_sure(
    connection: Connection, owner: Associate, customers: Callable[..., None]
) -> None:
    customers(
        "Zoe Young", "Whitfield, Bob", {"DisplayName": "Ann Lee", "PrimaryPhone": {"FreeFormNumber": "6085550101"}}
    )
    run = finished(
        connection, owner, ClientFactory(name="Robert Whitfield"), ClientFactory(name="Nobody There"),
        ClientFactory(name="Max Lee", phone="(608) 555-0101"), ClientFactory(name="Zoe Young"),
    )  # fmt: skip

    assert (
        shown(connection)
        == shown(connection, run)
        == [
            ("Zoe Young", "1", "exact", 0, ""),
            ("Robert Whitfield", "2", "likely", 0, ""),
            ("Max Lee", "3", "possible", 0, ""),
            ("Nobody There", "", "", 0, ""),
        ]
    )


def test_all_exact_are_linked_in_one_go_and_nothing_else(
    connection: Connection, owner: Associate, customers: Callable[..., None]
) -> None:
    customers("Zoe Young", "Ann Lee", "Whitfield, Bob")
    zoe, ann, robert = (ClientFactory(name=name) for name in ("Zoe Young", "Ann Lee", "Robert Whitfield"))
    run = finished(connection, owner, zoe, ann, robert)
    before = timezone.now()

    assert accept(connection, pairs(connection), actor=owner) == Accepted(linked=2)

    assert states(run) == {"Zoe Young": "linked", "Ann Lee": "linked", "Robert Whitfield": "needs_choice"}
    made = {link.record_id: link for link in Link.objects.all()}
    assert {pk: (link.entity, link.qbo_id, link.origin, link.linked_by) for pk, link in made.items()} == {
        zoe.pk: ("Customer", "1", "matched", owner), ann.pk: ("Customer", "2", "matched", owner),
    }  # fmt: skip
    assert all(link.source_hash and link.source_version == 1 and link.linked_at >= before for link in made.values())
    assert (run.attempts.count(), shown(connection)) == (0, [("Robert Whitfield", "3", "likely", 0, "")])


def test_what_waited_for_them_goes_on(connection: Connection, owner: Associate, customers: Callable[..., None]) -> None:
    customers("Zoe Young", "Whitfield, Bob")
    entry = HourEntryFactory(job__client__name="Zoe Young")
    run = finished(connection, owner, entry.job.client, ClientFactory(name="Robert Whitfield"))
    for position, needs in ((2, [0]), (3, [1])):
        Step.objects.create(
            run=run, position=position, kind="hour_entry", record_id=entry.pk + position, label=f"hours {position}",
            version_seen=1, needs=needs, state=StepState.BLOCKED,
        )  # fmt: skip

    accept(connection, pairs(connection), actor=owner)

    run.refresh_from_db()
    assert (run.state, run.finished_at) == (RunState.QUEUED, None)
    assert states(run) == {
        "Zoe Young": "linked", "Robert Whitfield": "needs_choice", "hours 2": "ready", "hours 3": "blocked",
    }  # fmt: skip


def test_the_same_record_in_two_copies_is_shown_once_and_settled_in_both(
    connection: Connection, owner: Associate, customers: Callable[..., None]
) -> None:
    customers("Zoe Young")
    zoe = ClientFactory(name="Zoe Young")
    first, second = finished(connection, owner, zoe), finished(connection, owner, zoe)
    assert [each.step.run for each in waiting.waiting_records(connection)] == [second]
    assert [each.step.run for each in waiting.waiting_records(connection, first)] == [first]
    assert waiting.count(connection) == 1

    assert accept(connection, pairs(connection), actor=owner) == Accepted(linked=1)

    assert (states(first), states(second)) == ({"Zoe Young": "linked"}, {"Zoe Young": "linked"})


def refused_of(connection: Connection, owner: Associate, customers: Callable[..., None], case: str) -> tuple[str, str]:
    """One exact match that must not be accepted together with others: its record's name, and why not."""
    if case == "two of ours, one there":
        customers({"DisplayName": "Zoe Young", "PrimaryEmailAddr": {"Address": "zoe@example.com"}})
        ours = [ClientFactory(name=name, email="zoe@example.com") for name in ("Zoe Young", "ZOE  YOUNG.")]
        finished(connection, owner, *ours)
        return "Zoe Young", waiting.TWO_HERE
    if case == "one of ours, two there":
        customers(
            {"DisplayName": "Young, Zoe", "PrimaryEmailAddr": {"Address": "zoe@example.com"}},
            {"DisplayName": "Zoe Young", "PrimaryEmailAddr": {"Address": "zoe@example.com"}},
        )
        finished(connection, owner, ClientFactory(name="Zoe Young", email="zoe@example.com"))
        return "Zoe Young", waiting.TWO_THERE
    customers("Zoe Young")
    zoe = ClientFactory(name="Zoe Young")
    run = finished(connection, owner, zoe)
    if case == "a namesake here whom nobody has asked about":
        ClientFactory(name="zoe young", stage=Client.Stage.INQUIRY)
        return "Zoe Young", waiting.NAMESAKE
    attempt = Attempt.objects.create(
        run=run, request_id="1", body="{}", state=AttemptState.SETTLED, lease_number=1, sent_at=timezone.now()
    )
    run.steps.update(attempt=attempt)
    return "Zoe Young", waiting.LOST


@pytest.mark.parametrize(
    "case",
    ["two of ours, one there", "one of ours, two there", "a namesake here whom nobody has asked about", "lost answer"],
)
def test_what_could_be_another_is_not_accepted_with_others(
    case: str, connection: Connection, owner: Associate, customers: Callable[..., None]
) -> None:
    label, hindrance = refused_of(connection, owner, customers, case)

    assert (label, "1", "exact", hindrance) in [(*each[:3], each[4]) for each in shown(connection)]
    assert pairs(connection) == []
    everything = [each.pair for each in waiting.waiting_records(connection)]
    assert accept(connection, everything, actor=owner) == Accepted(left=len(everything))
    assert not Link.objects.exists()


def test_a_namesake_that_is_linked_already_hinders_nothing(
    connection: Connection, owner: Associate, customers: Callable[..., None]
) -> None:
    customers("Zoe Young", "Zoe Young (2)")
    older = ClientFactory(name="Zoe Young")
    Link.objects.create(
        connection=connection, client=older, entity="Customer", qbo_id="2", origin="imported", linked_by=owner,
        linked_at=timezone.now(),
    )  # fmt: skip
    finished(connection, owner, ClientFactory(name="Zoe Young"))

    assert shown(connection) == [("Zoe Young", "1", "exact", 0, "")]
    assert accept(connection, pairs(connection), actor=owner) == Accepted(linked=1)


@pytest.mark.parametrize("change", ["answered", "renamed there", "ruled out", "linked elsewhere", "never shown"])
def test_what_changed_since_it_was_shown_is_left(
    change: str, connection: Connection, owner: Associate, customers: Callable[..., None]
) -> None:
    customers("Zoe Young", "Ann Lee")
    zoe, ann = ClientFactory(name="Zoe Young"), ClientFactory(name="Ann Lee")
    run = finished(connection, owner, zoe, ann)
    seen = pairs(connection)
    if change == "answered":
        run.steps.filter(record_id=zoe.pk).update(state=StepState.LEFT_OUT)
    elif change == "renamed there":
        customers("Zoe Old")
    elif change == "ruled out":
        from qbo_sync.push.ruling_out import never

        step = run.steps.select_related("run__connection").get(record_id=zoe.pk)
        assert never(step, entity="Customer", qbo_id="1", actor=owner) == ""
    elif change == "linked elsewhere":
        Link.objects.create(
            connection=connection, client=ClientFactory(), entity="Customer", qbo_id="1", origin="imported",
            linked_by=owner, linked_at=timezone.now(),
        )  # fmt: skip
    else:
        seen = [pair.replace(":1", ":3") if pair.endswith(":1") else pair for pair in seen]

    assert accept(connection, seen, actor=owner) == Accepted(linked=1, left=1)

    assert list(Link.objects.filter(origin="matched").values_list("client", flat=True)) == [ann.pk]


def test_linked_by_another_at_the_same_moment_nothing_is_linked(
    connection: Connection, owner: Associate, customers: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    customers("Zoe Young", "Ann Lee")
    run = finished(connection, owner, ClientFactory(name="Zoe Young"), ClientFactory(name="Ann Lee"))
    at_once = accepting._links

    def somebody_else(*arguments: Any) -> Any:
        Link.objects.create(
            connection=connection, client=ClientFactory(), entity="Customer", qbo_id="1", origin="imported",
            linked_by=owner, linked_at=timezone.now(),
        )  # fmt: skip
        return at_once(*arguments)

    monkeypatch.setattr(accepting, "_links", somebody_else)  # the moment between looking and writing

    assert accept(connection, pairs(connection), actor=owner) == Accepted(problem=accepting.SAME_MOMENT)
    assert (Link.objects.filter(origin="matched").count(), set(states(run).values())) == (0, {"needs_choice"})


def test_all_kinds_are_accepted(connection: Connection, owner: Associate, customers: Callable[..., None]) -> None:
    customers("Zoe Young")
    customers("Clearpath LLC", entity="Vendor")
    customers({"DisplayName": "Emily Platt", "GivenName": "Emily", "FamilyName": "Platt"}, entity="Employee")
    run = finished(
        connection, owner, ClientFactory(name="Zoe Young"), OrganizationFactory(name="Clearpath LLC"),
        AssociateFactory(first_name="Emily", last_name="Platt"),
    )  # fmt: skip

    assert accept(connection, pairs(connection), actor=owner) == Accepted(linked=3)

    assert set(Link.objects.values_list("entity", "qbo_id")) == {("Customer", "1"), ("Vendor", "1"), ("Employee", "1")}
    assert set(states(run).values()) == {"linked"}


def test_the_queries_do_not_grow_with_the_records(
    connection: Connection, owner: Associate, customers: Callable[..., None]
) -> None:
    names = [
        f"{first} {last}"
        for first in ("Zoe", "Ann", "Max", "Ivy", "Ned")
        for last in ("Abel", "Baker", "Cole", "Dorn", "Ebers", "Frost")
    ]
    customers(*names)
    counts = []
    for chosen in (names[:1], names[1:]):
        finished(connection, owner, *(ClientFactory(name=name) for name in chosen))
        with CaptureQueriesContext(
            database,
        ) as looked:
            seen = pairs(connection)
        with CaptureQueriesContext(database) as linked:
            assert accept(connection, seen, actor=owner) == Accepted(linked=len(chosen))
        counts.append((len(looked), len(linked)))
    assert counts[0] == counts[1]


def test_what_an_import_links_is_no_question_any_more(
    connection: Connection, owner: Associate, customers: Callable[..., None]
) -> None:
    from qbo_sync.push.blocking import let_linked_follow

    customers("Zoe Young")
    zoe = ClientFactory(name="Zoe Young")
    run = finished(connection, owner, zoe)
    Link.objects.create(
        connection=connection, client=zoe, entity="Customer", qbo_id="1", origin="imported", linked_by=owner,
        linked_at=timezone.now() - dt.timedelta(minutes=1),
    )  # fmt: skip
    assert shown(connection) == []

    let_linked_follow(connection)

    assert states(run) == {"Zoe Young": "linked"}
    assert candidates(run.steps.select_related("run__connection").get()) == []
