"""“Next”, “Pause”, “Go on” and “Cancel”: what a person may tell a run."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import View

from qbo_sync.models.states import RunState
from qbo_sync.runs import moves
from qbo_sync.tasks import ring
from qbo_sync.views.copies import RunMixin


class NextView(RunMixin, View):
    """“Next”: what was shown is copied."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run()
        if moves.queue(run, actor=request.user):  # type: ignore[arg-type]
            ring(run.connection_id)
        elif run.state == RunState.PLANNED:
            messages.error(request, "This plan is too old to be carried out as it was shown. Make a new one.")
        return redirect(run)


class PauseView(RunMixin, View):
    """“Pause”: what is under way is still recorded, the rest waits for “Go on”."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run()
        if moves.pause(run):
            messages.success(request, "Paused. Nothing more is sent until you press “Go on”.")
        return redirect(run)


class CancelView(RunMixin, View):
    """“Cancel”: what is sent is sent, the rest is not."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run()
        if moves.cancel(run):
            messages.success(request, "Cancelled. What was already sent to QuickBooks is there; the rest was not sent.")
        return redirect(run)
