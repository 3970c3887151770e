"""Invoices whose links with hours a company refuses (qbo-api.md §9, “Safe fallback”): they go once more without them.

Never both: without its links an invoice's hours are set to not billable (qbo_sync.push.covering), or are so already
since a flat invoice covered them that was voided. And only where nobody has billed them at QuickBooks, and they are
this client's: others are refused for good reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qbo_sync.api import query
from qbo_sync.api.company import CompanyClient
from qbo_sync.models import Entity, Kind, Run
from qbo_sync.models.states import StepState
from qbo_sync.push.attempts import sent_bodies
from qbo_sync.push.blocking import recompute
from qbo_sync.runs.lease import Lease
from qbo_sync.runs.moves import move_steps

CHUNK = 1000  # qbo-api.md §3: rows in one answer
UNBILLED = ("Billable", "NotBillable")
NOT_TAKEN = ("620", "6000", "2010", "5030")  # cannot be linked, a business rule, an unknown property, not in the plan
AGAIN = "QuickBooks did not take the links with its hours: it goes once more, without them."


def fall_back(run: Run, client: CompanyClient, lease: Lease) -> None:
    """Make these invoices ready to go without links. Raises QboError where QuickBooks cannot be asked."""
    bodies = dict(_refused(run))
    ids = sorted({activity for body in bodies.values() for activity in _hours(body)})
    kept: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(ids), CHUNK):
        where = f"Id IN {query.one_of(ids[start : start + CHUNK])}"
        rows = client.query(query.select(Entity.TIME_ACTIVITY, where=where, limit=CHUNK)).rows
        kept |= {row["Id"]: row for row in rows}
        lease.beat()
    again = [step_id for step_id, body in bodies.items() if _may_be_billed(body, kept)]
    if again:
        with lease.transaction():
            move_steps(again, StepState.READY, without_links=True, message=AGAIN, mend="", fault_code="", tries=0)
            recompute(run)


def _refused(run: Run) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The steps of refused invoices that were sent with links, with their bodies."""
    steps = run.steps.filter(kind=Kind.INVOICE, state=StepState.REFUSED, fault_code__in=NOT_TAKEN, without_links=False)
    for step in steps.select_related("attempt"):
        body = sent_bodies(step.attempt)[step.pk] if step.attempt else {}
        if _hours(body):
            yield step.pk, body


def _hours(body: Mapping[str, Any]) -> Sequence[str]:
    return [link["TxnId"] for link in body.get("LinkedTxn", ()) if link["TxnType"] == Entity.TIME_ACTIVITY]


def _may_be_billed(body: Mapping[str, Any], kept: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether all hours of an invoice are there, billed by nobody, and its customer's: nothing is wrong with them."""
    rows = [kept.get(activity, {}) for activity in _hours(body)]
    customer = body["CustomerRef"]["value"]
    return all(
        row.get("BillableStatus") in UNBILLED and row.get("CustomerRef", {}).get("value") == customer for row in rows
    )
