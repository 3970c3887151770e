"""Hours that an invoice covers must not be offered for billing a second time (design.md §4, “Never billed twice”).

Hours that were copied as billable before a flat invoice covered them, or before a person matched their invoice with the
one at QuickBooks, are not billable any more. They are looked at when a run ends, a thousand in one query, and those
that still are billable at QuickBooks are changed there: as often as it is done, it comes to the same.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db.models import Q
from django.utils import timezone

from invoices.models import Invoice, InvoiceLine
from qbo_sync.api import query
from qbo_sync.api.batch import MAX_ITEMS, Item, batch_body
from qbo_sync.api.company import CompanyClient
from qbo_sync.api.errors import Outcome, QboError
from qbo_sync.models import Attempt, Entity, Kind, Link, Run
from qbo_sync.models.states import AttemptState, StepState
from qbo_sync.push.differences import note
from qbo_sync.push.transmit import in_time
from qbo_sync.runs.lease import Lease
from qbo_sync.runs.moves import move_attempt

ROUNDS = 3  # of looking and changing: somebody may edit the same hours at QuickBooks
CHUNK = 1000  # qbo-api.md §3: rows in one answer
STILL_BILLABLE = (
    "At QuickBooks, but hours that it covers still show as billable there: {count}. "
    "Set them to not billable in QuickBooks before anybody bills them there again."
)


def cover(run: Run, client: CompanyClient, lease: Lease) -> None:
    """Make the hours that this run's invoices cover not billable. Raises QboError where QuickBooks cannot be asked."""
    covered = _covered(run)
    ids = sorted({qbo_id for each in covered.values() for qbo_id in each})
    billable = _billable(client, ids, lease)
    for _ in range(ROUNDS):
        if not billable:
            return
        for start in range(0, len(billable), MAX_ITEMS):
            _change(run, billable[start : start + MAX_ITEMS], client, lease)
        billable = _billable(client, ids, lease)
    left = {row["Id"] for row in billable}
    for invoice_id, qbo_ids in covered.items():
        if count := len(left.intersection(qbo_ids)):
            note(_invoices(run).filter(record_id=invoice_id), STILL_BILLABLE.format(count=count))


def _invoices(run: Run) -> Any:
    return run.steps.filter(kind=Kind.INVOICE, state__in=(StepState.DONE, StepState.LINKED))


def _covered(run: Run) -> dict[int, list[str]]:
    """By invoice the QBO IDs of the hours that it bills without being linked with them at QuickBooks."""
    invoices = _invoices(run).values("record_id")
    matched = Link.objects.filter(connection=run.connection, invoice__in=invoices).exclude(origin=Link.Origin.PUSHED)
    credited = Link.objects.filter(connection=run.connection, invoice__in=invoices, entity=Entity.CREDIT_MEMO)
    refused = _invoices(run).filter(without_links=True).values("record_id")
    without_link = (
        Q(covered=True)
        | Q(invoice__kind=Invoice.Kind.FLAT)
        | Q(invoice__in=matched.values("invoice"))
        | Q(invoice__in=credited.values("invoice"))
        | Q(invoice__in=refused)
    )
    lines = InvoiceLine.objects.filter(without_link, invoice__in=invoices, hour_entry__isnull=False)
    copied = lines.filter(hour_entry__qbo_links__connection=run.connection, hour_entry__qbo_links__qbo_id__isnull=False)
    found: dict[int, list[str]] = {}
    for invoice_id, qbo_id in copied.values_list("invoice_id", "hour_entry__qbo_links__qbo_id"):
        found.setdefault(invoice_id, []).append(str(qbo_id))
    return found


def _billable(client: CompanyClient, ids: Sequence[str], lease: Lease) -> list[Mapping[str, Any]]:
    """What of these time activities QuickBooks would still offer for billing, as it keeps them now."""
    pages = (
        client.query(
            query.select(Entity.TIME_ACTIVITY, where=f"Id IN {query.one_of(ids[start : start + CHUNK])}", limit=CHUNK)
        ).rows
        for start in range(0, len(ids), CHUNK)
    )
    return [row for page in lease.while_reading(pages) for row in page if row.get("BillableStatus") == "Billable"]


def _change(run: Run, rows: Sequence[Mapping[str, Any]], client: CompanyClient, lease: Lease) -> None:
    """Change up to 30 in one request, written down before it is sent. What became of it is seen by the next look."""
    body = batch_body([Item(row["Id"], Entity.TIME_ACTIVITY, _not_billable(row), "update") for row in rows])
    _aside(lease, lambda: client.throttle.acquire("batch"))
    with lease.transaction(sending=True):
        attempt = Attempt.objects.create(
            run=run, request_id=str(uuid.uuid4()), body=body, lease_number=lease.number, sent_at=timezone.now()
        )
    try:
        _aside(lease, in_time(client, attempt))
    except QboError as error:
        lost = error.outcome == Outcome.UNKNOWN
        with lease.transaction():
            move_attempt(attempt, AttemptState.UNKNOWN if lost else AttemptState.NOT_DONE)
        if not lost:
            raise
    else:
        with lease.transaction():
            move_attempt(attempt, AttemptState.ANSWERED, answered_at=timezone.now())


def _aside(lease: Lease, call: Callable[[], object]) -> None:
    """A call in another thread; the claim is kept up meanwhile."""
    with ThreadPoolExecutor(1, thread_name_prefix="qbo-covering") as sender:
        lease.wait_for(sender.submit(call))


def _not_billable(row: Mapping[str, Any]) -> dict[str, Any]:
    """The change alone, with what QuickBooks demands on every write of a time activity (qbo-api.md §8.7)."""
    kept = {name: row[name] for name in ("Id", "SyncToken", "NameOf", "EmployeeRef", "VendorRef") if name in row}
    return {**kept, **dict(_duration(row)), "sparse": True, "BillableStatus": "NotBillable"}


def _duration(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    names = ("StartTime", "EndTime") if row.get("StartTime") else ("Hours", "Minutes")
    return ((name, row[name]) for name in names if name in row)
