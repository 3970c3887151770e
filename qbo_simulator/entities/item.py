"""Item (qbo-api.md §8.5)."""

from qbo_simulator.effects.items import settle_item
from qbo_simulator.effects.ledger import open_stock
from qbo_simulator.effects.people import settle_subitem
from qbo_simulator.engine.kinds import Choice, Day, Flag, Name, Text, Whole
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import ACCOUNT_REF, ACTIVE, CLASS_REF, ITEM_REF, MONEY, TAX_CODE_REF, VENDOR_REF

ITEM = Entity(
    name="Item",
    sequence="Item",
    label="Name",
    kept_in="Items",
    unique="Name",
    parent="ParentRef",
    operations=frozenset({"create", "update", "query"}),
    fields=(
        Field("Name", Name(100), required=True, query=True, index=True),
        Field("Description", Text(4000)),
        ACTIVE,
        Field("SubItem", Flag(), query=True),
        Field("ParentRef", ITEM_REF, query=True, index=True),
        Field("Level", Whole(), server=True),
        Field("FullyQualifiedName", Text(), server=True, query=True, index=True),
        Field("Taxable", Flag(), query=True),
        Field("SalesTaxIncluded", Flag()),
        Field("UnitPrice", MONEY, query=True),
        Field("Type", Choice(("Inventory", "Service", "NonInventory", "Group", "Category")), query=True, index=True),
        Field("IncomeAccountRef", ACCOUNT_REF),
        Field("PurchaseDesc", Text(1000)),
        Field("PurchaseCost", MONEY),
        Field("ExpenseAccountRef", ACCOUNT_REF),
        Field("AssetAccountRef", ACCOUNT_REF),
        Field("PrefVendorRef", VENDOR_REF),
        Field("ClassRef", CLASS_REF),
        Field("SalesTaxCodeRef", TAX_CODE_REF),
        Field("PurchaseTaxCodeRef", TAX_CODE_REF),
        Field("TrackQtyOnHand", Flag()),
        Field("QtyOnHand", MONEY),
        Field("InvStartDate", Day()),
        Field("ReorderPoint", MONEY),
        Field("Sku", Text(100), query=True, index=True),
        None,
    ),
    ignored=frozenset({
        "PurchaseTaxIncluded", "AbatementRate", "ReverseChargeRate", "ServiceType", "ItemCategoryType",
        "TaxClassificationRef", "UQCDisplayText", "UQCId", "ItemGroupDetail", "PrintGroupedItems", "Source",
        "UserDefinedField", "AttachableRef", "QtyOnPurchaseOrder", "QtyOnSalesOrder", "DeferredRevenue",
        "SpecialItem", "ManPartNum", "ItemEx", "AvgCost",
    }),
    prepare=(settle_subitem, settle_item),
    effects=(open_stock,),
)  # fmt: skip
