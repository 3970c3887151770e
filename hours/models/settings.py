"""“2) Time and Approval” and “3) Rates and Job Codes” of the settings editor (domain.md §5, §6)."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from hours.models.figures import NOT_NEGATIVE, Distance
from smmware.core.models import TrackedModel


class TimeSettings(TrackedModel):
    """How time is approved, charged and paid: one row, made when first saved."""

    class Approval(models.TextChoices):
        """Whether entries must be approved before they are billed or paid back, and which jobs a Team Lead approves."""

        OFF = "off", "No approval"
        COOPERATIVE = "cooperative", "Cooperative: any Team Lead, on any job"
        STRICT = "strict", "Strict: Team Leads on their own jobs only"

    class ChargeBy(models.TextChoices):
        """What the client pays for an hour, where the job has no rate of its own."""

        JOB_CODE = "job_code", "A rate per job code"
        ONE_RATE = "one_rate", "One rate, whatever the task"

    class PayBy(models.TextChoices):
        """What an associate is paid for an hour."""

        JOB_CODE = "job_code", "The job code's pay rate, or the associate's own where it has none"
        ASSOCIATE = "associate", "The hourly rate from the Associate Profile"

    singleton = models.BooleanField(default=True, unique=True, editable=False)
    approval = models.CharField(
        "approval of hours, expenses and mileage", max_length=11, choices=Approval.choices, default=Approval.OFF
    )
    charge_by = models.CharField("clients are charged", max_length=8, choices=ChargeBy.choices, default="job_code")
    charge_rate = models.DecimalField(
        "the one rate (dollars an hour)", max_digits=7, decimal_places=2, null=True, blank=True, validators=NOT_NEGATIVE
    )
    pay_by = models.CharField("associates are paid", max_length=9, choices=PayBy.choices, default=PayBy.JOB_CODE)
    distance = models.CharField(
        "distances are recorded in", max_length=2, choices=Distance.choices, default=Distance.MILES
    )

    class Meta:
        verbose_name_plural = "time settings"
        constraints = [
            models.CheckConstraint(condition=Q(singleton=True), name="time_settings_only_one"),
            models.CheckConstraint(
                condition=~Q(charge_by="one_rate") | Q(charge_rate__isnull=False), name="time_settings_one_rate_given"
            ),
            models.CheckConstraint(
                condition=Q(charge_rate__isnull=True) | Q(charge_rate__gte=0), name="time_settings_rate_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return "Time and Approval"

    @property
    def approval_is_on(self) -> bool:
        """Whether entries must be approved before they are billed or paid back."""
        return self.approval != self.Approval.OFF

    @classmethod
    def current(cls) -> "TimeSettings":
        """The one row. Not saved until somebody fills in Settings, so that reading never writes."""
        return cls.objects.first() or cls()


class MileageRates(TrackedModel):
    """The two mileage formulas from a date on: pay to the associate, and charge to the client (domain.md §6).

    Each is the distance beyond what is included, times a rate. The past is never rewritten: a change is a new row.
    """

    effective_from = models.DateField(
        "from", unique=True, error_messages={"unique": "There are formulas from this day."}
    )
    pay_included_miles = models.DecimalField(
        "included, not paid", max_digits=5, decimal_places=1, default=Decimal(0), validators=NOT_NEGATIVE
    )
    pay_rate = models.DecimalField("paid beyond that", max_digits=6, decimal_places=3, validators=NOT_NEGATIVE)
    charge_included_miles = models.DecimalField(
        "included, not charged", max_digits=5, decimal_places=1, default=Decimal(0), validators=NOT_NEGATIVE
    )
    charge_rate = models.DecimalField("charged beyond that", max_digits=6, decimal_places=3, validators=NOT_NEGATIVE)

    class Meta:
        ordering = ["-effective_from"]
        verbose_name_plural = "mileage rates"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    charge_included_miles__gte=0, charge_rate__gte=0, pay_included_miles__gte=0, pay_rate__gte=0
                ),
                name="mileage_rates_not_negative",
            )
        ]

    def __str__(self) -> str:
        return f"Mileage formulas from {self.effective_from:%b %-d, %Y}"
