"""The forms in which hours, miles, expenses and flat fees are recorded and changed."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from associates.models import Associate
from clients.access import sees_charges
from clients.models import Job, JobCode
from hours import receipts, recording
from hours.access import associates_for, records_for_others
from hours.choices import OPEN_JOBS, open_jobs
from hours.fields import HoursField
from hours.models import Distance, Entry, ExpenseEntry, FlatFee, HourEntry, MileageEntry, TimeSettings
from smmware.core.forms import DateInput, RecordForm, refuse_withheld
from smmware.core.pickers import Picker

SELF_ONLY = "You record for yourself only."
FIRST_YEAR = 2000
LEAD_DECIDES = "What is billed is decided by Team Leads and up."


def offer_job_codes(field: Any, person: Any, chosen: int | None = None) -> None:
    """Offer the job codes up to the person's own level; what clients are charged shows only to whom it may."""
    field.queryset = JobCode.objects.filter(Q(is_active=True, lowest_level__lte=person.level) | Q(pk=chosen))
    if not sees_charges(person):
        field.label_from_instance = lambda code: code.label


class DescriptionInput(forms.TextInput):
    """A description; what is typed often is offered meanwhile (the page's datalist, from Settings 5)."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"list": "descriptions", "autocomplete": "off", **(attrs or {})})


SHARED_WIDGETS: dict[str, Any] = {"job": Picker(OPEN_JOBS.key), "date": DateInput, "description": DescriptionInput}


def check_not_ahead(day: dt.date) -> dt.date:
    """Raises ValidationError for a day that has not come yet, in the company's time zone, or is long gone."""
    if day > timezone.localdate():
        raise ValidationError("That day has not come yet.")
    if day.year < FIRST_YEAR:
        raise ValidationError(f"That is before {FIRST_YEAR}: look at the year.")
    return day


class EntryForm(RecordForm):
    """What all entries share. Whoever records for themselves only is not asked for whom, nor whether it is billed."""

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entry: Entry = self.instance
        fields: dict[str, Any] = self.fields
        fields["job"].queryset = open_jobs(entry.job_id)
        fields["associate"].queryset = associates_for(person, entry.associate_id)
        fields["associate"].label = "Person"
        self.initial.setdefault("date", timezone.localdate())
        if entry.associate_id is None:
            entry.associate = person
            self.initial["associate"] = person.pk
        if not records_for_others(person):
            self.withhold("associate", SELF_ONLY)
            self.withhold("billable", LEAD_DECIDES)

    def clean_date(self) -> dt.date:
        return check_not_ahead(self.cleaned_data["date"])

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        job = self.cleaned_data.get("job")
        if job and job.is_overhead:  # nobody is billed for it: not a question to bother people with
            self.instance.billable = False
            self.cleaned_data.pop("billable", None)
        return cleaned

    def save(self, commit: bool = True) -> Entry:
        entry: Entry = self.instance
        if not entry.pk:
            return recording.add(entry=entry)
        return recording.change(entry=entry, seen_version=self.cleaned_data["seen_version"])


class HourEntryForm(EntryForm):
    minutes = HoursField()

    class Meta:
        model = HourEntry
        fields = ["associate", "job", "date", "minutes", "job_code", "description", "billable"]
        widgets: dict[str, Any] = SHARED_WIDGETS

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        offer_job_codes(self.fields["job_code"], person, self.instance.job_code_id)


class MileageEntryForm(EntryForm):
    class Meta:
        model = MileageEntry
        fields = ["associate", "job", "date", "miles", "description", "billable"]
        widgets: dict[str, Any] = SHARED_WIDGETS

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        self.fields["miles"].label = Distance(self.instance.unit).label


class ExpenseEntryForm(EntryForm):
    without_receipt = forms.BooleanField(label="Take the receipt away", required=False)

    class Meta:
        model = ExpenseEntry
        fields = [
            "associate", "job", "date", "amount", "category", "vendor", "paid_from", "description", "receipt",
            "billable",
        ]  # fmt: skip
        widgets = {
            **SHARED_WIDGETS,
            "vendor": Picker("organizations"),
            "receipt": forms.FileInput(attrs={"accept": receipts.ACCEPTED}),
        }
        help_texts = {"receipt": "A picture or a PDF, up to 10 MB."}

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        if self.instance.receipt:
            self.fields["receipt"].help_text = "There is a receipt. Another picture or PDF replaces it."
        else:
            del self.fields["without_receipt"]

    def clean_receipt(self) -> Any:
        file = self.cleaned_data.get("receipt")
        return receipts.checked(file) if isinstance(file, UploadedFile) else file

    def save(self, commit: bool = True) -> Entry:
        if self.cleaned_data.get("without_receipt") and "receipt" not in self.changed_data:
            self.instance.receipt = ""
        return super().save(commit)


class PresetSelect(forms.Select):
    """Flat fee presets: each carries what it fills in (static/smmware.js)."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if preset := getattr(value, "instance", None):
            option["attrs"] |= {
                "data-description": preset.label,
                "data-amount": str(preset.amount),
                "data-taxable": str(preset.taxable).lower(),
            }
        return option


class FlatFeeForm(EntryForm):
    """A preset fills description, amount and whether it is taxable; what is typed goes before it."""

    class Meta:
        model = FlatFee
        fields = ["associate", "job", "date", "preset", "amount", "description", "taxable", "billable"]
        widgets = {**SHARED_WIDGETS, "preset": PresetSelect(attrs={"data-fills": "description amount taxable"})}

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        self.fields["amount"].required = False

    def clean(self) -> dict[str, Any] | None:
        cleaned = self.cleaned_data
        preset, amount_left_out = cleaned.get("preset"), cleaned.get("amount") is None and "amount" not in self.errors
        if amount_left_out and preset:
            cleaned |= {"amount": preset.amount, "taxable": preset.taxable or cleaned.get("taxable", False)}
            cleaned["description"] = cleaned.get("description") or preset.label
        elif amount_left_out:
            self.add_error("amount", "Type the amount, or choose a preset.")
        return super().clean()


class RecordHoursForm(forms.Form):
    """Hours and miles of one day on one job, entered together (domain.md §6)."""

    associate = forms.ModelChoiceField(queryset=Associate.objects.none(), label="Person")
    job = forms.ModelChoiceField(queryset=Job.objects.none(), widget=Picker(OPEN_JOBS.key))
    date = forms.DateField(widget=DateInput)
    job_code = forms.ModelChoiceField(queryset=JobCode.objects.none(), label="Job code", required=False)
    minutes = HoursField(required=False)
    miles = forms.DecimalField(
        max_digits=6, decimal_places=1, min_value=Decimal("0.1"), required=False, help_text="To a tenth."
    )
    description = forms.CharField(max_length=1000, required=False, widget=DescriptionInput)
    billable = forms.BooleanField(required=False, initial=True)

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["associate"].queryset = associates_for(person)
        fields["job"].queryset = open_jobs()
        offer_job_codes(fields["job_code"], person)
        fields["miles"].label = Distance(TimeSettings.current().distance).label
        self.person = person
        self.withheld = {} if records_for_others(person) else {"associate": SELF_ONLY, "billable": LEAD_DECIDES}
        for name in self.withheld:
            del self.fields[name]

    def clean_date(self) -> dt.date:
        return check_not_ahead(self.cleaned_data["date"])

    def clean(self) -> dict[str, Any] | None:
        refuse_withheld(self, self.withheld)
        typed = {"minutes", "miles"} & {name for name, value in self.cleaned_data.items() if value is not None}
        if not typed and not self.errors:
            raise ValidationError("Type hours, or miles, or both.", code="nothing")
        return super().clean()

    @transaction.atomic
    def save(self) -> list[Entry]:
        """Record what was typed. Raises ValidationError where recording refuses it."""
        cleaned = self.cleaned_data
        job: Job = cleaned["job"]
        shared = {
            "job": job,
            "associate": cleaned.get("associate") or self.person,
            "date": cleaned["date"],
            "description": cleaned["description"],
            "billable": not job.is_overhead and cleaned.get("billable", True),
        }
        recorded: list[Entry] = []
        if cleaned["minutes"] is not None:
            recorded.append(recording.record_hours(minutes=cleaned["minutes"], job_code=cleaned["job_code"], **shared))
        if cleaned["miles"] is not None:
            recorded.append(recording.record_mileage(miles=cleaned["miles"], **shared))
        return recorded
