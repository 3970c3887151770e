"""Hours without a pay rate: whose, on which days, and the button that pays them once there is a rate for the day."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.generic import TemplateView

from hours import unpaid
from hours.models import HourEntry
from smmware.core.display import counted, day
from smmware.core.permissions import Access, Area
from smmware.core.records import AreaMixin
from smmware.core.reports import ReportMixin

MOST_DAYS = 6


class WithoutRateView(AreaMixin, ReportMixin, TemplateView):
    """All of them, whatever period: shown before anything is changed, and changed by the button only."""

    area = Area.ASSOCIATES
    needed = Access.MANAGE
    template_name = "hours/without_rate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = unpaid.by_person(HourEntry.objects.all())
        count, pay = unpaid.total_payable(people)
        rows = [(each, in_words(each.days), in_words(each.days_without)) for each in people]
        return super().get_context_data(title="Hours without a rate", rows=rows, count=count, pay=pay, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        count = unpaid.pay_at_rates_of_their_days(HourEntry.objects.all())
        if count:
            entries, whose = ("hour entry is", "its") if count == 1 else ("hour entries are", "their")
            messages.success(request, f"{counted(count, entries)} paid at the rate of {whose} day now.")
        else:
            messages.info(request, "There is no rate for the day of any of them yet: nothing was changed.")
        return HttpResponseRedirect(reverse("hours:without_rate"))


def in_words(days: Sequence[dt.date]) -> str:
    """Some days, the first ones by name: “Mar 2, 2026, Mar 3, 2026 and 4 more”."""
    named = "; ".join(day(each) for each in days[:MOST_DAYS])
    return f"{named} and {len(days) - MOST_DAYS} more" if len(days) > MOST_DAYS else named
