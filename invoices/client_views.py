"""What the client gets: the invoice as a page to print, as a PDF, and by e-mail."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic import FormView, View

from invoices import paper, sending
from invoices.forms import SendForm
from invoices.listings import invoices_for
from invoices.models import Invoice
from smmware.core.forms import save_or_refuse
from smmware.core.permissions import Access, Area
from smmware.core.records import AreaMixin, Back, BackMixin, PutsBackMixin


class _InvoiceMixin(AreaMixin):
    area = Area.INVOICES
    needed = Access.REVIEW
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def invoice(self) -> Invoice:
        invoices = invoices_for(self.request.user).select_related("job__client__representative")
        return get_object_or_404(invoices, pk=self.kwargs["pk"])


class PrintView(_InvoiceMixin, View):
    """The paper as a page of its own, for the browser's Print."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return HttpResponse(paper.html(self.invoice, as_page=True))


class PdfView(_InvoiceMixin, View):
    """The paper as a PDF."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            content = paper.pdf(self.invoice)
        except paper.PdfUnavailable as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(self.invoice.get_absolute_url())
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{paper.file_name(self.invoice)}"'
        return response


class SendView(PutsBackMixin, _InvoiceMixin, BackMixin, FormView):
    """“Send”: the e-mail is shown before it goes."""

    needed = Access.MANAGE
    form_class = SendForm
    template_name = "invoices/send.html"

    def back(self) -> Back:
        return Back(str(self.invoice), self.invoice.get_absolute_url())

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "invoice": self.invoice, "person": self.request.user}

    def form_valid(self, form: SendForm) -> HttpResponse:
        sent = save_or_refuse(form)
        if sent is None:
            return self.form_invalid(form)
        messages.success(self.request, f"{sent} is on its way to {form.cleaned_data['to']}.")
        return HttpResponseRedirect(sent.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=f"Send {self.invoice}",
            invoice=self.invoice,
            in_the_way=sending.in_the_way(self.invoice),
            file_name=paper.file_name(self.invoice),
            not_yet="Nothing is sent yet",
            cancel_url=self.invoice.get_absolute_url(),
            **kwargs,
        )
