"""Our kinds of records and QuickBooks' entities."""

from django.db import models

from associates.models import Associate
from clients.models import Client, Job
from hours.models import ExpenseEntry, HourEntry, MileageEntry
from invoices.models import Invoice, Payment, PaymentMethod, Term
from organizations.models import Organization


class Kind(models.TextChoices):
    """A kind of our records that can be linked; the value is also the name of the Link's foreign key."""

    CLIENT = "client", "Client"
    ASSOCIATE = "associate", "Associate"
    ORGANIZATION = "organization", "Organization"
    JOB = "job", "Job"
    HOUR_ENTRY = "hour_entry", "Hours"
    MILEAGE_ENTRY = "mileage_entry", "Mileage"
    EXPENSE_ENTRY = "expense_entry", "Expense"
    RECEIPT = "receipt", "Receipt"
    INVOICE = "invoice", "Invoice"
    PAYMENT = "payment", "Payment"
    PAYMENT_METHOD = "payment_method", "Payment method"
    TERM = "term", "Term"

    @property
    def model(self) -> type[models.Model]:
        return MODELS[self]

    @property
    def plural(self) -> str:
        return PLURALS[self]

    @classmethod
    def of(cls, record: models.Model) -> "Kind":
        """The kind of a record of ours. Raises KeyError for what is never linked."""
        return KINDS[type(record)]


MODELS: dict[Kind, type[models.Model]] = {
    Kind.CLIENT: Client,
    Kind.ASSOCIATE: Associate,
    Kind.ORGANIZATION: Organization,
    Kind.JOB: Job,
    Kind.HOUR_ENTRY: HourEntry,
    Kind.MILEAGE_ENTRY: MileageEntry,
    Kind.EXPENSE_ENTRY: ExpenseEntry,
    Kind.RECEIPT: ExpenseEntry,
    Kind.INVOICE: Invoice,
    Kind.PAYMENT: Payment,
    Kind.PAYMENT_METHOD: PaymentMethod,
    Kind.TERM: Term,
}
KINDS = {model: kind for kind, model in MODELS.items() if kind != Kind.RECEIPT}  # a receipt is part of its expense
PLURALS = {
    Kind.CLIENT: "Clients",
    Kind.ASSOCIATE: "Associates",
    Kind.ORGANIZATION: "Organizations",
    Kind.JOB: "Jobs",
    Kind.HOUR_ENTRY: "Hours",
    Kind.MILEAGE_ENTRY: "Mileage",
    Kind.EXPENSE_ENTRY: "Expenses",
    Kind.RECEIPT: "Receipts",
    Kind.INVOICE: "Invoices",
    Kind.PAYMENT: "Payments",
    Kind.PAYMENT_METHOD: "Payment methods",
    Kind.TERM: "Terms",
}


class Entity(models.TextChoices):
    """QuickBooks' entities that our records become, by QuickBooks' names."""

    CUSTOMER = "Customer", "Customer"
    VENDOR = "Vendor", "Vendor"
    EMPLOYEE = "Employee", "Employee"
    TIME_ACTIVITY = "TimeActivity", "Time activity"
    PURCHASE = "Purchase", "Expense"
    ATTACHABLE = "Attachable", "Attachment"
    INVOICE = "Invoice", "Invoice"
    CREDIT_MEMO = "CreditMemo", "Credit memo"
    PAYMENT = "Payment", "Payment"
    PAYMENT_METHOD = "PaymentMethod", "Payment method"
    TERM = "Term", "Term"


NAME_ENTITIES = (Entity.CUSTOMER, Entity.VENDOR, Entity.EMPLOYEE)  # one name space at QuickBooks (qbo-api.md §7.3)
