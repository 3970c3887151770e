"""The manual's pages, under the product's own look."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.views.generic import TemplateView

from qbo_sync.access import qbo_offered
from smmware.core.records import Back, BackMixin
from smmware.office.manual import MANUAL, Page, Section, pages


def offered(request: HttpRequest) -> Iterator[Section]:
    """The sections, each with the pages whose screens the person who asks may know of."""
    knows_quickbooks = qbo_offered(request)
    for section in MANUAL:
        shown = tuple(page for page in section.pages if knows_quickbooks or not page.about_quickbooks)
        if shown:
            yield Section(section.title, shown)


class HelpIndexView(TemplateView):
    """What the manual has pages on."""

    template_name = "office/help_index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sections=list(offered(self.request)), **kwargs)


class HelpPageView(BackMixin, TemplateView):
    """A page of the manual."""

    template_name = "office/help_page.html"

    def back(self) -> Back:
        return Back("Help", reverse("help"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page=self._page(kwargs["slug"]), **kwargs)

    def _page(self, slug: str) -> Page:
        found = next((page for page in pages(list(offered(self.request))) if page.slug == slug), None)
        if found is None:
            raise Http404("The manual has no such page.")
        return found
