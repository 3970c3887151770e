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
        if not clean_name(record.name):
            return Obstacle("The associate has no name that QuickBooks accepts.", Reason.NAME)
        return self._on_the_payroll(record, context)

    def _on_the_payroll(self, record: Associate, context: Context) -> Obstacle | None:
        """What QuickBooks Payroll wants of an employee besides a name (qbo-api.md §8.3)."""
        wanted = {"city": record.city, "state": record.state, "ZIP code": record.postal_code}
        missing = [name for name, value in wanted.items() if not value]
        if not missing or not context.company.has_payroll or self.entity(record) != Entity.EMPLOYEE:
            return None
        what = f"QuickBooks Payroll wants an employee's address. Missing: {', '.join(missing)}."
        return Obstacle(what, Reason.ADDRESS)

    def body(self, record: Associate, context: Context) -> Employee | Vendor:
        return contractor(record) if self.entity(record) == Entity.VENDOR else _employee(record, context)


def _employee(record: Associate, context: Context) -> Employee:
    employee = Employee()
    employee.GivenName = clean_name(record.first_name)
    employee.MiddleName = clean_name(record.middle_name)
    employee.FamilyName = clean_name(record.last_name)
    if not context.company.has_payroll:  # QuickBooks Payroll composes it by itself, of the same parts (§8.3)
        employee.DisplayName = clean_name(record.name)
    employee.PrimaryEmailAddr = email(record.email)
    employee.PrimaryPhone = phone(record.phone, PHONE_LENGTH)
    employee.PrimaryAddr = address(record.address, "", record.city, record.state, record.postal_code)
    employee.HiredDate = record.hired_on.isoformat() if record.hired_on else None
    return employee
