"""The forms that add to an invoice which is still a draft: further entries of its job, or a line of one's own."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from invoices import billing
from invoices.add_forms import GONE
from invoices.choosing import Choosing, Sum, choosing, entries_by_key
from invoices.forms import SHORT
from invoices.models import Invoice, InvoiceLine
from smmware.core.forms import DateInput, RecordForm

NO_MORE = "Nothing else on this job is billable and not billed yet. Record hours, miles or expenses first."


class MoreEntriesForm(forms.Form):
    """Which of the entries of its job, billed on no invoice yet, are put on an invoice.

    Args:
        shown: the keys of the entries that the person was shown (`invoices.choosing`).
        chosen: those of them that are ticked.
    """

    empty_words = NO_MORE
    up_to = forms.DateField(
        label="Entries up to", widget=DateInput, required=False, help_text="Empty: all that is billable and not billed."
    )

    def __init__(
        self, *args: Any, invoice: Invoice, shown: Sequence[str] = (), chosen: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.invoice, self.shown, self.keys = invoice, shown, chosen

    @cached_property
    def choosing(self) -> Choosing:
        """What the invoice's job has to bill."""
        try:
            up_to = self.fields["up_to"].clean(self["up_to"].value())
        except ValidationError:
            up_to = None
        return choosing(self.invoice.job, up_to=up_to, shown=self.shown, chosen=self.keys)

    @property
    def is_flat(self) -> bool:
        return self.invoice.kind == Invoice.Kind.FLAT

    def sums(self) -> list[Sum]:
        """What the invoice comes to, as chosen so far."""
        return self.choosing.sums_on(self.invoice)

    def save(self) -> Invoice:
        """Put what is ticked on the invoice. Raises ValidationError as `billing.add_entries` does."""
        found = entries_by_key(self.keys)
        if len(found) < len(set(self.keys)):
            raise ValidationError(GONE)
        return billing.add_entries(invoice=self.invoice, entries=found)


class LineAddForm(RecordForm):
    """A line of one's own: something that is charged, or given back, and that nobody recorded."""

    class Meta:
        model = InvoiceLine
        fields = ["description", "amount", "taxable"]
        widgets = {"description": forms.Textarea(attrs=SHORT)}
        help_texts = {"amount": "Dollars, negative for what is given back."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["description"].required = True

    def save(self, commit: bool = True) -> InvoiceLine:
        """Add the line. Raises ValidationError as `billing.add_line` does."""
        return billing.add_line(invoice=self.instance.invoice, **self.typed())

    def typed(self) -> dict[str, Any]:
        """Description, amount and whether it is taxable."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
