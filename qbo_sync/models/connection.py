"""A QuickBooks company that this office is, or was, connected to."""

import datetime as dt

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from encrypted_fields.fields import EncryptedTextField

from invoices.models import Invoice


class Connection(models.Model):
    """One row per (environment, realm) ever connected, at most one of them active.

    Disconnecting wipes the tokens and keeps the row: the same company finds its links again, another's never mix in.
    `lease_*` say which engine may write at QuickBooks (qbo_sync.runs.lease); `refresh_*` who is refreshing the tokens
    (qbo_sync.connection.tokens). Both are claimed by conditional updates, so that no row lock is held over HTTP.
    """

    class State(models.TextChoices):
        CONNECTED = "connected", "Connected"
        RECONNECT = "reconnect", "Needs to be reconnected"
        DISCONNECTED = "disconnected", "Disconnected"

    class Numbers(models.TextChoices):
        """Who numbers what is invoiced (qbo-api.md §8.9, DocNumber)."""

        OURS = "ours", "The number that it has here"
        QUICKBOOKS = "quickbooks", "The next number of QuickBooks, where QuickBooks numbers by itself"

    class ClassTracking(models.TextChoices):
        """Where QuickBooks keeps the class of what is sold (qbo-api.md §8.12)."""

        NONE = "", "Classes are not tracked"
        DOCUMENT = "document", "One class for each invoice"
        LINE = "line", "A class for each line"

    class NameRule(models.TextChoices):
        """How a name is made another one, where somebody bears it at QuickBooks already (qbo-api.md §7.3)."""

        SUFFIX = "suffix", "With the suffix of its list, such as “Mary Ford (V)”"
        TOWN = "town", "With its town, such as “Mary Ford (Madison)”; where none is known, with the suffix"

    environment = models.CharField(max_length=10)
    realm_id = models.CharField("realm (QuickBooks company id)", max_length=30)
    company_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DISCONNECTED)
    is_active = models.BooleanField(default=False, editable=False)
    access_token = EncryptedTextField(null=True, blank=True, editable=False)
    refresh_token = EncryptedTextField(null=True, blank=True, editable=False)
    access_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    refresh_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    connected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    connected_at = models.DateTimeField(null=True, blank=True)
    disconnected_at = models.DateTimeField(null=True, blank=True)
    go_live_date = models.DateField(
        "go-live date", null=True, blank=True, help_text="Nothing dated before this day is copied to QuickBooks."
    )
    copies_everything = models.BooleanField(
        default=False, editable=False, help_text="Somebody decided so: there is no go-live date."
    )
    copied_from_status = models.CharField(
        "Invoices are copied from this status on",
        max_length=11,
        choices=[choice for choice in Invoice.Status.choices if choice[0] not in ("preliminary", "voided")],
        default=Invoice.Status.FINALIZED,
    )
    invoice_numbers = models.CharField(
        "Number of an invoice at QuickBooks", max_length=10, choices=Numbers.choices, default=Numbers.OURS
    )
    jobs_are_customers = models.BooleanField("Jobs become sub-customers of their client", default=False)
    receipts_are_copied = models.BooleanField("Receipts of expenses are attached", default=True)
    long_run_minutes = models.PositiveSmallIntegerField(
        "A run is long from so many minutes on", null=True, blank=True, default=10, validators=[MinValueValidator(1)]
    )
    name_rule = models.CharField(
        "A free name is offered", max_length=6, choices=NameRule.choices, default=NameRule.SUFFIX
    )
    customer_suffix = models.CharField("Suffix of clients", max_length=20, default="(C)")
    vendor_suffix = models.CharField("Suffix of organizations and contractors", max_length=20, default="(V)")
    employee_suffix = models.CharField("Suffix of employees", max_length=20, default="(E)")
    # What QuickBooks said of the company when it was last asked: qbo_sync.connection.preferences.
    books_closed_on = models.DateField("books closed up to", null=True, blank=True, editable=False)
    numbers_itself = models.BooleanField(default=False, editable=False)
    uses_sales_tax = models.BooleanField(default=True, editable=False)
    automated_tax = models.BooleanField(default=False, editable=False)
    tax_code = models.CharField(max_length=30, blank=True, editable=False)
    class_tracking = models.CharField(max_length=8, choices=ClassTracking.choices, blank=True, editable=False)
    tracks_locations = models.BooleanField(default=False, editable=False)
    has_payroll = models.BooleanField(default=False, editable=False)
    lease_number = models.PositiveBigIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    refresh_claim = models.UUIDField(null=True, blank=True, editable=False)
    refresh_claimed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["environment", "realm_id"], name="connection_once_a_company"),
            models.UniqueConstraint(fields=["is_active"], condition=Q(is_active=True), name="connection_one_active"),
            models.CheckConstraint(
                condition=Q(is_active=True) ^ Q(state="disconnected"), name="connection_active_unless_disconnected"
            ),
            models.CheckConstraint(
                condition=Q(go_live_date__isnull=True) | Q(copies_everything=False),
                name="connection_copies_everything_or_from_a_day_on",
            ),
            models.CheckConstraint(
                condition=~Q(state="disconnected") | Q(access_token__isnull=True, refresh_token__isnull=True),
                name="connection_disconnected_has_no_tokens",
            ),
        ]

    def __str__(self) -> str:
        return self.company_name or f"QuickBooks company {self.realm_id}"

    @classmethod
    def active(cls) -> "Connection | None":
        """The connected company, None where there is none."""
        return cls.objects.filter(is_active=True).first()

    @property
    def is_connected(self) -> bool:
        return self.state == self.State.CONNECTED


class AuthorizationRequest(models.Model):
    """A trip to Intuit's sign-in that somebody has begun: its state is single-use and bound to the browser session.

    Where they came back with another company than the one linked so far, its name and tokens wait for their choice.
    """

    LIFETIME = dt.timedelta(minutes=30)

    state_digest = models.CharField(max_length=64, unique=True)
    session_digest = models.CharField(max_length=64)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    realm_id = models.CharField("realm (QuickBooks company id)", max_length=30, blank=True)
    company_name = models.CharField(max_length=200, blank=True)
    access_token = EncryptedTextField(null=True, blank=True, editable=False)
    refresh_token = EncryptedTextField(null=True, blank=True, editable=False)
    access_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    refresh_expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(refresh_token__isnull=True) | ~Q(realm_id=""), name="authorization_waits_with_its_company"
            )
        ]

    def __str__(self) -> str:
        return f"Sign-in begun by {self.asked_by}"
