"""The people of the company, who are also its users (domain.md §2)."""

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from smmware.core.models import TrackedModel, VersionedModel, VersionedQuerySet
from smmware.core.permissions import Access, Area, Level, may


class AssociateQuerySet(VersionedQuerySet):
    def who_may_enter_time(self) -> "AssociateQuerySet":
        """Active people and vehicles: those whose hours and miles are recorded."""
        return self.filter(is_active=True)


class AssociateManager(BaseUserManager.from_queryset(AssociateQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> "Associate":
        """The associate who signs in by this name. Nobody signs in without one."""
        if not username:
            raise self.model.DoesNotExist
        return self.get(username__iexact=username)


class Associate(AbstractBaseUser, VersionedModel):
    """An employee, a contractor, or a vehicle that is scheduled like one.

    `username` is null until somebody assigns one: an imported person cannot sign in before that.
    """

    class Kind(models.TextChoices):
        EMPLOYEE = "employee", "Employee"
        CONTRACTOR = "contractor", "Contractor"
        VEHICLE = "vehicle", "Vehicle"

    username = models.CharField(
        max_length=150,
        null=True,
        blank=True,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": "Somebody else has this username already."},
        help_text="Letters, digits and @ . + - _. Capitals do not matter.",
    )
    first_name = models.CharField(max_length=100, blank=True)
    middle_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.EMPLOYEE)
    email = models.EmailField("e-mail", max_length=100, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField("street address", max_length=255, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=50, blank=True)
    postal_code = models.CharField("ZIP code", max_length=20, blank=True)
    hired_on = models.DateField("hire date", null=True, blank=True)
    level = models.PositiveSmallIntegerField("permission level", choices=Level.choices, default=Level.BASIC_USER)
    qbo_admin = models.BooleanField("QBO Admin?", default=False, choices=((True, "Yes"), (False, "No")))
    is_active = models.BooleanField("active", default=True)

    objects: ClassVar[AssociateManager] = AssociateManager()
    unversioned: ClassVar[frozenset[str]] = frozenset({"last_login"})

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(level__in=Level.values), name="associate_level_known"),
            models.CheckConstraint(condition=~Q(username=""), name="associate_username_null_not_empty"),
            models.UniqueConstraint(
                Lower("username"),
                name="associate_username_once",
                violation_error_message="Somebody else has this username already.",
            ),
            models.CheckConstraint(condition=~(Q(first_name="") & Q(last_name="")), name="associate_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("associates:detail", args=[self.pk])

    @property
    def name(self) -> str:
        """Given, middle and family name, as QuickBooks composes it too."""
        return " ".join(part for part in (self.first_name, self.middle_name, self.last_name) if part)

    @property
    def postal_address(self) -> str:
        """Street, city, state and ZIP code in one line."""
        place = " ".join(part for part in (self.state, self.postal_code) if part)
        return ", ".join(part for part in (self.address, self.city, place) if part)

    @property
    def is_vehicle(self) -> bool:
        return self.kind == self.Kind.VEHICLE

    @property
    def can_sign_in(self) -> bool:
        """Whether this associate is active and has both a username and a password."""
        return self.is_active and bool(self.username and self.password) and self.has_usable_password()

    # What django.contrib.admin asks: the site administration is for Company Owners.
    @property
    def is_staff(self) -> bool:
        return may(self, Area.ADMIN_SITE, Access.MANAGE)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff

    def rate_on(self, day: dt.date) -> Decimal | None:
        """The hourly rate in dollars in force on `day`, None where there is none (domain.md §2, rate history rule)."""
        rate = self.hourly_rates.filter(effective_from__lte=day).order_by("-effective_from").first()
        return rate.rate if rate else None


class HourlyRate(TrackedModel):
    """What an associate is paid per hour from a date on. The past is never rewritten: a new rate is a new row."""

    associate = models.ForeignKey(Associate, on_delete=models.CASCADE, related_name="hourly_rates")
    rate = models.DecimalField(max_digits=7, decimal_places=2, validators=[MinValueValidator(Decimal(0))])
    effective_from = models.DateField()

    class Meta:
        ordering = ["associate", "-effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["associate", "effective_from"], name="hourly_rate_one_a_day"),
            models.CheckConstraint(condition=Q(rate__gte=0), name="hourly_rate_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.associate}: {self.rate} from {self.effective_from}"
