"""Payment (qbo-api.md §8.10)."""

from qbo_simulator.effects.payments import credit, default_account, describe_lines, pay, settle_lines
from qbo_simulator.engine.kinds import Flag, Text
from qbo_simulator.engine.objects import Loose
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import (
    ACCOUNT_REF,
    CURRENCY,
    CUSTOMER_REF,
    NOT_NEGATIVE,
    PAYMENT_METHOD_REF,
    PRIVATE_NOTE,
    TXN_DATE,
    lines,
)

PAYMENT = Entity(
    name="Payment",
    sequence="Transactions",
    label="PaymentRefNum",
    operations=frozenset({"create", "update", "delete", "void", "query"}),
    fields=(
        Field("CustomerRef", CUSTOMER_REF, required=True, query=True, index=True),
        Field("DepositToAccountRef", ACCOUNT_REF),
        Field("PaymentMethodRef", PAYMENT_METHOD_REF, query=True),
        Field("PaymentRefNum", Text(21), query=True, index=True),
        Field("TotalAmt", NOT_NEGATIVE, required=True, query=True),
        Field("UnappliedAmt", NOT_NEGATIVE, server=True, query=True),
        Field("ProcessPayment", Flag(), default=False),
        None,
        TXN_DATE,
        CURRENCY,
        PRIVATE_NOTE,
        Field("Line", lines(Payment=Loose())),
    ),
    ignored=frozenset({
        "ExchangeRate", "LinkedTxn", "CreditCardPayment", "TxnSource", "TransactionLocationType", "ARAccountRef",
        "TxnStatus", "TaxExemptionRef", "AttachableRef", "DocNumber", "DepartmentRef", "GlobalTaxCalculation",
        "CustomField",
    }),
    prepare=(default_account, settle_lines, describe_lines),
    effects=(pay, credit),
)  # fmt: skip
