"""Job → Customer below its client's, where the company has chosen that (qbo-api.md §8.1, “Sub-customer”)."""

from collections.abc import Sequence

from django.db.models import QuerySet
from quickbooks.objects.customer import Customer

from clients.models import Job
from qbo_sync.entities.base import Context, Copied, Key, Obstacle, of_an_inquiry, ref
from qbo_sync.entities.names import clean_name, job_name
from qbo_sync.models import Entity, Kind, Reason


class CopiedJob(Copied):
    """Named with its client's name in front: DisplayName is unique over all customers, not below one of them."""

    kind = Kind.JOB
    is_name = True

    def is_on(self, context: Context) -> bool:
        return context.company.jobs_are_customers

    def records(self) -> QuerySet[Job]:
        return Job.objects.select_related("client")

    def entity(self, record: Job) -> Entity:
        return Entity.CUSTOMER

    def never(self, record: Job, context: Context) -> Obstacle | None:
        if record.client.is_own_company:
            return Obstacle("This is a job of our own company: it is nobody's customer.", Reason.NOT_COPIED)
        what = "Jobs are not copied as sub-customers: the QuickBooks settings say so."
        return None if self.is_on(context) else Obstacle(what, Reason.NOT_COPIED)

    def obstacle(self, record: Job, context: Context) -> Obstacle | None:
        what = "The job has no name that QuickBooks accepts."
        return of_an_inquiry(record.client) or (None if clean_name(record.name) else Obstacle(what, Reason.NAME))

    def needs(self, record: Job) -> Sequence[Key]:
        return ((Kind.CLIENT, record.client_id),)

    def body(self, record: Job, context: Context) -> Customer:
        customer = Customer()
        customer.DisplayName = job_name(record.client.name, record.name)
        customer.Job = True
        customer.ParentRef = ref(str(context.qbo_id(Kind.CLIENT, record.client_id)))
        return customer
