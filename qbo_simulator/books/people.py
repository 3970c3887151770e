"""Customers, vendors and employees of the sample company; their ids come from one sequence (qbo-api.md §2.4).

They stand in people.csv. Those from 58 on are near to names of a senior move company's own records, so that a rehearsal
can see how likely matches are told from new ones.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent / "people.csv"

# entity → ids of those who are inactive
INACTIVE = {"Customer": (15,), "Vendor": (44,), "Item": (12,), "Account": (31,)}


def rows() -> Iterator[tuple[str, int, dict[str, Any]]]:
    """(entity, id, body of its create) of each person, customers first."""
    with TABLE.open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            yield row["entity"], int(row["id"]), body(row)


def body(row: dict[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "DisplayName": row["display_name"],
        "GivenName": row["given_name"],
        "FamilyName": row["family_name"],
    }
    if row["line1"]:
        address = {"Line1": row["line1"], "City": row["city"]}
        address |= {"CountrySubDivisionCode": row["state"], "PostalCode": row["postal_code"]}
        made["PrimaryAddr" if row["entity"] == "Employee" else "BillAddr"] = address
    if row["phone"]:
        made["PrimaryPhone"] = {"FreeFormNumber": row["phone"]}
    if row["parent"]:
        made["ParentRef"] = {"value": row["parent"]}
    if row["family_name"] not in row["display_name"] or not row["family_name"]:
        made["CompanyName"] = row["display_name"]
    return made
