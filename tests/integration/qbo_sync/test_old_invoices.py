"""“Link old invoices” on the screens, and the list of choices for an invoice."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from associates.models import Associate
from invoices.models import Invoice
from qbo_sync.models import Connection, Link, Run
from qbo_sync.models.states import RunState, StepState
from qbo_sync.views.old_invoices import NONE_LEFT
from smmware.core.permissions import Level
from tests.factories import AssociateFactory, ClientFactory, InvoiceFactory, InvoiceLineFactory, JobFactory
from tests.integration.qbo_sync.test_copies import (
    choice,
    said,
    text,
)
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.push.conftest import copied
from tests.unit.qbo_sync.push.test_invoices_there import by_hand

pytestmark = pytest.mark.usefixtures("worker")
PAGE = "/quickbooks/link-invoices/"


@pytest.fixture
def old(mapped: Connection) -> Invoice:
    """An old invoice of a client that is linked."""
    job = JobFactory(client=ClientFactory(name="Zoe Young"))
    copied(mapped, job.client)
    invoice = InvoiceFactory(job=job, number="1187", status=Invoice.Status.PAID, date=dt.date(2025, 6, 1))
    InvoiceLineFactory(invoice=invoice, amount=100)
    return invoice


def test_the_page_says_what_it_does_and_of_how_many(old: Invoice, mapped: Connection, office: Client) -> None:
    assert "1 invoice is not linked. There is no go-live date: all of them are looked for." in text(office.get(PAGE))
    Connection.objects.update(go_live_date=dt.date(2025, 6, 1))
    shown = text(office.get(PAGE))
    assert "0 invoices dated before Jun 1, 2025, the go-live date, are not linked." in shown
    assert "Look for" not in shown


def test_the_first_steps_lead_there(old: Invoice, mapped: Connection, office: Client) -> None:
    Connection.objects.update(go_live_date=dt.date(2026, 1, 1))
    page = office.get(reverse("qbo:guide"))
    assert "1 invoice from before stays here." in text(page)
    assert f'href="{PAGE}"' in page.content.decode()


def test_looked_for_shown_and_linked(old: Invoice, mapped: Connection, quickbooks: QuickBooks, office: Client) -> None:
    made = by_hand(quickbooks, old, TxnDate="2025-06-03")

    answer = office.post(PAGE)

    run = Run.objects.get(type=Run.Type.MATCH)
    assert (answer["Location"], run.state) == (run.get_absolute_url(), RunState.DONE)
    page = office.get(run.get_absolute_url())
    assert "Finished. 1 of 1 record settled: 1 needs your choice." in text(page)
    listed = text(office.get(reverse("qbo:run_choices", args=[run.pk])))
    assert "Invoice 1187 · Zoe Young Invoice 1187 · Jun 3, 2025 · $100.00 · Zoe Young" in listed
    assert "Dated Jun 3, 2025 there, Jun 1, 2025 here" in listed
    assert "Back to the search" in listed
    step = run.steps.get()
    choices = text(office.get(choice(step)))
    assert "Here Number 1187 Date Jun 1, 2025 For whom Zoe Young Total $100.00" in choices
    assert "Exact The same number, the same total, the same client" in choices
    assert "create a new one" not in choices.lower()
    assert "Earlier searches" in text(office.get(PAGE))

    office.post(choice(step, "choice_link"), {"candidate": f"Invoice:{made}"})

    step.refresh_from_db()
    assert (step.state, Link.objects.get(invoice=old).qbo_id) == (StepState.LINKED, made)
    assert said(office.post(PAGE))[-1] == NONE_LEFT


def test_a_new_one_is_not_created_by_a_search(
    old: Invoice, mapped: Connection, quickbooks: QuickBooks, office: Client
) -> None:
    by_hand(quickbooks, old)
    office.post(PAGE)
    step = Run.objects.get(type=Run.Type.MATCH).steps.get()

    assert office.post(choice(step, "choice_create")).status_code == 404

    step.refresh_from_db()
    assert step.state == StepState.NEEDS_CHOICE
    office.post(choice(step, "choice_leave_out"))
    step.refresh_from_db()
    assert step.state == StepState.LEFT_OUT


@pytest.mark.parametrize("state", [Connection.State.RECONNECT, Connection.State.DISCONNECTED])
def test_not_connected_nothing_is_looked_for(state: str, old: Invoice, mapped: Connection, office: Client) -> None:
    is_active = state == Connection.State.RECONNECT
    Connection.objects.update(state=state, is_active=is_active, access_token="", refresh_token="")

    assert office.get(PAGE).status_code == 200
    assert office.post(PAGE)["Location"] == reverse("qbo:connect")
    assert not Run.objects.filter(type=Run.Type.MATCH).exists()


def test_nobody_else_looks_for_them(
    old: Invoice, mapped: Connection, client_for: Callable[[Associate | None], Client]
) -> None:
    owner = client_for(AssociateFactory(level=Level.COMPANY_OWNER, qbo_admin=False))

    assert owner.post(PAGE).status_code == 403
    assert client_for(None).post(PAGE).status_code == 302
    assert not Run.objects.filter(type=Run.Type.MATCH).exists()
