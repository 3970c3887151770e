"""What QuickBooks says of the company itself (qbo-api.md §8.11, §8.12)."""

import datetime as dt
from collections.abc import Iterator

import pytest

from associates.models import Associate
from qbo_sync.connection.client import client_for
from qbo_sync.models import Connection
from qbo_sync.runs.company import read_company
from qbo_sync.runs.lease import claim
from tests.quickbooks import QuickBooks, connected, simulated

SAID = (
    "books_closed_on", "class_tracking", "tracks_locations", "numbers_itself", "uses_sales_tax", "automated_tax",
    "tax_code", "has_payroll",
)  # fmt: skip


@pytest.fixture
def quickbooks() -> Iterator[QuickBooks]:
    with simulated() as running:
        yield running


@pytest.fixture
def connection(transactional_db: None, quickbooks: QuickBooks, owner: Associate) -> Connection:
    return connected(quickbooks, owner)


def said(connection: Connection) -> dict[str, object]:
    """What is kept, and so is what the object in hand says."""
    lease = claim(connection.pk)
    assert lease is not None
    with client_for(connection) as client:
        read_company(connection, client, lease)
    lease.release()
    kept = Connection.objects.filter(pk=connection.pk).values(*SAID).get()
    assert kept == {name: getattr(connection, name) for name in SAID}
    return kept


def test_a_company_as_it_begins(connection: Connection) -> None:
    assert said(connection) == {
        "books_closed_on": None,
        "class_tracking": "",
        "tracks_locations": False,
        "numbers_itself": True,
        "uses_sales_tax": True,
        "automated_tax": False,
        "tax_code": "2",
        "has_payroll": False,
    }


def test_a_company_with_everything_on(connection: Connection, quickbooks: QuickBooks) -> None:
    quickbooks.prefer(
        AccountingInfoPrefs={
            "BookCloseDate": "2025-12-31", "ClassTrackingPerTxn": True, "ClassTrackingPerTxnLine": True,
            "TrackDepartments": True,
        },
        SalesFormsPrefs={"CustomTxnNumbers": True},
        TaxPrefs={"UsingSalesTax": False, "PartnerTaxEnabled": True, "TaxGroupCodeRef": {}},
    )  # fmt: skip
    quickbooks.with_features(PayrollFeature="true")

    assert said(connection) == {
        "books_closed_on": dt.date(2025, 12, 31),
        "class_tracking": "line",
        "tracks_locations": True,
        "numbers_itself": False,
        "uses_sales_tax": False,
        "automated_tax": True,
        "tax_code": "",
        "has_payroll": True,
    }


def test_a_class_for_each_document(connection: Connection, quickbooks: QuickBooks) -> None:
    quickbooks.prefer(AccountingInfoPrefs={"ClassTrackingPerTxn": True})

    assert said(connection)["class_tracking"] == "document"
