"""How records stand with QuickBooks: in a listing's SQL and on their own page it is the same."""

from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from clients.models import Client
from hours.models import HourEntry
from invoices.models import Invoice
from qbo_sync.models import Attempt, Connection, Kind, Link, Run, Step
from qbo_sync.models.states import AttemptState, RunState, StepState
from qbo_sync.push import changes
from qbo_sync.push.badges import BADGE, Badge, badge_of, newest_step, with_badge
from qbo_sync.push.changes import compare
from qbo_sync.tasks import sweep
from tests.factories import ClientFactory, HourEntryFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import copied, invoice_for_hours, planned, queued, work


def in_sql(kind: Kind) -> dict[int, str]:
    return dict(with_badge(kind.model._default_manager.all(), kind).values_list("pk", BADGE))


def badge(record: Any) -> Badge:
    """The badge of a record, which must be the same in a listing and on its page."""
    kind = Kind.of(record)
    record = type(record).objects.get(pk=record.pk)
    link = Link.objects.filter(connection__is_active=True, **{kind.value: record}).first()
    on_its_page = badge_of(link, kind, record)
    assert in_sql(kind)[record.pk] == on_its_page
    return on_its_page


def test_from_not_copied_to_copied(mapped: Connection) -> None:
    client = ClientFactory()
    assert badge(client) == Badge.NOT_COPIED

    run = planned(mapped, client)
    assert badge(client) == Badge.NOT_COPIED  # a plan is no news

    Run.objects.filter(pk=run.pk).update(state=RunState.QUEUED)
    assert badge(client) == Badge.WAITING

    work(mapped)
    assert badge(client) == Badge.COPIED


@pytest.mark.parametrize(
    ("state", "run_state", "expected"),
    [
        (StepState.REFUSED, RunState.DONE, Badge.REFUSED),
        (StepState.NEEDS_CHOICE, RunState.DONE, Badge.NEEDS_CHOICE),
        (StepState.NEEDS_CHOICE, RunState.CANCELLED, Badge.NEEDS_CHOICE),
        (StepState.BLOCKED, RunState.RUNNING, Badge.WAITING),
        (StepState.BLOCKED, RunState.DONE, Badge.NOT_COPIED),
        (StepState.READY, RunState.PAUSED, Badge.WAITING),
        (StepState.READY, RunState.FAILED, Badge.NOT_COPIED),
        (StepState.CANCELLED, RunState.CANCELLED, Badge.NOT_COPIED),
        (StepState.IN_THE_WAY, RunState.DONE, Badge.NOT_COPIED),
        (StepState.LEFT_OUT, RunState.DONE, Badge.NOT_COPIED),
    ],
)
def test_what_its_newest_step_says(mapped: Connection, state: str, run_state: str, expected: Badge) -> None:
    client = ClientFactory()
    older, run = planned(mapped, client), planned(mapped, client)
    Run.objects.filter(pk=older.pk).update(state=RunState.DONE)
    older.steps.update(state=StepState.REFUSED)
    Run.objects.filter(pk=run.pk).update(state=run_state)
    run.steps.update(state=state)
    planned(mapped, client)

    assert badge(client) == expected
    step = newest_step(Kind.CLIENT, client.pk)
    assert step
    assert step.run == run


def test_of_another_company_nothing_counts(mapped: Connection) -> None:
    client = ClientFactory()
    copied(mapped, client)
    Connection.objects.update(state="disconnected", is_active=False, access_token=None, refresh_token=None)

    assert badge(client) == Badge.NOT_COPIED


@pytest.mark.parametrize(
    ("state", "expected"), [(StepState.UNKNOWN, Badge.WAITING), (StepState.NEEDS_CHOICE, Badge.NEEDS_CHOICE)]
)
def test_a_reservation_waits_or_needs_a_choice(mapped: Connection, state: str, expected: Badge) -> None:
    client = ClientFactory()
    copied(mapped, client)
    Link.objects.update(qbo_id=None)
    Step.objects.update(state=state)
    Attempt.objects.update(state=AttemptState.SETTLED)
    later = planned(mapped, client)  # held up by the reservation
    later.steps.update(state=StepState.BLOCKED)
    Run.objects.filter(pk=later.pk).update(state=RunState.DONE)

    assert badge(client) == expected


def test_what_rose_without_a_change_is_copied_once_it_was_compared(mapped: Connection) -> None:
    """Until then the listing calls it changed, and never a changed one copied."""
    invoice = invoice_for_hours()
    copied(mapped, invoice)
    entry = HourEntry.objects.get()
    entry.save()
    invoice.save()
    assert (in_sql(Kind.HOUR_ENTRY), in_sql(Kind.INVOICE)) == (
        {entry.pk: Badge.CHANGED},
        {invoice.pk: Badge.CHANGED},
    )
    assert badge_of(Link.objects.get(hour_entry=entry), Kind.HOUR_ENTRY, entry) == Badge.COPIED

    compare(mapped)

    assert (badge(entry), badge(invoice)) == (Badge.COPIED, Badge.COPIED)


def test_a_change_stays_one(mapped: Connection) -> None:
    client = ClientFactory()
    copied(mapped, client)
    before = Link.objects.get().source_version
    client.phone = "(608) 555-0199"
    client.save()
    assert badge(client) == Badge.CHANGED

    compare(mapped)
    compare(mapped)

    assert badge(client) == Badge.CHANGED
    link = Link.objects.get()
    assert (link.source_version, link.compared_version) == (before, client.version)


def test_what_cannot_be_sent_any_more_counts_as_changed(mapped: Connection) -> None:
    entry = HourEntryFactory()
    copied(mapped, entry)
    entry.save()
    mapped.mappings.filter(purpose="hours_item").delete()

    compare(mapped)

    assert badge(entry) == Badge.CHANGED


def test_what_was_matched_long_ago_has_nothing_to_be_compared_with(mapped: Connection) -> None:
    client = ClientFactory()
    copied(mapped, client)
    Link.objects.update(origin=Link.Origin.MATCHED, source_hash="", source_version=None)
    client.save()

    assert (badge(client), changes.is_due(mapped)) == (Badge.COPIED, False)


def test_what_could_not_be_sent_when_it_was_linked_is_changed_by_its_version(mapped: Connection) -> None:
    client = ClientFactory()
    copied(mapped, client)
    Link.objects.update(origin=Link.Origin.IMPORTED, source_hash="")
    assert badge(client) == Badge.COPIED
    client.save()

    assert (badge(client), changes.is_due(mapped)) == (Badge.CHANGED, False)


def test_a_change_sent_meanwhile_is_not_overlooked(mapped: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compared with what was copied before, and written after another thread has sent a change."""
    client = ClientFactory()
    copied(mapped, client)
    client.save()

    def sent_meanwhile(*_: object) -> bool:
        Link.objects.update(source_version=client.version - 1, source_hash="f" * 64)
        return True

    monkeypatch.setattr(changes, "_says_the_same", sent_meanwhile)
    changes._compare(mapped, changes.COPIED[Kind.CLIENT], list(Link.objects.all()))

    assert Link.objects.get().source_version == client.version - 1


@pytest.mark.parametrize("count", [1, 30])
def test_comparing_asks_as_much_for_one_as_for_thirty(mapped: Connection, count: int) -> None:
    invoice = invoice_for_hours(hours=count)
    copied(mapped, invoice)
    for entry in HourEntry.objects.all():
        entry.save()

    with CaptureQueriesContext(database) as captured:
        compare(mapped)

    assert set(in_sql(Kind.HOUR_ENTRY).values()) == {Badge.COPIED}
    assert len(captured) == 15


def test_the_sweep_has_them_compared(mapped: Connection, eagerly: None) -> None:
    client = ClientFactory()
    copied(mapped, client)
    Client.objects.filter(pk=client.pk).update(phone=client.phone)
    assert changes.is_due(mapped)

    sweep()

    assert (changes.is_due(mapped), badge(client)) == (False, Badge.COPIED)


def test_a_refused_record(mapped: Connection, quickbooks: QuickBooks) -> None:
    invoice = invoice_for_hours()
    quickbooks.behave(rules=[{"match": {"entity": "Invoice", "operation": "create"}, "then": {"fault": "6540"}}])
    copied(mapped, invoice)
    assert badge(invoice) == Badge.REFUSED

    queued(mapped, Invoice.objects.get())
    assert badge(invoice) == Badge.WAITING
