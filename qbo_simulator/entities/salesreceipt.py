"""SalesReceipt: a sale that is paid at once."""

from qbo_simulator.effects import documents, payments, sales
from qbo_simulator.engine.document import LINES, TILL, Document, Ledger, Numbers
from qbo_simulator.engine.kinds import Text
from qbo_simulator.engine.objects import Loose
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import (
    ANY_CUSTOMER,
    BILL_EMAIL,
    CURRENCY,
    CUSTOM,
    DELIVERY_INFO,
    DEPARTMENT,
    DEPOSIT_TO,
    DOC_NUMBER,
    DOCUMENT_IGNORES,
    EMAIL_STATUS,
    MEMO,
    MONEY,
    PAYMENT_METHOD_REF,
    PRINT_STATUS,
    PRIVATE_NOTE,
    SALES_ADDRESSES,
    SALES_LINES,
    SHOWN_LINKS,
    TAX_AFTER_DISCOUNT,
    TAX_DETAIL,
    TOTAL,
    TXN_DATE,
)

FIELDS = (
    None,
    CUSTOM,
    DOC_NUMBER,
    TXN_DATE,
    DEPARTMENT,
    CURRENCY,
    PRIVATE_NOTE,
    SHOWN_LINKS,
    Field("Line", SALES_LINES, required=True),
    TAX_DETAIL,
    ANY_CUSTOMER,
    Field("CustomerMemo", MEMO),
    *SALES_ADDRESSES,
    TOTAL,
    TAX_AFTER_DISCOUNT,
    PRINT_STATUS,
    DELIVERY_INFO,
    EMAIL_STATUS,
    BILL_EMAIL,
    Field("Balance", MONEY, server=True, default=0, query=True),
    Field("PaymentMethodRef", PAYMENT_METHOD_REF),
    Field("PaymentRefNum", Text(21), query=True),
    Field("PaymentType", Text()),
    Field("CheckPayment", Loose()),
    Field("CreditCardPayment", Loose()),
)
IGNORED = DOCUMENT_IGNORES - {"PaymentType", "CheckPayment", "CreditCardPayment"}

SALES_RECEIPT = Entity(
    name="SalesReceipt",
    sequence="Transactions",
    operations=frozenset({"create", "update", "delete", "void", "query"}),
    fields=(*FIELDS, DEPOSIT_TO),
    ignored=IGNORED | {"CashBack"},
    document=Document(ledger=Ledger(TILL, LINES), numbers=Numbers("Invoice"), subtotal=True),
    guards=payments.GUARDS,
    prepare=(sales.default_till, *sales.SETTLE_LINES, documents.number_document),
    effects=sales.EFFECTS,
)
