"""Admin→Settings, “3) Job Codes” and “5) Custom Fields”: added, renamed, ordered, removed."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from associates.models import Associate
from clients.models import CustomField, JobCode
from smmware.core.forms import CHANGED_MEANWHILE
from smmware.core.permissions import Level
from tests.factories import CustomFieldFactory, CustomFieldValueFactory, HourEntryFactory, JobCodeFactory

pytestmark = pytest.mark.django_db
ClientFor = Callable[[Associate | None], Browser]
CODES, FIELDS = "/settings/job-codes/", "/settings/custom-fields/"
PACKING = {"label": "Packing", "lowest_level": "10", "charge_rate": "65.00", "pay_rate": "", "is_active": "on"}


@pytest.fixture
def office(admin: Associate, client_for: ClientFor) -> Browser:
    return client_for(admin)


def labels() -> list[str]:
    return list(CustomField.objects.values_list("label", flat=True))


def test_who_may_open_what(cast: dict[str, Associate], client_for: ClientFor) -> None:
    code, field = JobCodeFactory(), CustomFieldFactory()
    pages = [
        CODES, f"{CODES}add/", f"{CODES}{code.pk}/", f"{CODES}{code.pk}/delete/",
        FIELDS, f"{FIELDS}{field.pk}/", f"{FIELDS}{field.pk}/delete/",
    ]  # fmt: skip
    posted = [*pages[1:], f"{FIELDS}{field.pk}/move/"]
    for name, person in cast.items():
        browser, may_open = client_for(person), name not in ("basic", "lead")
        assert [browser.get(page).status_code for page in pages] == [200 if may_open else 403] * len(pages)
        if not may_open:
            assert [browser.post(page, PACKING).status_code for page in posted] == [403] * len(posted)
    assert (JobCode.objects.get().label, CustomField.objects.get().label) == (code.label, field.label)


def test_settings_lead_there(office: Browser) -> None:
    page = office.get("/settings/").content.decode()
    assert f'<a href="{CODES}">3) Job Codes</a>' in page
    assert f'<a href="{FIELDS}">5) Custom Fields</a>' in page


def test_one_label_may_exist_at_two_levels(office: Browser) -> None:
    for level, rate in (("10", "65.00"), ("20", "85.00")):
        answer = office.post(f"{CODES}add/", {**PACKING, "lowest_level": level, "charge_rate": rate, "pay_rate": "30"})
        assert answer.headers["Location"] == CODES
    assert list(JobCode.objects.values_list("label", "lowest_level", "charge_rate", "pay_rate")) == [
        ("Packing", Level.BASIC_USER, Decimal("65.00"), Decimal("30.00")),
        ("Packing", Level.TEAM_LEAD, Decimal("85.00"), Decimal("30.00")),
    ]


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("label", "PACKING", "There is a job code of this name already."),
        ("label", "", "This field is required."),
        ("charge_rate", "-1", "Ensure this value is greater than or equal to 0."),
        ("pay_rate", "-1", "Ensure this value is greater than or equal to 0."),
        ("charge_rate", "1.234", "Ensure that there are no more than 2 decimal places."),
    ],
)
def test_nonsense_is_said_next_to_the_field(office: Browser, field: str, typed: str, error: str) -> None:
    JobCodeFactory(label="Packing")
    form = office.post(f"{CODES}add/", {**PACKING, "label": "Sorting", field: typed}).context["form"]
    assert form.errors == {field: [error]}
    assert JobCode.objects.count() == 1


def test_a_new_charge_leaves_what_is_recorded(office: Browser) -> None:
    entry = HourEntryFactory(job_code=JobCodeFactory(label="Packing"), charge_rate="65.00")
    sent = {**PACKING, "charge_rate": "99.00", "seen_version": 1}
    assert office.post(f"{CODES}{entry.job_code.pk}/", sent).status_code == 302
    entry.refresh_from_db()
    assert (entry.charge_rate, entry.job_code.charge_rate) == (Decimal("65.00"), Decimal("99.00"))


def test_the_second_who_edits_a_job_code_is_told(office: Browser) -> None:
    code = JobCodeFactory(label="Packing")
    assert office.post(f"{CODES}{code.pk}/", {**PACKING, "charge_rate": "70", "seen_version": 1}).status_code == 302
    form = office.post(f"{CODES}{code.pk}/", {**PACKING, "charge_rate": "80", "seen_version": 1}).context["form"]
    assert (form.non_field_errors(), form["charge_rate"].value()) == ([CHANGED_MEANWHILE], "80")
    assert JobCode.objects.get().charge_rate == Decimal("70.00")


def test_a_job_code_in_use_stays_and_says_what_uses_it(office: Browser) -> None:
    used, free = HourEntryFactory(job_code=JobCodeFactory()).job_code, JobCodeFactory()
    for answer in (office.get(f"{CODES}{used.pk}/delete/"), office.post(f"{CODES}{used.pk}/delete/")):
        assert "it is still used by 1 hour entry" in answer.content.decode()
    assert office.post(f"{CODES}{free.pk}/delete/").headers["Location"] == CODES
    assert list(JobCode.objects.all()) == [used]


def test_fields_are_added_behind_the_others(office: Browser) -> None:
    assert "There is no custom field yet" in office.get(FIELDS).content.decode()
    for label in ("Pets", "Mobility", "Allergies"):
        assert office.post(FIELDS, {"label": label}).headers["Location"] == FIELDS
    assert labels() == ["Pets", "Mobility", "Allergies"]


@pytest.mark.parametrize(
    ("label", "error"),
    [("pets", "There is a custom field of this name already."), ("", "This field is required.")],
)
def test_a_field_has_a_name_of_its_own(office: Browser, label: str, error: str) -> None:
    CustomFieldFactory(label="Pets")
    assert office.post(FIELDS, {"label": label}).context["form"].errors == {"label": [error]}
    assert labels() == ["Pets"]


@pytest.mark.parametrize(
    ("moved", "button", "order"),
    [
        ("C", "up", ["A", "C", "B"]),
        ("A", "down", ["B", "A", "C"]),
        ("A", "up", ["A", "B", "C"]),
        ("C", "down", ["A", "B", "C"]),
    ],
)
def test_fields_are_put_in_order(office: Browser, moved: str, button: str, order: list[str]) -> None:
    fields = {label: CustomFieldFactory(label=label) for label in "ABC"}  # all at position 0, as before there was order
    answer = office.post(f"{FIELDS}{fields[moved].pk}/move/", {button: ""})
    assert (answer.headers["Location"], labels()) == (FIELDS, order)


def test_renamed_a_field_keeps_what_is_filled_in(office: Browser) -> None:
    value = CustomFieldValueFactory(field__label="Pets", value="Two cats")
    url = f"{FIELDS}{value.field.pk}/"
    assert office.post(url, {"label": "Animals", "seen_version": 1}).headers["Location"] == FIELDS
    value.refresh_from_db()
    assert (value.field.label, value.value) == ("Animals", "Two cats")
    form = office.post(url, {"label": "Beasts", "seen_version": 1}).context["form"]
    assert (form.non_field_errors(), form["label"].value()) == ([CHANGED_MEANWHILE], "Beasts")


def test_removing_a_field_says_what_is_lost(office: Browser) -> None:
    field = CustomFieldFactory(label="Pets")
    url = f"{FIELDS}{field.pk}/delete/"
    assert "nothing is lost with it" in office.get(url).content.decode()
    for number in range(6):
        CustomFieldValueFactory(field=field, client__name=f"Client {number}", value=f"{number} cats")
    page = office.get(url).content.decode()
    assert "6 clients have something filled in here. All of it is deleted with the field:" in page
    assert [f"Client {n}: {n} cats" in page for n in range(6)] == [True] * 5 + [False]
    assert CustomField.objects.exists()
    assert office.post(url).headers["Location"] == FIELDS
    assert not CustomField.objects.exists()


def test_the_queries_of_the_fields_do_not_grow(office: Browser, django_assert_max_num_queries: Any) -> None:
    counts = []
    for rows in (1, 29):
        for _ in range(rows):
            CustomFieldValueFactory()
        with django_assert_max_num_queries(12) as queries:
            office.get(FIELDS)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert reverse("client_settings:custom_fields") == FIELDS
