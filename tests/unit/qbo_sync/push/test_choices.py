"""Likely matches: asked for after “Next”, answered by a person, and only then copied or linked."""

from typing import Any

import pytest
from django.utils import timezone

from associates.models import Associate
from qbo_sync.models import Connection, Entity, Kind, Link, Run, Step
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push import choices, ruling_out
from qbo_sync.push.candidates import candidates
from qbo_sync.push.choices import ASK, NOT_OFFERED, SETTLED, TAKEN
from tests.factories import AssociateFactory, ClientFactory, HourEntryFactory, OrganizationFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import at_the_wire, batches, copied, queued, states, told, work

pytestmark = pytest.mark.sandbox


def offered(step: Step) -> list[tuple[str, str, str, bool, bool]]:
    """Entity, name, why, and whether it is sure and linkable, of each choice."""
    return [
        (each.candidate.entity, each.candidate.name, each.candidate.why, each.candidate.sure, each.candidate.linkable)
        for each in candidates(step)
    ]


def at_qbo(quickbooks: QuickBooks, entity: str, name: str) -> str:
    escaped = name.replace("'", "\\'")
    return quickbooks.query(f"select * from {entity} where DisplayName = '{escaped}'")[0]["Id"]


def only_step(run: Run, kind: Kind) -> Step:
    return run.steps.select_related("run__connection", "attempt").get(kind=kind)


def link(connection: Connection, step: Step, qbo_id: str, entity: str = "Customer") -> str:
    assert connection.connected_by is not None
    return choices.link(step, entity=entity, qbo_id=qbo_id, actor=connection.connected_by)


@pytest.mark.parametrize(
    ("make", "kind", "expected"),
    [
        (
            lambda: ClientFactory(name="Amy's Bird Sanctuary"),
            Kind.CLIENT,
            [("Customer", "Amy's Bird Sanctuary", "The same name", True, True)],
        ),
        (
            lambda: ClientFactory(name="AMYS  bird sanctuary, LLC"),
            Kind.CLIENT,
            [("Customer", "Amy's Bird Sanctuary", "The same name, written differently", False, True)],
        ),
        (
            lambda: OrganizationFactory(name="Clearpath Junk Removal"),
            Kind.ORGANIZATION,
            [("Vendor", "ClearPath Junk Removal LLC", "The same name, written differently", False, True)],
        ),
        (
            lambda: ClientFactory(name="Emily Platt"),
            Kind.CLIENT,
            [("Employee", "Emily Platt", "The same name, but an employee there, not a customer", False, False)],
        ),
        (
            lambda: AssociateFactory(first_name="Emily", last_name="Platt", kind=Associate.Kind.CONTRACTOR),
            Kind.ASSOCIATE,
            [("Employee", "Emily Platt", "The same name, but an employee there, not a vendor", False, False)],
        ),
    ],
)
def test_a_likely_match_waits_for_a_choice(
    mapped: Connection, quickbooks: QuickBooks, make: Any, kind: Kind, expected: list[Any]
) -> None:
    record = make()

    run = copied(mapped, record)

    assert (run.state, told(run)) == (RunState.DONE, {str(record): ("needs_choice", ASK, "match")})
    assert offered(only_step(run, kind)) == expected
    assert (batches(quickbooks), Link.objects.count()) == ([], 0)


def test_what_waits_for_a_choice_holds_up_what_depends_on_it_only(mapped: Connection) -> None:
    known = HourEntryFactory(job__client__name="Amy's Bird Sanctuary")
    new = HourEntryFactory(job__client__name="Zoe Young")

    run = copied(mapped, known, new)

    assert told(run) == {
        "Amy's Bird Sanctuary": ("needs_choice", ASK, "match"),
        "Zoe Young": ("done", "", ""),
        str(known.associate): ("done", "", ""),
        str(new.associate): ("done", "", ""),
        str(known): ("blocked", f"It waits for client “Amy's Bird Sanctuary”. {ASK}", ""),
        str(new): ("done", "", ""),
    }


def test_linked_by_a_person_the_run_goes_on_with_that_record(mapped: Connection, quickbooks: QuickBooks) -> None:
    entry = HourEntryFactory(job__client__name="Amy's Bird Sanctuary")
    run = copied(mapped, entry)
    amy = at_qbo(quickbooks, "Customer", "Amy's Bird Sanctuary")

    assert link(mapped, only_step(run, Kind.CLIENT), amy) == ""

    run.refresh_from_db()
    assert (run.state, run.finished_at) == (RunState.QUEUED, None)
    assert states(run) == {"Amy's Bird Sanctuary": "linked", str(entry.associate): "done", str(entry): "ready"}
    made = Link.objects.get(client=entry.job.client)
    assert (made.entity, made.qbo_id, made.origin, made.linked_by, made.attempt) == (
        Entity.CUSTOMER,
        amy,
        Link.Origin.MATCHED,
        mapped.connected_by,
        None,
    )

    work(mapped)

    run.refresh_from_db()
    assert (run.state, states(run)[str(entry)]) == (RunState.DONE, "done")
    assert batches(quickbooks) == [["Employee"], ["TimeActivity"]]
    [activity] = quickbooks.query("select * from TimeActivity")
    assert activity["CustomerRef"]["value"] == amy


def test_what_is_linked_in_one_run_is_no_question_in_another(mapped: Connection, quickbooks: QuickBooks) -> None:
    entry = HourEntryFactory(job__client__name="Amy's Bird Sanctuary")
    first, second = queued(mapped, entry), queued(mapped, entry)
    work(mapped)
    assert {states(run)["Amy's Bird Sanctuary"] for run in (first, second)} == {"needs_choice"}

    link(mapped, only_step(first, Kind.CLIENT), at_qbo(quickbooks, "Customer", "Amy's Bird Sanctuary"))

    assert states(second)["Amy's Bird Sanctuary"] == "linked"
    work(mapped)
    assert sorted([states(first)[str(entry)], states(second)[str(entry)]]) == ["done", "linked"]
    assert [run.state for run in Run.objects.all()] == [RunState.DONE, RunState.DONE]
    assert len(quickbooks.query("select * from TimeActivity")) == 1


def test_what_one_run_creates_is_no_question_in_another(mapped: Connection, quickbooks: QuickBooks) -> None:
    entry = HourEntryFactory(job__client__name="Amys Bird Sanctuary")
    first, second = queued(mapped, entry), queued(mapped, entry)
    work(mapped)

    choices.create_new(only_step(first, Kind.CLIENT))
    work(mapped)

    assert states(second)["Amys Bird Sanctuary"] == "linked"
    work(mapped)
    assert [run.state for run in Run.objects.all()] == [RunState.DONE, RunState.DONE]
    assert sorted([states(first)[str(entry)], states(second)[str(entry)]]) == ["done", "linked"]


def test_none_of_these_creates_a_new_one(mapped: Connection, quickbooks: QuickBooks) -> None:
    client = ClientFactory(name="Amys Bird Sanctuary LLC")
    run = copied(mapped, client)
    client.phone = "(608) 555-0101"
    client.save()

    assert choices.create_new(only_step(run, Kind.CLIENT)) == ""
    work(mapped)

    assert states(run) == {"Amys Bird Sanctuary LLC": "done"}
    [made] = quickbooks.query("select * from Customer where DisplayName = 'Amys Bird Sanctuary LLC'")
    assert made["PrimaryPhone"] == {"FreeFormNumber": "(608) 555-0101"}


SAME_LIST = (
    "QuickBooks already has a record of this name{}. If it is the same one, choose the matching record; otherwise "
    "change the name here."
)
OTHER_LIST = (
    "Another customer, vendor or employee at QuickBooks bears this name already{}. If it is the same person, choose "
    "the matching record; otherwise change the name here."
)


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("Amy's Bird Sanctuary", SAME_LIST.format(": customer “Amy's Bird Sanctuary”")),
        ("Emily Platt", OTHER_LIST.format(": employee “Emily Platt”")),
    ],
)
def test_a_new_one_of_the_very_same_name_is_refused_and_can_be_chosen_again(
    mapped: Connection, quickbooks: QuickBooks, name: str, refusal: str
) -> None:
    client = ClientFactory(name=name)
    run = copied(mapped, client)
    choices.create_new(only_step(run, Kind.CLIENT))

    work(mapped)

    step = only_step(run, Kind.CLIENT)
    assert (told(run), step.fault_code, choices.is_open(step)) == ({name: ("refused", refusal, "match")}, "6240", True)
    assert not Link.objects.exists()

    if name == "Amy's Bird Sanctuary":
        assert link(mapped, step, at_qbo(quickbooks, "Customer", name)) == ""
        assert states(run) == {name: "linked"}


@pytest.mark.parametrize(
    ("fault", "refusal"), [("6240", OTHER_LIST), ("6240-id", SAME_LIST), ("6240-account", SAME_LIST)]
)
def test_the_wordings_of_6240(mapped: Connection, quickbooks: QuickBooks, fault: str, refusal: str) -> None:
    quickbooks.behave(rules=[{"match": {"entity": "Customer", "operation": "create"}, "then": {"fault": fault}}])

    run = copied(mapped, ClientFactory(name="Zoe Young"))

    assert told(run) == {"Zoe Young": ("refused", refusal.format(""), "match")}


def test_who_took_the_name_meanwhile_is_among_the_choices(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_the_wire(quickbooks, monkeypatch, lambda: quickbooks.create("Customer", DisplayName="Zoe Young"))

    run = copied(mapped, ClientFactory(name="Zoe Young"))

    step = only_step(run, Kind.CLIENT)
    assert told(run) == {"Zoe Young": ("refused", SAME_LIST.format(""), "match")}
    assert [choice.candidate.name for choice in candidates(step)] == ["Zoe Young"]
    assert link(mapped, step, at_qbo(quickbooks, "Customer", "Zoe Young")) == ""


def test_a_record_of_another_list_cannot_be_linked(mapped: Connection, quickbooks: QuickBooks) -> None:
    run = copied(mapped, ClientFactory(name="Emily Platt"))
    step = only_step(run, Kind.CLIENT)

    assert link(mapped, step, at_qbo(quickbooks, "Employee", "Emily Platt"), "Employee") == NOT_OFFERED
    assert link(mapped, step, "1") == NOT_OFFERED
    assert link(mapped, step, "") == NOT_OFFERED
    assert (states(run), Link.objects.count()) == ({"Emily Platt": "needs_choice"}, 0)


def test_a_record_that_is_linked_already_is_not_offered_again(mapped: Connection, quickbooks: QuickBooks) -> None:
    amy = at_qbo(quickbooks, "Customer", "Amy's Bird Sanctuary")
    runs = [copied(mapped, ClientFactory(name=name)) for name in ("Amy's Bird Sanctuary", "Amys Bird Sanctuary")]
    first, second = (only_step(run, Kind.CLIENT) for run in runs)

    assert link(mapped, first, amy) == ""

    assert (offered(second), link(mapped, second, amy)) == ([], NOT_OFFERED)
    assert (link(mapped, Step.objects.get(pk=first.pk), amy), choices.create_new(Step.objects.get(pk=first.pk))) == (
        SETTLED,
        SETTLED,
    )


def test_a_record_that_somebody_linked_otherwise_at_the_same_moment_is_taken(
    mapped: Connection, quickbooks: QuickBooks
) -> None:
    client = ClientFactory(name="Amy's Bird Sanctuary")
    run = copied(mapped, client)
    step = only_step(run, Kind.CLIENT)
    Link.objects.create(
        connection=mapped, client=client, entity=Entity.CUSTOMER, qbo_id="99999", origin=Link.Origin.IMPORTED,
        linked_by=mapped.connected_by, linked_at=timezone.now(),
    )  # fmt: skip

    assert link(mapped, step, at_qbo(quickbooks, "Customer", "Amy's Bird Sanctuary")) == TAKEN
    assert states(run) == {"Amy's Bird Sanctuary": "needs_choice"}


def test_a_record_that_was_deleted_here_cannot_be_created_there(mapped: Connection) -> None:
    client = ClientFactory(name="Amy's Bird Sanctuary")
    step = only_step(copied(mapped, client), Kind.CLIENT)
    client.delete()

    assert choices.create_new(step) == "The record was deleted here."
    assert candidates(step) == []


def test_a_choice_made_while_the_run_goes_on_is_not_lost(mapped: Connection, quickbooks: QuickBooks) -> None:
    entry = HourEntryFactory(job__client__name="Amy's Bird Sanctuary")
    run = copied(mapped, entry)
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING)  # as if an engine were at it still
    amy = at_qbo(quickbooks, "Customer", "Amy's Bird Sanctuary")

    link(mapped, Step.objects.select_related("run").get(run=run, kind=Kind.CLIENT), amy)

    run.refresh_from_db()
    assert (run.state, states(run)[str(entry)]) == (RunState.RUNNING, "ready")
    work(mapped)
    assert states(run)[str(entry)] == "done"


def test_a_choice_never_touches_what_is_being_sent(mapped: Connection, quickbooks: QuickBooks) -> None:
    """The engine may begin to send a step between the moment it is read and the moment the choice is written."""
    from django.db import connection as database

    from qbo_sync.push.blocking import recompute

    run = queued(mapped, HourEntryFactory())
    step = run.steps.get(kind=Kind.CLIENT)
    waiting = [True]

    def engine_sends(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if waiting and sql.startswith("SELECT") and "qbo_sync_step" in sql:
            waiting.pop()
            Step.objects.filter(pk=step.pk).update(state=StepState.SENDING)
        return result

    with database.execute_wrapper(engine_sends):
        recompute(run)

    step.refresh_from_db()
    assert step.state == StepState.SENDING


def test_names_are_not_asked_for_where_the_lists_cannot_be_read(mapped: Connection, quickbooks: QuickBooks) -> None:
    from qbo_sync.api.errors import QboError

    run = queued(mapped, ClientFactory(name="Amy's Bird Sanctuary"))
    quickbooks.behave(rules=[{"match": {"entity": "Vendor", "operation": "query"}, "then": {"status": 500}}])

    with pytest.raises(QboError):
        work(mapped)

    run.refresh_from_db()
    assert (run.state, run.started_at, states(run)) == (RunState.QUEUED, None, {"Amy's Bird Sanctuary": "ready"})

    work(mapped)
    assert states(run) == {"Amy's Bird Sanctuary": "needs_choice"}


def test_one_look_at_the_lists_serves_all_names_of_a_run(mapped: Connection, quickbooks: QuickBooks) -> None:
    before = len(quickbooks.requests("read"))

    copied(mapped, *(ClientFactory() for _ in range(40)), *(AssociateFactory() for _ in range(40)))

    # a page and its count for each of the three lists, and what the company itself says: preferences and CompanyInfo
    assert len(quickbooks.requests("read")) - before == 8


def test_a_likely_match_is_found_by_short_form_and_phone_over_the_lists(
    mapped: Connection, quickbooks: QuickBooks
) -> None:
    quickbooks.create("Customer", DisplayName="Whitfield, Bob", Mobile={"FreeFormNumber": "608.555.0101"})
    client = ClientFactory(name="Robert Whitfield", phone="(608) 555-0101")

    run = copied(mapped, client)

    step = only_step(run, Kind.CLIENT)
    assert states(run) == {"Robert Whitfield": "needs_choice"}
    [choice] = candidates(step)
    assert (choice.candidate.how_sure.value, choice.candidate.why, choice.candidate.differs) == (
        "likely", "Bob is short for Robert, the same phone", "",
    )  # fmt: skip


def test_a_spouse_holds_nobody_up(mapped: Connection, quickbooks: QuickBooks) -> None:
    quickbooks.create("Customer", DisplayName="Harold Whitfield", PrimaryPhone={"FreeFormNumber": "608.555.0101"})

    run = copied(mapped, ClientFactory(name="Ann Whitfield", phone="(608) 555-0101"))

    assert states(run) == {"Ann Whitfield": "done"}


def never(connection: Connection, step: Step, qbo_id: str) -> str:
    assert connection.connected_by is not None
    return ruling_out.never(step, entity="Customer", qbo_id=qbo_id, actor=connection.connected_by)


def test_never_this_one_is_remembered(mapped: Connection, quickbooks: QuickBooks) -> None:
    client, namesake = ClientFactory(name="Amys Bird Sanctuary"), ClientFactory(name="Amys Bird Sanctuary LLC")
    amy = at_qbo(quickbooks, "Customer", "Amy's Bird Sanctuary")
    run = copied(mapped, client)
    step = only_step(run, Kind.CLIENT)

    assert (never(mapped, step, "1" + amy), never(mapped, step, amy), never(mapped, step, amy)) == (
        NOT_OFFERED, "", NOT_OFFERED,
    )  # fmt: skip
    assert (offered(step), link(mapped, step, amy), states(run)) == (
        [], NOT_OFFERED, {"Amys Bird Sanctuary": "needs_choice"},
    )  # fmt: skip

    assert choices.leave_out(step) == ""
    assert never(mapped, Step.objects.get(pk=step.pk), amy) == SETTLED
    assert states(copied(mapped, client)) == {"Amys Bird Sanctuary": "done"}
    assert states(copied(mapped, namesake)) == {"Amys Bird Sanctuary LLC": "needs_choice"}
