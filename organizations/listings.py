"""The “Organization Manager” and the contacts."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from organizations.models import Category, Contact, Organization
from smmware.core.extensions import Action
from smmware.core.filters import SearchFilter, YesNoFilter
from smmware.core.listings import Listing
from smmware.core.permissions import Access, Area, may
from smmware.core.pickers import Picker
from smmware.core.sections import may_change_settings
from smmware.core.tables import ActiveColumn, FigureColumn, OfficeTable, PhoneColumn

UNCATEGORIZED = "uncategorized"


def manages(person: Any) -> bool:
    """Whether this person may add and edit organizations and contacts."""
    return may(person, Area.ORGANIZATIONS, Access.MANAGE)


def views(person: Any) -> bool:
    """Whether this person may look organizations and contacts up."""
    return may(person, Area.ORGANIZATIONS, Access.VIEW)


def organizations_for(person: Any) -> QuerySet[Organization]:
    """The organizations that this person may see, with the number of their contacts."""
    if not views(person):
        return Organization.objects.none()
    return Organization.objects.select_related("category").annotate(contact_count=Count("contacts"))


def contacts_for(person: Any) -> QuerySet[Contact]:
    """The contacts that this person may see."""
    return Contact.objects.select_related("organization", "category") if views(person) else Contact.objects.none()


class CategoryFilter(django_filters.ModelChoiceFilter):
    """One category, or those that have none: imported vendors arrive so."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Category.objects.all(), empty_label="Any category", null_label="Uncategorized",
            null_value=UNCATEGORIZED, **kwargs,
        )  # fmt: skip


class OrganizationTable(OfficeTable):
    name = tables.Column(linkify=True, verbose_name="Organization")
    category = tables.Column(default="Uncategorized")
    phone = PhoneColumn()
    email = tables.EmailColumn(verbose_name="E-mail")
    city = tables.Column()
    contact_count = FigureColumn(verbose_name="Contacts")
    is_active = ActiveColumn()

    class Meta(OfficeTable.Meta):
        model = Organization
        fields = ("name", "category", "phone", "email", "city", "contact_count", "is_active")
        sequence = fields


class OrganizationFilter(django_filters.FilterSet):
    q = SearchFilter(fields=("name", "email", "phone", "city", "notes"), label="Search")
    category = CategoryFilter()
    active = YesNoFilter(field_name="is_active", label="Active")


class ContactTable(OfficeTable):
    name = tables.Column(linkify=True, order_by=("last_name", "first_name"), verbose_name="Contact")
    organization = tables.Column(linkify=True)
    category = tables.Column(default="Uncategorized")
    title = tables.Column()
    phone = PhoneColumn()
    email = tables.EmailColumn(verbose_name="E-mail")

    class Meta(OfficeTable.Meta):
        model = Contact
        fields = ("name", "organization", "category", "title", "phone", "email")
        sequence = fields


class ContactsHere(ContactTable):
    """The contacts of one organization, on its page."""

    class Meta(ContactTable.Meta):
        exclude = ("organization", "category")


class CategoryTable(OfficeTable):
    name = tables.Column(linkify=True, verbose_name="Category")
    organization_count = FigureColumn(verbose_name="Organizations")
    contact_count = FigureColumn(verbose_name="Contacts")

    class Meta(OfficeTable.Meta):
        model = Category
        fields = ("name", "organization_count", "contact_count")
        sequence = fields


class CategoriesFilter(django_filters.FilterSet):
    q = SearchFilter(fields=("name",), label="Search")


def categories_for(person: Any) -> QuerySet[Category]:
    """The categories, for those who change Settings, with the number of organizations and contacts in each."""
    if not may(person, Area.SETTINGS, Access.MANAGE):
        return Category.objects.none()
    return Category.objects.annotate(
        organization_count=Count("organizations", distinct=True), contact_count=Count("contacts", distinct=True)
    )


class ContactFilter(django_filters.FilterSet):
    q = SearchFilter(fields=("first_name", "last_name", "organization__name", "email", "phone"), label="Search")
    organization = django_filters.ModelChoiceFilter(
        queryset=Organization.objects.all(), empty_label="Any organization", widget=Picker("organizations")
    )
    category = CategoryFilter()


def _add(label: str, url_name: str, request: HttpRequest) -> list[Action]:
    return [Action(label, reverse(url_name), method="get")] if manages(request.user) else []


ORGANIZATIONS = Listing(
    key="organizations",
    title="Organization Manager",
    noun=("organization", "organizations"),
    url_name="organizations:list",
    model=Organization,
    table_class=OrganizationTable,
    filterset_class=OrganizationFilter,
    base_queryset=organizations_for,
    offered=lambda request: views(request.user),
    empty="There is no organization yet. Add the first, such as an auction house or a mover you work with.",
    order_by=("name",),
    actions=lambda request: _add("Add organization", "organizations:add", request),
)

CONTACTS = Listing(
    key="contacts",
    title="Contacts",
    noun=("contact", "contacts"),
    url_name="organizations:contacts",
    model=Contact,
    table_class=ContactTable,
    filterset_class=ContactFilter,
    base_queryset=contacts_for,
    offered=lambda request: views(request.user),
    empty="There is no contact yet. Add the people you talk to at organizations, and those who speak for clients.",
    order_by=("last_name", "first_name"),
    actions=lambda request: _add("Add contact", "organizations:add_contact", request),
)

CATEGORIES = Listing(
    key="categories",
    title="Categories",
    noun=("category", "categories"),
    url_name="organization_settings:categories",
    model=Category,
    table_class=CategoryTable,
    filterset_class=CategoriesFilter,
    base_queryset=categories_for,
    offered=may_change_settings,
    empty="There is no category yet. Add the kinds of organizations you work with, such as “Auction house”.",
    order_by=("name",),
    actions=lambda request: _add("Add category", "organization_settings:add_category", request),
)
