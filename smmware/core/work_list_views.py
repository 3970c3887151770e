"""The pages of work lists: how much is left, and the rows, each saved by itself, with or without JavaScript."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.generic import TemplateView

from smmware.core.extensions import Panel, edit_vetoes
from smmware.core.forms import save_or_refuse
from smmware.core.records import Back
from smmware.core.work_lists import WorkList, work_list_by_key, work_lists_for

ROWS_A_PAGE = 20
TITLE = "Post Import Actions"


@dataclass(frozen=True)
class Row:
    """One record with its form. `state` is "" as listed, "saved" where something is still open, "done", "left"."""

    record: Any
    form: Any
    lacks: list[str]
    state: str = ""


def has_work_lists(request: HttpRequest) -> bool:
    """Whether there is any work list for the person who asks."""
    return bool(work_lists_for(request))


def cards(request: HttpRequest) -> list[Panel]:
    """For the home page: what is left to complete, while there is something."""
    counts = [(each, each.remaining(request.user).count()) for each in work_lists_for(request)]
    counts = [(each, count) for each, count in counts if count]
    return [Panel(TITLE, "core/work_lists_card.html", {"counts": counts})] if counts else []


class WorkListsView(TemplateView):
    """Every work list with what is left of it."""

    template_name = "core/work_lists.html"
    extra_context = {"title": TITLE}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lists = work_lists_for(self.request)
        if not lists:
            raise PermissionDenied("There is no work list for your permission level.")
        counts = [(each, each.remaining(self.request.user).count()) for each in lists]
        return super().get_context_data(counts=counts, **kwargs)


class WorkListView(TemplateView):
    """The rows of one list. A row's form is sent to `post`, which answers the row alone to htmx, else the page."""

    template_name = "core/work_list.html"
    partial_name = "core/work_list_answer.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.work_list.offered(request):
            raise PermissionDenied(f"Your permission level does not include “{self.work_list.title}”.")
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def work_list(self) -> WorkList:
        try:
            return work_list_by_key(self.kwargs["key"])
        except KeyError as error:
            raise Http404("There is no such work list.") from error

    @property
    def shows_left(self) -> bool:
        return self.request.GET.get("show") == "left"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, work_list = self.request.user, self.work_list
        rows = work_list.left(person) if self.shows_left else work_list.remaining(person)
        page = Paginator(rows, ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        sent: Row | None = kwargs.pop("sent", None)
        return super().get_context_data(
            work_list=work_list,
            title=work_list.title,
            back=Back(TITLE, reverse("work_lists")),
            page=page,
            rows=self._rows(list(page), sent),
            shows_left=self.shows_left,
            remaining=self._count(),
            left=work_list.left(person).count(),
            **kwargs,
        )

    def _rows(self, records: list[Any], sent: Row | None) -> list[Row]:
        """The rows of a page; the one that was sent and refused keeps what was typed, wherever it would stand."""
        forms = self.work_list.forms(records, self.request.user, None)
        rows = [Row(each, form, self.work_list.lacks(each)) for each, form in zip(records, forms, strict=True)]
        if sent is None:
            return rows
        return [sent, *(row for row in rows if row.record.pk != sent.record.pk)]

    def _count(self) -> str:
        return self.work_list.counted(self.work_list.remaining(self.request.user).count())

    def post(self, request: HttpRequest, key: str, pk: int) -> HttpResponse:
        record = get_object_or_404(self.work_list.records(request.user), pk=pk)
        row = self._moved(record) or self._saved(record)
        if request.htmx:  # type: ignore[attr-defined]
            return render(
                request, self.partial_name, {"row": row, "work_list": self.work_list, "remaining": self._count()}
            )
        if not row.state:
            return self.render_to_response(self.get_context_data(sent=row))
        messages.success(request, {"left": f"{record} is left as it is."}.get(row.state, f"{record} is saved."))
        query = request.GET.urlencode()
        return HttpResponseRedirect(f"{reverse('work_list', args=[key])}{'?' if query else ''}{query}")

    def _moved(self, record: Any) -> Row | None:
        """The row, where a button other than “Save” was pressed."""
        if "leave" in self.request.POST:
            self.work_list.leave(record, by=self.request.user)
            return Row(record, None, [], "left")
        if "put_back" in self.request.POST:
            self.work_list.put_back(record)
            return Row(record, None, [], "done")
        return None

    def _saved(self, record: Any) -> Row:
        """The row after its form was sent: refused with a sentence, saved with something still open, or done."""
        (form,) = self.work_list.forms([record], self.request.user, self.request.POST)
        if vetoes := edit_vetoes(record):
            form.add_error(None, " ".join(vetoes))
        if not form.is_valid() or save_or_refuse(form) is None:
            return Row(record, form, self.work_list.lacks(record))
        now = self.work_list.lacking(self.work_list.records(self.request.user)).filter(pk=record.pk).first()
        if now is None:
            return Row(record, None, [], "done")
        (fresh,) = self.work_list.forms([now], self.request.user, None)
        return Row(now, fresh, self.work_list.lacks(now), "saved")
