"""“Never this one”: a record at QuickBooks that somebody said is not one of ours, so that it is not offered again."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from qbo_sync.models.connection import Connection
from qbo_sync.models.kinds import Entity, Kind


class RuledOut(models.Model):
    """One such answer."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="ruled_out")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    record_id = models.PositiveBigIntegerField()
    entity = models.CharField(max_length=20, choices=Entity.choices)
    qbo_id = models.CharField("QBO ID", max_length=30)
    ruled_out_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ruled_out_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "ruled out"
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "kind", "record_id", "entity", "qbo_id"], name="ruled_out_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.qbo_id} is not {self.kind} {self.record_id}"
