"""The documents: what is sold, paid, bought, worked and booked."""

from typing import Any

from qbo_simulator.engine.money import decimal, total
from qbo_simulator.pages.kinds.declared import Column, Kind, Record, Sheet, found
from qbo_simulator.pages.kinds.states import applied, billing, estimated, owed, stamped, voided

NUMBER, DATE = Column("No.", "DocNumber"), Column("Date", "TxnDate", "day")
CUSTOMER, VENDOR = Column("Customer", "CustomerRef"), Column("Vendor", "VendorRef")
TOTAL, BALANCE = Column("Total", "TotalAmt", "money"), Column("Balance due", "Balance", "money")
MEMO = Column("Memo", "PrivateNote")
MESSAGE = Column("Message to customer", "CustomerMemo.value")
BILL_TO = Column("Bill to", "CustomerRef")
OF_CUSTOMER = ("DocNumber", "CustomerRef>Customer")
NEWEST = "TxnDate DESC, id DESC"


def numbered(kind: str) -> Any:
    """What a document is called: by its number, or by its id where it has none."""

    def title(record: Record) -> str:
        number = record.get("DocNumber") or record.get("PaymentRefNum")
        return f"{kind} {number}" if number else f"{kind} (id {record['Id']})"

    return title


def subtotal(record: Record) -> Any:
    return next((line.get("Amount") for line in record.get("Line", []) if is_type(line, "SubTotalLineDetail")), None)


def discount(record: Record) -> Any:
    amounts = [line.get("Amount") for line in record.get("Line", []) if is_type(line, "DiscountLineDetail")]
    return -total(amounts) if amounts else None


def is_type(line: Record, detail: str) -> bool:
    return line.get("DetailType") == detail


def payments(record: Record) -> Any:
    """What has been paid of it, as the line that leads to the balance; None where nothing has."""
    settled = decimal(record.get("TotalAmt")) - decimal(record.get("Balance"))
    return -settled if settled else None


def duration(record: Record) -> str | None:
    """`3:05` hours, or from when until when."""
    if "Hours" in record or "Minutes" in record:
        return f"{record.get('Hours', 0)}:{record.get('Minutes', 0):02d}"
    times = [str(record[name])[11:16] for name in ("StartTime", "EndTime") if name in record]
    return "–".join(times) or None


def worth(record: Record) -> Any:
    """What time is worth at its rate; None where it has no duration."""
    if "Hours" not in record:
        return None
    hours = decimal(record["Hours"]) + decimal(record.get("Minutes")) / 60
    return hours * decimal(record.get("HourlyRate"))


def worker(record: Record) -> Any:
    """Whose time it is: the reference that is set, of the three there may be."""
    return next((record[name] for name in ("EmployeeRef", "VendorRef", "OtherNameRef") if name in record), None)


def paid_how(record: Record) -> str:
    words = {"CreditCard": "Credit card"}
    return words.get(str(record.get("PaymentType")), str(record.get("PaymentType", "")))


SUBTOTAL = Column("Subtotal", subtotal, "money")
DISCOUNT = Column("Discount", discount, "money")
TAX = Column("Tax", "TxnTaxDetail.TotalTax", "money")
SALES_TOTALS = (SUBTOTAL, DISCOUNT, TAX, TOTAL)

INVOICE = Kind(
    "Invoice", "invoices", "Invoice", "Invoices", "Sales", numbered("Invoice"),
    (DATE, CUSTOMER, Column("Due", "DueDate", "day"), TOTAL, BALANCE, Column("Status", owed, "state")),
    search=OF_CUSTOMER, order=NEWEST,
    sheet=Sheet(
        "Invoice", BILL_TO, "BillAddr",
        facts=(
            NUMBER, DATE, Column("Terms", "SalesTermRef"), Column("Due date", "DueDate", "day"),
            Column("Location", "DepartmentRef"), Column("Sent to", "BillEmail.Address"),
        ),
        totals=(*SALES_TOTALS, Column("Payments", payments, "money"), BALANCE),
        notes=(MESSAGE, MEMO), stamp=stamped,
    ),
)  # fmt: skip
ESTIMATE = Kind(
    "Estimate", "estimates", "Estimate", "Estimates", "Sales", numbered("Estimate"),
    (DATE, CUSTOMER, TOTAL, Column("Status", estimated, "state")),
    search=OF_CUSTOMER, order=NEWEST,
    sheet=Sheet(
        "Estimate", Column("Prepared for", "CustomerRef"), "BillAddr",
        facts=(
            NUMBER, DATE, Column("Expires", "ExpirationDate", "day"), Column("Accepted by", "AcceptedBy"),
            Column("Accepted on", "AcceptedDate", "day"), Column("Status", "TxnStatus"),
        ),
        totals=SALES_TOTALS, notes=(MESSAGE, MEMO), stamp=voided,
    ),
)  # fmt: skip
SALES_RECEIPT = Kind(
    "SalesReceipt", "sales-receipts", "Sales receipt", "Sales receipts", "Sales", numbered("Sales receipt"),
    (DATE, CUSTOMER, Column("Payment method", "PaymentMethodRef"), TOTAL), search=OF_CUSTOMER, order=NEWEST,
    sheet=Sheet(
        "Sales receipt", Column("Sold to", "CustomerRef"), "BillAddr",
        facts=(
            NUMBER, DATE, Column("Payment method", "PaymentMethodRef"), Column("Reference", "PaymentRefNum"),
            Column("Deposited to", "DepositToAccountRef"),
        ),
        totals=SALES_TOTALS, notes=(MESSAGE, MEMO), stamp=voided,
    ),
)  # fmt: skip
CREDIT_MEMO = Kind(
    "CreditMemo", "credit-memos", "Credit memo", "Credit memos", "Sales", numbered("Credit memo"),
    (DATE, CUSTOMER, TOTAL, Column("Unapplied", "RemainingCredit", "money"), Column("Status", applied, "state")),
    search=OF_CUSTOMER, order=NEWEST,
    sheet=Sheet(
        "Credit memo", Column("Credit to", "CustomerRef"), "BillAddr", facts=(NUMBER, DATE),
        totals=(*SALES_TOTALS, Column("Credit left", "RemainingCredit", "money")),
        notes=(MESSAGE, MEMO), stamp=voided,
    ),
)  # fmt: skip
REFUND_RECEIPT = Kind(
    "RefundReceipt", "refund-receipts", "Refund receipt", "Refund receipts", "Sales", numbered("Refund receipt"),
    (DATE, CUSTOMER, TOTAL), search=OF_CUSTOMER, order=NEWEST,
    sheet=Sheet(
        "Refund receipt", Column("Refunded to", "CustomerRef"), "BillAddr",
        facts=(NUMBER, DATE, Column("Refunded from", "DepositToAccountRef")),
        totals=SALES_TOTALS, notes=(MESSAGE, MEMO), stamp=voided,
    ),
)  # fmt: skip
PAYMENT = Kind(
    "Payment", "payments", "Payment", "Payments", "Sales", numbered("Payment"),
    (
        DATE, CUSTOMER, Column("Payment method", "PaymentMethodRef"), Column("Amount", "TotalAmt", "money"),
        Column("Unapplied", "UnappliedAmt", "money"), Column("Status", applied, "state"),
    ),
    search=("PaymentRefNum", "CustomerRef>Customer"), order=NEWEST,
    sheet=Sheet(
        "Payment", Column("Received from", "CustomerRef"),
        facts=(
            Column("Reference no.", "PaymentRefNum"), DATE, Column("Payment method", "PaymentMethodRef"),
            Column("Deposited to", "DepositToAccountRef"),
        ),
        totals=(Column("Amount received", "TotalAmt", "money"), Column("Left to apply", "UnappliedAmt", "money")),
        notes=(MEMO,), stamp=voided,
    ),
)  # fmt: skip
BILL = Kind(
    "Bill", "bills", "Bill", "Bills", "Expenses", numbered("Bill"),
    (DATE, VENDOR, Column("Due", "DueDate", "day"), TOTAL, BALANCE, Column("Status", owed, "state")),
    search=("DocNumber", "VendorRef>Vendor"), order=NEWEST,
    sheet=Sheet(
        "Bill", Column("From", "VendorRef"), "VendorAddr",
        facts=(NUMBER, DATE, Column("Terms", "SalesTermRef"), Column("Due date", "DueDate", "day")),
        totals=(TAX, TOTAL, Column("Payments", payments, "money"), BALANCE), notes=(MEMO,), stamp=stamped,
    ),
)  # fmt: skip
BILL_PAYMENT = Kind(
    "BillPayment", "bill-payments", "Bill payment", "Bill payments", "Expenses", numbered("Bill payment"),
    (DATE, VENDOR, Column("Paid by", "PayType"), TOTAL), search=("DocNumber", "VendorRef>Vendor"), order=NEWEST,
    sheet=Sheet(
        "Bill payment", Column("Paid to", "VendorRef"),
        facts=(
            NUMBER, DATE, Column("Paid by", "PayType"), Column("Bank account", "CheckPayment.BankAccountRef"),
            Column("Card account", "CreditCardPayment.CCAccountRef"),
        ),
        totals=(TOTAL,), notes=(MEMO,), stamp=voided,
    ),
)  # fmt: skip
VENDOR_CREDIT = Kind(
    "VendorCredit", "vendor-credits", "Vendor credit", "Vendor credits", "Expenses", numbered("Vendor credit"),
    (DATE, VENDOR, TOTAL), search=("DocNumber", "VendorRef>Vendor"), order=NEWEST,
    sheet=Sheet("Vendor credit", Column("From", "VendorRef"), "VendorAddr", (NUMBER, DATE), (TAX, TOTAL), (MEMO,)),
)  # fmt: skip
PURCHASE = Kind(
    "Purchase", "purchases", "Purchase", "Purchases", "Expenses", numbered("Purchase"),
    (
        DATE, Column("Payee", "EntityRef"), Column("Kind", paid_how), Column("Paid from", "AccountRef"), TOTAL,
    ),
    search=("DocNumber", "AccountRef>Account", "EntityRef>Vendor"), order=NEWEST,
    sheet=Sheet(
        "Purchase", Column("Payee", "EntityRef"), "RemitToAddr",
        facts=(
            NUMBER, DATE, Column("Kind", paid_how), Column("Paid from", "AccountRef"),
            Column("Payment method", "PaymentMethodRef"),
        ),
        totals=(TAX, TOTAL), notes=(MEMO,), stamp=voided,
    ),
)  # fmt: skip
TIME_ACTIVITY = Kind(
    "TimeActivity", "time", "Time activity", "Time activities", "Time", lambda record: f"Time activity {record['Id']}",
    (
        DATE, Column("Who", worker), CUSTOMER, Column("Description", "Description"),
        Column("Time", duration, "quantity"),
        Column("Rate", "HourlyRate", "money"), Column("Billing", billing, "state"),
    ),
    search=("CustomerRef>Customer", "EmployeeRef>Employee", "VendorRef>Vendor"), order=NEWEST,
    sheet=Sheet(
        "Time activity", Column("Worked by", worker),
        facts=(
            DATE, CUSTOMER, Column("Service", "ItemRef"), Column("Class", "ClassRef"),
            Column("Break", lambda record: found(record, "BreakMinutes"), "quantity"),
            Column("Billing", billing, "state"),
        ),
        totals=(
            Column("Time", duration, "quantity"), Column("Rate per hour", "HourlyRate", "money"),
            Column("Cost per hour", "CostRate", "money"), Column("Worth", worth, "money"),
        ),
        notes=(Column("Description", "Description"),),
    ),
)  # fmt: skip
JOURNAL_ENTRY = Kind(
    "JournalEntry", "journal-entries", "Journal entry", "Journal entries", "Accounting", numbered("Journal entry"),
    (DATE, MEMO, TOTAL), search=("DocNumber",), order=NEWEST,
    sheet=Sheet("Journal entry", facts=(NUMBER, DATE), notes=(MEMO,)),
)  # fmt: skip
DEPOSIT = Kind(
    "Deposit", "deposits", "Deposit", "Deposits", "Accounting", numbered("Deposit"),
    (DATE, Column("Deposited to", "DepositToAccountRef"), MEMO, TOTAL), order=NEWEST,
    sheet=Sheet(
        "Deposit", Column("Deposited to", "DepositToAccountRef"), facts=(DATE,), totals=(TOTAL,), notes=(MEMO,)
    ),
)  # fmt: skip
TRANSFER = Kind(
    "Transfer", "transfers", "Transfer", "Transfers", "Accounting", numbered("Transfer"),
    (
        DATE, Column("From", "FromAccountRef"), Column("To", "ToAccountRef"), Column("Amount", "Amount", "money"),
    ),
    order=NEWEST,
    sheet=Sheet(
        "Transfer", facts=(DATE, Column("From", "FromAccountRef"), Column("To", "ToAccountRef")),
        totals=(Column("Amount", "Amount", "money"),), notes=(MEMO,),
    ),
)  # fmt: skip
PURCHASE_ORDER = Kind(
    "PurchaseOrder", "purchase-orders", "Purchase order", "Purchase orders", "Expenses", numbered("Purchase order"),
    (DATE, VENDOR, TOTAL, Column("Status", "POStatus")), search=("DocNumber", "VendorRef>Vendor"), order=NEWEST,
    sheet=Sheet(
        "Purchase order", Column("To", "VendorRef"), "VendorAddr",
        facts=(NUMBER, DATE, Column("Due date", "DueDate", "day"), Column("Status", "POStatus")),
        totals=(TAX, TOTAL), notes=(MEMO,),
    ),
)  # fmt: skip
KINDS = (
    INVOICE, PAYMENT, SALES_RECEIPT, ESTIMATE, CREDIT_MEMO, REFUND_RECEIPT, PURCHASE, BILL, BILL_PAYMENT, VENDOR_CREDIT,
    PURCHASE_ORDER, TIME_ACTIVITY, JOURNAL_ENTRY, DEPOSIT, TRANSFER,
)  # fmt: skip
