"""What customers owe and what is owed to vendors: balances, by document and by age."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qbo_simulator.engine.books import Record
from qbo_simulator.engine.money import decimal
from qbo_simulator.reports import ledger, shape
from qbo_simulator.reports.asked import Asked
from qbo_simulator.reports.shape import Cell, Row

AGES = (("Current", 0), ("1 - 30", 30), ("31 - 60", 60), ("61 - 90", 90))
OVER = "91 and over"
OPEN_AMOUNTS = ("Balance", "UnappliedAmt", "RemainingCredit")


@dataclass(frozen=True)
class Side:
    """Receivables or payables.  account: the type of the accounts; sign: of what is owed there; party: its property."""

    account: str
    sign: int
    party: str
    title: str


RECEIVABLE = Side("Accounts Receivable", 1, "CustomerRef", "Customer")
PAYABLE = Side("Accounts Payable", -1, "VendorRef", "Vendor")


@dataclass(frozen=True)
class Open:
    """What is open of one document.  amount: negative where it is a credit."""

    entity: str
    document: Record
    party: str
    name: str
    amount: Decimal

    @property
    def due(self) -> str:
        return str(self.document.get("DueDate", self.document["TxnDate"]))


def documents(asked: Asked, side: Side) -> list[Open]:
    """The documents with something open, by name and day."""
    kinds = {id for id, account in ledger.accounts(asked.books).items() if account["AccountType"] == side.account}
    found = []
    for entry in ledger.entries(asked.books, asked.day):
        left = next((decimal(entry.document[name]) for name in OPEN_AMOUNTS if name in entry.document), Decimal(0))
        wanted = asked.only.get(side.party)
        if entry.account in kinds and left and (not wanted or entry.party in wanted):
            sign = side.sign if entry.cents > 0 else -side.sign
            name = ledger.name_of(asked.books, entry.document)
            found.append(Open(entry.entity, entry.document, entry.party, name, sign * left))
    return sorted(found, key=lambda each: each.name)


def by_party(found: list[Open]) -> dict[tuple[str, str], list[Open]]:
    """(name, id) → that party's documents."""
    together: dict[tuple[str, str], list[Open]] = {}
    for each in found:
        together.setdefault((each.name, each.party), []).append(each)
    return together


def owed(found: list[Open]) -> Decimal:
    return sum((each.amount for each in found), Decimal(0))


def balances(side: Side) -> Callable[[Asked], tuple[Row, list[Row]]]:
    """One row per party with what it owes, or is owed."""

    def report(asked: Asked) -> tuple[Row, list[Row]]:
        found = documents(asked, side)
        rows = [shape.data((party, owed(some))) for party, some in by_party(found).items()]
        total = shape.section((), [], ("TOTAL", owed(found)), "GrandTotal")
        return shape.columns(("", side.title), ("Total", "Money")), [*rows, total]

    return report


def ages(found: list[Open], day: date) -> list[Decimal]:
    """Amounts by how long they have been overdue: current, to 30, 60, 90 days, longer, and all."""
    sums = [Decimal(0)] * (len(AGES) + 1)
    for each in found:
        sums[bucket(each, day)] += each.amount
    return [*sums, sum(sums, Decimal(0))]


def bucket(each: Open, day: date) -> int:
    late = (day - date.fromisoformat(each.due)).days
    return next((place for place, (_, most) in enumerate(AGES) if late <= most), len(AGES))


def aged(side: Side) -> Callable[[Asked], tuple[Row, list[Row]]]:
    """One row per party, its open amounts by age."""

    def report(asked: Asked) -> tuple[Row, list[Row]]:
        found = documents(asked, side)
        rows = [shape.data((party, *ages(some, asked.day))) for party, some in by_party(found).items()]
        total = shape.section((), [], ("TOTAL", *ages(found, asked.day)), "GrandTotal")
        titles = [(title, "Money") for title in (*(title for title, _ in AGES), OVER, "Total")]
        return shape.columns(("", side.title), *titles), [*rows, total]

    return report


DETAIL = (("Date", "tx_date"), ("Transaction Type", "txn_type"), ("Num", "doc_num"), ("Due Date", "due_date"))
SUMS = (("Amount", "Money"), ("Open Balance", "Money"))


def line(each: Open) -> list[Cell]:
    document = each.document
    kind = (each.entity, document["Id"])
    amount = decimal(document.get("TotalAmt"))
    return [document["TxnDate"], kind, document.get("DocNumber", ""), each.due, amount, each.amount]


def balance_detail(side: Side) -> Callable[[Asked], tuple[Row, list[Row]]]:
    """The open documents of each party."""

    def report(asked: Asked) -> tuple[Row, list[Row]]:
        found = documents(asked, side)
        rows = [part((party, *[""] * 5), some, f"Total {party[0]}") for party, some in by_party(found).items()]
        total = shape.section((), [], ("TOTAL", "", "", "", "", owed(found)), "GrandTotal")
        return shape.columns(*DETAIL, *SUMS), [*rows, total]

    return report


def part(head: tuple[Cell, ...], found: list[Open], title: str) -> Row:
    rows = [shape.data(line(each)) for each in found]
    return shape.section(head, rows, (title, "", "", "", "", owed(found)))


def aged_detail(side: Side) -> Callable[[Asked], tuple[Row, list[Row]]]:
    """The open documents of each age."""

    def report(asked: Asked) -> tuple[Row, list[Row]]:
        found = documents(asked, side)
        titles = [*(title for title, _ in AGES), OVER]
        rows = []
        for place, title in enumerate(titles):
            some = [each for each in found if bucket(each, asked.day) == place]
            if some:
                rows.append(part((title, *[""] * 5), some, f"Total for {title}"))
        total = shape.section((), [], ("TOTAL", "", "", "", "", owed(found)), "GrandTotal")
        return shape.columns(*DETAIL, *SUMS), [*rows, total]

    return report
