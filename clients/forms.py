"""The forms of clients, their addresses and their jobs."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from clients import addresses
from clients.choices import clients_in_use
from clients.listings import lead_candidates
from clients.models import Address, Client, CustomField, CustomFieldValue, Job
from smmware.core.forms import DateInput, RecordForm, RecordsField, check_year
from smmware.core.pickers import Picker

LAST = ("notes", "is_active", "is_own_company")
CUSTOM = "custom_"  # and the field's key: its name in the form
REMOVED = (
    "A custom field was removed from Settings while you were editing. What you typed into it was {typed}: put it "
    "elsewhere if you still want it, then save again."
)
REFERENCE = ((None, "Not asked yet"), (True, "Yes"), (False, "No"))


class CustomFieldsForm(RecordForm):
    """A form over a client that has the company's own fields too, after those of `Meta` and before `LAST`.

    Args:
        custom_fields: the fields as Settings has them, where many forms share them; asked for where it is left out.
    """

    def __init__(self, *args: Any, custom_fields: Sequence[CustomField] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        defined = CustomField.objects.all() if custom_fields is None else custom_fields
        self.custom_fields = {f"{CUSTOM}{field.pk}": field for field in defined}
        known = self._custom_values()
        for name, field in self.custom_fields.items():
            self.fields[name] = forms.CharField(label=field.label, max_length=1000, required=False)
            self.initial[name] = known.get(field.pk, "")
        last = [name for name in LAST if name in self.fields]
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    def _custom_values(self) -> dict[int, str]:
        return {each.field_id: each.value for each in self.instance.custom_values.all()} if self.instance.pk else {}

    def clean(self) -> dict[str, Any] | None:
        if lost := self._typed_into_removed_fields():
            self.add_error(None, REMOVED.format(typed="; ".join(f"“{typed}”" for typed in lost)))
        return super().clean()

    def _typed_into_removed_fields(self) -> list[str]:
        """What was typed into fields that somebody removed from Settings meanwhile: it must not vanish in silence."""
        prefix = self.add_prefix(CUSTOM)
        gone = [name for name in self.data if name.startswith(prefix) and name not in map(self.add_prefix, self.fields)]
        return [typed for name in gone if (typed := self.data[name].strip())]

    def save(self, commit: bool = True) -> Client:
        with transaction.atomic():
            client = super().save(commit)
            self._save_custom_values(client)
        return client

    def _save_custom_values(self, client: Client) -> None:
        values = {field.pk: self.cleaned_data[name] for name, field in self.custom_fields.items()}
        fields = {field.pk: field for field in self.custom_fields.values()}
        client.custom_values.filter(field__in=[pk for pk, value in values.items() if not value]).delete()
        CustomFieldValue.objects.bulk_create(
            [CustomFieldValue(client=client, field=fields[pk], value=value) for pk, value in values.items() if value],
            update_conflicts=True, unique_fields=["client", "field"], update_fields=["value"],
        )  # fmt: skip


class ReferenceField(forms.TypedChoiceField):
    """“Act as reference”: yes, no, or nobody has asked yet (None)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Act as reference", choices=REFERENCE, coerce=lambda value: value == "True", empty_value=None,
            required=False, **kwargs,
        )  # fmt: skip


class InquiryForm(CustomFieldsForm):
    """A client's profile with the company's own custom fields; an inquiry has all of it but the own-company flag."""

    acts_as_reference = ReferenceField()

    class Meta:
        model = Client
        fields = [
            "name", "company_name", "first_name", "last_name", "email", "phone", "mobile", "referred_by",
            "acts_as_reference", "representative", "notes", "is_active",
        ]  # fmt: skip
        labels = {"representative": "Client representative"}
        widgets = {"representative": Picker("contacts"), "notes": forms.Textarea(attrs={"rows": 4})}


class ClientForm(InquiryForm):
    """A client's profile."""

    class Meta(InquiryForm.Meta):
        fields = [*InquiryForm.Meta.fields, "is_own_company"]

    def clean_is_own_company(self) -> bool:
        own = self.cleaned_data["is_own_company"]
        others = Client.objects.filter(is_own_company=True).exclude(pk=self.instance.pk)
        if own and (other := others.first()):
            raise ValidationError(f"{other} is marked as our own company already: there is one.")
        if self._has_jobs_that_object(own):
            kind = "work for a client" if own else "overhead"
            raise ValidationError(f"Some of the jobs are {kind}: change their type first.")
        return own

    def _has_jobs_that_object(self, own: bool) -> bool:
        if not self.instance.pk:
            return False
        overhead = Q(type__in=Job.OVERHEAD)
        return self.instance.jobs.filter(~overhead if own else overhead).exists()


class AddressForm(RecordForm):
    class Meta:
        model = Address
        fields = ["designation", "line1", "line2", "city", "state", "postal_code"]

    def save(self, commit: bool = True) -> Address:
        with transaction.atomic():
            address = super().save(commit=False)
            if address.pk:
                address.claim_version(self.cleaned_data["seen_version"])
            return addresses.put(address=address)


class JobForm(RecordForm):
    class Meta:
        model = Job
        fields = ["client", "name", "type", "status", "charge_rate", "starts_on", "leads"]
        widgets = {"client": Picker("clients-in-use"), "starts_on": DateInput, "leads": forms.CheckboxSelectMultiple}
        field_classes = {"leads": RecordsField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        client, leads = self.fields["client"], self.fields["leads"]
        theirs = Client.objects.filter(pk=self.instance.client_id)
        client.queryset = clients_in_use() | theirs  # type: ignore[attr-defined]
        candidates = lead_candidates()
        if self.instance.pk:
            candidates = candidates | self.instance.leads.all()
        leads.queryset = candidates.distinct()  # type: ignore[attr-defined]

    def clean_starts_on(self) -> dt.date | None:
        return check_year(self.cleaned_data["starts_on"], ahead=5)
