"""The forms of clients, their addresses and their jobs."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from clients import addresses
from clients.listings import lead_candidates
from clients.models import Address, Client, CustomField, CustomFieldValue, Job
from smmware.core.forms import DateInput, RecordForm

LAST = ("notes", "is_active", "is_own_company")
REFERENCE = ((None, "Not asked yet"), (True, "Yes"), (False, "No"))


class InquiryForm(RecordForm):
    """A client's profile with the company's own custom fields; an inquiry has all of it but the own-company flag."""

    acts_as_reference = forms.TypedChoiceField(
        label="Act as reference",
        choices=REFERENCE,
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
    )

    class Meta:
        model = Client
        fields = [
            "name", "company_name", "first_name", "last_name", "email", "phone", "mobile", "referred_by",
            "acts_as_reference", "representative", "notes", "is_active",
        ]  # fmt: skip
        labels = {"representative": "Client representative"}
        widgets = {"notes": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.custom_fields = {f"custom_{field.pk}": field for field in CustomField.objects.all()}
        known = self._custom_values()
        for name, field in self.custom_fields.items():
            self.fields[name] = forms.CharField(label=field.label, max_length=1000, required=False)
            self.initial[name] = known.get(field.pk, "")
        last = [name for name in LAST if name in self.fields]
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    def _custom_values(self) -> dict[int, str]:
        return dict(self.instance.custom_values.values_list("field", "value")) if self.instance.pk else {}

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
        widgets = {"starts_on": DateInput, "leads": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        client, leads = self.fields["client"], self.fields["leads"]
        in_use = Q(stage=Client.Stage.CLIENT, is_active=True) | Q(pk=self.instance.client_id)
        client.queryset = Client.objects.filter(in_use)  # type: ignore[attr-defined]
        candidates = lead_candidates()
        if self.instance.pk:
            candidates = candidates | self.instance.leads.all()
        leads.queryset = candidates.distinct()  # type: ignore[attr-defined]
