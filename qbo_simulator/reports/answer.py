"""`GET /reports/{Name}`."""

from collections.abc import Callable

from werkzeug.wrappers import Response

from qbo_simulator import answers, faults
from qbo_simulator.clock import to_the_second
from qbo_simulator.engine.books import Books
from qbo_simulator.exchange import Exchange
from qbo_simulator.faults import Fault
from qbo_simulator.reports import asked, cashflow, open, statements, transactions
from qbo_simulator.reports.asked import Asked
from qbo_simulator.reports.shape import Row
from qbo_simulator.xml import render

Report = Callable[[Asked], tuple[Row, list[Row]]]
REPORTS: dict[str, Report] = {
    "ProfitAndLoss": statements.profit_and_loss,
    "BalanceSheet": statements.balance_sheet,
    "TrialBalance": statements.trial_balance,
    "CashFlow": cashflow.cash_flow,
    "JournalReport": transactions.journal,
    "TransactionListByCustomer": transactions.transactions_by("CustomerRef"),
    "TransactionListByVendor": transactions.transactions_by("VendorRef"),
    "GeneralLedger": transactions.general_ledger,
    "TransactionList": transactions.transaction_list,
    "AccountList": transactions.account_list,
    "CustomerBalance": open.balances(open.RECEIVABLE),
    "CustomerBalanceDetail": open.balance_detail(open.RECEIVABLE),
    "AgedReceivables": open.aged(open.RECEIVABLE),
    "AgedReceivableDetail": open.aged_detail(open.RECEIVABLE),
    "VendorBalance": open.balances(open.PAYABLE),
    "VendorBalanceDetail": open.balance_detail(open.PAYABLE),
    "AgedPayables": open.aged(open.PAYABLE),
    "AgedPayableDetail": open.aged_detail(open.PAYABLE),
    "CustomerSales": transactions.by_party("Customer", "Revenue", "CustomerRef"),
    "VendorExpenses": transactions.by_party("Vendor", "Expense", "VendorRef"),
    "ItemSales": transactions.item_sales,
}
BY_LOWER_NAME = {name.lower(): name for name in REPORTS}


def answer(books: Books, exchange: Exchange) -> Response:
    """The report's Header, Columns and Rows, with no envelope around them.

    Raises 500 for anything but GET, 5020 for a report that is not known (Intuit's own words are not recorded), and
    what `asked.read` raises for parameters.
    """
    if exchange.request.method != "GET":
        raise faults.unsupported_operation(exchange.request.method)
    name = BY_LOWER_NAME.get((exchange.parts["id"] or "").lower())
    if name is None:
        words = f"Permission Denied Error : Report {exchange.parts['id'] or ''} is not available."
        raise Fault("5020", "Permission Denied Error", words)
    wanted = asked.read(books, exchange.request.args)
    columns, rows = REPORTS[name](wanted)
    report = {"Header": header(name, wanted, exchange, rows), "Columns": columns, "Rows": {"Row": rows} if rows else {}}
    if answers.wants_json(exchange.request):
        return answers.plain_json(report)
    return answers.as_xml(render.document("Report", report))


def header(name: str, wanted: Asked, exchange: Exchange, rows: list[Row]) -> Row:
    empty = not any(row["type"] == "Data" or "Rows" in row for row in rows)
    macro = exchange.request.args.get("date_macro")
    return {
        "Time": to_the_second(wanted.books.clock.now()),
        "ReportName": name,
        **({"DateMacro": macro} if macro else {}),
        "ReportBasis": "Accrual",
        "StartPeriod": wanted.period.start.isoformat(),
        "EndPeriod": wanted.period.end.isoformat(),
        "SummarizeColumnsBy": wanted.by,
        "Currency": "USD",
        "Option": [
            {"Name": "AccountingStandard", "Value": "GAAP"},
            {"Name": "NoReportData", "Value": "true" if empty else "false"},
        ],
    }
