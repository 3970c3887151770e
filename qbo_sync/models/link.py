"""Which record here is which record at QuickBooks."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from associates.models import Associate
from clients.models import Client, Job
from hours.models import ExpenseEntry, HourEntry, MileageEntry
from invoices.models import Invoice, Payment, PaymentMethod, Term
from organizations.models import Organization
from qbo_sync.models.connection import Connection
from qbo_sync.models.kinds import NAME_ENTITIES, Entity, Kind


def _exactly_one_record() -> Q:
    condition = Q()
    for kind in Kind.values:
        condition |= Q(**{f"{other}__isnull": other != kind for other in Kind.values})
    return condition


def _to(model: type[models.Model], related_name: str = "qbo_links") -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(model, null=True, blank=True, on_delete=models.PROTECT, related_name=related_name)


class Link(models.Model):
    """One record of ours and its QBO ID at one connection. Without a QBO ID it is reserved: a write is under way."""

    class Origin(models.TextChoices):
        PUSHED = "pushed", "Copied from here"
        IMPORTED = "imported", "Imported from QuickBooks"
        MATCHED = "matched", "Matched"

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="links")
    client = _to(Client)
    associate = _to(Associate)
    organization = _to(Organization)
    job = _to(Job)
    hour_entry = _to(HourEntry)
    mileage_entry = _to(MileageEntry)
    expense_entry = _to(ExpenseEntry)
    receipt = _to(ExpenseEntry, "qbo_receipt_links")
    invoice = _to(Invoice)
    payment = _to(Payment)
    payment_method = _to(PaymentMethod)
    term = _to(Term)
    entity = models.CharField(max_length=20, choices=Entity.choices)
    qbo_id = models.CharField("QBO ID", max_length=30, null=True, blank=True)
    sync_token = models.CharField(max_length=20, blank=True)
    source_version = models.PositiveIntegerField(null=True, blank=True)
    source_hash = models.CharField(max_length=64, blank=True)
    compared_version = models.PositiveIntegerField(
        null=True, blank=True, help_text="The last version of our record that was compared with what was copied."
    )
    origin = models.CharField(max_length=8, choices=Origin.choices)
    attempt = models.ForeignKey(
        "qbo_sync.Attempt", null=True, blank=True, on_delete=models.PROTECT, related_name="links"
    )
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_exactly_one_record(), name="link_exactly_one_record"),
            models.UniqueConstraint(fields=["connection", "entity", "qbo_id"], name="link_qbo_id_once"),
            models.CheckConstraint(condition=~Q(qbo_id=""), name="link_reserved_is_null_not_empty"),
            models.CheckConstraint(
                condition=Q(qbo_id__isnull=False) | Q(attempt__isnull=False), name="link_reserved_by_an_attempt"
            ),
            *(models.UniqueConstraint(fields=["connection", kind], name=f"link_{kind}_once") for kind in Kind.values),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.qbo_id or '(being copied)'}"

    @property
    def kind(self) -> Kind:
        return next(Kind(kind) for kind in Kind.values if getattr(self, f"{kind}_id") is not None)

    @property
    def record_id(self) -> int:
        return getattr(self, f"{self.kind}_id")

    @property
    def is_of_a_name(self) -> bool:
        """Whether it links with one of QuickBooks' three name lists."""
        return self.entity in NAME_ENTITIES

    @property
    def is_reserved(self) -> bool:
        return self.qbo_id is None
