"""Pages on which entries are chosen: the sums follow what is ticked, nothing is written before the last button."""

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.generic import FormView

from invoices.models import Invoice
from smmware.core.forms import save_or_refuse
from smmware.core.permissions import Access, Area
from smmware.core.records import AreaMixin, BackMixin, PutsBackMixin


class ChoosingView(AreaMixin, BackMixin, PutsBackMixin, FormView):
    """Choose entries, and save the invoice that they stand on.

    A POST with `show` only shows the form again, with the entries of the job and the sums as they are now: by htmx as
    somebody chooses, by a button without JavaScript. `show` may be “all” or “none”, to tick or untick every entry.
    """

    area = Area.INVOICES
    needed = Access.MANAGE

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "show" not in request.POST:
            return super().post(request, *args, **kwargs)
        unbound = {name: value for name, value in self.get_form_kwargs().items() if name not in ("data", "files")}
        context = self.get_context_data(form=self.get_form_class()(**unbound | {"initial": request.POST.dict()}))
        if request.htmx:  # type: ignore[attr-defined]
            return self.response_class(request, "invoices/choosing.html", context)
        return self.render_to_response(context)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), **self._ticked()}

    def _ticked(self) -> dict[str, list[str]]:
        sent = dict(self.request.POST.lists()) or self.put_back
        show = self.request.POST.get("show")
        shown = [] if show == "all" else sent.get("shown", [])
        return {"shown": shown, "chosen": [] if show == "none" else sent.get("entries", [])}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        invoice = save_or_refuse(form)
        if invoice is None:
            return self.form_invalid(form)
        messages.success(self.request, self.said(invoice, form))
        return HttpResponseRedirect(invoice.get_absolute_url())

    def said(self, invoice: Invoice, form: Any) -> str:
        """What has been done, in a sentence."""
        raise NotImplementedError(type(self))
