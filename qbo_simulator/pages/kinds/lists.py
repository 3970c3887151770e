"""The other lists: chart of accounts, products and services, terms, payment methods, classes and locations."""

from qbo_simulator.pages.kinds.declared import Column, Kind, Record
from qbo_simulator.pages.kinds.names import BY_NAME


def name(record: Record) -> str:
    return str(record.get("Name", record["Id"]))


TYPE = Column("Type", "Type")

ACCOUNT = Kind(
    "Account", "accounts", "Account", "Chart of accounts", "Accounting", name,
    (
        Column("Number", "AcctNum"), Column("Type", "AccountType"), Column("Detail type", "AccountSubType"),
        Column("Balance", "CurrentBalance", "money"),
    ),
    search=("label", "AccountType", "AcctNum"),
    order=BY_NAME,
    facts=(
        Column("Number", "AcctNum"), Column("Type", "AccountType"), Column("Detail type", "AccountSubType"),
        Column("Classification", "Classification"), Column("Subaccount of", "ParentRef"),
        Column("Description", "Description"), Column("Balance", "CurrentBalance", "money"),
        Column("Balance with subaccounts", "CurrentBalanceWithSubAccounts", "money"),
    ),
    register=True,
)  # fmt: skip
ITEM = Kind(
    "Item", "items", "Product or service", "Products and services", "Lists", name,
    (
        TYPE, Column("Sales price", "UnitPrice", "money"), Column("Income account", "IncomeAccountRef"),
        Column("Cost", "PurchaseCost", "money"),
    ),
    search=("FullyQualifiedName", "Sku"),
    order="replace(FullyQualifiedName, ':', char(1)) COLLATE NOCASE, id",
    facts=(
        TYPE, Column("SKU", "Sku"), Column("Category", "ParentRef"), Column("Sales description", "Description"),
        Column("Sales price", "UnitPrice", "money"), Column("Income account", "IncomeAccountRef"),
        Column("Taxable", "Taxable", "yes"), Column("Purchase description", "PurchaseDesc"),
        Column("Cost", "PurchaseCost", "money"), Column("Expense account", "ExpenseAccountRef"),
        Column("Inventory asset account", "AssetAccountRef"), Column("Quantity on hand", "QtyOnHand", "quantity"),
        Column("Inventory start date", "InvStartDate", "day"),
    ),
)  # fmt: skip
TERM = Kind(
    "Term", "terms", "Term", "Terms", "Lists", name,
    (
        TYPE, Column("Due in days", "DueDays", "quantity"), Column("Due on day of month", "DayOfMonthDue", "quantity"),
    ),
    order=BY_NAME,
    facts=(
        TYPE, Column("Due in days", "DueDays", "quantity"), Column("Due on day of month", "DayOfMonthDue", "quantity"),
        Column("Due the next month if issued within days", "DueNextMonthDays", "quantity"),
        Column("Discount in percent", "DiscountPercent", "quantity"),
        Column("Discount within days", "DiscountDays", "quantity"),
    ),
)  # fmt: skip
PAYMENT_METHOD = Kind(
    "PaymentMethod", "payment-methods", "Payment method", "Payment methods", "Lists", name, (TYPE,),
    order=BY_NAME, facts=(TYPE,),
)  # fmt: skip
CLASS = Kind(
    "Class", "classes", "Class", "Classes", "Lists", name, (), order=BY_NAME,
    facts=(Column("Subclass of", "ParentRef"),),
)  # fmt: skip
DEPARTMENT = Kind(
    "Department", "locations", "Location", "Locations", "Lists", name, (), order=BY_NAME,
    facts=(Column("Sublocation of", "ParentRef"), Column("Address", "Address", "address")),
)  # fmt: skip
KINDS = (ACCOUNT, ITEM, TERM, PAYMENT_METHOD, CLASS, DEPARTMENT)
