"""Reports: their envelope, and that they say what the books say."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from qbo_simulator import Simulator
from tests.simulator import simulator_in_memory
from tests.unit.qbo_simulator.company import Company, code, without
from tests.unit.qbo_simulator.test_xml import found, words

AUGUST = {"start_date": "2026-08-01", "end_date": "2026-08-31"}


@pytest.fixture
def app() -> Iterator[Simulator]:
    made = simulator_in_memory("empty")
    yield made
    made.database.close()


@pytest.fixture(autouse=True)
def in_august() -> Iterator[None]:
    with time_machine.travel("2026-08-16T17:00:00Z", tick=False):
        yield


@pytest.fixture
def busy(company: Company) -> Company:
    """It sold twice, was paid in part, and spent, from an account and on account."""
    company.made("Customer", DisplayName="Rosa Lind")
    company.made("Vendor", DisplayName="Boxes & More")
    company.made(
        "Account",
        Name="Flyers",
        AccountType="Expense",
        ParentRef={"value": "7"},
        AccountSubType="AdvertisingPromotional",
    )
    first = sold(company, "2026-07-01", 2, 50)
    sold(company, "2026-08-10", 1, 60)
    line = {"Amount": 40, "LinkedTxn": [{"TxnId": first["Id"], "TxnType": "Invoice"}]}
    company.made("Payment", CustomerRef={"value": "1"}, TotalAmt=40, TxnDate="2026-08-12", Line=[line])
    spent = {"TxnDate": "2026-08-11", "AccountRef": {"value": "35"}, "PaymentType": "Check", "PrivateNote": "flyers"}
    entity = {"EntityRef": {"value": "2", "type": "Vendor"}}
    company.made("Purchase", **spent, **entity, Line=[account_line(30, "88"), account_line(5, "7")])
    company.made(
        "Bill", VendorRef={"value": "2"}, TxnDate="2026-05-01", DueDate="2026-05-02", Line=[account_line(12, "7")]
    )
    return company


def sold(company: Company, day: str, quantity: int, price: int) -> dict[str, Any]:
    detail = {"ItemRef": {"value": "2"}, "Qty": quantity, "UnitPrice": price}
    line = {"Amount": quantity * price, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
    return company.made("Invoice", CustomerRef={"value": "1"}, TxnDate=day, Line=[line])


def account_line(amount: int, account: str) -> dict[str, Any]:
    detail = {"AccountRef": {"value": account}}
    return {"Amount": amount, "DetailType": "AccountBasedExpenseLineDetail", "AccountBasedExpenseLineDetail": detail}


def report(company: Company, name: str, **args: str) -> dict[str, Any]:
    return company.ask("GET", f"reports/{name}", query_string=args).get_json()


def flat(rows: dict[str, Any]) -> list[list[str]]:
    """The cells of every row, sections with their heads and sums, from the top down."""
    cells = []
    for row in rows.get("Row", []):
        for part in ("Header", "Summary"):
            if part == "Summary":
                cells += flat(row.get("Rows", {}))
            if part in row:
                cells.append([each["value"] for each in row[part]["ColData"]])
        if "ColData" in row:
            cells.append([each["value"] for each in row["ColData"]])
    return cells


def test_profit_and_loss_with_its_envelope(busy: Company) -> None:
    answer = report(busy, "profitandloss", **AUGUST)
    assert answer["Header"] == {
        "Time": "2026-08-16T10:00:00-07:00",
        "ReportName": "ProfitAndLoss",
        "ReportBasis": "Accrual",
        "StartPeriod": "2026-08-01",
        "EndPeriod": "2026-08-31",
        "SummarizeColumnsBy": "Total",
        "Currency": "USD",
        "Option": [{"Name": "AccountingStandard", "Value": "GAAP"}, {"Name": "NoReportData", "Value": "false"}],
    }
    assert answer["Columns"]["Column"] == [
        {"ColTitle": "", "ColType": "Account", "MetaData": [{"Name": "ColKey", "Value": "account"}]},
        {"ColTitle": "Total", "ColType": "Money", "MetaData": [{"Name": "ColKey", "Value": "total"}]},
    ]
    assert answer["Rows"]["Row"][0] == {
        "Header": {"ColData": [{"value": "Income"}, {"value": ""}]},
        "Rows": {"Row": [{"ColData": [{"value": "Services", "id": "1"}, {"value": "60.00"}], "type": "Data"}]},
        "Summary": {"ColData": [{"value": "Total Income"}, {"value": "60.00"}]},
        "type": "Section",
        "group": "Income",
    }
    assert flat(answer["Rows"])[3:] == [
        ["Gross Profit", "60.00"],
        ["Expenses", ""],
        ["Advertising", "5.00"],
        ["Flyers", "30.00"],
        ["Total Advertising", "35.00"],
        ["Total Expenses", "35.00"],
        ["Net Operating Income", "25.00"],
        ["Net Other Income", "0.00"],
        ["Net Income", "25.00"],
    ]


def test_profit_and_loss_by_month(busy: Company) -> None:
    answer = report(busy, "ProfitAndLoss", start_date="2026-06-15", end_date="2026-08-31", summarize_column_by="Month")
    assert [each["ColTitle"] for each in answer["Columns"]["Column"]] == ["", "Jun 2026", "Jul 2026", "Aug 2026"]
    assert flat(answer["Rows"])[-1] == ["Net Income", "0.00", "100.00", "25.00"]
    quarters = report(
        busy, "ProfitAndLoss", start_date="2026-06-15", end_date="2026-08-31", summarize_column_by="Quarters"
    )
    assert [each["ColTitle"] for each in quarters["Columns"]["Column"]][1:] == ["Jun - Jun 2026", "Jul - Aug 2026"]


def test_the_balance_sheet_balances(busy: Company) -> None:
    assert flat(report(busy, "BalanceSheet", date_macro="This Fiscal Year-to-date")["Rows"]) == [
        ["ASSETS", ""],
        ["Current Assets", ""],
        ["Bank Accounts", ""],
        ["Checking", "-35.00"],
        ["Total Bank Accounts", "-35.00"],
        ["Accounts Receivable", ""],
        ["Accounts Receivable (A/R)", "120.00"],
        ["Total Accounts Receivable", "120.00"],
        ["Other Current Assets", ""],
        ["Undeposited Funds", "40.00"],
        ["Total Other Current Assets", "40.00"],
        ["Total Current Assets", "125.00"],
        ["Total ASSETS", "125.00"],
        ["LIABILITIES AND EQUITY", ""],
        ["Liabilities", ""],
        ["Current Liabilities", ""],
        ["Accounts Payable", ""],
        ["Accounts Payable (A/P)", "12.00"],
        ["Total Accounts Payable", "12.00"],
        ["Total Current Liabilities", "12.00"],
        ["Total Liabilities", "12.00"],
        ["Equity", ""],
        ["Net Income", "113.00"],
        ["Total Equity", "113.00"],
        ["Total LIABILITIES AND EQUITY", "125.00"],
    ]
    sold(busy, "2025-02-01", 1, 9)
    equity = [row for row in flat(report(busy, "BalanceSheet")["Rows"]) if "Retained" in row[0] or "Net" in row[0]]
    assert equity == [["Retained Earnings of earlier years", "9.00"], ["Net Income", "113.00"]]


def test_the_trial_balance_comes_to_the_same_on_both_sides(busy: Company) -> None:
    assert flat(report(busy, "TrialBalance")["Rows"])[-1] == ["TOTAL", "207.00", "207.00"]


def test_the_general_ledger_leads_from_balance_to_balance(busy: Company) -> None:
    rows = flat(report(busy, "GeneralLedger", **AUGUST)["Rows"])
    start = next(place for place, row in enumerate(rows) if row[0] == "Accounts Receivable (A/R)")
    assert rows[start : start + 5] == [
        ["Accounts Receivable (A/R)", *[""] * 7],
        ["Beginning Balance", "", "", "", "", "", "", "100.00"],
        ["2026-08-10", "Invoice", "1002", "Rosa Lind", "", "Services", "60.00", "160.00"],
        ["2026-08-12", "Payment", "", "Rosa Lind", "", "Undeposited Funds", "-40.00", "120.00"],
        ["Total for Accounts Receivable (A/R)", "", "", "", "", "", "20.00", ""],
    ]


def test_the_transactions_of_a_period(busy: Company) -> None:
    rows = flat(report(busy, "TransactionList", **AUGUST)["Rows"])
    assert rows == [
        ["2026-08-10", "Invoice", "1002", "Rosa Lind", "", "Services", "Accounts Receivable (A/R)", "60.00"],
        ["2026-08-11", "Purchase", "", "Boxes & More", "flyers", "Checking", "-Split-", "35.00"],
        ["2026-08-12", "Payment", "", "Rosa Lind", "", "Undeposited Funds", "Accounts Receivable (A/R)", "40.00"],
    ]
    assert len(flat(report(busy, "TransactionList", customer="1,5", **AUGUST)["Rows"])) == 2


def test_who_owes_how_much_since_when(busy: Company) -> None:
    assert flat(report(busy, "CustomerBalance")["Rows"]) == [["Rosa Lind", "120.00"], ["TOTAL", "120.00"]]
    assert flat(report(busy, "CustomerBalance", customer="77")["Rows"]) == [["TOTAL", "0.00"]]
    aged = report(busy, "AgedReceivables", report_date="2026-08-31")
    titles = ["", "Current", "1 - 30", "31 - 60", "61 - 90", "91 and over", "Total"]
    assert [each["ColTitle"] for each in aged["Columns"]["Column"]] == titles
    assert flat(aged["Rows"])[0] == ["Rosa Lind", "60.00", "0.00", "60.00", "0.00", "0.00", "120.00"]
    assert flat(report(busy, "AgedReceivableDetail", report_date="2026-08-31")["Rows"]) == [
        ["Current", *[""] * 5],
        ["2026-08-10", "Invoice", "1002", "2026-09-09", "60.00", "60.00"],
        ["Total for Current", "", "", "", "", "60.00"],
        ["31 - 60", *[""] * 5],
        ["2026-07-01", "Invoice", "1001", "2026-07-31", "100.00", "60.00"],
        ["Total for 31 - 60", "", "", "", "", "60.00"],
        ["TOTAL", "", "", "", "", "120.00"],
    ]
    assert flat(report(busy, "CustomerBalanceDetail")["Rows"])[0][0] == "Rosa Lind"


def test_what_is_owed_to_vendors(busy: Company) -> None:
    assert flat(report(busy, "VendorBalance")["Rows"]) == [["Boxes & More", "12.00"], ["TOTAL", "12.00"]]
    assert flat(report(busy, "AgedPayables")["Rows"])[0][-3:] == ["0.00", "12.00", "12.00"]
    assert flat(report(busy, "VendorBalanceDetail")["Rows"])[-1][-1] == "12.00"
    assert flat(report(busy, "AgedPayableDetail")["Rows"])[-1][-1] == "12.00"


def test_sums_by_customer_vendor_and_item(busy: Company) -> None:
    assert flat(report(busy, "CustomerSales")["Rows"]) == [["Rosa Lind", "160.00"], ["TOTAL", "160.00"]]
    assert flat(report(busy, "VendorExpenses")["Rows"]) == [["Boxes & More", "47.00"], ["TOTAL", "47.00"]]
    assert flat(report(busy, "ItemSales")["Rows"]) == [
        ["Hours", "3.00", "160.00", "53.33"],
        ["TOTAL", "", "160.00", ""],
    ]


def test_how_earnings_became_cash(busy: Company) -> None:
    assert flat(report(busy, "CashFlow", **AUGUST)["Rows"]) == [
        ["OPERATING ACTIVITIES", ""],
        ["Net Income", "25.00"],
        ["Accounts Receivable (A/R)", "-20.00"],
        ["Net cash by operating activities", "5.00"],
        ["INVESTING ACTIVITIES", ""],
        ["Net cash by investing activities", "0.00"],
        ["FINANCING ACTIVITIES", ""],
        ["Net cash by financing activities", "0.00"],
        ["Net cash increase for period", "5.00"],
        ["Cash at beginning of period", "0.00"],
        ["Cash at end of period", "5.00"],
    ]


def test_the_journal_and_the_transactions_of_each(busy: Company) -> None:
    journal = flat(report(busy, "JournalReport", **AUGUST)["Rows"])
    assert journal[2:5] == [
        ["2026-08-11", "Purchase", "", "Boxes & More", "flyers", "Advertising:Flyers", "30.00", ""],
        ["2026-08-11", "Purchase", "", "Boxes & More", "flyers", "Advertising", "5.00", ""],
        ["2026-08-11", "Purchase", "", "Boxes & More", "flyers", "Checking", "", "35.00"],
    ]
    customers = flat(report(busy, "TransactionListByCustomer", **AUGUST)["Rows"])
    assert [row[0] for row in customers] == ["Rosa Lind", "2026-08-10", "2026-08-12", "Total for Rosa Lind"]
    vendors = flat(report(busy, "TransactionListByVendor", **AUGUST)["Rows"])
    assert [row[0] for row in vendors] == ["Boxes & More", "2026-08-11", "Total for Boxes & More"]


def test_the_list_of_accounts(company: Company) -> None:
    rows = flat(report(company, "AccountList")["Rows"])
    assert ["Checking", "Bank", "Checking", "", "0.00"] in rows


def test_an_empty_report_says_so(company: Company) -> None:
    answer = report(company, "TransactionList", date_macro="Last Month")
    assert (answer["Rows"], answer["Header"]["Option"][1]["Value"]) == ({}, "true")


def test_a_report_as_xml(busy: Company) -> None:
    root = found(busy.ask("GET", "reports/CustomerBalance", headers={"Accept": "application/xml"}))
    assert words(root, "/Report/Header/ReportName/text()") == ["CustomerBalance"]
    assert words(root, "//Row[@type='Data']/ColData/@value") == ["Rosa Lind", "120.00"]
    assert words(root, "//Row[@group='GrandTotal']/Summary/ColData/@value") == ["TOTAL", "120.00"]


@pytest.mark.parametrize(
    ("macro", "start", "end"),
    [
        ("Today", "2026-08-16", "2026-08-16"),
        ("Yesterday", "2026-08-15", "2026-08-15"),
        ("All", "1900-01-01", "2026-08-16"),
        ("This Week", "2026-08-16", "2026-08-22"),
        ("Last Week", "2026-08-09", "2026-08-15"),
        ("This Month", "2026-08-01", "2026-08-31"),
        ("This Month-to-date", "2026-08-01", "2026-08-16"),
        ("last fiscal quarter", "2026-04-01", "2026-06-30"),
        ("Next Quarter", "2026-10-01", "2026-12-31"),
        ("Last Fiscal Year", "2025-01-01", "2025-12-31"),
        ("This Fiscal Year-to-date", "2026-01-01", "2026-08-16"),
    ],
)
def test_what_a_macro_means(company: Company, macro: str, start: str, end: str) -> None:
    header = report(company, "ProfitAndLoss", date_macro=macro)["Header"]
    assert (header["DateMacro"], header["StartPeriod"], header["EndPeriod"]) == (macro, start, end)


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"date_macro": "This Century"}, "2170"),
        ({"date_macro": "Someday"}, "2170"),
        ({"start_date": "yesterday"}, "2070"),
        ({"start_date": "2026-08-02", "end_date": "2026-08-01"}, "2070"),
        ({"summarize_column_by": "Moon"}, "2170"),
        ({"accounting_method": "Cash"}, "5030"),
        ({"accounting_method": "Barter"}, "2170"),
    ],
)
def test_parameters_that_are_refused(company: Company, args: dict[str, str], expected: str) -> None:
    assert code(report(company, "ProfitAndLoss", **args)) == expected


def test_reports_that_there_are_not(company: Company) -> None:
    assert code(report(company, "Horoscope")) == "5020"
    assert code(company.ask("GET", "reports").get_json()) == "5020"
    assert code(company.ask("POST", "reports/ProfitAndLoss").get_json()) == "500"
    assert without(report(company, "ProfitAndLoss")["Header"], "Option", "Time")["StartPeriod"] == "2026-01-01"
