"""PaymentMethod (qbo-api.md §8.6)."""

from qbo_simulator.engine.kinds import Choice, Name
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import ACTIVE

PAYMENT_METHOD = Entity(
    name="PaymentMethod",
    sequence="PaymentMethod",
    label="Name",
    kept_in="PaymentMethods",
    unique="Name",
    operations=frozenset({"create", "update", "query"}),
    fields=(
        Field("Name", Name(31), required=True, query=True, index=True),
        ACTIVE,
        Field("Type", Choice(("CREDIT_CARD", "NON_CREDIT_CARD")), default="NON_CREDIT_CARD", query=True),
        None,
    ),
    ignored=frozenset({"AttachableRef"}),
)
