"""Who sees and keeps clients and jobs (domain.md §3). Below Admin there is the base profile: no money, no notes."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from clients.models import Address, Client, Job
from smmware.core.permissions import Access, Area, may


def manages_clients(person: Any) -> bool:
    """Whether this person may add and edit clients, and read all of their profiles."""
    return may(person, Area.CLIENTS, Access.MANAGE)


def views_clients(person: Any) -> bool:
    """Whether this person may read the base profile of clients."""
    return may(person, Area.CLIENTS, Access.VIEW)


def manages_jobs(person: Any) -> bool:
    """Whether this person may add and edit jobs."""
    return may(person, Area.JOBS, Access.MANAGE)


def views_jobs(person: Any) -> bool:
    """Whether this person may read the base profile of jobs."""
    return may(person, Area.JOBS, Access.VIEW)


def sees_charges(person: Any) -> bool:
    """Whether this person may know what clients are charged: whoever reviews invoices does."""
    return may(person, Area.INVOICES, Access.REVIEW)


def clients_for(person: Any) -> QuerySet[Client]:
    """The clients and inquiries that this person may see, with `city` of the current address and `job_count`."""
    if not views_clients(person):
        return Client.objects.none()
    current = Address.objects.filter(client=OuterRef("pk"), designation=Address.Designation.CURRENT)
    return Client.objects.annotate(job_count=Count("jobs"), city=Subquery(current.values("city")[:1]))


def jobs_for(person: Any) -> QuerySet[Job]:
    """The jobs that this person may see."""
    if not views_jobs(person):
        return Job.objects.none()
    return Job.objects.select_related("client").prefetch_related("leads")
