"""Search from anywhere: clients, jobs, invoices, people, organizations and contacts, as far as one may see them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.views.generic import TemplateView

from associates.listing import visible_to
from associates.models import Associate
from clients.access import views_clients, views_jobs
from clients.models import Client, Job
from invoices.listings import reviews
from invoices.models import Invoice
from organizations.listings import views as views_organizations
from organizations.models import Contact, Organization
from smmware.core.filters import with_every_word
from smmware.core.listings import listing_url
from smmware.core.permissions import Access, Area, may

SHOWN = 8  # of each kind; the listing has the rest
SHORTEST = 2  # letters: a single one is in nearly every name


@dataclass(frozen=True)
class Source:
    """A kind of record that can be found.

    Args:
        title: what its group of results is called.
        listing: the key of the listing that has all of them, filtered by the same words.
        fields: where each word may stand.
        records: those that a person may see; answers none() where that is nothing. Without figures: they would be
            computed for every record that is looked at.
        detail: what is said of a record besides its name.
    """

    title: str
    listing: str
    fields: tuple[str, ...]
    records: Callable[[Any], QuerySet]
    detail: Callable[[Any], str]

    def find(self, person: Any, query: str) -> list[Any]:
        """The first records that have every word, one more than are shown where there are more."""
        return list(with_every_word(self.records(person), self.fields, query)[: SHOWN + 1])


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _clients(person: Any, stage: str) -> QuerySet:
    return Client.objects.filter(stage=stage) if views_clients(person) else Client.objects.none()


def _jobs(person: Any) -> QuerySet:
    return Job.objects.select_related("client") if views_jobs(person) else Job.objects.none()


def _invoices(person: Any) -> QuerySet:
    return Invoice.objects.select_related("job__client") if reviews(person) else Invoice.objects.none()


def _people(person: Any) -> QuerySet:
    return visible_to(person) if may(person, Area.ASSOCIATES, Access.VIEW) else Associate.objects.none()


def _organizations(person: Any) -> QuerySet:
    return Organization.objects.all() if views_organizations(person) else Organization.objects.none()


def _contacts(person: Any) -> QuerySet:
    contacts = Contact.objects.select_related("organization")
    return contacts if views_organizations(person) else contacts.none()


def _of_client(client: Client) -> str:
    return _joined(client.phone, client.email)


SOURCES = (
    Source("Clients", "clients", ("name", "email", "phone", "mobile"), lambda person: _clients(person, "client"),
           _of_client),
    Source("Inquiries", "inquiries", ("name", "email", "phone", "mobile"), lambda person: _clients(person, "inquiry"),
           _of_client),
    Source("Jobs", "jobs", ("name", "client__name"), _jobs, lambda job: job.get_status_display()),
    Source("Invoices", "invoices", ("number", "job__name", "job__client__name"), _invoices,
           lambda invoice: _joined(str(invoice.job), invoice.get_status_display())),
    Source("Associates", "associates", ("first_name", "middle_name", "last_name", "email", "phone"), _people,
           lambda person: _joined(person.phone, person.email)),
    Source("Organizations", "organizations", ("name", "email", "phone", "city"), _organizations,
           lambda organization: _joined(organization.city, organization.phone)),
    Source("Contacts", "contacts", ("first_name", "last_name", "organization__name", "email", "phone"), _contacts,
           lambda contact: _joined(str(contact.organization or ""), contact.phone)),
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """What was found of one kind: name, address and detail of each, and where the rest is ("" for none)."""

    title: str
    results: list[tuple[str, str, str]]
    rest_url: str


def search(person: Any, query: str) -> list[Group]:
    """What `person` may see of what has every word of `query`; one query per kind that they may see."""
    groups = [_group(source, source.find(person, query), query) for source in SOURCES]
    return [group for group in groups if group.results]


def _group(source: Source, found: list[Any], query: str) -> Group:
    results = [(str(record), record.get_absolute_url(), source.detail(record)) for record in found[:SHOWN]]
    rest = f"{listing_url(source.listing)}?{urlencode({'q': query})}" if len(found) > SHOWN else ""
    return Group(source.title, results, rest)


class SearchView(TemplateView):
    """The page of results; everybody who is signed in may search among what they may see."""

    template_name = "office/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = " ".join(self.request.GET.get("q", "").split())[:100]
        too_short = len(query.replace(" ", "")) < SHORTEST
        groups = [] if too_short else search(self.request.user, query)
        return super().get_context_data(query=query, too_short=too_short, groups=groups, **kwargs)
