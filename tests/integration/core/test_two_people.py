"""Two people edit the same record, on every screen that edits one: the second is told, and loses nothing of it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.models import Model
from django.forms import FileField
from django.urls import URLResolver, get_resolver, reverse

from associates.models import Associate
from hours.models import TimeSettings
from invoices.models import InvoiceSettings
from smmware.core.forms import CHANGED_MEANWHILE
from smmware.core.models import Company
from smmware.core.records import RecordUpdateView
from smmware.core.sections import SectionView
from tests.factories import (
    AddressFactory,
    AssociateFactory,
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
)

Make = Callable[[], Model]


def payment() -> Any:
    InvoiceSettings.objects.create(payments_at=InvoiceSettings.PaymentsAt.HERE)
    line = InvoiceLineFactory()
    return PaymentFactory(invoice=line.invoice)


# URL → the record, and the field that the second of the two types something else into.
SCREENS: dict[str, tuple[Make, str, str]] = {
    "associates:edit": (AssociateFactory, "phone", "608 555 0199"),
    "associates:sign_in": (AssociateFactory, "username", "another"),
    "organizations:edit": (OrganizationFactory, "phone", "608 555 0199"),
    "organizations:edit_contact": (ContactFactory, "phone", "608 555 0199"),
    "organization_settings:edit_category": (CategoryFactory, "name", "Movers"),
    "clients:edit": (ClientFactory, "phone", "608 555 0199"),
    "clients:edit_address": (AddressFactory, "city", "Milwaukee"),
    "clients:edit_job": (JobFactory, "name", "Another move"),
    "client_settings:edit_job_code": (JobCodeFactory, "label", "Packing"),
    "client_settings:edit_custom_field": (CustomFieldFactory, "label", "Pets"),
    "hours:edit_hour_entry": (HourEntryFactory, "description", "Typed"),
    "hours:edit_mileage_entry": (MileageEntryFactory, "description", "Typed"),
    "hours:edit_expense_entry": (ExpenseEntryFactory, "description", "Typed"),
    "hours:edit_flat_fee": (FlatFeeFactory, "description", "Typed"),
    "hour_settings:edit_expense_category": (ExpenseCategoryFactory, "name", "Crates"),
    "hour_settings:edit_description": (DescriptionPresetFactory, "text", "Unpacking"),
    "hour_settings:edit_flat_fee_preset": (FlatFeePresetFactory, "label", "Crates"),
    "invoices:edit": (InvoiceFactory, "public_note", "Typed"),
    "invoices:edit_line": (InvoiceLineFactory, "description", "Typed"),
    "invoices:edit_payment": (payment, "reference", "77"),
    "settings_basic": (lambda: Company.objects.create(name="Gentle Moves"), "address", "1 Main Street"),
    "settings_invoices": (lambda: InvoiceSettings.objects.create(phone="1"), "phone", "2"),
    "hour_settings:time": (lambda: TimeSettings.objects.create(), "approval", "strict"),
    "hour_settings:rates": (lambda: TimeSettings.objects.create(), "charge_rate", "77.00"),
}
CHANGED = {  # what the first changes, where it is not a version that tells
    "settings_basic": {"name": "Gentler Moves"},
    "settings_invoices": {"email": "office@example.com"},
    "hour_settings:time": {"approval": "cooperative"},
    "hour_settings:rates": {"charge_rate": "55.00"},
}


def edit_screens(resolver: URLResolver | None = None, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """The name of every URL whose page edits a record."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from edit_screens(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        elif issubclass(getattr(pattern.callback, "view_class", object), (RecordUpdateView, SectionView)):
            yield ":".join((*spaces, str(pattern.name)))


def address(name: str, record: Model) -> str:
    return reverse(name, args=[] if name in CHANGED else [record.pk])


def as_sent(form: Any) -> dict[str, Any]:
    """What a browser sends of a form that it was shown, with nothing changed."""
    sent: dict[str, Any] = {}
    for bound in form:
        if isinstance(bound.field, FileField):
            continue
        value = bound.value()
        if value is None or (value is False and bound.widget_type == "checkbox"):
            continue
        sent[bound.html_name] = "on" if value is True and bound.widget_type == "checkbox" else value
    return sent


def somebody_saves(name: str, record: Model) -> None:
    """The first of the two is faster."""
    if name in CHANGED:
        type(record).objects.update(**CHANGED[name])  # type: ignore[attr-defined]
    elif hasattr(record, "version"):
        record.save()
    else:
        record.invoice.touch()  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", SCREENS)
def test_the_second_is_told_and_loses_nothing(owner: Associate, client_for: Callable, name: str) -> None:
    make, field, typed = SCREENS[name]
    record, browser = make(), client_for(owner)
    url = address(name, record)
    sent = as_sent(browser.get(url).context["form"]) | {field: typed}
    somebody_saves(name, record)

    answer = browser.post(url, sent)
    form = answer.context["form"]
    assert (answer.status_code, form.non_field_errors()) == (200, [CHANGED_MEANWHILE])
    assert form[field].value() == typed
    stored = type(record)._base_manager.filter(**{field: typed})
    assert not stored.exists()

    assert browser.post(url, as_sent(form)).status_code == 302  # saving again is a choice
    assert stored.exists()


def test_no_screen_that_edits_a_record_is_forgotten() -> None:
    assert {*SCREENS} == {*edit_screens()}


def test_two_sections_of_one_row_are_two_things(owner: Associate, client_for: Callable) -> None:
    """Approval and rates are kept in one row: who changes the one is not held up by who changes the other."""
    TimeSettings.objects.create(charge_rate="50.00")
    browser = client_for(owner)
    rates, time = reverse("hour_settings:rates"), reverse("hour_settings:time")
    shown_rates = as_sent(browser.get(rates).context["form"])
    approval = as_sent(browser.get(time).context["form"]) | {"approval": "strict"}
    assert browser.post(rates, shown_rates | {"charge_rate": "60.00"}).status_code == 302
    assert browser.post(time, approval).status_code == 302
    stored = TimeSettings.objects.get()
    assert (str(stored.charge_rate), stored.approval) == ("60.00", "strict")
