"""The pages of this app under Admin→Settings."""

from typing import Any

from django.urls import URLPattern, path

from hours import settings_views as views
from hours.models import DescriptionPreset, ExpenseCategory, FlatFeePreset

app_name = "hour_settings"


def _rows(prefix: str, key: str, one: str, create: Any, update: Any, model: Any) -> list[URLPattern]:
    """The pages of a short list: all rows, add, edit, delete."""
    delete = views.RowDeleteView.as_view(model=model, listing_key=key)
    return [
        path(f"{prefix}/", views.SettingsListView.as_view(listing_key=key), name=key),
        path(f"{prefix}/add/", create.as_view(), name=f"add_{one}"),
        path(f"{prefix}/<int:pk>/", update.as_view(), name=f"edit_{one}"),
        path(f"{prefix}/<int:pk>/delete/", delete, name=f"delete_{one}"),
    ]


urlpatterns = [
    path("time/", views.TimeSettingsView.as_view(), name="time"),
    path("rates/", views.RatesView.as_view(), name="rates"),
    path("mileage/", views.MileageRatesView.as_view(), name="mileage"),
    *_rows(
        "expense-categories", "expense_categories", "expense_category",
        views.ExpenseCategoryCreateView, views.ExpenseCategoryUpdateView, ExpenseCategory,
    ),
    *_rows(
        "descriptions", "descriptions", "description",
        views.DescriptionCreateView, views.DescriptionUpdateView, DescriptionPreset,
    ),
    *_rows(
        "flat-fee-presets", "flat_fee_presets", "flat_fee_preset",
        views.FlatFeePresetCreateView, views.FlatFeePresetUpdateView, FlatFeePreset,
    ),
]  # fmt: skip
