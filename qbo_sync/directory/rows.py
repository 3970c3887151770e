"""A row of QuickBooks' three name lists (Customer, Vendor, Employee) as the directory keeps it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from qbo_sync.directory.keys import name_key
from qbo_sync.models import Connection, NameRecord

Row = Mapping[str, Any]


def name_record(connection: Connection, entity: str, row: Row) -> NameRecord:
    """The directory's record of `row`, not saved; what is longer than a column is cut, as it only serves comparison."""
    name = str(row.get("DisplayName") or "")
    values: dict[str, Any] = {
        "qbo_id": str(row["Id"]),
        "display_name": name,
        "name_key": name_key(name),
        "given_name": text(row, "GivenName"),
        "middle_name": text(row, "MiddleName"),
        "family_name": text(row, "FamilyName"),
        "company_name": text(row, "CompanyName"),
        "email": text(row, "PrimaryEmailAddr", "Address"),
        "phone": text(row, "PrimaryPhone", "FreeFormNumber") or text(row, "Mobile", "FreeFormNumber"),
        "mobile": text(row, "Mobile", "FreeFormNumber"),
        "address": ", ".join(address_lines(row)),
        "parent_id": text(row, "ParentRef", "value"),
        "sync_token": text(row, "SyncToken"),
    }
    cut = {column: value[: _lengths()[column]] for column, value in values.items()}
    return NameRecord(connection=connection, entity=entity, is_active=is_active(row), **cut)


@cache
def _lengths() -> dict[str, int | None]:
    """How many characters each column takes."""
    return {field.name: getattr(field, "max_length", None) for field in NameRecord._meta.concrete_fields}


def text(row: Row, *path: str) -> str:
    """The text at `path`, "" where there is none: QuickBooks leaves out what has no value (qbo-api.md §3)."""
    value: Any = row
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return "" if value is None else str(value).strip()


def is_active(row: Row) -> bool:
    """Whether the row is in use at QuickBooks."""
    return row.get("Active") is not False


def address(row: Row) -> Row:
    """The postal address: an employee's is called otherwise (qbo-api.md §8.3)."""
    found = row.get("BillAddr") or row.get("PrimaryAddr")
    return found if isinstance(found, Mapping) else {}


def address_lines(row: Row) -> list[str]:
    """The parts of the postal address that are filled in, in order."""
    names = ("Line1", "Line2", "Line3", "Line4", "Line5", "City", "CountrySubDivisionCode", "PostalCode")
    found = address(row)
    return [part for name in names if (part := text(found, name))]
