"""Rules of what is bought: which accounts pay for it, and what an invoice has billed of it (qbo-api.md §8.8)."""

from qbo_simulator import faults
from qbo_simulator.effects import documents, ledger, lines, links, reimburse
from qbo_simulator.effects.payments import name_value
from qbo_simulator.engine.write import Write
from qbo_simulator.faults import Fault

ACCOUNT_TYPES = {
    "Check": ("Bank",),
    "CreditCard": ("Credit Card",),
    "Cash": ("Bank", "Other Current Asset", "Credit Card", "Other Current Liability"),
}
TXN_TYPE = {"Check": "3", "Cash": "54", "CreditCard": "54"}


def account_of_type(write: Write, name: str, kinds: tuple[str, ...]) -> None:
    """The account that a property names must be of one of these types (6430).  name: may be dotted."""
    found = ledger.value_at(write.new, name)
    sort = lines.account_type(write.books, found["value"]) if found else None
    if found and sort not in kinds:
        words = f"{name} cannot be an account of type {sort}."
        raise Fault("6430", "Invalid Account Type", f"Invalid account type used : {words}", name.split(".")[-1])


def check_account(write: Write) -> None:
    """The account must be of a type that the payment type is paid from."""
    account_of_type(write, "AccountRef", ACCOUNT_TYPES[write.new["PaymentType"]])
    if write.new.get("Credit") and write.new["PaymentType"] != "CreditCard":
        raise faults.business("Only a credit card purchase can be a refund.", "Credit")


def check_payable(write: Write) -> None:
    """Bills are kept on an account for payables, the company's own where none is named."""
    account_of_type(write, "APAccountRef", ("Accounts Payable",))
    if "APAccountRef" not in write.new:
        write.new["APAccountRef"] = {"value": ledger.system_account(write.books, "AccountsPayable")}


PAID_FROM = {"Check": "CheckPayment.BankAccountRef", "CreditCard": "CreditCardPayment.CCAccountRef"}


def check_pay_type(write: Write) -> None:
    """A check is drawn on a bank account, a card is charged: that account must be named."""
    wanted = PAID_FROM[write.new["PayType"]]
    if ledger.value_at(write.new, wanted) is None:
        raise faults.missing(wanted)
    other = "CreditCardPayment" if write.new["PayType"] == "Check" else "CheckPayment"
    write.new.pop(other, None)
    account_of_type(write, PAID_FROM["Check"], ("Bank",))
    account_of_type(write, PAID_FROM["CreditCard"], ("Credit Card",))
    if write.new["PayType"] == "Check":
        write.new["CheckPayment"].setdefault("PrintStatus", "NotSet")


def describe_type(write: Write) -> None:
    write.new["PurchaseEx"] = {"any": [name_value("TxnType", TXN_TYPE[write.new["PaymentType"]])]}


def is_warned_of_check(write: Write) -> bool:
    """Duplicate numbers are refused for cash and cards, for checks only while the company warns of them."""
    return write.new["PaymentType"] != "Check" or write.books.preference("WarnDuplicateCheckNumber") == "true"


def is_warned_of_bill(write: Write) -> bool:
    return write.books.preference("WarnDuplicateBillNumber") == "true"


def counted_if_documented(write: Write) -> None:
    """Intuit documents that numbers of purchases are counted on; a sandbox gave none (§8.8)."""
    custom = write.books.preference("VendorAndPurchasesPrefs.UseCustomTxnNumbers") == "true"
    counted = write.books.switches["purchase_numbers"] == "counted" and not custom
    if counted and write.operation == "create" and "DocNumber" not in write.new:
        write.new["DocNumber"] = str(write.books.next_number("DocNumber:Purchase"))


def refuse_deleting_billed(write: Write) -> None:
    """What an invoice bills cannot be deleted (6400)."""
    if write.operation == "delete" and lines.billed_lines(write.before):
        words = "The purchase is linked to an invoice and cannot be deleted."
        raise Fault("6400", "Cannot Delete Linked Purchase", words, "")


SETTLE_LINES = (
    documents.check_lines, lines.fill, documents.number_lines, links.settle, reimburse.keep, documents.order_lines,
    documents.settle_total,
)  # fmt: skip
EFFECTS = (documents.remember_number, links.act, links.release, ledger.post, reimburse.charge)
GUARDS = (documents.books_are_open, links.held, refuse_deleting_billed)
