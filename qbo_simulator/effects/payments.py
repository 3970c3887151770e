"""Rules of payments: what they settle, and what stays unapplied (qbo-api.md §8.10)."""

from qbo_simulator import faults
from qbo_simulator.effects import documents, ledger, links
from qbo_simulator.engine.books import Record
from qbo_simulator.engine.document import Document
from qbo_simulator.engine.money import decimal, number
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


def settle_lines(write: Write) -> None:
    """Each line settles one document, by no more than is open, and all of them by no more than the payment."""
    new = write.new
    if write.operation == "void":
        new.update(TotalAmt=0, Line=[], PrivateNote=documents.voided_note(write))
    new.setdefault("Line", [])
    for line in new["Line"]:
        if "Amount" not in line:
            raise faults.missing("Line.Amount")
    links.settle(write)
    settle_unapplied(write)


def settle_unapplied(write: Write) -> None:
    """Invoices and bills are paid from the payment and from the credits that it uses up."""
    document = write.entity.document or Document()
    applied = decimal(0)
    for (kind, _), amount in links.targets(document, write.new).items():
        link = document.link_to(kind)
        applied += (link.settles if link else 0) * amount
    left = decimal(write.new["TotalAmt"]) - applied
    if left < 0:
        raise faults.business("The amount applied to transactions is greater than the payment amount.", "Line.Amount")
    if document.unapplied:
        write.new[document.unapplied] = number(left)


def describe_lines(write: Write) -> None:
    """What Intuit adds to each line about the invoice it settles."""
    for line in write.new["Line"]:
        for link in line.get("LinkedTxn", []):
            settled = write.books.peek(link["TxnType"], link["TxnId"])
            values = (
                ("txnId", link["TxnId"]),
                ("txnOpenBalance", f"{decimal(settled.get('Balance')):.2f}"),
                ("txnReferenceNumber", settled.get("DocNumber", "")),
            )
            line["LineEx"] = {"any": [name_value(name, value) for name, value in values]}


EFFECTS = (links.act, links.release, ledger.post)
GUARDS = (documents.books_are_open, links.held)
