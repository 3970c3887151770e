"""The office of a round: who works there and what they did, drawn from the round's seed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from django.core.files.base import ContentFile
from django.db import models, transaction

from associates.models import Associate
from clients.models import Job
from hours.models import HourEntry, PaidFrom
from invoices.models import Invoice, InvoiceSettings
from qbo_sync.models import Connection, Kind
from tests.factories import (
    DAY,
    AssociateFactory,
    ClientFactory,
    CompanyFactory,
    ExpenseCategoryFactory,
    ExpenseEntryFactory,
    FlatFeeFactory,
    HourEntryFactory,
    InvoiceFactory,
    InvoiceLineFactory,
    JobFactory,
    MileageEntryFactory,
    OrganizationFactory,
    PaymentFactory,
)
from tests.faults.chaos.company import Company
from tests.quickbooks import connected, map_everything


@dataclass
class Office:
    """What somebody would press “QBO Add All” for; everything else is brought along."""

    connection: Connection
    asked: dict[Kind, list[Any]] = field(default_factory=dict)

    def ids(self, kind: Kind) -> set[int]:
        return {record.pk for record in self.asked[kind]}


def owner() -> Associate:
    """Who connects and presses the buttons, in a company that records payments here."""
    CompanyFactory(integration="qbo")
    InvoiceSettings.objects.update_or_create(singleton=True, defaults={"payments_at": "here"})
    return AssociateFactory(first_name="Olivia", last_name="Owner", qbo_admin=True)


def connect(company: Company, person: Associate, random: Random) -> Connection:
    """The connection to new books; that to the books of the round before is over."""
    Connection.objects.update(is_active=False, state="disconnected", access_token=None, refresh_token=None)
    connection = connected(company, person)
    connection.jobs_are_customers = random.random() < 0.3
    connection.save()
    map_everything(connection, company)
    return connection


def filled(company: Company, person: Associate, random: Random) -> Office:
    """An office with everything that can be copied, all of it new."""
    with transaction.atomic():
        category = ExpenseCategoryFactory()
        office = Office(connect(company, person, random))
        people = _people(random)
        jobs = [JobFactory(client=ClientFactory()) for _ in range(random.randint(4, 9))]
        hours = _hours(random, jobs, people)
        miles = [_made(MileageEntryFactory, random, jobs, people) for _ in range(random.randint(6, 12))]
        office.asked = {
            Kind.HOUR_ENTRY: hours,
            Kind.MILEAGE_ENTRY: miles,
            Kind.EXPENSE_ENTRY: _expenses(random, jobs, people, category),
            Kind.INVOICE: _invoices(random, jobs, hours, miles),
        }
    return office


def _people(random: Random) -> list[Associate]:
    kinds = [Associate.Kind.EMPLOYEE] * random.randint(2, 4) + [Associate.Kind.CONTRACTOR] * random.randint(1, 2)
    return [AssociateFactory(kind=kind) for kind in kinds]


def _made(factory: Any, random: Random, jobs: Sequence[Job], people: Sequence[Associate], **values: Any) -> Any:
    day = DAY + dt.timedelta(days=random.randrange(20))
    return factory(job=random.choice(jobs), associate=random.choice(people), date=day, **values)


def _hours(random: Random, jobs: Sequence[Job], people: Sequence[Associate]) -> list[HourEntry]:
    """Some of them twins, alike in every field that is sent."""
    made: list[HourEntry] = []
    for number in range(random.randint(50, 120)):
        if made and random.random() < 0.15:
            twin = random.choice(made)
            alike = {name: getattr(twin, name) for name in ("job", "associate", "date", "minutes", "description")}
            made.append(HourEntryFactory(**alike))
        else:
            values = {"minutes": random.randrange(15, 480, 15), "description": f"Packing, part {number}"}
            made.append(_made(HourEntryFactory, random, jobs, people, **values))
    return made


def _expenses(random: Random, jobs: Sequence[Job], people: Sequence[Associate], category: Any) -> list[models.Model]:
    vendors = [OrganizationFactory() for _ in range(random.randint(1, 3))]
    return [
        _made(
            ExpenseEntryFactory, random, jobs, people, category=category, amount=_money(random),
            vendor=random.choice([None, *vendors]), paid_from=random.choice(PaidFrom.values),
            receipt=ContentFile(f"Boxes {number}".encode(), name="boxes.txt") if random.random() < 0.3 else "",
        )
        for number in range(random.randint(8, 16))
    ]  # fmt: skip


def _money(random: Random) -> Decimal:
    return Decimal(random.randrange(100, 50_000)) / 100


def _invoices(random: Random, jobs: Sequence[Job], hours: Sequence[HourEntry], miles: Sequence[Any]) -> list[Invoice]:
    """Itemized, flat and negative ones; some hours and miles are billed by none."""
    made = []
    for job in jobs:
        left = [entry for entry in hours if entry.job_id == job.pk]
        driven = [entry for entry in miles if entry.job_id == job.pk]
        random.shuffle(left)
        for _ in range(random.randint(1, 3)):
            taken, left = left[:4], left[4:]
            make = random.choice((_itemized, _itemized, _flat, _negative))
            made.append(make(random, job, taken, driven.pop() if driven else None))
    return made


def _invoice(job: Job, **values: Any) -> Invoice:
    return InvoiceFactory(job=job, status=Invoice.Status.FINALIZED, **values)


def _itemized(random: Random, job: Job, hours: Sequence[HourEntry], miles: Any, *, paid: bool = True) -> Invoice:
    invoice = _invoice(job)
    fee = FlatFeeFactory(job=job, associate=hours[0].associate if hours else AssociateFactory(), amount=_money(random))
    InvoiceLineFactory(invoice=invoice, position=1, flat_fee=fee, quantity=None, rate=None, amount=fee.amount)
    for position, entry in enumerate(hours, 2):
        InvoiceLineFactory(
            invoice=invoice, position=position, hour_entry=entry, quantity=entry.hours, rate=entry.charge_rate,
            amount=entry.charge_amount,
        )  # fmt: skip
    if miles and miles.charge_amount:
        InvoiceLineFactory(
            invoice=invoice, position=40, mileage_entry=miles, quantity=miles.miles, rate=miles.charge_rate,
            amount=miles.charge_amount,
        )  # fmt: skip
    if paid and random.random() < 0.5:
        PaymentFactory(invoice=invoice, amount=Decimal("0.50"))
    return invoice


def _flat(random: Random, job: Job, hours: Sequence[HourEntry], miles: Any) -> Invoice:
    """One amount; the hours stand below it at no charge."""
    invoice = _invoice(job, kind=Invoice.Kind.FLAT)
    InvoiceLineFactory(invoice=invoice, position=1, amount=_money(random), quantity=None, rate=None)
    for position, entry in enumerate(hours, 2):
        InvoiceLineFactory(
            invoice=invoice, position=position, hour_entry=entry, covered=True, amount=0, quantity=None, rate=None
        )
    return invoice


def _negative(random: Random, job: Job, hours: Sequence[HourEntry], miles: Any) -> Invoice:
    """What becomes a credit memo: its hours cannot be linked there, and are set to not billable at the end."""
    invoice = _itemized(random, job, hours, miles, paid=False)
    invoice.adjustment = -invoice.total - _money(random)
    invoice.save()
    return invoice
