"""TaxRate: a percentage owed to an agency.  Made through the TaxService only."""

from qbo_simulator.effects.taxes import describe_rate
from qbo_simulator.engine.kinds import Choice, Flag, Name, Text
from qbo_simulator.engine.objects import ListOf, Loose, Reference
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import ACTIVE, MONEY

TAX_RATE = Entity(
    name="TaxRate",
    sequence="TaxRate",
    label="Name",
    kept_in="TaxRates",
    unique="Name",
    duplicate="tax rate",
    operations=frozenset({"query"}),
    fields=(
        Field("Name", Name(100), required=True, query=True, index=True),
        Field("Description", Text(100)),
        ACTIVE,
        Field("RateValue", MONEY, required=True, query=True),
        Field("AgencyRef", Reference(("TaxAgency",), "TaxAgencies"), required=True),
        Field("SpecialTaxType", Choice(("NONE", "ZERO_RATE", "FOREIGN_TAX", "REVERSE_CHARGE")), default="NONE"),
        Field("EffectiveTaxRate", ListOf(Loose())),
        Field("DisplayType", Text(), default="ReadOnly"),
        Field("TaxOnPurchases", Flag()),
        None,
    ),
    prepare=(describe_rate,),
)
