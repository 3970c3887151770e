"""ReimburseCharge: made by the server of billable expenses; read and queried only (qbo-api.md §9)."""

from qbo_simulator.engine.document import Document
from qbo_simulator.engine.kinds import Flag
from qbo_simulator.engine.objects import Composite, Loose
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import (
    ACCOUNT_REF,
    ANY_CUSTOMER,
    CURRENCY,
    ITEM_REF,
    MONEY,
    QUANTITY,
    SHOWN_LINKS,
    TXN_DATE,
    lines,
)

DETAIL = Composite(
    {"ItemRef": ITEM_REF, "ItemAccountRef": ACCOUNT_REF, "Qty": QUANTITY, "UnitPrice": MONEY, "MarkupInfo": Loose()}
)

REIMBURSE_CHARGE = Entity(
    name="ReimburseCharge",
    sequence="Transactions",
    operations=frozenset({"query"}),
    fields=(
        Field("Amount", MONEY, query=True),
        Field("HasBeenInvoiced", Flag(), query=True),
        None,
        TXN_DATE,
        CURRENCY,
        SHOWN_LINKS,
        Field("Line", lines(ReimburseLineDetail=DETAIL)),
        ANY_CUSTOMER,
    ),
    document=Document(),
)
