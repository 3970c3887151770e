"""The “Associate Manager”. Below Admin it shows name, e-mail and phone, and nothing else in any form (domain.md §2)."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from associates.models import Associate
from smmware.core.extensions import Action
from smmware.core.listings import Listing
from smmware.core.permissions import Access, Area, Level, may
from smmware.core.tables import OfficeTable, PhoneColumn, YesNoColumn

YES_NO = (("true", "Yes"), ("false", "No"))
FOR_ALL = ("name", "email", "phone")


def manages(person: Any) -> bool:
    """Whether this person may see and edit whole profiles."""
    return may(person, Area.ASSOCIATES, Access.MANAGE)


def visible_to(person: Any) -> QuerySet:
    """The associates that this person may look up: everybody who is active, and for those who manage them all."""
    associates = Associate.objects.all()
    return associates if manages(person) else associates.filter(is_active=True)


class AssociateTable(OfficeTable):
    name = tables.Column(linkify=True, order_by=("last_name", "first_name"))
    title = tables.Column()
    kind = tables.Column()
    email = tables.EmailColumn(verbose_name="E-mail")
    phone = PhoneColumn()
    level = tables.Column(verbose_name="Permission level")
    username = tables.Column()
    is_active = YesNoColumn(verbose_name="Active")

    class Meta(OfficeTable.Meta):
        model = Associate
        fields = ("name", "title", "kind", "email", "phone", "level", "username", "is_active")
        sequence = fields

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        withheld = () if manages(request.user) else tuple(name for name in self._meta.fields if name not in FOR_ALL)
        super().__init__(*args, request=request, exclude=withheld, **kwargs)


class AssociateFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Name, e-mail or phone", method="search")
    kind = django_filters.ChoiceFilter(choices=Associate.Kind.choices, empty_label="Any kind")
    level = django_filters.ChoiceFilter(choices=Level.choices, label="Permission level", empty_label="Any level")
    is_active = django_filters.ChoiceFilter(choices=YES_NO, label="Active", empty_label="Yes or no", method="by_active")

    class Meta:
        model = Associate
        fields = ["q", "kind", "level", "is_active"]

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        if not manages(request.user):
            for name in ("kind", "level", "is_active"):
                del self.filters[name]

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Every word in the name, or the whole in e-mail or phone."""
        in_name = Q()
        for word in value.split():
            in_name &= Q(first_name__icontains=word) | Q(middle_name__icontains=word) | Q(last_name__icontains=word)
        return queryset.filter(in_name | Q(email__icontains=value) | Q(phone__icontains=value))

    def by_active(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(is_active=value == "true")


def _actions(request: HttpRequest) -> list[Action]:
    return [Action("Add associate", reverse("associates:add"), method="get")] if manages(request.user) else []


ASSOCIATES = Listing(
    key="associates",
    title="Associate Manager",
    noun=("associate", "associates"),
    url_name="associates:list",
    model=Associate,
    table_class=AssociateTable,
    filterset_class=AssociateFilter,
    base_queryset=visible_to,
    offered=lambda request: may(request.user, Area.ASSOCIATES, Access.VIEW),
    empty="There is nobody here yet. Add the first associate.",
    order_by=("last_name", "first_name"),
    actions=_actions,
)
