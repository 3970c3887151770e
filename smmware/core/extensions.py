"""Where upper apps add to the pages of lower ones: the arrows of design.md §2 stay pointing down.

An add-on subclasses `ListingAddOn` or `RecordAddOn`, says for whom it is offered, and is registered in its
AppConfig.ready(). What is not offered is neither shown nor computed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class Action:
    """A button: a POST form with hidden `fields`, or with `method` "get" a plain link."""

    label: str
    url: str
    method: str = "post"
    primary: bool = False
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SaveAction:
    """A second button of an edit form: the form is saved first, then `proceed` answers instead of the usual page."""

    key: str
    label: str
    proceed: Callable[[HttpRequest, Any], HttpResponse]


@dataclass(frozen=True)
class LiveCheck:
    """What is said below a form field while somebody types; asked again whenever one of `reads` changes.

    Args:
        field: the form field that it is said below.
        reads: the form fields that the check depends on, `field` among them.
        url: answers a piece of HTML, or nothing, to a GET with the values of `reads`.
    """

    field: str
    reads: tuple[str, ...]
    url: str


@dataclass(frozen=True)
class HandOver:
    """An upper app does what would be wrong if it were done here alone: it has said no by a `move_veto`.

    Args:
        label: what the button says.
        words: what will happen, in a sentence or two.
        proceed: does it, or begins to; takes the request, the record and the reason that the person gave.
    """

    label: str
    words: str
    proceed: Callable[[HttpRequest, Any, str], HttpResponse]


@dataclass(frozen=True)
class Panel:
    """A card on a record's page or on the home page."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


class ListingAddOn:
    """What an upper app adds to a listing. Override what you need."""

    def offered(self, request: HttpRequest) -> bool:
        """Whether the person who asks is shown any of this."""
        raise NotImplementedError(type(self))

    def decorate(self, queryset: QuerySet) -> QuerySet:
        """Annotate the rows with what the columns and filters need, in the listing's own query."""
        return queryset

    def columns(self) -> list[tuple[str, tables.Column]]:
        """Further columns, by name; they are also the CSV's further fields."""
        return []

    def filters(self) -> dict[str, django_filters.Filter]:
        """Further filters, by the name of their GET parameter."""
        return {}

    def actions(self, request: HttpRequest) -> list[Action]:
        """Buttons that act on the listing as filtered: its query string goes along as the field `filters`."""
        return []


class RecordAddOn:
    """What an upper app adds to the pages of one record. Override what you need."""

    def offered(self, request: HttpRequest) -> bool:
        """Whether the person who asks is shown any of this."""
        raise NotImplementedError(type(self))

    def panels(self, request: HttpRequest, record: Any) -> list[Panel]:
        """Cards on the record's page."""
        return []

    def actions(self, request: HttpRequest, record: Any) -> list[Action]:
        """Buttons on the record's page."""
        return []

    def save_actions(self, request: HttpRequest, record: Any) -> list[SaveAction]:
        """Further buttons of the record's edit form."""
        return []

    def live_checks(self, request: HttpRequest, record: Any) -> list[LiveCheck]:
        """Checks of the fields of the record's form; `record` is None where one is added."""
        return []

    def edit_veto(self, record: Any) -> str:
        """Why this record must not be edited, in a sentence, or "". Asked whether or not the add-on is offered."""
        return ""

    def delete_veto(self, record: Any) -> str:
        """Why this record must not be deleted, in a sentence, or "". Asked whether or not the add-on is offered."""
        return ""

    def move_veto(self, record: Any, target: str) -> str:
        """Why this record must not move to the status `target`, in a sentence, or "". Asked as the others are."""
        return ""

    def hand_over(self, request: HttpRequest, record: Any, target: str) -> HandOver | None:
        """How a move that this add-on is against can be made nevertheless; None where it cannot."""
        return None


HomeCards = Callable[[HttpRequest], list[Panel]]

_listing_add_ons: dict[str, list[ListingAddOn]] = {}
_record_add_ons: dict[type[Model], list[RecordAddOn]] = {}
_home_cards: list[tuple[int, HomeCards]] = []


def add_to_listing(key: str, add_on: ListingAddOn) -> None:
    """Register an add-on for the listing with this key (see core.listings)."""
    _listing_add_ons.setdefault(key, []).append(add_on)


def add_to_record(model: type[Model], add_on: RecordAddOn) -> None:
    """Register an add-on for the pages of this model's records."""
    _record_add_ons.setdefault(model, []).append(add_on)


def add_home_cards(cards: HomeCards, *, order: int = 50) -> None:
    """Register a function that answers the cards it has for the home page of the person who asks; low orders first."""
    _home_cards.append((order, cards))


def listing_add_ons(key: str, request: HttpRequest) -> list[ListingAddOn]:
    """The add-ons of a listing that are offered to the person who asks."""
    return [add_on for add_on in _listing_add_ons.get(key, []) if add_on.offered(request)]


def record_add_ons(record: Model | type[Model], request: HttpRequest) -> list[RecordAddOn]:
    """The add-ons of a record's pages that are offered to the person who asks."""
    model = record if isinstance(record, type) else type(record)
    return [add_on for add_on in _record_add_ons.get(model, []) if add_on.offered(request)]


def edit_vetoes(record: Model) -> list[str]:
    """Every sentence that says why this record must not be edited."""
    return [veto for add_on in _record_add_ons.get(type(record), []) if (veto := add_on.edit_veto(record))]


def delete_vetoes(record: Model) -> list[str]:
    """Every sentence that says why this record must not be deleted."""
    return [veto for add_on in _record_add_ons.get(type(record), []) if (veto := add_on.delete_veto(record))]


def move_vetoes(record: Model, target: str) -> list[str]:
    """Every sentence that says why this record must not move to the status `target`."""
    return [veto for add_on in _record_add_ons.get(type(record), []) if (veto := add_on.move_veto(record, target))]


def hand_over(request: HttpRequest, record: Model, target: str) -> HandOver | None:
    """How a vetoed move can be made by the person who asks; None where it cannot, or two apps are against it."""
    if len(move_vetoes(record, target)) != 1:
        return None
    offers = (add_on.hand_over(request, record, target) for add_on in record_add_ons(record, request))
    return next(filter(None, offers), None)


def home_cards(request: HttpRequest) -> list[Panel]:
    """The cards of all apps for the home page of the person who asks."""
    ordered = sorted(_home_cards, key=lambda each: each[0])
    return [panel for _, cards in ordered for panel in cards(request)]
