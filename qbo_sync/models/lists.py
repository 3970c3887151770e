"""What QuickBooks' lists held when last read. They belong to a connection; another company's never mix in."""

from django.db import models
from django.utils import timezone

from qbo_sync.models.connection import Connection
from qbo_sync.models.kinds import Entity


class ListRow(models.Model):
    """A row of a list at QuickBooks."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="%(class)s_set")
    qbo_id = models.CharField("QBO ID", max_length=30)
    name = models.CharField(max_length=500)
    full_name = models.CharField(max_length=1000, help_text="With its parents: Parent:Child.")
    type = models.CharField(max_length=50, blank=True)
    is_active = models.BooleanField(default=True)
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["full_name"]

    def __str__(self) -> str:
        return self.full_name


class Account(ListRow):
    """An account of the Chart of Accounts."""

    subtype = models.CharField(max_length=80, blank=True)

    class Meta(ListRow.Meta):
        constraints = [models.UniqueConstraint(fields=["connection", "qbo_id"], name="account_once")]


class Item(ListRow):
    """A product or service."""

    class Meta(ListRow.Meta):
        constraints = [models.UniqueConstraint(fields=["connection", "qbo_id"], name="item_once")]


class Class(ListRow):
    """A class: a heading that a company sorts its sales and costs under."""

    class Meta(ListRow.Meta):
        verbose_name_plural = "classes"
        constraints = [models.UniqueConstraint(fields=["connection", "qbo_id"], name="class_once")]


class Department(ListRow):
    """A location, which the API calls a department."""

    class Meta(ListRow.Meta):
        constraints = [models.UniqueConstraint(fields=["connection", "qbo_id"], name="department_once")]


class NameRecord(models.Model):
    """A customer, vendor or employee: the directory in which candidates are looked for."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="names")
    entity = models.CharField(max_length=20, choices=Entity.choices)
    qbo_id = models.CharField("QBO ID", max_length=30)
    display_name = models.CharField(max_length=500)
    name_before = models.CharField(max_length=500, blank=True, help_text="Its name before somebody renamed it there.")
    renamed_at = models.DateTimeField(null=True, blank=True, help_text="When that was first seen.")
    name_key = models.CharField(max_length=500, db_index=True, help_text="As names are compared.")
    given_name = models.CharField(max_length=100, blank=True)
    middle_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    company_name = models.CharField(max_length=500, blank=True)
    email = models.CharField(max_length=500, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    mobile = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=500, blank=True)
    parent_id = models.CharField(max_length=30, blank=True)
    sync_token = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["display_name"]
        constraints = [models.UniqueConstraint(fields=["connection", "entity", "qbo_id"], name="name_once")]

    def __str__(self) -> str:
        return self.display_name


class MatchKey(models.Model):
    """One of the keys under which a customer, vendor or employee is looked for (`qbo_sync.directory.blocks`)."""

    record = models.ForeignKey(NameRecord, on_delete=models.CASCADE, related_name="match_keys")
    key = models.CharField(max_length=80, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "key"], name="match_key_once")]

    def __str__(self) -> str:
        return self.key
