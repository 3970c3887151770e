"""The page of all reports: in order, for those who may, each once."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory

from smmware.core import reports
from smmware.core.reports import ReportCard, add_report, may_open_reports, reports_for

LATE = ReportCard("Miles", "home", "How far.", 20, lambda request: True)
EARLY = ReportCard("Pay", "login", "How much.", 10, lambda request: True)
SECRET = ReportCard("Secret", "settings", "Not for everybody.", 5, lambda request: False)


@pytest.fixture
def request_of_anybody(monkeypatch: pytest.MonkeyPatch) -> HttpRequest:
    monkeypatch.setattr(reports, "_reports", [])
    request = RequestFactory().get("/reports/")
    request.user = AnonymousUser()
    return request


def test_only_what_is_allowed_in_order(request_of_anybody: HttpRequest) -> None:
    for card in (LATE, SECRET, EARLY):
        add_report(card)
    assert reports_for(request_of_anybody) == [EARLY, LATE]


def test_where_nothing_is_allowed_there_is_no_page(request_of_anybody: HttpRequest) -> None:
    add_report(SECRET)
    assert not may_open_reports(request_of_anybody)
    add_report(LATE)
    assert may_open_reports(request_of_anybody)


def test_a_report_is_offered_once(request_of_anybody: HttpRequest) -> None:
    add_report(LATE)
    with pytest.raises(ValueError, match="home"):
        add_report(LATE)
