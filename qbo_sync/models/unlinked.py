"""Links that were taken away: which record was which at QuickBooks, until when, and why it is not any more."""

from django.conf import settings
from django.db import models

from qbo_sync.models.connection import Connection
from qbo_sync.models.kinds import Entity, Kind
from qbo_sync.models.link import Link


class Unlinked(models.Model):
    """One link that somebody took away. The record may be gone since, so its name is kept in words."""

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="unlinked")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    record_id = models.PositiveBigIntegerField()
    label = models.CharField(max_length=300)
    entity = models.CharField(max_length=20, choices=Entity.choices)
    qbo_id = models.CharField("QBO ID", max_length=30)
    origin = models.CharField(max_length=8, choices=Link.Origin.choices)
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()
    unlinked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unlinked_at = models.DateTimeField()
    reason = models.CharField(max_length=500)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "unlinked"
        indexes = [models.Index(fields=["kind", "record_id"])]
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="unlinked_says_why")]

    def __str__(self) -> str:
        return f"{self.entity} {self.qbo_id} · {self.label}"
