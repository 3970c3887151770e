"""An import row by row: what is planned for it, what a person chose, what became of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from qbo_sync.models.connection import Connection
from qbo_sync.models.kinds import Entity
from qbo_sync.models.runs import Run


class Outcome(models.TextChoices):
    """What is to become of a row, or what became of it."""

    CHOICE = "choice", "Needs your choice"
    NEW = "new", "New"
    LINKED = "linked", "Linked"
    UPDATED = "updated", "Updated"
    NOTICED = "noticed", "Changed at QuickBooks"
    UNCHANGED = "unchanged", "Unchanged"
    LEFT = "left_alone", "Left alone"

    @property
    def in_words(self) -> str:
        """As it is counted in a sentence: “3 to be chosen”."""
        return "to be chosen" if self == Outcome.CHOICE else f"{self.label[0].lower()}{self.label[1:]}"


class ImportRow(models.Model):
    """One row of the list at QuickBooks, within one import.

    `answer` is what is to be done with it, by the plan or by a person (`qbo_sync.pull.answers`); `outcome` follows from
    it, and from what the run takes in. A row is open until it is carried out; one that cannot be chosen for never is.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="rows")
    qbo_id = models.CharField("QBO ID", max_length=30)
    name = models.CharField(max_length=500, help_text="As it is called at QuickBooks.")
    sync_token = models.CharField(max_length=20, blank=True, default="")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    answer = models.CharField(max_length=40, blank=True, default="")
    is_open = models.BooleanField(default=False)
    is_job = models.BooleanField(default=False, help_text="A sub-customer.")
    is_inactive = models.BooleanField(default=False, help_text="Inactive at QuickBooks.")
    parent_id = models.CharField(max_length=30, blank=True, default="", help_text="Of a sub-customer: its client's.")
    note = models.TextField(blank=True, default="", help_text="Why, or what is to be known of it, in plain words.")
    candidates = models.JSONField(default=list, blank=True, help_text="Which of ours it may be, the likeliest first.")
    values = models.JSONField(
        default=dict, blank=True, help_text="What a new record is made of; empty once that is done."
    )

    class Meta:
        ordering = ["run", "pk"]
        indexes = [models.Index(fields=["run", "outcome"])]
        constraints = [models.UniqueConstraint(fields=["run", "qbo_id"], name="import_row_once")]

    def __str__(self) -> str:
        return f"{self.qbo_id} {self.name}"


class LeftOut(models.Model):
    """A record at QuickBooks that somebody left out of an import: it stays out until somebody says otherwise."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="left_out")
    entity = models.CharField(max_length=20, choices=Entity.choices)
    qbo_id = models.CharField("QBO ID", max_length=30)
    left_out_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    left_out_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "left out"
        constraints = [models.UniqueConstraint(fields=["connection", "entity", "qbo_id"], name="left_out_once")]

    def __str__(self) -> str:
        return f"{self.entity} {self.qbo_id} is left out"
