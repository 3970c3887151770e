"""What all documents have in common: numbered lines, totals, document numbers."""

from collections.abc import Callable
from typing import Any

from qbo_simulator import faults
from qbo_simulator.engine.books import as_id
from qbo_simulator.engine.money import decimal, number, to_cents, total
from qbo_simulator.engine.write import Write
from qbo_simulator.faults import Fault

Line = dict[str, Any]
LARGEST_NUMBER = 10**15
AMOUNTLESS = ("DescriptionOnly", "DescriptionLineDetail", "SubTotalLineDetail")


def own_lines(write: Write) -> list[Line]:
    """The record's lines but for the subtotal, which the server writes itself."""
    lines = write.new.get("Line", [])
    return [line for line in lines if line.get("DetailType") != "SubTotalLineDetail"]


def check_lines(write: Write) -> None:
    """At least one line; each has a type, its amount, and what its type needs (2020, 2250)."""
    if write.operation == "void":
        return
    lines = own_lines(write)
    if not lines:
        raise faults.missing("Line")
    for line in lines:
        if "DetailType" not in line:
            raise faults.missing("Line.DetailType")
        if "Amount" not in line and line["DetailType"] not in AMOUNTLESS:
            raise faults.missing("Line.Amount")


def number_lines(write: Write) -> None:
    """A line whose Id exists keeps it; any other gets the next number (qbo-api.md §2.3)."""
    known = {line["Id"] for line in write.before.get("Line", []) if "Id" in line}
    used: set[str] = set()
    highest = max((as_id(id) for id in known), default=0)
    for place, line in enumerate(own_lines(write), 1):
        if line.get("Id") not in known or line["Id"] in used:
            highest += 1
            line["Id"] = str(highest)
        used.add(line["Id"])
        line["LineNum"] = place
        line["CustomExtensions"] = []
    write.new["Line"] = [in_order(line) for line in own_lines(write)]


def in_order(line: Line) -> Line:
    """A line's properties as captured answers order them."""
    first = ("Id", "LineNum", "Description", "Amount", "LinkedTxn", "DetailType")
    rest = [name for name in line if name not in first]
    return {name: line[name] for name in (*first, *rest) if name in line}


def drop_line_numbers(write: Write) -> None:
    """Purchases show no LineNum (qbo-api.md §8.8)."""
    for line in write.new["Line"]:
        line.pop("LineNum", None)


def check_product(line: Line, detail: Line) -> None:
    """Amount must be UnitPrice × Qty, compared in cents (6070); both sent as 0 count as not sent."""
    if not detail.get("Qty") and not detail.get("UnitPrice"):
        detail.pop("Qty", None)
        detail.pop("UnitPrice", None)
    if "Qty" not in detail or "UnitPrice" not in detail:
        return
    if to_cents(decimal(detail["Qty"]) * decimal(detail["UnitPrice"])) != to_cents(decimal(line["Amount"])):
        words = f"Amount is not equal to UnitPrice * Qty. Supplied value:{decimal(line['Amount']):,}"
        raise Fault("6070", "Amount is not equal to UnitPrice * Qty", words, "Line.Amount")


def sum_of_lines(write: Write) -> int | float:
    return number(total(line.get("Amount", 0) for line in write.new["Line"]))


def zero(write: Write) -> None:
    """A void leaves the lines without amounts, and says so in the note (qbo-api.md §2.3)."""
    note = write.before.get("PrivateNote")
    write.new["PrivateNote"] = f"Voided - {note}" if note else "Voided"
    for line in write.new["Line"]:
        line["Amount"] = 0
        detail = line.get("SalesItemLineDetail")
        if detail:
            detail["Qty"] = 0
        line.pop("LinkedTxn", None)


def next_number(write: Write) -> None:
    """The document's number: the sent one, or the last one + 1 while custom numbers are off (qbo-api.md §8.9)."""
    custom = write.books.preferences().get("SalesFormsPrefs", {}).get("CustomTxnNumbers", False)
    if write.operation == "create" and "DocNumber" not in write.new and not custom:
        write.new["DocNumber"] = str(write.books.next_number(f"DocNumber:{write.entity.name}"))


def number_is_free(write: Write, applies: Callable[[Write], bool] = lambda write: True) -> None:
    """No other document of the kind has this number, unless the request allows that (6140)."""
    given = write.new.get("DocNumber")
    if not given or given == write.before.get("DocNumber") or "allowduplicatedocnum" in write.options:
        return
    others = write.books.ids_where(write.entity.name, DocNumber=given) if applies(write) else []
    if others:
        raise faults.duplicate_number(given, write.entity.name, others[0])


def remember_number(write: Write) -> None:
    """Numbers given from now on lie above this one."""
    given = write.new.get("DocNumber", "")
    if write.operation == "create" and 0 < as_id(given) < LARGEST_NUMBER:
        write.books.reserve(f"DocNumber:{write.entity.name}", as_id(given))
