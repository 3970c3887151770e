"""“Move”: which other record at QuickBooks it is, why, and then it is linked with that one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property

from qbo_sync.connection.environment import record_url
from qbo_sync.models import Link
from qbo_sync.push import moving, unlinking
from qbo_sync.views.unlink import UnlinkForm, UnlinkView


class MoveForm(UnlinkForm):
    """To what a link is moved, and why."""

    candidate = forms.CharField(
        label="Which one is it?", error_messages={"required": "Choose which record at QuickBooks it is."}
    )
    reason = forms.CharField(label="Why?", max_length=400, help_text=UnlinkForm.base_fields["reason"].help_text)


class MoveView(UnlinkView):
    """The list to choose from, and the deed, for records that the person who asks may see."""

    form_class = MoveForm
    template_name = "qbo_sync/move.html"

    @cached_property
    def link(self) -> Link:
        if not moving.may_be_moved(link := super().link):
            raise Http404("Links of such records are not moved.")
        return link

    @cached_property
    def search(self) -> str:
        return self.request.GET.get("q", "")[:100].strip()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.record  # who may not see it is told nothing of what is like it
        choices = moving.choices_for(self.link, self.search)
        shown = {
            "record": record,
            "search": self.search,
            "why_not": unlinking.why_not([self.link]),
            "choices": [(choice, record_url(self.link.connection, *choice.at_qbo)) for choice in choices],
        }
        return super().get_context_data(**kwargs | shown)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        record = self.record
        entity, _, qbo_id = form.cleaned_data["candidate"].partition(":")
        problem = moving.move(
            link=self.link, entity=entity, qbo_id=qbo_id, search=self.search,
            reason=form.cleaned_data["reason"], actor=self.request.user,  # type: ignore[arg-type]
        )  # fmt: skip
        if problem:
            form.add_error("candidate", problem)
            return self.form_invalid(form)
        messages.success(self.request, f"{record} is QBO ID {qbo_id} now. Nothing was changed at QuickBooks.")
        return redirect(record)
