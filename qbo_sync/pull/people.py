"""Customers become clients, vendors organizations, employees associates (manual, “Importing Initial Data”)."""

from collections.abc import Iterable

from django.contrib.auth.hashers import make_password

from associates.models import Associate
from clients.models import Address, Client
from organizations.models import Organization
from qbo_sync.directory.rows import Row, text
from qbo_sync.models import Entity, Kind
from qbo_sync.pull.fitting import Fitting
from qbo_sync.pull.lists import LinkedList, Made, Ours

SUB_CUSTOMER = "It is a sub-customer, which SMMware does not import."
OWN_COMPANY = "“{name}” is your own company here, which is never a customer."
INQUIRY = "It is still an inquiry here: promote it to a client."


class Clients(LinkedList):
    """Customer → Client, of stage client (qbo-api.md §8.1)."""

    entity = Entity.CUSTOMER
    kind = Kind.CLIENT
    in_directory = True

    def left_out(self, row: Row) -> str:
        if reason := super().left_out(row):
            return reason
        return SUB_CUSTOMER if row.get("Job") is True or text(row, "ParentRef", "value") else ""

    def ours(self, kind: Kind, after: int) -> Iterable[Ours]:
        rows = Client.objects.filter(pk__gt=after).values_list("pk", "name", "stage", "is_own_company")
        for pk, name, stage, own in rows:
            note = INQUIRY if stage == Client.Stage.INQUIRY else ""
            yield Ours(kind, pk, name, OWN_COMPANY.format(name=name) if own else "", note)

    def make(self, row: Row) -> Made:
        fitting = Fitting(row)
        client = Client(
            name=fitting.text("DisplayName", label="name", length=255),
            first_name=fitting.text("GivenName", label="first name", length=100),
            last_name=fitting.text("FamilyName", label="last name", length=100),
            company_name=fitting.text("CompanyName", label="company", length=100),
            stage=Client.Stage.CLIENT,
            email=fitting.email(),
            phone=fitting.text("PrimaryPhone", "FreeFormNumber", label="phone number", length=30),
            mobile=fitting.text("Mobile", "FreeFormNumber", label="mobile number", length=30),
            notes=fitting.text("Notes", label="notes", length=4000),
        )
        return Made(client, belongings=_addresses(fitting), owner="client", note=fitting.note)


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


class Vendors(LinkedList):
    """Vendor → Organization; one who bears the name of a contractor is that associate (qbo-api.md §8.2)."""

    entity = Entity.VENDOR
    kind = Kind.ORGANIZATION
    kinds = (Kind.ORGANIZATION, Kind.ASSOCIATE)
    in_directory = True

    def ours(self, kind: Kind, after: int) -> Iterable[Ours]:
        if kind == Kind.ASSOCIATE:
            contractors = Associate.objects.filter(pk__gt=after, kind=Associate.Kind.CONTRACTOR)
            return [Ours(kind, contractor.pk, contractor.name) for contractor in contractors]
        rows = Organization.objects.filter(pk__gt=after).values_list("pk", "name")
        return [Ours(kind, pk, name) for pk, name in rows]

    def make(self, row: Row) -> Made:
        fitting = Fitting(row)
        organization = Organization(
            name=fitting.text("DisplayName", label="name", length=255),
            phone=fitting.text("PrimaryPhone", "FreeFormNumber", label="phone number", length=30),
            email=fitting.email(),
            website=fitting.website(),
            address=fitting.cut(", ".join(fitting.street()), label="street address", length=255),
            notes=fitting.text("Notes", label="notes", length=2000),
            **fitting.town(),
        )
        return Made(organization, fitting.note)


class Associates(LinkedList):
    """Employee → Associate, who cannot sign in until somebody assigns a username and password (qbo-api.md §8.3)."""

    entity = Entity.EMPLOYEE
    kind = Kind.ASSOCIATE
    in_directory = True

    def ours(self, kind: Kind, after: int) -> Iterable[Ours]:
        for person in Associate.objects.filter(pk__gt=after).exclude(kind=Associate.Kind.VEHICLE):
            contractor = person.kind == Associate.Kind.CONTRACTOR
            obstacle = f"“{person}” is a contractor here and an employee at QuickBooks: change one of the two."
            yield Ours(kind, person.pk, person.name, obstacle if contractor else "")

    def make(self, row: Row) -> Made:
        fitting = Fitting(row)
        first, last = _given_and_family(row)
        associate = Associate(
            first_name=fitting.cut(first, label="first name", length=100),
            middle_name=fitting.text("MiddleName", label="middle name", length=100),
            last_name=fitting.cut(last, label="last name", length=100),
            kind=Associate.Kind.EMPLOYEE,
            email=fitting.email(),
            phone=fitting.text("PrimaryPhone", "FreeFormNumber", label="phone number", length=20),
            address=fitting.cut(", ".join(fitting.street()), label="street address", length=255),
            hired_on=fitting.day("HiredDate", label="hire date"),
            username=None,
            password=make_password(None),
            **fitting.town(),
        )
        return Made(associate, fitting.note)


def _given_and_family(row: Row) -> tuple[str, str]:
    """First and last name; of a row that has neither, the display name's last word is the last name."""
    first, last = text(row, "GivenName"), text(row, "FamilyName")
    if first or last:
        return first, last
    *given, family = text(row, "DisplayName").split()
    return " ".join(given), family
