"""What this app adds to the menu and to the pages of records."""

from typing import Any

from django.http import HttpRequest

from associates.models import Associate
from clients.access import clients_for, views_clients
from clients.choices import SOURCES
from clients.listings import CLIENTS, INQUIRIES, JOBS, ClientTable
from clients.settings_listings import JOB_CODES
from clients.work_list import COMPLETE_CLIENTS
from organizations.models import Contact
from smmware.core.display import counted
from smmware.core.extensions import Panel, RecordAddOn, add_to_record
from smmware.core.listings import register_listing
from smmware.core.navigation import MenuEntry, add_menu_entry
from smmware.core.pickers import register_source
from smmware.core.sections import SettingsSection, add_settings_section
from smmware.core.tables import table_panel
from smmware.core.work_lists import add_work_list

SECTION = "Clients/Inquiries"


class Represents(RecordAddOn):
    """On a contact's page: for which clients they speak."""

    def offered(self, request: HttpRequest) -> bool:
        return views_clients(request.user)

    def panels(self, request: HttpRequest, record: Any) -> list[Panel]:
        rows = list(clients_for(request.user).filter(representative=record))
        if not rows:
            return []
        table = ClientTable(rows, request=request, orderable=False)
        return [table_panel("Client representative of", table, "")]

    def delete_veto(self, record: Any) -> str:
        names = ", ".join(str(client) for client in record.represents.all())
        return f"This is the client representative of {names}. Choose another one there first." if names else ""


class LeadsJobs(RecordAddOn):
    """Whoever leads jobs stays: their jobs would be left without a lead, and nobody would know."""

    def offered(self, request: HttpRequest) -> bool:
        return False

    def delete_veto(self, record: Any) -> str:
        count = record.leads_jobs.count()
        return (
            f"They lead {counted(count, 'job' if count == 1 else 'jobs')}. Choose another lead there first."
            if count
            else ""
        )


def register() -> None:
    add_to_record(Contact, Represents())
    add_to_record(Associate, LeadsJobs())
    for source in SOURCES:
        register_source(source)
    register_listing(JOB_CODES)
    _add_settings()
    add_work_list(COMPLETE_CLIENTS)
    for order, listing in enumerate((CLIENTS, INQUIRIES, JOBS)):
        register_listing(listing)
        add_menu_entry(MenuEntry(SECTION, listing.title, listing.url_name, 10 + order, listing.offered))


def _add_settings() -> None:
    add_settings_section(
        SettingsSection(
            3, "Job Codes", JOB_CODES.url_name, "The kinds of work, with what they charge and pay by level."
        )
    )
    add_settings_section(
        SettingsSection(
            5, "Custom Fields", "client_settings:custom_fields", "What you want to know of every client, in your words."
        )
    )
