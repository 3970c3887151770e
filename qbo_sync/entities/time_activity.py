"""Hours → TimeActivity (qbo-api.md §8.7, §9)."""

from collections.abc import Collection, Sequence

from django.db.models import QuerySet
from quickbooks.objects.timeactivity import TimeActivity

from associates.models import Associate
from hours.models import HourEntry
from invoices.models import Invoice, InvoiceLine
from qbo_sync.entities.base import Context, Copied, Key, Obstacle, customers_of, jobs, missing, of_an_inquiry, ref
from qbo_sync.entities.outline import outlines
from qbo_sync.models import Entity, Kind, Purpose, Reason

DESCRIPTION_LENGTH = 4000


class CopiedHours(Copied):
    kind = Kind.HOUR_ENTRY
    shared = {"job": jobs, "associate": Associate.objects.all}

    def records(self) -> QuerySet[HourEntry]:
        return HourEntry.objects.select_related("job__client", "associate", "line__invoice")

    def outline(self, ids: Collection[int]) -> list[HourEntry]:
        rows = HourEntry.objects.filter(pk__in=ids)
        return outlines(rows, "id", "version", "date", "minutes", "job_id", "associate_id")

    def entity(self, record: HourEntry) -> Entity:
        return Entity.TIME_ACTIVITY

    def never(self, record: HourEntry, context: Context) -> Obstacle | None:
        if record.associate.is_vehicle:
            return Obstacle("The hours of a vehicle are not copied.", Reason.NOT_COPIED)
        return context.too_early(record.date)

    def obstacle(self, record: HourEntry, context: Context) -> Obstacle | None:
        return of_an_inquiry(record.job.client) or missing(context, Purpose.HOURS_ITEM)

    def needs(self, record: HourEntry) -> Sequence[Key]:
        associate = (Kind.ASSOCIATE, record.associate_id)
        return (associate, *customers_of(record.job))

    def refers_to(self, record: HourEntry) -> Sequence[Key]:
        line = line_of(record)
        return (*self.needs(record), (Kind.INVOICE, line.invoice_id)) if line else self.needs(record)

    def minutes(self, record: HourEntry) -> int:
        return record.minutes

    def body(self, record: HourEntry, context: Context) -> TimeActivity:
        activity = TimeActivity()
        activity.TxnDate = record.date.isoformat()
        activity.Hours, activity.Minutes = divmod(record.minutes, 60)
        activity.Description = record.description[:DESCRIPTION_LENGTH]
        activity.ItemRef = ref(context.item_for(Purpose.HOURS_ITEM, Purpose.JOB_CODE_ITEM, record.job_code_id))
        _name(activity, record, context)
        activity.ClassRef, activity.DepartmentRef = context.class_ref(), context.location_ref()
        if customer := context.customer_of(record.job):
            activity.CustomerRef = ref(customer)
        if is_billable(record, context):
            activity.BillableStatus, activity.HourlyRate = "Billable", record.charge_rate
        else:
            activity.BillableStatus = "NotBillable"
        return activity


def _name(activity: TimeActivity, record: HourEntry, context: Context) -> None:
    """Employee or Vendor: what the associate is at QuickBooks, not what it is here today, decides."""
    link = context.links[Kind.ASSOCIATE, record.associate_id]
    activity.NameOf = link.entity
    reference = ref(str(link.qbo_id))
    if link.entity == Entity.VENDOR:
        activity.VendorRef = reference
    else:
        activity.EmployeeRef = reference


def line_of(record: HourEntry) -> InvoiceLine | None:
    """The invoice line that bills these hours, None where they are not billed yet."""
    return getattr(record, "line", None)


def is_billable(record: HourEntry, context: Context) -> bool:
    """Whether QuickBooks may bill these hours to the client (design.md §4, “Never billed twice”).

    Hours under a flat invoice are billed by its amount, and hours on an invoice that is at QuickBooks already, or never
    will be, must not be offered to the bookkeeper a second time.
    """
    if not record.billable or not record.charge_rate or record.job.client.is_own_company:
        return False
    line = line_of(record)
    if line is None:
        return True
    invoice = line.invoice
    covered = line.covered or invoice.kind == Invoice.Kind.FLAT
    return not (covered or context.before_go_live(invoice.date) or context.qbo_id(Kind.INVOICE, invoice.pk))
