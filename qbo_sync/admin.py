"""The site administration's read-only view of what happened at QuickBooks (design.md §6). Tokens are never shown."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from qbo_sync.models import Attempt, Connection, Link, Run, Step, Unlinked


class ReadOnly(admin.ModelAdmin):
    """Looked at, never changed by hand: these rows are what “never copied twice” rests on."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Connection)
class ConnectionAdmin(ReadOnly):
    list_display = ("company_name", "environment", "realm_id", "state", "connected_by", "connected_at")
    exclude = ("access_token", "refresh_token", "refresh_claim")


@admin.register(Link)
class LinkAdmin(ReadOnly):
    list_display = ("entity", "qbo_id", "origin", "linked_by", "linked_at")
    list_filter = ("entity", "origin")
    search_fields = ("qbo_id",)
    list_select_related = ("linked_by",)


@admin.register(Unlinked)
class UnlinkedAdmin(ReadOnly):
    list_display = ("label", "entity", "qbo_id", "unlinked_by", "unlinked_at", "reason")
    list_filter = ("entity",)
    search_fields = ("qbo_id", "label")
    list_select_related = ("unlinked_by",)


@admin.register(Run)
class RunAdmin(ReadOnly):
    list_display = ("title", "type", "state", "asked_by", "created_at", "finished_at")
    list_filter = ("type", "state")
    list_select_related = ("asked_by",)


@admin.register(Step)
class StepAdmin(ReadOnly):
    list_display = ("run", "position", "kind", "label", "state", "fault_code", "transaction_id")
    list_filter = ("kind", "state")
    list_select_related = ("run",)


@admin.register(Attempt)
class AttemptAdmin(ReadOnly):
    list_display = ("request_id", "run", "state", "sent_at", "answered_at", "transaction_id")
    list_filter = ("state",)
    list_select_related = ("run",)
