"""“Give another number”: an invoice that QuickBooks refused because its number is taken there."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views.generic import FormView

from invoices.models import Invoice
from qbo_sync.models import Step
from qbo_sync.push.numbering import refused_numbers, renumber
from qbo_sync.tasks import ring
from qbo_sync.views.copies import RunMixin
from smmware.core.extensions import edit_vetoes
from smmware.core.permissions import Access, Area, check_may


class NumberForm(forms.Form):
    """Another number for one invoice."""

    number = forms.CharField(
        max_length=Invoice._meta.get_field("number").max_length,
        help_text="Filled in is the next number that is free here and was free at QuickBooks when it was asked.",
    )

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        self.initial["number"] = step.free_number

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if Invoice.objects.filter(pk=self.step.record_id, number=number).exists():
            raise ValidationError("This is the number that QuickBooks refused: choose another one.")
        return number


class RenumberView(RunMixin, FormView):
    """Whoever may edit the invoice gives it another number; then it goes once more."""

    form_class = NumberForm
    template_name = "qbo_sync/renumber.html"

    @cached_property
    def chosen(self) -> Step:
        return get_object_or_404(refused_numbers(self.run()).select_related("run"), pk=self.kwargs["step"])

    def get_form_kwargs(self) -> dict[str, Any]:
        check_may(self.request.user, Area.INVOICES, Access.MANAGE)
        invoice = get_object_or_404(Invoice, pk=self.chosen.record_id)
        if vetoes := edit_vetoes(invoice):
            raise PermissionDenied(" ".join(vetoes))
        return super().get_form_kwargs() | {"step": self.chosen}

    def form_valid(self, form: NumberForm) -> HttpResponse:
        if problem := renumber(self.chosen, form.cleaned_data["number"]):
            form.add_error("number", problem)
            return self.form_invalid(form)
        ring(self.chosen.run.connection_id)
        return redirect(self.chosen.run)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(step=self.chosen, run=self.chosen.run, **kwargs)
