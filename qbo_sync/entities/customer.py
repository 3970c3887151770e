"""Client → Customer (qbo-api.md §8.1)."""

from collections.abc import Collection

from django.db.models import Prefetch, QuerySet
from quickbooks.objects.customer import Customer

from clients.models import Address, Client
from qbo_sync.entities.base import Context, Copied, Obstacle
from qbo_sync.entities.names import address, clean_name, email, phone
from qbo_sync.models import Entity, Kind, Reason

CURRENT = Prefetch(
    "addresses", Address.objects.filter(designation=Address.Designation.CURRENT), to_attr="current_addresses"
)


class CopiedClient(Copied):
    kind = Kind.CLIENT
    is_name = True

    def records(self) -> QuerySet[Client]:
        return Client.objects.prefetch_related(CURRENT)

    def outline(self, ids: Collection[int]) -> list[Client]:
        return list(Client.objects.filter(pk__in=ids))

    def entity(self, record: Client) -> Entity:
        return Entity.CUSTOMER

    def never(self, record: Client, context: Context) -> Obstacle | None:
        if record.is_own_company:
            return Obstacle("This is our own company: it is nobody's customer.", Reason.NOT_COPIED)
        what = "An inquiry is not copied. Promote it to a client first."
        return Obstacle(what, Reason.INQUIRY) if record.is_inquiry else None

    def obstacle(self, record: Client, context: Context) -> Obstacle | None:
        what = "The client has no name that QuickBooks accepts."
        return None if clean_name(record.name) else Obstacle(what, Reason.NAME)

    def body(self, record: Client, context: Context) -> Customer:
        customer = Customer()
        customer.DisplayName = clean_name(record.name)
        customer.GivenName = clean_name(record.first_name)
        customer.FamilyName = clean_name(record.last_name)
        customer.CompanyName = clean_name(record.company_name)
        customer.PrimaryEmailAddr = email(record.email)
        customer.PrimaryPhone = phone(record.phone)
        customer.Mobile = phone(record.mobile)
        for current in record.current_addresses:  # type: ignore[attr-defined]
            customer.BillAddr = address(current.line1, current.line2, current.city, current.state, current.postal_code)
        return customer
