"""What this app adds to the menu and to the pages of records."""

from typing import Any

from django.http import HttpRequest

from organizations.choices import SOURCES
from organizations.listings import CATEGORIES, CONTACTS, ORGANIZATIONS
from organizations.models import Category, Organization
from organizations.work_list import CATEGORIZE
from smmware.core.display import counted
from smmware.core.extensions import RecordAddOn, add_to_record
from smmware.core.listings import register_listing
from smmware.core.navigation import MenuEntry, add_menu_entry
from smmware.core.pickers import register_source
from smmware.core.sections import SettingsSection, add_settings_section
from smmware.core.work_lists import add_work_list

SECTION = "Organizations/Contacts"


class ContactsHold(RecordAddOn):
    """An organization with contacts stays: without it nobody would know whom they belong to."""

    def offered(self, request: HttpRequest) -> bool:
        return False

    def delete_veto(self, record: Any) -> str:
        count = record.contacts.count()
        if not count:
            return ""
        them = counted(count, "contact" if count == 1 else "contacts")
        return f"It has {them}. Move or delete them first, or make the organization inactive."


class StillInUse(RecordAddOn):
    """A category with organizations or contacts in it stays: deleting it would quietly uncategorize them."""

    def offered(self, request: HttpRequest) -> bool:
        return False

    def delete_veto(self, record: Any) -> str:
        counts = [
            (record.organizations.count(), "organization", "organizations"),
            (record.contacts.count(), "contact", "contacts"),
        ]
        used = " and ".join(counted(count, one if count == 1 else many) for count, one, many in counts if count)
        return f"In it: {used}. Give them another category first." if used else ""


def register() -> None:
    add_to_record(Organization, ContactsHold())
    add_to_record(Category, StillInUse())
    for source in SOURCES:
        register_source(source)
    register_listing(CATEGORIES)
    add_work_list(CATEGORIZE)
    add_settings_section(
        SettingsSection(
            5, "Categories", CATEGORIES.url_name, "What organizations and contacts are to you: auction house, mover …"
        )
    )
    for order, listing in enumerate((ORGANIZATIONS, CONTACTS)):
        register_listing(listing)
        add_menu_entry(MenuEntry(SECTION, listing.title, listing.url_name, 10 + order, listing.offered))
