"""Rules of purchases: checks, card charges and cash (qbo-api.md §8.8)."""

from qbo_simulator import faults
from qbo_simulator.effects import documents
from qbo_simulator.effects.documents import Line, check_product, own_lines, sum_of_lines
from qbo_simulator.effects.payments import name_value
from qbo_simulator.engine.write import Write
from qbo_simulator.faults import Fault

ACCOUNT_TYPES = {
    "Check": ("Bank",),
    "CreditCard": ("Credit Card",),
    "Cash": ("Bank", "Other Current Asset", "Credit Card", "Other Current Liability"),
}
TXN_TYPE = {"Check": "3", "Cash": "54", "CreditCard": "54"}
ACCOUNT, ITEM = "AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail"
NEEDS = {ACCOUNT: "AccountRef", ITEM: "ItemRef"}


def check_account(write: Write) -> None:
    """The account must be of a type that the payment type is paid from (6430)."""
    account = write.books.peek("Account", write.new["AccountRef"]["value"])
    if account.get("AccountType") not in ACCOUNT_TYPES[write.new["PaymentType"]]:
        sort = account.get("AccountType")
        words = f"A {write.new['PaymentType']} purchase cannot be paid from an account of type {sort}."
        raise Fault("6430", "Invalid Account Type", f"Invalid account type used : {words}", "AccountRef")
    if write.new.get("Credit") and write.new["PaymentType"] != "CreditCard":
        raise faults.business("Only a credit card purchase can be a refund.", "Credit")


def fill_lines(write: Write) -> None:
    """Account or item, billing and tax code of each line."""
    billed = billed_lines(write)
    for line in own_lines(write):
        detail = line.setdefault(line["DetailType"], {})
        needed = NEEDS[line["DetailType"]]
        if needed not in detail:
            raise faults.missing(f"Line.{line['DetailType']}.{needed}")
        if line["DetailType"] == ITEM:
            check_product(line, detail)
        settle_billing(detail, line.get("Id") in billed)
        detail.setdefault("TaxCodeRef", {"value": "NON"})


def billed_lines(write: Write) -> set[str]:
    return {
        line["Id"]
        for line in write.before.get("Line", [])
        if line.get(line["DetailType"], {}).get("BillableStatus") == "HasBeenBilled"
    }


def settle_billing(detail: Line, billed: bool) -> None:
    """Billable and NotBillable can be written, HasBeenBilled cannot (qbo-api.md §8.8)."""
    status = detail.setdefault("BillableStatus", "NotBillable")
    if billed:
        detail["BillableStatus"] = "HasBeenBilled"
    elif status == "HasBeenBilled":
        raise faults.invalid_enumeration("HasBeenBilled", "BillableStatus")
    elif status == "Billable" and "CustomerRef" not in detail:
        raise Fault("6310", "Missing Customer", "A customer is required on a billable line.", "CustomerRef")


def settle_total(write: Write) -> None:
    write.new["TotalAmt"] = sum_of_lines(write)
    write.new["PurchaseEx"] = {"any": [name_value("TxnType", TXN_TYPE[write.new["PaymentType"]])]}


def number_is_free(write: Write) -> None:
    """Duplicate numbers are refused for cash and cards, for checks only while the company warns of them."""
    documents.number_is_free(write, warned)


def warned(write: Write) -> bool:
    if write.new["PaymentType"] != "Check":
        return True
    return write.books.preference("WarnDuplicateCheckNumber") == "true"


def refuse_deleting_billed(write: Write) -> None:
    """A purchase that an invoice bills cannot be deleted (6400)."""
    if write.operation == "delete" and billed_lines(write):
        words = "The purchase is linked to an invoice and cannot be deleted."
        raise Fault("6400", "Cannot Delete Linked Purchase", words, "")
