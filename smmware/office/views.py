"""Home, signing in, and Admin→Settings."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.contrib.messages.views import SuccessMessageMixin
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.views.generic import TemplateView, UpdateView

from invoices.forms import InvoiceSettingsForm
from invoices.models import InvoiceSettings
from smmware.core.extensions import home_cards
from smmware.core.models import Company
from smmware.core.permissions import Access, Area
from smmware.core.records import AreaMixin, Back
from smmware.office.forms import BasicSettingsForm, SignInForm


class HomeView(TemplateView):
    """A greeting, what the person may open, and the cards that apps add."""

    template_name = "office/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            greeting=greeting(timezone.localtime().hour), panels=home_cards(self.request), **kwargs
        )


def greeting(hour: int) -> str:
    """How to greet at this hour (0 to 23) of the company's day."""
    if hour < 12:
        return "Good morning"
    return "Good afternoon" if hour < 18 else "Good evening"


class SignInView(LoginView):
    authentication_form = SignInForm
    redirect_authenticated_user = True


class ChangePasswordView(SuccessMessageMixin, PasswordChangeView):
    success_url = reverse_lazy("home")
    success_message = "Your password is changed."
    extra_context = {"cancel_url": reverse_lazy("home")}


@dataclass(frozen=True)
class SettingsSection:
    """One numbered section of the settings editor."""

    title: str
    url_name: str
    summary: str

    @property
    def url(self) -> str:
        return reverse(self.url_name)


SETTINGS_SECTIONS = (
    SettingsSection(
        "1) Basic Settings", "settings_basic", "The company's name, address and time zone, and QuickBooks."
    ),
    SettingsSection(
        "4) Invoices and Terms",
        "settings_invoices",
        "Where payments are recorded, the usual term, what is printed.",
    ),
)


class SettingsView(AreaMixin, TemplateView):
    """The numbered sections of the settings editor."""

    area = Area.SETTINGS
    needed = Access.MANAGE
    template_name = "office/settings.html"
    extra_context = {"sections": SETTINGS_SECTIONS}


class SectionView(AreaMixin, UpdateView):
    """The form of one section. Subclasses say which, and what it changes."""

    area = Area.SETTINGS
    needed = Access.MANAGE
    template_name = "core/record_form.html"
    success_url = reverse_lazy("settings")
    request: HttpRequest
    title = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=self.title, back=Back("Settings", reverse("settings")), cancel_url=reverse("settings"), **kwargs
        )

    def form_valid(self, form: ModelForm) -> HttpResponse:
        messages.success(self.request, "The settings are saved.")
        return super().form_valid(form)


class BasicSettingsView(SectionView):
    """Section 1: the company itself, and whether SMMware integrates with QuickBooks."""

    form_class = BasicSettingsForm
    title = "1) Basic Settings"

    def get_object(self, queryset: Any = None) -> Company:
        return Company.current()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "person": self.request.user}


class InvoiceSettingsView(SectionView):
    """Section 4: how invoices look, are sent and get paid."""

    form_class = InvoiceSettingsForm
    title = "4) Invoices and Terms"

    def get_object(self, queryset: Any = None) -> InvoiceSettings:
        return InvoiceSettings.current()
