"""Jobs that may be invoiced, to choose from."""

from typing import Any

from django.db.models import QuerySet

from clients.models import Client, Job
from invoices.listings import manages
from smmware.core.pickers import Source


def billable_jobs() -> QuerySet[Job]:
    """The jobs that may be invoiced: those of clients, not our own overhead."""
    jobs = Job.objects.filter(client__stage=Client.Stage.CLIENT, client__is_own_company=False)
    return jobs.exclude(type__in=Job.OVERHEAD).select_related("client")


def _billable_jobs(person: Any) -> QuerySet[Job]:
    return billable_jobs() if manages(person) else Job.objects.none()


BILLABLE_JOBS = Source("billable-jobs", _billable_jobs, ("name", "client__name"))
