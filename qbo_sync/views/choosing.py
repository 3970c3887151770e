"""“Needs your choice” on the screens: the list of choices for a record, and what a person answers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView, View

from qbo_sync.access import QboMixin
from qbo_sync.connection.environment import record_url
from qbo_sync.models import Kind, RuledOut, Run, Step
from qbo_sync.push import choices, ruling_out
from qbo_sync.push.blocking import ASKING
from qbo_sync.push.candidates import Choice, candidates, seekers_of
from qbo_sync.tasks import ring
from qbo_sync.views.copies import RunMixin, visible
from smmware.core.extensions import edit_vetoes
from smmware.core.keys import primary_key
from smmware.core.permissions import Access, Area, may

RENAMED_BY: dict[str, Area] = {
    Kind.CLIENT: Area.CLIENTS, Kind.ORGANIZATION: Area.ORGANIZATIONS, Kind.ASSOCIATE: Area.ASSOCIATES,
}  # fmt: skip
MAY_NOT_RENAME = "You may not change the name of this record."


class StepMixin(RunMixin):
    """A page of one record of a run that needs a choice."""

    types: tuple[str, ...] = ASKING

    def step(self) -> Step:
        return get_object_or_404(Step.objects.select_related("run__connection"), pk=self.kwargs["step"], run=self.run())  # type: ignore[attr-defined]


class ChoicesView(StepMixin, TemplateView):
    """The manual's list of choices: records at QuickBooks that this one may already be."""

    template_name = "qbo_sync/choices.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        step = self.step()
        record: Any = Kind(step.kind).model._default_manager.filter(pk=step.record_id).first()
        shown = {
            "step": step,
            "run": step.run,
            "here": next((seeker for _, seeker in seekers_of([(Kind(step.kind), step.record_id)])), None),
            "invoice": record if step.kind == Kind.INVOICE else None,
            "record_url": record.get_absolute_url() if record else "",
            "candidates": [(choice, _url(step, choice)) for choice in candidates(step)],
            "documents": choices.documents(step),
            "ruled_out": ruling_out.ruled_out(step.run.connection, Kind(step.kind), step.record_id),
            "is_open": choices.is_open(step),
            "new_name": choices.new_name(step) if _may_rename(self.request, step, record) else None,
        }
        return super().get_context_data(**kwargs | shown)


def _may_rename(request: HttpRequest, step: Step, record: Any) -> bool:
    """Whether whoever asks may give the record of a step another name."""
    area = RENAMED_BY.get(step.kind)
    return (
        record is not None and area is not None and may(request.user, area, Access.MANAGE) and not edit_vetoes(record)
    )


def _url(step: Step, choice: Choice) -> str:
    return record_url(step.run.connection, *choice.at_qbo)


class LinkChoiceView(StepMixin, View):
    """The button in the “QBO ID” column: this is the record at QuickBooks."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, step: int) -> HttpResponse:
        chosen = self.step()
        entity, _, qbo_id = request.POST.get("candidate", "").partition(":")
        return _answer(request, chosen, choices.link(chosen, entity=entity, qbo_id=qbo_id, actor=request.user))  # type: ignore[arg-type]


class NeverChoiceView(StepMixin, View):
    """“Never this one”: back to the choices, without it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, step: int) -> HttpResponse:
        chosen = self.step()
        entity, _, qbo_id = request.POST.get("candidate", "").partition(":")
        problem = ruling_out.never(chosen, entity=entity, qbo_id=qbo_id, actor=request.user)  # type: ignore[arg-type]
        if problem:
            messages.error(request, problem)
        else:
            messages.success(request, f"QBO ID {qbo_id} will not be offered for “{chosen.label}” again.")
        return redirect("qbo:choices", chosen.run_id, chosen.pk)


class UndoNeverView(QboMixin, View):
    """“Undo” of “Never this one”, on the list of choices (`step` says of which step) or on the record's own page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        answer = get_object_or_404(RuledOut, pk=pk)
        step = _step_about(answer, request.POST.get("step", ""))
        record = visible(request, Kind(answer.kind)).filter(pk=answer.record_id).first()
        if step is None and record is None:
            raise Http404("There is no such record.")
        ruling_out.undo(answer)
        messages.success(request, f"QBO ID {answer.qbo_id} may be offered for “{record or step.label}” again.")  # type: ignore[union-attr]
        return redirect("qbo:choices", step.run_id, step.pk) if step else redirect(record)  # type: ignore[arg-type]


def _step_about(answer: RuledOut, pk: str) -> Step | None:
    """The step of this number, where it is about the record of the answer."""
    of_record = {"kind": answer.kind, "record_id": answer.record_id, "run__connection": answer.connection_id}
    return Step.objects.filter(pk=primary_key(pk), run__type__in=ASKING, **of_record).first()


class CreateChoiceView(StepMixin, View):
    """“None of these, create a new one”, also by a name that is free; not where only links are looked for."""

    types = (Run.Type.PUSH,)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, step: int) -> HttpResponse:
        chosen, called = self.step(), request.POST.get("called", "")
        record: Any = Kind(chosen.kind).model._default_manager.filter(pk=chosen.record_id).first()
        if called and not _may_rename(request, chosen, record):
            raise PermissionDenied(MAY_NOT_RENAME)
        return _answer(request, chosen, choices.create_new(chosen, called=called))


class LeaveOutChoiceView(StepMixin, View):
    """“Leave it out”."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, step: int) -> HttpResponse:
        chosen = self.step()
        return _answer(request, chosen, choices.leave_out(chosen))


class AllChoicesView(RunMixin, View):
    """One answer for all documents of a run that wait for a choice."""

    types = (Run.Type.PUSH,)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run, answer = self.run(), request.POST.get("answer", "")
        if answer not in choices.Bulk.values:
            messages.error(request, "Choose one of the answers.")
            return redirect(run)
        settled, waiting = choices.choose_for_all(run, choices.Bulk(answer), actor=request.user)  # type: ignore[arg-type]
        rest = f" {waiting} still wait: nothing that was found is left for them." if waiting else ""
        messages.success(request, f"{settled} settled.{rest}")
        ring(run.connection_id)
        return redirect(run)


def _answer(request: HttpRequest, step: Step, problem: str) -> HttpResponse:
    """Back to the run, which goes on with what had waited; or back to the choices, with what is wrong."""
    if problem:
        messages.error(request, problem)
        return redirect("qbo:choices", step.run_id, step.pk)
    ring(step.run.connection_id)
    return redirect(step.run)
