"""The form in which an invoice is made: for which job, over which of its entries, or for which flat amount."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from clients.models import Job
from hours.models import POSITIVE, Entry
from invoices import billing
from invoices.choices import BILLABLE_JOBS, billable_jobs
from invoices.choosing import Choosing, Sum, choosing, entries_by_key
from invoices.forms import SHORT, check_reason
from invoices.models import Invoice, InvoiceSettings, Term
from smmware.core.forms import DateInput, check_year
from smmware.core.pickers import Picker

Kind = Invoice.Kind
FLAT = ("amount", "description", "taxable")
SHARED = ("job", "date", "number", "term", "adjustment", "public_note", "internal_note")
LOOK_FIRST = (
    "These are the entries of that job: look which of them this invoice is to bill, then press the button again."
)
NOTHING_LEFT = "Nothing on this job is billable and not billed yet"
GONE = "An entry was deleted meanwhile: look at what there is to bill again."


class InvoiceAddForm(forms.Form):
    """A new invoice for a job: itemized over the entries that are chosen, or a flat amount that covers them.

    Args:
        shown: the keys of the entries that the person was shown (`invoices.choosing`).
        chosen: those of them that are ticked.
    """

    job = forms.ModelChoiceField(queryset=Job.objects.none(), widget=Picker(BILLABLE_JOBS.key))
    kind = forms.ChoiceField(choices=Kind.choices, initial=Kind.ITEMIZED)
    up_to = forms.DateField(
        label="Entries up to", widget=DateInput, required=False, help_text="Empty: all that is billable and not billed."
    )
    amount = forms.DecimalField(
        label="Flat amount", max_digits=11, decimal_places=2, required=False, validators=POSITIVE
    )
    description = forms.CharField(
        label="Flat description", max_length=4000, required=False, help_text="What the flat amount is for."
    )
    taxable = forms.BooleanField(label="The flat amount is taxable", required=False)
    date = forms.DateField(label="Invoice date", widget=DateInput)
    number = forms.CharField(max_length=21, required=False, help_text="Empty: the next number.")
    term = forms.ModelChoiceField(
        queryset=Term.objects.filter(is_active=True), required=False, help_text="Sets by when it is due."
    )
    adjustment = forms.DecimalField(
        max_digits=9, decimal_places=2, required=False, help_text="Dollars, negative for a discount."
    )
    public_note = forms.CharField(
        max_length=1000, required=False, widget=forms.Textarea(attrs=SHORT), help_text="Printed on the invoice."
    )
    internal_note = forms.CharField(
        max_length=4000, required=False, widget=forms.Textarea(attrs=SHORT), help_text="Not printed."
    )

    def __init__(self, *args: Any, shown: Sequence[str] = (), chosen: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown, self.keys = shown, chosen
        job: Any = self.fields["job"]
        job.queryset = billable_jobs()
        self.initial.setdefault("date", timezone.localdate())
        self.initial.setdefault("term", InvoiceSettings.current().term)

    def what_fields(self) -> list[forms.BoundField]:
        """What is billed."""
        return [self[name] for name in ("job", "kind", "up_to")]

    def flat_fields(self) -> list[forms.BoundField]:
        """What only a flat invoice asks for."""
        return [self[name] for name in FLAT]

    def header_fields(self) -> list[forms.BoundField]:
        """What every invoice says besides its lines."""
        return [self[name] for name in ("date", "number", "term", "adjustment", "public_note", "internal_note")]

    @cached_property
    def choosing(self) -> Choosing | None:
        """What the job that is named has to bill; None where none is."""
        job = self._as_typed("job")
        return choosing(job, up_to=self._as_typed("up_to"), shown=self.shown, chosen=self.keys) if job else None

    @property
    def is_flat(self) -> bool:
        return self["kind"].value() == Kind.FLAT

    @property
    def empty_words(self) -> str:
        """What to do where there is nothing to choose from."""
        if self.is_flat:
            return "There is no entry that the flat amount could cover: it stands alone."
        until = ", up to that day" if self._as_typed("up_to") else ""
        return f"{NOTHING_LEFT}{until}. Record hours, miles or expenses first, or make a flat invoice."

    def sums(self) -> list[Sum]:
        """What the invoice comes to, as typed and chosen so far."""
        flat = (self._as_typed("amount") or Decimal(0)) if self.is_flat else None
        adjustment = self._as_typed("adjustment") or Decimal(0)
        return self.choosing.sums(adjustment=adjustment, flat=flat) if self.choosing else []

    def _as_typed(self, name: str) -> Any:
        """A field's value, whether or not the form is sent; None where it makes no sense yet."""
        try:
            return self.fields[name].clean(self[name].value())
        except ValidationError:
            return None

    def clean_date(self) -> dt.date | None:
        return check_year(self.cleaned_data["date"])

    def clean_adjustment(self) -> Decimal:
        return self.cleaned_data["adjustment"] or Decimal(0)

    def clean(self) -> dict[str, Any] | None:
        if self.is_flat:
            for name in ("amount", "description"):
                if name not in self.errors and not self.cleaned_data.get(name):
                    self.add_error(name, "A flat invoice needs it.")
        check_reason(self)
        self._check_chosen()
        return super().clean()

    def _check_chosen(self) -> None:
        """Nothing is billed that nobody has looked at."""
        rows = self.choosing.rows if self.choosing else []
        if not rows:
            return
        if not {row.key for row in rows} & set(self.shown):
            self.add_error(None, LOOK_FIRST)
        elif not self.is_flat and not self.keys:
            self.add_error(None, "No entry is chosen: choose some, or make a flat invoice.")

    def save(self) -> Invoice:
        """Make the invoice. Raises ValidationError where billing refuses it."""
        cleaned = self.cleaned_data
        shared = {name: cleaned[name] for name in SHARED}
        if not self.is_flat:
            return billing.bill_entries(entries=self._entries(), **shared)
        flat = {name: cleaned[name] for name in FLAT}
        return billing.bill_flat(entries=self._entries(), **flat, **shared)

    def _entries(self) -> list[Entry]:
        """What is ticked, billed meanwhile or not: `billing` says by name what cannot be billed."""
        found = entries_by_key(self.keys)
        if len(found) < len(set(self.keys)):
            raise ValidationError(GONE)
        up_to = self.cleaned_data["up_to"]
        return [entry for entry in found if not up_to or entry.date <= up_to]
