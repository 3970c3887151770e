"""“History” on a record's page: who changed which field, from what to what, and when."""

from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import ListView

from smmware.core.changes import told
from smmware.core.extensions import Panel, RecordAddOn
from smmware.core.history import SETTINGS_ID
from smmware.core.models import Change, Company
from smmware.core.records import Back
from smmware.office.history import READERS, may_read_history

PAGE_SIZE = 50


def changes_of(model: type[Model], pk: int) -> QuerySet[Change]:
    """The changes that are shown on the page of one record, the newest first."""
    changes = Change.objects.filter(subject_type__app_label=model._meta.app_label, subject_id=pk)
    return changes.filter(subject_type__model=model._meta.model_name).select_related("content_type")


def history_url(model: type[Model], pk: int) -> str:
    """The address of a record's history."""
    return reverse("history", args=[model._meta.label_lower, pk])


class HistoryView(ListView):
    """The history of one record, or of Settings; that of a deleted record is still there."""

    template_name = "office/history.html"
    paginate_by = PAGE_SIZE
    context_object_name = "changes"

    @cached_property
    def model_shown(self) -> type[Model]:
        model = next((each for each in READERS if each._meta.label_lower == self.kwargs["kind"]), None)
        if model is None:
            raise Http404("No history is kept of such records.")
        return apps.get_model(model._meta.label)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_read_history(request.user, self.model_shown):
            raise PermissionDenied("The history of a record is for those who manage such records.")
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def record(self) -> Model | None:
        return None if self.is_settings else self.model_shown._base_manager.filter(pk=self.kwargs["pk"]).first()

    @property
    def is_settings(self) -> bool:
        return self.model_shown is Company

    def get_queryset(self) -> QuerySet[Change]:
        changes = changes_of(self.model_shown, SETTINGS_ID if self.is_settings else self.kwargs["pk"])
        if self.record is None and not self.is_settings and not changes.exists():
            raise Http404("There is no such record, and never was.")
        return changes

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        name = self._name()
        return {**context, "told": told(context["changes"]), "name": name, "back": self._back(name)}

    def _name(self) -> str:
        if self.is_settings:
            return "Settings"
        if self.record is not None:
            return str(self.record)
        last = self.get_queryset().filter(action=Change.Action.DELETE).exclude(object_repr="").first()
        return last.object_repr if last else "a deleted record"

    def _back(self, name: str) -> Back | None:
        if self.is_settings:
            return Back(name, reverse("settings"))
        return Back(name, self.record.get_absolute_url()) if self.record else None  # type: ignore[attr-defined]


class HistoryCard(RecordAddOn):
    """On a record's page: its last change, and the way to all of them."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model

    def offered(self, request: HttpRequest) -> bool:
        return may_read_history(request.user, self.model)

    def panels(self, request: HttpRequest, record: Any) -> list[Panel]:
        last = changes_of(self.model, record.pk).first()
        return [Panel("History", "office/history_card.html", {"last": last, "url": history_url(self.model, record.pk)})]
