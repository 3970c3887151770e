"""The menu shows what may be opened, and where one is."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from smmware.core import navigation
from smmware.core.navigation import MenuEntry, ShownEntry, add_menu_entry, menu_for


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> list[MenuEntry]:
    """A menu of its own for the test."""
    monkeypatch.setattr(navigation, "_entries", [])
    return navigation._entries


def test_only_what_is_allowed_in_order_and_only_the_nearest_is_current(entries: list[MenuEntry]) -> None:
    add_menu_entry(MenuEntry("Admin", "Basic", "settings_basic", 20, lambda request: True))
    add_menu_entry(MenuEntry("Admin", "Settings", "settings", 10, lambda request: True))
    add_menu_entry(MenuEntry("Associates", "Secret", "associates:list", 10, lambda request: False))
    request = RequestFactory().get("/settings/basic/")
    request.user = AnonymousUser()
    assert menu_for(request) == [
        ("Admin", [ShownEntry("Settings", "/settings/", False), ShownEntry("Basic", "/settings/basic/", True)])
    ]


def test_a_section_that_the_manual_does_not_have_is_a_mistake(entries: list[MenuEntry]) -> None:
    with pytest.raises(ValueError, match="Payroll"):
        add_menu_entry(MenuEntry("Payroll", "Run", "home", 1, lambda request: True))
