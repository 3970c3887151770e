"""Two people give the same name, number or day at the same moment: the second is told next to the field.

The form has asked, and found nothing: then the other one saves, and the database refuses. It must be no page of an
error, and nothing typed may be lost.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.forms import BaseForm
from django.urls import reverse

from associates.forms import HourlyRateForm, SignInDetailsForm
from associates.models import Associate
from associates.work_list import CompleteAssociateForm
from clients.forms import ClientForm
from clients.settings_forms import CustomFieldForm, JobCodeForm
from hours.models import TimeSettings
from hours.settings_forms import (
    DescriptionPresetForm,
    ExpenseCategoryForm,
    FlatFeePresetForm,
    MileageRatesForm,
)
from invoices.forms import InvoiceForm
from organizations.forms import CategoryForm
from smmware.core.forms import AT_ONCE, CHANGED_MEANWHILE
from tests.at_once import at_once
from tests.factories import (
    AssociateFactory,
    CategoryFactory,
    ClientFactory,
    CustomFieldFactory,
    DescriptionPresetFactory,
    ExpenseCategoryFactory,
    FlatFeePresetFactory,
    HourlyRateFactory,
    InvoiceFactory,
    JobCodeFactory,
    MileageRatesFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
Rival = Callable[[Any], Any]
DAY = dt.date(2026, 3, 1)
MILES = {"pay_rate": "0.5", "pay_included_miles": "0", "charge_rate": "0.7", "charge_included_miles": "0"}
SIGN_IN = {"username": "rosa", "password1": "quiet-harbour-lamp", "password2": "quiet-harbour-lamp"}
NAMED = "There is a {} of this name already."

# Page → its form, the record that it edits or belongs to (None: neither), what is typed, what the other one saves
# (told of that record), the field, and the sentence next to it.
PAGES: dict[str, tuple[type[BaseForm], Callable[[], Model] | None, dict[str, str], Rival, str, str]] = {
    "organization_settings:add_category": (
        CategoryForm, None, {"name": "Movers"}, lambda _: CategoryFactory(name="movers"), "name",
        NAMED.format("category"),
    ),
    "organization_settings:edit_category": (
        CategoryForm, CategoryFactory, {"name": "Movers"}, lambda _: CategoryFactory(name="Movers"), "name",
        NAMED.format("category"),
    ),
    "client_settings:add_job_code": (
        JobCodeForm, None, {"label": "Packing", "lowest_level": "10", "charge_rate": "65"},
        lambda _: JobCodeFactory(label="Packing"), "label", NAMED.format("job code"),
    ),
    "client_settings:custom_fields": (
        CustomFieldForm, None, {"label": "Pets"}, lambda _: CustomFieldFactory(label="Pets", position=7), "label",
        NAMED.format("custom field"),
    ),
    "client_settings:edit_custom_field": (
        CustomFieldForm, CustomFieldFactory, {"label": "Pets"}, lambda _: CustomFieldFactory(label="pets", position=7),
        "label", NAMED.format("custom field"),
    ),
    "hour_settings:add_expense_category": (
        ExpenseCategoryForm, None, {"name": "Crates"}, lambda _: ExpenseCategoryFactory(name="Crates"), "name",
        NAMED.format("expense category"),
    ),
    "hour_settings:add_description": (
        DescriptionPresetForm, None, {"text": "Attic"}, lambda _: DescriptionPresetFactory(text="Attic"), "text",
        NAMED.format("description"),
    ),
    "hour_settings:edit_flat_fee_preset": (
        FlatFeePresetForm, FlatFeePresetFactory, {"label": "Crates", "amount": "5"},
        lambda _: FlatFeePresetFactory(label="Crates"), "label", NAMED.format("preset"),
    ),
    "hour_settings:mileage": (
        MileageRatesForm, None, MILES | {"effective_from": f"{DAY}"},
        lambda _: MileageRatesFactory(effective_from=DAY), "effective_from", "There are formulas from this day.",
    ),
    "associates:sign_in": (
        SignInDetailsForm, AssociateFactory, SIGN_IN, lambda _: AssociateFactory(username="Rosa"), "username",
        "Somebody else has this username already.",
    ),
    "associates:add_rate": (
        HourlyRateForm, AssociateFactory, {"rate": "22.05", "effective_from": f"{DAY}"},
        lambda person: HourlyRateFactory(associate=person, effective_from=DAY), "effective_from",
        "There is a rate from this day on already. Rates are not rewritten: choose another day.",
    ),
    "clients:edit": (
        ClientForm, ClientFactory, {"name": "Gentle Moves", "is_own_company": "on"},
        lambda _: ClientFactory(name="We", is_own_company=True), "is_own_company",
        "We is marked as our own company already: there is one.",
    ),
    "invoices:edit": (
        InvoiceForm, InvoiceFactory, {"number": "1001", "date": f"{DAY}", "adjustment": "0"},
        lambda _: InvoiceFactory(number="1001"), "number", "Invoice with this Number already exists.",
    ),
}  # fmt: skip


@pytest.fixture
def overtake(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, Callable[[], Any]], None]:
    """Lets somebody else do something once a form has asked all it asks, before it saves."""

    def overtaken(form_class: Any, rival: Callable[[], Any]) -> None:
        save, waiting = form_class.save, [rival]

        def second(form: Any, *args: Any, **kwargs: Any) -> Any:
            if waiting:
                waiting.pop()()
            return save(form, *args, **kwargs)

        monkeypatch.setattr(form_class, "save", second)

    return overtaken


@pytest.mark.parametrize("name", PAGES)
def test_the_second_is_told_next_to_the_field(
    owner: Associate, client_for: Callable, overtake: Callable, name: str
) -> None:
    form_class, make, typed, rival, field, sentence = PAGES[name]
    record = make() if make else None
    overtake(form_class, lambda: rival(record))
    sent = typed | ({"seen_version": record.version} if hasattr(record, "version") else {})
    answer = client_for(owner).post(reverse(name, args=[record.pk] if record else []), sent)
    assert answer.status_code == 200
    form = answer.context["form"]
    assert form.errors == {field: [sentence]}
    assert {key: form[key].value() for key in typed if "password" not in key and key != "is_own_company"} == {
        key: value for key, value in typed.items() if "password" not in key and key != "is_own_company"
    }
    if record is not None:
        stored = type(record)._base_manager.filter(pk=record.pk).values().get()
        assert stored.get(field) == getattr(record, field, None)


def test_in_a_row_of_a_work_list_too(owner: Associate, client_for: Callable, overtake: Callable) -> None:
    person = AssociateFactory(username=None, password="")
    overtake(CompleteAssociateForm, lambda: AssociateFactory(username="rosa"))
    sent = SIGN_IN | {"seen_version": person.version}
    answer = client_for(owner).post(f"/work-lists/associates/{person.pk}/", sent, headers={"HX-Request": "true"})
    assert answer.context["row"].form.errors == {"username": ["Somebody else has this username already."]}
    assert Associate.objects.get(pk=person.pk).username is None


def test_who_fills_in_settings_first_at_the_same_moment(owner: Associate, client_for: Callable) -> None:
    """Neither finds a row: both would make it."""
    url = reverse("hour_settings:rates")
    browsers = [client_for(owner), client_for(owner)]
    seen = browsers[0].get(url).context["form"]["seen"].value()

    def save(browser: Any, rate: str) -> Any:
        sent = {"charge_by": "one_rate", "charge_rate": rate, "pay_by": "associate", "seen": seen}
        answer = browser.post(url, sent)
        if answer.status_code == 302:
            return "saved"
        form = answer.context["form"]
        return form.non_field_errors(), form["charge_rate"].value() == rate

    answers = at_once(*[lambda place=place: save(browsers[place], f"{60 + place}") for place in (0, 1)])
    assert sorted(answers, key=str) == sorted(["saved", ([CHANGED_MEANWHILE], True)], key=str)
    assert TimeSettings.objects.count() == 1


def test_what_no_form_can_name_is_said_above_it(owner: Associate, client_for: Callable, overtake: Callable) -> None:
    """The form's own check would not find it: it says that something was in the way, and can be sent again."""
    rival = {}

    def insert_and_rename() -> None:
        rival["row"] = CategoryFactory(name="Movers")

    overtake(CategoryForm, insert_and_rename)
    full_clean = CategoryForm.full_clean

    def gone_by_then(form: CategoryForm) -> None:
        if "row" in rival:
            rival.pop("row").delete()
        full_clean(form)

    CategoryForm.full_clean = gone_by_then  # type: ignore[method-assign]
    try:
        browser = client_for(owner)
        answer = browser.post(reverse("organization_settings:add_category"), {"name": "Movers"})
        assert answer.context["form"].non_field_errors() == [AT_ONCE]
        assert browser.post(reverse("organization_settings:add_category"), {"name": "Movers"}).status_code == 302
    finally:
        CategoryForm.full_clean = full_clean  # type: ignore[method-assign]
