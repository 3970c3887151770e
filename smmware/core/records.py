"""The pages of one record: show, add, edit, delete. Apps subclass these and fill in what is theirs."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, router, transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.db.models.deletion import Collector
from django.forms import BaseForm, FileField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.generic import CreateView, DeleteView, DetailView, UpdateView

from smmware.core import keeping
from smmware.core.extensions import Action, Panel, SaveAction, delete_vetoes, edit_vetoes, record_add_ons
from smmware.core.forms import save_or_refuse
from smmware.core.listings import listing_by_key, listing_url
from smmware.core.permissions import Access, Area, check_may


class AreaMixin:
    """Refuses whoever has less than the needed access in the view's area."""

    area: Area
    needed: Access = Access.VIEW

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        check_may(request.user, self.area, self.needed)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


@dataclass(frozen=True)
class Back:
    """The link above a page's heading, to where the record is one of many."""

    label: str
    url: str


class BackMixin:
    """Offers the way back: to the listing with this key, or what `back` answers."""

    listing_key = ""

    def back(self) -> Back | None:
        if not self.listing_key:
            return None
        return Back(listing_by_key(self.listing_key).title, listing_url(self.listing_key))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("back", self.back())
        return super().get_context_data(**kwargs)  # type: ignore[misc]


class RecordView(AreaMixin, BackMixin, DetailView):
    """A record's page: its facts, then the panels and buttons that other apps add."""

    template_name = "core/record.html"

    def facts(self) -> list[tuple[str, Any]]:
        """Label and value of what the page shows first."""
        return []

    def own_actions(self) -> list[Action]:
        """Buttons of the record's own app."""
        return []

    def own_panels(self) -> list[Panel]:
        """Cards of the record's own app."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        add_ons = record_add_ons(self.object, self.request)
        panels = [panel for add_on in add_ons for panel in add_on.panels(self.request, self.object)]
        actions = [action for add_on in add_ons for action in add_on.actions(self.request, self.object)]
        return super().get_context_data(
            facts=[(label, value) for label, value in self.facts() if value not in (None, "")],
            panels=[*self.own_panels(), *panels],
            actions=[*self.own_actions(), *actions],
            **kwargs,
        )


class PutsBackMixin:
    """A form that opens with what somebody typed into it before they were signed out, or sent from a page too old."""

    request: HttpRequest
    put_back: dict[str, list[str]]  # what was sent before: every value of each name, once get_initial was asked

    def get_initial(self) -> dict[str, Any]:
        initial = super().get_initial()  # type: ignore[misc]
        kept = keeping.take(self.request)
        self.put_back = kept["values"] if kept else {}
        if kept:
            form_class = self.get_form_class()  # type: ignore[attr-defined]
            files = any(isinstance(field, FileField) for field in form_class.base_fields.values())
            again = " A file must be chosen again." if files else ""
            messages.info(self.request, f"What you typed is back. Nothing of it is saved yet.{again}")
            initial |= keeping.as_initial(kept, form_class)
        return initial


class RecordFormMixin(PutsBackMixin, AreaMixin, BackMixin):
    """What adding and editing share."""

    template_name: str | None = "core/record_form.html"
    needed = Access.MANAGE
    title = ""
    request: HttpRequest
    object: Any

    def save_actions(self) -> list[SaveAction]:
        """Further buttons of the form, each under its key."""
        model = self.get_form_class()._meta.model  # type: ignore[attr-defined]
        add_ons = record_add_ons(model, self.request)
        return [action for add_on in add_ons for action in add_on.save_actions(self.request, self.object)]

    def get_form(self, form_class: Any = None) -> Any:
        """The form, with the checks that other apps make of what is typed into its fields."""
        form = super().get_form(form_class)  # type: ignore[misc]
        add_ons = record_add_ons(form._meta.model, self.request)
        checks = [check for add_on in add_ons for check in add_on.live_checks(self.request, self.object)]
        form.live_checks = {check.field: check for check in checks if check.field in form.fields}
        return form

    def form_valid(self, form: BaseForm) -> HttpResponse:
        saved = save_or_refuse(form)
        if saved is None:
            return self.form_invalid(form)  # type: ignore[attr-defined]
        self.object = saved
        wanted = self.request.POST.get("then")
        for action in self.save_actions():
            if action.key == wanted:
                return action.proceed(self.request, saved)
        messages.success(self.request, f"{saved} is saved.")
        return HttpResponseRedirect(self.get_success_url())

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()

    def cancel_url(self) -> str:
        """Where “Cancel” leads: back to the record, or to the listing where there is none yet."""
        if self.object is not None:
            return self.object.get_absolute_url()
        back = self.back()
        return back.url if back else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=self.title, save_actions=self.save_actions(), cancel_url=self.cancel_url(), **kwargs
        )


class RecordCreateView(RecordFormMixin, CreateView):
    """Add a record."""

    def save_actions(self) -> list[SaveAction]:
        return []


class RecordUpdateView(RecordFormMixin, UpdateView):
    """Edit a record, where no app has a reason against it."""

    def get_object(self, queryset: QuerySet | None = None) -> Any:
        record = super().get_object(queryset)
        if vetoes := edit_vetoes(record):
            raise PermissionDenied(" ".join(vetoes))
        self.stored_name = str(record)  # what is typed into the form changes the record in memory
        return record

    def back(self) -> Back | None:
        return Back(self.stored_name, self.object.get_absolute_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the form; where somebody deleted the record meanwhile, give back what was typed."""
        try:
            return super().post(request, *args, **kwargs)
        except Http404:
            context = {"title": self.title, "typed": keeping.typed(request.POST, self.form_class)}
            return render(request, "core/record_gone.html", context, status=HTTPStatus.NOT_FOUND)


class RecordDeleteView(AreaMixin, BackMixin, DeleteView):
    """Delete a record, after a question, where nothing depends on it."""

    template_name = "core/record_delete.html"
    needed = Access.MANAGE

    def vetoes(self) -> list[str]:
        """Sentences that say why this record must not be deleted."""
        return delete_vetoes(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("dependents", _dependents_of(self.object))
        return super().get_context_data(vetoes=self.vetoes(), **kwargs)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        record: Model = self.object
        if vetoes := self.vetoes():
            raise PermissionDenied(" ".join(vetoes))
        name = str(record)
        try:
            self.delete_record()
        except (ProtectedError, IntegrityError) as error:
            return self.render_to_response(self.get_context_data(dependents=_dependents(error)))
        messages.success(self.request, f"{name} is deleted.")
        return HttpResponseRedirect(self.get_success_url())

    def delete_record(self) -> None:
        """Delete it, in a transaction of its own."""
        with transaction.atomic():
            self.object.delete()

    def get_success_url(self) -> str:
        return listing_url(self.listing_key) if self.listing_key else super().get_success_url()


def _dependents_of(record: Model) -> list[str]:
    """What would keep the record from being deleted, before anybody tries: as `_dependents` says it."""
    try:
        Collector(using=router.db_for_write(type(record)), origin=record).collect([record])
    except ProtectedError as error:
        return _dependents(error)
    return []


def _dependents(error: Exception) -> list[str]:
    """What still depends on the record, in words: “3 hour entries”."""
    if not isinstance(error, ProtectedError):
        return ["other records"]
    counts: dict[type[Model], int] = {}
    for record in error.protected_objects:
        counts[type(record)] = counts.get(type(record), 0) + 1
    return [
        f"{count} {model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural}"
        for model, count in counts.items()
    ]
