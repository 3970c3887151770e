"""Expense categories and presets, as Settings lists them."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from hours.models import DescriptionPreset, ExpenseCategory, FlatFeePreset
from smmware.core.extensions import Action
from smmware.core.filters import SearchFilter, YesNoFilter
from smmware.core.listings import Listing
from smmware.core.permissions import Access, Area, may
from smmware.core.sections import may_change_settings
from smmware.core.tables import FigureColumn, MoneyColumn, OfficeTable, YesNoColumn


class ExpenseCategoryTable(OfficeTable):
    name = tables.Column(linkify=True, verbose_name="Category")
    used = FigureColumn(verbose_name="Expenses")

    class Meta(OfficeTable.Meta):
        model = ExpenseCategory
        fields = ("name", "used")


class ExpenseCategoryFilter(django_filters.FilterSet):
    q = SearchFilter(fields=("name",), label="Search")


class DescriptionTable(OfficeTable):
    text = tables.Column(linkify=True, verbose_name="Description")

    class Meta(OfficeTable.Meta):
        model = DescriptionPreset
        fields = ("text",)


class DescriptionFilter(django_filters.FilterSet):
    q = SearchFilter(fields=("text",), label="Search")


class FlatFeePresetTable(OfficeTable):
    label = tables.Column(linkify=True, verbose_name="Description")
    amount = MoneyColumn()
    taxable = YesNoColumn()

    class Meta(OfficeTable.Meta):
        model = FlatFeePreset
        fields = ("label", "amount", "taxable")


class FlatFeePresetFilter(django_filters.FilterSet):
    q = SearchFilter(fields=("label",), label="Search")
    taxable = YesNoFilter(label="Taxable")


def _for_keepers(rows: QuerySet) -> Any:
    """The rows, for those who keep the settings."""
    return lambda person: rows.all() if may(person, Area.SETTINGS, Access.MANAGE) else rows.none()


def _add(label: str, page: str) -> Any:
    def actions(request: HttpRequest) -> list[Action]:
        return [Action(label, reverse(f"hour_settings:{page}"), method="get", primary=True)]

    return actions


EXPENSE_CATEGORIES = Listing(
    key="expense_categories",
    title="Expense Categories",
    noun=("category", "categories"),
    url_name="hour_settings:expense_categories",
    model=ExpenseCategory,
    table_class=ExpenseCategoryTable,
    filterset_class=ExpenseCategoryFilter,
    base_queryset=_for_keepers(ExpenseCategory.objects.annotate(used=Count("entries"))),
    offered=may_change_settings,
    empty="There is no category yet. Every expense needs one, such as “Packing supplies”: add those you use.",
    order_by=("name",),
    actions=_add("Add category", "add_expense_category"),
)
DESCRIPTIONS = Listing(
    key="descriptions",
    title="Descriptions",
    noun=("description", "descriptions"),
    url_name="hour_settings:descriptions",
    model=DescriptionPreset,
    table_class=DescriptionTable,
    filterset_class=DescriptionFilter,
    base_queryset=_for_keepers(DescriptionPreset.objects.all()),
    offered=may_change_settings,
    empty="There is no description yet. Add what your associates type again and again, such as “Packing the kitchen”.",
    order_by=("text",),
    actions=_add("Add description", "add_description"),
)
FLAT_FEE_PRESETS = Listing(
    key="flat_fee_presets",
    title="Flat Fee Presets",
    noun=("preset", "presets"),
    url_name="hour_settings:flat_fee_presets",
    model=FlatFeePreset,
    table_class=FlatFeePresetTable,
    filterset_class=FlatFeePresetFilter,
    base_queryset=_for_keepers(FlatFeePreset.objects.all()),
    offered=may_change_settings,
    empty="There is no preset yet. Add what you charge again and again, such as a kit of packing material.",
    order_by=("label",),
    actions=_add("Add preset", "add_flat_fee_preset"),
)
