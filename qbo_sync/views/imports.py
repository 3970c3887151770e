"""Importing a list: the button, the plan of the names, what a person says to it, and the report."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, View

from associates.models import Associate
from clients.models import Client
from organizations.models import Organization
from qbo_sync.access import QboMixin
from qbo_sync.guide import Guide
from qbo_sync.models import Connection, ImportList, ImportRow, Outcome, Run
from qbo_sync.models.states import RunState
from qbo_sync.pull import choosing, report, showing
from qbo_sync.pull.begin import begin_import
from qbo_sync.pull.catalog import PEOPLE
from qbo_sync.runs import moves
from qbo_sync.runs.moves import OPEN_RUNS
from qbo_sync.tasks import ring
from qbo_sync.views.settings import NOT_CONNECTED
from qbo_sync.views.watching import said
from smmware.core.csv_export import csv_response
from smmware.core.display import counted
from smmware.core.keys import primary_key
from smmware.core.work_lists import WorkList, work_list_of

ROWS_A_PAGE = 100
ROW = "row-"
ALIKE = "alike"
NOUNS = {
    ImportList.ACCOUNTS: "accounts",
    ImportList.ITEMS: "items",
    ImportList.PAYMENT_METHODS: "payment methods",
    ImportList.TERMS: "terms",
    ImportList.CLASSES: "classes",
    ImportList.LOCATIONS: "locations",
    ImportList.CLIENTS: "customers",
    ImportList.VENDORS: "vendors",
    ImportList.ASSOCIATES: "employees",
}
NEED_CHOICE = "{:,} may be one of several here, or fit nobody alone: choose for each."
TO_ANSWER_AT_ONCE = (Outcome.CHOICE, Outcome.NEW)
MODELS = {ImportList.CLIENTS: Client, ImportList.VENDORS: Organization, ImportList.ASSOCIATES: Associate}
TOO_OLD = "This plan is too old to be carried out as it was shown. Import again."


def how_many(number: int, which: ImportList) -> str:
    """A number of rows of a list at QuickBooks: “1 customer”, “2,000 customers”."""
    noun = NOUNS[which]
    return counted(number, noun.removesuffix("es" if noun == "classes" else "s") if number == 1 else noun)


class ImportView(QboMixin, View):
    """The button of a list on “QuickBooks Online Settings”; with `afresh`, a plan that waits is given up."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, which: str) -> HttpResponse:
        if which not in ImportList.values:
            raise Http404("There is no such list to import.")
        connection = Connection.active()
        if connection is None or not connection.is_connected:
            messages.error(request, NOT_CONNECTED)
            return redirect("qbo:connect")
        afresh = "afresh" in request.POST
        run = begin_import(connection, ImportList(which), actor=request.user, now=timezone.now(), afresh=afresh)  # type: ignore[arg-type]
        ring(connection.pk)
        return redirect("qbo:import_report", run.pk)


class ImportMixin(QboMixin):
    """A page or command of one import."""

    def run(self) -> Run:
        runs = Run.objects.select_related("connection", "asked_by", "confirmed_by").filter(type=Run.Type.IMPORT)
        return get_object_or_404(runs, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    def rows(self, run: Run, shown: Outcome | None) -> QuerySet[ImportRow]:
        """The rows of one outcome, or all, by name; of the new ones only those who resemble somebody, where asked."""
        rows = run.rows.all() if shown is None else run.rows.filter(outcome=shown)
        if _only_alike(self.request, shown):  # type: ignore[attr-defined]
            rows = choosing.alike(run)
        return rows.order_by(Lower("name"), "pk")


@method_decorator(never_cache, name="dispatch")  # or “Back” would show the part that was asked for last, alone
class ImportReportView(ImportMixin, TemplateView):
    """What an import will do, and what it did, row by row; live while it runs."""

    template_name = "qbo_sync/import_report.html"
    partial_name = "qbo_sync/import_report_part.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, self.partial_name, self.get_context_data(**kwargs))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run = self.run()
        standing = _standing(self.request, run)
        shown = standing["shown"]
        page = Paginator(self.rows(run, shown), ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            **standing,
            page=page,
            rows=showing.shown(run, list(page.object_list)) if shown else [],
            at_once=showing.answers_of(run) if self._may_answer_at_once(standing) else [],
            said=said(self.request, run, run.progress, run.size),
            to_complete=[] if run.state != RunState.DONE else self._to_complete(ImportList(run.import_list)),
            **kwargs,
        )

    def _may_answer_at_once(self, standing: dict[str, Any]) -> bool:
        return standing["may_choose"] and standing["shown"] in TO_ANSWER_AT_ONCE and not standing["only_alike"]

    def _to_complete(self, which: ImportList) -> list[tuple[WorkList, int]]:
        """The manual's “Post Import Actions”: the work list of what was imported, with what is left of it."""
        work_list = work_list_of(MODELS[which], self.request) if which in MODELS else None
        count = work_list.remaining(self.request.user).count() if work_list else 0
        return [(work_list, count)] if work_list and count else []


def _standing(request: HttpRequest, run: Run) -> dict[str, Any]:
    """How an import stands, and which of its rows are asked for."""
    which, counts = ImportList(run.import_list), report.counts(run)
    shown, may_choose = _shown(request.GET.get("show", ""), counts), choosing.is_open(run)
    only_alike = _only_alike(request, shown)
    to_choose = counts.get(Outcome.CHOICE, 0)
    return {
        "run": run,
        "noun": NOUNS[which],
        "counts": counts.items(),
        "shown": shown,
        "only_alike": only_alike,
        "asked": urlencode({"show": shown or "", **({ALIKE: "yes"} if only_alike else {})}),
        "alike": choosing.alike(run).count() if may_choose and which in PEOPLE else 0,
        "to_import": run.size - run.progress,
        "to_choose": to_choose,
        "size_in_words": how_many(run.size, which),
        "to_import_in_words": how_many(run.size - run.progress, which),
        "to_choose_in_words": how_many(to_choose, which),
        "became": report.in_words({outcome: count for outcome, count in counts.items() if outcome != Outcome.CHOICE}),
        "in_first_steps": run.is_over and not Guide(run.connection).is_finished,
        "is_live": run.state in OPEN_RUNS,
        "is_plan": run.state == RunState.PLANNED,
        "is_people": which in PEOPLE,
        "is_planned": run.planned_at is not None,
        "may_choose": may_choose,
        "may_take_jobs": which == ImportList.CLIENTS,
        "has_expired": run.state == RunState.PLANNED and moves.has_expired(run),
        "waits_for_choice": run.state == RunState.DONE and Outcome.CHOICE in counts,
        "has_failed": run.state == RunState.FAILED,
    }


def _only_alike(request: HttpRequest, shown: Outcome | None) -> bool:
    return shown == Outcome.NEW and ALIKE in request.GET


def _shown(wanted: str, counts: dict[Outcome, int]) -> Outcome | None:
    """The outcome asked for, else the first that occurs."""
    if wanted in Outcome.values and (wanted in counts or wanted == Outcome.CHOICE):
        return Outcome(wanted)
    return next(iter(counts), None)


class ImportCsvView(ImportMixin, View):
    """The rows of an import as CSV, those of one outcome or all."""

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        run, wanted = self.run(), request.GET.get("show", "")
        rows = self.rows(run, Outcome(wanted) if wanted in Outcome.values else None)
        return csv_response(showing.csv_rows(run, rows), f"quickbooks-import-{run.pk}")


class PlanCommand(ImportMixin, View):
    """What a person says to a plan; back to the rows that were shown."""

    http_method_names = ["post"]

    def back(self, run: Run) -> HttpResponse:
        asked = {name: value for name in ("show", ALIKE, "page") if (value := self.request.GET.get(name))}
        query = f"?{urlencode(asked)}" if asked else ""
        return redirect(f"{reverse('qbo:import_report', args=[run.pk])}{query}")

    def choices(self) -> dict[int, str]:
        """The answers given on the page, by the rows' primary keys."""
        given = {name.removeprefix(ROW): value for name, value in self.request.POST.items() if name.startswith(ROW)}
        return {pk: str(answer) for text, answer in given.items() if (pk := primary_key(text))}


class ImportChooseView(PlanCommand):
    """What was chosen row by row; each choice is kept at once."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run()
        problems = choosing.choose(run, self.choices())
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "qbo_sync/import_standing.html", _standing(request, run) | {"problems": problems})
        for problem in problems:
            messages.error(request, problem)
        if not problems:
            messages.success(request, "Saved.")
        return self.back(run)


class ImportChooseAllView(PlanCommand):
    """One answer for all rows of one outcome."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run, outcome = self.run(), request.POST.get("outcome", "")
        count = choosing.choose_for_all(run, outcome, request.POST.get("answer", ""))
        if outcome not in Outcome.values or count is None:
            messages.error(request, choosing.NOT_PLANNED if not choosing.is_open(run) else "Choose one of the answers.")
        else:
            messages.success(request, f"{count:,} answered.")
        return self.back(run)


class ImportAskView(PlanCommand):
    """“Ask me about each”: the new ones who resemble somebody here wait for a choice."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run()
        count = choosing.ask_about_alike(run)
        if count is None:
            messages.error(request, choosing.NOT_PLANNED)
            return self.back(run)
        messages.success(request, f"{count:,} wait for your choice.")
        return redirect(f"{reverse('qbo:import_report', args=[run.pk])}?show={Outcome.CHOICE}")


class ImportLinkLikelyView(PlanCommand):
    """“Link each with its likely match”: nothing is carried out before “Next”, and each can be answered otherwise."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run()
        done = choosing.link_the_likely(run)
        if done is None:
            messages.error(request, choosing.NOT_PLANNED)
            return self.back(run)
        linked, left = done
        look = " Look through “Linked” before you press “Next”." if linked else ""
        rest = f" {NEED_CHOICE.format(left)}" if left else ""
        messages.success(request, f"{linked:,} will be linked with their likely match.{look}{rest}")
        return redirect(
            f"{reverse('qbo:import_report', args=[run.pk])}?show={Outcome.CHOICE if left else Outcome.LINKED}"
        )


class ImportTakeInView(PlanCommand):
    """Whether sub-customers and inactive ones are taken in."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run()
        if not choosing.take_in(run, jobs="jobs" in request.POST, inactive="inactive" in request.POST):
            messages.error(request, choosing.NOT_PLANNED)
        return self.back(run)


class ImportNextView(PlanCommand):
    """“Next”: what is chosen on the page is kept, and what the plan shows is carried out."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run()
        if run.state == RunState.PLANNED:
            for problem in (problems := choosing.choose(run, self.choices())):
                messages.error(request, problem)
            if problems:
                return self.back(run)
        if moves.queue(run, actor=request.user):  # type: ignore[arg-type]
            ring(run.connection_id)
        elif run.state == RunState.PLANNED:
            messages.error(request, TOO_OLD)
        return redirect(run)


class ImportCancelView(ImportMixin, View):
    """“Cancel”: the page that is being applied is finished or dropped as a whole; no further one is."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.run()
        before = run.state
        if moves.cancel(run):
            kept = "Nothing was changed here." if before == RunState.PLANNED else "What was imported until now is kept."
            messages.success(request, f"Cancelled. {kept}")
        return redirect("qbo:import_report", run.pk)
