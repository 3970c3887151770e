"""Home, signing in, and Admin→Settings."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.contrib.messages.views import SuccessMessageMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.html import format_html
from django.views.generic import TemplateView

from invoices.forms import InvoiceSettingsForm
from invoices.models import InvoiceSettings
from smmware.core import keeping
from smmware.core.extensions import home_cards
from smmware.core.models import Company
from smmware.core.permissions import Access, Area
from smmware.core.records import AreaMixin
from smmware.core.reports import reports_for
from smmware.core.sections import SectionView, sections_for
from smmware.office.forms import BasicSettingsForm, SignInForm

SWITCHED_ON = "QuickBooks is switched on. Its commands are shown to associates whose profile says “QBO Admin? Yes”. {}."
QBO_ADMIN_YOURSELF = "Set that in your own profile"


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

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Signed in; what was typed before goes back into its form."""
        response = super().form_valid(form)
        keeping.keep(self.request, self._sealed())
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sealed=self._sealed(), **kwargs)

    def _sealed(self) -> str:
        return self.request.POST.get(keeping.FIELD, "")


class ChangePasswordView(SuccessMessageMixin, PasswordChangeView):
    success_url = reverse_lazy("home")
    success_message = "Your password is changed."
    extra_context = {"cancel_url": reverse_lazy("home")}


class SettingsView(AreaMixin, TemplateView):
    """The numbered sections of the settings editor."""

    area = Area.SETTINGS
    needed = Access.MANAGE
    template_name = "office/settings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sections=sections_for(self.request), **kwargs)


class ReportsView(TemplateView):
    """The reports that the person who asks may open."""

    template_name = "office/reports.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not reports_for(request):
            raise PermissionDenied("Your permission level does not include any report.")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(reports=reports_for(self.request), **kwargs)


class BasicSettingsView(SectionView):
    """Section 1: the company itself, and whether SMMware integrates with QuickBooks."""

    form_class = BasicSettingsForm
    section = "settings_basic"

    def get_object(self, queryset: Any = None) -> Company:
        return Company.current()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "person": self.request.user}

    def form_valid(self, form: Any) -> HttpResponse:
        """Saved; whoever switched QuickBooks on and sees nothing of it yet is told where its commands are."""
        response = super().form_valid(form)
        person: Any = self.request.user
        if "integration" in form.changed_data and form.instance.integrates_with_qbo and not person.qbo_admin:
            link = format_html('<a href="{}">{}</a>', reverse("associates:edit", args=[person.pk]), QBO_ADMIN_YOURSELF)
            messages.info(self.request, format_html(SWITCHED_ON, link))
        return response


class InvoiceSettingsView(SectionView):
    """Section 4: how invoices look, are sent and get paid."""

    form_class = InvoiceSettingsForm
    section = "settings_invoices"

    def get_object(self, queryset: Any = None) -> InvoiceSettings:
        return InvoiceSettings.current()
