"""“Link old invoices”: invoices here from before the go-live date, and those that somebody made of them at QuickBooks.

Nothing is sent. QuickBooks' invoices are read under the lease, and what may be one of ours waits for a person: the
exact ones for “Accept all exact”, the near ones with what differs.

What becomes of what such an invoice bills (design.md §4, “Never billed twice”): its hours, miles and expenses get no
link, since nobody knows which entries at QuickBooks they are, if any. Dated before the go-live date they are never
copied. Later ones may still be copied, as time worked and money spent, and then as NotBillable: `is_billable` asks
whether their invoice is linked, and it is. What was copied as billable before is changed to NotBillable as soon as the
invoice is linked (`covering`). Payments up to the day of the link are recorded at QuickBooks, where the invoice was
made, and are not copied (`entities.payment`).
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from associates.models import Associate
from invoices.models import Invoice, InvoiceQuerySet
from qbo_sync.api.company import CompanyClient
from qbo_sync.entities import COPIED
from qbo_sync.models import Connection, Kind, Run, Step
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push.afterwards import close
from qbo_sync.push.invoices_there import Search, offer
from qbo_sync.runs.lease import Lease
from qbo_sync.runs.moves import OPEN_RUNS, move_run, move_steps

TITLE = "Link old invoices"
FOUND = "QuickBooks has an invoice that this may be. Choose it, or leave it as it is."
NOTHING_LIKE_IT = (
    "QuickBooks has no invoice of this number, nor one of this total for this client near this date. If it is there "
    "under another client, match the clients first."
)
NEVER = (Invoice.Status.PRELIMINARY, Invoice.Status.VOIDED)


def unlinked(connection: Connection) -> InvoiceQuerySet:
    """The invoices that are not linked, of before the go-live date; where there is none, all of them."""
    invoices: Any = Invoice.objects.exclude(status__in=NEVER).exclude(job__client__is_own_company=True)
    if connection.go_live_date:
        invoices = invoices.filter(date__lt=connection.go_live_date)
    return invoices.exclude(qbo_links__connection=connection)


def begin(connection: Connection, *, actor: Associate, now: dt.datetime) -> Run | None:
    """Queue the search for all of them; None where there are none. One that goes on already is answered.

    The caller rings for the engine afterwards.
    """
    with transaction.atomic(durable=True):
        Connection.objects.select_for_update(no_key=True).get(pk=connection.pk)  # two tabs at once: one search
        going_on = Run.objects.filter(connection=connection, type=Run.Type.MATCH, state__in=OPEN_RUNS).first()
        invoices = () if going_on else list(unlinked(connection).with_total().select_related("job__client"))
        if not invoices:
            return going_on
        run = Run.objects.create(
            connection=connection, type=Run.Type.MATCH, title=TITLE, state=RunState.QUEUED, asked_by=actor,
            created_at=now, queued_at=now, size=len(invoices),
        )  # fmt: skip
        steps = [_step(run, position, invoice) for position, invoice in enumerate(invoices)]
        Step.objects.bulk_create(steps, batch_size=1000)
    return run


def _step(run: Run, position: int, invoice: Invoice) -> Step:
    copied = COPIED[Kind.INVOICE]
    return Step(
        run=run, position=position, kind=Kind.INVOICE, record_id=invoice.pk, entity=copied.entity(invoice),
        label=copied.label(invoice)[:300], version_seen=invoice.version, amount=invoice.total, state=StepState.READY,
    )  # fmt: skip


def search(run: Run, client: CompanyClient, lease: Lease) -> None:
    """Look for the invoices of a run; then, and after each choice, look after what those that are linked bill.

    Raises QboError where QuickBooks cannot be asked: then the run is taken up again from where it was.
    """
    lease.beat()
    move_run(run, RunState.RUNNING, started_at=run.started_at or timezone.now(), message="")
    steps = list(run.steps.filter(state=StepState.READY).order_by("position"))
    if steps:
        found = Search(run.connection, steps, client, lease).found()
        with lease.transaction():
            offer({step: offered for step, offered in found.items() if offered}, FOUND)
            move_steps(run.steps.filter(state=StepState.READY), StepState.LEFT_OUT, message=NOTHING_LIKE_IT)
    run.refresh_from_db(fields=["state"])
    if run.state in OPEN_RUNS:
        close(run, client, lease)
