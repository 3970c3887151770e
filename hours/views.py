"""The histories, and recording: new entries on top, those that are there already below."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView

from associates.models import Associate
from hours.access import associates_for
from hours.choices import open_jobs
from hours.forms import ExpenseEntryForm, FlatFeeForm, RecordHoursForm
from hours.listings import TABS, ExpenseTable, FlatFeeTable, HourTable, MileageTable, entry_rows
from hours.models import DescriptionPreset, Entry, ExpenseEntry, FlatFee, HourEntry, MileageEntry
from smmware.core.extensions import Panel
from smmware.core.forms import save_or_refuse
from smmware.core.keys import primary_key
from smmware.core.listings import Listing, ListingView
from smmware.core.permissions import Access, Area
from smmware.core.records import AreaMixin, PutsBackMixin, RecordCreateView
from smmware.core.tables import OfficeTable, table_panel

LATEST = 10
SHARED_FILTERS = ("q", "client", "job", "person", "date_from", "date_to", "approved", "billable")
TABLES: dict[type[Entry], type[OfficeTable]] = {
    HourEntry: HourTable,
    MileageEntry: MileageTable,
    ExpenseEntry: ExpenseTable,
    FlatFee: FlatFeeTable,
}


class HistoryView(ListingView):
    """One kind of entry, with tabs to the others that keep the filters they share."""

    listing_key = "hours"
    template_name = "hours/history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shared = urlencode([(name, value) for name in SHARED_FILTERS if (value := self.request.GET.get(name))])
        tabs = [self._tab(label, listing, shared) for label, listing in TABS if listing.offered(self.request)]
        return super().get_context_data(tabs=tabs, **kwargs)

    def _tab(self, label: str, listing: Listing, shared: str) -> tuple[str, str, bool]:
        url = reverse(listing.url_name)
        return label, f"{url}?{shared}" if shared else url, listing is self.listing


class RecordingMixin:
    """What the recording screens share: for whom they open, and the latest entries below the form."""

    template_name = "hours/record.html"
    models: tuple[type[Entry], ...]
    first: tuple[str, ...] = ("job", "amount")  # where one begins to type; the job only where there is none yet
    request: Any

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "person": self.request.user}  # type: ignore[misc]

    def get_initial(self) -> dict[str, Any]:
        """The job, person and day of the entry before: many entries differ in little. At first the latest job."""
        asked = {name: value for name in ("job", "date", "associate") if (value := self.request.GET.get(name))}
        if "job" not in asked and (job := self._latest_job()):
            asked["job"] = job
        return {**asked, **super().get_initial()}  # type: ignore[misc]

    def get_form(self, form_class: Any = None) -> Any:
        """The form, ready to type on: in what is wrong, or else in what differs from entry to entry."""
        form = super().get_form(form_class)  # type: ignore[misc]
        wanted = [*form.errors, *(name for name in self.first if name != "job" or not form["job"].value())]
        if first := next((name for name in wanted if name in form.fields), None):
            form.fields[first].widget.attrs["autofocus"] = True
        return form

    def _latest_job(self) -> str:
        latest = self.models[0]._default_manager.filter(associate=self._person(), job__in=open_jobs()).order_by("-pk")
        return str(latest.values_list("job", flat=True).first() or "")

    def again(self, entry: Entry) -> str:
        """The address of this screen, to record the next entry."""
        kept = {"job": entry.job_id, "date": entry.date.isoformat(), "associate": entry.associate_id}
        return f"{self.request.path}?{urlencode(kept)}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(  # type: ignore[misc]
            panels=[self._latest(model) for model in self.models],
            descriptions=DescriptionPreset.objects.all(),
            **kwargs,
        )

    def _latest(self, model: type[Entry]) -> Panel:
        rows = entry_rows(model, self.request.user).filter(associate=self._person()).order_by("-pk")[:LATEST]
        table = TABLES[model](rows, request=self.request, exclude=("associate",), orderable=False)
        plural = str(model._meta.verbose_name_plural)
        return table_panel(f"Latest {plural}", table, f"No {plural} yet.")

    def _person(self) -> Associate:
        """Whose entries are shown: those of the person recorded for last, or else one's own."""
        asked = primary_key(self.request.GET.get("associate", ""))
        person = associates_for(self.request.user).filter(pk=asked).first() if asked else None
        return person or self.request.user


class RecordHoursView(AreaMixin, RecordingMixin, PutsBackMixin, FormView):
    """“Record My Hours/Mileage”."""

    area = Area.ENTRIES
    needed = Access.SELF
    form_class = RecordHoursForm
    models = (HourEntry, MileageEntry)
    first = ("job", "minutes")
    template_name = "hours/record.html"

    def get_initial(self) -> dict[str, Any]:
        return {"date": timezone.localdate(), "associate": self.request.user.pk, **super().get_initial()}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        recorded = save_or_refuse(form)
        if recorded is None:
            return self.form_invalid(form)
        for entry in recorded:
            messages.success(self.request, f"{entry} is recorded.")
        return HttpResponseRedirect(self.again(recorded[0]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title="Record My Hours/Mileage", **kwargs)


class RecordEntryView(RecordingMixin, RecordCreateView):
    """One entry after the other on one screen."""

    area = Area.ENTRIES
    needed = Access.SELF
    template_name = "hours/record.html"

    def get_success_url(self) -> str:
        return self.again(self.object)


class RecordExpenseView(RecordEntryView):
    """“Record My Expenses”."""

    listing_key = "expenses"
    form_class = ExpenseEntryForm
    models = (ExpenseEntry,)
    title = "Record My Expenses"


class RecordFlatFeeView(RecordEntryView):
    area = Area.FLAT_FEES
    needed = Access.MANAGE
    listing_key = "flat_fees"
    form_class = FlatFeeForm
    models = (FlatFee,)
    first = ("job", "preset")
    title = "Record flat fees"
