"""The forms of signing in and of Admin→Settings."""

from itertools import groupby
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from associates.rules import is_company_owner
from smmware.core.forms import SettingsForm
from smmware.core.models import Company


class SignInForm(AuthenticationForm):
    """Username and password. Capitals in a username do not matter, and so do not multiply the attempts allowed."""

    error_messages = {
        "invalid_login": "That username and password do not go together. Capitals matter in the password.",
        "inactive": "This associate is not active any more.",
    }

    def clean_username(self) -> str:
        return self.cleaned_data["username"].lower()


class BasicSettingsForm(SettingsForm):
    """“Section 1) Basic Settings”. The integration is offered to a Company Owner only (manual, “Enable …”)."""

    class Meta:
        model = Company
        fields = ["name", "address", "time_zone", "integration"]
        labels = {"name": "Company name", "address": "Company address"}
        widgets = {"address": forms.Textarea(attrs={"rows": 3}), "integration": forms.RadioSelect}

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].widget = forms.Select(choices=time_zone_choices())
        self.fields["time_zone"].help_text = "All dates and times are shown in this time zone."
        if not is_company_owner(person):
            del self.fields["integration"]
            self.withheld["integration"] = "Only a Company Owner decides whether SMMware integrates with QuickBooks."


def time_zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The IANA time zones by continent, America first."""
    names = sorted(
        (name for name in available_timezones() if "/" in name), key=lambda name: (_continent(name) != "America", name)
    )
    return [(continent, [(name, _place(name)) for name in zone]) for continent, zone in groupby(names, key=_continent)]


def _continent(name: str) -> str:
    return name.partition("/")[0]


def _place(name: str) -> str:
    return name.partition("/")[2].replace("_", " ").replace("/", " – ")
