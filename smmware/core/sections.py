"""The numbered sections of Admin→Settings. Apps add theirs in AppConfig.ready(), each with a page of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.views.generic import CreateView, UpdateView

from smmware.core.forms import save_or_refuse
from smmware.core.listings import listing_url
from smmware.core.permissions import Access, Area, may
from smmware.core.records import AreaMixin, Back, BackMixin, PutsBackMixin


def may_change_settings(request: HttpRequest) -> bool:
    """Whether the person who asks may change the company's settings (domain.md §3)."""
    return may(request.user, Area.SETTINGS, Access.MANAGE)


@dataclass(frozen=True)
class SettingsSection:
    """One section of the settings editor.

    Args:
        number: its place; sections of one number stand together, in the order of their titles.
        title: its name without the number, such as "Basic Settings".
        url_name: the name of its page's URL, without arguments.
        summary: what is decided there, in a sentence.
        allowed: whether the person who asks may open it; that page must refuse everybody else itself.
    """

    number: int
    title: str
    url_name: str
    summary: str
    allowed: Callable[[HttpRequest], bool] = may_change_settings

    @property
    def heading(self) -> str:
        """As the manual writes it: “1) Basic Settings”."""
        return f"{self.number}) {self.title}"

    @property
    def url(self) -> str:
        return reverse(self.url_name)


_sections: list[SettingsSection] = []


def add_settings_section(section: SettingsSection) -> SettingsSection:
    """Add a section to Settings. Raises ValueError for a second one with the same page."""
    if any(section.url_name == other.url_name for other in _sections):
        raise ValueError(f"The settings page {section.url_name!r} has a section already.")
    _sections.append(section)
    return section


def sections_for(request: HttpRequest) -> list[SettingsSection]:
    """The sections that the person who asks may open, in order."""
    return sorted(
        (section for section in _sections if section.allowed(request)), key=lambda each: (each.number, each.title)
    )


def section_of(url_name: str) -> SettingsSection:
    """The section with this page. Raises KeyError where there is none."""
    for section in _sections:
        if section.url_name == url_name:
            return section
    raise KeyError(url_name)


class SectionMixin(AreaMixin):
    """What the pages of a section share: who may open them, their heading, and the way back to Settings.

    `section` is the URL name under which the section was added.
    """

    area = Area.SETTINGS
    needed = Access.MANAGE
    section: str

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("title", section_of(self.section).heading)
        kwargs.setdefault("back", Back("Settings", reverse("settings")))
        kwargs.setdefault("cancel_url", reverse("settings"))
        return super().get_context_data(**kwargs)  # type: ignore[misc]


class SectionView(SectionMixin, PutsBackMixin, UpdateView):
    """A section that is one form. Subclasses say which, and answer the row that it changes in `get_object`."""

    template_name = "core/record_form.html"
    success_url = reverse_lazy("settings")
    request: HttpRequest

    def form_valid(self, form: ModelForm) -> HttpResponse:
        saved = save_or_refuse(form)
        if saved is None:
            return self.form_invalid(form)
        messages.success(self.request, "The settings are saved.")
        return HttpResponseRedirect(self.get_success_url())


class SectionAddView(SectionMixin, PutsBackMixin, CreateView):
    """A section that is a short history or list of its own, with a form that adds to it."""

    request: HttpRequest
    object: Any

    def form_valid(self, form: ModelForm) -> HttpResponse:
        saved = save_or_refuse(form)
        if saved is None:
            return self.form_invalid(form)
        self.object = saved
        messages.success(self.request, self.said(saved))
        return HttpResponseRedirect(str(self.success_url))

    def said(self, saved: Any) -> str:
        """What has been done, in a sentence."""
        raise NotImplementedError(type(self))


class SectionRowMixin(BackMixin):
    """A row of a section's listing: from its form one comes back to that listing."""

    area = Area.SETTINGS
    needed = Access.MANAGE

    def back(self) -> Back | None:
        return BackMixin.back(self)

    def get_success_url(self) -> str:
        return listing_url(self.listing_key)

    def cancel_url(self) -> str:
        """Where “Cancel” leads: back to the listing too."""
        return listing_url(self.listing_key)
