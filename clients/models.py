"""Inquiries and clients, where they live, and the jobs done for them (domain.md §4, §5)."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from organizations.models import Contact
from smmware.core.models import TrackedModel, VersionedModel, VersionedQuerySet
from smmware.core.permissions import Level

NOT_NEGATIVE = [MinValueValidator(Decimal(0))]


class ClientQuerySet(VersionedQuerySet):
    def clients(self) -> "ClientQuerySet":
        return self.filter(stage=Client.Stage.CLIENT)

    def inquiries(self) -> "ClientQuerySet":
        return self.filter(stage=Client.Stage.INQUIRY)


class Client(VersionedModel):
    """A person or family we move; an inquiry until promoted."""

    class Stage(models.TextChoices):
        INQUIRY = "inquiry", "Inquiry"
        CLIENT = "client", "Client"

    name = models.CharField(max_length=255, help_text="As it should stand on invoices, such as “Margaret Whitfield”.")
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    company_name = models.CharField("company", max_length=100, blank=True)
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.INQUIRY)
    is_own_company = models.BooleanField(
        "our own company",
        default=False,
        help_text="Our own overhead (bookkeeping time, office coffee) is recorded here.",
    )
    email = models.EmailField("e-mail", max_length=100, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    mobile = models.CharField(max_length=30, blank=True)
    referred_by = models.CharField(max_length=255, blank=True)
    acts_as_reference = models.BooleanField("Act as reference", null=True, blank=True)
    representative = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="represents",
        help_text="Who speaks for the client, such as a daughter.",
    )  # fmt: skip
    notes = models.TextField(max_length=4000, blank=True)
    is_active = models.BooleanField("active", default=True)

    objects: ClassVar = ClientQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="client_has_a_name"),
            models.UniqueConstraint(
                fields=["is_own_company"], condition=Q(is_own_company=True), name="client_one_own_company"
            ),
            models.CheckConstraint(
                condition=Q(is_own_company=False) | Q(stage="client"), name="client_own_company_is_no_inquiry"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("clients:detail", args=[self.pk])

    @property
    def is_inquiry(self) -> bool:
        return self.stage == self.Stage.INQUIRY

    def promote(self) -> None:
        """Make an inquiry a client (“Promote to Client”). Does nothing where it is one already."""
        if self.is_inquiry:
            self.stage = self.Stage.CLIENT
            self.save(update_fields=["stage"])


class CustomField(VersionedModel):
    """A field of the company's own on every client profile, defined in Settings."""

    label = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    unversioned: ClassVar[frozenset[str]] = frozenset({"position"})

    class Meta:
        ordering = ["position", "label"]
        constraints = [models.UniqueConstraint(Lower("label"), name="custom_field_label_once")]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("client_settings:custom_fields")


class CustomFieldValue(TrackedModel):
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="custom_values")
    field = models.ForeignKey(CustomField, on_delete=models.CASCADE, related_name="values")
    value = models.CharField(max_length=1000)

    class Meta:
        ordering = ["field"]
        constraints = [models.UniqueConstraint(fields=["client", "field"], name="custom_value_once_a_client")]

    def __str__(self) -> str:
        return f"{self.field}: {self.value}"


class Address(VersionedModel):
    """One address in a client's history: the same client moves repeatedly."""

    class Designation(models.TextChoices):
        ORIGINAL = "original", "Original"
        CURRENT = "current", "Current"
        MOVE_TO = "move_to", "Move-to"
        OTHER = "other", "Other"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="addresses")
    designation = models.CharField(max_length=10, choices=Designation.choices, default=Designation.CURRENT)
    line1 = models.CharField("street address", max_length=255)
    line2 = models.CharField("second line", max_length=255, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=50, blank=True)
    postal_code = models.CharField("ZIP code", max_length=20, blank=True)

    class Meta:
        ordering = ["client", "pk"]
        verbose_name_plural = "addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(designation="current"), name="address_one_current_a_client"
            )
        ]

    def __str__(self) -> str:
        place = " ".join(part for part in (self.state, self.postal_code) if part)
        return ", ".join(part for part in (self.line1, self.line2, self.city, place) if part)

    def get_absolute_url(self) -> str:
        return self.client.get_absolute_url()


class JobCode(VersionedModel):
    """A kind of work with its prices; one label may exist twice at different levels (domain.md §5)."""

    label = models.CharField(max_length=100)
    charge_rate = models.DecimalField(max_digits=7, decimal_places=2, validators=NOT_NEGATIVE)
    pay_rate = models.DecimalField(
        max_digits=7, decimal_places=2, null=True, blank=True, validators=NOT_NEGATIVE,
        help_text="Empty: the associate's own hourly rate is paid.",
    )  # fmt: skip
    lowest_level = models.PositiveSmallIntegerField(
        "lowest level that may use it", choices=Level.choices, default=Level.BASIC_USER
    )
    is_active = models.BooleanField("active", default=True)

    class Meta:
        ordering = ["label", "lowest_level"]
        constraints = [
            models.UniqueConstraint(Lower("label"), "lowest_level", name="job_code_once_a_level"),
            models.CheckConstraint(condition=Q(charge_rate__gte=0), name="job_code_charge_not_negative"),
            models.CheckConstraint(
                condition=Q(pay_rate__isnull=True) | Q(pay_rate__gte=0), name="job_code_pay_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} (${self.charge_rate})"

    def get_absolute_url(self) -> str:
        return reverse("client_settings:edit_job_code", args=[self.pk])


class Job(VersionedModel):
    """A piece of work for a client. Our own overhead is a job under our own company's client (domain.md §4)."""

    class Type(models.TextChoices):
        MOVE = "move", "Move management"
        ORGANIZING = "organizing", "Organizing"
        CLEAR_OUT = "clear_out", "Clear-out and estate"
        ADMINISTRATIVE_OVERHEAD = "administrative", "Administrative Overhead"
        MATERIALS_OVERHEAD = "materials", "Materials Overhead"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        ON_HOLD = "on_hold", "On hold"
        CLOSED = "closed", "Closed"

    OVERHEAD = (Type.ADMINISTRATIVE_OVERHEAD, Type.MATERIALS_OVERHEAD)

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="jobs")
    name = models.CharField(max_length=100)
    type = models.CharField(max_length=16, choices=Type.choices, default=Type.MOVE)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    leads = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="leads_jobs", verbose_name="team leads"
    )
    charge_rate = models.DecimalField(
        max_digits=7, decimal_places=2, null=True, blank=True, validators=NOT_NEGATIVE,
        help_text="Dollars per hour whatever the task. Empty: the rate of each job code.",
    )  # fmt: skip
    starts_on = models.DateField("starts", null=True, blank=True)

    class Meta:
        ordering = ["client__name", "name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="job_has_a_name"),
            models.CheckConstraint(
                condition=Q(charge_rate__isnull=True) | Q(charge_rate__gte=0), name="job_charge_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client} – {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("clients:job", args=[self.pk])

    @property
    def is_overhead(self) -> bool:
        return self.type in self.OVERHEAD

    def clean(self) -> None:
        """Overhead belongs to our own company, and only overhead does. Raises ValidationError next to the type."""
        if self.client_id and self.is_overhead != self.client.is_own_company:
            raise ValidationError(
                {"type": "Administrative and Materials Overhead are jobs of our own company, and only they are."}
            )
