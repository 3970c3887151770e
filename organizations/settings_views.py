"""Admin→Settings: the categories that organizations and contacts share (domain.md §8)."""

from typing import Any

from django.urls import reverse

from organizations.forms import CategoryForm
from organizations.models import Category
from smmware.core.listings import ListingView
from smmware.core.permissions import Area
from smmware.core.records import Back, RecordCreateView, RecordDeleteView, RecordUpdateView
from smmware.core.sections import SectionRowMixin


class CategoryListView(ListingView):
    listing_key = "categories"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(back=Back("Settings", reverse("settings")), **kwargs)


class CategoryMixin(SectionRowMixin):
    model = Category
    form_class: Any = CategoryForm
    listing_key = "categories"


class CategoryCreateView(CategoryMixin, RecordCreateView):
    title = "Add category"


class CategoryUpdateView(CategoryMixin, RecordUpdateView):
    title = "Edit category"
    template_name = "core/section_row_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = reverse("organization_settings:delete_category", args=[self.object.pk])
        return super().get_context_data(delete_url=url, **kwargs)


class CategoryDeleteView(RecordDeleteView):
    area = Area.SETTINGS
    model = Category
    listing_key = "categories"
