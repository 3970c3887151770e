"""The report “Invoices sent per month”: a page, a picture and CSV."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from invoices.months import Month, sent_per_month, summed
from smmware.core.charts import Value, in_short
from smmware.core.csv_export import csv_response
from smmware.core.display import counted, money
from smmware.core.forms import DateInput, check_year
from smmware.core.permissions import Access, Area
from smmware.core.records import AreaMixin
from smmware.core.reports import ReportMixin, show_period

USUAL_DAYS = 334  # from the first day of that month on, twelve months
MOST_DAYS = 5 * 366
FIRST_YEAR = 1990


class PeriodForm(forms.Form):
    """From which month to which; empty: the last twelve."""

    date_from = forms.DateField(label="From the month of", widget=DateInput, required=False)
    date_to = forms.DateField(label="To the month of", widget=DateInput, required=False)

    def clean_date_from(self) -> dt.date | None:
        return check_year(self.cleaned_data["date_from"], first=FIRST_YEAR, ahead=1)

    def clean_date_to(self) -> dt.date | None:
        return check_year(self.cleaned_data["date_to"], first=FIRST_YEAR, ahead=1)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        last = self.cleaned_data["date_to"] or timezone.localdate()
        first = self.cleaned_data["date_from"] or last - dt.timedelta(days=USUAL_DAYS)
        if first > last:
            raise ValidationError("The period ends before it begins.")
        if (last - first).days > MOST_DAYS:
            raise ValidationError("That is more than five years: choose a shorter period.")
        show_period(self, first.replace(day=1), last)
        return {"date_from": first, "date_to": last}


class MonthsView(AreaMixin, ReportMixin, TemplateView):
    """How many invoices were sent each month, and what they come to."""

    area = Area.INVOICES
    needed = Access.MANAGE
    template_name = "invoices/months.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if request.GET.get("export") == "csv" and self.months:
            return self._csv()
        return super().get(request, *args, **kwargs)

    @cached_property
    def form(self) -> PeriodForm:
        return PeriodForm(self.request.GET)

    @cached_property
    def months(self) -> list[Month]:
        """The months asked for; none where the period makes no sense, and the form says why."""
        if not self.form.is_valid():
            return []
        return sent_per_month(self.form.cleaned_data["date_from"], self.form.cleaned_data["date_to"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        values = [_value(month) for month in self.months]
        sums = {"sum": summed(self.months), "values": values} if self.months else {}
        return super().get_context_data(form=self.form, months=self.months, **sums, **kwargs)

    def _csv(self) -> StreamingHttpResponse:
        rows: list[list[Any]] = [["Month", "Invoices", "Total", "Paid", "Open"]]
        rows += [[f"{m.first_day:%Y-%m}", m.count, m.total, m.paid, m.open] for m in self.months]
        return csv_response(rows, "invoices-per-month")


def _value(month: Month) -> Value:
    """A month as a bar: its name under it, of a January the year."""
    how_many = counted(month.count, "invoice" if month.count == 1 else "invoices") if month.count else "no invoice"
    return Value(
        label=f"{month.first_day:%Y}" if month.first_day.month == 1 else f"{month.first_day:%b}",
        figure=month.total,
        words=f"{month.first_day:%B %Y} {money(month.total)}, {how_many}",
        short=in_short(month.total),
    )
