"""Short lists of Settings, such as categories and presets: all rows, and a page to add, edit and delete one."""

from typing import Any

from django.forms import ModelForm
from django.urls import URLPattern, path, reverse

from smmware.core.listings import Listing, ListingView
from smmware.core.permissions import Area
from smmware.core.records import Back, RecordCreateView, RecordDeleteView, RecordUpdateView
from smmware.core.sections import SectionRowMixin


class RowListView(ListingView):
    """All rows, with the way back to Settings."""

    listing_key = ""  # given by its URL, as what the other pages are about

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(back=Back("Settings", reverse("settings")), **kwargs)


class RowCreateView(SectionRowMixin, RecordCreateView):
    """Add a row."""


class RowUpdateView(SectionRowMixin, RecordUpdateView):
    """Edit a row; from here one gets to deleting it."""

    template_name = "core/section_row_form.html"
    delete_page = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(delete_url=reverse(self.delete_page, args=[self.object.pk]), **kwargs)


class RowDeleteView(RecordDeleteView):
    """Delete a row that nothing uses."""

    area = Area.SETTINGS


def pages_of(listing: Listing, form_class: type[ModelForm], *, prefix: str, one: str) -> list[URLPattern]:
    """The four pages of a short list.

    Args:
        listing: its rows; its `url_name` is its key in the app's namespace.
        form_class: in which a row is added and edited.
        prefix: the folder of its addresses, such as "job-codes".
        one: the row in the names of its URLs, such as "job_code": add_job_code, edit_job_code, delete_job_code.
    """
    noun, namespace = listing.noun[0], listing.url_name.partition(":")[0]
    row: dict[str, Any] = {"model": listing.model, "listing_key": listing.key}
    form = row | {"form_class": form_class}
    edit = RowUpdateView.as_view(**form, title=f"Edit {noun}", delete_page=f"{namespace}:delete_{one}")
    return [
        path(f"{prefix}/", RowListView.as_view(listing_key=listing.key), name=listing.key),
        path(f"{prefix}/add/", RowCreateView.as_view(**form, title=f"Add {noun}"), name=f"add_{one}"),
        path(f"{prefix}/<int:pk>/", edit, name=f"edit_{one}"),
        path(f"{prefix}/<int:pk>/delete/", RowDeleteView.as_view(**row), name=f"delete_{one}"),
    ]
