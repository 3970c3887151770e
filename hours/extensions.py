"""What this app adds to the menu and to the pages of records."""

from typing import Any

from django.db.models import Sum
from django.http import HttpRequest
from django.urls import reverse

from clients.models import Job
from hours.access import approves, keeps_flat_fees, records, records_for_others
from hours.choices import OPEN_JOBS
from hours.listings import EXPENSES, FLAT_FEES, HISTORY, HOURS, MILEAGE
from hours.models import ExpenseEntry, FlatFee, HourEntry, MileageEntry
from hours.report_views import TITLE
from hours.settings_listings import DESCRIPTIONS, EXPENSE_CATEGORIES, FLAT_FEE_PRESETS
from smmware.core.display import hours, money
from smmware.core.extensions import Action, Panel, RecordAddOn, add_to_record
from smmware.core.listings import register_listing
from smmware.core.navigation import MenuEntry, add_menu_entry
from smmware.core.permissions import Access, Area, may
from smmware.core.pickers import register_source
from smmware.core.reports import ReportCard, add_report
from smmware.core.sections import SettingsSection, add_settings_section

SECTION = "Associates"
REPORT_CARDS = (
    ("Payroll", "payroll", "Who worked how many hours, and what that comes to at the rate in force on each day."),
    ("Expenses", "expenses", "What each person spent: the company's money, and their own, which is paid back."),
    ("Mileage", "mileage", "How far each person drove, and what is paid back for it."),
)
WITHOUT_RATE = "Whose hours are counted with $0, since there was no rate for their days, and what can be done."
LOCKED = "It is approved and therefore locked. Take the approval back first."


class ApprovedIsLocked(RecordAddOn):
    """An approved entry is neither edited nor deleted (domain.md §6)."""

    def offered(self, request: HttpRequest) -> bool:
        return False

    def edit_veto(self, record: Any) -> str:
        return LOCKED if record.is_approved else ""

    def delete_veto(self, record: Any) -> str:
        return self.edit_veto(record)


class RecordedOnJob(RecordAddOn):
    """On a job's page: what is recorded on it, for those who see everybody's entries."""

    def offered(self, request: HttpRequest) -> bool:
        return records_for_others(request.user)

    def panels(self, request: HttpRequest, record: Any) -> list[Panel]:
        figures = [
            ("Hours", hours(self._sum(HourEntry, record, "minutes")), HOURS),
            ("Miles", f"{self._sum(MileageEntry, record, 'miles'):,.1f}", MILEAGE),
            ("Expenses", money(self._sum(ExpenseEntry, record, "amount")), EXPENSES),
        ]
        if keeps_flat_fees(request.user):
            figures.append(("Flat fees", money(self._sum(FlatFee, record, "amount")), FLAT_FEES))
        linked = [(name, figure, f"{reverse(listing.url_name)}?job={record.pk}") for name, figure, listing in figures]
        return [Panel("Recorded", "hours/recorded.html", {"figures": linked})]

    def actions(self, request: HttpRequest, record: Any) -> list[Action]:
        if record.status == Job.Status.CLOSED:
            return []
        pages = [("Record hours", "record"), ("Record expense", "record_expense")]
        pages += [("Record flat fee", "record_flat_fee")] if keeps_flat_fees(request.user) else []
        return [Action(label, f"{reverse(f'hours:{page}')}?job={record.pk}", method="get") for label, page in pages]

    @staticmethod
    def _sum(model: Any, job: Job, field: str) -> Any:
        return model._default_manager.filter(job=job).aggregate(sum=Sum(field))["sum"] or 0


def _may_record(request: HttpRequest) -> bool:
    return records(request.user)


def _may_approve(request: HttpRequest) -> bool:
    """Whether approval is on is asked on its page, which says so: here it would cost every page a query."""
    return approves(request.user)


def register() -> None:
    for model in (HourEntry, MileageEntry, ExpenseEntry, FlatFee):
        add_to_record(model, ApprovedIsLocked())
    add_to_record(Job, RecordedOnJob())
    register_source(OPEN_JOBS)
    for listing in (HOURS, EXPENSES, MILEAGE, FLAT_FEES):
        register_listing(listing)
    add_menu_entry(MenuEntry(SECTION, "Record My Hours/Mileage", "hours:record", 20, _may_record))
    add_menu_entry(MenuEntry(SECTION, "Record My Expenses", "hours:record_expense", 30, _may_record))
    add_menu_entry(MenuEntry(SECTION, HISTORY, HOURS.url_name, 40, _may_record))
    add_menu_entry(MenuEntry("Admin", "Approvals", "hours:approvals", 30, _may_approve))
    add_menu_entry(MenuEntry("Admin", TITLE, "hours:payroll_report", 45, _may_see_pay))
    for order, (heading, key, summary) in enumerate(REPORT_CARDS, start=10):
        add_report(ReportCard(heading, f"hours:{key}_report", summary, order, _may_see_pay))
    add_report(ReportCard("Hours without a rate", "hours:without_rate", WITHOUT_RATE, 15, _may_see_pay))
    _add_settings()


def _may_see_pay(request: HttpRequest) -> bool:
    return may(request.user, Area.ASSOCIATES, Access.MANAGE)


def _add_settings() -> None:
    for listing in (EXPENSE_CATEGORIES, DESCRIPTIONS, FLAT_FEE_PRESETS):
        register_listing(listing)
    for number, title, page, summary in (
        (2, "Time and Approval", "time", "Whether entries are approved before they are billed; miles or kilometres."),
        (3, "Charging and Paying", "rates", "One rate or a rate per job code, for clients and for associates."),
        (3, "Mileage", "mileage", "What a trip pays and charges, from which day on."),
        (5, "Expense Categories", "expense_categories", "What money is spent on."),
        (5, "Descriptions", "descriptions", "Words that are offered while one types a description."),
        (5, "Flat Fee Presets", "flat_fee_presets", "Flat fees with their amounts, taxable or not."),
    ):
        add_settings_section(SettingsSection(number, title, f"hour_settings:{page}", summary))
