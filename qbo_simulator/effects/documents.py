"""What all documents have in common: numbered lines, totals, document numbers, closed books, voids."""

from typing import Any

from qbo_simulator import faults
from qbo_simulator.effects import lines
from qbo_simulator.engine.books import as_id
from qbo_simulator.engine.document import Document, Numbers
from qbo_simulator.engine.money import decimal, number, to_cents, total
from qbo_simulator.engine.write import Write

Line = dict[str, Any]
LARGEST_NUMBER = 10**15
SUBTOTAL = "SubTotalLineDetail"
AMOUNTLESS = ("DescriptionOnly", "DescriptionLineDetail", SUBTOTAL, lines.ADJUSTMENT)
WITHOUT_ID = (SUBTOTAL, lines.DISCOUNT)


def declared(write: Write) -> Document:
    return write.entity.document or Document()


def books_are_open(write: Write) -> None:
    """Nothing dated up to the day the books are closed on can be written (6210)."""
    closed = write.books.preferences().get("AccountingInfoPrefs", {}).get("BookCloseDate")
    dates = (write.before.get("TxnDate"), write.new.get("TxnDate"))
    if closed and any(date and date <= str(closed)[:10] for date in dates):
        raise faults.period_closed()


# lines


def own_lines(write: Write) -> list[Line]:
    """The record's lines but for the subtotal, which the server writes itself."""
    return [line for line in write.new.get("Line", []) if line.get("DetailType") != SUBTOTAL]


def check_lines(write: Write) -> None:
    """At least one line; each has a type and its amount (2020)."""
    if write.operation == "void":
        return
    found = own_lines(write)
    if not found:
        raise faults.missing("Line")
    for line in found:
        if "DetailType" not in line and not line.get("LinkedTxn"):
            raise faults.missing("Line.DetailType")
        if "Amount" not in line and line.get("DetailType") not in AMOUNTLESS:
            raise faults.missing("Line.Amount")


def number_lines(write: Write) -> None:
    """A line whose Id exists keeps it; any other gets the next number (§2.3)."""
    document = declared(write)
    known = {line["Id"] for line in write.before.get("Line", []) if "Id" in line}
    used: set[str] = set()
    highest = max((as_id(id) for id in known), default=document.first_line - 1)
    write.new["Line"] = own_lines(write)
    for place, line in enumerate(write.new["Line"], 1):
        line.pop("LineNum", None)
        line["CustomExtensions"] = []
        if line.get("DetailType") in WITHOUT_ID:
            line.pop("Id", None)
            continue
        if line.get("Id") not in known or line["Id"] in used:
            highest += 1
            line["Id"] = str(highest)
        used.add(line["Id"])
        if document.line_numbers:
            line["LineNum"] = place


def order_lines(write: Write) -> None:
    write.new["Line"] = [in_order(line) for line in write.new["Line"]]


def in_order(line: Line) -> Line:
    """A line's properties as captured answers order them."""
    first = ("Id", "LineNum", "Description", "Amount", "LinkedTxn", "DetailType")
    rest = [name for name in line if name not in (*first, "CustomExtensions")]
    return {name: line[name] for name in (*first, *rest, "CustomExtensions") if name in line}


# amounts


def settle_total(write: Write) -> None:
    """Total and open balance; the line with the sum stands behind what it sums (§8.9)."""
    if write.operation == "void":
        zero(write)
    new = write.new
    discount = total(line["Amount"] for line in new["Line"] if line.get("DetailType") == lines.DISCOUNT)
    subtotal = total(line.get("Amount", 0) for line in new["Line"]) - discount
    cash = decimal(new.get("CashBack", {}).get("Amount"))
    tax = decimal(new.get("TxnTaxDetail", {}).get("TotalTax"))
    new["TotalAmt"] = number(subtotal - discount - cash + tax)
    if declared(write).subtotal:
        add_subtotal(write, number(subtotal))
    settle_open(write)


def add_subtotal(write: Write, amount: int | float) -> None:
    line: Line = {"Amount": amount, "DetailType": SUBTOTAL, SUBTOTAL: {}, "CustomExtensions": []}
    place = next(
        (place for place, each in enumerate(write.new["Line"]) if each.get("DetailType") == lines.DISCOUNT), None
    )
    write.new["Line"].insert(len(write.new["Line"]) if place is None else place, line)


def settle_open(write: Write) -> None:
    """What is open is the total less what has been settled; never less than is settled."""
    document = declared(write)
    if not document.open:
        return
    settled = decimal(0)
    if write.old is not None and write.operation != "void":
        settled = decimal(write.old["TotalAmt"]) - decimal(write.old.get(document.open[0]))
    left = decimal(write.new["TotalAmt"]) - settled
    if settled and left < 0:
        raise faults.business("The amount cannot be less than what has been applied to the transaction already.")
    for name in document.open:
        write.new[name] = number(left)


def settle_tax(write: Write) -> None:
    """Sales tax by the tax code of the document, unless its total is sent; none without a code (§8.9).

    With automated sales tax the code is the engine's own, and it calculates whatever was sent.
    """
    detail = write.new.setdefault("TxnTaxDetail", {"TotalTax": 0})
    automated = engine_code(write)
    if automated and write.operation != "void":
        detail["TxnTaxCodeRef"] = {"value": automated}
    code = detail.get("TxnTaxCodeRef", {}).get("value")
    sent = "TotalTax" in write.sent.get("TxnTaxDetail", {}) and not automated
    if write.operation == "void" or not code or sent:
        detail.setdefault("TotalTax", 0)
        return
    base = total(line["Amount"] for line in own_lines(write) if is_taxed(line))
    rates = write.books.peek("TaxCode", code).get("SalesTaxRateList", {}).get("TaxRateDetail", [])
    detail["TaxLine"] = [tax_line(write, each["TaxRateRef"]["value"], base) for each in rates]
    detail["TotalTax"] = number(total(line["Amount"] for line in detail["TaxLine"]))


def engine_code(write: Write) -> str:
    """The code by which automated sales tax calculates; "" where that is off. Intuit's goes by the place."""
    prefs = write.books.preferences().get("TaxPrefs", {})
    return str(prefs.get("TaxGroupCodeRef", {}).get("value", "")) if prefs.get("PartnerTaxEnabled") else ""


def is_taxed(line: Line) -> bool:
    return bool(lines.detail_of(line).get("TaxCodeRef", {}).get("value") == "TAX")


def tax_line(write: Write, rate: str, base: Any) -> Line:
    percent = decimal(write.books.peek("TaxRate", rate).get("RateValue"))
    detail = {"TaxRateRef": {"value": rate}, "PercentBased": True, "TaxPercent": number(percent)}
    detail["NetAmountTaxable"] = number(base)
    return {"Amount": number(to_cents(base * percent / 100)), "DetailType": "TaxLineDetail", "TaxLineDetail": detail}


def voided_note(write: Write) -> str:
    note = write.before.get("PrivateNote")
    return f"Voided - {note}" if note else "Voided"


def zero(write: Write) -> None:
    """A void leaves the lines without amounts, and says so in the note (§2.3)."""
    write.new["PrivateNote"] = voided_note(write)
    write.new["TxnTaxDetail"] = {"TotalTax": 0}
    for line in write.new["Line"]:
        if "Amount" in line:
            line["Amount"] = 0
        if lines.SALE in line:
            line[lines.SALE]["Qty"] = 0
        line.pop("LinkedTxn", None)


# numbers


def number_document(write: Write) -> None:
    """The document's number: the sent one, or the last one + 1 where people do not number themselves (§8.9)."""
    numbers = declared(write).numbers
    if numbers is None:
        return
    counted = bool(numbers.series) and not is_custom(write, numbers)
    if counted and write.operation == "create" and write.books.switches["sent_doc_number"] == "ignored":
        write.new.pop("DocNumber", None)
    if counted and write.operation == "create" and "DocNumber" not in write.new:
        write.new["DocNumber"] = str(write.books.next_number(f"DocNumber:{numbers.series}"))
    refuse_used(write, numbers)


def is_custom(write: Write, numbers: Numbers) -> bool:
    *group, name = numbers.custom
    if group:
        return bool(write.books.preferences().get(group[0], {}).get(name))
    return write.books.preference(name) == "true"


def refuse_used(write: Write, numbers: Numbers) -> None:
    """No other document of the kind has this number, unless the request allows that (6140)."""
    given = write.new.get("DocNumber")
    if not given or given == write.before.get("DocNumber") or "allowduplicatedocnum" in write.options:
        return
    others = write.books.ids_where(write.entity.name, DocNumber=given) if numbers.unique(write) else []
    if others:
        raise faults.duplicate_number(given, write.entity.name, others[0])


def remember_number(write: Write) -> None:
    """Numbers given from now on lie above this one."""
    numbers, given = declared(write).numbers, write.new.get("DocNumber", "")
    if numbers and numbers.series and write.operation == "create" and 0 < as_id(given) < LARGEST_NUMBER:
        write.books.reserve(f"DocNumber:{numbers.series}", as_id(given))
