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


def _short_list(key: str, one: str, rows: QuerySet, *, order_by: str, **declared: Any) -> Listing:
    """A list that those see who keep the settings, with a button to add a row; `one` is a row in the names of URLs."""
    title = f"Add {declared['noun'][0]}"

    def actions(request: HttpRequest) -> list[Action]:
        return [Action(title, reverse(f"hour_settings:add_{one}"), method="get")]

    return Listing(
        key=key,
        url_name=f"hour_settings:{key}",
        model=rows.model,
        base_queryset=lambda person: rows.all() if may(person, Area.SETTINGS, Access.MANAGE) else rows.none(),
        offered=may_change_settings,
        order_by=(order_by,),
        actions=actions,
        **declared,
    )


EXPENSE_CATEGORIES = _short_list(
    "expense_categories",
    "expense_category",
    ExpenseCategory.objects.annotate(used=Count("entries")),
    title="Expense Categories",
    noun=("category", "categories"),
    table_class=ExpenseCategoryTable,
    filterset_class=ExpenseCategoryFilter,
    order_by="name",
    empty="There is no category yet. Every expense needs one, such as “Packing supplies”: add those you use.",
)
DESCRIPTIONS = _short_list(
    "descriptions",
    "description",
    DescriptionPreset.objects.all(),
    title="Descriptions",
    noun=("description", "descriptions"),
    table_class=DescriptionTable,
    filterset_class=DescriptionFilter,
    order_by="text",
    empty="There is no description yet. Add what your associates type again and again, such as “Packing the kitchen”.",
)
FLAT_FEE_PRESETS = _short_list(
    "flat_fee_presets",
    "flat_fee_preset",
    FlatFeePreset.objects.all(),
    title="Flat Fee Presets",
    noun=("preset", "presets"),
    table_class=FlatFeePresetTable,
    filterset_class=FlatFeePresetFilter,
    order_by="label",
    empty="There is no preset yet. Add what you charge again and again, such as a kit of packing material.",
)
