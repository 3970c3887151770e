"""Invoice (qbo-api.md §8.9)."""

from qbo_simulator.effects import documents, payments, reimburse, sales
from qbo_simulator.engine.document import LINES, RECEIVABLE, Document, Ledger, Link, Numbers
from qbo_simulator.engine.kinds import Flag
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import (
    ACCOUNT_REF,
    BALANCE,
    BILL_EMAIL,
    CURRENCY,
    CUSTOM,
    CUSTOMER,
    DELIVERY_INFO,
    DEPARTMENT,
    DEPOSIT_TO,
    DOC_NUMBER,
    DOCUMENT_IGNORES,
    DUE_DATE,
    EMAIL,
    EMAIL_STATUS,
    LINKED,
    MEMO,
    PRINT_STATUS,
    PRIVATE_NOTE,
    SALES_ADDRESSES,
    SALES_LINES,
    SALES_TERM,
    TAX_AFTER_DISCOUNT,
    TAX_DETAIL,
    TOTAL,
    TXN_DATE,
)
from qbo_simulator.faults import Fault

BILLED = Fault(
    "800", "Cannot Delete Because Of Dependencies", "It has been billed. Remove it from its invoice first.", ""
)

INVOICE = Entity(
    name="Invoice",
    sequence="Transactions",
    operations=frozenset({"create", "update", "delete", "void", "query"}),
    fields=(
        Field("AllowIPNPayment", Flag(), default=False),
        Field("AllowOnlinePayment", Flag(), default=False),
        Field("AllowOnlineCreditCardPayment", Flag(), default=False),
        Field("AllowOnlineACHPayment", Flag(), default=False),
        None,
        CUSTOM,
        DOC_NUMBER,
        TXN_DATE,
        DEPARTMENT,
        CURRENCY,
        PRIVATE_NOTE,
        LINKED,
        Field("Line", SALES_LINES, required=True),
        TAX_DETAIL,
        CUSTOMER,
        Field("CustomerMemo", MEMO),
        *SALES_ADDRESSES,
        SALES_TERM,
        DUE_DATE,
        TOTAL,
        TAX_AFTER_DISCOUNT,
        PRINT_STATUS,
        EMAIL_STATUS,
        DELIVERY_INFO,
        BILL_EMAIL,
        Field("BillEmailCc", EMAIL),
        Field("BillEmailBcc", EMAIL),
        DEPOSIT_TO,
        Field("ARAccountRef", ACCOUNT_REF),
        BALANCE,
    ),
    ignored=DOCUMENT_IGNORES | {
        "InvoiceLink", "Deposit", "EInvoiceStatus", "InvoiceStatus", "CCDetail", "ECloudStatusTimeStamp",
        "SalesRepRef", "FinanceCharge", "OverdueDays", "StatusTimeStamp", "PONumber",
    },
    document=Document(
        ledger=Ledger(RECEIVABLE, LINES),
        numbers=Numbers("Invoice"),
        open=("Balance",),
        subtotal=True,
        links=(
            Link(
                "TimeActivity", party="CustomerRef", shown=False, one_line_each=True,
                needs={"BillableStatus": "Billable"}, holds={"delete": BILLED},
                taken={"BillableStatus": "HasBeenBilled"}, freed={"BillableStatus": "Billable"},
            ),
            Link(
                "ReimburseCharge", party="CustomerRef", switch="reimburse_charge_links", follow=reimburse.mark,
                needs={"HasBeenInvoiced": False}, taken={"HasBeenInvoiced": True}, freed={"HasBeenInvoiced": False},
            ),
            Link("Estimate", party="CustomerRef", taken={"TxnStatus": "Closed"}, freed={"TxnStatus": "Pending"}),
        ),
    ),
    guards=payments.GUARDS,
    prepare=(sales.settle_term, *sales.SETTLE_LINES, sales.settle_due_date, documents.number_document),
    effects=sales.EFFECTS,
    shown=(sales.show_link,),
)  # fmt: skip
