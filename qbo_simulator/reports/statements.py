"""ProfitAndLoss, BalanceSheet and TrialBalance: the chart of accounts with what the ledger says of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qbo_simulator.engine.books import Record
from qbo_simulator.reports import ledger, shape
from qbo_simulator.reports.asked import Asked
from qbo_simulator.reports.shape import Row

Amounts = list[Decimal]


@dataclass(frozen=True)
class Group:
    """A section of a statement.

    group, title: as Intuit calls it.  types: the account types in it.  parts: the sections in it.  adds: groups before
    it whose sum (a minus before the name: difference) is all it shows.
    """

    group: str
    title: str
    types: tuple[str, ...] = ()
    parts: tuple["Group", ...] = ()
    adds: tuple[str, ...] = ()


PROFIT_AND_LOSS = (
    Group("Income", "Income", ("Income",)),
    Group("COGS", "Cost of Goods Sold", ("Cost of Goods Sold",)),
    Group("GrossProfit", "Gross Profit", adds=("Income", "-COGS")),
    Group("Expenses", "Expenses", ("Expense",)),
    Group("NetOperatingIncome", "Net Operating Income", adds=("GrossProfit", "-Expenses")),
    Group("OtherIncome", "Other Income", ("Other Income",)),
    Group("OtherExpenses", "Other Expenses", ("Other Expense",)),
    Group("NetOtherIncome", "Net Other Income", adds=("OtherIncome", "-OtherExpenses")),
    Group("NetIncome", "Net Income", adds=("NetOperatingIncome", "NetOtherIncome")),
)
CURRENT_ASSETS = (
    Group("BankAccounts", "Bank Accounts", ("Bank",)),
    Group("AR", "Accounts Receivable", ("Accounts Receivable",)),
    Group("OtherCurrentAssets", "Other Current Assets", ("Other Current Asset",)),
)
CURRENT_LIABILITIES = (
    Group("AP", "Accounts Payable", ("Accounts Payable",)),
    Group("CreditCards", "Credit Cards", ("Credit Card",)),
    Group("OtherCurrentLiabilities", "Other Current Liabilities", ("Other Current Liability",)),
)
LIABILITIES = (
    Group("CurrentLiabilities", "Current Liabilities", parts=CURRENT_LIABILITIES),
    Group("LongTermLiabilities", "Long-Term Liabilities", ("Long Term Liability",)),
)
BALANCE_SHEET = (
    Group(
        "TotalAssets",
        "ASSETS",
        parts=(
            Group("CurrentAssets", "Current Assets", parts=CURRENT_ASSETS),
            Group("FixedAssets", "Fixed Assets", ("Fixed Asset",)),
            Group("OtherAssets", "Other Assets", ("Other Asset",)),
        ),
    ),
    Group(
        "TotalLiabilitiesAndEquity",
        "LIABILITIES AND EQUITY",
        parts=(Group("Liabilities", "Liabilities", parts=LIABILITIES), Group("Equity", "Equity", ("Equity",))),
    ),
)


class Statement:
    """One statement under way.

    sums: account → cents per column, debits positive.  extra: type → rows without an account of their own, such as
    the net income in the equity: (title, amounts).
    """

    def __init__(self, asked: Asked, sums: Mapping[str, list[int]]) -> None:
        self.accounts = ledger.accounts(asked.books)
        self.width = len(asked.columns)
        self.sums = sums
        self.totals: dict[str, Amounts] = {}
        self.extra: dict[str, list[tuple[str, Amounts]]] = {}

    def row(self, group: Group) -> Row | None:
        """A section with all below it; None where it is empty and no sum of others."""
        if group.adds:
            self.totals[group.group] = self.added(group.adds)
            return shape.section((), [], (group.title, *self.totals[group.group]), group.group)
        rows = [row for row in map(self.row, group.parts) if row]
        total = self.plus([self.totals[part.group] for part in group.parts])
        for account in self.accounts.values():
            if account["AccountType"] in group.types and "ParentRef" not in account:
                below, amounts = self.tree(account)
                rows += below
                total = self.plus([total, amounts])
        for title, amounts in (extra for kind in group.types for extra in self.extra.get(kind, [])):
            rows.append(shape.data((title, *amounts)))
            total = self.plus([total, amounts])
        self.totals[group.group] = total
        if not rows:
            return None
        return shape.section((group.title, *self.blank), rows, (f"Total {group.title}", *total), group.group)

    @property
    def blank(self) -> list[str]:
        return [""] * self.width

    def added(self, names: tuple[str, ...]) -> Amounts:
        signed = [(self.totals[name.removeprefix("-")], -1 if name.startswith("-") else 1) for name in names]
        return self.plus([[amount * sign for amount in amounts] for amounts, sign in signed])

    def plus(self, parts: list[Amounts]) -> Amounts:
        return [sum((part[place] for part in parts), Decimal(0)) for place in range(self.width)]

    def own(self, account: Record) -> Amounts:
        cents = self.sums.get(account["Id"], [0] * self.width)
        return [ledger.natural(account, each) for each in cents]

    def tree(self, account: Record) -> tuple[list[Row], Amounts]:
        """An account's row with its subaccounts below, none where nothing was posted to any of them."""
        own, rows, total = self.own(account), [], self.own(account)
        for child in self.accounts.values():
            if child.get("ParentRef", {}).get("value") == account["Id"]:
                below, amounts = self.tree(child)
                rows += below
                total = self.plus([total, amounts])
        head = (account["Name"], account["Id"])
        if not rows:
            return ([shape.data((head, *own))] if any(own) else []), total
        shown = own if any(own) else self.blank
        return [shape.section((head, *shown), rows, (f"Total {account['Name']}", *total))], total


def summed(asked: Asked, counts: Callable[[str, int], bool]) -> dict[str, list[int]]:
    """Account → cents per column.  counts: whether a posting of a day belongs to a column."""
    sums: dict[str, list[int]] = {}
    for entry in ledger.entries(asked.books, asked.period.end):
        amounts = sums.setdefault(entry.account, [0] * len(asked.columns))
        for place in range(len(asked.columns)):
            amounts[place] += entry.cents if counts(entry.day, place) else 0
    return sums


def moved(asked: Asked) -> dict[str, list[int]]:
    """What was posted within each column."""
    spans = [(column.start.isoformat(), column.end.isoformat()) for column in asked.columns]
    return summed(asked, lambda day, place: spans[place][0] <= day <= spans[place][1])


def standing(asked: Asked) -> dict[str, list[int]]:
    """What had been posted by the end of each column."""
    ends = [column.end.isoformat() for column in asked.columns]
    return summed(asked, lambda day, place: day <= ends[place])


def money_columns(asked: Asked) -> Row:
    return shape.columns(("", "Account"), *((column.title, "Money") for column in asked.columns))


def profit_and_loss(asked: Asked) -> tuple[Row, list[Row]]:
    """Income and expenses within the period."""
    statement = Statement(asked, moved(asked))
    return money_columns(asked), [row for row in map(statement.row, PROFIT_AND_LOSS) if row]


def balance_sheet(asked: Asked) -> tuple[Row, list[Row]]:
    """What there is and what is owed at the end of each column; what was earned stands in the equity."""
    sums = standing(asked)
    statement = Statement(asked, sums)
    years = [date(column.end.year, 1, 1).isoformat() for column in asked.columns]
    ends = [column.end.isoformat() for column in asked.columns]
    this_year = earned(statement, summed(asked, lambda day, place: years[place] <= day <= ends[place]))
    ever = earned(statement, sums)
    before = [all_of_it - now for all_of_it, now in zip(ever, this_year, strict=True)]
    earlier = [("Retained Earnings of earlier years", before)] if any(before) else []
    statement.extra["Equity"] = [*earlier, ("Net Income", this_year)]
    return money_columns(asked), [row for row in map(statement.row, BALANCE_SHEET) if row]


def earned(statement: Statement, sums: Mapping[str, list[int]]) -> Amounts:
    """Income less expenses, per column."""
    kinds = {id for id, account in statement.accounts.items() if account["Classification"] in ("Revenue", "Expense")}
    columns = range(statement.width)
    return [-Decimal(sum(cents[place] for id, cents in sums.items() if id in kinds)) / 100 for place in columns]


def trial_balance(asked: Asked) -> tuple[Row, list[Row]]:
    """Each account's balance as a debit or a credit; both columns come to the same."""
    sums = {id: cents[-1] for id, cents in standing(asked).items()}
    rows, debits, credits = [], Decimal(0), Decimal(0)
    for id, account in ledger.accounts(asked.books).items():
        amount = Decimal(sums.get(id, 0)) / 100
        if amount:
            debits, credits = debits + max(amount, Decimal(0)), credits + max(-amount, Decimal(0))
            shown = (amount, "") if amount > 0 else ("", -amount)
            rows.append(shape.data(((account["FullyQualifiedName"], id), *shown)))
    total = shape.section((), [], ("TOTAL", debits, credits), "GrandTotal")
    return shape.columns(("", "Account"), ("Debit", "Money"), ("Credit", "Money")), [*rows, total]
