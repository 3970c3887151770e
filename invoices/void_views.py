"""“Void”: why an invoice is voided and what that means; then it is done, or handed over to whoever has to do it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic import FormView

from invoices import voiding
from invoices.listings import invoices_for
from invoices.models import Invoice
from smmware.core.extensions import HandOver, hand_over, move_vetoes
from smmware.core.forms import save_or_refuse
from smmware.core.permissions import Access, Area
from smmware.core.records import AreaMixin, Back, BackMixin, PutsBackMixin

VOIDED = Invoice.Status.VOIDED


class VoidForm(forms.Form):
    """Why an invoice is voided."""

    reason = forms.CharField(
        label="Why?", max_length=Invoice._meta.get_field("void_reason").max_length,
        help_text="Kept on the invoice’s page, for whoever wonders later.",
    )  # fmt: skip

    def __init__(self, *args: Any, invoice: Invoice, person: Any, **kwargs: Any) -> None:
        self.invoice, self.person = invoice, person
        super().__init__(*args, **kwargs)

    def save(self) -> Invoice:
        """Void it. Raises ValidationError as `voiding.void` does."""
        return voiding.void(invoice=self.invoice, reason=self.cleaned_data["reason"], by=self.person)


class VoidView(PutsBackMixin, AreaMixin, BackMixin, FormView):
    """The question, and the deed."""

    area = Area.INVOICES
    needed = Access.MANAGE
    form_class = VoidForm
    template_name = "invoices/void.html"
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def invoice(self) -> Invoice:
        return get_object_or_404(invoices_for(self.request.user), pk=self.kwargs["pk"])

    @cached_property
    def vetoes(self) -> list[str]:
        refusal = voiding.why_not(self.invoice)
        return [refusal] if refusal else move_vetoes(self.invoice, VOIDED)

    @cached_property
    def elsewhere(self) -> HandOver | None:
        """The app that voids it, where that is not for this one alone."""
        return None if voiding.why_not(self.invoice) else hand_over(self.request, self.invoice, VOIDED)

    def back(self) -> Back:
        return Back(str(self.invoice), self.invoice.get_absolute_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.vetoes and not self.elsewhere:
            raise PermissionDenied(" ".join(self.vetoes))
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "invoice": self.invoice, "person": self.request.user}

    def form_valid(self, form: VoidForm) -> HttpResponse:
        if self.elsewhere:
            return self.elsewhere.proceed(self.request, self.invoice, form.cleaned_data["reason"])
        voided = save_or_refuse(form)
        if voided is None:
            return self.form_invalid(form)
        messages.success(self.request, f"{voided} is voided. What it billed can be billed again.")
        return HttpResponseRedirect(voided.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(invoice=self.invoice, vetoes=self.vetoes, elsewhere=self.elsewhere, **kwargs)
