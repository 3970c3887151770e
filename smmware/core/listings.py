"""Listings: one way to filter, sort, page, total and export, and to be rebuilt later exactly as filtered.

A listing is declared once as a `Listing` and registered under its key. Its page is a `ListingView`; "QBO Add All" asks
`Listing.filtered` for the same rows without paging.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import django_filters
import django_tables2 as tables
from django.core.exceptions import PermissionDenied
from django.db.models import Aggregate, Model, QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import TemplateView
from django_tables2.config import RequestConfig
from django_tables2.data import TableData, TableQuerysetData

from smmware.core import remembering
from smmware.core.csv_export import csv_response
from smmware.core.extensions import Action, ListingAddOn, listing_add_ons

PAGE_SIZE = 25
PAGING_OFF_CAP = 1000
CSV_ROWS_AT_ONCE = 1000
OWN_PARAMETERS = ("page", "sort", "paging", "export", "totals", remembering.APPLY, remembering.CLEAR)


@dataclass(frozen=True)
class Total:
    """A figure summed over rows: its label, the SQL aggregate over the base queryset, how it is written, for whom."""

    name: str
    label: str
    aggregate: Aggregate
    written: Callable[[Any], str]
    offered: Callable[[HttpRequest], bool] = lambda request: True


@dataclass(frozen=True)
class Listing:
    """A listing of records.

    Args:
        key: its name for add-ons and for "QBO Add All", such as "invoices".
        title: its heading, by the manual's name.
        noun: what the rows are, singular and plural, such as ("invoice", "invoices").
        url_name: the name of its page's URL.
        base_queryset: the rows that a person may see; answers none() where that is nothing.
        empty: the sentence shown where there is no row at all: what to do next.
        offered: whether the person who asks may open it.
        totals: figures shown above the table, over all filtered rows.
        actions: buttons of the listing's own app, such as "Add client".
    """

    key: str
    title: str
    noun: tuple[str, str]
    url_name: str
    model: type[Model]
    table_class: type[tables.Table]
    filterset_class: type[django_filters.FilterSet]
    base_queryset: Callable[[Any], QuerySet]
    offered: Callable[[HttpRequest], bool]
    empty: str
    order_by: tuple[str, ...] = ("-pk",)
    totals: Sequence[Total] = field(default_factory=tuple)
    actions: Callable[[HttpRequest], list[Action]] = lambda request: []

    def filterset(
        self, request: HttpRequest, data: QueryDict, add_ons: Sequence[ListingAddOn]
    ) -> django_filters.FilterSet:
        """The filter form over the rows that the person who asks may see, with what add-ons add to both."""
        queryset = self.base_queryset(request.user)
        extra: dict[str, Any] = {}
        for add_on in add_ons:
            queryset = add_on.decorate(queryset)
            extra |= add_on.filters()
        filterset_class = type(self.filterset_class.__name__, (self.filterset_class,), extra)
        return filterset_class(data=data, queryset=queryset, request=request)

    def filtered(self, request: HttpRequest, query_string: str) -> QuerySet:
        """The rows of all pages as filtered by `query_string`.

        Raises PermissionDenied where the listing is not for this person, and ValueError where a filter makes no sense:
        an unreadable filter must never widen to everything.
        """
        if not self.offered(request):
            raise PermissionDenied(f"You may not open {self.title}.")
        filterset = self.filterset(request, QueryDict(query_string), listing_add_ons(self.key, request))
        if not filterset.is_valid():
            raise ValueError(f"The filters of {self.title} could not be read.")
        return filterset.qs


_listings: dict[str, Listing] = {}


def register_listing(listing: Listing) -> Listing:
    """Make a listing known under its key. Call it in AppConfig.ready()."""
    _listings[listing.key] = listing
    return listing


def listing_by_key(key: str) -> Listing:
    """The listing with this key. Raises KeyError where there is none."""
    return _listings[key]


def listings_of(model: type[Model]) -> list[Listing]:
    """Every listing whose rows are records of `model`."""
    return [listing for listing in _listings.values() if listing.model is model]


class ListingView(TemplateView):
    """The page of a listing: filters, table, totals, “Paging Off”, CSV and the add-ons' columns and buttons."""

    template_name = "core/listing.html"
    listing_key: str

    @cached_property
    def listing(self) -> Listing:
        return listing_by_key(self.listing_key)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.listing.offered(request):
            raise PermissionDenied(f"You may not open {self.listing.title}.")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if elsewhere := remembering.where_to(request, self.listing.key):
            return HttpResponseRedirect(elsewhere)
        if request.GET.get("export") == "csv":
            return self._csv()
        if request.GET.get("totals") == "all":
            return render(request, "core/listing_totals.html", {"totals": self._totals(), **self._count()})
        return super().get(request, *args, **kwargs)

    @cached_property
    def add_ons(self) -> list[ListingAddOn]:
        return listing_add_ons(self.listing.key, self.request)

    @cached_property
    def filterset(self) -> django_filters.FilterSet:
        return self.listing.filterset(self.request, self.request.GET, self.add_ons)

    @cached_property
    def rows(self) -> QuerySet:
        """The filtered rows; none at all where a filter makes no sense, and the form says which."""
        rows = self.filterset.qs if self.filterset.is_valid() else self.filterset.queryset.none()
        return rows.order_by(*self.listing.order_by)

    def _sorted_table(self, data: TableData) -> tables.Table:
        """The table in the order asked for. The key breaks ties, or rows would swap pages between two requests."""
        extra = [column for add_on in self.add_ons for column in add_on.columns()]
        table = self.listing.table_class(data, request=self.request, extra_columns=extra)
        RequestConfig(self.request, paginate=False).configure(table)
        table.data.data = table.data.data.order_by(*table.data.data.query.order_by, "pk")
        return table

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        table = self._sorted_table(TableQuerysetData(self.rows))
        paging_off = self.request.GET.get("paging") == "off"
        table.paginate(per_page=PAGING_OFF_CAP if paging_off else PAGE_SIZE)
        table.page = table.paginator.get_page(self.request.GET.get("page"))
        return super().get_context_data(
            listing=self.listing,
            table=table,
            filterset=self.filterset,
            filtered=bool(self.filter_string),
            filter_string=self.filter_string,
            remembered=remembering.is_as_remembered(self.request, self.listing.key),
            paging_off=paging_off,
            cap=PAGING_OFF_CAP,
            actions=self._actions(),
            **self._count(table.paginator.count),
            **kwargs,
        )

    @cached_property
    def filter_string(self) -> str:
        """The query string without what only this page needs: what “as filtered” means elsewhere."""
        data = self.request.GET.copy()
        for name in [name for name in data if name in OWN_PARAMETERS or not data[name]]:
            del data[name]
        return data.urlencode()

    def _actions(self) -> list[Action]:
        """The buttons. The listing's own first is what people come for, unless an add-on's is."""
        own = self.listing.actions(self.request)
        added = [action for add_on in self.add_ons for action in add_on.actions(self.request)]
        if own and not any(action.primary for action in added):
            own[0] = replace(own[0], primary=True)
        return [*own, *added]

    def _count(self, count: int | None = None) -> dict[str, Any]:
        count = self.rows.count() if count is None else count
        singular, plural = self.listing.noun
        return {"count": count, "noun": singular if count == 1 else plural}

    def _totals(self) -> list[tuple[str, str]]:
        totals = [total for total in self.listing.totals if total.offered(self.request)]
        if not totals:
            return []
        sums = self.rows.order_by().aggregate(**{total.name: total.aggregate for total in totals})
        return [(total.label, total.written(sums[total.name] or 0)) for total in totals]

    def _csv(self) -> StreamingHttpResponse:
        """Every filtered row, sorted as shown, streamed."""
        table = self._sorted_table(StreamedRows(self.rows))
        return csv_response(table.as_values(exclude_columns=("actions",)), self.listing.key)


class StreamedRows(TableQuerysetData):
    """Rows that are read while they are written out, never all in memory."""

    def __iter__(self) -> Iterator[Any]:
        return self.data.iterator(chunk_size=CSV_ROWS_AT_ONCE)


def listing_url(key: str) -> str:
    """The address of the listing with this key."""
    return reverse(listing_by_key(key).url_name)
