"""The “Payroll Expense Mileage Report” as pages, pictures and CSV, for those who manage associates."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from associates.models import Associate
from hours.models import HourEntry
from hours.reports import REPORTS, Asked, Report
from hours.unpaid import by_person
from hours.unpaid_views import in_words
from smmware.core.charts import Value
from smmware.core.csv_export import csv_response
from smmware.core.display import link, money
from smmware.core.forms import DateInput, check_year
from smmware.core.permissions import Access, Area
from smmware.core.records import AreaMixin
from smmware.core.reports import ReportMixin, show_period

TITLE = "Payroll Expense Mileage Report"
MOST_BARS = 12
MOST_DAYS = 2 * 366
FIRST_YEAR = 1990


class AskedForm(forms.Form):
    """Which period; empty: this month so far."""

    date_from = forms.DateField(label="From", widget=DateInput, required=False)
    date_to = forms.DateField(label="To", widget=DateInput, required=False)
    person = forms.ModelChoiceField(Associate.objects.all(), required=False, empty_label="Everyone")
    unapproved = forms.BooleanField(label="Include what is not approved", required=False)

    def clean_date_from(self) -> dt.date | None:
        return check_year(self.cleaned_data["date_from"], first=FIRST_YEAR, ahead=1)

    def clean_date_to(self) -> dt.date | None:
        return check_year(self.cleaned_data["date_to"], first=FIRST_YEAR, ahead=1)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        last = self.cleaned_data["date_to"] or timezone.localdate()
        first = self.cleaned_data["date_from"] or last.replace(day=1)
        if first > last:
            raise ValidationError("The period ends before it begins.")
        if last - first > dt.timedelta(days=MOST_DAYS):
            raise ValidationError("That is more than two years: choose a shorter period.")
        show_period(self, first, last)
        return {**self.cleaned_data, "date_from": first, "date_to": last}

    def asked(self) -> Asked:
        """What the report is about, once the form is valid."""
        cleaned = self.cleaned_data
        return Asked(cleaned["date_from"], cleaned["date_to"], cleaned["person"], not cleaned["unapproved"])


class ReportView(AreaMixin, ReportMixin, TemplateView):
    """One of the three, with tabs to the others about the same period."""

    area = Area.ASSOCIATES
    needed = Access.MANAGE
    template_name = "hours/report.html"
    key = "payroll"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if request.GET.get("export") == "csv" and self.report:
            return self._csv(self.report)
        return super().get(request, *args, **kwargs)

    @cached_property
    def form(self) -> AskedForm:
        return AskedForm(self.request.GET)

    @cached_property
    def report(self) -> Report | None:
        """The report; None where the period makes no sense, and the form says why."""
        return REPORTS[self.key](self.form.asked()) if self.form.is_valid() else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = self._shown(self.report) | self._unpaid() if self.report else {}
        asked = self.request.GET.copy()
        asked.pop("export", None)
        tabs = [
            (key.capitalize(), f"{reverse(f'hours:{key}_report')}?{asked.urlencode()}", key == self.key)
            for key in REPORTS
        ]
        return super().get_context_data(title=TITLE, form=self.form, tabs=tabs, report=self.report, **shown, **kwargs)

    def _shown(self, report: Report) -> dict[str, Any]:
        written = [
            (
                link(row.person),
                [(c.label, c.written(figure)) for c, figure in zip(report.columns, row.figures, strict=True)],
            )
            for row in report.rows
        ]
        totals = [
            (column.label, "" if total is None else column.written(total))
            for column, total in zip(report.columns, report.totals, strict=True)
        ]
        return {"asked": self.form.asked(), "rows": written, "totals": totals, "values": _values(report)}

    def _unpaid(self) -> dict[str, Any]:
        """Whose hours the payroll counts with nothing, since there was no rate for their days."""
        if self.key != "payroll":
            return {}
        people = by_person(self.form.asked().of(HourEntry.objects.all()))
        return {"unpaid": [(each.person, in_words(each.days)) for each in people]}

    def _csv(self, report: Report) -> StreamingHttpResponse:
        asked = self.form.asked()
        rows: list[list[Any]] = [["From", "To", "Person", *(column.label for column in report.columns)]]
        rows += [
            [asked.first, asked.last, row.person, *map(_plain, report.columns, row.figures)] for row in report.rows
        ]
        return csv_response(rows, self.key)


def _plain(column: Any, figure: Any) -> Any:
    """A figure as a spreadsheet reads it: minutes as hours, dollars without their sign."""
    return column.written(figure).replace(",", "") if column.label == "Hours" else figure


def _values(report: Report) -> list[Value]:
    """To whom most is owed, as bars."""
    most = sorted(report.owed_to.items(), key=lambda each: -each[1])[:MOST_BARS]
    return [
        Value(label=str(person), figure=owed, words=f"{person} {money(owed)}", short=money(owed))
        for person, owed in most
        if owed
    ]
