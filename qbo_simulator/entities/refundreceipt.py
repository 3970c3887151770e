"""RefundReceipt: money given back at once.  Duplicate numbers are taken: python-quickbooks' own suite relies on it."""

from dataclasses import replace

from qbo_simulator.effects import documents, payments, sales
from qbo_simulator.engine.document import LINES, TILL, Document, Ledger, Numbers
from qbo_simulator.engine.schema import Entity
from qbo_simulator.entities.salesreceipt import FIELDS, IGNORED
from qbo_simulator.entities.shapes import DEPOSIT_TO

REFUND_RECEIPT = Entity(
    name="RefundReceipt",
    sequence="Transactions",
    fields=(*FIELDS, replace(DEPOSIT_TO, required=True)),
    ignored=IGNORED,
    document=Document(
        ledger=Ledger(LINES, TILL), numbers=Numbers("Invoice", unique=lambda write: False), subtotal=True
    ),
    guards=payments.GUARDS,
    prepare=(*sales.SETTLE_LINES, documents.number_document),
    effects=sales.EFFECTS,
)
