"""Purchase: a check, a card charge or cash (qbo-api.md §8.8)."""

from qbo_simulator.effects.documents import check_lines, drop_line_numbers, number_lines
from qbo_simulator.effects.purchases import (
    check_account,
    fill_lines,
    number_is_free,
    refuse_deleting_billed,
    settle_total,
)
from qbo_simulator.engine.kinds import Choice, Flag, Text
from qbo_simulator.engine.objects import Loose
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import (
    ACCOUNT_DETAIL,
    ACCOUNT_REF,
    ADDRESS,
    CURRENCY,
    CUSTOM_FIELDS,
    DEPARTMENT_REF,
    DOC_NUMBER,
    ITEM_EXPENSE_DETAIL,
    LINKS,
    MONEY,
    PAYMENT_METHOD_REF,
    PERSON_REF,
    PRIVATE_NOTE,
    TXN_DATE,
    lines,
)

PURCHASE = Entity(
    name="Purchase",
    sequence="Transactions",
    order="id DESC",
    fields=(
        Field("AccountRef", ACCOUNT_REF, required=True, query=True, index=True),
        Field("PaymentMethodRef", PAYMENT_METHOD_REF),
        Field("PaymentType", Choice(("Cash", "Check", "CreditCard")), required=True, always=True, query=True),
        Field("EntityRef", PERSON_REF, query=True, index=True),
        Field("RemitToAddr", ADDRESS),
        Field("Credit", Flag()),
        Field("TotalAmt", MONEY, server=True, query=True),
        Field("PrintStatus", Choice(("NotSet", "NeedToPrint", "PrintComplete")), default="NotSet"),
        Field("PurchaseEx", Loose(), server=True),
        None,
        Field("CustomField", CUSTOM_FIELDS, default=lambda write: []),
        DOC_NUMBER,
        TXN_DATE,
        Field("DepartmentRef", DEPARTMENT_REF),
        CURRENCY,
        PRIVATE_NOTE,
        Field("LinkedTxn", LINKS, server=True),
        Field("Line", lines(
            AccountBasedExpenseLineDetail=ACCOUNT_DETAIL, ItemBasedExpenseLineDetail=ITEM_EXPENSE_DETAIL
        ), required=True),
        Field("TxnTaxDetail", Loose()),
        Field("Memo", Text(4000)),
    ),
    ignored=frozenset({
        "ExchangeRate", "GlobalTaxCalculation", "TxnSource", "CheckPayment", "TransactionLocationType",
        "IncludeInAnnualTPAR", "RecurDataRef", "TxnStatus", "AttachableRef", "DirectDeposit", "CheckAddress",
        "TransferFromAccountRef",
    }),
    prepare=(check_lines, number_lines, drop_line_numbers, check_account, fill_lines, settle_total, number_is_free),
    effects=(refuse_deleting_billed,),
)  # fmt: skip
