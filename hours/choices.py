"""Jobs that one may record on, to choose from."""

from typing import Any

from django.db.models import Q, QuerySet

from clients.models import Job
from hours.access import records
from smmware.core.pickers import Source


def open_jobs(chosen: int | None = None) -> QuerySet[Job]:
    """The jobs that one may record on: all that are not closed, and the one already `chosen` (a primary key)."""
    return Job.objects.filter(~Q(status=Job.Status.CLOSED) | Q(pk=chosen)).select_related("client")


def _open_jobs(person: Any) -> QuerySet[Job]:
    return open_jobs() if records(person) else Job.objects.none()


OPEN_JOBS = Source("open-jobs", _open_jobs, ("name", "client__name"))
