"""TaxCode: rates that are charged together.  Made through the TaxService only.

In a US company lines carry TAX or NON.  These and CustomSalesTax are no records: they have no SyncToken, and a query
shows them besides the page that it was asked for.
"""

from qbo_simulator.effects.taxes import describe_code
from qbo_simulator.engine.kinds import Flag, Name, Text, Whole
from qbo_simulator.engine.objects import Composite, ListOf, Reference
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import ACTIVE

RATES = Composite(
    {
        "TaxRateDetail": ListOf(
            Composite(
                {"TaxRateRef": Reference(("TaxRate",), "TaxRates"), "TaxTypeApplicable": Text(), "TaxOrder": Whole()},
                required=("TaxRateRef",),
            )
        )
    }
)
SINCE = {"CreateTime": "2012-05-10T00:15:18-07:00", "LastUpdatedTime": "2012-05-10T00:15:18-07:00"}


def constant(word: str, *, taxable: bool, group: bool) -> dict[str, object]:
    head = {"Name": word, "Description": word, "Taxable": taxable, "TaxGroup": group}
    return {**head, "Id": word, "MetaData": SINCE}


TAX_CODE = Entity(
    name="TaxCode",
    sequence="TaxCode",
    label="Name",
    kept_in="TaxCodes",
    unique="Name",
    duplicate="tax code",
    operations=frozenset({"query"}),
    constants=(
        constant("TAX", taxable=True, group=False),
        constant("NON", taxable=False, group=False),
        constant("CustomSalesTax", taxable=True, group=True),
    ),
    fields=(
        Field("Name", Name(100), required=True, query=True, index=True),
        Field("Description", Text(100)),
        ACTIVE,
        Field("Taxable", Flag(), default=True, query=True),
        Field("TaxGroup", Flag(), default=True, query=True),
        Field("SalesTaxRateList", RATES),
        Field("PurchaseTaxRateList", RATES),
        None,
    ),
    prepare=(describe_code,),
)
