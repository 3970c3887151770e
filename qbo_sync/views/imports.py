"""Importing a list: the button, and the report that fills while the import runs."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, View

from associates.models import Associate
from clients.models import Client
from organizations.models import Organization
from qbo_sync.access import QboMixin
from qbo_sync.models import Connection, ImportList, Run
from qbo_sync.models.states import RunState
from qbo_sync.pull.begin import begin_import
from qbo_sync.pull.report import Outcome, Report
from qbo_sync.runs.moves import OPEN_RUNS, cancel
from qbo_sync.tasks import ring
from qbo_sync.views.settings import NOT_CONNECTED
from qbo_sync.views.watching import said
from smmware.core.work_lists import WorkList, work_list_of

ROWS_A_PAGE = 100
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


MODELS = {ImportList.CLIENTS: Client, ImportList.VENDORS: Organization, ImportList.ASSOCIATES: Associate}


class ImportView(QboMixin, View):
    """The button of a list on “QuickBooks Online Settings”."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, which: str) -> HttpResponse:
        if which not in ImportList.values:
            raise Http404("There is no such list to import.")
        connection = Connection.active()
        if connection is None or not connection.is_connected:
            messages.error(request, NOT_CONNECTED)
            return redirect("qbo:connect")
        run = begin_import(connection, ImportList(which), actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        ring(connection.pk)
        return redirect("qbo:import_report", run.pk)


@method_decorator(never_cache, name="dispatch")  # or “Back” would show the part that was asked for last, alone
class ImportReportView(QboMixin, TemplateView):
    """What an import did, row by row; live while it runs."""

    template_name = "qbo_sync/import_report.html"
    partial_name = "qbo_sync/import_report_part.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, self.partial_name, self.get_context_data(**kwargs))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run = _import(self.kwargs["pk"])
        report = Report(run.report)
        counts = report.counts()
        shown = _shown(self.request.GET.get("show", ""), counts)
        page = Paginator(report.rows(shown) if shown else [], ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            run=run,
            noun=NOUNS[ImportList(run.import_list)],
            counts=counts.items(),
            shown=shown,
            page=page,
            is_live=run.state in OPEN_RUNS,
            said=said(self.request, run, run.progress, run.size),
            has_failed=run.state == RunState.FAILED,
            to_complete=[] if run.state in OPEN_RUNS else self._to_complete(ImportList(run.import_list)),
            **kwargs,
        )

    def _to_complete(self, which: ImportList) -> list[tuple[WorkList, int]]:
        """The manual's “Post Import Actions”: the work list of what was imported, with what is left of it."""
        work_list = work_list_of(MODELS[which], self.request) if which in MODELS else None
        count = work_list.remaining(self.request.user).count() if work_list else 0
        return [(work_list, count)] if work_list and count else []


def _shown(wanted: str, counts: dict[Outcome, int]) -> Outcome | None:
    """The outcome asked for, else the first that occurs."""
    if wanted in counts:
        return Outcome(wanted)
    return next(iter(counts), None)


class ImportCancelView(QboMixin, View):
    """“Cancel”: the page that is being applied is finished or dropped as a whole; no further one is."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = _import(pk)
        if cancel(run):
            messages.success(request, "Cancelled. What was imported until now is kept.")
        return redirect("qbo:import_report", run.pk)


def _import(pk: int) -> Run:
    runs = Run.objects.select_related("connection", "asked_by").filter(type=Run.Type.IMPORT)
    return get_object_or_404(runs, pk=pk)
