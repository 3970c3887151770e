"""The forms in which invoices are made and changed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from clients.models import Client, Job
from hours.models import POSITIVE
from invoices import billing
from invoices.models import Invoice, InvoiceLine, Term
from smmware.core.forms import DateInput, RecordForm

Kind = Invoice.Kind
SHORT = {"rows": 4}


def billable_jobs() -> Any:
    """The jobs that may be invoiced: those of clients, not our own overhead."""
    jobs = Job.objects.filter(client__stage=Client.Stage.CLIENT, client__is_own_company=False)
    return jobs.exclude(type__in=Job.OVERHEAD).select_related("client")


class InvoiceAddForm(forms.Form):
    """A new invoice for a job: itemized over what is unbilled up to a day, or a flat amount that covers it."""

    job = forms.ModelChoiceField(queryset=Job.objects.none())
    kind = forms.ChoiceField(choices=Kind.choices, initial=Kind.ITEMIZED)
    date = forms.DateField(label="Invoice date", widget=DateInput)
    up_to = forms.DateField(
        label="Entries up to", widget=DateInput, required=False, help_text="Empty: all that is billable and not billed."
    )
    number = forms.CharField(max_length=21, required=False, help_text="Empty: the next number.")
    term = forms.ModelChoiceField(queryset=Term.objects.filter(is_active=True), required=False)
    amount = forms.DecimalField(
        label="Flat amount", max_digits=11, decimal_places=2, required=False, validators=POSITIVE,
        help_text="Only for a flat invoice.",
    )  # fmt: skip
    description = forms.CharField(
        label="Flat description", max_length=4000, required=False, help_text="What the flat amount is for."
    )
    public_note = forms.CharField(
        max_length=1000, required=False, widget=forms.Textarea(attrs=SHORT), help_text="Printed on the invoice."
    )
    internal_note = forms.CharField(
        max_length=4000, required=False, widget=forms.Textarea(attrs=SHORT), help_text="Not printed."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        job: Any = self.fields["job"]
        job.queryset = billable_jobs()
        self.initial.setdefault("date", timezone.localdate())

    def clean(self) -> dict[str, Any] | None:
        if self.cleaned_data.get("kind") == Kind.FLAT:
            for name in ("amount", "description"):
                if name not in self.errors and not self.cleaned_data.get(name):
                    self.add_error(name, "A flat invoice needs it.")
        return super().clean()

    def save(self) -> Invoice:
        """Make the invoice. Raises ValidationError where billing refuses it."""
        cleaned = self.cleaned_data
        shared = {name: cleaned[name] for name in ("job", "date", "number", "term", "public_note", "internal_note")}
        entries = billing.unbilled_entries(cleaned["job"], up_to=cleaned["up_to"])
        if cleaned["kind"] == Kind.ITEMIZED:
            return billing.bill_entries(entries=entries, **shared)
        return billing.bill_flat(
            entries=entries, amount=cleaned["amount"], description=cleaned["description"], **shared
        )


class InvoiceForm(RecordForm):
    """The header of an invoice. The due date follows the term, unless another one is typed."""

    class Meta:
        model = Invoice
        fields = ["number", "date", "term", "due_date", "adjustment", "public_note", "internal_note"]
        widgets = {
            "date": DateInput,
            "due_date": DateInput,
            "public_note": forms.Textarea(attrs=SHORT),
            "internal_note": forms.Textarea(attrs=SHORT),
        }
        help_texts = {
            "due_date": "Empty: by the term.",
            "adjustment": "Dollars, negative for a discount. Give the reason in a note.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        term: Any = self.fields["term"]
        term.queryset = Term.objects.filter(Q(is_active=True) | Q(pk=self.instance.term_id))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        date, term = self.cleaned_data.get("date"), self.cleaned_data.get("term")
        if date and term and self._due_date_follows():
            self.cleaned_data["due_date"] = term.due_date(date)
        due = self.cleaned_data.get("due_date")
        if date and due and due < date:
            self.add_error("due_date", ValidationError("An invoice is not due before its own date."))
        return cleaned

    def _due_date_follows(self) -> bool:
        moved = {"date", "term"} & set(self.changed_data)
        return not self.cleaned_data.get("due_date") or bool(moved and "due_date" not in self.changed_data)


class LineForm(forms.ModelForm):
    """What a line says and charges."""

    class Meta:
        model = InvoiceLine
        fields = ["description", "amount"]
        widgets = {"description": forms.Textarea(attrs=SHORT)}

    def save(self, commit: bool = True) -> InvoiceLine:
        return billing.change_line(line=self.instance, **self.cleaned_data)
