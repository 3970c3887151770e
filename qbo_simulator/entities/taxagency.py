"""TaxAgency: who collects a tax.  Made and read, never changed."""

from qbo_simulator.engine.kinds import Day, Flag, Name, Text
from qbo_simulator.engine.schema import Entity, Field

TAX_AGENCY = Entity(
    name="TaxAgency",
    sequence="TaxAgency",
    label="DisplayName",
    kept_in="TaxAgencies",
    unique="DisplayName",
    duplicate="tax agency",
    operations=frozenset({"create", "query"}),
    fields=(
        Field("DisplayName", Name(100), required=True, query=True, index=True),
        Field("TaxRegistrationNumber", Text(30)),
        Field("TaxTrackedOnPurchases", Flag(), default=False),
        Field("TaxTrackedOnSales", Flag(), default=True),
        Field("LastFileDate", Day(), server=True),
        None,
    ),
    ignored=frozenset({"TaxAgencyConfig", "AttachableRef"}),
)
