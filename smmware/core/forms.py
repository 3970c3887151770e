"""The base of the forms in which people edit records."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from smmware.core.models import ChangedMeanwhile

CHANGED_MEANWHILE = (
    "Somebody else saved this record while you were editing it. Nothing of what you typed is lost: compare it with the "
    "record as it is now (open it in a second tab), then save again to replace it with yours."
)


class RecordForm(forms.ModelForm):
    """A form over a versioned record: the second of two people who edit it is told, and loses nothing."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.withheld: dict[str, str] = {}
        self.initial["seen_version"] = self.versioned.version if self.instance.pk else None

    @property
    def versioned(self) -> Any:
        """The record by whose version one is told that somebody else was faster: of a part, it is the whole."""
        return self.instance

    def withhold(self, name: str, reason: str) -> None:
        """Leave a field out for this person; whoever sends it anyway is refused with `reason`."""
        del self.fields[name]
        self.withheld[name] = reason

    def clean(self) -> dict[str, Any] | None:
        refuse_withheld(self, self.withheld)
        cleaned = super().clean()
        # Sent without the version it was shown with, a form cannot say whom it would overwrite: it is shown again.
        if self.instance.pk and self.cleaned_data.get("seen_version") != self.versioned.version:
            self.take_version()
            raise ValidationError(CHANGED_MEANWHILE, code="changed_meanwhile")
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Save the record where nobody else has since the form was shown.

        Raises ChangedMeanwhile where somebody has: between the check in `clean` and here, another may have been faster.
        """
        if not (commit and self.instance.pk):
            return super().save(commit)
        with transaction.atomic():
            self.versioned.claim_version(self.cleaned_data["seen_version"])
            return super().save()

    def refuse_change(self) -> None:
        """Put the sentence on the form that somebody else was faster."""
        self.take_version()
        self.add_error(None, ValidationError(CHANGED_MEANWHILE, code="changed_meanwhile"))

    def take_version(self) -> None:
        """Let the form that comes back carry the version as it is now, so that saving again is a choice."""
        data: Any = self.data
        data = data.copy()
        data[self.add_prefix("seen_version")] = str(self.versioned.version)
        self.data = data


class NamedOnceForm(RecordForm):
    """A form over a row of a short list in Settings, told apart by its name whatever the capitals.

    The database refuses doubles too; here it is said next to the field.
    """

    name_field = "name"

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        name = self.cleaned_data.get(self.name_field)
        if name and self.rivals().filter(**{f"{self.name_field}__iexact": name}).exclude(pk=self.instance.pk).exists():
            noun = self.instance._meta.verbose_name
            self.add_error(self.name_field, f"There is a {noun} of this name already.")
        return cleaned

    def rivals(self) -> QuerySet:
        """The rows that must not bear the same name: all of them."""
        return type(self.instance)._default_manager.all()


class SettingsForm(forms.ModelForm):
    """A form over the one row of a section of Settings, which has no version: what it was shown with is compared."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.withheld: dict[str, str] = {}
        self.initial["seen"] = self._digest(self.instance)

    def clean(self) -> dict[str, Any] | None:
        refuse_withheld(self, self.withheld)
        cleaned = super().clean()
        if self._is_stale(self.instance):
            self.take_seen()
            raise ValidationError(CHANGED_MEANWHILE, code="changed_meanwhile")
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Save the row where nobody else has since the form was shown. Raises ChangedMeanwhile where somebody has."""
        with transaction.atomic():
            stored = type(self.instance)._base_manager.select_for_update().first()
            if stored and self._is_stale(stored):
                self.instance = stored
                raise ChangedMeanwhile
            return super().save(commit)

    def refuse_change(self) -> None:
        """Put the sentence on the form that somebody else was faster."""
        self.take_seen()
        self.add_error(None, ValidationError(CHANGED_MEANWHILE, code="changed_meanwhile"))

    def take_seen(self) -> None:
        """Let the form that comes back carry what is stored now, so that saving again is a choice."""
        data: Any = self.data
        data = data.copy()
        data[self.add_prefix("seen")] = self._digest(self.instance)
        self.data = data

    def _is_stale(self, stored: Any) -> bool:
        seen = self.data.get(self.add_prefix("seen"))  # a program that sends none overwrites on purpose
        return bool(seen) and seen != self._digest(stored)

    def _digest(self, row: Any) -> str:
        values = [(field.name, str(field.value_from_object(row))) for field in row._meta.concrete_fields]
        return salted_hmac("smmware.settings", repr(values)).hexdigest()


def refuse_withheld(form: forms.BaseForm, withheld: Mapping[str, str]) -> None:
    """Raise PermissionDenied, with the reason, where the form was sent with a field that it did not offer."""
    for name, reason in withheld.items():
        if form.add_prefix(name) in form.data:
            raise PermissionDenied(reason)


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put each sentence next to its field, or above the form where it does not show that field."""
    if not hasattr(error, "error_dict"):
        return form.add_error(None, error)
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
    return None


def save_or_refuse(form: forms.BaseForm) -> Any:
    """The saved record, or None where the form has been given a sentence that says why not."""
    try:
        return form.save()  # type: ignore[attr-defined]
    except ChangedMeanwhile:
        form.refuse_change()  # type: ignore[attr-defined]
    except ValidationError as error:
        add_errors(form, error)
    return None


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)
