"""Admin→Settings: time and approval, charging and paying, mileage."""

from typing import Any

from django.urls import reverse_lazy

from hours.models import Distance, MileageRates, TimeSettings
from hours.rates import CHARGE, PAY
from hours.settings_forms import MileageRatesForm, RatesForm, TimeSettingsForm
from smmware.core.sections import SectionAddView, SectionView


class TimeSettingsView(SectionView):
    """Section 2: whether entries are approved, and in what distances are recorded."""

    section = "hour_settings:time"
    form_class: Any = TimeSettingsForm

    def get_object(self, queryset: Any = None) -> TimeSettings:
        return TimeSettings.current()


class RatesView(SectionView):
    """Section 3: what clients are charged for an hour, and associates paid."""

    section = "hour_settings:rates"
    form_class: Any = RatesForm

    def get_object(self, queryset: Any = None) -> TimeSettings:
        return TimeSettings.current()


class MileageRatesView(SectionAddView):
    """Section 3: the mileage formulas by date, and a form for the next."""

    section = "hour_settings:mileage"
    template_name = "hours/mileage_rates.html"
    form_class: Any = MileageRatesForm
    success_url = reverse_lazy("hour_settings:mileage")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "distance": Distance(TimeSettings.current().distance)}

    def said(self, saved: MileageRates) -> str:
        return f"{saved} are saved."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(history=MileageRates.objects.all(), charge=CHARGE, pay=PAY, **kwargs)
