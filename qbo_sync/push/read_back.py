"""Whether QuickBooks really marked the hours of copied invoices as billed (design.md §4, “Never billed twice”).

Asked once when a run ends, a thousand hours in one query, and said on the invoice where it is not so: hours that still
look billable could be billed a second time by hand.
"""

from collections.abc import Iterator, Sequence

from qbo_sync.api import query
from qbo_sync.api.company import CompanyClient
from qbo_sync.models import Entity, Kind, Run, Step
from qbo_sync.models.states import StepState
from qbo_sync.push.attempts import sent_bodies
from qbo_sync.push.differences import note
from qbo_sync.runs.lease import Lease

CHUNK = 1000  # qbo-api.md §3: rows in one answer
BILLED = "HasBeenBilled"


def read_back(run: Run, client: CompanyClient, lease: Lease) -> None:
    """Read the hours that this run's invoices bill. Raises QboError where QuickBooks cannot be asked."""
    linked = dict(_linked_hours(run))
    activities = [activity for ids in linked.values() for activity in ids]
    billed: set[str] = set()
    for start in range(0, len(activities), CHUNK):
        billed |= _billed(client, activities[start : start + CHUNK])
        lease.beat()
    for step_id, ids in linked.items():
        if missing := sum(activity not in billed for activity in ids):
            note(Step.objects.filter(pk=step_id), _sentence(missing))


def _linked_hours(run: Run) -> Iterator[tuple[int, list[str]]]:
    """For each copied invoice's step the ids of the time activities that were sent with it."""
    copied = run.steps.filter(kind=Kind.INVOICE, state=StepState.DONE)
    done = set(copied.values_list("pk", flat=True))
    for attempt in run.attempts.filter(steps__in=copied).distinct().iterator(chunk_size=50):
        for step_id, body in sent_bodies(attempt).items():
            ids = [link["TxnId"] for link in body.get("LinkedTxn", ()) if link["TxnType"] == Entity.TIME_ACTIVITY]
            if step_id in done and ids:
                yield step_id, ids


def _billed(client: CompanyClient, ids: Sequence[str]) -> set[str]:
    where = f"Id IN {query.one_of(ids)}"
    rows = client.query(query.select(Entity.TIME_ACTIVITY, where=where, limit=CHUNK)).rows
    return {row["Id"] for row in rows if row.get("BillableStatus") == BILLED}


def _sentence(missing: int) -> str:
    hours = "one of its hour entries" if missing == 1 else f"{missing} of its hour entries"
    return (
        f"Copied, but QuickBooks does not show {hours} as billed. "
        "Look at the invoice in QuickBooks before anybody bills them there again."
    )
