"""Rules of invoices and their kin: what they bill, what is owed, and how time becomes billed (qbo-api.md §8.9, §9)."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from qbo_simulator import faults
from qbo_simulator.effects.documents import Line, check_product, in_order, own_lines, sum_of_lines, zero
from qbo_simulator.engine.books import Books, Record
from qbo_simulator.engine.money import decimal, number, total
from qbo_simulator.engine.write import Write

SERVER_LINKS = ("Payment", "ReimburseCharge", "StatementCharge", "ChargeCredit")


def fill_lines(write: Write) -> None:
    """Item, account and tax code of each sales line; its amount against quantity and price."""
    for line in own_lines(write):
        if line["DetailType"] == "SalesItemLineDetail":
            detail = line.setdefault("SalesItemLineDetail", {})
            check_product(line, detail)
            fill_item(write.books, detail)


def fill_item(books: Books, detail: Line) -> None:
    if "ItemRef" not in detail:
        detail["ItemRef"] = {"value": books.preference("SalesFormsPrefs.DefaultItem") or "1"}
    item = books.peek("Item", detail["ItemRef"]["value"])
    if item.get("Type") == "Category":
        raise faults.invalid_reference(
            "An item in this transaction is set up as a category instead of a product or service."
        )
    if "IncomeAccountRef" in item:
        detail["ItemAccountRef"] = dict(item["IncomeAccountRef"])
    detail.setdefault("TaxCodeRef", {"value": "NON"})


def fill_from_customer(write: Write) -> None:
    """Addresses and e-mail come from the customer where the invoice brings none."""
    if write.operation != "create":
        return
    customer = write.books.peek("Customer", write.new["CustomerRef"]["value"])
    for name, source in (("BillAddr", "BillAddr"), ("ShipAddr", "ShipAddr"), ("BillEmail", "PrimaryEmailAddr")):
        if source in customer and name not in write.new:
            write.new[name] = {key: part for key, part in customer[source].items() if key != "Id"}


def settle_due_date(write: Write) -> None:
    """DueDate from the document's, the customer's or the company's term, unless it was sent."""
    moved = "TxnDate" in write.sent or "SalesTermRef" in write.sent or "DueDate" not in write.new
    if not moved or "DueDate" in write.sent:
        return
    issued = date.fromisoformat(write.new["TxnDate"])
    write.new["DueDate"] = due(issued, term_of(write)).isoformat()


def term_of(write: Write) -> Record:
    books = write.books
    customer = books.peek("Customer", write.new["CustomerRef"]["value"])
    default = books.preferences().get("SalesFormsPrefs", {}).get("DefaultTerms")
    reference = write.new.get("SalesTermRef") or customer.get("SalesTermRef") or default
    return books.peek("Term", reference["value"]) if reference else {}


def due(issued: date, term: Record) -> date:
    """The day a document falls due.  A term of days counts on; a term of a day in the month takes that day."""
    if "DayOfMonthDue" not in term:
        return issued + timedelta(days=int(term.get("DueDays", 0)))
    year, month = issued.year, issued.month
    latest = date(year, month, min(int(term["DayOfMonthDue"]), 28))
    if latest - issued < timedelta(days=max(int(term.get("DueNextMonthDays", 0)), 0)) or latest < issued:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(int(term["DayOfMonthDue"]), 28))


def settle_total(write: Write) -> None:
    """Total, balance and the subtotal line, which has no Id (qbo-api.md §8.9)."""
    if write.operation == "void":
        zero(write)
        write.new["TxnTaxDetail"] = {"TotalTax": 0}
    discount = total(line["Amount"] for line in write.new["Line"] if line["DetailType"] == "DiscountLineDetail")
    subtotal = decimal(sum_of_lines(write)) - discount
    tax = decimal(write.new.get("TxnTaxDetail", {}).get("TotalTax"))
    write.new.setdefault("TxnTaxDetail", {"TotalTax": 0})
    write.new["TotalAmt"] = number(Decimal(0) if write.operation == "void" else subtotal - discount + tax)
    write.new["Balance"] = number(decimal(write.new["TotalAmt"]) - paid(write))
    write.new["Line"].append(
        {
            "Amount": number(subtotal),
            "DetailType": "SubTotalLineDetail",
            "SubTotalLineDetail": {},
            "CustomExtensions": [],
        }
    )


def paid(write: Write) -> Decimal:
    """How much of the document payments have settled."""
    if write.old is None or write.operation == "void":
        return Decimal(0)
    return decimal(write.old["TotalAmt"]) - decimal(write.old["Balance"])


def settle_links(write: Write) -> None:
    """The time activities it bills stand on header and line; links to payments are the server's own."""
    kept = [link for link in write.before.get("LinkedTxn", []) if link["TxnType"] in SERVER_LINKS]
    activities: dict[str, Line] = {}
    for link in activity_links(write):
        activities.setdefault(link["TxnId"], {"TxnId": link["TxnId"], "TxnType": "TimeActivity"})
    refuse_aggregates(write)
    for id in activities:
        check_activity(write, id)
    for line in write.new["Line"]:
        strip_line_links(line)
    write.new["Line"] = [in_order(line) for line in write.new["Line"]]
    write.new["LinkedTxn"] = [] if write.operation == "void" else kept + list(activities.values())


def activity_links(write: Write) -> Iterator[Line]:
    """All links to time activities that the document carries."""
    if write.operation == "void":
        return
    for holder in (header(write), *write.new["Line"]):
        yield from (link for link in holder.get("LinkedTxn", []) if link["TxnType"] == "TimeActivity")


def header(write: Write) -> Record:
    """Where the document's own links stand; lines sent without them bring their own (§2.3: Line is replaced whole)."""
    return {} if "Line" in write.sent and "LinkedTxn" not in write.sent else write.new


def strip_line_links(line: Line) -> None:
    links = [link for link in line.get("LinkedTxn", []) if link["TxnType"] not in SERVER_LINKS]
    line.pop("LinkedTxn", None)
    if links:
        line["LinkedTxn"] = [{**link, "TxnLineId": link.get("TxnLineId", "1")} for link in links]


def refuse_aggregates(write: Write) -> None:
    """One line for several activities linked on the header alone was refused (qbo-api.md §9)."""
    on_lines = {link["TxnId"] for line in write.new["Line"] for link in line.get("LinkedTxn", [])}
    sent = header(write).get("LinkedTxn", []) if write.operation != "void" else []
    alone = [link["TxnId"] for link in sent if link["TxnType"] == "TimeActivity" and link["TxnId"] not in on_lines]
    if len(alone) > 1:
        raise faults.cannot_link(alone[0], "is linked on the document alone and on none of its lines.")


def check_activity(write: Write, id: str) -> None:
    """Only billable time of the same customer that no other document bills can be linked (620)."""
    activity = write.books.get("TimeActivity", id)
    if activity is None:
        raise faults.cannot_link(id, "was not found.")
    if ("TimeActivity", int(id)) in billed_before(write):
        return
    if activity.get("BillableStatus") != "Billable":
        raise faults.cannot_link(id, "is not billable or has been billed already.")
    if not same_family(write.books, activity.get("CustomerRef"), write.new["CustomerRef"]):
        raise faults.cannot_link(id, "belongs to another customer.")


def billed_before(write: Write) -> set[tuple[str, int]]:
    if write.old is None:
        return set()
    return {(entity, id) for entity, id, _ in write.books.links_from(write.entity.name, write.old["Id"])}


def same_family(books: Books, one: Record | None, other: Record) -> bool:
    """Whether two references mean one customer, or customers below one parent."""
    return one is not None and topmost(books, one["value"]) == topmost(books, other["value"])


def topmost(books: Books, id: str) -> str:
    parent = books.peek("Customer", id).get("ParentRef")
    return topmost(books, parent["value"]) if parent else id


def bill_time(write: Write) -> None:
    """Linked activities are billed; those no longer linked are billable again (qbo-api.md §9)."""
    before = billed_before(write)
    now: set[tuple[str, int]] = set()
    if write.operation in ("create", "update"):
        links = write.new["LinkedTxn"]
        now = {("TimeActivity", int(link["TxnId"])) for link in links if link["TxnType"] == "TimeActivity"}
    write.books.link(write.entity.name, write.id, dict.fromkeys(now, "0"))
    for entity, id in sorted(now - before):
        write.books.touch(entity, id, lambda activity: activity.update(BillableStatus="HasBeenBilled"))
    for entity, id in sorted(before - now):
        write.books.touch(entity, id, lambda activity: activity.update(BillableStatus="Billable"))


def owe(write: Write) -> None:
    """The customer's balance follows the document's."""
    now = Decimal(0) if write.operation == "delete" else decimal(write.new["Balance"])
    before = decimal(write.before.get("Balance"))
    was, to = write.before.get("CustomerRef"), write.new["CustomerRef"]
    if was and was["value"] != to["value"]:
        change_balance(write.books, was["value"], -before)
        before = Decimal(0)
    change_balance(write.books, to["value"], now - before)


def change_balance(books: Books, customer: str, difference: Decimal) -> None:
    """A customer's balance, and that of all above it; the SyncToken stays (qbo-api.md §8.1)."""
    if not difference:
        return

    def change(record: dict[str, Any], own: bool) -> None:
        names = ("Balance", "BalanceWithJobs") if own else ("BalanceWithJobs",)
        for name in names:
            record[name] = number(decimal(record.get(name)) + difference)

    books.touch("Customer", customer, lambda record: change(record, own=True), token=False)
    above = books.peek("Customer", customer).get("ParentRef")
    while above:
        books.touch("Customer", above["value"], lambda record: change(record, own=False), token=False)
        above = books.peek("Customer", above["value"]).get("ParentRef")


def release_payments(write: Write) -> None:
    """Deleting or voiding a paid document leaves its payments with what is unapplied (qbo-api.md §8.9)."""
    if write.operation not in ("delete", "void"):
        return
    for entity, id, amount in write.books.links_to(write.entity.name, write.id):
        payment = write.books.peek(entity, id)
        write.books.touch(entity, id, lambda record, freed=amount: unapply(record, write.id, freed))  # type: ignore[misc]
        write.books.unlink(entity, id, write.entity.name, write.id)
        change_balance(write.books, payment["CustomerRef"]["value"], -decimal(amount))


def unapply(payment: Record, invoice: str, amount: str) -> None:
    payment["Line"] = [
        line for line in payment["Line"] if all(link["TxnId"] != invoice for link in line.get("LinkedTxn", []))
    ]
    payment["UnappliedAmt"] = number(decimal(payment["UnappliedAmt"]) + decimal(amount))
