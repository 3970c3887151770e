"""What this app adds to the menu and to the pages of records."""

from typing import Any

from django.http import HttpRequest

from organizations.listings import CONTACTS, ORGANIZATIONS
from organizations.models import Organization
from smmware.core.display import counted
from smmware.core.extensions import RecordAddOn, add_to_record
from smmware.core.listings import register_listing
from smmware.core.navigation import MenuEntry, add_menu_entry

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


def register() -> None:
    add_to_record(Organization, ContactsHold())
    for order, listing in enumerate((ORGANIZATIONS, CONTACTS)):
        register_listing(listing)
        add_menu_entry(MenuEntry(SECTION, listing.title, listing.url_name, 10 + order, listing.offered))
