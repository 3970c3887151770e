"""An office with so many records, connected to a company at the simulator that has none of them yet."""

import datetime as dt
import random
from dataclasses import dataclass

from django.utils import timezone

from associates.models import Associate
from bench.served import Simulator
from clients.models import Client, Job
from hours.models import HourEntry
from invoices.models import Invoice, InvoiceLine
from qbo_sync.connection.client import client_for
from qbo_sync.models import Connection, Item, Kind, Mapping, Purpose

DAY = dt.date(2026, 3, 2)


@dataclass(frozen=True)
class Size:
    """How many of each kind. Each invoice bills an equal share of the hours."""

    associates: int
    clients: int
    hours: int
    invoices: int

    @property
    def by_kind(self) -> dict[Kind, int]:
        return {
            Kind.CLIENT: self.clients,
            Kind.ASSOCIATE: self.associates,
            Kind.HOUR_ENTRY: self.hours,
            Kind.INVOICE: self.invoices,
        }

    @property
    def records(self) -> int:
        return sum(self.by_kind.values())

    @property
    def fewest_writes(self) -> int:
        """Batches of 30, kind by kind: no way of copying needs fewer."""
        return sum(-(-count // 30) for count in self.by_kind.values())

    def times(self, factor: int) -> "Size":
        return Size(*(count * factor for count in (self.associates, self.clients, self.hours, self.invoices)))


WHOLE = Size(associates=12, clients=60, hours=2_000, invoices=500)
PART = Size(associates=12, clients=60, hours=182, invoices=46)  # 300, of which saving one by one is measured


def connected(simulator: Simulator) -> Connection:
    """An active connection, by somebody who may have asked for it, to a company that nobody has spoken to before."""
    realm = str(random.SystemRandom().randrange(10**15, 10**16))
    simulator.ask("POST", "/_simulator/companies", {"realm_id": realm, "name": "Bench Books"})
    tokens, now = simulator.ask("POST", "/_simulator/tokens", {"realm_id": realm}), timezone.now()
    owner = Associate.objects.create(first_name="Olivia", last_name="Owner", username="owner", qbo_admin=True)
    connection = Connection.objects.create(
        environment="simulator", realm_id=realm, state="connected", is_active=True, connected_by=owner,
        access_token=tokens["access_token"], refresh_token=tokens["refresh_token"], connected_at=now,
        access_expires_at=now + dt.timedelta(hours=1), refresh_expires_at=now + dt.timedelta(days=100),
    )  # fmt: skip
    _map(connection)
    return connection


def _map(connection: Connection) -> None:
    with client_for(connection) as client:
        row = client.query("select * from Item where Type = 'Service'").rows[0]
    item = Item.objects.create(
        connection=connection, qbo_id=row["Id"], name=row["Name"], full_name=row["Name"], type="Service"
    )
    for purpose in Purpose:
        if purpose.takes_item and not purpose.owner:
            Mapping.objects.create(connection=connection, purpose=purpose, item=item)


def fill(size: Size) -> None:
    """Make the records."""
    people = Associate.objects.bulk_create(
        Associate(first_name="Ann", last_name=f"Associate {place:04}", username=None)
        for place in range(size.associates)
    )
    clients = Client.objects.bulk_create(
        Client(name=f"Bench Client {place:04}", stage="client") for place in range(size.clients)
    )
    jobs = Job.objects.bulk_create(Job(name="Move", client=client) for client in clients)
    _bill(jobs, _work(jobs, people, size), size)


def _work(jobs: list[Job], people: list[Associate], size: Size) -> list[HourEntry]:
    """Hours: those of one invoice follow each other, on one job, by different associates."""
    each = -(-size.hours // size.invoices)
    return HourEntry.objects.bulk_create(
        (
            HourEntry(
                job=jobs[place // each % len(jobs)], associate=people[place % len(people)], date=DAY, minutes=90,
                description=f"Packing, part {place}", charge_rate=65,
            )
            for place in range(size.hours)
        ),
        batch_size=2_000,
    )  # fmt: skip


def _bill(jobs: list[Job], entries: list[HourEntry], size: Size) -> None:
    each = -(-size.hours // size.invoices)
    made = Invoice.objects.bulk_create(
        (
            Invoice(job=jobs[place % len(jobs)], number=str(1001 + place), status="finalized", date=DAY)
            for place in range(size.invoices)
        ),
        batch_size=2_000,
    )
    InvoiceLine.objects.bulk_create(
        (
            InvoiceLine(invoice=invoice, position=line, quantity="1.50", rate=65, amount="97.50", hour_entry=entry)
            for place, invoice in enumerate(made)
            for line, entry in enumerate(entries[each * place : each * (place + 1)], 1)
        ),
        batch_size=2_000,
    )


def asked() -> dict[Kind, set[int]]:
    """What “QBO Add All” on the invoices asks for: the invoices; all else is brought along."""
    return {Kind.INVOICE: set(Invoice.objects.values_list("pk", flat=True))}


def missing_or_doubled(connection: Connection, size: Size) -> str:
    """What QuickBooks holds in the end, where that is not each record once; else ""."""
    with client_for(connection) as client:
        there = {
            "associates": client.count("Employee", "DisplayName LIKE 'Ann Associate%'"),
            "clients": client.count("Customer", "DisplayName LIKE 'Bench Client%'"),
            "hours": client.count("TimeActivity"),
            "invoices": client.count("Invoice", "DocNumber >= '1001'"),
        }
    wrong = [
        f"{count} of {getattr(size, kind)} {kind}" for kind, count in there.items() if count != getattr(size, kind)
    ]
    return f"QuickBooks holds {', '.join(wrong)}." if wrong else ""
