"""The ledger: whatever is written, debits are credits, and every balance follows (qbo-api.md §2.3, §8.10, §9)."""

from decimal import Decimal
from typing import Any

import pytest

from qbo_simulator import Simulator
from tests.unit.qbo_simulator.company import Company, code, fault
from tests.unit.qbo_simulator.test_documents import AMY, expense, sale

VENDOR = {"value": "30"}
CHECKING, SAVINGS, VISA, RECEIVABLE, PAYABLE, UNDEPOSITED = "35", "36", "42", "84", "33", "4"


def balances(company: Company, *accounts: str) -> list[float]:
    return [company.read("Account", id)["CurrentBalance"] for id in accounts]


def moved(company: Company, accounts: tuple[str, ...], before: list[float]) -> list[float]:
    """By how much the balances of accounts have moved since."""
    now = balances(company, *accounts)
    return [float(Decimal(str(new)) - Decimal(str(old))) for new, old in zip(now, before, strict=True)]


def unbalanced(app: Simulator) -> list[Any]:
    """Documents whose postings do not add up to nothing."""
    return app.database.all("SELECT entity, id, sum(cents) FROM posting GROUP BY realm, entity, id HAVING sum(cents)")


def goods(quantity: int, price: float) -> dict[str, Any]:
    return sale(quantity * price, ItemRef={"value": "11"}, Qty=quantity, UnitPrice=price)


def linked(amount: float, *targets: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {"Amount": amount, "LinkedTxn": [{"TxnId": each["Id"], "TxnType": kind} for kind, each in targets]}


def journal(side: str, amount: float, account: str, **more: Any) -> dict[str, Any]:
    detail = {"PostingType": side, "AccountRef": {"value": account}, **more}
    return {"Amount": amount, "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": detail}


def bill(company: Company, amount: float, **more: Any) -> dict[str, Any]:
    return company.made("Bill", VendorRef=VENDOR, Line=[expense(amount)], **more)


def pay_bill(company: Company, lines: list[dict[str, Any]], total: float, **more: Any) -> dict[str, Any]:
    check = {"PayType": "Check", "CheckPayment": {"BankAccountRef": {"value": CHECKING}}}
    return company.post("BillPayment", {"VendorRef": VENDOR, "TotalAmt": total, "Line": lines, **check, **more})


ACCOUNTS = (CHECKING, SAVINGS, VISA, RECEIVABLE, PAYABLE, UNDEPOSITED, "81")
POSTED = {
    "invoice": ("Invoice", {"CustomerRef": AMY, "Line": [sale(100)]}, [0, 0, 0, 100, 0, 0, 0]),
    "goods": ("Invoice", {"CustomerRef": AMY, "Line": [goods(2, 15)]}, [0, 0, 0, 30, 0, 0, -20]),
    "credit": ("CreditMemo", {"CustomerRef": AMY, "Line": [goods(2, 15)]}, [0, 0, 0, -30, 0, 0, 20]),
    "receipt": ("SalesReceipt", {"CustomerRef": AMY, "Line": [sale(40)]}, [0, 0, 0, 0, 0, 40, 0]),
    "refund": (
        "RefundReceipt", {"DepositToAccountRef": {"value": CHECKING}, "Line": [sale(9)]}, [-9, 0, 0, 0, 0, 0, 0]
    ),
    "payment": ("Payment", {"CustomerRef": AMY, "TotalAmt": 12.5}, [0, 0, 0, -12.5, 0, 12.5, 0]),
    "bill": ("Bill", {"VendorRef": VENDOR, "Line": [expense(70)]}, [0, 0, 0, 0, -70, 0, 0]),
    "vendor credit": ("VendorCredit", {"VendorRef": VENDOR, "Line": [expense(7)]}, [0, 0, 0, 0, 7, 0, 0]),
    "card": (
        "Purchase", {"PaymentType": "CreditCard", "AccountRef": {"value": VISA}, "Line": [expense(8)]},
        [0, 0, -8, 0, 0, 0, 0],
    ),
    "card refund": (
        "Purchase", {"PaymentType": "CreditCard", "AccountRef": {"value": VISA}, "Credit": True, "Line": [expense(8)]},
        [0, 0, 8, 0, 0, 0, 0],
    ),
    "transfer": (
        "Transfer", {"FromAccountRef": {"value": CHECKING}, "ToAccountRef": {"value": SAVINGS}, "Amount": 5},
        [-5, 5, 0, 0, 0, 0, 0],
    ),
    "journal": (
        "JournalEntry", {"Line": [journal("Debit", 3, SAVINGS), journal("Credit", 3, "82")]}, [0, 3, 0, 0, 0, 0, 0]
    ),
    "deposit": (
        "Deposit",
        {
            "DepositToAccountRef": {"value": CHECKING},
            "CashBack": {"AccountRef": {"value": SAVINGS}, "Amount": 5},
            "Line": [
                {
                    "Amount": 20, "DetailType": "DepositLineDetail",
                    "DepositLineDetail": {"AccountRef": {"value": "82"}},
                }
            ],
        },
        [15, 5, 0, 0, 0, 0, 0],
    ),
    "estimate": ("Estimate", {"CustomerRef": AMY, "Line": [sale(100)]}, [0] * 7),
    "order": ("PurchaseOrder", {"VendorRef": VENDOR, "Line": [expense(100)]}, [0] * 7),
}  # fmt: skip


@pytest.mark.parametrize("name", POSTED)
def test_what_a_document_posts_is_taken_back_with_it(app: Simulator, company: Company, name: str) -> None:
    entity, body, wanted = POSTED[name]
    before = balances(company, *ACCOUNTS)
    made = company.made(entity, **body)
    assert moved(company, ACCOUNTS, before) == wanted
    assert unbalanced(app) == []
    company.post(entity, {"Id": made["Id"], "SyncToken": made["SyncToken"]}, operation="delete")
    assert balances(company, *ACCOUNTS) == before


def test_a_card_is_paid_from_the_bank(app: Simulator, company: Company) -> None:
    accounts = (CHECKING, VISA)
    before = balances(company, *accounts)
    body = {"Amount": 50, "BankAccountRef": {"value": CHECKING}, "CreditCardAccountRef": {"value": VISA}}
    made = company.post("creditcardpayment", body)["CreditCardPaymentTxn"]
    assert (moved(company, accounts, before), unbalanced(app)) == ([-50, 50], [])
    assert company.rows("select * from CreditCardPayment", "CreditCardPaymentTxn") == [made]
    wrong = {**body, "BankAccountRef": {"value": VISA}}
    assert code(company.post("creditcardpayment", wrong)) == "6430"


def test_goods_leave_the_stock_and_enter_it(company: Company) -> None:
    def quantity() -> float:
        return company.read("Item", "11")["QtyOnHand"]

    before = quantity()
    invoice = company.made("Invoice", CustomerRef=AMY, Line=[goods(2, 15)])
    assert quantity() == before - 2
    company.made("Invoice", Id=invoice["Id"], SyncToken="0", sparse=True, Line=[goods(5, 15)])
    assert quantity() == before - 5
    detail = {"ItemRef": {"value": "11"}, "QtyDiff": 3}
    line = {"DetailType": "ItemAdjustmentLineDetail", "ItemAdjustmentLineDetail": detail}
    company.made("InventoryAdjustment", AdjustAccountRef={"value": "58"}, Line=[line])
    assert quantity() == before - 2


def test_a_bill_is_paid_with_a_check_and_a_credit(app: Simulator, company: Company) -> None:
    owed, credit = bill(company, 100), company.made("VendorCredit", VendorRef=VENDOR, Line=[expense(30)])
    lines = [linked(100, ("Bill", owed)), linked(30, ("VendorCredit", credit))]
    paid = pay_bill(company, lines, 70)["BillPayment"]
    after = company.read("Bill", owed["Id"])
    assert (after["Balance"], after["SyncToken"]) == (0, "1")
    assert after["LinkedTxn"] == [{"TxnId": paid["Id"], "TxnType": "BillPayment"}]
    assert company.read("VendorCredit", credit["Id"])["Balance"] == 0
    assert (company.read("Vendor", "30")["Balance"], unbalanced(app)) == (0, [])

    head = {"Id": paid["Id"], "SyncToken": "0", "sparse": True}
    voided = company.post("BillPayment", head, operation="update", include="void")["BillPayment"]
    assert (voided["TotalAmt"], voided["Line"], voided["PrivateNote"]) == (0, [], "Voided")
    assert company.read("Bill", owed["Id"])["Balance"] == 100
    assert company.read("Vendor", "30")["Balance"] == 70


def test_a_bill_payment_pays_no_more_than_there_is(company: Company) -> None:
    owed = bill(company, 100)
    assert code(pay_bill(company, [linked(101, ("Bill", owed))], 101)) == "6000"
    assert code(pay_bill(company, [linked(100, ("Bill", owed))], 99)) == "6000"
    assert code(pay_bill(company, [linked(1, ("Invoice", owed))], 1)) == "620"
    assert code(pay_bill(company, [linked(1, ("Bill", {"Id": "9999"}))], 1)) == "2500"
    assert code(pay_bill(company, [], 1, VendorRef={"value": "31"}, PayType="CreditCard")) == "2020"
    other = pay_bill(company, [linked(1, ("Bill", owed))], 1, VendorRef={"value": "31"})
    assert code(other) == "620"


def test_a_payment_of_nothing_uses_up_a_credit(company: Company) -> None:
    invoice = company.made("Invoice", CustomerRef=AMY, Line=[sale(50)])
    memo = company.made("CreditMemo", CustomerRef=AMY, Line=[sale(20)])
    assert (memo["RemainingCredit"], memo["Balance"]) == (20, 20)
    lines = [linked(20, ("Invoice", invoice)), linked(20, ("CreditMemo", memo))]
    payment = company.made("Payment", CustomerRef=AMY, TotalAmt=0, Line=lines)
    assert payment["UnappliedAmt"] == 0
    assert company.read("Invoice", invoice["Id"])["Balance"] == 30
    assert company.read("CreditMemo", memo["Id"])["RemainingCredit"] == 0
    assert company.read("Customer", "1")["Balance"] == 30


def test_a_deposited_payment_is_held(company: Company) -> None:
    payment = company.made("Payment", CustomerRef=AMY, TotalAmt=60)
    before = balances(company, CHECKING, UNDEPOSITED)
    deposit = company.made("Deposit", DepositToAccountRef={"value": CHECKING}, Line=[linked(60, ("Payment", payment))])
    assert moved(company, (CHECKING, UNDEPOSITED), before) == [60, -60]
    held = company.read("Payment", payment["Id"])
    assert held["LinkedTxn"] == [{"TxnId": deposit["Id"], "TxnType": "Deposit"}]
    head = {"Id": payment["Id"], "SyncToken": held["SyncToken"], "sparse": True}
    assert code(company.post("Payment", {**head, "PrivateNote": "x"})) == "6540"
    assert code(company.post("Payment", head, operation="delete")) == "6540"
    assert code(company.post("Payment", head, operation="update", include="void")) == "6540"
    company.post("Deposit", {"Id": deposit["Id"], "SyncToken": "0"}, operation="delete")
    free = company.read("Payment", payment["Id"])
    assert company.post("Payment", {**head, "SyncToken": free["SyncToken"], "PrivateNote": "x"})["Payment"]


def test_an_invoice_closes_the_estimate_it_is_made_of(company: Company) -> None:
    offer = company.made("Estimate", CustomerRef=AMY, Line=[sale(100)])
    links = [{"TxnId": offer["Id"], "TxnType": "Estimate"}]
    invoice = company.made("Invoice", CustomerRef=AMY, Line=[sale(100)], LinkedTxn=links)
    assert invoice["LinkedTxn"] == links
    closed = company.read("Estimate", offer["Id"])
    assert (closed["TxnStatus"], closed["LinkedTxn"]) == ("Closed", [{"TxnId": invoice["Id"], "TxnType": "Invoice"}])
    company.post("Estimate", {"Id": offer["Id"], "SyncToken": "1"}, operation="delete")
    assert company.read("Invoice", invoice["Id"])["LinkedTxn"] == []


def test_a_bill_closes_the_order_it_is_for(company: Company) -> None:
    order = company.made("PurchaseOrder", VendorRef=VENDOR, Line=[expense(10)])
    assert (order["POStatus"], order["TotalAmt"], order["DocNumber"]) == ("Open", 10, "1")
    made = bill(company, 10, LinkedTxn=[{"TxnId": order["Id"], "TxnType": "PurchaseOrder"}])
    assert company.read("PurchaseOrder", order["Id"])["POStatus"] == "Closed"
    company.post("Bill", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    assert company.read("PurchaseOrder", order["Id"])["POStatus"] == "Open"


def test_journal_entries_balance_and_say_with_whom(company: Company) -> None:
    uneven = company.post("JournalEntry", {"Line": [journal("Debit", 3, SAVINGS), journal("Credit", 2, "82")]})
    assert code(uneven) == "2300"
    nobody = company.post("JournalEntry", {"Line": [journal("Debit", 3, RECEIVABLE), journal("Credit", 3, "82")]})
    words = "When you use Accounts Receivable, you must choose a customer in the Name field."
    message = "A business validation error has occurred while processing your request"
    assert nobody == fault("6000", message, f"Business Validation Error: {words}")
    amy = {"Entity": {"Type": "Customer", "EntityRef": AMY}}
    made = company.made("JournalEntry", Line=[journal("Debit", 3, RECEIVABLE, **amy), journal("Credit", 3, "82")])
    assert [line["Id"] for line in made["Line"]] == ["0", "1"]
    assert company.read("Customer", "1")["Balance"] == 3
    void = company.post("JournalEntry", {"Id": made["Id"], "SyncToken": "0"}, operation="void")
    assert (void, company.read("Customer", "1")["Balance"]) == ({"BatchItemResponse": []}, 3)


def test_a_void_of_a_bill_fails_with_status_200(company: Company) -> None:
    made = bill(company, 1)
    response = company.ask("POST", "bill?operation=void", json={"Id": made["Id"], "SyncToken": "0"})
    assert (response.status_code, code(response.get_json())) == (200, "10000")


def test_transfers_that_move_nothing_are_refused(company: Company) -> None:
    body = {"FromAccountRef": {"value": CHECKING}, "ToAccountRef": {"value": SAVINGS}, "Amount": 0}
    assert code(company.post("Transfer", body)) == "6000"
    assert code(company.post("Transfer", {**body, "Amount": 1, "ToAccountRef": {"value": CHECKING}})) == "6000"
    assert code(company.post("Transfer", {**body, "Amount": 1, "ToAccountRef": {"value": "7"}})) == "6430"


def test_closed_books_take_nothing(company: Company) -> None:
    old = company.made("Invoice", CustomerRef=AMY, TxnDate="2026-01-31", Line=[sale(1)])
    prefs = {**company.read("Preferences", "1")["AccountingInfoPrefs"], "BookCloseDate": "2026-01-31"}
    company.post("Preferences", {"Id": "1", "SyncToken": "0", "sparse": True, "AccountingInfoPrefs": prefs})
    head = {"Id": old["Id"], "SyncToken": "0", "sparse": True}
    assert code(company.post("Invoice", {"CustomerRef": AMY, "TxnDate": "2026-01-31", "Line": [sale(1)]})) == "6210"
    assert code(company.post("Invoice", {**head, "TxnDate": "2026-03-01"})) == "6210"
    assert code(company.post("Invoice", head, operation="delete")) == "6210"
    assert code(company.post("Invoice", head, operation="void")) == "6210"
    assert company.made("Invoice", CustomerRef=AMY, TxnDate="2026-02-01", Line=[sale(1)])


def test_a_discount_stands_behind_the_subtotal(company: Company) -> None:
    discount = {"DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": True, "DiscountPercent": 10}}
    made = company.made("Invoice", CustomerRef=AMY, Line=[sale(35), {**discount, "Amount": 3.5}])
    assert [line["DetailType"] for line in made["Line"]] == [
        "SalesItemLineDetail",
        "SubTotalLineDetail",
        "DiscountLineDetail",
    ]
    assert (made["TotalAmt"], made["Line"][1]["Amount"]) == (31.5, 35)
    assert made["Line"][2]["DiscountLineDetail"]["DiscountAccountRef"] == {"value": "86", "name": "Discounts given"}


def test_sales_tax_by_the_code_of_the_document(app: Simulator, company: Company) -> None:
    lines = [sale(100, TaxCodeRef={"value": "TAX"}), sale(50, TaxCodeRef={"value": "NON"})]
    made = company.made("Invoice", CustomerRef=AMY, Line=lines, TxnTaxDetail={"TxnTaxCodeRef": {"value": "2"}})
    detail = {"TaxRateRef": {"value": "3"}, "PercentBased": True, "TaxPercent": 8, "NetAmountTaxable": 100}
    line = {"Amount": 8, "DetailType": "TaxLineDetail", "TaxLineDetail": detail}
    code_ref = {"value": "2", "name": "California"}
    assert made["TxnTaxDetail"] == {"TxnTaxCodeRef": code_ref, "TaxLine": [line], "TotalTax": 8}
    assert (made["TotalAmt"], unbalanced(app)) == (158, [])
    assert code(company.post("Invoice", {"CustomerRef": AMY, "Line": [sale(1, TaxCodeRef={"value": "2"})]})) == "6100"


def test_an_opening_balance_is_posted(app: Simulator, company: Company) -> None:
    before = balances(company, RECEIVABLE, PAYABLE)
    made = company.made("Customer", DisplayName="Old debtor", Balance=75)
    company.made("Vendor", DisplayName="Old creditor", Balance=25)
    assert (made["Balance"], moved(company, (RECEIVABLE, PAYABLE), before)) == (75, [75, -25])
    assert unbalanced(app) == []


def test_an_inactive_account_shows_nothing_and_an_active_one_what_is_posted(company: Company) -> None:
    before = balances(company, SAVINGS)
    gone = company.made("Account", Id=SAVINGS, SyncToken="0", sparse=True, Active=False)
    back = company.made("Account", Id=SAVINGS, SyncToken="1", sparse=True, Active=True)
    assert (gone["CurrentBalance"], back["CurrentBalance"]) == (0, before[0])


def test_the_books_of_a_batch_are_as_those_of_single_writes(company: Company) -> None:
    before = balances(company, RECEIVABLE)
    body = {"CustomerRef": AMY, "Line": [sale(10)]}
    items = [{"bId": str(number), "operation": "create", "Invoice": body} for number in range(3)]
    refused = {"bId": "no", "operation": "create", "Invoice": {**body, "CustomerRef": {"value": "999"}}}
    asked = {"bId": "q", "Query": "select CurrentBalance from Account where Id = '84'"}
    answers = company.batch(*items, refused, asked)
    assert code(answers[3]) == "2500"
    assert answers[4]["QueryResponse"]["Account"][0]["CurrentBalance"] == before[0] + 30
    assert (company.read("Customer", "1")["Balance"], moved(company, (RECEIVABLE,), before)) == (30, [30])


def test_what_a_sub_customer_owes_counts_above_it_wherever_it_is_put(company: Company) -> None:
    company.made("Invoice", CustomerRef=AMY, Line=[sale(40)])
    company.made("Customer", Id="1", SyncToken="0", sparse=True, ParentRef={"value": "2"})
    assert company.read("Customer", "2")["BalanceWithJobs"] == 40
    company.made("Customer", Id="1", SyncToken="1", sparse=True, ParentRef={"value": "3"})
    assert [company.read("Customer", id)["BalanceWithJobs"] for id in ("2", "3")] == [0, 40]


def test_what_is_to_be_sent_needs_an_address(company: Company) -> None:
    body = {"CustomerRef": AMY, "EmailStatus": "NeedToSend", "Line": [sale(1)]}
    customer = company.read("Customer", "1")
    assert "PrimaryEmailAddr" not in customer
    assert code(company.post("Invoice", body)) == "6420"
    sent = company.made("Invoice", **body, BillEmail={"Address": "amy@example.com"})
    assert sent["EmailStatus"] == "NeedToSend"


@pytest.mark.parametrize("preference", ["WarnDuplicateBillNumber", "WarnDuplicateJournalNumber"])
def test_duplicate_numbers_are_refused_where_the_company_warns_of_them(company: Company, preference: str) -> None:
    bodies = {
        "WarnDuplicateBillNumber": ("Bill", {"VendorRef": VENDOR, "Line": [expense(1)]}),
        "WarnDuplicateJournalNumber": (
            "JournalEntry",
            {"Line": [journal("Debit", 3, SAVINGS), journal("Credit", 3, "82")]},
        ),
    }
    entity, body = bodies[preference]
    for _ in range(2):
        company.made(entity, **body, DocNumber="7")
    pairs = company.read("Preferences", "1")["OtherPrefs"]["NameValue"]
    warned = [{**pair, "Value": "true"} if pair["Name"] == preference else pair for pair in pairs]
    company.post("Preferences", {"Id": "1", "SyncToken": "0", "sparse": True, "OtherPrefs": {"NameValue": warned}})
    assert code(company.post(entity, {**body, "DocNumber": "7"})) == "6140"


def test_an_invoice_cannot_fall_below_what_is_paid(company: Company) -> None:
    invoice = company.made("Invoice", CustomerRef=AMY, Line=[sale(50)])
    company.made("Payment", CustomerRef=AMY, TotalAmt=40, Line=[linked(40, ("Invoice", invoice))])
    head = {"Id": invoice["Id"], "SyncToken": "1", "sparse": True}
    assert code(company.post("Invoice", {**head, "Line": [sale(39)]})) == "6000"
    assert company.made("Invoice", **head, Line=[sale(41)])["Balance"] == 1


def test_accounts_that_a_company_lacks_are_made(app: Simulator, company: Company) -> None:
    for account in ("89", "90"):
        company.made("Account", Id=account, SyncToken="0", sparse=True, Active=False)
    taxed = {"TxnTaxDetail": {"TotalTax": 2}, "Line": [sale(10)]}
    assert company.made("Invoice", CustomerRef=AMY, **taxed)["TotalAmt"] == 12
    (made,) = company.rows("select * from Account where AccountSubType = 'SalesTaxPayable'", "Account")
    assert (made["Name"], made["CurrentBalance"], unbalanced(app)) == ("Sales Tax Payable", -2, [])


def test_lines_that_lack_what_their_kind_needs(company: Company) -> None:
    def post(entity: str, line: dict[str, Any], **body: Any) -> str:
        return code(company.post(entity, {**body, "Line": [{"Amount": 1, **line}]}))

    deposit = {"DetailType": "DepositLineDetail"}
    assert post("Deposit", deposit, DepositToAccountRef={"value": CHECKING}) == "2020"
    assert post("JournalEntry", {"DetailType": "JournalEntryLineDetail"}) == "2020"
    item = {"DetailType": "ItemBasedExpenseLineDetail", "ItemBasedExpenseLineDetail": {"ItemRef": {"value": "21"}}}
    assert post("Bill", item, VendorRef=VENDOR) == "2500"
    service = {"ItemRef": {"value": "2"}, "QtyDiff": 1}
    adjustment = {"DetailType": "ItemAdjustmentLineDetail", "ItemAdjustmentLineDetail": service}
    assert post("InventoryAdjustment", adjustment, AdjustAccountRef={"value": "58"}) == "2500"
    negative = [{**journal(side, -1, account)} for side, account in (("Debit", SAVINGS), ("Credit", "82"))]
    assert code(company.post("JournalEntry", {"Line": negative})) == "2290"


def test_items_that_are_bought_are_booked_by_what_they_are(company: Company) -> None:
    def line(item: str, quantity: int, price: float) -> dict[str, Any]:
        detail = {"ItemRef": {"value": item}, "Qty": quantity, "UnitPrice": price}
        kind = "ItemBasedExpenseLineDetail"
        return {"Amount": quantity * price, "DetailType": kind, kind: detail}

    before = balances(company, "81", PAYABLE)
    quantity = company.read("Item", "11")["QtyOnHand"]
    company.made("Bill", VendorRef=VENDOR, Line=[line("11", 3, 10), line("15", 2, 5), line("2", 1, 7)])
    assert moved(company, ("81", PAYABLE), before) == [30, -47]
    assert company.read("Item", "11")["QtyOnHand"] == quantity + 3
