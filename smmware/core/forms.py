"""The base of the forms in which people edit records."""

import datetime as dt
import logging
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from smmware.core.keys import primary_key
from smmware.core.models import ChangedMeanwhile

logger = logging.getLogger(__name__)

CHANGED_MEANWHILE = (
    "Somebody else saved this record while you were editing it. Nothing of what you typed is lost: compare it with the "
    "record as it is now (open it in a second tab), then save again to replace it with yours."
)
AT_ONCE = (
    "Somebody else saved something at the same moment that this goes against. Nothing is saved yet, and nothing of "
    "what you typed is lost: look at it, then save again."
)


class RecordsField(forms.ModelMultipleChoiceField):
    """Several records. What can be no key is no choice, where Django would ask the database for it."""

    def clean(self, value: Any) -> Any:
        for text in value or ():
            if not primary_key(str(text)):
                wrong = self.error_messages["invalid_pk_value"]
                raise ValidationError(wrong, code="invalid_pk_value", params={"pk": text})
        return super().clean(value)


class RecordForm(forms.ModelForm):
    """A form over a versioned record: the second of two people who edit it is told, and loses nothing."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.withheld: dict[str, str] = {}
        self.initial.setdefault("seen_version", self.versioned.version if self.instance.pk else None)

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
        if not commit:
            return super().save(commit)
        with transaction.atomic():
            if self.instance.pk:
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
        self.initial.setdefault("seen", self._digest(self.instance))

    def clean(self) -> dict[str, Any] | None:
        refuse_withheld(self, self.withheld)
        cleaned = super().clean()
        if self._is_stale(self.instance):
            self.take_seen()
            raise ValidationError(CHANGED_MEANWHILE, code="changed_meanwhile")
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Save the row where nobody else has since the form was shown. Raises ChangedMeanwhile where somebody has.

        Only what the form shows is written: another section of the same row may be saved at the same moment.
        """
        with transaction.atomic():
            stored = type(self.instance)._base_manager.select_for_update().first()
            if stored is None:
                return self._first_saved()
            if self._is_stale(stored):
                self.instance = stored
                raise ChangedMeanwhile
            for name in self._shown():
                setattr(stored, name, getattr(self.instance, name))
            stored.save(update_fields=self._shown())
        self.instance = stored
        return stored

    def _first_saved(self) -> Any:
        """The row, made now. Raises ChangedMeanwhile where somebody made it at the same moment: there is one."""
        try:
            with transaction.atomic():
                return super().save()
        except IntegrityError:
            self.instance = type(self.instance)._base_manager.get()
            raise ChangedMeanwhile from None

    @property
    def _fields_of_the_row(self) -> list[str]:
        return list(self._meta.fields or ())

    def _shown(self) -> list[str]:
        """The fields of the row that this form is about."""
        return [name for name in self._fields_of_the_row if name in self.fields]

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
        fields = [row._meta.get_field(name) for name in self._fields_of_the_row]
        values = [(field.name, str(field.value_from_object(row))) for field in fields]
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
    """The saved record, or None where the form has been given a sentence that says why not.

    Where the database refused it, somebody saved the same name or number a moment before: asked again, the form finds
    that out by its own checks, and says it next to the field as it does to everybody who comes later.
    """
    try:
        return form.save()  # type: ignore[attr-defined]
    except ChangedMeanwhile:
        form.refuse_change()  # type: ignore[attr-defined]
    except IntegrityError:
        logger.warning("%s was refused by the database", type(form).__name__, exc_info=True)
        form.full_clean()
        if form.is_valid():
            form.add_error(None, AT_ONCE)
    except ValidationError as error:
        add_errors(form, error)
    return None


def check_year(day: dt.date | None, *, first: int = 2000, ahead: int = 2) -> dt.date | None:
    """The day, where its year makes sense.

    Args:
        first: the first year that does.
        ahead: how many years from now may be spoken of.

    Raises ValidationError for a slip of the keyboard, such as 1926 or 2099.
    """
    if day is None:
        return None
    last = timezone.localdate().year + ahead
    if not first <= day.year <= last:
        raise ValidationError(f"Between {first} and {last}: look at the year.")
    return day


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)
