"""The forms of job codes and custom fields."""

from typing import Any

from django.db.models import QuerySet

from clients import custom_fields
from clients.models import CustomField, JobCode
from smmware.core.forms import NamedOnceForm


class JobCodeForm(NamedOnceForm):
    """A kind of work with its prices. One label may stand once for each level (domain.md §5)."""

    name_field = "label"

    class Meta:
        model = JobCode
        fields = ["label", "lowest_level", "charge_rate", "pay_rate", "is_active"]
        labels = {"charge_rate": "Charge rate (dollars an hour)", "pay_rate": "Pay rate (dollars an hour)"}
        help_texts = {
            "charge_rate": "What clients are charged. Entries recorded already keep the rate they have.",
            "lowest_level": "Associates of this level and above may pick it.",
            "is_active": "What is not in use is offered for no new entry; the entries that have it keep it.",
        }

    def rivals(self) -> QuerySet:
        return super().rivals().filter(lowest_level=self.cleaned_data.get("lowest_level"))


class CustomFieldForm(NamedOnceForm):
    """The name of a custom field. Renamed, it keeps what is filled in."""

    name_field = "label"

    class Meta:
        model = CustomField
        fields = ["label"]
        labels = {"label": "Name of the field"}

    def save(self, commit: bool = True) -> Any:
        return super().save(commit) if self.instance.pk else custom_fields.append(field=self.instance)
