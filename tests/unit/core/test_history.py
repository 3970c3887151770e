"""Who changed which field: whatever way a record is written."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Case, F, Value, When

from associates.models import Associate
from clients.models import Client, CustomFieldValue
from hours import recording
from hours.models import HourEntry
from invoices.billing import bill_entries
from invoices.models import InvoiceLine
from organizations.models import Organization
from smmware.core.changes import ChangedField, told
from smmware.core.history import acting, history_kept
from smmware.core.models import Change, Company, TrackedQuerySet
from smmware.office.history import APPS, NOT_KEPT, RECORDS
from tests.factories import (
    AddressFactory,
    AssociateFactory,
    ClientFactory,
    CompanyFactory,
    CustomFieldFactory,
    HourEntryFactory,
    JobFactory,
    OrganizationFactory,
)

CREATE, UPDATE, DELETE = Change.Action.CREATE, Change.Action.UPDATE, Change.Action.DELETE
FILLED_IN = {"name": [None, "Margaret"], "phone": [None, "1"], "stage": [None, "client"],
             "is_own_company": [None, False], "is_active": [None, True]}  # fmt: skip
Changed = list[tuple[int, str, dict[str, Any]]]


def noted(model: type[models.Model], pk: int) -> Changed:
    """The changes shown on a record's page, the oldest first."""
    changes = Change.objects.filter(subject_type__model=model._meta.model_name, subject_id=pk).order_by("pk")
    return [(change.action, change.actor_name, change.changes) for change in changes]


@pytest.fixture
def ada(admin: Associate) -> Any:
    """Ada Admin acts."""
    with acting(lambda: admin):
        yield admin


def test_every_model_of_the_domain_keeps_one_and_tells_of_bulk_writes() -> None:
    kept = [model for label in APPS for model in apps.get_app_config(label).get_models() if model not in NOT_KEPT]
    assert {*RECORDS} <= {*kept}
    assert [model for model in kept if history_kept(model) is None] == []
    assert [model for model in kept if not isinstance(model._default_manager.all(), TrackedQuerySet)] == []


def test_a_save_notes_what_it_changed(ada: Associate) -> None:
    client = ClientFactory(name="Margaret", phone="1")
    client.phone, client.acts_as_reference = "2", True
    client.save()
    client.save()
    assert noted(Client, client.pk) == [
        (CREATE, "Ada Admin", FILLED_IN),
        (UPDATE, "Ada Admin", {"phone": ["1", "2"], "acts_as_reference": [None, True]}),
    ]


def test_a_save_of_some_fields_notes_no_others(ada: Associate) -> None:
    client = ClientFactory(stage=Client.Stage.INQUIRY)
    Change.objects.all().delete()
    client.promote()
    assert noted(Client, client.pk) == [(UPDATE, "Ada Admin", {"stage": ["inquiry", "client"]})]


def test_a_save_that_fails_notes_nothing(ada: Associate) -> None:
    client = ClientFactory()
    client.name = ""
    Change.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        client.save()
    assert not Change.objects.exists()


@pytest.mark.parametrize("count", [1, 30])
def test_an_update_of_a_set_is_noted_with_the_same_queries(
    ada: Associate, count: int, django_assert_num_queries: Callable
) -> None:
    people = AssociateFactory.create_batch(count, title="Organizer")
    Change.objects.all().delete()
    everybody = Associate.objects.filter(pk__in=[person.pk for person in people])
    everybody.update(title="Lead", phone="7")  # content types are known from now on
    Change.objects.all().delete()
    with django_assert_num_queries(5):  # savepoint, the rows, the update, the history, release
        assert everybody.filter(title="Lead").update(title="Organizer", phone="7") == count
    assert [noted(Associate, person.pk) for person in people] == [
        [(UPDATE, "Ada Admin", {"title": ["Lead", "Organizer"]})]
    ] * count


def test_an_update_that_the_database_computes_is_noted_too(ada: Associate) -> None:
    entry = HourEntryFactory(minutes=60)
    Change.objects.all().delete()
    HourEntry.objects.update(minutes=F("minutes") + 30)
    HourEntry.objects.update(description=Case(When(minutes=90, then=Value("Long")), default=Value("Short")))
    assert noted(HourEntry, entry.pk) == [
        (UPDATE, "Ada Admin", {"minutes": [60, 90]}),
        (UPDATE, "Ada Admin", {"description": ["Packing the kitchen", "Long"]}),
    ]


def test_a_bulk_update_is_noted_too(ada: Associate) -> None:
    organization = OrganizationFactory(phone="1")
    Change.objects.all().delete()
    organization.phone = "2"
    Organization.objects.bulk_update([organization], ["phone"])
    assert noted(Organization, organization.pk) == [(UPDATE, "Ada Admin", {"phone": ["1", "2"]})]


def test_what_changes_nothing_is_not_noted(ada: Associate) -> None:
    client = ClientFactory(phone="1")
    Change.objects.all().delete()
    Client.objects.update(phone="1")
    client.touch()
    client.claim_version(3)
    assert not Change.objects.exists()


@pytest.mark.parametrize("count", [1, 30])
def test_a_bulk_insert_is_noted_with_the_same_queries(
    ada: Associate, count: int, django_assert_num_queries: Callable
) -> None:
    Organization.objects.bulk_create([Organization(name="First")])
    with django_assert_num_queries(4):  # savepoint, the rows, the history, release
        made = Organization.objects.bulk_create([Organization(name=f"No. {n}") for n in range(count)])
    assert [noted(Organization, each.pk) for each in made] == [
        [(CREATE, "Ada Admin", {"name": [None, f"No. {n}"], "is_active": [None, True]})] for n in range(count)
    ]


def test_an_upsert_notes_what_is_new_and_what_changed(ada: Associate) -> None:
    client, pets, music = ClientFactory(), CustomFieldFactory(label="Pets"), CustomFieldFactory(label="Music")
    CustomFieldValue.objects.create(client=client, field=pets, value="A cat")
    Change.objects.all().delete()
    CustomFieldValue.objects.bulk_create(
        [CustomFieldValue(client=client, field=pets, value="Two cats"),
         CustomFieldValue(client=client, field=music, value="Bach")],
        update_conflicts=True, unique_fields=["client", "field"], update_fields=["value"],
    )  # fmt: skip
    assert noted(Client, client.pk) == [
        (CREATE, "Ada Admin", {"field": [None, music.pk], "value": [None, "Bach"]}),
        (UPDATE, "Ada Admin", {"value": ["A cat", "Two cats"]}),
    ]


def test_what_belongs_to_a_record_is_shown_on_its_page_even_when_it_is_gone(ada: Associate) -> None:
    address = AddressFactory(line1="12 Elm Street", city="", state="", postal_code="")
    client = address.client
    Change.objects.all().delete()
    address.delete()
    [change] = told(Change.objects.all())
    assert (change.who, change.done, change.what) == ("Ada Admin", "deleted", "Address “12 Elm Street”")
    assert noted(Client, client.pk)[0][0] == DELETE


def test_passwords_are_never_kept(ada: Associate, basic: Associate) -> None:
    before = basic.password
    basic.set_password("another-one-2026")
    basic.save()
    Associate.objects.filter(pk=basic.pk).update(password=before)
    assert [row for row in Change.objects.values_list("changes", flat=True) if before in str(row)] == []
    assert [row for row in Change.objects.values_list("changes", flat=True) if basic.password in str(row)] == []
    last = told(Change.objects.filter(action=UPDATE))
    assert [change.fields for change in last] == [[ChangedField("Password", "", "", "changed; it is not shown")]] * 2


def test_signing_in_changes_nothing(basic: Associate, client_for: Callable) -> None:
    Change.objects.all().delete()
    client_for(basic)
    assert not Change.objects.exists()


def test_who_leads_a_job_is_noted(ada: Associate, lead: Associate) -> None:
    job = JobFactory()
    Change.objects.all().delete()
    job.leads.add(lead)
    job.leads.remove(lead)
    assert [change.fields for change in told(Change.objects.order_by("pk"))] == [
        [ChangedField("Team leads", "", "Lena Lead")],
        [ChangedField("Team leads", "Lena Lead", "")],
    ]


def test_approving_and_billing_are_in_the_history(ada: Associate, lead: Associate) -> None:
    entry = HourEntryFactory()
    Change.objects.all().delete()
    recording.approve(entries=[entry], by=lead, at=dt.datetime(2026, 3, 3, 15, tzinfo=dt.UTC))
    [approval] = told(Change.objects.all())
    assert approval.fields == [
        ChangedField("Approved by", "", "Lena Lead"),
        ChangedField("Approved at", "", "Mar 3, 2026, 3:00 p.m."),
    ]
    entry.refresh_from_db()
    invoice = bill_entries(job=entry.job, entries=[entry], date=dt.date(2026, 3, 4))
    assert [change.subject_id for change in Change.objects.filter(content_type__model="invoiceline")] == [invoice.pk]


def test_the_first_approver_is_the_one_in_the_history(lead: Associate, admin: Associate) -> None:
    entry, at = HourEntryFactory(), dt.datetime(2026, 3, 3, 15, tzinfo=dt.UTC)
    Change.objects.all().delete()
    for person in (lead, admin):
        with acting(lambda person=person: person):
            recording.approve(entries=[entry], by=person, at=at)
    assert [(action, who) for action, who, _ in noted(HourEntry, entry.pk)] == [(UPDATE, "Lena Lead")]


def test_settings_have_one_history(ada: Associate) -> None:
    company = CompanyFactory(name="Gentle Moves")
    company.integration = "qbo"
    company.save()
    assert noted(Company, 0)[-1] == (UPDATE, "Ada Admin", {"integration": ["no", "qbo"]})


def test_nobody_at_the_console_is_the_house_itself(db: None) -> None:
    ClientFactory()
    assert told(Change.objects.all())[0].who == "SMMware itself"


def test_the_name_of_who_did_it_stays_when_they_are_gone(admin: Associate) -> None:
    with acting(lambda: admin):
        client = ClientFactory()
    admin.delete()
    assert noted(Client, client.pk)[0][1] == "Ada Admin"


@pytest.mark.parametrize("count", [1, 30])
def test_telling_takes_one_query_per_kind_of_record_named(
    db: None, count: int, django_assert_num_queries: Callable
) -> None:
    for _ in range(count):
        JobFactory()
    changes = list(Change.objects.filter(content_type__model="job").select_related("content_type"))
    assert len(changes) == count
    with django_assert_num_queries(1):
        assert all(field.after for change in told(changes) for field in change.fields)


def test_values_are_written_as_people_read_them(ada: Associate) -> None:
    job = JobFactory(charge_rate=Decimal("65.00"), starts_on=dt.date(2026, 3, 2))
    Change.objects.all().delete()
    job.charge_rate, job.starts_on, job.status = None, dt.date(2026, 3, 9), "closed"
    job.save()
    assert told(Change.objects.all())[0].fields == [
        ChangedField("Status", "Open", "Closed"),
        ChangedField("Charge rate", "65.00", ""),
        ChangedField("Starts", "Mar 2, 2026", "Mar 9, 2026"),
    ]


def test_lines_that_are_removed_are_told_on_the_invoice(ada: Associate) -> None:
    entry = HourEntryFactory(description="Packing")
    invoice = bill_entries(job=entry.job, entries=[entry], date=dt.date(2026, 3, 4))
    InvoiceLine.objects.filter(invoice=invoice).delete()
    deleted = [change for change in told(Change.objects.filter(subject_id=invoice.pk)) if change.done == "deleted"]
    assert [change.what for change in deleted] == [f"Invoice line “Invoice {invoice.number}, line 1”"]
