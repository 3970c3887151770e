"""The filters that many listings share."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from smmware.core.forms import DateInput

YES_NO = (("yes", "Yes"), ("no", "No"))


def with_every_word(records: QuerySet, fields: tuple[str, ...], typed: str) -> QuerySet:
    """Those of some records that have every word that was typed, each in any of the `fields`."""
    for word in typed.split():
        anywhere = Q()
        for field in fields:
            anywhere |= Q(**{f"{field}__icontains": word})
        records = records.filter(anywhere)
    return records


class SearchFilter(django_filters.CharFilter):
    """Finds the rows that have every word that was typed, each in any of the `fields`."""

    def __init__(self, *, fields: tuple[str, ...], label: str, **kwargs: Any) -> None:
        super().__init__(label=label, **kwargs)
        self.fields = fields

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        return with_every_word(queryset, self.fields, value or "")


class YesNoFilter(django_filters.ChoiceFilter):
    """Whether `condition` holds, by default that `field_name` is true."""

    def __init__(self, *, condition: Q | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", "Yes or no")
        super().__init__(choices=YES_NO, **kwargs)
        self.condition = condition

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        if not value:
            return queryset
        condition = Q(**{self.field_name: True}) if self.condition is None else self.condition
        return queryset.filter(condition if value == "yes" else ~condition)


def from_day(field_name: str = "date") -> django_filters.DateFilter:
    """From a day on, that day included."""
    return django_filters.DateFilter(field_name=field_name, lookup_expr="gte", label="From", widget=DateInput)


def to_day(field_name: str = "date") -> django_filters.DateFilter:
    """Up to a day, that day included."""
    return django_filters.DateFilter(field_name=field_name, lookup_expr="lte", label="To", widget=DateInput)
