"""BillPayment: bills paid by check or card, and with what vendors have credited."""

from qbo_simulator.effects import payments, purchases
from qbo_simulator.engine.document import PAYABLE, Document, Ledger, Link, Side
from qbo_simulator.engine.kinds import Choice
from qbo_simulator.engine.objects import Composite, Loose
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import (
    ACCOUNT_REF,
    CURRENCY,
    DEPARTMENT,
    DOC_NUMBER,
    DOCUMENT_IGNORES,
    NOT_NEGATIVE,
    PAYABLE_TO,
    PAYING_LINES,
    PRIVATE_NOTE,
    SHOWN_LINKS,
    TXN_DATE,
    VENDOR,
)

CHECK = Composite(
    {"BankAccountRef": ACCOUNT_REF, "PrintStatus": Choice(("NotSet", "NeedToPrint", "PrintComplete"))},
    ignored=("CheckNum", "Status", "NameOnAcct", "AcctNum", "BankName", "CheckPaymentEx"),
)
CARD = Composite({"CCAccountRef": ACCOUNT_REF, "CCDetail": Loose()})

BILL_PAYMENT = Entity(
    name="BillPayment",
    sequence="Transactions",
    operations=frozenset({"create", "update", "delete", "void", "query"}),
    fields=(
        VENDOR,
        PAYABLE_TO,
        Field("PayType", Choice(("Check", "CreditCard")), required=True),
        Field("CheckPayment", CHECK),
        Field("CreditCardPayment", CARD),
        Field("TotalAmt", NOT_NEGATIVE, required=True, query=True),
        None,
        DOC_NUMBER,
        TXN_DATE,
        DEPARTMENT,
        CURRENCY,
        PRIVATE_NOTE,
        SHOWN_LINKS,
        Field("Line", PAYING_LINES),
    ),
    ignored=DOCUMENT_IGNORES | {"ProcessBillPayment", "CustomField"},
    document=Document(
        ledger=Ledger(PAYABLE, Side(paths=("CheckPayment.BankAccountRef", "CreditCardPayment.CCAccountRef"))),
        strict=True,
        links=(
            Link("Bill", settles=1, party="VendorRef"),
            Link("VendorCredit", settles=-1, party="VendorRef"),
            Link("JournalEntry", settles=1, shown=False),
        ),
    ),
    guards=payments.GUARDS,
    prepare=(purchases.check_payable, purchases.check_pay_type, payments.settle_lines),
    effects=payments.EFFECTS,
)
