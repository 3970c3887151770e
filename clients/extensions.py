"""What this app adds to the menu and to the pages of records."""

from typing import Any

from django.http import HttpRequest

from clients.access import clients_for, views_clients
from clients.listings import CLIENTS, INQUIRIES, JOBS, ClientTable
from organizations.models import Contact
from smmware.core.extensions import Panel, RecordAddOn, add_to_record
from smmware.core.listings import register_listing
from smmware.core.navigation import MenuEntry, add_menu_entry
from smmware.core.tables import table_panel

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


def register() -> None:
    add_to_record(Contact, Represents())
    for order, listing in enumerate((CLIENTS, INQUIRIES, JOBS)):
        register_listing(listing)
        add_menu_entry(MenuEntry(SECTION, listing.title, listing.url_name, 10 + order, listing.offered))
