"""The forms of the Associate Profile. Each asks associates.rules before it saves."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordMixin
from django.core.exceptions import ValidationError

from associates import rules
from associates.models import Associate, HourlyRate
from smmware.core.forms import DateInput, RecordForm, add_errors, check_year


class RuledForm(RecordForm):
    """A form over an associate that `actor` fills in: it saves what associates.rules allows them."""

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        try:
            rules.check_change(self.actor, self.instance)
        except ValidationError as error:
            add_errors(self, error)

    def save(self, commit: bool = True) -> Any:
        with rules.permitted_change(actor=self.actor, associate=self.instance):
            return super().save(commit)


class AssociateForm(RuledForm):
    """The Associate Profile. What the person who edits may not change is not offered."""

    class Meta:
        model = Associate
        fields = [
            "first_name", "middle_name", "last_name", "title", "kind", "email", "phone", "address", "city", "state",
            "postal_code", "hired_on", "level", "is_active", "qbo_admin",
        ]  # fmt: skip
        widgets = {"hired_on": DateInput, "qbo_admin": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Of somebody new everything but a level above one's own may be said.
        stored = self.instance if self.instance.pk else Associate()
        if rules.may_change_rank(self.actor, stored):
            self._offer_levels()
        else:
            for name in rules.RANK_FIELDS:
                self.withhold(name, rules.above(stored))
        if not rules.may_change_sign_in(self.actor, stored):
            self.withhold("email", rules.above(stored))
        if not rules.is_company_owner(self.actor):
            self.withhold("qbo_admin", rules.OWNER_SETS_QBO_ADMIN)

    def clean_hired_on(self) -> dt.date | None:
        return check_year(self.cleaned_data["hired_on"], first=1950, ahead=1)

    def _offer_levels(self) -> None:
        field: Any = self.fields["level"]
        field.choices = [(level.value, level.label) for level in rules.grantable_levels(self.actor)]
        field.error_messages["invalid_choice"] = rules.no_level_above(self.actor)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not (self.cleaned_data.get("first_name") or self.cleaned_data.get("last_name")):
            self.add_error("last_name", "Give a first name or a last name.")
        return cleaned


class SignInDetailsForm(SetPasswordMixin, RuledForm):
    """An associate's username and password, given by somebody else. One's own password is changed elsewhere."""

    password1, password2 = SetPasswordMixin.create_password_fields()

    class Meta:
        model = Associate
        fields = ["username"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].required = True
        self.fields["username"].widget.attrs["autocomplete"] = "off"
        if self.instance.pk == self.actor.pk:
            for name in ("password1", "password2"):
                self.withhold(name, "Change your own password with “Change password”.")
        elif self.instance.can_sign_in:
            self._make_password_optional()

    def _make_password_optional(self) -> None:
        for name in ("password1", "password2"):
            self.fields[name].required = False
        self.fields["password2"].help_text = "Leave both empty to keep the password as it is."

    def clean_username(self) -> str | None:
        """The name in one spelling. The database refuses doubles too; here it is said next to the field."""
        name = Associate.normalize_username(self.cleaned_data["username"])
        if Associate.objects.exclude(pk=self.instance.pk).filter(username__iexact=name).exists():
            raise ValidationError("Somebody else has this username already.")
        return name

    def clean(self) -> dict[str, Any] | None:
        self.validate_passwords()
        return super().clean()

    def _post_clean(self) -> None:
        if password := self.cleaned_data.get("password1"):
            self.instance.set_password(password)
        super()._post_clean()
        self.validate_password_for_user(self.instance, "password1")


class HourlyRateForm(forms.ModelForm):
    """A further hourly rate. Those before it stay as they are (domain.md §2, rate history rule)."""

    class Meta:
        model = HourlyRate
        fields = ["rate", "effective_from"]
        widgets = {"effective_from": DateInput}
        labels = {"rate": "Hourly rate (dollars)"}

    def __init__(self, *args: Any, associate: Associate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.associate = associate

    def clean_effective_from(self) -> dt.date:
        return rules.check_rate_day(self.instance.associate, self.cleaned_data["effective_from"])
