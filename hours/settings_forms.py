"""The forms of Admin→Settings that belong to time, rates and presets (domain.md §5, §6)."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from hours.models import (
    DescriptionPreset,
    Distance,
    ExpenseCategory,
    FlatFeePreset,
    MileageEntry,
    MileageRates,
    TimeSettings,
)
from smmware.core.forms import DateInput, NamedOnceForm, SettingsForm, check_year


class TimeSettingsForm(SettingsForm):
    """“2) Time and Approval”."""

    class Meta:
        model = TimeSettings
        fields = ["approval", "distance"]
        widgets = {"approval": forms.RadioSelect, "distance": forms.RadioSelect}
        help_texts = {
            "approval": "With approval, hours, expenses, mileage and flat fees are billed and paid back only after a "
            "Team Lead or Admin has approved them. What is approved is locked until the approval is taken back.",
            "distance": "Can be changed until the first distance is recorded: afterwards the figures would mean "
            "something else.",
        }

    def clean_distance(self) -> str:
        wanted = self.cleaned_data["distance"]
        others = MileageEntry.objects.exclude(unit=wanted)
        if count := others.count():
            unit = Distance(others[0].unit).label.lower()
            raise ValidationError(f"{count} entries are recorded in {unit} already: it has to stay that way.")
        return wanted


class RatesForm(SettingsForm):
    """“3) Charging and Paying”. The two choices are independent (domain.md §5)."""

    class Meta:
        model = TimeSettings
        fields = ["charge_by", "charge_rate", "pay_by"]
        widgets = {"charge_by": forms.RadioSelect, "pay_by": forms.RadioSelect}
        help_texts = {
            "charge_by": "A job that has a rate of its own is charged at that one either way.",
            "charge_rate": "Only where clients are charged one rate.",
            "pay_by": "An associate's own rate is the one in force on the day of the work. "
            "Entries that are there already keep the rates they have.",
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "charge_rate" in self.errors:
            return cleaned
        one_rate = self.cleaned_data.get("charge_by") == TimeSettings.ChargeBy.ONE_RATE
        if one_rate and self.cleaned_data.get("charge_rate") is None:
            self.add_error("charge_rate", "Say what the one rate is.")
        return cleaned


class MileageRatesForm(forms.ModelForm):
    """Formulas from a day on. Those before it, and the entries that have them, stay as they are."""

    class Meta:
        model = MileageRates
        fields = ["effective_from", "pay_rate", "pay_included_miles", "charge_rate", "charge_included_miles"]
        widgets = {"effective_from": DateInput}

    def __init__(self, *args: Any, distance: Distance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.distance = distance
        self.initial.setdefault("effective_from", timezone.localdate())
        many, one = distance.label.lower(), distance.one
        self._explain("pay_rate", f"Paid to the associate, dollars a {one}")
        self._explain(
            "pay_included_miles", f"{distance.label} not paid", f"The first {many} of each trip. 0: all count."
        )
        self._explain("charge_rate", f"Charged to the client, dollars a {one}", "0: travel is not charged.")
        self._explain(
            "charge_included_miles", f"{distance.label} not charged", "The first of each trip; for a vehicle none."
        )
        self._explain(
            "effective_from", "From", f"Trips of this day and later. {many.capitalize()} recorded already stay."
        )

    def clean_effective_from(self) -> dt.date | None:
        return check_year(self.cleaned_data["effective_from"], ahead=1)

    def _explain(self, name: str, label: str, help_text: str = "") -> None:
        self.fields[name].label, self.fields[name].help_text = label, help_text


class ExpenseCategoryForm(NamedOnceForm):
    class Meta:
        model = ExpenseCategory
        fields = ["name"]
        help_texts = {"name": "Such as “Packing supplies” or “Parking and tolls”."}


class DescriptionPresetForm(NamedOnceForm):
    """Words that are offered while one types a description."""

    name_field = "text"

    class Meta:
        model = DescriptionPreset
        fields = ["text"]
        help_texts = {"text": "It is printed on the invoice as it stands here, unless somebody changes it."}


class FlatFeePresetForm(NamedOnceForm):
    """A flat fee with its amount. Fees that are recorded already keep theirs."""

    name_field = "label"

    class Meta:
        model = FlatFeePreset
        fields = ["label", "amount", "taxable"]
        labels = {"label": "Description", "amount": "Amount (dollars)"}
        help_texts = {
            "label": "It fills the description of the flat fee.",
            "amount": "It fills the amount; both can be changed each time.",
            "taxable": "Whether sales tax is due on it.",
        }
