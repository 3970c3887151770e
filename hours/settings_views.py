"""Admin→Settings: time and approval, charging and paying, mileage, expense categories and presets."""

from typing import Any

from django.urls import reverse, reverse_lazy

from hours.models import DescriptionPreset, Distance, ExpenseCategory, FlatFeePreset, MileageRates, TimeSettings
from hours.rates import CHARGE, PAY
from hours.settings_forms import (
    DescriptionPresetForm,
    ExpenseCategoryForm,
    FlatFeePresetForm,
    MileageRatesForm,
    RatesForm,
    TimeSettingsForm,
)
from smmware.core.listings import ListingView
from smmware.core.permissions import Area
from smmware.core.records import Back, RecordCreateView, RecordDeleteView, RecordUpdateView
from smmware.core.sections import SectionAddView, SectionRowMixin, SectionView


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


class SettingsListView(ListingView):
    """A short list of Settings."""

    listing_key = ""  # given by its URL

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(back=Back("Settings", reverse("settings")), **kwargs)


class _RowUpdateView(SectionRowMixin, RecordUpdateView):
    template_name = "core/section_row_form.html"
    delete_page = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = reverse(f"hour_settings:{self.delete_page}", args=[self.object.pk])
        return super().get_context_data(delete_url=url, **kwargs)


class ExpenseCategoryMixin:
    model = ExpenseCategory
    form_class: Any = ExpenseCategoryForm
    listing_key = "expense_categories"


class ExpenseCategoryCreateView(ExpenseCategoryMixin, SectionRowMixin, RecordCreateView):
    title = "Add category"


class ExpenseCategoryUpdateView(ExpenseCategoryMixin, _RowUpdateView):
    title = "Edit category"
    delete_page = "delete_expense_category"


class DescriptionMixin:
    model = DescriptionPreset
    form_class: Any = DescriptionPresetForm
    listing_key = "descriptions"


class DescriptionCreateView(DescriptionMixin, SectionRowMixin, RecordCreateView):
    title = "Add description"


class DescriptionUpdateView(DescriptionMixin, _RowUpdateView):
    title = "Edit description"
    delete_page = "delete_description"


class FlatFeePresetMixin:
    model = FlatFeePreset
    form_class: Any = FlatFeePresetForm
    listing_key = "flat_fee_presets"


class FlatFeePresetCreateView(FlatFeePresetMixin, SectionRowMixin, RecordCreateView):
    title = "Add preset"


class FlatFeePresetUpdateView(FlatFeePresetMixin, _RowUpdateView):
    title = "Edit preset"
    delete_page = "delete_flat_fee_preset"


class RowDeleteView(RecordDeleteView):
    """Delete a category or preset that nothing uses."""

    area = Area.SETTINGS
