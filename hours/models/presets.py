"""What entries are picked from: expense categories, and presets for what is typed often (domain.md §6)."""

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from hours.models.figures import POSITIVE
from smmware.core.models import VersionedModel


class ExpenseCategory(VersionedModel):
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "expense categories"
        constraints = [models.UniqueConstraint(Lower("name"), name="expense_category_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("hour_settings:edit_expense_category", args=[self.pk])


class DescriptionPreset(VersionedModel):
    """A description that is typed often: it is offered while one types."""

    text = models.CharField("description", max_length=200)

    class Meta:
        verbose_name = "description"
        ordering = ["text"]
        constraints = [models.UniqueConstraint(Lower("text"), name="description_preset_once")]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("hour_settings:edit_description", args=[self.pk])


class FlatFeePreset(VersionedModel):
    """A flat fee that is entered often: its description and amount."""

    label = models.CharField(max_length=100)
    amount = models.DecimalField(max_digits=9, decimal_places=2, validators=POSITIVE)
    taxable = models.BooleanField(default=False)

    class Meta:
        verbose_name = "preset"
        ordering = ["label"]
        constraints = [models.UniqueConstraint(Lower("label"), name="flat_fee_preset_once")]

    def __str__(self) -> str:
        return f"{self.label} (${self.amount})"

    def get_absolute_url(self) -> str:
        return reverse("hour_settings:edit_flat_fee_preset", args=[self.pk])
