"""Which item, account, class or location at QuickBooks stands for what here: one row per purpose and connection."""

from django.db import models
from django.db.models import Q

from clients.models import JobCode
from hours.models import ExpenseCategory, FlatFeePreset, PaidFrom
from qbo_sync.models.connection import Connection
from qbo_sync.models.lists import Account, Class, Department, Item


class Purpose(models.TextChoices):
    """What a mapping is for."""

    HOURS_ITEM = "hours_item", "Item for hours"
    MILEAGE_ITEM = "mileage_item", "Item for mileage"
    EXPENSES_ITEM = "expenses_item", "Item for expenses"
    FLAT_FEES_ITEM = "flat_fees_item", "Item for flat fees"
    FLAT_INVOICES_ITEM = "flat_invoices_item", "Item for flat invoices"
    ADJUSTMENT_ITEM = "adjustment_item", "Item for adjustments"
    JOB_CODE_ITEM = "job_code_item", "Item for a job code"
    CATEGORY_ITEM = "category_item", "Item for an expense category"
    PRESET_ITEM = "preset_item", "Item for a preset of flat fees"
    MILEAGE_ACCOUNT = "mileage_account", "Account for mileage"
    CATEGORY_ACCOUNT = "category_account", "Account for an expense category"
    PAID_FROM_BANK = "paid_from_bank", "Expenses paid from the company bank account"
    PAID_FROM_CARD = "paid_from_card", "Expenses paid from the company credit card"
    PAID_FROM_CASH = "paid_from_cash", "Expenses paid from petty cash"
    PAID_FROM_ASSOCIATE = "paid_from_associate", "Expenses paid with an associate's own money"

    DEPOSIT_ACCOUNT = "deposit_account", "Account that payments are deposited to"
    DEFAULT_CLASS = "default_class", "Class"
    DEFAULT_LOCATION = "default_location", "Location"

    @property
    def takes(self) -> str:
        """What is chosen for it, by the name of the mapping's column."""
        return _TAKES.get(self.value.rpartition("_")[2], "account")

    @property
    def takes_item(self) -> bool:
        return self.takes == "item"

    @property
    def is_optional(self) -> bool:
        """Whether records go without it where nothing is chosen."""
        return self in _OPTIONAL or self in FALLBACKS

    @property
    def owner(self) -> str:
        """What it is chosen for one by one, by the name of the mapping's column; "" where it is chosen once."""
        return next((owner for owner, purposes in OWNERS.items() if self in purposes), "")


# What is chosen for each job code, expense category or preset.
OWNERS: dict[str, tuple[Purpose, ...]] = {
    "category": (Purpose.CATEGORY_ACCOUNT, Purpose.CATEGORY_ITEM),
    "job_code": (Purpose.JOB_CODE_ITEM,),
    "preset": (Purpose.PRESET_ITEM,),
}
# Where nothing is chosen for the one, what is chosen for all of them counts.
FALLBACKS = {
    Purpose.JOB_CODE_ITEM: Purpose.HOURS_ITEM,
    Purpose.CATEGORY_ITEM: Purpose.EXPENSES_ITEM,
    Purpose.PRESET_ITEM: Purpose.FLAT_FEES_ITEM,
}
_OPTIONAL = (Purpose.DEPOSIT_ACCOUNT, Purpose.DEFAULT_CLASS, Purpose.DEFAULT_LOCATION)
TARGETS = ("item", "account", "klass", "department")
_TAKES = {"item": "item", "class": "klass", "location": "department"}


PAID_FROM_PURPOSES = {
    PaidFrom.BANK: Purpose.PAID_FROM_BANK,
    PaidFrom.CREDIT_CARD: Purpose.PAID_FROM_CARD,
    PaidFrom.CASH: Purpose.PAID_FROM_CASH,
    PaidFrom.ASSOCIATE: Purpose.PAID_FROM_ASSOCIATE,
}


def _exactly_one_target() -> Q:
    condition = Q()
    for target in TARGETS:
        condition |= Q(**{f"{other}__isnull": other != target for other in TARGETS})
    return condition


def _chosen_once() -> Q:
    return Q(**{f"{owner}__isnull": True for owner in OWNERS})


class Mapping(models.Model):
    """What was chosen for a purpose. A purpose without a row is not mapped yet."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="mappings")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    category = models.ForeignKey(ExpenseCategory, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    job_code = models.ForeignKey(JobCode, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    preset = models.ForeignKey(FlatFeePreset, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    klass = models.ForeignKey(Class, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "purpose"], condition=_chosen_once(), name="mapping_once"),
            *(
                models.UniqueConstraint(fields=["connection", "purpose", owner], name=f"mapping_once_a_{owner}")
                for owner in OWNERS
            ),
            models.CheckConstraint(condition=_exactly_one_target(), name="mapping_exactly_one_target"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{owner}__isnull": True}) ^ Q(purpose__in=[purpose.value for purpose in purposes]),
                    name=f"mapping_{owner}_by_purpose",
                )
                for owner, purposes in OWNERS.items()
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.item or self.account or self.klass or self.department}"
