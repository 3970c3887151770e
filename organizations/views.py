"""Organizations and contacts: looked up by everybody, kept by Team Leads and up."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from organizations.forms import ContactForm, OrganizationForm
from organizations.listings import ContactsHere, contacts_for, manages, organizations_for
from organizations.models import Contact, Organization
from smmware.core.display import dial, link, write_to, yes_no
from smmware.core.extensions import Action, Panel
from smmware.core.listings import ListingView
from smmware.core.permissions import Area
from smmware.core.records import RecordCreateView, RecordDeleteView, RecordUpdateView, RecordView
from smmware.core.tables import table_panel


class OrganizationListView(ListingView):
    listing_key = "organizations"


class OrganizationView(RecordView):
    area = Area.ORGANIZATIONS
    listing_key = "organizations"
    object: Organization

    def get_queryset(self) -> QuerySet[Organization]:
        return organizations_for(self.request.user)

    def facts(self) -> list[tuple[str, Any]]:
        us = self.object
        return [
            ("Category", us.category or "Uncategorized"),
            ("Phone", dial(us.phone)),
            ("E-mail", write_to(us.email)),
            ("Website", us.website),
            ("Address", us.postal_address),
            ("Active", yes_no(us.is_active)),
            ("Notes", us.notes),
        ]

    def own_actions(self) -> list[Action]:
        if not manages(self.request.user):
            return []
        add_contact = f"{reverse('organizations:add_contact')}?organization={self.object.pk}"
        return [
            Action("Edit", reverse("organizations:edit", args=[self.object.pk]), method="get"),
            Action("Add contact", add_contact, method="get"),
            Action("Delete", reverse("organizations:delete", args=[self.object.pk]), method="get"),
        ]

    def own_panels(self) -> list[Panel]:
        table = ContactsHere(self.object.contacts.all(), orderable=False)
        return [table_panel("Contacts", table, "There is no contact at this organization yet.")]


class OrganizationFormMixin:
    area = Area.ORGANIZATIONS
    model = Organization
    form_class: Any = OrganizationForm
    listing_key = "organizations"


class OrganizationCreateView(OrganizationFormMixin, RecordCreateView):
    title = "Add organization"


class OrganizationUpdateView(OrganizationFormMixin, RecordUpdateView):
    title = "Edit organization"


class OrganizationDeleteView(RecordDeleteView):
    area = Area.ORGANIZATIONS
    model = Organization
    listing_key = "organizations"


class ContactListView(ListingView):
    listing_key = "contacts"


class ContactView(RecordView):
    area = Area.ORGANIZATIONS
    listing_key = "contacts"
    object: Contact

    def get_queryset(self) -> QuerySet[Contact]:
        return contacts_for(self.request.user)

    def facts(self) -> list[tuple[str, Any]]:
        contact = self.object
        return [
            ("Organization", link(contact.organization)),
            ("Category", contact.category or "Uncategorized"),
            ("Title", contact.title),
            ("Phone", dial(contact.phone)),
            ("E-mail", write_to(contact.email)),
            ("Favorites", contact.favorites),
        ]

    def own_actions(self) -> list[Action]:
        if not manages(self.request.user):
            return []
        pages = (("Edit", "edit_contact"), ("Delete", "delete_contact"))
        return [
            Action(label, reverse(f"organizations:{page}", args=[self.object.pk]), method="get")
            for label, page in pages
        ]


class ContactFormMixin:
    area = Area.ORGANIZATIONS
    model = Contact
    form_class: Any = ContactForm
    listing_key = "contacts"


class ContactCreateView(ContactFormMixin, RecordCreateView):
    title = "Add contact"

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "organization": self.request.GET.get("organization")}


class ContactUpdateView(ContactFormMixin, RecordUpdateView):
    title = "Edit contact"


class ContactDeleteView(RecordDeleteView):
    area = Area.ORGANIZATIONS
    model = Contact
    listing_key = "contacts"
