"""What associates record: hours, mileage, expenses and flat fees, with the rates of the day (domain.md §6)."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from clients.models import Job, JobCode
from hours.models.figures import MINUTES_A_DAY, NOT_NEGATIVE, POSITIVE, Distance, to_cents
from hours.models.presets import ExpenseCategory, FlatFeePreset
from organizations.models import Organization
from smmware.core.models import VersionedModel


class Entry(VersionedModel):
    """What all entries share. Who approved it and when travel together or not at all."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="%(class)s_set")
    associate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="%(class)s_set")
    date = models.DateField()
    description = models.CharField(max_length=1000, blank=True)
    billable = models.BooleanField(default=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["-date", "-pk"]
        indexes = [models.Index(fields=["job", "date"]), models.Index(fields=["associate", "date"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="%(class)s_approver_with_time",
            )
        ]

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None

    @property
    def charge_amount(self) -> Decimal:
        """What the client pays where it is billed, in dollars."""
        raise NotImplementedError(type(self))


class HourEntry(Entry):
    """Time worked, in whole minutes."""

    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MINUTES_A_DAY)])
    job_code = models.ForeignKey(JobCode, null=True, blank=True, on_delete=models.PROTECT, related_name="hour_entries")
    charge_rate = models.DecimalField(max_digits=7, decimal_places=2, default=Decimal(0), validators=NOT_NEGATIVE)
    pay_rate = models.DecimalField(max_digits=7, decimal_places=2, default=Decimal(0), validators=NOT_NEGATIVE)

    class Meta(Entry.Meta):
        verbose_name = "hour entry"
        verbose_name_plural = "hour entries"
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                condition=Q(minutes__gte=1) & Q(minutes__lte=MINUTES_A_DAY), name="hourentry_minutes_of_one_day"
            ),
            models.CheckConstraint(
                condition=Q(charge_rate__gte=0) & Q(pay_rate__gte=0), name="hourentry_rates_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.associate}, {self.date:%b %-d, %Y}, {self.hours} h"

    def get_absolute_url(self) -> str:
        return reverse("hours:hour_entry", args=[self.pk])

    @property
    def hours(self) -> Decimal:
        """The duration in hours, to two places."""
        return to_cents(Decimal(self.minutes) / 60)

    @property
    def charge_amount(self) -> Decimal:
        """What the client pays, in dollars."""
        return to_cents(Decimal(self.minutes) * self.charge_rate / 60)


class MileageEntry(Entry):
    """Distance driven, in miles or, where the company says so, kilometres.

    Pay and charge are two formulas: miles beyond those included, times a rate (domain.md §6).
    """

    unit = models.CharField(max_length=2, choices=Distance.choices, default=Distance.MILES, editable=False)
    miles = models.DecimalField(max_digits=6, decimal_places=1, validators=[MinValueValidator(Decimal("0.1"))])
    charge_included_miles = models.DecimalField(
        max_digits=5, decimal_places=1, default=Decimal(0), validators=NOT_NEGATIVE
    )
    charge_rate = models.DecimalField(max_digits=6, decimal_places=3, default=Decimal(0), validators=NOT_NEGATIVE)
    pay_included_miles = models.DecimalField(
        max_digits=5, decimal_places=1, default=Decimal(0), validators=NOT_NEGATIVE
    )
    pay_rate = models.DecimalField(max_digits=6, decimal_places=3, default=Decimal(0), validators=NOT_NEGATIVE)

    class Meta(Entry.Meta):
        verbose_name = "mileage entry"
        verbose_name_plural = "mileage entries"
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(condition=Q(unit__in=Distance.values), name="mileageentry_unit_known"),
            models.CheckConstraint(condition=Q(miles__gt=0), name="mileageentry_miles_positive"),
            models.CheckConstraint(
                condition=Q(
                    charge_included_miles__gte=0, charge_rate__gte=0, pay_included_miles__gte=0, pay_rate__gte=0
                ),
                name="mileageentry_formulas_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.associate}, {self.date:%b %-d, %Y}, {self.distance}"

    def get_absolute_url(self) -> str:
        return reverse("hours:mileage_entry", args=[self.pk])

    @property
    def distance(self) -> str:
        """How far, in words: “20.3 miles”."""
        return f"{self.miles} {Distance(self.unit).label.lower()}"

    @property
    def charge_amount(self) -> Decimal:
        """What the client pays, in dollars."""
        return to_cents(max(self.miles - self.charge_included_miles, Decimal(0)) * self.charge_rate)

    @property
    def pay_amount(self) -> Decimal:
        """What the associate is paid back, in dollars."""
        return to_cents(max(self.miles - self.pay_included_miles, Decimal(0)) * self.pay_rate)


class PaidFrom(models.TextChoices):
    """Whose money paid for an expense."""

    BANK = "bank", "Company bank account"
    CREDIT_CARD = "card", "Company credit card"
    CASH = "cash", "Petty cash"
    ASSOCIATE = "associate", "Associate's own money"


class ExpenseEntry(Entry):
    """Money spent, with its receipt."""

    vendor = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="expense_entries"
    )
    category = models.ForeignKey(ExpenseCategory, on_delete=models.PROTECT, related_name="entries")
    amount = models.DecimalField(max_digits=9, decimal_places=2, validators=POSITIVE)
    paid_from = models.CharField(max_length=10, choices=PaidFrom.choices, default=PaidFrom.ASSOCIATE)
    receipt = models.FileField(upload_to="receipts/%Y/%m/", blank=True)

    class Meta(Entry.Meta):
        verbose_name_plural = "expense entries"
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(condition=Q(amount__gt=0), name="expenseentry_amount_positive"),
            models.CheckConstraint(condition=Q(paid_from__in=PaidFrom.values), name="expenseentry_paid_from_known"),
        ]

    def __str__(self) -> str:
        return f"{self.category}, {self.date:%b %-d, %Y}, ${self.amount}"

    def get_absolute_url(self) -> str:
        return reverse("hours:expense_entry", args=[self.pk])

    @property
    def charge_amount(self) -> Decimal:
        """What the client pays, in dollars: expenses are passed on as they are."""
        return self.amount


class FlatFee(Entry):
    """An amount not tied to hours, such as packing material."""

    amount = models.DecimalField(max_digits=9, decimal_places=2, validators=POSITIVE)
    preset = models.ForeignKey(
        FlatFeePreset, null=True, blank=True, on_delete=models.SET_NULL, related_name="flat_fees"
    )
    taxable = models.BooleanField(default=False)

    class Meta(Entry.Meta):
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(condition=Q(amount__gt=0), name="flatfee_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.description or 'Flat fee'}, {self.date:%b %-d, %Y}, ${self.amount}"

    def get_absolute_url(self) -> str:
        return reverse("hours:flat_fee", args=[self.pk])

    @property
    def charge_amount(self) -> Decimal:
        return self.amount
