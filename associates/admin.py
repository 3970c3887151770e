"""Permission flags in the site administration, under the same rules as everywhere else."""

from functools import partialmethod
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from associates import rules
from associates.forms import RuledForm
from associates.models import Associate, HourlyRate

admin.site.unregister(Group)  # permission levels say who may what, groups say nothing here


class PermissionFlagsForm(RuledForm):
    class Meta:
        model = Associate
        fields = ["level", "qbo_admin", "is_active"]


class HourlyRateInline(admin.TabularInline):
    """The history, to be read: rates are added on the Associate Profile."""

    model = HourlyRate
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Associate)
class AssociateAdmin(admin.ModelAdmin):
    form = PermissionFlagsForm
    fields = ["name", "username", "email", "level", "qbo_admin", "is_active", "last_login", "seen_version"]
    readonly_fields = ["name", "username", "email", "last_login"]
    radio_fields = {"qbo_admin": admin.HORIZONTAL}
    list_display = ["name", "username", "level", "qbo_admin", "is_active", "last_login"]
    list_filter = ["level", "qbo_admin", "is_active", "kind"]
    search_fields = ["first_name", "last_name", "username", "email"]
    inlines = [HourlyRateInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, told who fills it in."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"__init__": partialmethod(form.__init__, actor=request.user)})

    def save_model(self, request: HttpRequest, obj: Associate, form: Any, change: bool) -> None:
        with rules.permitted_change(actor=request.user, associate=obj):
            super().save_model(request, obj, form, change)
