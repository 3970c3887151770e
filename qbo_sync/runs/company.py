"""What QuickBooks says of the company itself: asked when a run begins, so that the next plan knows it too."""

import datetime as dt
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from qbo_sync.api.company import CompanyClient
from qbo_sync.models import Connection
from qbo_sync.runs.lease import Lease

Tracking = Connection.ClassTracking


def read_company(connection: Connection, client: CompanyClient, lease: Lease) -> None:
    """Note the company's settings on its connection. Raises QboError where they cannot be asked for."""
    with ThreadPoolExecutor(2, thread_name_prefix="qbo-reader") as readers:  # waits for both, whichever fails
        asked = [readers.submit(ask) for ask in (client.preferences, client.company_info)]
        preferences, info = map(lease.wait_for, asked)
    said = {**_accounting(preferences), **_sales(preferences), "has_payroll": _has_payroll(info)}
    for name, value in said.items():
        setattr(connection, name, value)
    with lease.transaction():
        Connection.objects.filter(pk=connection.pk).update(**said)


def _accounting(preferences: Mapping[str, Any]) -> dict[str, Any]:
    """Closed books, classes and locations (qbo-api.md §8.12, AccountingInfoPrefs)."""
    prefs = preferences.get("AccountingInfoPrefs", {})
    closed = prefs.get("BookCloseDate")
    by_line, by_document = prefs.get("ClassTrackingPerTxnLine"), prefs.get("ClassTrackingPerTxn")
    return {
        "books_closed_on": dt.date.fromisoformat(closed) if closed else None,
        "class_tracking": Tracking.LINE if by_line else Tracking.DOCUMENT if by_document else Tracking.NONE,
        "tracks_locations": bool(prefs.get("TrackDepartments")),
    }


def _sales(preferences: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers and sales tax (§8.12): PartnerTaxEnabled appears where QuickBooks calculates the tax by itself."""
    tax = preferences.get("TaxPrefs", {})
    return {
        "numbers_itself": not preferences.get("SalesFormsPrefs", {}).get("CustomTxnNumbers", False),
        "uses_sales_tax": bool(tax.get("UsingSalesTax")),
        "automated_tax": bool(tax.get("PartnerTaxEnabled")),
        "tax_code": tax.get("TaxGroupCodeRef", {}).get("value", ""),
    }


def _has_payroll(info: Mapping[str, Any]) -> bool:
    """Whether QuickBooks Payroll is on (§8.3)."""
    return any(
        pair.get("Name") == "PayrollFeature" and pair.get("Value") == "true" for pair in info.get("NameValue", ())
    )
