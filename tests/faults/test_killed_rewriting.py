"""“Update QBO”, “Reverse this run” and “Void” killed at commits: each record ends as it should, here and there."""

from typing import Any

import pytest

from clients.models import Client
from hours.models import HourEntry
from invoices.entries import unbilled_entries
from invoices.models import Invoice
from qbo_sync.models import Attempt, Connection, Kind, Link, Run, Unlinked
from qbo_sync.models.states import AttemptState
from qbo_sync.push.reversing import plan_reversal
from qbo_sync.push.updating import plan_update
from qbo_sync.push.voiding import plan_void
from qbo_sync.runs import moves
from tests.factories import ClientFactory
from tests.faults.test_killed_engine import (
    AFTER,
    BEFORE,
    KILLED_ALONE,
    Killer,
    Lost,
    Moment,
    also_lost,
    deaths,
    lived_through,
)
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import copied, invoice_for_hours

pytestmark = pytest.mark.usefixtures("no_waiting")
HALF: Lost = {"drop": "midway", "after_items": 1, "remember": False}
KILLS = pytest.mark.parametrize(
    ("lost", "moment", "first"),
    [*KILLED_ALONE, *also_lost((AFTER, "after"), (HALF, "after"), (HALF, "before"))],
    ids=str,
)


def hostile(quickbooks: QuickBooks, lost: Lost) -> None:
    match = {"entity": "Customer", "operation": "update"}
    quickbooks.behave(rules=[{"match": match, "then": lost, "times": 1}] if lost else [])


def at_qbo(quickbooks: QuickBooks, clients: list[Client]) -> dict[str, dict[str, Any]]:
    """The customers at QuickBooks, inactive ones too, by the names that they had."""
    names = ", ".join(f"'{client.name}'" for client in clients)
    rows = quickbooks.query(f"select * from Customer where Active IN (true, false) and DisplayName IN ({names})")
    return {row["DisplayName"]: row for row in rows}


def nothing_is_open(run: Run) -> None:
    assert set(run.steps.values_list("state", flat=True)) == {"done"}
    assert not Attempt.objects.filter(state__in=(AttemptState.SENT, AttemptState.UNKNOWN)).exists()


@KILLS
def test_an_update(mapped: Connection, quickbooks: QuickBooks, lost: Lost, moment: Moment, first: int) -> None:
    assert mapped.connected_by is not None
    for at in deaths(first, lost):
        clients = [ClientFactory(phone="(608) 555-0100") for _ in range(3)]
        copied(mapped, *clients)
        for client in clients:
            client.phone = "(608) 555-0199"
            client.save()
        ids = {client.pk for client in clients}
        run = plan_update(
            connection=mapped, kind=Kind.CLIENT, ids=ids, actor=mapped.connected_by, title="Update", back_url=""
        )
        hostile(quickbooks, lost)
        assert moves.queue(run)
        killer = Killer(at, moment)

        lived_through(mapped, run, killer)

        nothing_is_open(run)
        rows = at_qbo(quickbooks, clients)
        kept = {name: (row["PrimaryPhone"]["FreeFormNumber"], row["SyncToken"]) for name, row in rows.items()}
        assert kept == dict.fromkeys((client.name for client in clients), ("(608) 555-0199", "1"))
        links = Link.objects.filter(client__in=clients).values_list("source_version", "sync_token")
        assert list(links) == [(2, "1")] * 3
        if not killer.dead:
            break
    assert at > 5


@KILLS
def test_a_reversal(mapped: Connection, quickbooks: QuickBooks, lost: Lost, moment: Moment, first: int) -> None:
    for at in deaths(first, lost):
        clients = [ClientFactory() for _ in range(3)]
        made = copied(mapped, *clients)
        kept_ids = dict(Link.objects.filter(client__in=clients).values_list("client", "qbo_id"))
        run = plan_reversal(run=made, actor=made.asked_by)
        hostile(quickbooks, lost)
        assert moves.queue(run)
        killer = Killer(at, moment)

        lived_through(mapped, run, killer)

        assert set(run.steps.values_list("state", flat=True)) <= {"done", "linked"}  # linked: found gone already
        assert not Attempt.objects.filter(state__in=(AttemptState.SENT, AttemptState.UNKNOWN)).exists()
        ids = ", ".join(f"'{qbo_id}'" for qbo_id in kept_ids.values())
        rows = quickbooks.query(f"select * from Customer where Active IN (true, false) and Id IN ({ids})")
        assert [(row["Active"], row["SyncToken"]) for row in rows] == [(False, "1")] * 3
        assert not Link.objects.filter(client__in=clients).exists()
        unlinked = Unlinked.objects.filter(kind=Kind.CLIENT, record_id__in=kept_ids)
        assert dict(unlinked.values_list("record_id", "qbo_id")) == kept_ids
        assert unlinked.count() == 3
        if not killer.dead:
            break
    assert at > 5


VOID_LOST = pytest.mark.parametrize(
    ("lost", "moment", "first"),
    [*KILLED_ALONE, *also_lost((AFTER, "after"), (BEFORE, "before"), (AFTER, "before"))],
    ids=str,
)


@VOID_LOST
def test_a_void(mapped: Connection, quickbooks: QuickBooks, lost: Lost, moment: Moment, first: int) -> None:
    """Voided in both places or in none: here never before there, and at last in both."""
    for at in deaths(first, lost):
        invoice = invoice_for_hours()
        copied(mapped, invoice)
        link = Link.objects.select_related("connection").get(invoice=invoice)
        run = plan_void(link=link, invoice=invoice, reason="Wrong family", actor=link.linked_by)
        match = {"entity": "Invoice", "operation": "void"}
        quickbooks.behave(rules=[{"match": match, "then": lost, "times": 1}] if lost else [])
        assert moves.queue(run)
        killer = Killer(at, moment)

        def here_never_alone(invoice: Invoice = invoice, link: Link = link) -> None:
            [row] = quickbooks.query(f"select * from Invoice where Id = '{link.qbo_id}'")
            assert row["TotalAmt"] == 0 or Invoice.objects.get(pk=invoice.pk).status == "finalized"

        lived_through(mapped, run, killer, after_a_kill=here_never_alone)

        assert set(run.steps.values_list("state", flat=True)) <= {"done", "linked"}  # linked: found voided already
        assert not Attempt.objects.filter(state__in=(AttemptState.SENT, AttemptState.UNKNOWN)).exists()
        [row] = quickbooks.query(f"select * from Invoice where Id = '{link.qbo_id}'")
        kept = Invoice.objects.get(pk=invoice.pk)
        assert (row["TotalAmt"], row["PrivateNote"], kept.status) == (0, "Voided", "voided")
        link.refresh_from_db()
        assert (link.sync_token, link.source_version) == (row["SyncToken"], kept.version)
        assert unbilled_entries(kept.job) == list(HourEntry.objects.filter(job=kept.job))
        if not killer.dead:
            break
    assert at > 5
