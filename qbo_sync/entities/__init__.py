"""How each kind of our records becomes an entity of QuickBooks: one module per entity."""

from qbo_sync.entities.base import Context, Copied, Key, Obstacle
from qbo_sync.entities.customer import CopiedClient
from qbo_sync.entities.employee import CopiedAssociate
from qbo_sync.entities.invoice import CopiedInvoice
from qbo_sync.entities.job import CopiedJob
from qbo_sync.entities.payment import CopiedPayment
from qbo_sync.entities.purchase import CopiedExpense, CopiedMileage
from qbo_sync.entities.receipt import CopiedReceipt
from qbo_sync.entities.time_activity import CopiedHours
from qbo_sync.entities.vendor import CopiedOrganization
from qbo_sync.models import Kind

__all__ = ["BOTTOM_UP", "COPIED", "Context", "Copied", "Key", "Obstacle"]

COPIED: dict[Kind, Copied] = {
    copied.kind: copied
    for copied in (
        CopiedClient(),
        CopiedJob(),
        CopiedAssociate(),
        CopiedOrganization(),
        CopiedHours(),
        CopiedMileage(),
        CopiedExpense(),
        CopiedReceipt(),
        CopiedInvoice(),
        CopiedPayment(),
    )
}
BOTTOM_UP = tuple(COPIED)  # whoever depends on others stands behind them
