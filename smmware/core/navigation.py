"""The menu, by the manual's names. Apps add entries in AppConfig.ready(); only what a person may open is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

SECTIONS = ("Admin", "Associates", "Clients/Inquiries", "Organizations/Contacts")


@dataclass(frozen=True)
class MenuEntry:
    """One command of the menu: under which section, its label, its URL's name, and who is shown it."""

    section: str
    label: str
    url_name: str
    order: int
    allowed: Callable[[HttpRequest], bool]


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
    # Of /hours/ and /hours/expenses/ only the nearer one is where we are.
    current = max((url for url in urls.values() if request.path.startswith(url)), key=len, default=None)
    shown = [
        (section, [ShownEntry(e.label, urls[e], urls[e] == current) for e in allowed if e.section == section])
        for section in SECTIONS
    ]
    return [(section, entries) for section, entries in shown if entries]
