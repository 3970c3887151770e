"""What a record says here, what was sent of it, and what QuickBooks keeps: pure functions that compare the three."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from qbo_sync.entities.base import BY_BILLING
from qbo_sync.models import Entity
from qbo_sync.push.pairing import fits

Body: TypeAlias = Mapping[str, Any]
ENVELOPE = frozenset({"Id", "SyncToken", "sparse"})
BLANK: tuple[Any, ...] = (None, "", [], {}, {"value": ""})
SUBTOTAL = "SubTotalLineDetail"  # a line that QuickBooks adds by itself (qbo-api.md §8.9)
# What people write on a document at QuickBooks, also where nothing of it was sent.
REMARKS: Mapping[str, tuple[str, ...]] = {
    Entity.TIME_ACTIVITY: ("Description",),
    Entity.PURCHASE: ("PrivateNote",),
    Entity.INVOICE: ("PrivateNote", "CustomerMemo"),
    Entity.CREDIT_MEMO: ("PrivateNote", "CustomerMemo"),
    Entity.PAYMENT: ("PrivateNote",),
}
IN_WORDS = {
    "DisplayName": "Name", "GivenName": "First name", "FamilyName": "Last name", "CompanyName": "Company",
    "PrimaryEmailAddr": "E-mail", "BillEmail": "E-mail", "PrimaryPhone": "Phone", "BillAddr": "Address",
    "PrimaryAddr": "Address", "TxnDate": "Date", "DueDate": "Due", "DocNumber": "Number", "Line": "Lines",
    "CustomerRef": "Customer", "EmployeeRef": "Employee", "VendorRef": "Vendor", "EntityRef": "Paid to",
    "ItemRef": "Item", "AccountRef": "Account", "PrivateNote": "Internal note", "CustomerMemo": "Public note",
    "SalesTermRef": "Term", "ClassRef": "Class", "DepartmentRef": "Location", "TotalAmt": "Amount",
    "NameOf": "Employee or vendor", "PaymentType": "Paid with", "ParentRef": "Belongs to", "TxnTaxDetail": "Tax",
}  # fmt: skip


def said(sent: Body) -> dict[str, Any]:
    """What a sent change says of the record itself: without what only addresses it, and without what it clears."""
    found = {name: value for name, value in sent.items() if name not in ENVELOPE and value not in BLANK}
    if "Line" in found:
        found["Line"] = [{name: value for name, value in line.items() if name != "Id"} for line in found["Line"]]
    return found


def differing(ours: Body, row: Body, names: Sequence[str]) -> list[str]:
    """Those of the fields `names` that QuickBooks keeps otherwise than `ours` says."""
    return [name for name in names if not _same(name, ours.get(name), row.get(name))]


def fields_of(*bodies: Body) -> list[str]:
    """The fields that any of these bodies says, but for those that follow from what is billed where."""
    names = dict.fromkeys(name for body in bodies for name in body)
    return [name for name in names if name not in BY_BILLING | ENVELOPE]


def with_remarks(entity: str, names: Sequence[str]) -> list[str]:
    """These fields, and those in which somebody at QuickBooks may have written something since."""
    return list(dict.fromkeys([*names, *REMARKS.get(entity, ())]))


def _same(name: str, ours: Any, kept: Any) -> bool:
    if ours in BLANK:
        return kept in BLANK
    if name == "Line":
        kept = [line for line in kept or () if line.get("DetailType") != SUBTOTAL]
        return len(kept) == len(ours) and all(map(fits, map(_unlinked, ours), kept))
    return fits(ours, kept)


def _unlinked(line: Body) -> Body:
    return {name: value for name, value in line.items() if name not in ("LinkedTxn", "Id")}


def side_by_side(names: Sequence[str], ours: Body, row: Body) -> list[dict[str, str]]:
    """For a person who decides: each field in words, as it is here and as it is at QuickBooks."""
    return [
        {"field": in_words(name), "here": written(ours.get(name)), "there": written(row.get(name))} for name in names
    ]


def in_words(name: str) -> str:
    """A field of QuickBooks' as a person calls it."""
    return IN_WORDS.get(name, name)


def written(value: Any) -> str:
    """A value of QuickBooks' for a person: names instead of references, one line of a document after the other."""
    if value in BLANK:
        return ""
    if isinstance(value, list):
        return "\n".join(filter(None, map(written, value)))
    if isinstance(value, Mapping):
        return _of_a_line(value) if "DetailType" in value else ", ".join(_values(value))
    return str(value)


def _values(value: Body) -> Iterator[str]:
    """The name of a reference, or its id where QuickBooks sent none; of all else whatever it says."""
    if "value" in value:
        yield str(value.get("name") or value["value"])
        return
    for name, each in value.items():
        if name not in ("Id", "Lat", "Long") and (words := written(each)):
            yield words


def _of_a_line(line: Body) -> str:
    return "" if line["DetailType"] == SUBTOTAL else f"{line.get('Description', '')} {line.get('Amount', '')}".strip()


def is_voided(row: Body) -> bool:
    """Whether an invoice at QuickBooks is voided: all its amounts are zero (qbo-api.md §8.9); no copied one else is."""
    amounts: list[Any] = [row.get("TotalAmt"), row.get("Balance")]
    amounts += [line.get("Amount") for line in row.get("Line", ()) if line.get("DetailType") != SUBTOTAL]
    return not any(amounts)


def cleared(new: Body, before: Body) -> dict[str, Any]:
    """What empties the fields that were sent before and are blank now (qbo-api.md §2.3, “Clearing a field”).

    Not the name: where it is not sent any more QuickBooks Payroll composes it by itself (§8.3).
    """
    return emptied(before, [name for name in fields_of(before) if name not in (*new, "DisplayName")])


def emptied(kept: Body, names: Sequence[str]) -> dict[str, Any]:
    """What empties these fields of a record that has them."""
    return {name: _empty(kept[name]) for name in names}


def _empty(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {"value": ""} if "value" in value else {}
    return [] if isinstance(value, list) else ""


def with_line_ids(new: Body, row: Body) -> dict[str, Any]:
    """The lines with the ids of those at QuickBooks that they are: `Line` is replaced as a whole (§2.3).

    A line that bills hours is known by them, the others by their order.
    """
    if "Line" not in new:
        return dict(new)
    kept = [line for line in row.get("Line", ()) if line.get("DetailType") != SUBTOTAL and line.get("Id")]
    by_hours = {hours: line["Id"] for line in kept if (hours := _hours(line))}
    others = [line["Id"] for line in kept if not _hours(line)]
    return {**new, "Line": [_with_id(line, by_hours, others) for line in new["Line"]]}


def _with_id(line: Body, by_hours: Mapping[str, str], others: list[str]) -> dict[str, Any]:
    hours = _hours(line)
    found = by_hours.get(hours) if hours else (others.pop(0) if others else None)
    return {**line, "Id": found} if found else dict(line)


def _hours(line: Body) -> str:
    """The time activity that a line bills, "" for none."""
    return next((link["TxnId"] for link in line.get("LinkedTxn", ()) if link["TxnType"] == "TimeActivity"), "")
