"""The reports of the trade, on one page. Apps add theirs in AppConfig.ready(); only what a person may open is shown."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse

from smmware.core.records import Back, BackMixin


@dataclass(frozen=True)
class ReportCard:
    """A report as the page of all reports offers it.

    Args:
        heading: its name.
        url_name: the name of its page's URL, without arguments.
        summary: what it tells, in a sentence.
        order: its place among the others.
        allowed: whether the person who asks may open it; that page must refuse everybody else itself.
    """

    heading: str
    url_name: str
    summary: str
    order: int
    allowed: Callable[[HttpRequest], bool]

    @property
    def url(self) -> str:
        return reverse(self.url_name)


_reports: list[ReportCard] = []


def add_report(report: ReportCard) -> ReportCard:
    """Offer a report on the page of all. Raises ValueError for a second one with the same page."""
    if any(report.url_name == other.url_name for other in _reports):
        raise ValueError(f"The report {report.url_name!r} is offered already.")
    _reports.append(report)
    return report


def reports_for(request: HttpRequest) -> list[ReportCard]:
    """The reports that the person who asks may open, in order."""
    return sorted((report for report in _reports if report.allowed(request)), key=lambda each: each.order)


def report_urls() -> list[str]:
    """The addresses of all reports, whoever may open them."""
    return [report.url for report in _reports]


def may_open_reports(request: HttpRequest) -> bool:
    """Whether there is any report for the person who asks."""
    return bool(reports_for(request))


def show_period(form: BaseForm, first: dt.date, last: dt.date) -> None:
    """Let a form that was sent with empty days show the period that the report is about."""
    data: Any = form.data
    data = data.copy()
    for name, day in (("date_from", first), ("date_to", last)):
        data[form.add_prefix(name)] = day.isoformat()
    form.data = data


class ReportMixin(BackMixin):
    """A report leads back to the page of all."""

    def back(self) -> Back:
        return Back("Reports", reverse("reports"))
