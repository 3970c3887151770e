"""By hand to documents: pay, edit, void, delete."""

from typing import Any

from qbo_simulator import entities
from qbo_simulator.engine.books import Books
from qbo_simulator.engine.money import decimal, number
from qbo_simulator.pages.kinds import KINDS
from qbo_simulator.pages.kinds.declared import Record
from qbo_simulator.pages.kinds.states import is_voided
from qbo_simulator.pages.mistakes.declared import Input, Mistake, Operation, changing
from qbo_simulator.pages.mistakes.names import entity_of
from qbo_simulator.pages.render import money


def called(record: Record) -> str:
    """The record as a sentence names it: `invoice 1045`."""
    title = KINDS[entity_of(record)].title(record)
    return title[0].lower() + title[1:]


def is_open(books: Books, record: Record) -> bool:
    return decimal(record.get("Balance")) > 0


def stands(books: Books, record: Record) -> bool:
    return not is_voided(record)


def has_sales_lines(books: Books, record: Record) -> bool:
    return stands(books, record) and bool(line_choices(record))


def can(operation: str) -> Any:
    """Whether the API offers an operation for a kind of document."""
    return lambda entity: not entities.REGISTRY[entity].is_list and operation in entities.REGISTRY[entity].operations


def pay(books: Books, record: Record, given: dict[str, Any]) -> list[Operation]:
    amount = number(given["amount"])
    line = {"Amount": amount, "LinkedTxn": [{"TxnId": record["Id"], "TxnType": "Invoice"}]}
    body: dict[str, Any] = {
        "CustomerRef": {"value": record["CustomerRef"]["value"]},
        "TotalAmt": amount,
        "Line": [line],
    }
    if given["date"]:
        body["TxnDate"] = given["date"].isoformat()
    if given["reference"]:
        body["PaymentRefNum"] = given["reference"]
    return [Operation("create", "Payment", body)]


def paid(record: Record, answers: list[Record]) -> str:
    return f"{money(answers[0]['TotalAmt'])} was paid on {called(record)}, as payment {answers[0]['Id']}."


def line_choices(record: Record) -> list[tuple[str, str]]:
    """The lines of a sale whose amount a person may change."""
    return [
        (line["Id"], f"{line.get('Description', 'Line ' + line['Id'])[:60]}, {money(line.get('Amount'))}")
        for line in record.get("Line", [])
        if line.get("DetailType") == "SalesItemLineDetail"
    ]


def edit_line(books: Books, record: Record, given: dict[str, Any]) -> list[Operation]:
    """The whole list of lines is sent, as an update has to (§2.3); the line's quantity and price no longer hold."""
    kept = [line for line in record["Line"] if line["DetailType"] != "SubTotalLineDetail"]
    for line in kept:
        if line["Id"] == given["line"]:
            line["Amount"] = number(given["amount"])
            for name in ("Qty", "UnitPrice"):
                line["SalesItemLineDetail"].pop(name, None)
    lines = [{name: part for name, part in line.items() if name != "CustomExtensions"} for line in kept]
    links = [link for link in record.get("LinkedTxn", []) if link["TxnType"] == "TimeActivity"]
    linked = {"LinkedTxn": links} if links else {}
    return [Operation("update", entity_of(record), changing(record, Line=lines, **linked))]


def edited(record: Record, answers: list[Record]) -> str:
    return f"The total of {called(record)} is {money(answers[0]['TotalAmt'])} now; it was {money(record['TotalAmt'])}."


def edit_head(books: Books, record: Record, given: dict[str, Any]) -> list[Operation]:
    """Date and memo; what a sparse update must carry of its kind comes along (§2.3)."""
    entity = entity_of(record)
    always = {each.name: record[each.name] for each in entities.REGISTRY[entity].by_name.values() if each.always}
    body = changing(record, **always, TxnDate=given["date"].isoformat(), PrivateNote=given["memo"] or "")
    return [Operation("update", entity, body)]


def has_memo(entity: str) -> bool:
    known = entities.REGISTRY[entity]
    return can("update")(entity) and {"TxnDate", "PrivateNote"} <= set(known.by_name)


def removing(operation: str) -> Any:
    def operations(books: Books, record: Record, given: dict[str, Any]) -> list[Operation]:
        return [Operation(operation, entity_of(record), changing(record))]

    return operations


DATE = Input("date", "Date", "date", lambda record: record["TxnDate"])
PAY = Mistake(
    "pay", "Receive a payment", "Records a payment by the customer: of the whole balance, or of a part of it.",
    pay, paid,
    lambda entity: entity == "Invoice", is_open,
    (
        Input("amount", "Amount", "money", lambda record: money(record["Balance"])),
        Input("date", "Date", "date", required=False, help="Empty for today."),
        Input("reference", "Reference no.", required=False, most=21),
    ),
)  # fmt: skip
EDIT_LINE = Mistake(
    "edit-line", "Change an amount",
    "Changes what one line costs, as somebody who corrects the document at QuickBooks would.",
    edit_line, edited, lambda entity: entity in ("Invoice", "Estimate", "SalesReceipt", "CreditMemo"), has_sales_lines,
    (
        Input("line", "Line", "choice", choices=line_choices),
        Input("amount", "New amount", "money"),
    ),
)  # fmt: skip
EDIT_HEAD = Mistake(
    "edit", "Change date and memo", "Changes the document behind the app's back: its SyncToken moves on.", edit_head,
    lambda record, answers: f"Date and memo of {called(record)} were changed.", has_memo, stands,
    (DATE, Input("memo", "Memo", value=lambda record: record.get("PrivateNote", ""), required=False, most=4000)),
)  # fmt: skip
VOID = Mistake(
    "void", "Void", "The document stays in the books with every amount 0, and no longer pays or bills anything.",
    removing("void"), lambda record, answers: f"{KINDS[entity_of(record)].title(record)} is void now.",
    can("void"), stands, severe=True,
)  # fmt: skip
DELETE = Mistake(
    "delete", "Delete", "Takes the document out of the books for good. The app is not told.", removing("delete"),
    lambda record, answers: f"{KINDS[entity_of(record)].title(record)} was deleted.", can("delete"), severe=True,
)  # fmt: skip
MISTAKES = (PAY, EDIT_LINE, EDIT_HEAD, VOID, DELETE)
