"""“Update QBO” and “Reverse this run”: their buttons, and the page on which a person decides between two edits."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView, View

from qbo_sync.access import QboMixin
from qbo_sync.connection.environment import record_url
from qbo_sync.models import Connection, Kind, Link, Run, Step
from qbo_sync.push import reversing, updating
from qbo_sync.push.unlinking import with_followers
from qbo_sync.tasks import ring
from qbo_sync.views.copies import NOT_CONNECTED, RunMixin, copied_kind, visible

NOTHING_TO_TAKE_BACK = "There is nothing at QuickBooks that this run created, or it is not over yet."

NOT_OURS = "It was not copied from here: delete it in QuickBooks, then press “Unlink”."


def _connected(request: HttpRequest) -> Connection | None:
    connection = Connection.active()
    if connection is not None and connection.is_connected:
        return connection
    messages.error(request, NOT_CONNECTED)
    return None


class UpdateRecordView(QboMixin, View):
    """“Update QBO” on a record's page: plan the change and show the plan. Nothing is sent before “Next”."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        chosen = copied_kind(kind)
        record = get_object_or_404(visible(request, chosen), pk=pk)
        connection = _connected(request)
        if connection is None:
            return redirect("qbo:connect")
        run = updating.plan_update(
            connection=connection, kind=chosen, ids={pk}, actor=request.user, title=f"Update QBO: {record}",  # type: ignore[arg-type]
            back_url=record.get_absolute_url(),
        )  # fmt: skip
        return redirect(run)


class TakeBackView(QboMixin, View):
    """“Take back” on the page of a copied document, with what belongs to it: a run that reverses it alone."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        chosen = copied_kind(kind)
        record = get_object_or_404(visible(request, chosen), pk=pk)
        connection = _connected(request)
        if connection is None:
            return redirect("qbo:connect")
        links = Link.objects.select_related("connection", "attempt__run__connection")
        link = get_object_or_404(links, connection=connection, **{chosen.value: record})
        run = reversing.run_that_made(link)
        if run is None:
            messages.error(request, NOT_OURS)
            return redirect(record)
        reversal = reversing.plan_reversal(
            run=run, actor=request.user, only=[(each.kind, each.record_id) for each in with_followers(link)],  # type: ignore[arg-type]
            title=f"Take back: {record}", back_url=record.get_absolute_url(),
        )  # fmt: skip
        return redirect(reversal)


class ReverseRunView(RunMixin, View):
    """“Reverse this run”: plan what is taken back and show the plan. Nothing is sent before “Next”."""

    http_method_names = ["post"]
    types = (Run.Type.PUSH,)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run()
        if not reversing.may_be_reversed(run):
            messages.error(request, NOTHING_TO_TAKE_BACK)
            return redirect(run)
        if not (run.connection.is_active and run.connection.is_connected):
            messages.error(request, NOT_CONNECTED)
            return redirect("qbo:connect")
        return redirect(reversing.plan_reversal(run=run, actor=request.user))  # type: ignore[arg-type]


class ComparedMixin(RunMixin):
    """One record of “Update QBO” that somebody edited at QuickBooks too."""

    types = (Run.Type.UPDATE,)

    def step(self) -> Step:
        steps = Step.objects.select_related("run__connection")
        return get_object_or_404(steps, pk=self.kwargs["step"], run=self.run())  # type: ignore[attr-defined]


class CompareView(ComparedMixin, TemplateView):
    """The two side by side."""

    template_name = "qbo_sync/compare.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        step = self.step()
        links = Link.objects.filter(connection=step.run.connection, **{step.kind: step.record_id})
        link = links.exclude(qbo_id=None).first()
        shown = {
            "step": step,
            "run": step.run,
            "is_open": updating.is_open(step),
            "record": Kind(step.kind).model._default_manager.filter(pk=step.record_id).first(),
            "url": record_url(step.run.connection, link.entity, link.qbo_id or "") if link else "",
        }
        return super().get_context_data(**kwargs | shown)


class SendOursView(ComparedMixin, View):
    """“Send ours”."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, step: int) -> HttpResponse:
        return _decided(request, chosen := self.step(), updating.send_ours(chosen))


class KeepTheirsView(ComparedMixin, View):
    """“Keep QuickBooks'”."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, step: int) -> HttpResponse:
        return _decided(request, chosen := self.step(), updating.keep_theirs(chosen))


def _decided(request: HttpRequest, step: Step, problem: str) -> HttpResponse:
    if problem:
        messages.error(request, problem)
    else:
        ring(step.run.connection_id)
    return redirect(step.run)
