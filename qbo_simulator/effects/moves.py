"""Rules of what moves between accounts: deposits, transfers, card payments and journal entries."""

from decimal import Decimal

from qbo_simulator import faults
from qbo_simulator.effects import ledger, lines
from qbo_simulator.effects.purchases import account_of_type
from qbo_simulator.engine.money import decimal
from qbo_simulator.engine.write import Write
from qbo_simulator.faults import Fault

BALANCE_SHEET = (
    "Bank", "Other Current Asset", "Fixed Asset", "Other Asset", "Credit Card", "Other Current Liability",
    "Long Term Liability", "Equity",
)  # fmt: skip


def open_till(write: Write) -> None:
    """A line that is linked to a payment takes it out of the account that the payment lies in."""
    for line in write.new["Line"]:
        for link in line.get("LinkedTxn", []):
            payment = write.books.peek(link["TxnType"], link["TxnId"])
            till = ledger.value_at(payment, "DepositToAccountRef.value")
            line["DetailType"] = lines.DEPOSIT
            line.setdefault(lines.DEPOSIT, {})["AccountRef"] = {
                "value": till or ledger.system_account(write.books, "UndepositedFunds")
            }


def check_amount(write: Write) -> None:
    if decimal(write.new["Amount"]) <= 0:
        raise faults.business("You must set a transaction amount.", "Amount")


def check_transfer(write: Write) -> None:
    """Between two accounts of the balance sheet, and not to and fro in one."""
    for name in ("FromAccountRef", "ToAccountRef"):
        account_of_type(write, name, BALANCE_SHEET)
    if write.new["FromAccountRef"]["value"] == write.new["ToAccountRef"]["value"]:
        raise faults.business("You must transfer between two different accounts.", "ToAccountRef")
    check_amount(write)


def check_card_payment(write: Write) -> None:
    account_of_type(write, "CreditCardAccountRef", ("Credit Card",))
    account_of_type(write, "BankAccountRef", ("Bank",))
    check_amount(write)


def check_balance(write: Write) -> None:
    """Debits are credits (2300), and there is something to post."""
    signed = [(each[lines.JOURNAL]["PostingType"], decimal(each["Amount"])) for each in write.new["Line"]]
    debits, credits = (
        sum((amount for way, amount in signed if way == side), Decimal(0)) for side in ("Debit", "Credit")
    )
    if debits != credits:
        words = f"Debits {debits} are not equal to credits {credits}"
        raise Fault("2300", "Debits and Credits Not Equal", f"Debits and Credits Not Equal : {words}", "Line")
    if any(amount < 0 for _, amount in signed):
        raise Fault(
            "2290", "Negative Line Amount", "Negative Line Amount : an amount cannot be negative.", "Line.Amount"
        )


def is_warned_of_journal(write: Write) -> bool:
    return write.books.preference("WarnDuplicateJournalNumber") == "true"
