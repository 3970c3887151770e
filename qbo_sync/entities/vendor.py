"""Organization → Vendor, and contractor → Vendor (qbo-api.md §8.2)."""

from django.db.models import QuerySet
from quickbooks.objects.base import WebAddress
from quickbooks.objects.vendor import Vendor

from associates.models import Associate
from organizations.models import Organization
from qbo_sync.entities.base import Context, Copied, Obstacle
from qbo_sync.entities.names import address, clean_name, email, phone
from qbo_sync.models import Entity, Kind, Reason


class CopiedOrganization(Copied):
    kind = Kind.ORGANIZATION
    is_name = True

    def records(self) -> QuerySet[Organization]:
        return Organization.objects.all()

    def entity(self, record: Organization) -> Entity:
        return Entity.VENDOR

    def never(self, record: Organization, context: Context) -> Obstacle | None:
        return None

    def obstacle(self, record: Organization, context: Context) -> Obstacle | None:
        what = "The organization has no name that QuickBooks accepts."
        return None if clean_name(record.name) else Obstacle(what, Reason.NAME)

    def body(self, record: Organization, context: Context) -> Vendor:
        vendor = _vendor(record)
        vendor.DisplayName = vendor.CompanyName = clean_name(record.name)
        if record.website:
            vendor.WebAddr = WebAddress()
            vendor.WebAddr.URI = record.website
        return vendor


def contractor(record: Associate) -> Vendor:
    """The Vendor that a contractor becomes: somebody who bills us, not an employee."""
    vendor = _vendor(record)
    vendor.GivenName = clean_name(record.first_name)
    vendor.MiddleName = clean_name(record.middle_name)
    vendor.FamilyName = clean_name(record.last_name)
    vendor.DisplayName = clean_name(record.name)
    return vendor


def _vendor(record: Organization | Associate) -> Vendor:
    vendor = Vendor()
    vendor.PrimaryEmailAddr = email(record.email)
    vendor.PrimaryPhone = phone(record.phone)
    vendor.BillAddr = address(record.address, "", record.city, record.state, record.postal_code)
    return vendor
