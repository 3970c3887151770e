"""Choosing one record out of a list that may be long: typed words find it, and no page carries thousands of options.

The app that owns the records declares a `Source` and registers it under its key; a form's field names the key. While
the list is short, a plain <select> has all of it. Beyond `SHORT` the page carries what is chosen alone, and the server
is asked for the rest while somebody types (static/smmware.js).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from smmware.core.filters import with_every_word
from smmware.core.keys import primary_key

SHORT = 30  # options that one still looks through at once
FOUND = 20  # records that are offered for what was typed


@dataclass(frozen=True)
class Source:
    """Records to choose from.

    Args:
        key: its name in addresses and for `Picker`, such as "open-jobs".
        records: those that a person may choose, in order; answers none() where that is nothing. What the field of a
            form takes, the form itself decides.
        fields: where each word that was typed may stand.
    """

    key: str
    records: Callable[[Any], QuerySet]
    fields: tuple[str, ...]

    def find(self, person: Any, typed: str) -> tuple[list[Any], bool]:
        """The first records that have every word that was typed, and whether there are more of them."""
        found = list(with_every_word(self.records(person), self.fields, typed)[: FOUND + 1])
        return found[:FOUND], len(found) > FOUND


_sources: dict[str, Source] = {}


def register_source(source: Source) -> Source:
    """Make a source known under its key. Call it in AppConfig.ready()."""
    _sources[source.key] = source
    return source


def source_by_key(key: str) -> Source:
    """The source with this key. Raises KeyError where there is none."""
    return _sources[key]


class Picker(forms.Select):
    """The widget of a ModelChoiceField whose list may be long; `source`: the key of what is offered beyond `SHORT`."""

    def __init__(self, source: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.source = source

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: Django would read the whole list to find out, and our forms are checked by us."""
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        whole: Any = self.choices
        offered = list(whole.queryset[: SHORT + 1])
        if len(offered) > SHORT:
            attrs = {**(attrs or {}), **self._asking(whole.field)}
            offered = self._chosen(whole.queryset, value)
        nothing = [] if whole.field.empty_label is None else [("", whole.field.empty_label)]
        self.choices = [*nothing, *(whole.choice(record) for record in offered)]
        try:
            return super().get_context(name, value, attrs)
        finally:
            self.choices = whole

    def _asking(self, field: Any) -> dict[str, str]:
        """Where the page asks for the rest, and what it calls no choice where there may be none."""
        none = {} if field.required else {"data-picker-none": field.empty_label}
        return {"data-picker": reverse("choices", args=[self.source]), **none}

    def _chosen(self, records: QuerySet, value: Any) -> list[Any]:
        keys = [key for text in self.format_value(value) if (key := primary_key(text))]
        return list(records.filter(pk__in=keys)) if keys else []
