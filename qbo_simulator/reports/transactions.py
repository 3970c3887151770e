"""Reports that list documents and postings: TransactionList, GeneralLedger, and sums by party."""

from collections.abc import Callable
from decimal import Decimal

from qbo_simulator.engine.books import Record
from qbo_simulator.engine.money import decimal
from qbo_simulator.reports import ledger, shape
from qbo_simulator.reports.asked import Asked
from qbo_simulator.reports.ledger import Entry
from qbo_simulator.reports.shape import Cell, Row

HEADS = (
    ("Date", "tx_date"),
    ("Transaction Type", "txn_type"),
    ("Num", "doc_num"),
    ("Name", "name"),
    ("Memo/Description", "memo"),
    ("Account", "account_name"),
    ("Split", "split_acc"),
    ("Amount", "Money"),
)
SPLIT = "-Split-"


def within(asked: Asked) -> list[Entry]:
    """The postings of the period, of those whom the report is about."""
    start = asked.period.start.isoformat()
    return [
        entry
        for entry in ledger.entries(asked.books, asked.period.end)
        if entry.day >= start
        and all(entry.document.get(name, {}).get("value") in some for name, some in asked.only.items())
    ]


def together(entries: list[Entry]) -> dict[tuple[str, int], list[Entry]]:
    """(entity, id) → the postings of that document."""
    found: dict[tuple[str, int], list[Entry]] = {}
    for entry in entries:
        found.setdefault((entry.entity, entry.id), []).append(entry)
    return found


def head(asked: Asked, entry: Entry) -> list[Cell]:
    """What every row says of its document: day, kind, number, name, note."""
    document = entry.document
    name = (ledger.name_of(asked.books, document), ledger.party_of(document).get("value", ""))
    kind = (entry.entity, document["Id"])
    return [entry.day, kind, document.get("DocNumber", ""), name, document.get("PrivateNote", "")]


def others(entry: Entry, all_of_it: list[Entry], accounts: dict[str, Record]) -> str:
    """The other side of a posting: its account, or that there are several."""
    names = {each.account for each in all_of_it if each.account != entry.account}
    return accounts[names.pop()]["FullyQualifiedName"] if len(names) == 1 else SPLIT


def transaction_list(asked: Asked) -> tuple[Row, list[Row]]:
    """One row per document of the period, by day."""
    accounts = ledger.accounts(asked.books)
    rows = [document_row(asked, entries, accounts) for entries in together(within(asked)).values()]
    return shape.columns(*HEADS), rows


def document_row(asked: Asked, entries: list[Entry], accounts: dict[str, Record]) -> Row:
    """One document by its largest posting, its other side and its total."""
    first = max(entries, key=lambda entry: abs(entry.cents))
    account = accounts[first.account]["FullyQualifiedName"]
    amount = decimal(first.document.get("TotalAmt", Decimal(abs(first.cents)) / 100))
    return shape.data((*head(asked, first), account, others(first, entries, accounts), amount))


def transactions_by(reference: str) -> Callable[[Asked], tuple[Row, list[Row]]]:
    """The documents of the period, those of one customer or vendor together."""

    def report(asked: Asked) -> tuple[Row, list[Row]]:
        columns, _ = transaction_list(asked)
        parties: dict[tuple[str, str], list[Entry]] = {}
        for entry in within(asked):
            if reference in whom(entry.document):
                name = (ledger.name_of(asked.books, entry.document), ledger.party_of(entry.document)["value"])
                parties.setdefault(name, []).append(entry)
        accounts = ledger.accounts(asked.books)
        return columns, [party_part(asked, name, parties[name], accounts) for name in sorted(parties)]

    return report


def party_part(asked: Asked, name: tuple[str, str], entries: list[Entry], accounts: dict[str, Record]) -> Row:
    rows = [document_row(asked, some, accounts) for some in together(entries).values()]
    return shape.section((name, *[""] * 7), rows, (f"Total for {name[0]}", *[""] * 7))


def journal(asked: Asked) -> tuple[Row, list[Row]]:
    """Every posting of the period, document by document, as debit or credit."""
    accounts, rows = ledger.accounts(asked.books), []
    for entries in together(within(asked)).values():
        for entry in sorted(entries, key=lambda entry: -entry.cents):
            amount = Decimal(abs(entry.cents)) / 100
            account = (accounts[entry.account]["FullyQualifiedName"], entry.account)
            sides = (amount, "") if entry.cents > 0 else ("", amount)
            rows.append(shape.data((*head(asked, entry), account, *sides)))
    return shape.columns(*HEADS[:6], ("Debit", "Money"), ("Credit", "Money")), rows


def general_ledger(asked: Asked) -> tuple[Row, list[Row]]:
    """Each account's postings of the period, from the balance before to the balance after."""
    accounts, rows = ledger.accounts(asked.books), []
    every = list(ledger.entries(asked.books, asked.period.end))
    documents = together(every)
    start = asked.period.start.isoformat()
    for id, account in accounts.items():
        own = [entry for entry in every if entry.account == id]
        if own:
            rows.append(account_part(asked, account, own, start, documents, accounts))
    columns = [each for each in HEADS if each[0] != "Account"]
    return shape.columns(*columns, ("Balance", "Money")), rows


def account_part(
    asked: Asked, account: Record, own: list[Entry], start: str, documents: dict, accounts: dict[str, Record]
) -> Row:
    carried = account["Classification"] in ("Asset", "Liability", "Equity")
    earlier = [ledger.natural(account, entry.cents) for entry in own if entry.day < start and carried]
    balance, moved = sum(earlier, Decimal(0)), Decimal(0)
    rows = [shape.data(("Beginning Balance", "", "", "", "", "", "", balance))] if earlier else []
    for entry in own:
        if entry.day >= start:
            amount = ledger.natural(account, entry.cents)
            balance, moved = balance + amount, moved + amount
            split = others(entry, documents[entry.entity, entry.id], accounts)
            rows.append(shape.data((*head(asked, entry), split, amount, balance)))
    name = account["FullyQualifiedName"]
    return shape.section(((name, account["Id"]), *[""] * 7), rows, (f"Total for {name}", "", "", "", "", "", moved, ""))


def by_party(title: str, classification: str, reference: str) -> Callable[[Asked], tuple[Row, list[Row]]]:
    """Income or expenses of the period, summed by the customer or vendor that documents are with."""

    def report(asked: Asked) -> tuple[Row, list[Row]]:
        accounts = ledger.accounts(asked.books)
        sums: dict[Cell, Decimal] = {}
        for entry in within(asked):
            account = accounts[entry.account]
            if account["Classification"] == classification and reference in whom(entry.document):
                name = (ledger.name_of(asked.books, entry.document), ledger.party_of(entry.document)["value"])
                sums[name] = sums.get(name, Decimal(0)) + ledger.natural(account, entry.cents)
        rows = [shape.data(pair) for pair in sorted(sums.items(), key=lambda pair: pair[0])]
        total = shape.section((), [], ("TOTAL", sum(sums.values(), Decimal(0))), "GrandTotal")
        return shape.columns(("", title), ("Total", "Money")), [*rows, total]

    return report


def whom(document: Record) -> set[str]:
    """The references that a document is with; a purchase's tells of which kind it is."""
    kind = document.get("EntityRef", {}).get("type", "")
    return set(document) | ({f"{kind}Ref"} if kind else set())


def item_sales(asked: Asked) -> tuple[Row, list[Row]]:
    """What was sold of each item in the period: quantity, amount and average price."""
    quantities: dict[str, Decimal] = {}
    amounts: dict[str, Decimal] = {}
    for (entity, _), entries in together(within(asked)).items():
        sign = -1 if entity in ("CreditMemo", "RefundReceipt") else 1
        for line in entries[0].document.get("Line", []):
            detail = line.get("SalesItemLineDetail", {})
            item = detail.get("ItemRef", {}).get("value")
            if item:
                quantities[item] = quantities.get(item, Decimal(0)) + sign * decimal(detail.get("Qty"))
                amounts[item] = amounts.get(item, Decimal(0)) + sign * decimal(line.get("Amount"))
    rows = [shape.data(item_row(asked, item, quantities[item], amounts[item])) for item in sorted(amounts, key=int)]
    total = shape.section((), [], ("TOTAL", "", sum(amounts.values(), Decimal(0)), ""), "GrandTotal")
    heads = (("Quantity", "Quantity"), ("Amount", "Money"), ("Avg Price", "Money"))
    return shape.columns(("", "ProductsAndService"), *heads), [*rows, total]


def item_row(asked: Asked, item: str, quantity: Decimal, amount: Decimal) -> list[Cell]:
    name = (asked.books.label("Item", item) or ("", True))[0] or ""
    return [(name, item), quantity, amount, amount / quantity if quantity else ""]


def account_list(asked: Asked) -> tuple[Row, list[Row]]:
    """The chart of accounts."""
    rows = [
        shape.data(
            (
                (account["FullyQualifiedName"], id),
                account["AccountType"],
                account["AccountSubType"],
                account.get("Description", ""),
                decimal(account["CurrentBalance"]),
            )
        )
        for id, account in ledger.accounts(asked.books).items()
        if account["Active"]
    ]
    heads = (("Account", "account_name"), ("Type", "account_type"), ("Detail type", "detail_acc_type"))
    return shape.columns(*heads, ("Description", "account_desc"), ("Balance", "Money")), rows
