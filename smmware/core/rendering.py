"""How forms are rendered everywhere: Django's own templates and ours, and fields that say what they mean."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

DASHES = "---------"  # Django's words for no choice: a screen reader reads out every one


class OfficeField(forms.BoundField):
    """A field of a form as it is shown.

    No choice is said in words. And a browser does not cut short what is pasted: too much of it is refused in a
    sentence, and nothing is lost.
    """

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        field.widget.attrs.pop("maxlength", None)
        if isinstance(field, forms.ModelChoiceField) and field.empty_label == DASHES:
            field.empty_label = "Choose …" if field.required else "None"


class OfficeRenderer(TemplatesSetting):
    bound_field_class: Any = OfficeField
