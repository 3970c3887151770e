"""Invoices that somebody made at QuickBooks by hand: looked for before ours is sent, and for old ones on request.

Read are the documents dated near ours, in pages, and those that bear one of our numbers, five hundred numbers in one
query; or simply all documents, where that takes no more requests. They grow with what is at QuickBooks, not with a
record each: somebody waits for the first that is copied.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from invoices.models import Invoice
from qbo_sync.api import query
from qbo_sync.api.company import CompanyClient
from qbo_sync.entities import Key
from qbo_sync.matching.invoices import SAME_NUMBER, InvoiceRow, InvoicesThere, SoughtInvoice, window
from qbo_sync.matching.judging import Judged, Sure
from qbo_sync.models import Connection, FoundDocument, Kind, Link, RuledOut, Step
from qbo_sync.models.states import StepState
from qbo_sync.push.candidates import MOST_OFFERED
from qbo_sync.push.context import CHUNK, links_of
from qbo_sync.push.documents import found_document
from qbo_sync.runs.lease import Lease
from qbo_sync.runs.moves import move_steps

NUMBERS = 500  # in one query
ASK = "QuickBooks has an invoice that this may already be. Choose it, or create a new one."
Rows: TypeAlias = Iterator[Sequence[Mapping[str, Any]]]
Offered: TypeAlias = list[tuple[InvoiceRow, Judged]]


class Search:
    """A search for the invoices of these steps. QuickBooks is asked from the start, while others work on."""

    def __init__(self, connection: Connection, steps: Sequence[Step], client: CompanyClient, lease: Lease) -> None:
        self._connection = connection
        self._sought = {
            entity: _sought(connection, [step for step in steps if step.entity == entity])
            for entity in sorted({step.entity for step in steps})
        }
        self._pages = {
            entity: lease.while_reading(_read(client, entity, list(sought.values())))
            for entity, sought in self._sought.items()
            if sought
        }

    def found(self) -> dict[Step, Offered]:
        """What may be the invoice of each step, the likeliest first; nothing linked, nothing ruled out.

        Raises QboError where QuickBooks cannot be read.
        """
        found: dict[Step, Offered] = {}
        for entity, pages in self._pages.items():
            sought = self._sought[entity]
            there = InvoicesThere(sought.values())
            for page in pages:
                for row in page:
                    there.add(row)
            found |= {step: there.candidates(each) for step, each in sought.items()}
        return _without_settled(self._connection, found)


def _sought(connection: Connection, steps: Sequence[Step]) -> dict[Step, SoughtInvoice]:
    """The invoices of these steps as far as they are still here: two queries for 2,000 of them."""
    sought: dict[Step, SoughtInvoice] = {}
    for start in range(0, len(steps), CHUNK):
        by_id = {step.record_id: step for step in steps[start : start + CHUNK]}
        columns = ("pk", "number", "date", "total_amount", "job_id", "job__client_id", "job__client__name")
        rows = list(Invoice.objects.with_total().filter(pk__in=by_id).order_by().values_list(*columns))
        customers = _customers(connection, {(row[4], row[5]) for row in rows})
        for pk, number, date, total, job, client, name in rows:
            sought[by_id[pk]] = SoughtInvoice(number, abs(total), date, name, customers.get((job, client), frozenset()))
    return sought


def _customers(connection: Connection, jobs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], frozenset[str]]:
    """By job and client the QBO IDs that invoices of them may be for."""
    jobs = list(jobs)
    keys: set[Key] = {(Kind.JOB, job) for job, _ in jobs} | {(Kind.CLIENT, client) for _, client in jobs}
    ids = {key: link.qbo_id for key, link in links_of(connection, keys).items() if link.qbo_id}
    return {
        (job, client): frozenset(ids[key] for key in ((Kind.JOB, job), (Kind.CLIENT, client)) if key in ids)
        for job, client in jobs
    }


def _read(client: CompanyClient, entity: str, sought: Sequence[SoughtInvoice]) -> Rows:
    numbers = sorted({each.number for each in sought if each.number.isascii()})  # no other may stand in a statement
    if len(numbers) > NUMBERS and client.count(entity) <= query.MAX_RESULTS * len(numbers) // NUMBERS:
        yield from client.pages(entity)
        return
    first, last = window(sought)
    yield from client.pages(entity, f"TxnDate >= {query.day(first)} AND TxnDate <= {query.day(last)}")
    for start in range(0, len(numbers), NUMBERS):
        where = f"DocNumber IN {query.one_of(numbers[start : start + NUMBERS])}"
        yield client.query(query.select(entity, where=where)).rows


def _without_settled(connection: Connection, found: Mapping[Step, Offered]) -> dict[Step, Offered]:
    """Without what is linked, what somebody ruled out, and what may be another invoice of ours.

    That is one whose number another of ours bears; and, where QuickBooks numbers by itself, one like a copy of another
    whose answer is still awaited: it may have arrived a moment ago.
    """
    rows = [row for offered in found.values() for row, _ in offered]
    taken, numbers = _taken(connection, rows), _our_numbers(rows)
    awaited = _awaited(connection)
    said = RuledOut.objects.filter(connection=connection, kind=Kind.INVOICE)
    ruled_out = set(said.values_list("record_id", "entity", "qbo_id"))

    def is_free(step: Step, row: InvoiceRow, verdict: Judged) -> bool:
        at_qbo = (step.entity, str(row.row["Id"]))
        others = SAME_NUMBER not in verdict.why and (row.number in numbers or (row.customer, row.total) in awaited)
        return not others and at_qbo not in taken and (step.record_id, *at_qbo) not in ruled_out

    return {
        step: [(row, verdict) for row, verdict in offered if is_free(step, row, verdict)][:MOST_OFFERED]
        for step, offered in found.items()
    }


def _taken(connection: Connection, rows: Sequence[InvoiceRow]) -> set[tuple[str, str]]:
    """Entity and QBO ID of those that are linked."""
    ids = sorted({str(row.row["Id"]) for row in rows})
    taken: set[tuple[str, str]] = set()
    for start in range(0, len(ids), CHUNK):
        links = Link.objects.filter(connection=connection, qbo_id__in=ids[start : start + CHUNK])
        taken |= {(entity, str(qbo_id)) for entity, qbo_id in links.values_list("entity", "qbo_id")}
    return taken


def _our_numbers(rows: Sequence[InvoiceRow]) -> set[str]:
    """Those of their numbers that invoices of ours bear."""
    numbers = sorted({row.number for row in rows if row.number})
    ours: set[str] = set()
    for start in range(0, len(numbers), CHUNK):
        ours.update(Invoice.objects.filter(number__in=numbers[start : start + CHUNK]).values_list("number", flat=True))
    return ours


def _awaited(connection: Connection) -> set[tuple[str, Decimal]]:
    """Customer and total of each invoice that is being copied, or whose answer was lost."""
    reserved = Link.objects.filter(connection=connection, invoice__isnull=False, qbo_id__isnull=True)
    invoices = Invoice.objects.with_total().filter(pk__in=reserved.values("invoice")).order_by()
    rows = list(invoices.values_list("total_amount", "job_id", "job__client_id"))
    customers = _customers(connection, {(job, client) for _, job, client in rows}) if rows else {}
    return {(customer, abs(total)) for total, *job in rows for customer in customers[job[0], job[1]]}


def ask(search: Search, lease: Lease) -> None:
    """Those of the steps whose invoice is likely at QuickBooks already wait for a person's choice."""
    doubtful = {
        step: offered
        for step, offered in search.found().items()
        if any(each.how_sure != Sure.POSSIBLE for _, each in offered)
    }
    with lease.transaction():
        offer(doubtful, ASK)


def offer(found: Mapping[Step, Offered], message: str) -> None:
    """Keep what was found for the person who chooses. Call it inside the lease's transaction."""
    documents = [_found(step, row, verdict) for step, offered in found.items() for row, verdict in offered]
    FoundDocument.objects.bulk_create(documents, batch_size=1000, ignore_conflicts=True)
    ids = [step.pk for step in found]
    for start in range(0, len(ids), CHUNK):
        move_steps(ids[start : start + CHUNK], StepState.NEEDS_CHOICE, message=message, mend="match")


def _found(step: Step, row: InvoiceRow, verdict: Judged) -> FoundDocument:
    document = found_document(step, row.row)
    document.how_sure = verdict.how_sure
    document.why = ", ".join(verdict.why)[:200]
    document.differs = "; ".join(verdict.differs)[:500]
    return document
