"""The forms of organizations and contacts."""

from django import forms

from organizations.models import Contact, Organization
from smmware.core.forms import RecordForm


class OrganizationForm(RecordForm):
    website = forms.URLField(max_length=500, required=False, assume_scheme="https")

    class Meta:
        model = Organization
        fields = [
            "name", "category", "phone", "email", "website", "is_active",
            "address", "city", "state", "postal_code", "notes",
        ]  # fmt: skip
        widgets = {"notes": forms.Textarea(attrs={"rows": 4})}


class ContactForm(RecordForm):
    class Meta:
        model = Contact
        fields = ["first_name", "last_name", "organization", "category", "title", "phone", "email", "favorites"]
        widgets = {"favorites": forms.Textarea(attrs={"rows": 4})}
