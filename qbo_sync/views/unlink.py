"""“Unlink”: what it means, why it is done, and then it is done."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views.generic import FormView

from qbo_sync.access import QboMixin
from qbo_sync.connection.environment import record_url
from qbo_sync.models import Link, Unlinked
from qbo_sync.push import unlinking
from qbo_sync.views.copies import visible


class UnlinkForm(forms.Form):
    """Why a record is unlinked."""

    reason = forms.CharField(
        label="Why?",
        max_length=Unlinked._meta.get_field("reason").max_length,
        help_text="Kept on the record’s page, for whoever wonders later.",
    )


class UnlinkView(QboMixin, FormView):
    """The question before, and the deed, for records that the person who asks may see."""

    form_class = UnlinkForm
    template_name = "qbo_sync/unlink.html"

    @cached_property
    def link(self) -> Link:
        return get_object_or_404(Link.objects.select_related("connection"), pk=self.kwargs["pk"])

    @cached_property
    def record(self) -> Any:
        record = visible(self.request, self.link.kind).filter(pk=self.link.record_id).first()
        if record is None:
            raise Http404("There is no such record.")
        return record

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        followers = unlinking.with_followers(self.link)[1:]
        shown = {
            "record": self.record,
            "link": self.link,
            "url": record_url(self.link.connection, self.link.entity, self.link.qbo_id or ""),
            "followers": followers,
            "why_not": unlinking.why_not([self.link, *followers]),
        }
        return super().get_context_data(**kwargs | shown)

    def form_valid(self, form: UnlinkForm) -> HttpResponse:
        record = self.record
        problem = unlinking.unlink(link=self.link, reason=form.cleaned_data["reason"], actor=self.request.user)  # type: ignore[arg-type]
        if problem:
            messages.error(self.request, problem)
        else:
            messages.success(self.request, f"{record} is unlinked. Nothing was changed at QuickBooks.")
        return redirect(record)
