"""“Try again”: for one record of a run, for all of one cause, or for all that may go again."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import View

from qbo_sync.models import Run
from qbo_sync.push import plan
from qbo_sync.push.again import Tried, try_again
from qbo_sync.push.causes import cause_of
from qbo_sync.tasks import ring
from qbo_sync.views.copies import NOT_CONNECTED, RunMixin
from smmware.core.keys import primary_key

APART = "{count} more now need other records than when this was planned. Here is a plan of their own: look at it first."


class AgainView(RunMixin, View):
    """The button of a record, of a cause, or of the run."""

    types = (Run.Type.PUSH,)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run()
        tried = try_again(run, _which(run, request))
        if tried.again:
            ring(run.connection_id)
        (messages.success if tried.again else messages.info)(request, str(tried))
        return _planned(run, request, tried) if tried.apart else redirect(run)


def _which(run: Run, request: HttpRequest) -> Q | None:
    """What the button stands for; one whose record or cause is gone stands for nothing, never for all."""
    if "step" in request.POST:
        return Q(pk=primary_key(request.POST["step"]))
    return cause_of(run, request.POST["cause"]) if "cause" in request.POST else None


def _planned(run: Run, request: HttpRequest, tried: Tried) -> HttpResponse:
    """Those that bring other records along by now get a plan, which is shown before anything of it is sent."""
    if not run.connection.is_connected:
        messages.error(request, NOT_CONNECTED)
        return redirect("qbo:connect")
    messages.info(request, APART.format(count=sum(map(len, tried.apart.values()))))
    again = plan.build(
        connection=run.connection, asked=tried.apart, title=f"Once more: {run.title}"[:200], actor=request.user,  # type: ignore[arg-type]
        back_url=run.get_absolute_url(),
    )  # fmt: skip
    return redirect(again)
