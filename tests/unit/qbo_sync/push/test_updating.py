"""“Update QBO”: what changed here is changed there, once, and nobody's edit at QuickBooks is lost in silence."""

from typing import Any

import pytest
from django.db.models import F

from clients.models import Client
from hours.models import HourEntry
from invoices.models import Invoice
from qbo_sync.models import Attempt, Connection, Kind, Link, Mapping, Run, Step
from qbo_sync.models.states import AttemptState, RunState, StepState
from qbo_sync.push import changes, choices
from qbo_sync.push.badges import Badge
from qbo_sync.push.candidates import candidates
from qbo_sync.push.updating import KEPT, SAME, SETTLED, keep_theirs, plan_update, send_ours
from qbo_sync.runs import moves
from qbo_sync.serve import serve
from tests.factories import AssociateFactory, ClientFactory, HourEntryFactory, InvoiceLineFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import at_the_wire, batches, copied, invoice_for_hours, qbo_id
from tests.unit.qbo_sync.push.test_badges import badge

NEW, OLD = "(608) 555-0199", "(608) 555-0100"


@pytest.fixture
def client(mapped: Connection) -> Client:
    """A copied client whose phone was changed here since."""
    client = ClientFactory(name="Amy Zimmer", phone=OLD)
    copied(mapped, client)
    client.phone = NEW
    client.save()
    return client


def update(record: Any) -> Run:
    connection = Connection.objects.get()
    assert connection.connected_by is not None
    return plan_update(
        connection=connection, kind=Kind.of(record), ids={record.pk}, actor=connection.connected_by,
        title=f"Update QBO: {record}", back_url="/",
    )  # fmt: skip


def updated(record: Any) -> Run:
    run = update(record)
    assert moves.queue(run)
    serve(run.connection_id)
    run.refresh_from_db()
    return run


def told(run: Run) -> tuple[str, str, str]:
    step = run.steps.get()
    return run.state, step.state, step.message


def at_qbo(quickbooks: QuickBooks, entity: str, record: Any) -> dict[str, Any]:
    [row] = quickbooks.query(f"select * from {entity} where Id = '{qbo_id(record)}'")
    return row


def edit(quickbooks: QuickBooks, record: Any, **values: Any) -> None:
    """Somebody edits the customer at QuickBooks."""
    row = at_qbo(quickbooks, "Customer", record)
    quickbooks.create("Customer", Id=row["Id"], SyncToken=row["SyncToken"], sparse=True, **values)


def test_the_plan_says_what_changes_and_sends_nothing(client: Client, quickbooks: QuickBooks) -> None:
    run = update(client)
    assert told(run) == (RunState.PLANNED, StepState.READY, "What changes: Phone.")
    assert (run.type, run.size, len(batches(quickbooks))) == (Run.Type.UPDATE, 1, 1)


def test_the_change_is_sent_and_nothing_is_made_twice(client: Client, quickbooks: QuickBooks) -> None:
    run = updated(client)

    assert told(run) == (RunState.DONE, StepState.DONE, "")
    row = at_qbo(quickbooks, "Customer", client)
    assert (row["PrimaryPhone"]["FreeFormNumber"], row["SyncToken"]) == (NEW, "1")
    link = Link.objects.get()
    assert (link.source_version, link.sync_token, link.attempt) == (client.version, "1", run.attempts.get())
    assert badge(client) == Badge.COPIED
    assert len(quickbooks.query("select * from Customer where DisplayName = 'Amy Zimmer'")) == 1


def test_what_was_emptied_here_is_emptied_there(client: Client, quickbooks: QuickBooks) -> None:
    client.phone = ""
    client.save()

    assert told(updated(client))[1] == StepState.DONE

    assert "PrimaryPhone" not in at_qbo(quickbooks, "Customer", client)
    assert badge(client) == Badge.COPIED


def test_a_name_is_not_emptied_where_payroll_composes_it(mapped: Connection, quickbooks: QuickBooks) -> None:
    """Copied before the company had QuickBooks Payroll."""
    associate = AssociateFactory(phone=OLD, city="Madison", state="WI", postal_code="53703")
    copied(mapped, associate)
    quickbooks.with_features(PayrollFeature="true")
    Connection.objects.update(has_payroll=True)
    associate.phone = NEW
    associate.save()

    assert told(updated(associate))[1:] == (StepState.DONE, "")

    row = at_qbo(quickbooks, "Employee", associate)
    assert (row["DisplayName"], row["PrimaryPhone"]["FreeFormNumber"]) == (associate.name, NEW)


def test_where_nothing_changed_there_is_nothing_to_send(mapped: Connection, quickbooks: QuickBooks) -> None:
    client = ClientFactory()
    copied(mapped, client)
    client.save()

    run = update(client)

    assert told(run) == (RunState.PLANNED, StepState.LINKED, SAME)


def test_changed_after_the_plan_it_is_left_out(client: Client, quickbooks: QuickBooks) -> None:
    run = update(client)
    client.save()
    moves.queue(run)
    serve(run.connection_id)

    assert run.steps.get().state == StepState.LEFT_OUT
    assert len(batches(quickbooks)) == 1


def test_an_edit_of_another_field_there_stays(client: Client, quickbooks: QuickBooks) -> None:
    edit(quickbooks, client, Notes="Rings twice", WebAddr={"URI": "http://amy.example"})

    assert told(updated(client))[1] == StepState.DONE

    row = at_qbo(quickbooks, "Customer", client)
    assert (row["PrimaryPhone"]["FreeFormNumber"], row["Notes"]) == (NEW, "Rings twice")


def test_the_same_edit_there_needs_no_sending(client: Client, quickbooks: QuickBooks) -> None:
    edit(quickbooks, client, PrimaryPhone={"FreeFormNumber": NEW})

    assert told(updated(client)) == (RunState.DONE, StepState.LINKED, SAME)

    assert (Link.objects.get().sync_token, badge(client), len(batches(quickbooks))) == ("1", Badge.COPIED, 2)


@pytest.fixture
def disputed(client: Client, quickbooks: QuickBooks) -> Step:
    """Somebody changed the phone at QuickBooks too."""
    edit(quickbooks, client, PrimaryPhone={"FreeFormNumber": "(999) 999-9999"})
    return Step.objects.select_related("run__connection").get(run=updated(client))


def test_somebodys_edit_is_shown_and_not_overwritten(disputed: Step, client: Client, quickbooks: QuickBooks) -> None:
    assert (disputed.state, disputed.mend, disputed.message) == (
        StepState.NEEDS_CHOICE,
        "compare",
        "Somebody edited it at QuickBooks after it was copied: Phone. Compare the two and decide.",
    )
    assert disputed.differences == [{"field": "Phone", "here": NEW, "there": "(999) 999-9999"}]
    assert at_qbo(quickbooks, "Customer", client)["PrimaryPhone"]["FreeFormNumber"] == "(999) 999-9999"
    assert badge(client) == Badge.CHANGED


def test_send_ours(disputed: Step, client: Client, quickbooks: QuickBooks) -> None:
    assert send_ours(disputed) == ""
    serve(disputed.run.connection_id)

    assert told(disputed.run)[1] == StepState.DONE
    assert at_qbo(quickbooks, "Customer", client)["PrimaryPhone"]["FreeFormNumber"] == NEW
    assert send_ours(disputed) == SETTLED


def test_sent_over_what_was_shown_only(disputed: Step, client: Client, quickbooks: QuickBooks) -> None:
    edit(quickbooks, client, PrimaryPhone={"FreeFormNumber": "(111) 111-1111"})

    assert send_ours(disputed) == ""
    serve(disputed.run.connection_id)

    disputed.refresh_from_db()
    assert (disputed.state, disputed.differences[0]["there"]) == (StepState.NEEDS_CHOICE, "(111) 111-1111")


def test_keep_theirs(disputed: Step, client: Client, quickbooks: QuickBooks) -> None:
    assert keep_theirs(disputed) == ""

    disputed.refresh_from_db()
    assert (disputed.state, disputed.message, badge(client)) == (StepState.LEFT_OUT, KEPT, Badge.COPIED)
    assert at_qbo(quickbooks, "Customer", client)["PrimaryPhone"]["FreeFormNumber"] == "(999) 999-9999"
    assert keep_theirs(disputed) == SETTLED
    client.email = "amy@example.com"
    client.save()
    assert badge(client) == Badge.CHANGED
    assert told(updated(client))[1] == StepState.NEEDS_CHOICE


def test_edited_the_very_moment_it_is_read_again(
    client: Client, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """5010: read again, compared, sent once more."""
    at_the_wire(quickbooks, monkeypatch, lambda: None)
    match = {"entity": "Customer", "operation": "update"}
    quickbooks.behave(rules=[{"match": match, "then": {"fault": "5010"}, "times": 1}])

    run = updated(client)

    assert told(run)[1] == StepState.DONE
    assert [attempt.state for attempt in run.attempts.all()] == [AttemptState.ANSWERED] * 2
    assert at_qbo(quickbooks, "Customer", client)["SyncToken"] == "1"


@pytest.mark.parametrize("lost", ["before", "after"])
def test_a_lost_answer_is_looked_for(client: Client, quickbooks: QuickBooks, lost: str) -> None:
    match = {"entity": "Customer", "operation": "update"}
    quickbooks.behave(rules=[{"match": match, "then": {"drop": lost}, "times": 1}])
    run = updated(client)
    assert (run.steps.get().state, run.state) == (StepState.UNKNOWN, RunState.QUEUED)

    serve(run.connection_id)

    run.refresh_from_db()
    assert told(run)[:2] == (RunState.DONE, StepState.DONE)
    row = at_qbo(quickbooks, "Customer", client)
    assert (row["PrimaryPhone"]["FreeFormNumber"], row["SyncToken"]) == (NEW, "1")
    assert badge(client) == Badge.COPIED


@pytest.mark.parametrize(("lost", "state"), [("before", StepState.CANCELLED), ("after", StepState.DONE)])
def test_a_lost_answer_of_a_cancelled_run_is_looked_for_and_nothing_more_is_sent(
    client: Client, quickbooks: QuickBooks, lost: str, state: str
) -> None:
    match = {"entity": "Customer", "operation": "update"}
    quickbooks.behave(rules=[{"match": match, "then": {"drop": lost}, "times": 1}])
    run = updated(client)
    assert moves.cancel(run)

    serve(run.connection_id)

    assert told(Run.objects.get(pk=run.pk))[:2] == (RunState.CANCELLED, state)
    assert (run.attempts.get().state, len(batches(quickbooks))) == (AttemptState.SETTLED, 2)


def test_gone_at_quickbooks(mapped: Connection, quickbooks: QuickBooks) -> None:
    entry = HourEntryFactory()
    copied(mapped, entry)
    quickbooks.delete("TimeActivity", qbo_id(entry) or "")
    entry.description = "Unpacking"
    entry.save()

    assert told(updated(entry))[1:] == (
        StepState.IN_THE_WAY,
        "It is not at QuickBooks any more. Unlink it on its page, then copy it anew.",
    )


def test_hours_that_are_billed_stay_billed(mapped: Connection, quickbooks: QuickBooks) -> None:
    invoice = invoice_for_hours()
    copied(mapped, invoice)
    entry = HourEntry.objects.get()
    entry.description = "Unpacking"
    entry.save()

    assert told(updated(entry))[1:] == (StepState.DONE, "")

    row = at_qbo(quickbooks, "TimeActivity", entry)
    assert (row["Description"], row["BillableStatus"]) == ("Unpacking", "HasBeenBilled")


def test_a_changed_invoice_keeps_its_lines_and_its_hours(mapped: Connection, quickbooks: QuickBooks) -> None:
    invoice = invoice_for_hours(hours=2)
    copied(mapped, invoice)
    before = at_qbo(quickbooks, "Invoice", invoice)
    line = invoice.lines.first()
    assert line
    line.description = "Packing the kitchen"
    line.save()
    invoice.public_note = "Thank you"
    invoice.save()

    assert told(updated(invoice))[1:] == (StepState.DONE, "")

    row = at_qbo(quickbooks, "Invoice", invoice)
    assert (row["Line"][0]["Description"], row["CustomerMemo"]["value"]) == ("Packing the kitchen", "Thank you")
    assert [line.get("Id") for line in row["Line"]] == [line.get("Id") for line in before["Line"]]
    assert (row["TotalAmt"], row["LinkedTxn"]) == (before["TotalAmt"], before["LinkedTxn"])
    assert {each["BillableStatus"] for each in quickbooks.query("select * from TimeActivity")} == {"HasBeenBilled"}
    assert badge(invoice) == Badge.COPIED


def test_a_line_that_somebody_added_there_is_not_lost(mapped: Connection, quickbooks: QuickBooks) -> None:
    invoice = invoice_for_hours()
    copied(mapped, invoice)
    row = at_qbo(quickbooks, "Invoice", invoice)
    lines = [line for line in row["Line"] if line["DetailType"] == "SalesItemLineDetail"]
    item = {"ItemRef": lines[0]["SalesItemLineDetail"]["ItemRef"]}
    extra = {"Amount": 5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": item}
    quickbooks.create(
        "Invoice", Id=row["Id"], SyncToken=row["SyncToken"], sparse=True, Line=[*lines, extra],
        CustomerRef=row["CustomerRef"],
    )  # fmt: skip
    invoice.public_note = "Thank you"
    invoice.save()

    run = updated(invoice)

    step = run.steps.get()
    assert (step.state, [each["field"] for each in step.differences]) == (
        StepState.NEEDS_CHOICE,
        ["Public note", "Lines"],
    )


@pytest.fixture
def remarked(mapped: Connection, quickbooks: QuickBooks) -> Invoice:
    """An invoice without notes that was changed here, and got a memo at QuickBooks."""
    invoice = invoice_for_hours()
    copied(mapped, invoice)
    row = at_qbo(quickbooks, "Invoice", invoice)
    quickbooks.create(
        "Invoice", Id=row["Id"], SyncToken=row["SyncToken"], sparse=True, CustomerRef=row["CustomerRef"],
        PrivateNote="Pays late",
    )  # fmt: skip
    invoice.public_note = "Thank you"
    invoice.save()
    return invoice


def test_a_memo_that_somebody_wrote_there_is_shown(remarked: Invoice, quickbooks: QuickBooks) -> None:
    step = updated(remarked).steps.get()
    assert (step.state, step.differences) == (
        StepState.NEEDS_CHOICE,
        [
            {"field": "Public note", "here": "Thank you", "there": ""},
            {"field": "Internal note", "here": "", "there": "Pays late"},
        ],
    )
    row = at_qbo(quickbooks, "Invoice", remarked)
    assert (row["PrivateNote"], "CustomerMemo" in row) == ("Pays late", False)


def test_and_sent_over_where_a_person_says_so(remarked: Invoice, quickbooks: QuickBooks) -> None:
    step = Step.objects.select_related("run__connection").get(run=updated(remarked))
    assert send_ours(step) == ""
    serve(step.run.connection_id)

    row = at_qbo(quickbooks, "Invoice", remarked)
    assert (row["CustomerMemo"]["value"], "PrivateNote" in row) == ("Thank you", False)
    assert badge(remarked) == Badge.COPIED


def test_what_it_refers_to_must_be_there(mapped: Connection, quickbooks: QuickBooks) -> None:
    invoice = invoice_for_hours()
    copied(mapped, invoice)
    entry = HourEntryFactory(job=invoice.job)
    InvoiceLineFactory(invoice=invoice, hour_entry=entry, position=9)
    invoice.save()

    run = update(Invoice.objects.get())

    assert told(run) == (
        RunState.PLANNED,
        StepState.IN_THE_WAY,
        f"It refers to hours “{entry}”, which is not at QuickBooks. Copy that first.",
    )


def test_without_a_mapping_it_says_which(mapped: Connection) -> None:
    entry = HourEntryFactory()
    copied(mapped, entry)
    entry.save()
    Mapping.objects.all().delete()

    step = update(entry).steps.get()

    assert (step.state, step.mend) == (StepState.IN_THE_WAY, "hours_item")


def test_cancelled_while_it_is_sent_it_is_still_recorded(
    client: Client, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = update(client)
    at_the_wire(quickbooks, monkeypatch, lambda: moves.cancel(Run.objects.get(pk=run.pk)))
    moves.queue(run)
    serve(run.connection_id)

    run.refresh_from_db()
    assert told(run)[:2] == (RunState.CANCELLED, StepState.DONE)
    assert badge(client) == Badge.COPIED


def test_an_attempt_stands_before_it_is_sent(
    client: Client, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, str]] = []
    run = update(client)
    look = lambda: seen.extend(Attempt.objects.filter(run=run).values_list("state", "steps__state"))  # noqa: E731
    at_the_wire(quickbooks, monkeypatch, look)
    moves.queue(run)
    serve(run.connection_id)

    assert seen == [(AttemptState.SENT, StepState.SENDING)]


@pytest.mark.parametrize(("phone", "state"), [(OLD, StepState.LINKED), (NEW, StepState.DONE)])
def test_what_was_imported_is_compared_with_what_is_there(
    mapped: Connection, quickbooks: QuickBooks, phone: str, state: str
) -> None:
    client = ClientFactory(name="Amy Zimmer", phone=OLD)
    copied(mapped, client)
    Link.objects.update(origin=Link.Origin.IMPORTED, source_hash="", attempt=None)
    client.phone = phone
    client.save()

    assert told(updated(client))[1] == state

    assert at_qbo(quickbooks, "Customer", client)["PrimaryPhone"]["FreeFormNumber"] == phone
    assert (badge(client), bool(Link.objects.get().source_hash)) == (Badge.COPIED, True)


@pytest.fixture
def matched(mapped: Connection, quickbooks: QuickBooks) -> Client:
    """A client that a person matched with a customer of another phone and, here unknown, an e-mail address."""
    client = ClientFactory(name="Amy Zimmer", phone=OLD, email="")
    quickbooks.create(
        "Customer", DisplayName="Amy Zimmer", PrimaryPhone={"FreeFormNumber": "(999) 999-9999"},
        PrimaryEmailAddr={"Address": "amy@example.com"},
    )  # fmt: skip
    step = copied(mapped, client).steps.select_related("run__connection", "attempt").get()
    [choice] = candidates(step)
    actor = step.run.asked_by
    assert choices.link(step, entity="Customer", qbo_id=choice.record.qbo_id, actor=actor) == ""
    return client


def test_what_was_matched_shows_what_is_changed_later(matched: Client, mapped: Connection) -> None:
    assert (badge(matched), changes.is_due(mapped)) == (Badge.COPIED, False)
    matched.save()
    changes.compare(mapped)
    assert badge(matched) == Badge.COPIED

    matched.phone = NEW
    matched.save()
    changes.compare(mapped)

    assert badge(matched) == Badge.CHANGED


def test_what_was_matched_is_compared_before_anything_is_sent(matched: Client, quickbooks: QuickBooks) -> None:
    """Nobody has said yet that ours is right, where QuickBooks says otherwise."""
    matched.phone = NEW
    matched.save()

    run = updated(matched)

    step = Step.objects.select_related("run__connection").get(run=run)
    assert (step.state, step.message) == (
        StepState.NEEDS_CHOICE,
        "It was matched with what was at QuickBooks, which says otherwise: Phone. Compare the two and decide.",
    )
    assert at_qbo(quickbooks, "Customer", matched)["SyncToken"] == "0"

    assert send_ours(step) == ""
    serve(run.connection_id)
    row = at_qbo(quickbooks, "Customer", matched)
    assert (row["PrimaryPhone"]["FreeFormNumber"], row["PrimaryEmailAddr"]["Address"]) == (NEW, "amy@example.com")
    assert badge(matched) == Badge.COPIED


def test_an_engine_that_is_gone_leaves_it_to_the_next(
    client: Client, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another engine has taken over while the request was at the wire: its answer is recorded by looking."""
    run = update(client)
    take_over = {"lease_number": F("lease_number") + 1, "lease_until": None}
    at_the_wire(quickbooks, monkeypatch, lambda: Connection.objects.update(**take_over))
    moves.queue(run)
    serve(run.connection_id)
    assert (run.steps.get().state, run.attempts.get().state) == (StepState.SENDING, AttemptState.SENT)

    serve(run.connection_id)

    run.refresh_from_db()
    assert told(run)[:2] == (RunState.DONE, StepState.DONE)
    assert at_qbo(quickbooks, "Customer", client)["SyncToken"] == "1"
    assert run.attempts.get().state == AttemptState.SETTLED
