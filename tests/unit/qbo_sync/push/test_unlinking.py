"""“Unlink”: what is taken away, what is kept of it, and when it is refused."""

from typing import Any

import pytest
from django.core.files.base import ContentFile

from qbo_sync.models import Connection, Kind, Link, Unlinked
from qbo_sync.models.states import StepState
from qbo_sync.push.unlinking import NOT_LINKED, UNSETTLED, history, unlink
from tests.factories import ClientFactory, ExpenseEntryFactory
from tests.quickbooks import QuickBooks, map_everything
from tests.unit.qbo_sync.push.conftest import batches, copied, planned

REASON = "It was linked with another Amy."


@pytest.fixture
def link(mapped: Connection) -> Link:
    copied(mapped, ClientFactory(name="Amy Zimmer"))
    return Link.objects.get()


def test_it_is_forgotten_and_written_down(link: Link, quickbooks: QuickBooks) -> None:
    actor = link.linked_by
    assert unlink(link=link, reason=REASON, actor=actor) == ""

    assert not Link.objects.exists()
    [kept] = history(Kind.CLIENT, link.record_id)
    assert (kept.label, kept.entity, kept.qbo_id, kept.origin, kept.reason, kept.unlinked_by, kept.linked_at) == (
        "Amy Zimmer", "Customer", link.qbo_id, "pushed", REASON, actor, link.linked_at,
    )  # fmt: skip
    assert len(batches(quickbooks)) == 1
    assert len(quickbooks.query("select * from Customer where DisplayName = 'Amy Zimmer'")) == 1


def test_copied_again_it_needs_a_choice(link: Link, mapped: Connection) -> None:
    client = link.client
    unlink(link=link, reason=REASON, actor=link.linked_by)

    run = copied(mapped, client)

    assert run.steps.get().state == StepState.NEEDS_CHOICE


def test_twice_is_once(link: Link) -> None:
    assert unlink(link=link, reason=REASON, actor=link.linked_by) == ""
    assert unlink(link=link, reason=REASON, actor=link.linked_by) == NOT_LINKED
    assert Unlinked.objects.count() == 1


def test_a_reservation_stays(link: Link) -> None:
    Link.objects.update(qbo_id=None)
    assert unlink(link=link, reason=REASON, actor=link.linked_by) == UNSETTLED
    assert (Link.objects.count(), Unlinked.objects.count()) == (1, 0)


@pytest.mark.parametrize("state", [StepState.SENDING, StepState.UNKNOWN])
def test_what_is_being_asked_about_stays(link: Link, mapped: Connection, state: str) -> None:
    planned(mapped, link.client).steps.update(state=state)
    assert unlink(link=link, reason=REASON, actor=link.linked_by) == UNSETTLED
    assert Link.objects.exists()


def test_a_receipt_goes_with_its_expense(connection: Connection, quickbooks: QuickBooks, settings: Any) -> None:
    expense = ExpenseEntryFactory()
    expense.receipt.save("ticket.txt", ContentFile(b"$12.50"))
    map_everything(connection, quickbooks)
    copied(connection, expense)
    links = {link.kind: link for link in Link.objects.filter(expense_entry__isnull=False)}
    receipt = Link.objects.get(receipt__isnull=False)

    assert unlink(link=links[Kind.EXPENSE_ENTRY], reason=REASON, actor=receipt.linked_by) == ""

    assert not Link.objects.filter(entity__in=["Purchase", "Attachable"]).exists()
    assert set(Unlinked.objects.values_list("kind", "qbo_id")) == {
        ("expense_entry", links[Kind.EXPENSE_ENTRY].qbo_id),
        ("receipt", receipt.qbo_id),
    }
