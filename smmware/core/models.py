"""The company itself, and the base of every record that people edit."""

from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F


def validate_time_zone(value: str) -> None:
    """Raise ValidationError unless `value` names an IANA time zone, such as America/Chicago."""
    if value not in available_timezones():
        raise ValidationError(
            "“%(value)s” is not a time zone. Choose one such as America/Chicago.", params={"value": value}
        )


class Company(models.Model):
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


class VersionedQuerySet(models.QuerySet):
    """Writes by the set bump the version too, so that nobody's plan or edit goes stale unnoticed."""

    def update(self, **values: Any) -> int:
        values.setdefault("version", F("version") + 1)
        return super().update(**values)


class ChangedMeanwhile(Exception):
    """Somebody else saved the record after it was read."""


class VersionedModel(models.Model):
    """A record that people edit. Every write bumps `version` (design.md §3)."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    objects = VersionedQuerySet.as_manager()
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
