"""Who may do what: the five permission levels and what each may do, as data (domain.md §3).

Views, menus and templates all ask `may`, so a button and the page behind it can never disagree.
"""

from enum import IntEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models


class Level(models.IntegerChoices):
    """The permission level of an associate, low to high."""

    BASIC_USER = 10, "Basic User"
    TEAM_LEAD = 20, "Team Lead"
    ADMIN = 30, "Admin"
    SENIOR_ADMIN = 40, "Senior Admin"
    COMPANY_OWNER = 50, "Company Owner"


class Area(models.TextChoices):
    """The parts of the office that permissions are given for."""

    ASSOCIATES = "associates", "Associate profiles"
    JOBS = "jobs", "Job profiles"
    CLIENTS = "clients", "Client profiles"
    ORGANIZATIONS = "organizations", "Organizations and contacts"
    ENTRIES = "entries", "Time and expense entry"
    FLAT_FEES = "flat_fees", "Flat fee entry"
    APPROVAL = "approval", "Approval of hours, expenses and mileage"
    INVOICES = "invoices", "Invoice management"
    SETTINGS = "settings", "Settings"
    ADMIN_SITE = "admin_site", "Site administration"


class Access(IntEnum):
    """How far somebody may go in an area; each step includes those before it."""

    NONE = 0
    SELF = 1  # their own records only
    VIEW = 2
    REVIEW = 3
    OTHERS = 4  # "Self and others"
    MANAGE = 5


def _levels(basic: Access, lead: Access, admin: Access, senior: Access, owner: Access) -> dict[int, Access]:
    return dict(zip(Level.values, (basic, lead, admin, senior, owner), strict=True))


_NONE, _SELF, _VIEW, _REVIEW, _OTHERS, _MANAGE = Access

PERMISSIONS: dict[Area, dict[int, Access]] = {
    Area.ASSOCIATES: _levels(_VIEW, _VIEW, _MANAGE, _MANAGE, _MANAGE),
    Area.JOBS: _levels(_VIEW, _VIEW, _MANAGE, _MANAGE, _MANAGE),
    Area.CLIENTS: _levels(_VIEW, _VIEW, _MANAGE, _MANAGE, _MANAGE),
    Area.ORGANIZATIONS: _levels(_VIEW, _MANAGE, _MANAGE, _MANAGE, _MANAGE),
    Area.ENTRIES: _levels(_SELF, _OTHERS, _OTHERS, _OTHERS, _OTHERS),
    Area.FLAT_FEES: _levels(_NONE, _MANAGE, _MANAGE, _MANAGE, _MANAGE),
    Area.APPROVAL: _levels(_NONE, _MANAGE, _MANAGE, _MANAGE, _MANAGE),
    Area.INVOICES: _levels(_NONE, _REVIEW, _MANAGE, _MANAGE, _MANAGE),
    Area.SETTINGS: _levels(_NONE, _NONE, _MANAGE, _MANAGE, _MANAGE),
    Area.ADMIN_SITE: _levels(_NONE, _NONE, _NONE, _NONE, _MANAGE),
}


def access(person: Any, area: Area) -> Access:
    """How far `person` (an associate, or an anonymous visitor) may go in `area`."""
    if not (person.is_authenticated and person.is_active):
        return Access.NONE
    return PERMISSIONS[area].get(person.level, Access.NONE)


def may(person: Any, area: Area, needed: Access) -> bool:
    """Whether `person` has at least the access `needed` in `area`."""
    return access(person, area) >= needed


def check_may(person: Any, area: Area, needed: Access) -> None:
    """Like `may`, but raises PermissionDenied, with a sentence, where the answer is no."""
    if not may(person, area, needed):
        raise PermissionDenied(f"Your permission level does not include this part of {area.label.lower()}.")
