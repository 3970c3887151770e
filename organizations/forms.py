"""The forms of organizations, contacts and their categories."""

from django import forms

from organizations.models import Category, Contact, Organization
from smmware.core.forms import NamedOnceForm, RecordForm
from smmware.core.pickers import Picker


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
        widgets = {"organization": Picker("organizations"), "favorites": forms.Textarea(attrs={"rows": 4})}


class CategoryForm(NamedOnceForm):
    class Meta:
        model = Category
        fields = ["name"]
        help_texts = {"name": "Such as “Auction house”. Organizations and contacts share the categories."}
