"""Reimburse charges: what the server makes of billable lines, for a later invoice (qbo-api.md §9)."""

from typing import Any

from qbo_simulator.effects import lines
from qbo_simulator.engine.books import Books, Record
from qbo_simulator.engine.money import decimal, number, to_cents, total
from qbo_simulator.engine.write import Write, enter

NAME = "ReimburseCharge"
Line = dict[str, Any]


def charges(line: Line) -> list[str]:
    """Ids of the charges that stand behind a line."""
    return [link["TxnId"] for link in line.get("LinkedTxn", []) if link["TxnType"] == NAME]


def keep(write: Write) -> None:
    """A line keeps its charge, whatever is sent: the link is the server's."""
    known = {line.get("Id"): charges(line) for line in write.before.get("Line", [])}
    for line in write.new["Line"]:
        for id in known.get(line.get("Id"), []):
            line.setdefault("LinkedTxn", []).append(link_of(id))


def link_of(id: str) -> Line:
    return {"TxnId": id, "TxnType": NAME, "TxnLineId": "1"}


def charge(write: Write) -> None:
    """Make, change and take away the charges of the document's lines, and show them on lines and head."""
    books, gone = write.books, write.operation == "delete"
    before = {id for line in write.before.get("Line", []) for id in charges(line)}
    for line in [] if gone else write.new["Line"]:
        settle_line(write, line)
    now = [id for line in write.new.get("Line", []) for id in charges(line)] if not gone else []
    for id in sorted(before - set(now)):
        books.remove(books.registry[NAME], id)
    if not gone and (before or now):
        heads = [link for link in write.new.get("LinkedTxn", []) if link["TxnType"] != NAME]
        write.new["LinkedTxn"] = heads + [{"TxnId": id, "TxnType": NAME} for id in now]
        if not write.new["LinkedTxn"]:
            del write.new["LinkedTxn"]
        write.new = write.entity.ordered(write.new, {name: write.new[name] for name in ENVELOPE})
        books.keep(write.entity, write.new)


ENVELOPE = ("domain", "sparse", "Id", "SyncToken", "MetaData")


def settle_line(write: Write, line: Line) -> None:
    """One charge behind each line that is billable or billed."""
    detail = lines.detail_of(line)
    others = [link for link in line.pop("LinkedTxn", []) if link["TxnType"] != NAME]
    known = next(
        (id for old in write.before.get("Line", []) if old.get("Id") == line.get("Id") for id in charges(old)), None
    )
    if detail.get("BillableStatus") in ("Billable", "HasBeenBilled"):
        others.append(link_of(known or ""))
        others[-1]["TxnId"] = settle_charge(write, line, detail, known)
    if others:
        line["LinkedTxn"] = others


def settle_charge(write: Write, line: Line, detail: Line, known: str | None) -> str:
    """The charge's id; it is made, or made to say what the line says."""
    books, values = write.books, described(write, line, detail)
    if known is None:
        return str(enter(books, books.registry[NAME], values)["Id"])
    record = books.get(NAME, known) or {}
    if any(record.get(name) != value for name, value in values.items() if name != "HasBeenInvoiced"):
        told = {name: value for name, value in values.items() if name != "HasBeenInvoiced"}
        books.touch(NAME, known, lambda charge: charge.update(told))
    return known


def described(write: Write, line: Line, detail: Line) -> Record:
    """What a charge says of its line; the markup stands on a line of its own."""
    own = {"ItemRef": detail["ItemRef"]} if "ItemRef" in detail else {"ItemAccountRef": detail["AccountRef"]}
    own |= {name: detail[name] for name in ("Qty", "UnitPrice", "MarkupInfo") if name in detail}
    amounts = [decimal(line["Amount"])]
    percent = decimal(detail.get("MarkupInfo", {}).get("Percent"))
    if percent:
        amounts.append(to_cents(amounts[0] * percent / 100))
    return {
        "TxnDate": write.new["TxnDate"],
        "CurrencyRef": write.new["CurrencyRef"],
        "LinkedTxn": [{"TxnId": write.id, "TxnType": write.entity.name, "TxnLineId": line["Id"]}],
        "Line": [
            {
                "Id": str(place),
                "LineNum": place,
                **({"Description": line["Description"]} if "Description" in line else {}),
                "Amount": number(amount),
                "DetailType": "ReimburseLineDetail",
                "ReimburseLineDetail": own if place == 1 else {"MarkupInfo": detail["MarkupInfo"]},
            }
            for place, amount in enumerate(amounts, 1)
        ],
        "CustomerRef": detail["CustomerRef"],
        "Amount": number(total(amounts)),
        "HasBeenInvoiced": False,
    }


def mark(books: Books, charge: Record, invoiced: bool) -> None:
    """The line behind a charge is billed, or billable again."""
    source = next((link for link in charge.get("LinkedTxn", []) if "TxnLineId" in link), None)
    if source is None:
        return

    def change(record: Record) -> None:
        for line in record["Line"]:
            if line.get("Id") == source["TxnLineId"]:
                lines.detail_of(line)["BillableStatus"] = "HasBeenBilled" if invoiced else "Billable"

    books.touch(source["TxnType"], source["TxnId"], change)
