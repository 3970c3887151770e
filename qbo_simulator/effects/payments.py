"""Rules of payments: what they settle, and what stays unapplied (qbo-api.md §8.10)."""

from decimal import Decimal
from typing import Any

from qbo_simulator import faults
from qbo_simulator.effects.sales import change_balance, same_family
from qbo_simulator.engine.books import Record
from qbo_simulator.engine.money import decimal, number, total
from qbo_simulator.engine.write import Write

NAME_VALUE = {
    "name": "{http://schema.intuit.com/finance/v3}NameValue",
    "declaredType": "com.intuit.schema.finance.v3.NameValue",
    "scope": "javax.xml.bind.JAXBElement$GlobalScope",
    "nil": False,
    "globalScope": True,
    "typeSubstituted": False,
}


def name_value(name: str, value: str) -> Record:
    """A NameValue as Intuit writes it out of its Java objects."""
    return {**NAME_VALUE, "value": {"Name": name, "Value": value}}


def default_account(write: Write) -> None:
    """Money goes to Undeposited Funds where the payment names no account."""
    found = write.books.ids_where("Account", AccountSubType="UndepositedFunds", active=1)
    if found and "DepositToAccountRef" not in write.new:
        write.new["DepositToAccountRef"] = {"value": str(found[0])}


def applied(record: Record) -> dict[tuple[str, int], Decimal]:
    """What a payment settles: invoice → amount."""
    settled: dict[tuple[str, int], Decimal] = {}
    for line in record.get("Line", []):
        for link in line.get("LinkedTxn", []):
            if link["TxnType"] == "Invoice":
                key = ("Invoice", int(link["TxnId"]))
                settled[key] = settled.get(key, Decimal(0)) + decimal(line.get("Amount"))
    return settled


def settle_lines(write: Write) -> None:
    """Each line settles one invoice, by no more than is open, and all of them by no more than the payment."""
    new = write.new
    if write.operation == "void":
        note = write.before.get("PrivateNote")
        new.update(TotalAmt=0, Line=[], PrivateNote=f"Voided - {note}" if note else "Voided")
    new.setdefault("Line", [])
    for line in new["Line"]:
        check_line(write, line)
    before = applied(write.before)
    for (_, id), amount in applied(new).items():
        check_invoice(write, str(id), amount - before.get(("Invoice", id), Decimal(0)))
    unapplied = decimal(new["TotalAmt"]) - total(line["Amount"] for line in new["Line"])
    if unapplied < 0:
        raise faults.business("The amount applied to transactions is greater than the payment amount.", "Line.Amount")
    new["UnappliedAmt"] = number(unapplied)


def check_line(write: Write, line: dict[str, Any]) -> None:
    if "Amount" not in line:
        raise faults.missing("Line.Amount")
    for link in line.get("LinkedTxn", []):
        if link["TxnType"] != "Invoice" or not link["TxnId"].isdigit():
            raise faults.cannot_link(link["TxnId"], f"of type {link['TxnType']} cannot be paid by this payment.")


def check_invoice(write: Write, id: str, more: Decimal) -> None:
    """The invoice exists, is the customer's, and is open for what is to be settled beyond the present."""
    invoice = write.books.get("Invoice", id)
    if invoice is None:
        raise faults.invalid_reference(f"Txns element id {id} not found")
    if not same_family(write.books, invoice["CustomerRef"], write.new["CustomerRef"]):
        raise faults.cannot_link(id, "belongs to another customer.")
    if more > decimal(invoice["Balance"]):
        words = f"The amount applied is greater than the open balance of transaction {id}."
        raise faults.business(words, "Line.Amount")


def describe_lines(write: Write) -> None:
    """What Intuit adds to each line about the invoice it settles."""
    for line in write.new["Line"]:
        for link in line.get("LinkedTxn", []):
            invoice = write.books.peek("Invoice", link["TxnId"])
            values = (
                ("txnId", link["TxnId"]),
                ("txnOpenBalance", f"{decimal(invoice.get('Balance')):.2f}"),
                ("txnReferenceNumber", invoice.get("DocNumber", "")),
            )
            line["LineEx"] = {"any": [name_value(name, value) for name, value in values]}


def pay(write: Write) -> None:
    """Invoices' balances fall, their SyncTokens move and they show the payment."""
    before = applied(write.before)
    now = applied(write.new) if write.operation in ("create", "update") else {}
    for key in sorted(before.keys() | now.keys()):
        difference = now.get(key, Decimal(0)) - before.get(key, Decimal(0))
        if difference or (key in now) != (key in before):
            settle_invoice(write, key, difference, stays=key in now)
    write.books.link("Payment", write.id, {key: str(amount) for key, amount in now.items()})


def settle_invoice(write: Write, key: tuple[str, int], difference: Decimal, *, stays: bool) -> None:
    own = {"TxnId": write.id, "TxnType": "Payment"}

    def change(invoice: Record) -> None:
        invoice["Balance"] = number(decimal(invoice["Balance"]) - difference)
        others = [link for link in invoice["LinkedTxn"] if link != own]
        invoice["LinkedTxn"] = [*others, own] if stays else others

    write.books.touch(key[0], key[1], change)


def credit(write: Write) -> None:
    """The customer owes less by what was paid, applied or not."""
    was, to = write.before.get("CustomerRef"), write.new["CustomerRef"]
    before = decimal(write.before.get("TotalAmt"))
    now = Decimal(0) if write.operation == "delete" else decimal(write.new["TotalAmt"])
    if was:
        change_balance(write.books, was["value"], before)
    change_balance(write.books, to["value"], -now)
