"""Documents at QuickBooks that may be one of our records: what a person needs to see to tell."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from qbo_sync.directory.rows import text
from qbo_sync.models import FoundDocument, Step

PEOPLE = ("EmployeeRef", "VendorRef", "EntityRef", "CustomerRef")  # whom it is about, the most telling first


def found_document(step: Step, row: Mapping[str, Any]) -> FoundDocument:
    """What QuickBooks keeps under `row`, not saved; what is longer than a column is cut, as it is only shown."""
    return FoundDocument(
        step=step,
        entity=step.entity,
        qbo_id=str(row["Id"]),
        sync_token=text(row, "SyncToken"),
        date=dt.date.fromisoformat(row["TxnDate"]) if row.get("TxnDate") else None,
        number=text(row, "DocNumber")[:21],
        person=_person(row),
        amount=Decimal(str(row["TotalAmt"])) if "TotalAmt" in row else None,
        minutes=int(row.get("Hours") or 0) * 60 + int(row.get("Minutes") or 0) if "TotalAmt" not in row else None,
        description=(text(row, "Description") or text(row, "PrivateNote"))[:500],
    )


def _person(row: Mapping[str, Any]) -> str:
    names = (text(row, reference, "name") for reference in PEOPLE)
    return " · ".join(name for name in names if name)[:500]
