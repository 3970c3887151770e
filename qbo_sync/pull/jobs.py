"""Sub-customers as jobs of their client: of which client, and whether one of its jobs is meant."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from clients.models import Job
from qbo_sync.directory import plain_name
from qbo_sync.directory.rows import text
from qbo_sync.entities.names import BETWEEN
from qbo_sync.matching import Sure
from qbo_sync.models import Connection, Entity, ImportRow, Kind, Link, NameRecord, Outcome, Run
from qbo_sync.pull import answers
from qbo_sync.pull.fitting import Fitting, unmarked
from qbo_sync.pull.lists import Made

CHUNK = 1000
NAME_LENGTH = 100
DEEPEST = 5  # a parent and four levels below it (qbo-api.md §8.1)
NEW_JOB = "A sub-customer of “{client}”."
SAME_JOB = "A sub-customer of “{client}”, who has a job of this name here."
TWO_JOBS = "A sub-customer of “{client}”, who has several jobs of this name here. Choose, or it is left alone."


def plan(planned: ImportRow, *, parent_id: str) -> None:
    """A sub-customer before the whole list is known: a new job, of whatever is above it."""
    planned.parent_id, planned.answer = parent_id, answers.new(Kind.JOB)


def settle(run: Run) -> None:
    """Find each sub-customer's client at QuickBooks, and among that client's jobs here the one that it is.

    The number of queries grows with thousands of sub-customers only. Call it inside the lease's transaction.
    """
    rows = run.rows.filter(is_job=True, is_open=True).order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    if not ids:
        return
    above = _above(run.connection)
    for start in range(0, len(ids), CHUNK):
        chunk = list(rows.filter(pk__in=ids[start : start + CHUNK]))
        _settle(run, chunk, above)
        ImportRow.objects.bulk_update(chunk, ["parent_id", "answer", "note", "candidates", "values", "outcome"])


def _above(connection: Connection) -> dict[str, tuple[str, str]]:
    """Parent and name of every sub-customer, by QBO ID."""
    below = NameRecord.objects.filter(connection=connection, entity=Entity.CUSTOMER).exclude(parent_id="")
    return {qbo_id: (parent, name) for qbo_id, parent, name in below.values_list("qbo_id", "parent_id", "display_name")}


def _settle(run: Run, rows: Sequence[ImportRow], above: Mapping[str, tuple[str, str]]) -> None:
    for row in rows:
        row.parent_id, path = _client_and_path(row, above)
        row.values = {**row.values, "DisplayName": path}
    clients = _clients(run, {row.parent_id for row in rows})
    jobs = _jobs(run.connection, set(clients.values()))
    tops = NameRecord.objects.filter(connection=run.connection, qbo_id__in={row.parent_id for row in rows})
    called = dict(tops.values_list("qbo_id", "display_name"))
    for row in rows:
        client = clients.get(row.parent_id, 0)
        names = (row.values["DisplayName"], row.name)
        found = next((jobs[client, plain_name(name)] for name in names if (client, plain_name(name)) in jobs), [])
        if row.answer != answers.LEAVE_OUT:
            _match(row, found, called.get(row.parent_id, row.parent_id))
            row.outcome = answers.outcome(row.answer) if run.with_jobs else Outcome.LEFT


def _client_and_path(row: ImportRow, above: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """The QBO ID of the customer at the top, and what the job is called below it: “Spring move – Kitchen”."""
    top, names = row.parent_id, [unmarked(row.name)]
    for _ in range(DEEPEST):
        if top not in above:
            break
        top, name = above[top]
        names.insert(0, unmarked(name))
    return top, BETWEEN.join(name.rpartition(BETWEEN)[2] for name in names)  # a copy puts its client's name in front


def _clients(run: Run, tops: Collection[str]) -> dict[str, int]:
    """Our clients that these customers are linked with, or will be by this import."""
    links = Link.objects.filter(connection=run.connection, entity=Entity.CUSTOMER, qbo_id__in=tops)
    linked = dict(links.exclude(client=None).values_list("qbo_id", "client_id"))
    to_link = run.rows.filter(qbo_id__in=tops, answer__startswith=f"{answers.LINK}:").values_list("qbo_id", "answer")
    planned = {qbo_id: key[1] for qbo_id, answer in to_link if (key := answers.linked_with(answer))}
    return {**planned, **{str(qbo_id): pk for qbo_id, pk in linked.items() if pk}}


def _jobs(connection: Connection, clients: Collection[int]) -> dict[tuple[int, str], list[Job]]:
    """The jobs of these clients that are not linked yet, by client and name."""
    linked = Link.objects.filter(connection=connection, job__isnull=False).values("job")
    found: dict[tuple[int, str], list[Job]] = defaultdict(list)
    for job in Job.objects.filter(client__in=clients).exclude(pk__in=linked).order_by("pk"):
        found[job.client_id, plain_name(job.name)].append(job)
    return found


def _match(row: ImportRow, jobs: Sequence[Job], client: str) -> None:
    row.candidates = [_candidate(job) for job in jobs]
    if len(jobs) == 1:
        row.answer = answers.link(Kind.JOB, jobs[0].pk)
    elif jobs:
        row.answer = ""
    row.note = {0: NEW_JOB, 1: SAME_JOB}.get(len(jobs), TWO_JOBS).format(client=client)


def _candidate(job: Job) -> dict[str, Any]:
    return {
        "kind": Kind.JOB.value, "pk": job.pk, "name": job.name, "version": job.version, "sure": Sure.EXACT.value,
        "why": "The same name, of the same client", "differs": "", "obstacle": "", "note": "",
    }  # fmt: skip


def clients_of(connection: Connection, rows: Iterable[ImportRow]) -> dict[str, Link]:
    """The links of the clients that these sub-customers belong to, by QBO ID; no query where there are none."""
    tops = {row.parent_id for row in rows if row.is_job}
    if not tops:
        return {}
    links = Link.objects.filter(connection=connection, entity=Entity.CUSTOMER, qbo_id__in=tops, client__isnull=False)
    return {str(link.qbo_id): link for link in links.select_related("client")}


def make(row: ImportRow, client: Link) -> Made:
    """A new job of the client that its sub-customer belongs to."""
    fitting = Fitting(row.values)
    name = fitting.cut(text(row.values, "DisplayName"), label="name", length=NAME_LENGTH)
    status = Job.Status.CLOSED if row.is_inactive else Job.Status.OPEN
    return Made(Job(client=client.client, name=name, status=status), fitting.note)
