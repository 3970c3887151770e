"""Invoices whose number is taken at QuickBooks (qbo-api.md §7.2, 6140): the next free number is offered."""

from collections.abc import Iterator

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from invoices.billing import next_number
from invoices.models import Invoice
from qbo_sync.api import query
from qbo_sync.api.company import CompanyClient
from qbo_sync.entities import COPIED
from qbo_sync.faults import Mend
from qbo_sync.models import Connection, Kind, Run, Step
from qbo_sync.models.states import StepState
from qbo_sync.push.blocking import go_on, recompute
from qbo_sync.runs.lease import Lease
from qbo_sync.runs.moves import move_steps

TAKEN = "6140"
LOOKED_AT = 200  # numbers from the next of ours on: as many are asked about in one query
OFFER = "The number {number} is free here and there."
SETTLED = "This is settled already."
TAKEN_HERE = "There is an invoice {number} here already: choose another number."


def refused_numbers(run: Run) -> QuerySet[Step]:
    """The invoices of a run that QuickBooks refused for their numbers."""
    return run.steps.filter(kind=Kind.INVOICE, state=StepState.REFUSED, fault_code=TAKEN)


def offer_numbers(run: Run, client: CompanyClient, lease: Lease) -> None:
    """Note a free number on each of them, no two the same. Raises QboError where QuickBooks cannot be asked."""
    steps = list(refused_numbers(run).filter(free_number="").order_by("entity", "position"))
    if not steps:
        return
    used = set(refused_numbers(run).values_list("free_number", flat=True))
    first = int(next_number())
    free = [str(number) for number in range(first, first + LOOKED_AT) if str(number) not in used]
    offers = dict(zip(steps, _free_at_quickbooks(steps, free, client), strict=False))
    with lease.transaction():
        for step, number in offers.items():
            words = f"{step.message} {OFFER.format(number=number)}"
            run.steps.filter(pk=step.pk).update(free_number=number, mend=Mend.NUMBER, message=words)


def _free_at_quickbooks(steps: list[Step], numbers: list[str], client: CompanyClient) -> Iterator[str]:
    """Those of `numbers` that no document at QuickBooks has, of the kinds that these steps are."""
    for entity in {step.entity for step in steps}:
        where = f"DocNumber IN {query.one_of(numbers)}"
        rows = client.query(query.select(entity, where=where, limit=query.MAX_RESULTS)).rows
        taken = {row.get("DocNumber") for row in rows}
        numbers = [number for number in numbers if number not in taken]
    yield from numbers


def renumber(step: Step, number: str) -> str:
    """Give the invoice of a step another number, and let it go once more. Returns "" when done, else what is wrong."""
    try:
        with transaction.atomic(durable=True):
            Connection.objects.select_for_update(no_key=True).get(pk=step.run.connection_id)  # as Lease.hold does
            if not refused_numbers(step.run).filter(pk=step.pk).exists():
                return SETTLED
            invoice = Invoice.objects.select_for_update().get(pk=step.record_id)
            invoice.number = number
            invoice.save(update_fields=["number"])
            entity = COPIED[Kind.INVOICE].entity(invoice)
            move_steps([step.pk], StepState.READY, message="", mend="", fault_code="", free_number="", tries=0)
            Step.objects.filter(pk=step.pk).update(version_seen=invoice.version, entity=entity)
            recompute(step.run)
            go_on(step.run)
    except IntegrityError:
        return TAKEN_HERE.format(number=number)
    return ""
