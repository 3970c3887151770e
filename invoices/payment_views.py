"""Payments on an invoice's page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from invoices import payments
from invoices.forms import PaymentForm
from invoices.models import Invoice, Payment
from smmware.core.permissions import Access, Area
from smmware.core.records import Back, RecordCreateView, RecordDeleteView, RecordUpdateView


class _PaymentMixin:
    """A payment is kept on its invoice's behalf, where payments are recorded here at all."""

    area = Area.INVOICES
    needed = Access.MANAGE
    model = Payment

    @cached_property
    def invoice(self) -> Invoice:
        payment = getattr(self, "object", None)
        return payment.invoice if payment else get_object_or_404(Invoice, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    def get_queryset(self) -> QuerySet[Payment]:
        return Payment.objects.select_related("invoice", "method")

    def back(self) -> Back:
        return Back(str(self.invoice), self.invoice.get_absolute_url())

    def get_success_url(self) -> str:
        return self.invoice.get_absolute_url()

    def cancel_url(self) -> str:
        return self.invoice.get_absolute_url()


class PaymentCreateView(_PaymentMixin, RecordCreateView):
    form_class = PaymentForm
    title = "Record payment"

    def get_form_kwargs(self) -> dict[str, Any]:
        if refusal := payments.why_not(self.invoice):
            raise PermissionDenied(refusal)
        return {**super().get_form_kwargs(), "instance": Payment(invoice=self.invoice)}


class PaymentUpdateView(_PaymentMixin, RecordUpdateView):
    form_class = PaymentForm
    title = "Edit payment"


class PaymentRemoveView(_PaymentMixin, RecordDeleteView):
    def delete_record(self) -> None:
        payments.remove_payment(payment=self.object)
