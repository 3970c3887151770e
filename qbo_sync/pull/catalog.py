"""Which list is imported how, in the manual's order."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Protocol

from associates.models import Associate
from qbo_sync.directory.rows import Row
from qbo_sync.models import Connection, ImportList, ImportRow
from qbo_sync.pull.linking import LinkedImport
from qbo_sync.pull.lists import LinkedList, PaymentMethods, Terms
from qbo_sync.pull.mirrors import ACCOUNTS, CLASSES, ITEMS, LOCATIONS, MirrorImport, MirrorList
from qbo_sync.pull.people import Associates, Clients, PeopleList, Vendors

LISTS: dict[ImportList, MirrorList | LinkedList] = {  # applied as they are read
    ImportList.ACCOUNTS: ACCOUNTS,
    ImportList.ITEMS: ITEMS,
    ImportList.PAYMENT_METHODS: PaymentMethods(),
    ImportList.TERMS: Terms(),
    ImportList.CLASSES: CLASSES,
    ImportList.LOCATIONS: LOCATIONS,
}
PEOPLE: dict[ImportList, PeopleList] = {  # planned first
    ImportList.CLIENTS: Clients(),
    ImportList.VENDORS: Vendors(),
    ImportList.ASSOCIATES: Associates(),
}


class Import(Protocol):
    """Applying a list, page by page. Both methods write: call them inside the lease's transaction, with no HTTP."""

    def apply(self, rows: Sequence[Row], *, by: Associate, at: dt.datetime) -> list[ImportRow]:
        """Apply one page; answers what became of each row."""

    def complete(self, seen: Collection[str], *, at: dt.datetime) -> None:
        """Note that the list was read to its end, begun `at`; `seen` are the QBO IDs of all its rows."""


def import_of(which: ImportList, connection: Connection) -> Import:
    """The import of this list into this office."""
    imported = LISTS[which]
    if isinstance(imported, MirrorList):
        return MirrorImport(imported, connection)
    return LinkedImport(imported, connection)
