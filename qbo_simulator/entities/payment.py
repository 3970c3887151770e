"""Payment (qbo-api.md §8.10)."""

from qbo_simulator.effects import payments, sales
from qbo_simulator.engine.document import RECEIVABLE, TILL, Document, Ledger, Link
from qbo_simulator.engine.kinds import Flag, Text
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import (
    ACCOUNT_REF,
    CURRENCY,
    CUSTOMER,
    DEPOSIT_TO,
    DOCUMENT_IGNORES,
    NOT_NEGATIVE,
    PAYING_LINES,
    PAYMENT_METHOD_REF,
    PRIVATE_NOTE,
    SHOWN_LINKS,
    TXN_DATE,
)

PAYMENT = Entity(
    name="Payment",
    sequence="Transactions",
    label="PaymentRefNum",
    operations=frozenset({"create", "update", "delete", "void", "query"}),
    fields=(
        CUSTOMER,
        DEPOSIT_TO,
        Field("PaymentMethodRef", PAYMENT_METHOD_REF, query=True),
        Field("PaymentRefNum", Text(21), query=True, index=True),
        Field("TotalAmt", NOT_NEGATIVE, required=True, query=True),
        Field("UnappliedAmt", NOT_NEGATIVE, server=True, query=True),
        Field("ProcessPayment", Flag(), default=False),
        None,
        TXN_DATE,
        CURRENCY,
        PRIVATE_NOTE,
        SHOWN_LINKS,
        Field("Line", PAYING_LINES),
        Field("ARAccountRef", ACCOUNT_REF),
    ),
    ignored=DOCUMENT_IGNORES | {"DocNumber", "DepartmentRef", "CustomField"},
    document=Document(
        ledger=Ledger(TILL, RECEIVABLE),
        unapplied="UnappliedAmt",
        strict=True,
        links=(
            Link("Invoice", settles=1, party="CustomerRef"),
            Link("CreditMemo", settles=-1, party="CustomerRef"),
            Link("JournalEntry", settles=1, shown=False),
        ),
    ),
    guards=payments.GUARDS,
    prepare=(sales.default_till, payments.settle_lines, payments.describe_lines),
    effects=payments.EFFECTS,
)
