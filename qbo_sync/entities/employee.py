"""Associate → Employee, or for a contractor → Vendor (qbo-api.md §8.3)."""

from django.db.models import QuerySet
from quickbooks.objects.employee import Employee
from quickbooks.objects.vendor import Vendor

from associates.models import Associate
from qbo_sync.entities.base import Context, Copied, Obstacle
from qbo_sync.entities.names import address, clean_name, email, phone
from qbo_sync.entities.vendor import contractor
from qbo_sync.models import Entity, Kind, Reason

PHONE_LENGTH = 20


class CopiedAssociate(Copied):
    kind = Kind.ASSOCIATE
    is_name = True

    def records(self) -> QuerySet[Associate]:
        return Associate.objects.all()

    def entity(self, record: Associate) -> Entity:
        return Entity.VENDOR if record.kind == Associate.Kind.CONTRACTOR else Entity.EMPLOYEE

    def never(self, record: Associate, context: Context) -> Obstacle | None:
        what = "A vehicle is not copied: QuickBooks has no list for it."
        return Obstacle(what, Reason.NOT_COPIED) if record.is_vehicle else None

    def obstacle(self, record: Associate, context: Context) -> Obstacle | None:
        if self.entity(record) == Entity.EMPLOYEE and not (
            clean_name(record.first_name) and clean_name(record.last_name)
        ):
            return Obstacle("QuickBooks wants an employee's first and last name.", Reason.NAME)
        what = "The associate has no name that QuickBooks accepts."
        return None if clean_name(record.name) else Obstacle(what, Reason.NAME)

    def body(self, record: Associate, context: Context) -> Employee | Vendor:
        return contractor(record) if self.entity(record) == Entity.VENDOR else _employee(record)


def _employee(record: Associate) -> Employee:
    employee = Employee()
    employee.GivenName = clean_name(record.first_name)
    employee.MiddleName = clean_name(record.middle_name)
    employee.FamilyName = clean_name(record.last_name)
    employee.DisplayName = clean_name(record.name)
    employee.PrimaryEmailAddr = email(record.email)
    employee.PrimaryPhone = phone(record.phone, PHONE_LENGTH)
    employee.PrimaryAddr = address(record.address, "", record.city, record.state, record.postal_code)
    employee.HiredDate = record.hired_on.isoformat() if record.hired_on else None
    return employee
