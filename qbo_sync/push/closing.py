"""Up to when the books are closed at QuickBooks: asked when a run begins, so that the next plan knows it too."""

import datetime as dt

from qbo_sync.api.company import CompanyClient
from qbo_sync.models import Connection
from qbo_sync.runs.lease import Lease


def read_closing_date(connection: Connection, client: CompanyClient, lease: Lease) -> None:
    """Note the closing date (qbo-api.md §8.12, AccountingInfoPrefs). Raises QboError where it cannot be asked for."""
    [preferences] = lease.while_reading(iter([client.preferences()]))
    closed = preferences.get("AccountingInfoPrefs", {}).get("BookCloseDate")
    connection.books_closed_on = dt.date.fromisoformat(closed) if closed else None
    with lease.transaction():
        Connection.objects.filter(pk=connection.pk).update(books_closed_on=connection.books_closed_on)
