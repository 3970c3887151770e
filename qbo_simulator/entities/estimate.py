"""Estimate: an offer; it posts nothing, and an invoice closes it."""

from qbo_simulator.effects import documents, payments, sales
from qbo_simulator.engine.document import Document, Numbers
from qbo_simulator.engine.kinds import Choice, Day, Text
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import (
    BILL_EMAIL,
    CURRENCY,
    CUSTOM,
    CUSTOMER,
    DELIVERY_INFO,
    DEPARTMENT,
    DOC_NUMBER,
    DOCUMENT_IGNORES,
    DUE_DATE,
    EMAIL_STATUS,
    MEMO,
    PRINT_STATUS,
    PRIVATE_NOTE,
    SALES_ADDRESSES,
    SALES_LINES,
    SALES_TERM,
    SHOWN_LINKS,
    TAX_AFTER_DISCOUNT,
    TAX_DETAIL,
    TOTAL,
    TXN_DATE,
)

STATUS = Choice(("Pending", "Accepted", "Closed", "Rejected", "Converted"))

ESTIMATE = Entity(
    name="Estimate",
    sequence="Transactions",
    fields=(
        None,
        CUSTOM,
        DOC_NUMBER,
        TXN_DATE,
        DEPARTMENT,
        CURRENCY,
        Field("TxnStatus", STATUS, default="Pending", query=True),
        PRIVATE_NOTE,
        SHOWN_LINKS,
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
        Field("ExpirationDate", Day(), query=True),
        Field("AcceptedBy", Text(100)),
        Field("AcceptedDate", Day()),
    ),
    ignored=(DOCUMENT_IGNORES - {"TxnStatus"}) | {"Balance"},
    document=Document(numbers=Numbers("Estimate"), subtotal=True),
    guards=payments.GUARDS,
    prepare=(*sales.SETTLE_LINES, documents.number_document),
    effects=sales.EFFECTS,
)
