"""Purchase: a check, a card charge or cash (qbo-api.md §8.8)."""

from qbo_simulator.effects import documents, purchases
from qbo_simulator.engine.document import LINES, Document, Ledger, Link, Numbers, Side
from qbo_simulator.engine.kinds import Choice, Flag, Text
from qbo_simulator.engine.objects import Loose
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import (
    ACCOUNT_REF,
    ADDRESS,
    CURRENCY,
    CUSTOM,
    DEPARTMENT,
    DOC_NUMBER,
    DOCUMENT_IGNORES,
    EXPENSE_LINES,
    LINKED,
    PAYMENT_METHOD_REF,
    PERSON_REF,
    PRINT_STATUS,
    PRIVATE_NOTE,
    TAX_DETAIL,
    TOTAL,
    TXN_DATE,
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
        TOTAL,
        PRINT_STATUS,
        Field("PurchaseEx", Loose(), server=True),
        None,
        CUSTOM,
        DOC_NUMBER,
        TXN_DATE,
        DEPARTMENT,
        CURRENCY,
        PRIVATE_NOTE,
        LINKED,
        Field("Line", EXPENSE_LINES, required=True),
        TAX_DETAIL,
        Field("Memo", Text(4000)),
    ),
    ignored=DOCUMENT_IGNORES | {"DirectDeposit", "CheckAddress", "TransferFromAccountRef"},
    document=Document(
        ledger=Ledger(LINES, Side(paths=("AccountRef",)), turned="Credit"),
        numbers=Numbers(unique=purchases.is_warned_of_check),
        line_numbers=False,
        links=(Link("PurchaseOrder", taken={"POStatus": "Closed"}, freed={"POStatus": "Open"}),),
    ),
    guards=purchases.GUARDS,
    prepare=(
        purchases.check_account, *purchases.SETTLE_LINES, purchases.describe_type, purchases.counted_if_documented,
        documents.number_document,
    ),
    effects=purchases.EFFECTS,
)  # fmt: skip
