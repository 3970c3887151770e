"""The name lists: customers, vendors, employees."""

from qbo_simulator.pages.kinds.declared import Column, Kind, Record

# children stand right below their parent, whatever other names begin alike
BY_NAME = "replace(label, ':', char(1)) COLLATE NOCASE, id"


def display_name(record: Record) -> str:
    return str(record.get("DisplayName", record["Id"]))


PHONE = Column("Phone", "PrimaryPhone.FreeFormNumber")
EMAIL = Column("E-mail", "PrimaryEmailAddr.Address")
BALANCE = Column("Open balance", "Balance", "money")
PERSON = (
    Column("Title", "Title"),
    Column("First name", "GivenName"),
    Column("Middle name", "MiddleName"),
    Column("Last name", "FamilyName"),
    Column("Suffix", "Suffix"),
)
CONTACT = (
    EMAIL,
    PHONE,
    Column("Mobile", "Mobile.FreeFormNumber"),
    Column("Other phone", "AlternatePhone.FreeFormNumber"),
    Column("Fax", "Fax.FreeFormNumber"),
    Column("Website", "WebAddr.URI"),
)
CHECK_NAME = Column("Print on check as", "PrintOnCheckName")

CUSTOMER = Kind(
    "Customer", "customers", "Customer", "Customers", "Names", display_name,
    (PHONE, EMAIL, BALANCE),
    order=BY_NAME,
    facts=(
        Column("Company name", "CompanyName"), *PERSON, *CONTACT,
        Column("Billing address", "BillAddr", "address"),
        Column("Shipping address", "ShipAddr", "address"),
        Column("Sub-customer of", "ParentRef"),
        Column("Bill with parent", "BillWithParent", "yes"),
        Column("Terms", "SalesTermRef"),
        Column("Preferred payment method", "PaymentMethodRef"),
        Column("Preferred delivery method", "PreferredDeliveryMethod"),
        Column("Taxable", "Taxable", "yes"),
        CHECK_NAME,
        BALANCE,
        Column("Balance with sub-customers", "BalanceWithJobs", "money"),
        Column("Notes", "Notes"),
    ),
)  # fmt: skip
VENDOR = Kind(
    "Vendor", "vendors", "Vendor", "Vendors", "Names", display_name,
    (PHONE, EMAIL, BALANCE),
    order=BY_NAME,
    facts=(
        Column("Company name", "CompanyName"), *PERSON, *CONTACT,
        Column("Address", "BillAddr", "address"),
        Column("Terms", "TermRef"),
        Column("Account number", "AcctNum"),
        Column("Business ID / SSN", "TaxIdentifier"),
        Column("1099 vendor", "Vendor1099", "yes"),
        Column("Billing rate", "BillRate", "money"),
        Column("Cost rate", "CostRate", "money"),
        CHECK_NAME,
        BALANCE,
    ),
)  # fmt: skip
EMPLOYEE = Kind(
    "Employee", "employees", "Employee", "Employees", "Names", display_name,
    (PHONE, EMAIL, Column("Hired", "HiredDate", "day")),
    order=BY_NAME,
    facts=(
        *PERSON, *CONTACT,
        Column("Address", "PrimaryAddr", "address"),
        Column("Employee number", "EmployeeNumber"),
        Column("Hired", "HiredDate", "day"),
        Column("Released", "ReleasedDate", "day"),
        Column("Time is billable", "BillableTime", "yes"),
        Column("Billing rate", "BillRate", "money"),
        Column("Cost rate", "CostRate", "money"),
        CHECK_NAME,
    ),
)  # fmt: skip
KINDS = (CUSTOMER, VENDOR, EMPLOYEE)
