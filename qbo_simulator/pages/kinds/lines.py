"""The lines of a document as a table: one list of columns for all kinds, of which those with a value are shown."""

from collections.abc import Iterator
from typing import Any

from qbo_simulator.pages.kinds.declared import Column, Record

# what stands below the lines and not among them
SUMMED = ("SubTotalLineDetail", "DiscountLineDetail")


def posted(side: str) -> Any:
    """The amount of a journal line that is posted to a side."""
    return lambda line: line.get("Amount") if line.get("PostingType") == side else None


def amount(line: Record) -> Any:
    """A line's amount; a journal line's stands under its side."""
    return None if "PostingType" in line else line.get("Amount")


def customer_or_name(line: Record) -> Any:
    return line.get("CustomerRef") or line.get("Entity", {}).get("EntityRef")


COLUMNS = (
    Column("Service date", "ServiceDate", "day"),
    Column("Product or service", "ItemRef"),
    Column("Account", "AccountRef"),
    Column("Description", "Description"),
    Column("Pays or bills", "links", "links"),
    Column("Customer", customer_or_name),
    Column("Class", "ClassRef"),
    Column("Qty", "Qty", "quantity"),
    Column("Rate", "UnitPrice", "money"),
    Column("Billing", "billing", "state"),
    Column("Tax", lambda line: "Yes" if line.get("TaxCodeRef", {}).get("value") not in (None, "NON") else None),
    Column("Debit", posted("Debit"), "money"),
    Column("Credit", posted("Credit"), "money"),
    Column("Amount", amount, "money"),
)


def flat(record: Record) -> Iterator[Record]:
    """Each line as one level: what is common to lines, with what its detail type adds; a group is its lines."""
    for line in record.get("Line", []):
        detail = line.get(line.get("DetailType", ""), {})
        if line.get("DetailType") == "GroupLineDetail":
            yield from flat(detail)
        elif line.get("DetailType") not in SUMMED:
            yield {**detail, **line}


def table(lines: list[Record]) -> tuple[Column, ...]:
    """The columns in which at least one of these lines has a value."""
    return tuple(each for each in COLUMNS if any(each.of(line) not in (None, "", []) for line in lines))
