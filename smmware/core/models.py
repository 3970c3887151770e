"""The company itself, the bases of the records that people edit, and the history of their changes."""

from collections.abc import Collection, Iterable
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo, available_timezones

from auditlog.models import AbstractLogEntry, LogEntryManager
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.db.models.expressions import BaseExpression

from smmware.core import history


def validate_time_zone(value: str) -> None:
    """Raise ValidationError unless `value` names an IANA time zone, such as America/Chicago."""
    if value not in available_timezones():
        raise ValidationError(
            "“%(value)s” is not a time zone. Choose one such as America/Chicago.", params={"value": value}
        )


class TrackedQuerySet(models.QuerySet):
    """Writes by the set are in the history too: Django tells nobody of them."""

    def update(self, **values: Any) -> int:
        names = history.tracked_fields(self.model, values)
        if not names:
            return super().update(**values)
        with transaction.atomic(using=self.db):
            before = {record.pk: record for record in self._held(names)}
            count = super().update(**values)
            history.note_updated(before, self._as_now(before, names, values), names)
        return count

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        records = list(objs)
        if history.history_kept(self.model) is None:
            return super().bulk_create(records, *args, **kwargs)
        with transaction.atomic(using=self.db):
            before = self._conflicting(records, kwargs.get("unique_fields"))
            made = super().bulk_create(records, *args, **kwargs)
            history.note_created(record for record in made if record.pk not in before)
            history.note_updated(before, made, kwargs.get("update_fields") or ())
        return made

    bulk_create.alters_data = True  # type: ignore[attr-defined]

    def _held(self, names: Iterable[str]) -> models.QuerySet:
        """The rows as they are, kept from others until the end of the transaction: who is first is in the history."""
        subject = getattr(history.history_kept(self.model), "subject", "")
        wanted = self.order_by().only("pk", *names, *([subject] if subject else []))
        return wanted if self.query.distinct else wanted.select_for_update(of=("self",))

    def _as_now(self, before: dict[Any, Any], names: Iterable[str], values: dict[str, Any]) -> Iterable[Any]:
        """The rows after an update: computed where the values are known, read again where the database made them."""
        if any(isinstance(value, BaseExpression | F) for name, value in values.items() if name in names):
            return self.model._base_manager.filter(pk__in=before)
        return [self._with(record, values) for record in before.values()]

    def _with(self, record: Any, values: dict[str, Any]) -> Any:
        known = {
            field.attname: record.__dict__[field.attname]
            for field in self.model._meta.concrete_fields
            if field.attname in record.__dict__
        }
        changed = self.model(**known)
        for name in history.tracked_fields(self.model, values):
            setattr(changed, name, values[name] if name in values else values[f"{name}_id"])
        return changed

    def _conflicting(self, records: Collection[Any], unique_fields: Collection[str] | None) -> dict[Any, Any]:
        """The rows that an upsert is about to change, by primary key."""
        if not unique_fields or not records:
            return {}
        columns = [self.model._meta.get_field(name).attname for name in unique_fields]  # type: ignore[union-attr]
        alike = self.model._base_manager.filter(
            **{f"{column}__in": {getattr(record, column) for record in records} for column in columns}
        )
        keys = {tuple(getattr(record, column) for column in columns) for record in records}
        return {row.pk: row for row in alike if tuple(getattr(row, column) for column in columns) in keys}


class TrackedModel(models.Model):
    """A record whose changes are kept: a write and its line in the history are one transaction."""

    objects: ClassVar = TrackedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)


class Company(TrackedModel):
    """The company whose office this is: one row, made when first asked for."""

    class Integration(models.TextChoices):
        """Manual, “Enable the Integration with QuickBooks Online”: the answer to “Should SMMware integrate …?”"""

        NO = "no", "No"
        QBO = "qbo", "QBO"

    singleton = models.BooleanField(default=True, unique=True, editable=False)
    name = models.CharField(max_length=100, default="My company")
    address = models.TextField(blank=True, max_length=500)
    time_zone = models.CharField(max_length=64, default="America/Los_Angeles", validators=[validate_time_zone])
    integration = models.CharField(
        "Should SMMware integrate with QuickBooks?", max_length=8, choices=Integration.choices, default=Integration.NO
    )

    class Meta:
        verbose_name_plural = "company"
        constraints = [models.CheckConstraint(condition=models.Q(singleton=True), name="company_only_one")]

    def __str__(self) -> str:
        return self.name

    @property
    def integrates_with_qbo(self) -> bool:
        """Whether the first of the manual's two switches is on."""
        return self.integration == self.Integration.QBO

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which its days begin and end."""
        return ZoneInfo(self.time_zone)

    @classmethod
    def current(cls) -> "Company":
        """The one company. Not saved until somebody fills in Settings, so that reading never writes."""
        return cls.objects.first() or cls()


class VersionedQuerySet(TrackedQuerySet):
    """Writes by the set bump the version too, so that nobody's plan or edit goes stale unnoticed."""

    def update(self, **values: Any) -> int:
        values.setdefault("version", F("version") + 1)
        return super().update(**values)


class ChangedMeanwhile(Exception):
    """Somebody else saved the record after it was read."""


class VersionedModel(TrackedModel):
    """A record that people edit. Every write bumps `version` (design.md §3)."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    objects: ClassVar = VersionedQuerySet.as_manager()
    unversioned: ClassVar[frozenset[str]] = (
        frozenset()
    )  # fields that nobody edits: a save of these alone leaves the version

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, one version on. `update_fields` is widened by the version and its date.

        The database counts, not the instance: two saves of one record loaded twice are two versions.
        """
        fields = kwargs.get("update_fields")
        if self._state.adding or (fields is not None and self.unversioned.issuperset(fields)):
            return super().save(*args, **kwargs)
        if fields is not None:
            kwargs["update_fields"] = {*fields, "version", "updated_at"}
        seen, self.version = self.version, F("version") + 1
        try:
            with transaction.atomic():
                super().save(*args, **kwargs)
                seen = self._stored_version()
        finally:
            self.version = seen
        return None

    def _stored_version(self) -> int:
        return type(self)._base_manager.values_list("version", flat=True).get(pk=self.pk)

    def claim_version(self, seen: int) -> None:
        """Keep others from saving this record until the end of the transaction, which must then save it.

        Raises ChangedMeanwhile, with `version` as it is now, where it is not `seen` any more. An UPDATE that changes
        nothing asks and locks in one statement, on every database.
        """
        if not type(self)._base_manager.filter(pk=self.pk, version=seen).update(version=seen):
            self.version = self._stored_version()
            raise ChangedMeanwhile

    def touch(self: Self) -> None:
        """Bump the version alone: something that belongs to this record has changed."""
        type(self)._base_manager.filter(pk=self.pk).update(version=F("version") + 1)


# What django-auditlog could keep besides, and we do not: a bulk insert pays for every column.
NOT_KEPT = frozenset(
    {"serialized_data", "changes_text", "cid", "remote_addr", "remote_port", "additional_data", "actor_email"}
)


class ChangeManager(LogEntryManager):
    """Completes what django-auditlog notes: on whose page it is shown, and who did it."""

    def log_create(self, instance: Any, force_log: bool = False, **kwargs: Any) -> "Change | None":
        return super().log_create(instance, force_log, **self._completed(instance, kwargs))

    def log_m2m_changes(self, changed_queryset: Any, instance: Any, *args: Any, **kwargs: Any) -> "Change | None":
        return super().log_m2m_changes(changed_queryset, instance, *args, **self._completed(instance, kwargs))

    def _completed(self, instance: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
        subject_type, subject_id = history.subject_of(instance)
        if kwargs.get("action") in (Change.Action.CREATE, Change.Action.DELETE):
            kwargs["changes"] = history.filled_in(kwargs["changes"])
        return {"subject_type": subject_type, "subject_id": subject_id, **kwargs}

    def create(self, **kwargs: Any) -> "Change":
        change = self.model(**{name: value for name, value in kwargs.items() if name not in NOT_KEPT})
        change.said_by(history.actor())
        change.save(force_insert=True)
        return change


class Change(AbstractLogEntry):
    """One change of one record: its fields from what to what (`changes`), by whom, when (django-auditlog).

    The subject is the record on whose page it is shown: that of an address is its client. The name of whoever did it
    stays when they are gone.
    """

    object_pk = models.CharField(max_length=255)
    action = models.PositiveSmallIntegerField(choices=AbstractLogEntry.Action.choices)
    serialized_data = changes_text = cid = remote_addr = remote_port = additional_data = actor_email = None
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor_name = models.CharField(max_length=302, blank=True)
    subject_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    subject_id = models.BigIntegerField()

    objects = ChangeManager()

    class Meta:
        ordering = ["-timestamp", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "-timestamp"], name="change_by_subject")]

    def said_by(self, person: Any) -> None:
        """Put down who did it; nobody where it was the house itself."""
        self.actor, self.actor_name = person, str(person) if person else ""


class LeftAsItIs(models.Model):
    """A record that somebody took off a work list, although it lacks something: there is nothing to be known."""

    work_list = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work_list", "record_id"], name="left_as_it_is_once")]

    def __str__(self) -> str:
        return f"{self.work_list} {self.record_id}"
