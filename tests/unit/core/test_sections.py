"""The sections of Settings: in order, for those who may, one per page."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory

from smmware.core import sections
from smmware.core.sections import SettingsSection, add_settings_section, section_of, sections_for

BASIC = SettingsSection(1, "Basic Settings", "settings_basic", "The company.", lambda request: True)
CODES = SettingsSection(3, "Rates and Job Codes", "settings", "What an hour costs.", lambda request: True)
SECRET = SettingsSection(2, "Secret", "home", "Not for everybody.", lambda request: False)


@pytest.fixture
def request_of_anybody(monkeypatch: pytest.MonkeyPatch) -> HttpRequest:
    """A request, in an office whose settings have these three sections, added in no order."""
    monkeypatch.setattr(sections, "_sections", [])
    for section in (CODES, SECRET, BASIC):
        add_settings_section(section)
    request = RequestFactory().get("/settings/")
    request.user = AnonymousUser()
    return request


def test_only_what_is_allowed_by_number(request_of_anybody: HttpRequest) -> None:
    assert sections_for(request_of_anybody) == [BASIC, CODES]
    assert [section.heading for section in sections_for(request_of_anybody)] == [
        "1) Basic Settings",
        "3) Rates and Job Codes",
    ]


def test_by_default_for_those_who_change_settings(request_of_anybody: HttpRequest) -> None:
    add_settings_section(SettingsSection(5, "Categories", "login", "Groups."))
    assert "5) Categories" not in [section.heading for section in sections_for(request_of_anybody)]


def test_a_page_has_one_section(request_of_anybody: HttpRequest) -> None:
    with pytest.raises(ValueError, match="settings_basic"):
        add_settings_section(SettingsSection(9, "Again", "settings_basic", "Twice."))
    assert section_of("settings_basic") is BASIC
    with pytest.raises(KeyError, match="nowhere"):
        section_of("nowhere")
