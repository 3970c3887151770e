"""Rules of what is sold: whom it goes to, when it falls due, and the link to pay it online (qbo-api.md §8.9)."""

import hashlib
from datetime import date, timedelta
from typing import Any

from qbo_simulator.effects import documents, ledger, lines, links
from qbo_simulator.engine.books import Books, Record
from qbo_simulator.engine.write import Write
from qbo_simulator.faults import Fault


def fill_from_customer(write: Write) -> None:
    """Addresses and e-mail come from the customer where the invoice brings none."""
    if write.operation != "create":
        return
    customer = write.books.peek("Customer", write.new.get("CustomerRef", {}).get("value", ""))
    for name, source in (("BillAddr", "BillAddr"), ("ShipAddr", "ShipAddr"), ("BillEmail", "PrimaryEmailAddr")):
        if source in customer and name in write.entity.by_name and name not in write.new:
            write.new[name] = {key: part for key, part in customer[source].items() if key != "Id"}


def settle_due_date(write: Write) -> None:
    """DueDate from the document's, the customer's or the company's term, unless it was sent."""
    moved = "TxnDate" in write.sent or "SalesTermRef" in write.sent or "DueDate" not in write.new
    if not moved or "DueDate" in write.sent:
        return
    issued = date.fromisoformat(write.new["TxnDate"])
    write.new["DueDate"] = due(issued, term_of(write)).isoformat()


def settle_term(write: Write) -> None:
    """The term of a document that names none, where the server fills it in (§8.9)."""
    term = term_of(write)
    if write.operation == "create" and term and write.books.switches["invoice_terms"] == "filled":
        write.new.setdefault("SalesTermRef", {"value": term["Id"]})


def term_of(write: Write) -> Record:
    """The document's term, the customer's or vendor's, or the company's for customers."""
    books, new = write.books, write.new
    if "VendorRef" in new:
        own = books.peek("Vendor", new["VendorRef"]["value"]).get("TermRef")
    else:
        own = books.peek("Customer", new["CustomerRef"]["value"]).get("SalesTermRef")
        own = own or books.preferences().get("SalesFormsPrefs", {}).get("DefaultTerms")
    reference = new.get("SalesTermRef") or own
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


def check_email(write: Write) -> None:
    """A document that is to be sent needs an address (6420)."""
    if write.new.get("EmailStatus") == "NeedToSend" and "BillEmail" not in write.new:
        message = "Email Address Required"
        raise Fault("6420", message, f"{message} : EmailStatus is NeedToSend and BillEmail is missing.", "BillEmail")


def default_till(write: Write) -> None:
    """Money goes to Undeposited Funds where no account is named."""
    if "DepositToAccountRef" not in write.new:
        write.new["DepositToAccountRef"] = {"value": ledger.system_account(write.books, "UndepositedFunds")}


def show_link(books: Books, record: dict[str, Any]) -> None:
    """Where the customer can pay online: asked for with include=invoiceLink, of an invoice that may be paid online."""
    online = record.get("AllowOnlineCreditCardPayment") or record.get("AllowOnlineACHPayment")
    if "invoicelink" in books.includes and online and "BillEmail" in record:
        secret = hashlib.sha256(f"{books.realm}/{record['Id']}".encode()).hexdigest()[:40]
        host = books.origin.partition("://")[2]
        record["InvoiceLink"] = f"https://{host}/t/scs-v1-{secret}?locale=EN_US&cta=v3invoicelink"


SETTLE_LINES = (
    documents.check_lines, lines.fill, documents.number_lines, fill_from_customer, check_email, links.settle,
    documents.order_lines, documents.settle_tax, documents.settle_total,
)  # fmt: skip
EFFECTS = (documents.remember_number, links.act, links.release, ledger.post)
