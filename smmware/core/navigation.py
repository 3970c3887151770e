"""The menu, by the manual's names. Apps add entries in AppConfig.ready(); only what a person may open is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

SECTIONS = ("Admin", "Associates", "Clients/Inquiries", "Organizations/Contacts")


@dataclass(frozen=True)
class MenuEntry:
    """One command of the menu: under which section, its label, its URL's name, and who is shown it.

    `also` answers the addresses of pages that belong to it, although they do not lie below its own.
    """

    section: str
    label: str
    url_name: str
    order: int
    allowed: Callable[[HttpRequest], bool]
    also: Callable[[], list[str]] = list


@dataclass(frozen=True)
class ShownEntry:
    label: str
    url: str
    current: bool


_entries: list[MenuEntry] = []


def add_menu_entry(entry: MenuEntry) -> None:
    """Add a command to the menu. Raises ValueError for a section that the manual does not have."""
    if entry.section not in SECTIONS:
        raise ValueError(f"There is no menu section {entry.section!r}; choose one of {SECTIONS}.")
    if entry not in _entries:
        _entries.append(entry)


def menu_for(request: HttpRequest) -> Sequence[tuple[str, list[ShownEntry]]]:
    """The sections, each with the entries that the person who asks may open."""
    allowed = sorted((entry for entry in _entries if entry.allowed(request)), key=lambda entry: entry.order)
    urls = {entry: reverse(entry.url_name) for entry in allowed}
    current = _where(request, urls)
    shown = [
        (section, [ShownEntry(e.label, urls[e], e is current) for e in allowed if e.section == section])
        for section in SECTIONS
    ]
    return [(section, entries) for section, entries in shown if entries]


def _where(request: HttpRequest, urls: dict[MenuEntry, str]) -> MenuEntry | None:
    """The entry to which the page asked for belongs: of /hours/ and /hours/expenses/ the nearer one, its own first."""
    places = [(len(url), own, entry) for entry in urls for own, url in _addresses(entry, urls[entry])
              if request.path.startswith(url)]  # fmt: skip
    return max(places, key=lambda place: place[:2], default=(0, True, None))[2]


def _addresses(entry: MenuEntry, url: str) -> list[tuple[bool, str]]:
    return [(True, url), *((False, other) for other in entry.also())]
