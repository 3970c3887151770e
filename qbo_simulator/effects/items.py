"""Rules of products, services and categories (qbo-api.md §8.5)."""

from qbo_simulator import faults
from qbo_simulator.engine.write import Write

INVENTORY_NEEDS = ("AssetAccountRef", "ExpenseAccountRef", "InvStartDate", "QtyOnHand")


def settle_item(write: Write) -> None:
    """What each type needs, and what the server fills in."""
    new = write.new
    new.setdefault("Type", "Service" if "IncomeAccountRef" in new or "ExpenseAccountRef" in new else "Category")
    if new["Type"] == "Category":
        return
    for name in needed(new):
        if name not in new:
            raise faults.missing(name)
    new.setdefault("Taxable", False)
    new.setdefault("UnitPrice", 0)
    new.setdefault("PurchaseCost", 0)
    new["TrackQtyOnHand"] = new["Type"] == "Inventory"


def needed(new: dict) -> tuple[str, ...]:
    if new["Type"] == "Inventory":
        return ("IncomeAccountRef", *INVENTORY_NEEDS)
    if new["Type"] in ("Service", "NonInventory") and "ExpenseAccountRef" not in new:
        return ("IncomeAccountRef",)
    return ()
