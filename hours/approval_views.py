"""“Approvals”: what waits, approved one by one, as chosen, or all that is filtered (domain.md §6)."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.generic import TemplateView, View
from django_tables2.config import RequestConfig

from hours import recording
from hours.access import time_settings
from hours.approval import KINDS, approvable, approve_as_shown, may_approve, may_take_back
from hours.approval_listing import KEYS, MODELS, ApprovalFilter, ApprovalTable, MixedEntries
from hours.entry_views import EntryMixin
from hours.models import Entry, HourEntry
from smmware.core.csv_export import csv_response
from smmware.core.display import counted
from smmware.core.keys import primary_key
from smmware.core.listings import PAGE_SIZE, PAGING_OFF_CAP
from smmware.core.permissions import Access, Area
from smmware.core.records import AreaMixin

OFF = "Approval is off in this company. Settings, “2) Time and Approval”, switches it on."
NOT_YOURS = "This entry is on a job that you do not lead: in this company Team Leads approve those of their own jobs."


class Filtered:
    """The entries of all kinds that a person approves, as a query string filters them."""

    def __init__(self, request: HttpRequest, query: QueryDict) -> None:
        settings = time_settings(request)
        self.all = [approvable(request.user, model, settings) for model in KINDS]
        self.filterset = ApprovalFilter(data=query, queryset=self.all[0], request=request)

    @cached_property
    def parts(self) -> list[QuerySet]:
        """A queryset for each kind; none where a filter makes no sense, and the form says which."""
        if not self.filterset.is_valid():
            return [part.none() for part in self.all]
        return [self.filterset.filter_queryset(part) for part in self.all]


class ApprovalsMixin(AreaMixin):
    area = Area.APPROVAL
    needed = Access.MANAGE


class ApprovalsView(ApprovalsMixin, TemplateView):
    """What waits for approval. Approved entries vanish from it, unless “Include already approved” is ticked."""

    template_name = "hours/approvals.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if request.GET.get("export") == "csv":
            return csv_response(self._table().as_values(exclude_columns=("chosen",)), "approvals")
        return super().get(request, *args, **kwargs)

    @cached_property
    def filtered(self) -> Filtered:
        return Filtered(self.request, self.request.GET)

    def _table(self) -> ApprovalTable:
        """Every row that is filtered, in the order asked for."""
        table = ApprovalTable(MixedEntries(self.filtered.parts), request=self.request)
        RequestConfig(self.request, paginate=False).configure(table)
        return table

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filtered, table = self.filtered, self._table()
        paging_off = self.request.GET.get("paging") == "off"
        table.paginator = Paginator(table.rows, PAGING_OFF_CAP if paging_off else PAGE_SIZE)
        table.page = table.paginator.get_page(self.request.GET.get("page"))
        query = self.request.GET.copy()
        for name in [name for name in query if name in ("page", "paging", "sort", "export") or not query[name]]:
            del query[name]
        return super().get_context_data(
            table=table,
            count=table.paginator.count,
            filterset=filtered.filterset,
            filtered=bool(query),
            filter_string=query.urlencode(),
            paging_off=paging_off,
            approval_is_on=time_settings(self.request).approval_is_on,
            shown_at=timezone.now().isoformat(),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Approve one entry, those chosen, or all that is filtered; or take one approval back."""
        if not time_settings(request).approval_is_on:
            raise PermissionDenied(OFF)
        filtered = Filtered(request, QueryDict(request.POST.get("filters", "")))
        if key := request.POST.get("back"):
            self._take_back(key)
        elif "all" in request.POST:
            if not filtered.filterset.is_valid():  # an unreadable filter must never widen to everything
                raise PermissionDenied("These filters could not be read.")
            self._approve(filtered.parts)
        else:
            keys = [request.POST["one"]] if "one" in request.POST else request.POST.getlist("entry")
            self._approve(self._chosen(filtered.all, keys))
        return HttpResponseRedirect(f"{reverse('hours:approvals')}?{request.POST.get('back_to', '')}")

    def _approve(self, entries: list[QuerySet]) -> None:
        shown_at = _moment(self.request.POST.get("shown_at", ""))
        now = timezone.now()
        approved, left = approve_as_shown(entries=entries, by=self.request.user, at=now, shown_at=shown_at)  # type: ignore[arg-type]
        noun = "entry is" if approved == 1 else "entries are"
        if approved:
            messages.success(self.request, f"{counted(approved, noun)} approved.")
        elif not left:
            messages.info(self.request, "Nothing was chosen that waits for approval.")
        if left:
            messages.warning(
                self.request,
                f"{counted(left, 'entry was' if left == 1 else 'entries were')} recorded or changed after you opened "
                "this page and still "
                f"{'waits' if left == 1 else 'wait'}: look at what is there now.",
            )

    @staticmethod
    def _chosen(parts: list[QuerySet], keys: list[str]) -> list[QuerySet]:
        wanted: dict[str, list[int]] = {}
        for kind, _, pk in (key.partition("-") for key in keys):
            if known := primary_key(pk):
                wanted.setdefault(kind, []).append(known)
        return [part.filter(pk__in=pks) for part in parts if (pks := wanted.get(KEYS[part.model]))]

    def _take_back(self, key: str) -> None:
        kind, _, pk = key.partition("-")
        entries = approvable(self.request.user, MODELS.get(kind, HourEntry), time_settings(self.request))
        entry = get_object_or_404(entries, pk=primary_key(pk))
        decide(self.request, entry, approving=False)


class ApprovalView(ApprovalsMixin, EntryMixin, View):
    """On an entry's page: approve it, or take the approval back."""

    http_method_names = ["post"]
    approving = True

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        entry = get_object_or_404(self.get_queryset(), pk=pk)
        settings = time_settings(request)
        allowed = may_approve if self.approving else may_take_back
        if not allowed(request.user, entry, settings):
            raise PermissionDenied(NOT_YOURS if settings.approval_is_on else OFF)
        decide(request, entry, approving=self.approving)
        return HttpResponseRedirect(entry.get_absolute_url())


def decide(request: HttpRequest, entry: Entry, *, approving: bool) -> None:
    """Approve one entry, or take its approval back, and say what became of it."""
    try:
        if approving:
            recording.approve(entries=[entry], by=request.user, at=timezone.now())  # type: ignore[arg-type]
        else:
            recording.unapprove(entry=entry)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{entry} is {'approved' if approving else 'open again'}.")


def _moment(text: str) -> dt.datetime:
    """When the page was shown. Raises PermissionDenied for what is no moment: it was not sent by the page."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        raise PermissionDenied("This page was not sent as it was shown. Open it again.")
    return min(moment, timezone.now())
