"""Organizations and contacts, to choose from in forms and filters."""

from typing import Any

from django.db.models import QuerySet

from organizations.listings import views
from organizations.models import Contact, Organization
from smmware.core.pickers import Source


def _organizations(person: Any) -> QuerySet[Organization]:
    return Organization.objects.all() if views(person) else Organization.objects.none()


def _contacts(person: Any) -> QuerySet[Contact]:
    contacts = Contact.objects.select_related("organization")
    return contacts if views(person) else contacts.none()


SOURCES = (
    Source("organizations", _organizations, ("name", "city")),
    Source("contacts", _contacts, ("first_name", "last_name", "organization__name")),
)
