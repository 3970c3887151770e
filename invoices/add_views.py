"""Making an invoice out of a job's unbilled entries, or for a flat amount."""

from typing import Any

from django.urls import reverse

from invoices.add_forms import InvoiceAddForm
from invoices.choosing_views import ChoosingView
from invoices.models import Invoice


class InvoiceAddView(ChoosingView):
    listing_key = "invoices"
    form_class = InvoiceAddForm
    template_name = "invoices/add.html"

    def get_initial(self) -> dict[str, Any]:
        return {"job": self.request.GET.get("job"), **super().get_initial()}

    def said(self, invoice: Invoice, form: InvoiceAddForm) -> str:
        return f"{invoice} is made."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title="Add invoice", cancel_url=reverse("invoices:list"), **kwargs)
