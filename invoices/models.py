"""Invoices, their lines, and how they are paid (domain.md §7)."""

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import DecimalField, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Lower, Round
from django.urls import reverse

from clients.models import Job
from hours.models import CENT, ExpenseEntry, FlatFee, HourEntry, MileageEntry
from smmware.core.display import money
from smmware.core.models import TrackedModel, VersionedModel, VersionedQuerySet

MONEY = DecimalField(max_digits=11, decimal_places=2)
ZERO = Value(Decimal("0.00"), output_field=MONEY)


class PaymentMethod(TrackedModel):
    """How a client pays, such as by check; an import may fill in more."""

    name = models.CharField(max_length=31)
    is_active = models.BooleanField("active", default=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="payment_method_once")]

    def __str__(self) -> str:
        return self.name


class Term(TrackedModel):
    """By when an invoice is due, such as “Net 30”; an import may fill in more."""

    name = models.CharField(max_length=31)
    due_days = models.PositiveSmallIntegerField("due after (days)", default=0)
    is_active = models.BooleanField("active", default=True)

    class Meta:
        ordering = ["due_days", "name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="term_once")]

    def __str__(self) -> str:
        return self.name

    def due_date(self, issued_on: dt.date) -> dt.date:
        """The day by which an invoice of `issued_on` is to be paid."""
        return issued_on + dt.timedelta(days=self.due_days)


class InvoiceSettings(TrackedModel):
    """“4) Invoices and Terms” of the settings editor: one row, made when first saved."""

    class PaymentsAt(models.TextChoices):
        """Where payments are recorded: in one place, or they would be counted twice."""

        ELSEWHERE = "elsewhere", "In QuickBooks, or another bookkeeping program"
        HERE = "here", "Here, on the page of the invoice"

    singleton = models.BooleanField(default=True, unique=True, editable=False)
    payments_at = models.CharField(
        "payments are recorded", max_length=9, choices=PaymentsAt.choices, default=PaymentsAt.ELSEWHERE
    )
    term = models.ForeignKey(
        Term, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name="usual term",
        help_text="Offered first when an invoice is made.",
    )  # fmt: skip
    phone = models.CharField(max_length=30, blank=True, help_text="Printed beside the company's address.")
    email = models.EmailField(
        "e-mail", max_length=100, blank=True, help_text="Printed too; answers to a sent invoice go there."
    )
    closing_words = models.TextField(
        max_length=1000, blank=True, help_text="Printed under every invoice, such as how to pay it."
    )
    covering_letter = models.TextField(
        max_length=2000, default="Please find our invoice attached. Thank you for letting us help you move.",
        help_text="The words of the e-mail with which an invoice is sent; they can be changed each time.",
    )  # fmt: skip

    class Meta:
        verbose_name_plural = "invoice settings"
        constraints = [models.CheckConstraint(condition=Q(singleton=True), name="invoice_settings_only_one")]

    def __str__(self) -> str:
        return "Invoices and Terms"

    @property
    def payments_here(self) -> bool:
        """Whether payments are recorded here."""
        return self.payments_at == self.PaymentsAt.HERE

    @classmethod
    def current(cls) -> "InvoiceSettings":
        """The one row. Not saved until somebody fills in Settings, so that reading never writes."""
        return cls.objects.select_related("term").first() or cls()


class InvoiceQuerySet(VersionedQuerySet):
    def with_total(self) -> "InvoiceQuerySet":
        """Annotate `total_amount` (lines and adjustment) and `paid_amount`, in dollars, in the same query.

        To the cent: SQLite sums with more digits, and an invoice that is paid would be found open.
        """
        lines = InvoiceLine.objects.filter(invoice=OuterRef("pk")).order_by().values("invoice")
        payments = Payment.objects.filter(invoice=OuterRef("pk")).order_by().values("invoice")
        return self.annotate(
            total_amount=_to_cents(_sum_of(lines) + F("adjustment")), paid_amount=_to_cents(_sum_of(payments))
        )


def _sum_of(rows: models.QuerySet) -> Coalesce:
    """What some rows come to, in the database; nothing where there is none."""
    return Coalesce(Subquery(rows.annotate(sum=Sum("amount")).values("sum"), output_field=MONEY), ZERO)


def _to_cents(figure: Any) -> Round:
    return Round(figure, precision=2, output_field=MONEY)


class Invoice(VersionedModel):
    """An invoice for one job: itemized (its lines bill entries) or flat (one line, the entries below at no charge)."""

    class Kind(models.TextChoices):
        ITEMIZED = "itemized", "Itemized"
        FLAT = "flat", "Flat amount"

    class Status(models.TextChoices):
        """In order (domain.md §7)."""

        PRELIMINARY = "preliminary", "Preliminary"
        FINALIZED = "finalized", "Finalized"
        TL_APPROVED = "tl_approved", "TL approved"
        SENT = "sent", "Sent"
        OVERDUE = "overdue", "Overdue"
        PAID = "paid", "Paid"
        VOIDED = "voided", "Voided"  # outside the order, and for good

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="invoices")
    number = models.CharField(max_length=21, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.ITEMIZED)
    status = models.CharField(max_length=11, choices=Status.choices, default=Status.PRELIMINARY)
    date = models.DateField()
    term = models.ForeignKey(Term, null=True, blank=True, on_delete=models.PROTECT, related_name="invoices")
    due_date = models.DateField(null=True, blank=True)
    adjustment = models.DecimalField(max_digits=9, decimal_places=2, default=Decimal(0))
    internal_note = models.TextField(max_length=4000, blank=True, help_text="Not printed.")
    public_note = models.TextField(max_length=1000, blank=True, help_text="Printed on the invoice.")
    void_reason = models.CharField("reason of the void", max_length=500, blank=True, editable=False)
    voided_at = models.DateTimeField(null=True, blank=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "-pk"]
        indexes = [models.Index(fields=["status", "date"])]
        constraints = [
            models.CheckConstraint(condition=~Q(number=""), name="invoice_has_a_number"),
            models.CheckConstraint(
                condition=Q(due_date__isnull=True) | Q(due_date__gte=F("date")), name="invoice_due_not_before_its_date"
            ),
            models.CheckConstraint(
                condition=Q(~Q(void_reason=""), status="voided", voided_at__isnull=False, voided_by__isnull=False)
                | Q(~Q(status="voided"), void_reason="", voided_at__isnull=True, voided_by__isnull=True),
                name="invoice_voided_says_why_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"Invoice {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("invoices:detail", args=[self.pk])

    @property
    def total(self) -> Decimal:
        """The sum of lines and adjustment, in dollars."""
        annotated = getattr(self, "total_amount", None)
        return sum((line.amount for line in self.lines.all()), self.adjustment) if annotated is None else annotated


SOURCES = ("hour_entry", "mileage_entry", "expense_entry", "flat_fee")


def _one_source_at_most() -> Q:
    condition = Q(**{f"{name}__isnull": True for name in SOURCES})
    for source in SOURCES:
        condition |= Q(**{f"{name}__isnull": name != source for name in SOURCES})
    return condition


class InvoiceLine(TrackedModel):
    """One line. It bills one entry at most, and an entry is billed once at most: the database holds both.

    Under a flat invoice the entries stand as `covered` lines: they are billed by the flat amount, print nothing and
    cost nothing of their own.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=4000, blank=True)
    quantity = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    rate = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    amount = models.DecimalField(max_digits=11, decimal_places=2)
    taxable = models.BooleanField(default=False)
    covered = models.BooleanField(default=False)
    hour_entry = models.OneToOneField(HourEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="line")
    mileage_entry = models.OneToOneField(
        MileageEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="line"
    )
    expense_entry = models.OneToOneField(
        ExpenseEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="line"
    )
    flat_fee = models.OneToOneField(FlatFee, null=True, blank=True, on_delete=models.PROTECT, related_name="line")

    class Meta:
        ordering = ["invoice", "position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="line_one_a_position"),
            models.CheckConstraint(condition=_one_source_at_most(), name="line_one_source_at_most"),
            models.CheckConstraint(condition=Q(covered=False) | Q(amount=0), name="line_covered_costs_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice}, line {self.position}"

    def get_absolute_url(self) -> str:
        return self.invoice.get_absolute_url()

    @property
    def source(self) -> HourEntry | MileageEntry | ExpenseEntry | FlatFee | None:
        """The entry that this line bills."""
        return next((entry for name in SOURCES if (entry := getattr(self, name)) is not None), None)


class Payment(VersionedModel):
    """Money received for an invoice, all or in part."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="payments")
    date = models.DateField()
    amount = models.DecimalField(max_digits=9, decimal_places=2, validators=[MinValueValidator(CENT)])
    method = models.ForeignKey(PaymentMethod, null=True, blank=True, on_delete=models.PROTECT, related_name="payments")
    reference = models.CharField("check or reference number", max_length=21, blank=True)

    class Meta:
        ordering = ["-date", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive")]

    def __str__(self) -> str:
        return f"Payment of {money(self.amount)} for {self.invoice}"

    def get_absolute_url(self) -> str:
        return self.invoice.get_absolute_url()


class Delivery(TrackedModel):
    """An invoice was mailed: to whom, when, and by whom."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="deliveries")
    to = models.EmailField(max_length=100)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-sent_at", "-pk"]
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.invoice} to {self.to}"
