"""Clients and jobs, to choose from in forms and filters."""

from typing import Any

from django.db.models import QuerySet

from clients.access import views_clients, views_jobs
from clients.models import Client, Job
from smmware.core.pickers import Source


def clients_in_use() -> QuerySet[Client]:
    """The clients for whom there may be new jobs."""
    return Client.objects.clients().filter(is_active=True)


def _clients(person: Any) -> QuerySet[Client]:
    return Client.objects.clients() if views_clients(person) else Client.objects.none()


def _clients_in_use(person: Any) -> QuerySet[Client]:
    return clients_in_use() if views_clients(person) else Client.objects.none()


def _jobs(person: Any) -> QuerySet[Job]:
    return Job.objects.select_related("client") if views_jobs(person) else Job.objects.none()


SOURCES = (
    Source("clients", _clients, ("name", "company_name")),
    Source("clients-in-use", _clients_in_use, ("name", "company_name")),
    Source("jobs", _jobs, ("name", "client__name")),
)
