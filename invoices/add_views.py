"""Making an invoice: the sums follow what is chosen, and nothing is written before “Make invoice”."""

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.generic import FormView

from invoices.add_forms import InvoiceAddForm
from smmware.core.forms import save_or_refuse
from smmware.core.permissions import Access, Area
from smmware.core.records import AreaMixin, BackMixin


class InvoiceAddView(AreaMixin, BackMixin, FormView):
    """Make an invoice out of a job's unbilled entries, or for a flat amount.

    A POST with `show` only shows the form again, with the entries of the job and the sums as they are now: by htmx as
    somebody chooses, by a button without JavaScript. `show` may be “all” or “none”, to tick or untick every entry.
    """

    area = Area.INVOICES
    needed = Access.MANAGE
    listing_key = "invoices"
    form_class = InvoiceAddForm
    template_name = "invoices/add.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "show" not in request.POST:
            return super().post(request, *args, **kwargs)
        context = self.get_context_data(form=InvoiceAddForm(initial=request.POST.dict(), **self._ticked()))
        if request.htmx:  # type: ignore[attr-defined]
            return self.response_class(request, "invoices/choosing.html", context)
        return self.render_to_response(context)

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "job": self.request.GET.get("job")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), **self._ticked()}

    def _ticked(self) -> dict[str, list[str]]:
        posted, show = self.request.POST, self.request.POST.get("show")
        shown = [] if show == "all" else posted.getlist("shown")
        return {"shown": shown, "chosen": [] if show == "none" else posted.getlist("entries")}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        invoice = save_or_refuse(form)
        if invoice is None:
            return self.form_invalid(form)
        messages.success(self.request, f"{invoice} is made.")
        return HttpResponseRedirect(invoice.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title="Add invoice", cancel_url=reverse("invoices:list"), **kwargs)
