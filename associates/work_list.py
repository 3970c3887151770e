"""The work list of associates: an imported person has neither username nor hourly rate."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from associates import rules
from associates.forms import SignInDetailsForm
from associates.listing import manages
from associates.models import Associate, HourlyRate
from smmware.core.forms import DateInput
from smmware.core.work_lists import WorkList

SIGN_IN = ("username", "password1", "password2")
RATE = ("rate", "effective_from")
NO_PASSWORD = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)


class CompleteAssociateForm(SignInDetailsForm):
    """Username, password and hourly rate: whichever of them the associate lacks, and `actor` may give."""

    rate = forms.DecimalField(
        label="Hourly rate (dollars)", max_digits=7, decimal_places=2, min_value=0, required=False
    )
    effective_from = forms.DateField(label="Paid from", widget=DateInput, required=False)

    class Meta(SignInDetailsForm.Meta):
        pass

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.instance
        if not person.lacks_sign_in:
            self._drop(SIGN_IN)
        if not person.lacks_rate:
            self._drop(RATE)
        for field in self.fields.values():
            field.required, field.help_text = False, ""
        today = timezone.localdate()
        self.initial["effective_from"] = min(person.hired_on or today, today)

    def _drop(self, names: tuple[str, ...]) -> None:
        for name in names:
            self.fields.pop(name, None)

    def clean_username(self) -> str | None:
        return super().clean_username() if self.cleaned_data["username"] else None

    def clean_effective_from(self) -> Any:
        day = self.cleaned_data["effective_from"]
        return rules.check_rate_day(self.instance, day) if day and self.data.get(self.add_prefix("rate")) else day

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for given, needed, sentence in (
            ("username", "password1", "Give a password too: without one nobody can sign in."),
            ("password1", "username", "Give a username too."),
            ("password1", "password2", "Type the password a second time."),
            ("rate", "effective_from", "From which day on?"),
        ):
            if given in self.changed_data and needed in self.fields and not self._is_filled(needed):
                self.add_error(needed, sentence)
        return cleaned

    def _is_filled(self, name: str) -> bool:
        return name in self.errors or self.cleaned_data.get(name) not in (None, "")

    def save(self, commit: bool = True) -> Any:
        with transaction.atomic():
            person = super().save(commit)
            if self.cleaned_data.get("rate") is not None:
                day = self.cleaned_data["effective_from"]
                HourlyRate.objects.create(associate=person, rate=self.cleaned_data["rate"], effective_from=day)
        return person


def _records(person: Any) -> QuerySet[Associate]:
    """People in use whom `person` manages; `lacks_sign_in` and `lacks_rate` say what is open, and for `person` to give.

    Vehicles need neither.
    """
    if not manages(person):
        return Associate.objects.none()
    people = Associate.objects.filter(is_active=True).exclude(kind=Associate.Kind.VEHICLE)
    return people.annotate(
        lacks_sign_in=Q(Q(username=None) | NO_PASSWORD) & rules.whose_sign_in_is_open_to(person),
        lacks_rate=~Exists(HourlyRate.objects.filter(associate=OuterRef("pk"))),
    )


def _lacks(person: Any) -> list[str]:
    open_points = ((person.lacks_sign_in, "username and password"), (person.lacks_rate, "hourly rate"))
    return [name for is_open, name in open_points if is_open]


def _forms(people: Iterable[Any], actor: Any, data: Any) -> list[CompleteAssociateForm]:
    return [CompleteAssociateForm(data, instance=each, actor=actor, auto_id=f"id_{each.pk}_%s") for each in people]


COMPLETE_ASSOCIATES = WorkList(
    key="associates",
    title="Associates to complete",
    noun=("associate", "associates"),
    why="A username and a password, so that they can sign in, and the hourly rate they are paid.",
    model=Associate,
    records=_records,
    lacking=lambda people: people.filter(Q(lacks_sign_in=True) | Q(lacks_rate=True)),
    lacks=_lacks,
    forms=_forms,
    offered=lambda request: manages(request.user),
)
