"""Customers become clients, vendors organizations, employees associates (manual, “Importing Initial Data”).

Each list says which of ours its rows may be, and how one of ours is made from a row.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet

from associates.models import Associate
from clients.models import Address, Client
from organizations.models import Organization
from qbo_sync.directory.rows import Row, is_active, text
from qbo_sync.entities import COPIED
from qbo_sync.matching import Sought, sought
from qbo_sync.models import Entity, Kind
from qbo_sync.pull.fitting import Fitting, unmarked
from qbo_sync.pull.lists import Made

OWN_COMPANY = "“{name}” is your own company here, which is never a customer."
INQUIRY = "It is still an inquiry here: promote it to a client."
CONTRACTOR = "“{name}” is a contractor here and an employee at QuickBooks: change one of the two."
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Ours:
    """A record of ours that a row may be.

    Args:
        sought: how it is compared with a row.
        obstacle: why it cannot be linked to a row of this list, as a sentence; "" where it can.
        note: what is to be known where it is linked.
    """

    kind: Kind
    pk: int
    name: str
    version: int
    sought: Sought
    obstacle: str = ""
    note: str = ""


class PeopleList(ABC):
    """One of the three lists of names. A plan is made for it before anything is imported."""

    entity: ClassVar[Entity]
    new: ClassVar[Mapping[Kind, str]]  # what a row may become, and how a person is offered that; the usual one first

    @property
    def usual(self) -> Kind:
        """What a row becomes unless somebody says otherwise."""
        return next(iter(self.new))

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What a row may be linked to."""
        return tuple(self.new)

    def is_job(self, row: Row) -> bool:
        """Whether the row is a sub-customer of another."""
        return False

    def records(self, kind: Kind) -> QuerySet[Any]:
        """Our records of this kind that a row may be, with what they are compared by."""
        return COPIED[kind].records()

    def ours(self, kind: Kind, records: QuerySet[Any]) -> Iterable[Ours]:
        """Each of these records as a row is compared with it."""
        for record in records.order_by("pk").iterator(CHUNK):
            obstacle, note = self.remarks(record)
            yield Ours(kind, record.pk, str(record), record.version, sought(record), obstacle, note)

    def remarks(self, record: Any) -> tuple[str, str]:
        """Why this record cannot be linked, and what is to be known where it is; "" for nothing."""
        return "", ""

    @abstractmethod
    def make(self, kind: Kind, row: Row) -> Made:
        """A new record of ours of this kind."""


class Clients(PeopleList):
    """Customer → Client, of stage client (qbo-api.md §8.1)."""

    entity = Entity.CUSTOMER
    new = MappingProxyType({Kind.CLIENT: "New client"})

    def is_job(self, row: Row) -> bool:
        return row.get("Job") is True or bool(text(row, "ParentRef", "value"))

    def remarks(self, record: Client) -> tuple[str, str]:
        obstacle = OWN_COMPANY.format(name=record.name) if record.is_own_company else ""
        return obstacle, INQUIRY if record.is_inquiry else ""

    def make(self, kind: Kind, row: Row) -> Made:
        fitting = Fitting(row)
        client = Client(
            name=fitting.display_name(255),
            first_name=fitting.text("GivenName", label="first name", length=100),
            last_name=fitting.text("FamilyName", label="last name", length=100),
            company_name=fitting.text("CompanyName", label="company", length=100),
            stage=Client.Stage.CLIENT,
            email=fitting.email(),
            phone=fitting.text("PrimaryPhone", "FreeFormNumber", label="phone number", length=30),
            mobile=fitting.text("Mobile", "FreeFormNumber", label="mobile number", length=30),
            notes=fitting.text("Notes", label="notes", length=4000),
            is_active=is_active(row),
        )
        addresses = _addresses(fitting)
        client.current_addresses = addresses  # type: ignore[attr-defined]  # as it is read to be copied
        return Made(client, belongings=addresses, owner="client", note=fitting.note)


def _addresses(fitting: Fitting) -> list[Address]:
    """The client's current address. One without a street is none that movers can use."""
    street = fitting.street()
    if not street:
        return []
    return [
        Address(
            designation=Address.Designation.CURRENT,
            line1=fitting.cut(street[0], label="street address", length=255),
            line2=fitting.cut(", ".join(street[1:]), label="second line of the address", length=255),
            **fitting.town(),
        )
    ]


class Vendors(PeopleList):
    """Vendor → Organization, or an associate who is a contractor (qbo-api.md §8.2)."""

    entity = Entity.VENDOR
    new = MappingProxyType({Kind.ORGANIZATION: "New organization", Kind.ASSOCIATE: "New contractor associate"})

    def records(self, kind: Kind) -> QuerySet[Any]:
        found = super().records(kind)
        return found.filter(kind=Associate.Kind.CONTRACTOR) if kind == Kind.ASSOCIATE else found

    def make(self, kind: Kind, row: Row) -> Made:
        if kind == Kind.ASSOCIATE:
            return associate(row, Associate.Kind.CONTRACTOR)
        fitting = Fitting(row)
        organization = Organization(
            name=fitting.display_name(255),
            phone=fitting.text("PrimaryPhone", "FreeFormNumber", label="phone number", length=30),
            email=fitting.email(),
            website=fitting.website(),
            address=fitting.cut(", ".join(fitting.street()), label="street address", length=255),
            notes=fitting.text("Notes", label="notes", length=2000),
            is_active=is_active(row),
            **fitting.town(),
        )
        return Made(organization, fitting.note)


class Associates(PeopleList):
    """Employee → Associate (qbo-api.md §8.3)."""

    entity = Entity.EMPLOYEE
    new = MappingProxyType({Kind.ASSOCIATE: "New associate"})

    def records(self, kind: Kind) -> QuerySet[Any]:
        return super().records(kind).exclude(kind=Associate.Kind.VEHICLE)

    def remarks(self, record: Associate) -> tuple[str, str]:
        is_contractor = record.kind == Associate.Kind.CONTRACTOR
        return CONTRACTOR.format(name=record.name) if is_contractor else "", ""

    def make(self, kind: Kind, row: Row) -> Made:
        return associate(row, Associate.Kind.EMPLOYEE)


def associate(row: Row, kind: Associate.Kind) -> Made:
    """An associate who cannot sign in until somebody assigns a username and password."""
    fitting = Fitting(row)
    first, last = _given_and_family(row)
    person = Associate(
        first_name=fitting.cut(first, label="first name", length=100),
        middle_name=fitting.text("MiddleName", label="middle name", length=100),
        last_name=fitting.cut(last, label="last name", length=100),
        kind=kind,
        email=fitting.email(),
        phone=fitting.text("PrimaryPhone", "FreeFormNumber", label="phone number", length=20),
        address=fitting.cut(", ".join(fitting.street()), label="street address", length=255),
        hired_on=fitting.day("HiredDate", label="hire date"),
        username=None,
        password=make_password(None),
        is_active=is_active(row),
        **fitting.town(),
    )
    return Made(person, fitting.note)


def _given_and_family(row: Row) -> tuple[str, str]:
    """First and last name; of a row that has neither, the display name's last word is the last name."""
    first, last = text(row, "GivenName"), text(row, "FamilyName")
    if first or last:
        return first, last
    *given, family = unmarked(text(row, "DisplayName")).split()
    return " ".join(given), family
