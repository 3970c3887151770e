"""CashFlow: how what was earned became cash, or did not (the indirect method)."""

from collections.abc import Iterable
from decimal import Decimal

from qbo_simulator.engine.books import Record
from qbo_simulator.reports import ledger, shape, statements
from qbo_simulator.reports.asked import Asked
from qbo_simulator.reports.shape import Row
from qbo_simulator.reports.statements import Amounts

# (group, title, account types), the first one beginning with the net income
ACTIVITIES = (
    (
        "OperatingActivities",
        "OPERATING ACTIVITIES",
        ("Accounts Receivable", "Other Current Asset", "Accounts Payable", "Credit Card", "Other Current Liability"),
    ),
    ("InvestingActivities", "INVESTING ACTIVITIES", ("Fixed Asset", "Other Asset")),
    ("FinancingActivities", "FINANCING ACTIVITIES", ("Long Term Liability", "Equity")),
)


def is_cash(account: Record) -> bool:
    """Money in the bank, and what lies in the till until it is brought there."""
    return account["AccountType"] == "Bank" or account["AccountSubType"] == "UndepositedFunds"


def cash_flow(asked: Asked) -> tuple[Row, list[Row]]:
    """Per column: net income, what changed in every account that is no cash, and the cash before and after."""
    accounts, sums = ledger.accounts(asked.books), statements.moved(asked)
    width = len(asked.columns)
    rows: list[Row] = []
    increase = [Decimal(0)] * width
    for group, title, types in ACTIVITIES:
        lines = [("Net Income", "", freed(sums, accounts, width, ("Revenue", "Expense")))] if not rows else []
        lines += [
            (account["FullyQualifiedName"], id, per_column(sums[id]))
            for id, account in accounts.items()
            if id in sums and account["AccountType"] in types and not is_cash(account)
        ]
        total = added(width, (amounts for _, _, amounts in lines))
        increase = added(width, (increase, total))
        shown = [shape.data(((name, id) if id else name, *amounts)) for name, id, amounts in lines if any(amounts)]
        rows.append(shape.section((title, *[""] * width), shown, (f"Net cash by {title.lower()}", *total), group))
    ending = standing_cash(asked, accounts)
    beginning = [after - more for after, more in zip(ending, increase, strict=True)]
    rows.append(shape.section((), [], ("Net cash increase for period", *increase), "CashIncrease"))
    rows.append(shape.section((), [], ("Cash at beginning of period", *beginning), "BeginningCash"))
    rows.append(shape.section((), [], ("Cash at end of period", *ending), "EndingCash"))
    return statements.money_columns(asked), rows


def per_column(cents: list[int]) -> Amounts:
    """What postings free in cash: a credit to any other account is a debit to cash in the end."""
    return [-Decimal(each) / 100 for each in cents]


def freed(sums: dict[str, list[int]], accounts: dict[str, Record], width: int, kinds: tuple[str, ...]) -> Amounts:
    chosen = (per_column(cents) for id, cents in sums.items() if accounts[id]["Classification"] in kinds)
    return added(width, chosen)


def added(width: int, parts: Iterable[Amounts]) -> Amounts:
    found = list(parts)
    return [sum((part[place] for part in found), Decimal(0)) for place in range(width)]


def standing_cash(asked: Asked, accounts: dict[str, Record]) -> Amounts:
    """Cash at the end of each column."""
    cash = [cents for id, cents in statements.standing(asked).items() if is_cash(accounts[id])]
    return [Decimal(sum(cents[place] for cents in cash)) / 100 for place in range(len(asked.columns))]
