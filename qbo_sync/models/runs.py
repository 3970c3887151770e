"""Work at QuickBooks: a run, its steps, and every writing request as an attempt (design.md §3)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from qbo_sync.models.connection import Connection
from qbo_sync.models.kinds import Entity, Kind
from qbo_sync.models.reasons import Reason
from qbo_sync.models.states import AttemptState, RunState, StepState


class ImportList(models.TextChoices):
    """The lists that can be imported, in the manual's order."""

    ACCOUNTS = "accounts", "Chart of Accounts"
    ITEMS = "items", "Items"
    PAYMENT_METHODS = "payment_methods", "Payment Methods"
    TERMS = "terms", "Terms"
    CLASSES = "classes", "Classes"
    LOCATIONS = "locations", "Locations"
    CLIENTS = "clients", "Clients"
    VENDORS = "vendors", "Vendors"
    ASSOCIATES = "associates", "Associates"


class Run(models.Model):
    """Something that somebody asked for: copying records, or importing a list."""

    class Type(models.TextChoices):
        PUSH = "push", "Copy to QuickBooks"
        IMPORT = "import", "Import from QuickBooks"
        UPDATE = "update", "Change at QuickBooks what was copied"
        REVERSE = "reverse", "Take back at QuickBooks what was copied"
        VOID = "void", "Void here and at QuickBooks"
        MATCH = "match", "Link old invoices"

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="runs")
    type = models.CharField(max_length=8, choices=Type.choices)
    reverses = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversals")
    title = models.CharField(max_length=200)
    reason = models.CharField(max_length=500, blank=True, help_text="Why its invoices are voided.")
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.PLANNED)
    import_list = models.CharField(max_length=20, choices=ImportList.choices, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="Who pressed “Next” last; nobody yet, or nobody had to.",
    )  # fmt: skip
    back_url = models.CharField(max_length=2000, blank=True, help_text="The page that the run was asked from.")
    created_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True, blank=True)
    waits_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when it waits for a person, after it has worked."
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    told_of = models.DateTimeField(
        null=True, blank=True, help_text="The ending that whoever asked was told of, or need not be."
    )
    tell_after = models.DateTimeField(null=True, blank=True, help_text="Nobody else tells of its ending before this.")
    read_up_to = models.CharField(
        max_length=30, blank=True, default="", help_text="QBO ID of the last row that an import has read until now."
    )
    planned_at = models.DateTimeField(null=True, blank=True, help_text="When an import had read what it is to do.")
    with_jobs = models.BooleanField("Sub-customers too, as jobs of their client", default=False)
    with_inactive = models.BooleanField("Inactive ones too", default=False)
    size = models.PositiveIntegerField(default=0, help_text="How many records there are to copy or read.")
    progress = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict, blank=True)
    message = models.TextField(blank=True, help_text="Why it waits or stopped, in plain words.")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["connection", "state"])]
        constraints = [
            models.CheckConstraint(condition=Q(type="import") ^ Q(import_list=""), name="run_import_names_its_list"),
            models.CheckConstraint(
                condition=Q(type="reverse") ^ Q(reverses__isnull=True), name="run_reversal_names_its_run"
            ),
            models.CheckConstraint(condition=Q(type="void") ^ Q(reason=""), name="run_void_says_why"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("qbo:import_report" if self.type == self.Type.IMPORT else "qbo:run", args=[self.pk])

    @property
    def actor(self) -> Any:
        """Whose work it is: that of whoever pressed “Next”, until then of whoever asked for it."""
        return self.confirmed_by or self.asked_by

    @property
    def actor_id(self) -> int:
        return self.confirmed_by_id or self.asked_by_id

    @property
    def worked_until(self) -> Any:
        """Until when it worked, or waited for its turn, since it was queued last; None where it still does."""
        return self.waits_since or self.finished_at

    @property
    def is_over(self) -> bool:
        return self.state in (RunState.DONE, RunState.CANCELLED, RunState.FAILED)


class Attempt(models.Model):
    """One writing request, committed with its exact body before it is sent."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="attempts")
    request_id = models.CharField(max_length=36, unique=True)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=AttemptState.choices, default=AttemptState.SENT)
    lease_number = models.PositiveBigIntegerField()
    sent_at = models.DateTimeField()
    sent_again_at = models.DateTimeField(null=True, blank=True)
    sends = models.PositiveSmallIntegerField(default=1, help_text="How often it was sent, byte for byte.")
    looks = models.PositiveSmallIntegerField(default=0, help_text="How often it was looked for in vain.")
    look_at = models.DateTimeField(null=True, blank=True, help_text="Not to be looked for again before this.")
    answered_at = models.DateTimeField(null=True, blank=True)
    transaction_id = models.CharField("Intuit's transaction id", max_length=100, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return f"Request {self.request_id}"


class FoundDocument(models.Model):
    """A document at QuickBooks that may be the record of a step: what a person chooses from.

    Either the step's answer was lost, or somebody may have made the document by hand: then it says how sure that is.
    """

    step = models.ForeignKey("qbo_sync.Step", on_delete=models.CASCADE, related_name="found")
    entity = models.CharField(max_length=20, choices=Entity.choices)
    qbo_id = models.CharField("QBO ID", max_length=30)
    sync_token = models.CharField(max_length=20, blank=True)
    date = models.DateField(null=True, blank=True)
    number = models.CharField(max_length=21, blank=True)
    person = models.CharField(max_length=500, blank=True)
    amount = models.DecimalField(max_digits=15, decimal_places=2, null=True, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    description = models.CharField(max_length=500, blank=True)
    how_sure = models.CharField(max_length=8, blank=True, help_text="Empty where an answer was lost.")
    why = models.CharField(max_length=200, blank=True)
    differs = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["step", "qbo_id"], name="found_document_once")]

    def __str__(self) -> str:
        return f"{self.get_entity_display()} {self.qbo_id}"


class Step(models.Model):
    """One record of a run: what is to happen to it, and what did.

    What a plan says nothing of has its default in the database, too: a plan inserts many steps at once (push/steps).
    """

    # Its index would be a fourth that begins with the run: each one more makes twenty thousand steps slower to insert.
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps", db_index=False)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    record_id = models.PositiveBigIntegerField()
    entity = models.CharField(max_length=20, choices=Entity.choices, blank=True)
    label = models.CharField(max_length=300)
    brought_along = models.BooleanField(default=False)
    version_seen = models.PositiveIntegerField()
    needs = models.JSONField(
        default=list, blank=True, help_text="Positions of the steps that must be at QuickBooks first."
    )
    amount = models.DecimalField(max_digits=11, decimal_places=2, null=True, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=StepState.choices)
    tries = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How many requests failed to bring it over through no fault of the record."
    )
    create_anyway = models.BooleanField(
        default=False, db_default=False, help_text="A person said: none of these, create a new one."
    )
    without_links = models.BooleanField(
        default=False, db_default=False, help_text="QuickBooks did not take the links with hours: it goes without them."
    )
    differences = models.JSONField(
        default=list,
        db_default=[],
        blank=True,
        help_text="Field by field what it says here and, since somebody edited it, there.",
    )
    seen_token = models.CharField(
        max_length=20,
        blank=True,
        default="",
        db_default="",
        help_text="The SyncToken of the record at QuickBooks that a person was shown.",
    )
    overwrites = models.BooleanField(
        default=False, db_default=False, help_text="A person said: send ours over what was shown."
    )
    free_number = models.CharField(
        max_length=21,
        blank=True,
        default="",
        db_default="",
        help_text="Offered where its number is taken: free here and at QuickBooks.",
    )
    reason = models.CharField(
        max_length=14,
        choices=Reason.choices,
        blank=True,
        help_text="What is in its way, or in that of what it needs.",
    )
    fault_code = models.CharField(max_length=20, blank=True, default="", db_default="")
    message = models.TextField(blank=True, help_text="What happened and what to do, in plain words.")
    mend = models.CharField(max_length=20, blank=True, help_text="Which button mends it.")
    attempt = models.ForeignKey(
        Attempt, null=True, blank=True, on_delete=models.PROTECT, related_name="steps", db_index=False
    )
    transaction_id = models.CharField("Intuit's transaction id", max_length=100, blank=True, default="", db_default="")

    class Meta:
        ordering = ["run", "position"]
        indexes = [
            models.Index(fields=["run", "state"]),
            models.Index(fields=["kind", "record_id"]),
            models.Index(fields=["attempt"], name="step_of_an_attempt", condition=models.Q(attempt__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="step_one_a_position"),
            models.UniqueConstraint(fields=["run", "kind", "record_id"], name="step_once_a_record"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.label}"
