"""What waits for approval: entries of all kinds in one list, filtered alike and read page by page."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import F, QuerySet, Value
from django.forms import CheckboxInput
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_tables2.data import TableData

from associates.models import Associate
from clients.access import sees_charges
from clients.models import Job
from hours.amounts import charge_of, with_charge
from hours.display import measured, receipt_link
from hours.filters import SEARCHED
from hours.listings import TABS
from hours.models import Entry, ExpenseEntry
from smmware.core.display import money, pill
from smmware.core.filters import SearchFilter, from_day, to_day
from smmware.core.pickers import Picker
from smmware.core.tables import DayColumn, FigureColumn, MoneyColumn, OfficeTable

MODELS: dict[str, type[Entry]] = {listing.key: listing.model for _, listing in TABS}  # type: ignore[misc]
KEYS = {model: key for key, model in MODELS.items()}
LABELS = {listing.model: label for label, listing in TABS}
ROWS_AT_ONCE = 1000
# Columns that sort, and what each kind of entry is sorted by: names that all of them have.
SORTED_BY = {
    "date": ("date",),
    "associate": ("associate__last_name", "associate__first_name"),
    "job": ("job__client__name", "job__name"),
    "kind": ("kind",),
    "description": ("description",),
    "charge": ("charge_cents",),
    "decision": ("approved_at",),
}


class ApprovalFilter(django_filters.FilterSet):
    """What entries of all kinds are filtered by. Approved ones are left out unless they are asked for."""

    q = SearchFilter(fields=SEARCHED, label="Search")
    kind = django_filters.ChoiceFilter(
        choices=[(listing.key, label) for label, listing in TABS],
        label="Kind",
        empty_label="All kinds",
        method="of_this_kind",
    )
    job = django_filters.ModelChoiceFilter(
        queryset=Job.objects.select_related("client"), empty_label="Any job", widget=Picker("jobs")
    )
    person = django_filters.ModelChoiceFilter(
        field_name="associate", queryset=Associate.objects.all(), label="Person", empty_label="Everyone"
    )
    date_from = from_day()
    date_to = to_day()
    approved = django_filters.BooleanFilter(
        label="Include already approved", widget=CheckboxInput, method="approved_too"
    )

    def of_this_kind(self, entries: QuerySet, name: str, key: str) -> QuerySet:
        return entries if entries.model is MODELS[key] else entries.none()

    def approved_too(self, entries: QuerySet, name: str, wanted: bool) -> QuerySet:
        return entries if wanted else entries.filter(approved_at=None)


class MixedEntries(TableData):
    """Entries of several kinds as one table's rows, oldest first; a page is read with one query for each kind."""

    data: QuerySet
    parts: dict[type[Entry], QuerySet]

    def __init__(self, parts: Sequence[QuerySet]) -> None:
        self.parts = {part.model: part for part in parts}
        self.pages: dict[tuple[int, int], list[Entry]] = {}
        super().__init__(self._keys([]))

    def order_by(self, aliases: Iterable[str]) -> None:
        """Sort by columns of the table, “-” before those that go down (called by django-tables2)."""
        self.data = self._keys([alias for alias in aliases if alias.lstrip("-") in SORTED_BY])
        self.pages.clear()

    def _keys(self, aliases: list[str]) -> QuerySet:
        """Date, kind and number of every entry, in order. The last three break ties, or rows would swap pages."""
        sorting = [(alias[:1] == "-", path) for alias in aliases for path in SORTED_BY[alias.lstrip("-")]]
        wanted = {f"by_{place}": F(path) for place, (_, path) in enumerate(sorting)}
        first, *others = [
            with_charge(part.order_by())
            .annotate(kind=Value(KEYS[part.model]))
            .annotate(**wanted)
            .values_list("date", "kind", "pk", *wanted)
            for part in self.parts.values()
        ]
        order = [f"{'-' if down else ''}by_{place}" for place, (down, _) in enumerate(sorting)]
        return first.union(*others, all=True).order_by(*order, "date", "kind", "pk")

    @cached_property
    def _length(self) -> int:
        return self.data.count()

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, key: slice) -> list[Entry]:
        place = (key.start, key.stop)
        if place not in self.pages:
            self.pages[place] = self._read(list(self.data[key]))
        return self.pages[place]

    def __iter__(self) -> Iterator[Entry]:
        """All of them, never all in memory."""
        for start in range(0, len(self), ROWS_AT_ONCE):
            yield from self._read(list(self.data[start : start + ROWS_AT_ONCE]))

    def _read(self, keys: list[tuple[Any, ...]]) -> list[Entry]:
        found: dict[tuple[str, int], Entry] = {}
        for kind in dict.fromkeys(key[1] for key in keys):
            wanted = [pk for _, own, pk, *_ in keys if own == kind]
            found |= {(kind, entry.pk): entry for entry in self.parts[MODELS[kind]].filter(pk__in=wanted)}
        return [found[kind, pk] for _, kind, pk, *_ in keys if (kind, pk) in found]


class ApprovalTable(OfficeTable):
    """Entries of all kinds, each to be chosen, opened, approved or opened again."""

    chosen = tables.Column(empty_values=(), verbose_name="Choose", orderable=False, attrs={"td": {"class": "labelled"}})
    date = DayColumn(linkify=lambda record: record.get_absolute_url())
    associate = tables.Column(verbose_name="Person")
    job = tables.Column(linkify=lambda record: record.job.get_absolute_url())
    kind = tables.Column(empty_values=())
    description = tables.Column()
    measured = FigureColumn(empty_values=(), verbose_name="Recorded", orderable=False)
    charge = MoneyColumn(accessor="charge_amount")
    decision = tables.Column(empty_values=(), verbose_name="Approval")

    class Meta(OfficeTable.Meta):
        pass

    def __init__(self, data: MixedEntries, *, request: HttpRequest) -> None:
        super().__init__(data, exclude=() if sees_charges(request.user) else ("charge",))

    def render_chosen(self, record: Entry) -> SafeString | str:
        if record.is_approved:
            return ""
        return format_html('<input type="checkbox" name="entry" value="{}" aria-label="{}">', key_of(record), record)

    def render_kind(self, record: Entry) -> str:
        return LABELS[type(record)]

    def value_description(self, record: Entry) -> str:
        category = [str(record.category)] if isinstance(record, ExpenseEntry) else []
        return " · ".join(filter(None, [*category, record.description]))

    def render_description(self, record: Entry) -> SafeString:
        words: list[Any] = [record.description]
        if isinstance(record, ExpenseEntry):
            words = [record.category, record.description, receipt_link(record, "Receipt")]
        return format_html_join(" · ", "{}", [(word,) for word in words if word])

    def render_measured(self, record: Entry) -> str:
        return measured(record)

    def value_measured(self, record: Entry) -> str:
        return measured(record)

    def value_charge(self, record: Entry) -> Any:
        return charge_of(record)

    def value_decision(self, record: Entry) -> str:
        return f"By {record.approved_by}" if record.is_approved else "Waits"

    def render_charge(self, record: Entry) -> str:
        return money(charge_of(record)) or "Not billable"

    def render_decision(self, record: Entry) -> SafeString:
        if not record.is_approved:
            return _button("one", record, "Approve")
        return format_html("{} {}", pill(f"By {record.approved_by}", "good"), _button("back", record, "Take back"))


def key_of(entry: Entry) -> str:
    """Kind and primary key in one word, as a form sends them."""
    return f"{KEYS[type(entry)]}-{entry.pk}"


def _button(name: str, entry: Entry, label: str) -> SafeString:
    return format_html(
        '<button type="submit" class="button button-small" name="{}" value="{}" aria-label="{} {}">{}</button>',
        name, key_of(entry), label, entry, label,
    )  # fmt: skip
