"""The pages of this app under Admin→Settings."""

from django.urls import path

from hours import settings_views as views
from hours.settings_forms import DescriptionPresetForm, ExpenseCategoryForm, FlatFeePresetForm
from hours.settings_listings import DESCRIPTIONS, EXPENSE_CATEGORIES, FLAT_FEE_PRESETS
from smmware.core.section_rows import pages_of

app_name = "hour_settings"
urlpatterns = [
    path("time/", views.TimeSettingsView.as_view(), name="time"),
    path("rates/", views.RatesView.as_view(), name="rates"),
    path("mileage/", views.MileageRatesView.as_view(), name="mileage"),
    *pages_of(EXPENSE_CATEGORIES, ExpenseCategoryForm, prefix="expense-categories", one="expense_category"),
    *pages_of(DESCRIPTIONS, DescriptionPresetForm, prefix="descriptions", one="description"),
    *pages_of(FLAT_FEE_PRESETS, FlatFeePresetForm, prefix="flat-fee-presets", one="flat_fee_preset"),
]
