"""Bill, VendorCredit and PurchaseOrder: what vendors are owed, credit, and are to deliver (qbo-api.md §2.3, §9)."""

from qbo_simulator import faults
from qbo_simulator.effects import documents, payments, purchases, sales
from qbo_simulator.engine.document import LINES, PAYABLE, Document, Ledger, Link, Numbers
from qbo_simulator.engine.kinds import Choice, Text
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import (
    ADDRESS,
    BALANCE,
    CLASS_REF,
    CURRENCY,
    CUSTOM,
    DELIVERY_INFO,
    DEPARTMENT,
    DOC_NUMBER,
    DOCUMENT_IGNORES,
    DUE_DATE,
    EMAIL,
    EMAIL_STATUS,
    EXPENSE_LINES,
    LINKED,
    PAYABLE_TO,
    PRIVATE_NOTE,
    SALES_TERM,
    SHOWN_LINKS,
    TAX_DETAIL,
    TOTAL,
    TXN_DATE,
    VENDOR,
)

# a sandbox answers a void of a bill with a system fault under HTTP 200 (§2.2)
VOID = faults.system_failure()
VOID.status = 200

BILL = Entity(
    name="Bill",
    sequence="Transactions",
    refusals={"void": VOID},
    fields=(
        SALES_TERM,
        DUE_DATE,
        BALANCE,
        None,
        DOC_NUMBER,
        TXN_DATE,
        DEPARTMENT,
        CURRENCY,
        PRIVATE_NOTE,
        LINKED,
        Field("Line", EXPENSE_LINES, required=True),
        TAX_DETAIL,
        Field("VendorRef", VENDOR.kind, required=True, always=True, query=True, index=True),
        Field("VendorAddr", ADDRESS),
        PAYABLE_TO,
        TOTAL,
    ),
    ignored=DOCUMENT_IGNORES | {"PayerRef", "RemitToAddr", "ShipAddr", "CustomField", "ReplyEmail", "BillEmail"},
    document=Document(
        ledger=Ledger(LINES, PAYABLE),
        numbers=Numbers(unique=purchases.is_warned_of_bill),
        open=("Balance",),
        links=(
            Link("PurchaseOrder", party="VendorRef", taken={"POStatus": "Closed"}, freed={"POStatus": "Open"}),
        ),
    ),
    guards=purchases.GUARDS,
    prepare=(
        purchases.check_payable, *purchases.SETTLE_LINES, sales.settle_due_date, documents.number_document,
    ),
    effects=purchases.EFFECTS,
)  # fmt: skip

VENDOR_CREDIT = Entity(
    name="VendorCredit",
    sequence="Transactions",
    fields=(
        BALANCE,
        None,
        DOC_NUMBER,
        TXN_DATE,
        DEPARTMENT,
        CURRENCY,
        PRIVATE_NOTE,
        SHOWN_LINKS,
        Field("Line", EXPENSE_LINES, required=True),
        TAX_DETAIL,
        VENDOR,
        Field("VendorAddr", ADDRESS),
        PAYABLE_TO,
        TOTAL,
    ),
    ignored=DOCUMENT_IGNORES | {"CustomField"},
    document=Document(ledger=Ledger(PAYABLE, LINES), numbers=Numbers(unique=lambda write: False), open=("Balance",)),
    guards=purchases.GUARDS,
    prepare=(purchases.check_payable, *purchases.SETTLE_LINES, documents.number_document),
    effects=purchases.EFFECTS,
)

PURCHASE_ORDER = Entity(
    name="PurchaseOrder",
    sequence="Transactions",
    fields=(
        None,
        CUSTOM,
        DOC_NUMBER,
        TXN_DATE,
        DEPARTMENT,
        CURRENCY,
        PRIVATE_NOTE,
        SHOWN_LINKS,
        Field("Line", EXPENSE_LINES, required=True),
        TAX_DETAIL,
        VENDOR,
        PAYABLE_TO,
        Field("VendorAddr", ADDRESS),
        Field("ShipAddr", ADDRESS),
        Field("POEmail", EMAIL),
        Field("ClassRef", CLASS_REF),
        SALES_TERM,
        DUE_DATE,
        EMAIL_STATUS,
        DELIVERY_INFO,
        Field("POStatus", Choice(("Open", "Closed")), default="Open"),
        TOTAL,
        Field("Memo", Text(4000)),
    ),
    ignored=(DOCUMENT_IGNORES - {"Memo"}) | {"ShipTo", "ReplyEmail", "EmailAddress", "ExpectedDate"},
    document=Document(
        numbers=Numbers(
            "PurchaseOrder", custom=("VendorAndPurchasesPrefs.UseCustomTxnNumbers",), unique=lambda write: False
        )
    ),
    guards=payments.GUARDS,
    prepare=(
        purchases.check_payable, documents.check_lines, purchases.lines.fill, documents.number_lines,
        documents.order_lines, documents.settle_total, documents.number_document,
    ),
    effects=sales.EFFECTS,
)  # fmt: skip
