"""The Associate Manager and the Associate Profile."""

from typing import Any

from axes.utils import reset as forget_failed_sign_ins
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from associates import rules
from associates.forms import AssociateForm, HourlyRateForm, SignInDetailsForm
from associates.listing import manages, visible_to
from associates.models import Associate
from smmware.core.display import dial, write_to, yes_no
from smmware.core.extensions import Action, Panel
from smmware.core.listings import ListingView
from smmware.core.permissions import Area
from smmware.core.records import Back, RecordCreateView, RecordDeleteView, RecordUpdateView, RecordView


class AssociateListView(ListingView):
    listing_key = "associates"


class AssociateView(RecordView):
    """The Associate Profile: whole for those who manage associates, name, e-mail and phone for everybody else."""

    area = Area.ASSOCIATES
    listing_key = "associates"
    object: Associate

    def get_queryset(self) -> QuerySet:
        return visible_to(self.request.user)

    def facts(self) -> list[tuple[str, Any]]:
        person = self.object
        shown: list[tuple[str, Any]] = [("E-mail", write_to(person.email)), ("Phone", dial(person.phone))]
        return [*shown, *self._managed_facts()] if manages(self.request.user) else shown

    def _managed_facts(self) -> list[tuple[str, Any]]:
        person = self.object
        facts: list[tuple[str, Any]] = [
            ("Title", person.title),
            ("Kind", person.get_kind_display()),
            ("Address", person.postal_address),
            ("Hire date", person.hired_on),
            ("Permission level", person.get_level_display()),
            ("Active", yes_no(person.is_active)),
            ("Username", person.username or "None yet: cannot sign in"),
        ]
        shows_quickbooks = rules.is_company_owner(self.request.user)
        return [*facts, ("QBO Admin?", yes_no(person.qbo_admin))] if shows_quickbooks else facts

    def own_actions(self) -> list[Action]:
        if not manages(self.request.user):
            return []
        pages = [("Edit", "edit"), *self._sign_in_page()]
        if self.object.pk != self.request.user.pk and rules.may_change_sign_in(self.request.user, self.object):
            pages.append(("Delete", "delete"))
        return [
            Action(label, reverse(f"associates:{name}", args=[self.object.pk]), method="get") for label, name in pages
        ]

    def _sign_in_page(self) -> list[tuple[str, str]]:
        if self.object.is_vehicle or not rules.may_change_sign_in(self.request.user, self.object):
            return []
        return [("Username and password" if self.object.username else "Give a username and password", "sign_in")]

    def own_panels(self) -> list[Panel]:
        if not manages(self.request.user):
            return []
        form = HourlyRateForm(associate=self.object)
        return [Panel("Hourly rates", "associates/rates.html", {"rates": self.object.hourly_rates.all(), "form": form})]


class AssociateFormMixin:
    """Tells the form who fills it in."""

    area = Area.ASSOCIATES
    model = Associate
    form_class: Any = AssociateForm
    listing_key = "associates"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "actor": self.request.user}  # type: ignore[misc,attr-defined]


class AssociateCreateView(AssociateFormMixin, RecordCreateView):
    title = "Add associate"


class AssociateUpdateView(AssociateFormMixin, RecordUpdateView):
    title = "Edit associate"


class SignInDetailsView(AssociateFormMixin, RecordUpdateView):
    """Give a username and password, or new ones."""

    form_class = SignInDetailsForm
    title = "Username and password"

    def get_object(self, queryset: QuerySet | None = None) -> Associate:
        person = super().get_object(queryset)
        if person.is_vehicle:
            raise PermissionDenied("A vehicle does not sign in.")
        if not rules.may_change_sign_in(self.request.user, person):
            raise PermissionDenied(rules.above(person))
        return person

    def save_actions(self) -> list[Any]:
        return []

    def form_valid(self, form: BaseForm) -> HttpResponse:
        response = super().form_valid(form)
        if not form.errors:
            forget_failed_sign_ins(username=self.object.username)
        return response


class AssociateDeleteView(RecordDeleteView):
    area = Area.ASSOCIATES
    model = Associate
    listing_key = "associates"

    def vetoes(self) -> list[str]:
        try:
            rules.check_delete(self.request.user, self.object)
        except ValidationError as error:
            return [*error.messages, *super().vetoes()]
        return super().vetoes()

    def delete_record(self) -> None:
        with rules.permitted_delete(actor=self.request.user, associate=self.object):
            self.object.delete()


class HourlyRateCreateView(RecordCreateView):
    """Add an hourly rate to the history."""

    area = Area.ASSOCIATES
    form_class = HourlyRateForm
    title = "Add hourly rate"

    @cached_property
    def associate(self) -> Associate:
        return get_object_or_404(Associate, pk=self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "associate": self.associate}

    def back(self) -> Back:
        return Back(str(self.associate), self.associate.get_absolute_url())

    def get_success_url(self) -> str:
        return self.associate.get_absolute_url()
