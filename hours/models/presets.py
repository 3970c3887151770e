"""What entries are picked from: expense categories, and presets for what is typed often (domain.md §6)."""

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from hours.models.figures import POSITIVE
from smmware.core.models import TrackedModel


class ExpenseCategory(TrackedModel):
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "expense categories"
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="expense_category_once",
                violation_error_message="There is a category of this name already.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("hours:edit_expense_category", args=[self.pk])


class DescriptionPreset(TrackedModel):
    """A description that is typed often: it is offered while one types."""

    text = models.CharField("description", max_length=200)

    class Meta:
        ordering = ["text"]
        constraints = [
            models.UniqueConstraint(
                Lower("text"),
                name="description_preset_once",
                violation_error_message="There is a preset with these words already.",
            )
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("hours:edit_description_preset", args=[self.pk])


class FlatFeePreset(TrackedModel):
    """A flat fee that is entered often: its description and amount."""

    label = models.CharField(max_length=100)
    amount = models.DecimalField(max_digits=9, decimal_places=2, validators=POSITIVE)
    taxable = models.BooleanField(default=False)

    class Meta:
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint(
                Lower("label"),
                name="flat_fee_preset_once",
                violation_error_message="There is a flat fee of this name already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} (${self.amount})"

    def get_absolute_url(self) -> str:
        return reverse("hours:edit_flat_fee_preset", args=[self.pk])
