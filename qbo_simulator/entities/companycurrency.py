"""CompanyCurrency: the currencies a company of many currencies deals in."""

from qbo_simulator.effects.currencies import name_currency
from qbo_simulator.engine.kinds import Name, Text
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import ACTIVE, CUSTOM_FIELDS

COMPANY_CURRENCY = Entity(
    name="CompanyCurrency",
    sequence="CompanyCurrency",
    label="Name",
    kept_in="CompanyCurrencies",
    unique="Name",
    operations=frozenset({"create", "update", "query"}),
    fields=(
        Field("Code", Text(3, 3), required=True, once=True, query=True, index=True),
        Field("Name", Name(100), query=True),
        ACTIVE,
        Field("CustomField", CUSTOM_FIELDS),
        None,
    ),
    prepare=(name_currency,),
)
