"""“Needs your choice”: all records that wait for one, of a copy or of all copies, and “Accept all exact”."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import TemplateView

from qbo_sync.access import QboMixin
from qbo_sync.connection.environment import record_url
from qbo_sync.guide import Guide
from qbo_sync.models import Connection, ImportList, Run
from qbo_sync.push import accepting
from qbo_sync.push.blocking import ASKING
from qbo_sync.push.feedback import records_of
from qbo_sync.push.waiting import Waiting, waiting_documents, waiting_records
from qbo_sync.tasks import ring
from qbo_sync.views.copies import NOT_CONNECTED
from qbo_sync.views.imports import how_many
from smmware.core.display import plural
from smmware.core.keys import primary_key

A_PAGE = 50


class ChoicesMixin(QboMixin):
    """A page about the open questions of the connected company, or of the copy that the address names."""

    def connection(self) -> Connection | None:
        run = self.run()
        return run.connection if run else Connection.active()

    def run(self) -> Run | None:
        pk = self.kwargs.get("pk")  # type: ignore[attr-defined]
        runs = Run.objects.select_related("connection").filter(type__in=ASKING)
        return get_object_or_404(runs, pk=pk) if pk else None

    def rows(self, connection: Connection | None, waiting: list[Waiting]) -> list[dict[str, Any]]:
        """What a page of the list shows, with the addresses of both records: a query per kind."""
        records = records_of([each.step for each in waiting])
        return [
            {
                "waiting": each,
                "record_url": record.get_absolute_url() if (record := records.get(each.key)) else "",
                "qbo_url": record_url(connection, *each.best.at_qbo) if connection and each.best else "",
            }
            for each in waiting
        ]


class WaitingView(ChoicesMixin, TemplateView):
    """All records that wait, each with its likeliest match; of a copy also as a part of its page."""

    template_name = "qbo_sync/waiting.html"
    partial_name = "qbo_sync/waiting_part.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, self.partial_name, self.get_context_data(is_part=True))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run, connection = self.run(), self.connection()
        waiting = waiting_records(connection, run) if connection else []
        page = Paginator(waiting, A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            run=run,
            connection=connection,
            page=page,
            rows=self.rows(connection, list(page.object_list)),
            exact=sum(each.may_be_accepted for each in waiting),
            documents=waiting_documents(connection, run) if connection else [],
            imports=_imports_to_choose(connection) if connection and not run else [],
            **kwargs,
        )


def _imports_to_choose(connection: Connection) -> list[dict[str, Any]]:
    """The lists of people whose last import left choices open, and the import that asks again, if there is one."""
    guide = Guide(connection)
    return [
        {
            "which": ImportList(which),
            "in_words": how_many(number, ImportList(which)),
            "run": guide.importing.get(which),
        }
        for which, number in guide.undecided.items()
    ]


class AcceptView(ChoicesMixin, TemplateView):
    """“Accept all exact”, and “Accept the ticked”: what will be linked with what, and then it is."""

    template_name = "qbo_sync/accept.html"

    def run(self) -> Run | None:
        runs = Run.objects.select_related("connection").filter(type__in=ASKING)
        return runs.filter(pk=primary_key(self.request.GET.get("run", ""))).first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run, connection = self.run(), self.connection()
        found = accepting.acceptable(connection, run) if connection else []
        ticked = self.request.GET.getlist("pair")
        chosen = [each for each in found if each.pair in ticked] if "ticked" in self.request.GET else found
        return super().get_context_data(
            run=run,
            connection=connection,
            rows=self.rows(connection, chosen[: accepting.AT_ONCE]),
            later=max(len(chosen) - accepting.AT_ONCE, 0),
            back_url=_list_url(run),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run, connection = self.run(), self.connection()
        if connection is None:
            messages.error(request, NOT_CONNECTED)
            return redirect("qbo:connect")
        done = accepting.accept(connection, request.POST.getlist("pair"), actor=request.user)  # type: ignore[arg-type]
        if done.problem:
            messages.error(request, done.problem)
        else:
            messages.success(request, _said(done))
            ring(connection.pk)
        return redirect(run if run and not done.left else _list_url(run))


def _list_url(run: Run | None) -> str:
    return reverse("qbo:run_choices", args=[run.pk]) if run else reverse("qbo:waiting")


def _said(done: accepting.Accepted) -> str:
    left = f" {plural(done.left, 'record')} of those shown changed meanwhile: look again." if done.left else ""
    return f"{plural(done.linked, 'record')} linked. Nothing was changed at QuickBooks.{left}"
