"""Adding to an invoice that is still a draft, the running total of a job (domain.md §7)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from invoices import billing
from invoices.choosing_views import ChoosingView
from invoices.listings import invoices_for
from invoices.models import Invoice, InvoiceLine
from invoices.more_forms import LineAddForm, MoreEntriesForm
from smmware.core.display import counted
from smmware.core.permissions import Area
from smmware.core.records import Back, RecordCreateView


class DraftMixin:
    """A page that adds to the invoice whose number is in the address; a POST that comes too late is told so there."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def invoice(self) -> Invoice:
        return get_object_or_404(invoices_for(self.request.user), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if refusal := self.why_not():
            raise PermissionDenied(refusal)
        return super().get(request, *args, **kwargs)  # type: ignore[misc]

    def why_not(self) -> str:
        """Why nothing is added here, in a sentence, or ""."""
        return billing.why_no_more(self.invoice)

    def back(self) -> Back:
        return Back(str(self.invoice), self.invoice.get_absolute_url())


class MoreEntriesView(DraftMixin, ChoosingView):
    """Bill further entries of the job on the invoice."""

    form_class = MoreEntriesForm
    template_name = "invoices/more_entries.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "invoice": self.invoice}

    def said(self, invoice: Invoice, form: MoreEntriesForm) -> str:
        count = len(set(form.keys))
        return f"{counted(count, 'entry is' if count == 1 else 'entries are')} added to {invoice}."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=f"Add entries to {self.invoice}", cancel_url=self.invoice.get_absolute_url(), **kwargs
        )


class LineCreateView(DraftMixin, RecordCreateView):
    """Charge something that nobody recorded."""

    area = Area.INVOICES
    model = InvoiceLine
    form_class = LineAddForm
    title = "Add line"

    def why_not(self) -> str:
        return super().why_not() or billing.why_no_line(self.invoice)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": InvoiceLine(invoice=self.invoice)}
