"""The home page's card of QuickBooks: connected or not, and how many records of each kind are copied or refused."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.views.generic import TemplateView

from associates.models import Associate
from clients.models import Client
from qbo_sync.access import QboMixin, qbo_offered
from qbo_sync.guide import Guide
from qbo_sync.models import Connection, Kind
from qbo_sync.push.badges import BADGE, Badge, with_badge
from qbo_sync.push.waiting import count
from smmware.core.extensions import Panel
from smmware.core.listings import listing_url

# Kind, and the listing that shows its records; what is never copied (design.md §4) is not counted.
LISTED = (
    (Kind.CLIENT, "clients"),
    (Kind.ASSOCIATE, "associates"),
    (Kind.ORGANIZATION, "organizations"),
    (Kind.HOUR_ENTRY, "hours"),
    (Kind.MILEAGE_ENTRY, "mileage"),
    (Kind.EXPENSE_ENTRY, "expenses"),
    (Kind.INVOICE, "invoices"),
)
ORDER = (Badge.COPIED, Badge.CHANGED, Badge.WAITING, Badge.NEEDS_CHOICE, Badge.REFUSED, Badge.NOT_COPIED)


@dataclass(frozen=True)
class Standing:
    """How many records of a kind stand how with QuickBooks; each figure leads to the listing, filtered so."""

    label: str
    url: str
    counts: dict[str, int]

    def figures(self) -> list[tuple[str, int, str]]:
        """Badge, number and address, in the order of the columns."""
        return [(badge.label, self.counts.get(badge, 0), f"{self.url}?qbo={badge}") for badge in ORDER]


def standings() -> list[Standing]:
    """One row per kind; one query each, however many records there are."""
    return [Standing(kind.plural, listing_url(key), _counts(kind)) for kind, key in LISTED]


def _counts(kind: Kind) -> dict[str, int]:
    rows = with_badge(_ever_copied(kind), kind).order_by().values(BADGE).annotate(count=Count("pk"))
    return {row[BADGE]: row["count"] for row in rows}


def _ever_copied(kind: Kind) -> QuerySet:
    records = kind.model._default_manager.all()
    if kind == Kind.CLIENT:
        return records.filter(stage=Client.Stage.CLIENT, is_own_company=False)
    return records.exclude(kind=Associate.Kind.VEHICLE) if kind == Kind.ASSOCIATE else records


class StandingView(QboMixin, TemplateView):
    """The figures: as a page of their own, or loaded into the card after the home page is there."""

    def get_template_names(self) -> list[str]:
        loads_card = self.request.htmx  # type: ignore[attr-defined]
        return ["qbo_sync/standing_table.html" if loads_card else "qbo_sync/standing.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = [badge.label for badge in ORDER]
        return super().get_context_data(
            standings=standings(), columns=columns, guide=Guide(Connection.active()), **kwargs
        )


def home_cards(request: HttpRequest) -> list[Panel]:
    """The card, for QBO Admins while the integration is on."""
    if not qbo_offered(request):
        return []
    connection = Connection.active()
    waiting = count(connection) + sum(Guide(connection).undecided.values()) if connection else 0
    context = {"connection": connection, "url": reverse("qbo:standing"), "waiting": waiting}
    return [Panel("QuickBooks Online", "qbo_sync/home_card.html", context)]
