"""What may be done with a copy: the records are changed and it is updated, or all of it is taken back."""

from collections.abc import Callable
from random import Random

from associates.models import Associate
from clients.models import Client
from qbo_sync.models import Connection, Kind, Run
from qbo_sync.push.reversing import plan_reversal
from qbo_sync.push.updating import plan_update
from tests.faults.chaos.audit import Audit, Findings
from tests.faults.chaos.office import Office

Afterwards = Callable[[Office, list[Run], Associate, Random], list[Run]]


def updated(office: Office, copies: list[Run], person: Associate, random: Random) -> list[Run]:
    """Change some clients, hours and expenses, and plan “Update QBO” for them, kind by kind."""
    clients = Client.objects.filter(jobs__in={invoice.job_id for invoice in office.asked[Kind.INVOICE]}).distinct()
    changes = {
        Kind.CLIENT: (list(clients), "phone", "(608) 555-0199"),
        Kind.HOUR_ENTRY: (office.asked[Kind.HOUR_ENTRY], "description", "Packing, as agreed later"),
        Kind.EXPENSE_ENTRY: (office.asked[Kind.EXPENSE_ENTRY], "amount", "12.34"),
    }
    runs = []
    for kind, (records, name, value) in changes.items():
        chosen = random.sample(records, (len(records) + 1) // 2)
        for record in chosen:
            setattr(record, name, value)
            record.save()
        runs.append(_plan_update(office.connection, kind, {record.pk for record in chosen}, person))
    return runs


def _plan_update(connection: Connection, kind: Kind, ids: set[int], person: Associate) -> Run:
    title = f"Update QBO: {kind.plural}"
    return plan_update(connection=connection, kind=kind, ids=ids, actor=person, title=title, back_url="")


def taken_back(office: Office, copies: list[Run], person: Associate, random: Random) -> list[Run]:
    """Plan “Reverse this run”."""
    return [plan_reversal(run=run, actor=person) for run in copies]


def drawn(random: Random, copies: list[Run]) -> tuple[Afterwards | None, Callable[[Audit], Findings]]:
    """What is done with the copies of a round, and what of the books is right then; None for nothing.

    Two copies may have made parts of each other's records, so they are not taken back.
    """
    what = random.choice((None, updated, taken_back if len(copies) == 1 else updated))
    return what, Audit.findings_when_taken_back if what is taken_back else Audit.findings
