"""“Add QBO” and “QBO Add All”: from the button to the feedback (design.md §4)."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, View

from qbo_sync.access import QboMixin
from qbo_sync.entities import COPIED
from qbo_sync.models import Connection, Kind, Reason, Run, Step
from qbo_sync.models.states import RunState, StepState
from qbo_sync.push import causes, choices, feedback, plan
from qbo_sync.push.asking import asked_for, kind_of
from qbo_sync.push.blocking import open_questions
from qbo_sync.push.reversing import may_be_reversed
from qbo_sync.push.waiting import LISTED
from qbo_sync.runs import moves
from qbo_sync.views.watching import said, under_way
from smmware.core.csv_export import csv_response
from smmware.core.listings import Listing, listing_by_key, listings_of

STEPS_A_PAGE = 50
CHOOSE_BY = {"state": StepState, "kind": Kind, "reason": Reason}
NOT_CONNECTED = "SMMware is not connected to QuickBooks. Connect first, then copy."


def plan_for(request: HttpRequest, kind: Kind, ids: set[int], title: str, back_url: str) -> HttpResponse:
    """Plan copying these records and show the plan. Nothing is sent before “Next”."""
    connection = Connection.active()
    if connection is None or not connection.is_connected:
        messages.error(request, NOT_CONNECTED)
        return redirect("qbo:connect")
    run = plan.build(connection=connection, asked={kind: ids}, title=title, actor=request.user, back_url=back_url)  # type: ignore[arg-type]
    return redirect(run)


def visible(request: HttpRequest, kind: Kind) -> QuerySet:
    """The records of a kind that the person who asks may see: what the listings of that kind offer them.

    What has no listing of its own is seen with what it belongs to.
    """
    follows = COPIED[kind].follows if kind in COPIED else None
    if follows and not listings_of(kind.model):
        parents: Any = visible(request, follows).values("pk")
        return kind.model._default_manager.filter(pk__in=COPIED[kind].behind(parents))
    offered = [listing for listing in listings_of(kind.model) if listing.offered(request)]
    seen = Q(pk__in=[])
    for listing in offered:
        seen |= Q(pk__in=listing.base_queryset(request.user).values("pk"))
    return kind.model._default_manager.filter(seen)


class AddRecordView(QboMixin, View):
    """“Add QBO” on a record's page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        chosen = copied_kind(kind)
        record = get_object_or_404(visible(request, chosen), pk=pk)
        return plan_for(request, chosen, {record.pk}, f"Add QBO: {record}", record.get_absolute_url())


class AddAllView(QboMixin, View):
    """“QBO Add All” on a listing: all its records as filtered, on all pages."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        listing = _listing(key)
        filters = request.POST.get("filters", "")
        try:
            asked = asked_for(listing, request, filters)
        except ValueError as error:
            messages.error(request, f"{error} Nothing was copied.")
            return redirect(listing.url_name)
        back_url = f"{redirect(listing.url_name).url}?{filters}"
        [(kind, ids)] = asked.items()
        return plan_for(request, kind, ids, f"QBO Add All: {listing.title}", back_url)


def copied_kind(kind: str) -> Kind:
    """The kind of this name; 404 for one that is not copied."""
    if kind not in Kind.values or Kind(kind) not in COPIED:
        raise Http404("Records of this kind are not copied to QuickBooks.")
    return Kind(kind)


def _listing(key: str) -> Listing:
    try:
        listing = listing_by_key(key)
        kind_of(listing)
    except KeyError as error:
        raise Http404("There is no such listing.") from error
    return listing


class RunMixin(QboMixin):
    """A page of one run of copying, of changing or taking back what was copied."""

    types: tuple[str, ...] = (Run.Type.PUSH, Run.Type.UPDATE, Run.Type.REVERSE, Run.Type.VOID, Run.Type.MATCH)

    def run(self) -> Run:
        runs = Run.objects.select_related("connection", "asked_by", "confirmed_by").filter(type__in=self.types)
        return get_object_or_404(runs, pk=self.kwargs["pk"])  # type: ignore[attr-defined]


class StepsMixin(RunMixin):
    """The records of a run, all or those of one state, kind, reason or cause, as the address asks."""

    def chosen(self) -> dict[str, str]:
        """What of `CHOOSE_BY` the address asks for and exists; all else is ignored."""
        asked = {name: self.request.GET.get(name, "") for name in CHOOSE_BY}  # type: ignore[attr-defined]
        chosen = {name: value for name, value in asked.items() if value in CHOOSE_BY[name].values}
        cause = self.request.GET.get("cause", "")  # type: ignore[attr-defined]
        return chosen | ({"cause": cause} if cause else {})

    def steps(self, run: Run, chosen: dict[str, str]) -> QuerySet[Step]:
        columns = {name: value for name, value in chosen.items() if name in CHOOSE_BY}
        steps = run.steps.filter(**columns)
        if "cause" in chosen:
            steps = steps.filter(causes.cause_of(run, chosen["cause"]))
        return steps.order_by(feedback.URGENCY, "brought_along", "position")


class RunCsvView(StepsMixin, View):
    """The records of a run as CSV, as chosen on its page."""

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        run = self.run()
        return csv_response(feedback.csv_rows(run, self.steps(run, self.chosen())), f"quickbooks-run-{run.pk}")


@method_decorator(never_cache, name="dispatch")  # or “Back” would show the part that was asked for last, alone
class RunView(StepsMixin, TemplateView):
    """The page of a run: its plan before “Next”, its progress while it runs, its feedback afterwards."""

    template_name = "qbo_sync/run.html"
    partial_name = "qbo_sync/run_part.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, self.partial_name, self.get_context_data())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run = self.run()
        chosen, summary, is_live = self.chosen(), feedback.summary(run), run.state in moves.OPEN_RUNS
        page = Paginator(self.steps(run, chosen), STEPS_A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            run=run,
            summary=summary,
            rows=feedback.rows(run, list(page.object_list)),
            page=page,
            chosen=chosen,
            chosen_query=urlencode(chosen),
            causes=[(cause, *feedback.mend_of_all(cause.mend)) for cause in causes.causes(run)],
            may_go_again=causes.may_go_again(run).exists(),
            is_live=is_live,
            said=said(self.request, run, summary.settled, summary.total),
            **(under_way(run, summary) if is_live else {}),
            is_plan=run.state == RunState.PLANNED,
            may_go_on=run.state in (RunState.PAUSED, RunState.FAILED),
            names_wait=open_questions(run.connection).filter(LISTED, run=run).exists(),
            bulk_choices=choices.Bulk.choices if len(choices.open_documents(run)) > 1 else (),
            has_expired=run.state == RunState.PLANNED and moves.has_expired(run),
            words=feedback.WORDS[Run.Type(run.type)],
            may_be_reversed=may_be_reversed(run),
            reversals=run.reversals.exclude(state=RunState.PLANNED),
            back_url=_safe(self.request, run.back_url),
            **kwargs,
        )


def _safe(request: HttpRequest, url: str) -> str:
    return url if url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()) else ""
