"""The table of permissions (domain.md §3): level by level, area by area, URL by URL, reading and writing.

Each row says what basic, lead, admin, senior admin and owner get. What a page refuses, a POST to it is refused too, and
changes nothing. Associates, home and the general pages stand in test_who_may_open, QuickBooks in test_every_url. A page
that is in none of them fails the last test.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from associates.models import Associate
from clients.models import Client
from invoices import paper
from invoices.models import InvoiceSettings
from tests.factories import (
    AddressFactory,
    CategoryFactory,
    ClientFactory,
    ContactFactory,
    CustomFieldFactory,
    DescriptionPresetFactory,
    ExpenseCategoryFactory,
    ExpenseEntryFactory,
    FlatFeeFactory,
    FlatFeePresetFactory,
    HourEntryFactory,
    InvoiceFactory,
    InvoiceLineFactory,
    JobCodeFactory,
    JobFactory,
    MileageEntryFactory,
    OrganizationFactory,
    PaymentFactory,
    TimeSettingsFactory,
)
from tests.integration import test_who_may_open as general
from tests.integration.qbo_sync import test_every_url

LEVELS = ("basic", "lead", "admin", "senior_admin", "owner")
Make = Callable[..., Any]  # a record, or the arguments of the address where they are something else
Row = tuple[Make | None, list[int]]
ALL, LEADS, ADMINS = [200] * 5, [403, 200, 200, 200, 200], [403, 403, 200, 200, 200]
OTHERS = [404, 200, 200, 200, 200]  # of somebody else's entry a Basic User does not hear that it is there
DONE_BY_ADMINS, DONE_BY_LEADS = [403, 403, 302, 302, 302], [403, 302, 302, 302, 302]


def with_receipt() -> Any:
    return ExpenseEntryFactory(receipt=SimpleUploadedFile("receipt.png", b"a picture"))


def approved_of(factory: Any) -> Make:
    """Makes an approved entry."""

    def approved() -> Any:
        TimeSettingsFactory()
        entry = factory()
        entry.approved_by, entry.approved_at = entry.associate, timezone.now()
        entry.save()
        return entry

    return approved


def waiting_of(factory: Any) -> Make:
    """Makes an entry that waits for approval."""

    def waiting() -> Any:
        TimeSettingsFactory()
        return factory()

    return waiting


def inquiry() -> Client:
    return ClientFactory(stage=Client.Stage.INQUIRY)


def sent() -> Any:
    InvoiceSettings.objects.create(payments_at=InvoiceSettings.PaymentsAt.HERE)
    invoice = InvoiceLineFactory().invoice
    invoice.status = "sent"
    invoice.save()
    return invoice


def finalized() -> Any:
    return InvoiceFactory(status="finalized")


def payment() -> Any:
    return PaymentFactory(invoice=sent())


# Area → URL → what its number is that of (None: it has none), and what each level gets.
TABLE: dict[str, dict[str, Row]] = {
    "Job profiles": {
        "clients:jobs": (None, ALL), "clients:job": (JobFactory, ALL), "clients:add_job": (None, ADMINS),
        "clients:edit_job": (JobFactory, ADMINS), "clients:delete_job": (JobFactory, ADMINS),
    },
    "Client profiles": {
        "clients:list": (None, ALL), "clients:inquiries": (None, ALL), "clients:detail": (ClientFactory, ALL),
        "clients:add": (None, ADMINS), "clients:add_inquiry": (None, ADMINS), "clients:edit": (ClientFactory, ADMINS),
        "clients:delete": (ClientFactory, ADMINS), "clients:add_address": (ClientFactory, ADMINS),
        "clients:edit_address": (AddressFactory, ADMINS), "clients:delete_address": (AddressFactory, ADMINS),
    },
    "Organizations & contacts": {
        "organizations:list": (None, ALL), "organizations:contacts": (None, ALL),
        "organizations:detail": (OrganizationFactory, ALL), "organizations:contact": (ContactFactory, ALL),
        "organizations:add": (None, LEADS), "organizations:edit": (OrganizationFactory, LEADS),
        "organizations:delete": (OrganizationFactory, LEADS), "organizations:add_contact": (None, LEADS),
        "organizations:edit_contact": (ContactFactory, LEADS), "organizations:delete_contact": (ContactFactory, LEADS),
    },
    "Time & expense entry": {
        "hours:hours": (None, ALL), "hours:mileage": (None, ALL), "hours:expenses": (None, ALL),
        "hours:record": (None, ALL), "hours:record_expense": (None, ALL),
        "hours:hour_entry": (HourEntryFactory, OTHERS), "hours:edit_hour_entry": (HourEntryFactory, OTHERS),
        "hours:delete_hour_entry": (HourEntryFactory, OTHERS), "hours:mileage_entry": (MileageEntryFactory, OTHERS),
        "hours:edit_mileage_entry": (MileageEntryFactory, OTHERS),
        "hours:delete_mileage_entry": (MileageEntryFactory, OTHERS),
        "hours:expense_entry": (ExpenseEntryFactory, OTHERS), "hours:edit_expense_entry": (ExpenseEntryFactory, OTHERS),
        "hours:delete_expense_entry": (ExpenseEntryFactory, OTHERS), "hours:receipt": (with_receipt, OTHERS),
        "hours:approvals": (None, LEADS),
    },
    "Flat fee entry": {
        "hours:flat_fees": (None, LEADS), "hours:record_flat_fee": (None, LEADS),
        "hours:flat_fee": (FlatFeeFactory, LEADS), "hours:edit_flat_fee": (FlatFeeFactory, LEADS),
        "hours:delete_flat_fee": (FlatFeeFactory, LEADS),
    },
    "Reports": {
        "hours:payroll_report": (None, ADMINS), "hours:expenses_report": (None, ADMINS),
        "hours:mileage_report": (None, ADMINS), "hours:without_rate": (None, ADMINS), "invoices:months": (None, ADMINS),
    },
    "Work lists and help": {
        "work_lists": (None, LEADS), "work_list": (lambda: ("clients",), ADMINS), "help": (None, ALL),
        "help_page": (lambda: ("home",), ALL), "choices": (lambda: ("jobs",), ALL),
    },
    "Invoice management": {
        "invoices:list": (None, LEADS), "invoices:detail": (InvoiceFactory, LEADS),
        "invoices:print": (InvoiceFactory, LEADS), "invoices:add": (None, ADMINS),
        "invoices:add_entries": (InvoiceFactory, ADMINS), "invoices:add_line": (InvoiceFactory, ADMINS),
        "invoices:edit": (InvoiceFactory, ADMINS), "invoices:delete": (InvoiceFactory, ADMINS),
        "invoices:send": (sent, ADMINS), "invoices:add_payment": (sent, ADMINS),
        "invoices:edit_payment": (payment, ADMINS), "invoices:remove_payment": (payment, ADMINS),
        "invoices:pdf": (InvoiceFactory, LEADS), "invoices:void": (finalized, ADMINS),
        "invoices:edit_line": (InvoiceLineFactory, ADMINS), "invoices:remove_line": (InvoiceLineFactory, ADMINS),
    },
    "Settings": {
        "client_settings:job_codes": (None, ADMINS), "client_settings:add_job_code": (None, ADMINS),
        "client_settings:edit_job_code": (JobCodeFactory, ADMINS),
        "client_settings:delete_job_code": (JobCodeFactory, ADMINS), "client_settings:custom_fields": (None, ADMINS),
        "client_settings:edit_custom_field": (CustomFieldFactory, ADMINS),
        "client_settings:delete_custom_field": (CustomFieldFactory, ADMINS),
        "organization_settings:categories": (None, ADMINS), "organization_settings:add_category": (None, ADMINS),
        "organization_settings:edit_category": (CategoryFactory, ADMINS),
        "organization_settings:delete_category": (CategoryFactory, ADMINS),
        "hour_settings:time": (None, ADMINS), "hour_settings:rates": (None, ADMINS),
        "hour_settings:mileage": (None, ADMINS),
        "hour_settings:expense_categories": (None, ADMINS), "hour_settings:add_expense_category": (None, ADMINS),
        "hour_settings:edit_expense_category": (ExpenseCategoryFactory, ADMINS),
        "hour_settings:delete_expense_category": (ExpenseCategoryFactory, ADMINS),
        "hour_settings:descriptions": (None, ADMINS), "hour_settings:add_description": (None, ADMINS),
        "hour_settings:edit_description": (DescriptionPresetFactory, ADMINS),
        "hour_settings:delete_description": (DescriptionPresetFactory, ADMINS),
        "hour_settings:flat_fee_presets": (None, ADMINS), "hour_settings:add_flat_fee_preset": (None, ADMINS),
        "hour_settings:edit_flat_fee_preset": (FlatFeePresetFactory, ADMINS),
        "hour_settings:delete_flat_fee_preset": (FlatFeePresetFactory, ADMINS),
    },
}  # fmt: skip
# Commands: URL → the record they are for, what is sent, and what each level gets.
COMMANDS: dict[str, tuple[Make, dict[str, str], list[int]]] = {
    "clients:promote": (inquiry, {}, DONE_BY_ADMINS),
    "client_settings:move_custom_field": (CustomFieldFactory, {"down": ""}, DONE_BY_ADMINS),
    "work_list_row": (lambda: ("clients", ClientFactory().pk), {"leave": ""}, DONE_BY_ADMINS),
    "hours:approve_hour_entry": (waiting_of(HourEntryFactory), {}, DONE_BY_LEADS),
    "hours:approve_mileage_entry": (waiting_of(MileageEntryFactory), {}, DONE_BY_LEADS),
    "hours:approve_expense_entry": (waiting_of(ExpenseEntryFactory), {}, DONE_BY_LEADS),
    "hours:approve_flat_fee": (waiting_of(FlatFeeFactory), {}, DONE_BY_LEADS),
    "hours:unapprove_hour_entry": (approved_of(HourEntryFactory), {}, DONE_BY_LEADS),
    "hours:unapprove_mileage_entry": (approved_of(MileageEntryFactory), {}, DONE_BY_LEADS),
    "hours:unapprove_expense_entry": (approved_of(ExpenseEntryFactory), {}, DONE_BY_LEADS),
    "hours:unapprove_flat_fee": (approved_of(FlatFeeFactory), {}, DONE_BY_LEADS),
    "invoices:move": (finalized, {"to": "tl_approved"}, DONE_BY_LEADS),
}
URLS = [(area, name) for area, rows in TABLE.items() for name in rows]


def address(name: str, make: Make | None) -> tuple[str, Model | None]:
    made = make() if make else ()
    if isinstance(made, tuple):
        return reverse(name, args=made), None
    return reverse(name, args=[made.pk]), made


def every_url(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """The name of every URL of ours: Django's site administration is Company Owners' alone (test_admin_site)."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"
        elif pattern.namespace != "admin":
            yield from every_url(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)


@pytest.fixture(autouse=True)
def quick_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a PDF can be made is another test's."""
    monkeypatch.setattr(paper, "pdf", lambda invoice: b"%PDF-")


def stored(record: Model | None) -> dict[str, Any] | None:
    """Every column of the record as it is in the database, None where there is none."""
    if record is None:
        return None
    return type(record)._base_manager.filter(pk=record.pk).values().first()


@pytest.mark.parametrize(("area", "name"), URLS, ids=[name for _, name in URLS])
def test_reading_and_writing(cast: dict[str, Associate], client_for: Callable, area: str, name: str) -> None:
    make, codes = TABLE[area][name]
    url, record = address(name, make)
    browsers = [client_for(cast[level]) for level in LEVELS]
    assert [browser.get(url).status_code for browser in browsers] == codes
    before = stored(record)
    refused = [browser for browser, code in zip(browsers, codes, strict=True) if code != 200]
    answers = [browser.post(url).status_code for browser in refused]
    assert {*answers} <= {403, 404, 405}  # 405: a page that only shows something
    assert stored(record) == before


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("level", LEVELS)
def test_commands(cast: dict[str, Associate], client_for: Callable, name: str, level: str) -> None:
    make, data, codes = COMMANDS[name]
    url, record = address(name, make)
    before = stored(record)
    code = client_for(cast[level]).post(url, data).status_code
    assert code == dict(zip(LEVELS, codes, strict=True))[level]
    if code != 302:
        assert stored(record) == before


@pytest.mark.parametrize("name", ["hours:hour_entry", "hours:edit_hour_entry", "hours:delete_hour_entry"])
def test_ones_own_entry_is_everybodys_own(basic: Associate, client_for: Callable, name: str) -> None:
    entry = HourEntryFactory(associate=basic)
    assert client_for(basic).get(reverse(name, args=[entry.pk])).status_code == 200


def test_no_url_is_forgotten() -> None:
    """Of two tables none has the same page; what begins with “qbo:” is enumerated in test_every_url."""
    listed = [*(name for _, name in URLS), *COMMANDS, *general.PAGES]
    assert len(listed) == len(set(listed))
    quickbooks = {f"qbo:{name}" for name in test_every_url.URLS}
    assert {*every_url(get_resolver())} == {*listed} | quickbooks
