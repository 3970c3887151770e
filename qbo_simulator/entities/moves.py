"""Deposit, Transfer, CreditCardPayment, JournalEntry and InventoryAdjustment: what moves between accounts."""

from qbo_simulator.effects import documents, ledger, lines, links, moves, payments
from qbo_simulator.engine.document import LINES, TILL, Document, Ledger, Link, Numbers, Side
from qbo_simulator.engine.kinds import Choice, Flag, Text
from qbo_simulator.engine.objects import Composite
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import (
    ACCOUNT_REF,
    CLASS_REF,
    CURRENCY,
    DEPARTMENT,
    DEPARTMENT_REF,
    DOC_NUMBER,
    DOCUMENT_IGNORES,
    ITEM_REF,
    MONEY,
    PAYMENT_METHOD_REF,
    PERSON_REF,
    PRINT_STATUS,
    PRIVATE_NOTE,
    QUANTITY,
    TAX_DETAIL,
    TOTAL,
    TXN_DATE,
    VENDOR_REF,
)
from qbo_simulator.entities.shapes import lines as lines_of
from qbo_simulator.faults import Fault

DEPOSITED = Fault(
    "6540", "Transaction Already Deposited", "The transaction has been deposited and cannot be changed.", ""
)
HELD = dict.fromkeys(("update", "delete", "void"), DEPOSITED)
DEPOSIT_DETAIL = Composite(
    {
        "AccountRef": ACCOUNT_REF,
        "Entity": PERSON_REF,
        "PaymentMethodRef": PAYMENT_METHOD_REF,
        "CheckNum": Text(21),
        "ClassRef": CLASS_REF,
    },
    ignored=("TxnType", "TaxCodeRef", "TaxApplicableOn"),
)
JOURNAL_DETAIL = Composite(
    {
        "PostingType": Choice(("Debit", "Credit")),
        "Entity": Composite({"Type": Choice(("Customer", "Vendor", "Employee")), "EntityRef": PERSON_REF}),
        "AccountRef": ACCOUNT_REF,
        "ClassRef": CLASS_REF,
        "DepartmentRef": DEPARTMENT_REF,
    },
    ignored=("TaxCodeRef", "TaxApplicableOn", "TaxAmount", "BillableStatus", "JournalCodeRef", "TaxInclusiveAmt"),
)
AMOUNT = Field("Amount", MONEY, required=True, query=True)

DEPOSIT = Entity(
    name="Deposit",
    sequence="Transactions",
    fields=(
        Field("DepositToAccountRef", ACCOUNT_REF, required=True, query=True),
        Field("CashBack", Composite({"AccountRef": ACCOUNT_REF, "Amount": MONEY, "Memo": Text(4000)})),
        TOTAL,
        None,
        DOC_NUMBER,
        TXN_DATE,
        DEPARTMENT,
        CURRENCY,
        PRIVATE_NOTE,
        Field("Line", lines_of(DepositLineDetail=DEPOSIT_DETAIL), required=True),
        TAX_DETAIL,
    ),
    ignored=DOCUMENT_IGNORES | {"LinkedTxn", "CustomField"},
    document=Document(
        ledger=Ledger(TILL, LINES),
        strict=True,
        links=tuple(
            Link(name, holds=HELD) for name in ("Payment", "SalesReceipt", "RefundReceipt", "JournalEntry")
        ),
    ),
    guards=payments.GUARDS,
    prepare=(
        documents.check_lines, moves.open_till, lines.fill, documents.number_lines, links.settle,
        documents.order_lines, documents.settle_total,
    ),
    effects=payments.EFFECTS,
)  # fmt: skip

TRANSFER = Entity(
    name="Transfer",
    sequence="Transactions",
    fields=(
        Field("FromAccountRef", ACCOUNT_REF, required=True, query=True),
        Field("ToAccountRef", ACCOUNT_REF, required=True, query=True),
        AMOUNT,
        None,
        TXN_DATE,
        CURRENCY,
        PRIVATE_NOTE,
    ),
    ignored=DOCUMENT_IGNORES | {"DocNumber", "Line", "LinkedTxn", "CustomField", "TxnTaxDetail", "DepartmentRef"},
    document=Document(ledger=Ledger(Side(paths=("ToAccountRef",)), Side(paths=("FromAccountRef",)), amount="Amount")),
    guards=payments.GUARDS,
    prepare=(moves.check_transfer,),
    effects=payments.EFFECTS,
)

CREDIT_CARD_PAYMENT = Entity(
    name="CreditCardPaymentTxn",
    path="creditcardpayment",
    sequence="Transactions",
    fields=(
        Field("CreditCardAccountRef", ACCOUNT_REF, required=True),
        Field("BankAccountRef", ACCOUNT_REF, required=True),
        AMOUNT,
        Field("VendorRef", VENDOR_REF),
        Field("CheckNum", Text(21)),
        Field("Memo", Text(4000)),
        PRINT_STATUS,
        None,
        TXN_DATE,
        CURRENCY,
        PRIVATE_NOTE,
    ),
    ignored=(DOCUMENT_IGNORES - {"Memo"}) | {"LinkedTxn", "Line"},
    document=Document(
        ledger=Ledger(Side(paths=("CreditCardAccountRef",)), Side(paths=("BankAccountRef",)), amount="Amount")
    ),
    guards=payments.GUARDS,
    prepare=(moves.check_card_payment,),
    effects=payments.EFFECTS,
)

JOURNAL_ENTRY = Entity(
    name="JournalEntry",
    sequence="Transactions",
    unanswered=frozenset({"void"}),
    fields=(
        Field("Adjustment", Flag(), default=False),
        None,
        DOC_NUMBER,
        TXN_DATE,
        CURRENCY,
        PRIVATE_NOTE,
        Field("Line", lines_of(JournalEntryLineDetail=JOURNAL_DETAIL), required=True),
        Field("TxnTaxDetail", TAX_DETAIL.kind, default=lambda write: {}),
    ),
    ignored=DOCUMENT_IGNORES | {"LinkedTxn", "CustomField", "JournalCodeRef", "DepartmentRef"},
    document=Document(
        ledger=Ledger(LINES, LINES), numbers=Numbers(unique=moves.is_warned_of_journal), line_numbers=False,
        first_line=0,
    ),
    guards=payments.GUARDS,
    prepare=(
        documents.check_lines, lines.fill, moves.check_balance, documents.number_lines, documents.order_lines,
        documents.number_document,
    ),
    effects=payments.EFFECTS,
)  # fmt: skip

INVENTORY_ADJUSTMENT = Entity(
    name="InventoryAdjustment",
    sequence="Transactions",
    fields=(
        Field("AdjustAccountRef", ACCOUNT_REF, required=True),
        None,
        DOC_NUMBER,
        TXN_DATE,
        PRIVATE_NOTE,
        Field(
            "Line",
            lines_of(ItemAdjustmentLineDetail=Composite({"ItemRef": ITEM_REF, "QtyDiff": QUANTITY})),
            required=True,
        ),
    ),
    ignored=DOCUMENT_IGNORES | {"LinkedTxn", "CurrencyRef", "DepartmentRef", "ClassRef", "CustomField"},
    document=Document(ledger=Ledger(LINES, Side(paths=("AdjustAccountRef",)))),
    guards=payments.GUARDS,
    prepare=(documents.check_lines, lines.fill, documents.number_lines, documents.order_lines),
    effects=(ledger.post,),
)
