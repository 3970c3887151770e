"""Products and services: (id, name, type, id of the category or None, price, cost, income account, expense account)."""

Item = tuple[int, str, str, int | None, float, float, int | None, int | None]

DEFAULT: tuple[Item, ...] = (
    (1, "Services", "Service", None, 0, 0, 1, None),
    (2, "Hours", "Service", None, 0, 0, 1, None),
)
SAMPLE: tuple[Item, ...] = (
    (19, "Design", "Category", None, 0, 0, None, None),
    (20, "Fountains", "Category", 19, 0, 0, None, None),
    (21, "Landscaping", "Category", None, 0, 0, None, None),
    (22, "Sprinklers", "Category", 21, 0, 0, None, None),
    (23, "Pest Control", "Category", None, 0, 0, None, None),
    (3, "Concrete", "Service", 20, 0, 0, 48, None),
    (4, "Design", "Service", 19, 75, 0, 82, None),
    (5, "Rock Fountain", "Inventory", 20, 275, 125, 79, 80),
    (6, "Gardening", "Service", 21, 0, 0, 45, None),
    (7, "Installation", "Service", 21, 50, 0, 52, None),
    (8, "Lighting", "Service", 20, 15, 0, 48, None),
    (9, "Maintenance & Repair", "Service", 21, 0, 0, 53, None),
    (10, "Pest Control", "Service", 23, 35, 0, 54, None),
    (11, "Pump", "Inventory", 20, 15, 10, 79, 80),
    (12, "Refunds & Allowances", "Service", None, 0, 0, 85, None),
    (13, "Rocks", "Service", 21, 0, 0, 48, None),
    (14, "Sod", "Service", 21, 0, 0, 49, None),
    (15, "Soil", "Service", 21, 10, 6.5, 49, 66),
    (16, "Sprinkler Heads", "Inventory", 22, 2, 0.75, 79, 80),
    (17, "Sprinkler Pipes", "Inventory", 22, 4, 2.5, 79, 80),
    (18, "Trimming", "Service", 21, 35, 0, 45, None),
)
# what Inventory is held in, since when, and how much of it
INVENTORY = {"AssetAccountRef": {"value": "81"}, "InvStartDate": "2026-01-02", "QtyOnHand": 25}
