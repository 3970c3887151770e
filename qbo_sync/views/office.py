"""What QuickBooks adds to the pages of the records: columns, filters, buttons, panels, menu entries (design.md §2).

All of it is offered to QBO Admins only, and only while the integration is on.
"""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from invoices.models import Invoice
from qbo_sync.access import qbo_offered
from qbo_sync.connection.environment import record_url
from qbo_sync.models import Connection, Kind, Link
from qbo_sync.push.badges import AT_QUICKBOOKS, BADGE, Badge, badge_of, badge_pill, newest_step, with_badge
from qbo_sync.push.plan import is_left_behind
from qbo_sync.push.reversing import run_that_made
from qbo_sync.push.ruling_out import Said, ruled_out
from qbo_sync.push.unlinking import history
from qbo_sync.views.copies import plan_for
from qbo_sync.views.followers import followers
from smmware.core.extensions import Action, ListingAddOn, Panel, RecordAddOn, SaveAction

BEING_COPIED = "being copied"
TOLD = (Badge.WAITING, Badge.NEEDS_CHOICE, Badge.REFUSED)  # badges that the last run has more to say of


class QboFilter(django_filters.ChoiceFilter):
    """How a record stands with QuickBooks."""

    THERE, NOT_THERE = ("there", "At QuickBooks"), ("not_there", "Not at QuickBooks")

    def __init__(self) -> None:
        choices = (self.THERE, self.NOT_THERE, *Badge.choices)
        super().__init__(label="QuickBooks", choices=choices, empty_label="All", method=self._chosen)

    def _chosen(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value in Badge.values:
            return queryset.filter(**{BADGE: value})
        there = Q(**{f"{BADGE}__in": AT_QUICKBOOKS})
        return queryset.filter(there if value == self.THERE[0] else ~there)


class BadgeColumn(tables.Column):
    """How each record stands with QuickBooks, as a pill."""

    def __init__(self) -> None:
        super().__init__(verbose_name="QuickBooks", accessor=BADGE, order_by=BADGE)

    def render(self, value: str) -> SafeString:
        return badge_pill(value)

    def value(self, value: str) -> str:
        return Badge(value).label


class QboIdColumn(tables.Column):
    """The QBO ID, as a link to the record at QuickBooks."""

    def __init__(self) -> None:
        super().__init__(verbose_name="QBO ID", accessor="qbo_id", default="—", order_by="qbo_id")

    def render(self, value: str, record: Any, table: tables.Table) -> str:
        if value == BEING_COPIED:
            return value
        connection = _connection_of(table)
        url = record_url(connection, record.qbo_entity, value) if connection else ""
        return format_html('<a href="{}" rel="noopener" target="_blank">{}</a>', url, value) if url else value

    def value(self, value: str) -> str:
        return value


def _connection_of(table: tables.Table) -> Connection | None:
    """The active connection, asked for once per table and not once per row."""
    if not hasattr(table, "qbo_connection"):
        table.qbo_connection = Connection.active()
    return table.qbo_connection


class QboListing(ListingAddOn):
    """The QBO ID as column, filter and CSV field, and “QBO Add All”."""

    def __init__(self, key: str, kind: Kind, *, may_copy: bool = True) -> None:
        self.key = key
        self.kind = kind
        self.may_copy = may_copy

    def offered(self, request: HttpRequest) -> bool:
        return qbo_offered(request)

    def decorate(self, queryset: QuerySet) -> QuerySet:
        links = Link.objects.filter(connection__is_active=True, **{self.kind.value: OuterRef("pk")})
        shown = Case(When(qbo_id__isnull=True, then=Value(BEING_COPIED)), default=F("qbo_id"))
        return with_badge(queryset, self.kind).annotate(
            qbo_id=Subquery(links.values(shown=shown)[:1]),
            qbo_entity=Subquery(links.values("entity")[:1]),
        )

    def columns(self) -> list[tuple[str, tables.Column]]:
        return [("qbo_id", QboIdColumn()), (BADGE, BadgeColumn())]

    def filters(self) -> dict[str, django_filters.Filter]:
        return {"qbo": QboFilter()}

    def actions(self, request: HttpRequest) -> list[Action]:
        url = reverse("qbo:add_all", args=[self.key])
        return [Action("QBO Add All", url, primary=True)] if self.may_copy else []


class QboJobs(QboListing):
    """The same on the jobs, where they become sub-customers."""

    def offered(self, request: HttpRequest) -> bool:
        return super().offered(request) and _jobs_are_customers()


class QboRecord(RecordAddOn):
    """“Add QBO” and the QBO ID on a record's page, “QBO Add” on its edit screen."""

    def __init__(self, kind: Kind, *, on_edit: bool = False) -> None:
        self.kind = kind
        self.on_edit = on_edit

    def offered(self, request: HttpRequest) -> bool:
        return qbo_offered(request)

    def panels(self, request: HttpRequest, record: Any) -> list[Panel]:
        links = list(Link.objects.filter(**{self.kind.value: record}).select_related("connection", "linked_by"))
        active = next((link for link in links if link.connection.is_active), None)
        badge = badge_of(active, self.kind, record)
        context = {
            "links": [(link, record_url(link.connection, link.entity, link.qbo_id or "")) for link in links],
            "badge": badge_pill(badge),
            "unlinked": history(self.kind, record.pk),
            "ruled_out": _ruled_out(self.kind, record),
            "told": newest_step(self.kind, record.pk) if badge in TOLD else None,
            "followers": followers(self.kind, record.pk),
        }
        return [Panel("QuickBooks Online", "qbo_sync/panel.html", context)]

    def actions(self, request: HttpRequest, record: Any) -> list[Action]:
        link, address = _link(self.kind, record), [self.kind.value, record.pk]
        actions = []
        if link is None or self._left_behind(record):
            actions.append(Action("Add QBO", reverse("qbo:add_record", args=address)))
        if link is not None and badge_of(link, self.kind, record) == Badge.CHANGED:
            actions.append(self._send_change(record, address))
        if link is not None and run_that_made(link) and not self._is_voided(record):
            actions.append(Action("Take back", reverse("qbo:take_back", args=address)))
        return actions

    def _send_change(self, record: Any, address: list[Any]) -> Action:
        if self._is_voided(record):
            return Action("Void at QuickBooks too", reverse("qbo:void_too", args=[record.pk]))
        return Action("Update QBO", reverse("qbo:update_record", args=address))

    def _is_voided(self, record: Any) -> bool:
        return self.kind == Kind.INVOICE and record.status == Invoice.Status.VOIDED

    def _left_behind(self, record: Any) -> bool:
        """Whether a receipt or a payment was added since the record was copied."""
        connection = Connection.active()
        return connection is not None and is_left_behind(connection, self.kind, record.pk)

    def save_actions(self, request: HttpRequest, record: Any) -> list[SaveAction]:
        return [SaveAction("qbo_add", "QBO Add", self._add)] if self.on_edit else []

    def _add(self, request: HttpRequest, record: Any) -> HttpResponse:
        """The form is saved by now, so that nothing typed is lost, and what is copied is what was typed."""
        return plan_for(request, self.kind, {record.pk}, f"QBO Add: {record}", record.get_absolute_url())


class QboJobRecord(QboRecord):
    """The same on a job's page, where jobs become sub-customers."""

    def offered(self, request: HttpRequest) -> bool:
        return super().offered(request) and _jobs_are_customers()


def _jobs_are_customers() -> bool:
    return Connection.objects.filter(is_active=True, jobs_are_customers=True).exists()


def _link(kind: Kind, record: Any) -> Link | None:
    """The link of a record at the connected company."""
    links = Link.objects.select_related("connection", "attempt__run")
    return links.filter(connection__is_active=True, **{kind.value: record}).first()


def _ruled_out(kind: Kind, record: Any) -> list[Said]:
    """What somebody said that a record never is at the connected company."""
    connection = Connection.active()
    return ruled_out(connection, kind, record.pk) if connection else []
