"""The forms in which invoices are made and changed."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from invoices import billing, payments, sending
from invoices.models import Invoice, InvoiceLine, InvoiceSettings, Payment, PaymentMethod, Term
from smmware.core.forms import DateInput, RecordForm, SettingsForm, check_year

SHORT = {"rows": 4}


def check_reason(form: forms.BaseForm) -> None:
    """An adjustment is a question waiting to be asked: its reason stands in one of the notes."""
    cleaned = form.cleaned_data
    if cleaned.get("adjustment") and not (cleaned.get("public_note") or cleaned.get("internal_note")):
        form.add_error("adjustment", "Give the reason for it in the public note, or in the internal one.")


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

    def clean_date(self) -> dt.date | None:
        return check_year(self.cleaned_data["date"])

    def clean_due_date(self) -> dt.date | None:
        return check_year(self.cleaned_data["due_date"])

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        date, term = self.cleaned_data.get("date"), self.cleaned_data.get("term")
        if date and term and self._due_date_follows():
            self.cleaned_data["due_date"] = term.due_date(date)
        due = self.cleaned_data.get("due_date")
        if date and due and due < date:
            self.add_error("due_date", ValidationError("An invoice is not due before its own date."))
        check_reason(self)
        return cleaned

    def _due_date_follows(self) -> bool:
        moved = {"date", "term"} & set(self.changed_data)
        return not self.cleaned_data.get("due_date") or bool(moved and "due_date" not in self.changed_data)


class PaymentForm(RecordForm):
    """Money received for an invoice, all of what is open or a part of it."""

    class Meta:
        model = Payment
        fields = ["date", "amount", "method", "reference"]
        widgets = {"date": DateInput}
        help_texts = {"reference": "As it stands on the check or in the bank's list."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        method: Any = self.fields["method"]
        method.queryset = PaymentMethod.objects.filter(Q(is_active=True) | Q(pk=self.instance.method_id))
        if self.instance.pk is None:
            self.initial["date"] = timezone.localdate()
            self.initial["amount"] = payments.open_balance(self.instance.invoice)

    def clean_date(self) -> Any:
        date = self.cleaned_data["date"]
        if date > timezone.localdate():
            raise ValidationError("That day is still to come: record a payment when it has arrived.")
        return date

    def clean(self) -> dict[str, Any] | None:
        """Say all that is wrong at once: `payments` asks again, under a lock, when it writes."""
        cleaned = super().clean()
        typed = {name: self.cleaned_data.get(name) for name in ("date", "amount")}
        for name, sentence in payments.faults(self.instance, **typed).items():
            self.add_error(name, sentence)
        return cleaned

    def save(self, commit: bool = True) -> Payment:
        """Record or mend the payment. Raises ValidationError and ChangedMeanwhile as `invoices.payments` does."""
        cleaned = {name: self.cleaned_data[name] for name in ("date", "amount", "method", "reference")}
        if self.instance.pk is None:
            return payments.record_payment(invoice=self.instance.invoice, **cleaned)
        seen = self.cleaned_data["seen_version"]
        return payments.change_payment(payment=self.instance, seen_version=seen, **cleaned)


class SendForm(forms.Form):
    """The e-mail with which an invoice goes to the client."""

    to = forms.EmailField(label="To", max_length=100)
    subject = forms.CharField(max_length=150)
    letter = forms.CharField(label="Message", max_length=2000, widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args: Any, invoice: Invoice, person: Any, **kwargs: Any) -> None:
        self.invoice, self.person = invoice, person
        addresses = sending.addresses(invoice)
        usual = {
            "to": addresses[0] if addresses else "",
            "subject": sending.usual_subject(invoice),
            "letter": InvoiceSettings.current().covering_letter,
        }
        kwargs["initial"] = usual | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["to"].help_text = _where_else(invoice, addresses)

    def clean_subject(self) -> str:
        return " ".join(self.cleaned_data["subject"].split())

    def save(self) -> Invoice:
        """Send it. Raises ValidationError as `sending.send` does."""
        return sending.send(invoice=self.invoice, by=self.person, **self.cleaned_data)


def _where_else(invoice: Invoice, addresses: list[str]) -> str:
    if not addresses:
        return f"Neither {invoice.job.client} nor a representative has an e-mail address on file."
    return f"Also on file: {', '.join(addresses[1:])}" if addresses[1:] else ""


class InvoiceSettingsForm(SettingsForm):
    """“4) Invoices and Terms” of the settings editor."""

    class Meta:
        model = InvoiceSettings
        fields = ["payments_at", "term", "phone", "email", "closing_words", "covering_letter"]
        widgets = {
            "payments_at": forms.RadioSelect,
            "closing_words": forms.Textarea(attrs=SHORT),
            "covering_letter": forms.Textarea(attrs=SHORT),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        term: Any = self.fields["term"]
        term.queryset = Term.objects.filter(Q(is_active=True) | Q(pk=self.instance.term_id))


class LineForm(RecordForm):
    """What a line says and charges. Two people at one invoice are told of each other, whichever line they change."""

    class Meta:
        model = InvoiceLine
        fields = ["description", "amount"]
        widgets = {"description": forms.Textarea(attrs=SHORT)}

    @property
    def versioned(self) -> Invoice:
        return self.instance.invoice

    def save(self, commit: bool = True) -> InvoiceLine:
        """Change the line. Raises ValidationError as `billing.change_line` does, and ChangedMeanwhile."""
        changed = {name: self.cleaned_data[name] for name in ("description", "amount")}
        with transaction.atomic():
            self.versioned.claim_version(self.cleaned_data["seen_version"])
            return billing.change_line(line=self.instance, **changed)
