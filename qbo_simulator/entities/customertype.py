"""CustomerType: read only; QuickBooks lets people alone make them."""

from qbo_simulator.engine.kinds import Name
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import ACTIVE

CUSTOMER_TYPE = Entity(
    name="CustomerType",
    sequence="CustomerType",
    label="Name",
    kept_in="CustomerTypes",
    unique="Name",
    operations=frozenset({"query"}),
    fields=(Field("Name", Name(100), required=True, query=True, index=True), ACTIVE, None),
)
