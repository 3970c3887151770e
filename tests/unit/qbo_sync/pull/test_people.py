"""Customers, vendors and employees become clients, organizations and associates."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as database
from django.db.models import Model
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from associates.models import Associate
from clients.models import Address, Client
from organizations.models import Organization
from qbo_sync.models import Connection, Entity, ImportList, Link, NameRecord, Outcome, RuledOut
from qbo_sync.pull import choosing
from qbo_sync.pull.jobs import NEW_JOB
from qbo_sync.pull.people import INQUIRY
from qbo_sync.pull.planning import LIKELY, SAME_NAME_COMES, SAME_NAME_LINKED
from qbo_sync.push.changes import changed_since_copied, compare, is_due
from smmware.core.models import Company
from tests.factories import AssociateFactory, ClientFactory, OrganizationFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.pull.conftest import carried_on, finished, imported, outcomes, queued

MARGARET = {
    "DisplayName": "Margaret Whitfield",
    "GivenName": "Margaret",
    "FamilyName": "Whitfield",
    "CompanyName": "Whitfield Family Trust",
    "PrimaryEmailAddr": {"Address": "margaret@example.com"},
    "PrimaryPhone": {"FreeFormNumber": "(608) 555-0101"},
    "Mobile": {"FreeFormNumber": "(608) 555-0102"},
    "Notes": "Two cats",
    "BillAddr": {
        "Line1": "12 Elm Street",
        "Line2": "Apt 4",
        "City": "Madison",
        "CountrySubDivisionCode": "WI",
        "PostalCode": "53703",
    },
}


def fields(record: Model) -> dict[str, Any]:
    """Every field of a record, also those that no form shows."""
    return {field.name: getattr(record, field.attname) for field in record._meta.concrete_fields}


@pytest.mark.parametrize("ours", ["new", "of the same name"])
def test_what_is_changed_after_an_import_is_seen(connection: Connection, quickbooks: QuickBooks, ours: str) -> None:
    if ours != "new":
        ClientFactory(name="Margaret Whitfield")
    quickbooks.create("Customer", **MARGARET)
    imported(connection, ImportList.CLIENTS)
    client, link = Client.objects.get(), Link.objects.get()
    assert (link.source_version, len(link.source_hash)) == (client.version, 64)
    assert (changed_since_copied(link), is_due(connection)) == (False, False)

    client.save()
    assert changed_since_copied(link) is False
    compare(connection)
    link.refresh_from_db()
    assert link.source_version == client.version

    client.mobile = "(608) 555-0199"
    client.save()
    assert changed_since_copied(link) is True


def test_a_customer_becomes_a_client_with_an_address(connection: Connection, quickbooks: QuickBooks) -> None:
    made = quickbooks.create("Customer", **MARGARET)

    run = imported(connection, ImportList.CLIENTS)

    assert (run.state, run.message, run.progress, run.size) == ("done", "", 1, 1)
    client = Client.objects.get()
    assert run.report == {"counts": {"new": 1}}
    assert list(run.rows.values_list("qbo_id", "name", "outcome", "is_open", "values")) == [
        (made["Id"], "Margaret Whitfield", "new", False, {})
    ]
    assert model_to_dict(client, exclude=["id"]) == {
        "name": "Margaret Whitfield", "first_name": "Margaret", "last_name": "Whitfield",
        "company_name": "Whitfield Family Trust", "stage": "client", "is_own_company": False,
        "email": "margaret@example.com", "phone": "(608) 555-0101", "mobile": "(608) 555-0102", "referred_by": "",
        "acts_as_reference": None, "representative": None, "notes": "Two cats", "is_active": True,
    }  # fmt: skip
    assert model_to_dict(Address.objects.get(), exclude=["id"]) == {
        "client": client.pk, "designation": "current", "line1": "12 Elm Street", "line2": "Apt 4",
        "city": "Madison", "state": "WI", "postal_code": "53703",
    }  # fmt: skip
    link = Link.objects.get()
    assert (link.entity, link.qbo_id, link.origin, link.client_id, link.linked_by, link.sync_token) == (
        Entity.CUSTOMER, made["Id"], Link.Origin.IMPORTED, client.pk, connection.connected_by, "0",
    )  # fmt: skip


def test_a_vendor_becomes_an_organization(connection: Connection, quickbooks: QuickBooks) -> None:
    quickbooks.create(
        "Vendor", DisplayName="Badger Moving, LLC", WebAddr={"URI": "badger.example"},
        PrimaryEmailAddr={"Address": "a@badger.example, b@badger.example"},
        BillAddr={"Line1": "1 Dock Road", "Line2": "Unit 2", "City": "Madison"},
    )  # fmt: skip

    run = imported(connection, ImportList.VENDORS)

    assert model_to_dict(Organization.objects.get(), exclude=["id"]) == {
        "name": "Badger Moving, LLC", "category": None, "phone": "", "email": "a@badger.example",
        "website": "https://badger.example", "address": "1 Dock Road, Unit 2", "city": "Madison", "state": "",
        "postal_code": "", "notes": "", "is_active": True,
    }  # fmt: skip
    assert outcomes(run) == {
        "Badger Moving, LLC": (
            "new", "Of the e-mail addresses “a@badger.example, b@badger.example” the first was taken.",
        )
    }  # fmt: skip


def test_an_employee_becomes_an_associate_who_cannot_sign_in(connection: Connection, quickbooks: QuickBooks) -> None:
    quickbooks.create(
        "Employee", GivenName="Emily", MiddleName="J", FamilyName="Platt", HiredDate="2024-05-06",
        PrimaryPhone={"FreeFormNumber": "608-555-0103"},
        PrimaryAddr={"Line1": "45 N. Elm Street", "PostalCode": "93242"},
    )  # fmt: skip

    imported(connection, ImportList.ASSOCIATES)

    emily = Associate.objects.get(last_name="Platt")
    assert not emily.has_usable_password()
    assert model_to_dict(emily, exclude=["id", "password", "last_login"]) == {
        "username": None, "first_name": "Emily", "middle_name": "J", "last_name": "Platt", "title": "",
        "kind": "employee", "email": "", "phone": "608-555-0103",
        "address": "45 N. Elm Street", "city": "", "state": "", "postal_code": "93242",
        "hired_on": dt.date(2024, 5, 6), "level": 10, "qbo_admin": False, "is_active": True,
    }  # fmt: skip


def test_an_exact_name_is_linked_and_not_doubled(connection: Connection, quickbooks: QuickBooks) -> None:
    ours = ClientFactory(name="margaret  Whitfield")
    before = fields(ours)
    made = quickbooks.create("Customer", **MARGARET)

    run = imported(connection, ImportList.CLIENTS)

    assert fields(Client.objects.get()) == before
    assert outcomes(run) == {"Margaret Whitfield": ("linked", "The same name.")}
    assert list(Link.objects.values_list("client", "qbo_id", "origin")) == [(ours.pk, made["Id"], "matched")]


def test_a_name_written_differently_waits_for_a_choice(connection: Connection, quickbooks: QuickBooks) -> None:
    """Likely is not sure: it is neither linked nor doubled until a person says so."""
    ours = ClientFactory(name="Whitfield, Margaret")
    before = fields(ours)
    quickbooks.create("Customer", **MARGARET)

    run = imported(connection, ImportList.CLIENTS)

    assert fields(Client.objects.get()) == before
    assert not Link.objects.exists()
    assert outcomes(run) == {"Margaret Whitfield": ("choice", LIKELY)}
    [candidate] = run.rows.get().candidates
    assert (candidate["kind"], candidate["pk"], candidate["why"], candidate["sure"]) == (
        "client", ours.pk, "The same name, written differently", "likely",
    )  # fmt: skip


def test_the_exact_name_wins_over_one_written_differently(connection: Connection, quickbooks: QuickBooks) -> None:
    exact, _ = ClientFactory(name="MARGARET WHITFIELD"), ClientFactory(name="Whitfield, Margaret")
    quickbooks.create("Customer", **MARGARET)

    imported(connection, ImportList.CLIENTS)

    assert list(Link.objects.values_list("client", flat=True)) == [exact.pk]


def test_two_of_one_name_are_left_to_a_person(connection: Connection, quickbooks: QuickBooks) -> None:
    ClientFactory(name="Margaret Whitfield"), ClientFactory(name="Margaret Whitfield")
    quickbooks.create("Customer", **MARGARET)

    run = imported(connection, ImportList.CLIENTS)

    assert outcomes(run) == {"Margaret Whitfield": ("choice", LIKELY)}
    assert len(run.rows.get().candidates) == 2
    assert (Client.objects.count(), Link.objects.count()) == (2, 0)


def test_two_at_quickbooks_for_one_of_ours(connection: Connection, quickbooks: QuickBooks) -> None:
    """The one written exactly like ours is ours; whether the other is somebody else is a person's to say."""
    ours = ClientFactory(name="Margaret Whitfield")
    quickbooks.create("Customer", DisplayName="Whitfield, Margaret")
    exact = quickbooks.create("Customer", **MARGARET)
    quickbooks.create("Customer", DisplayName="Margaret-Whitfield")

    run = imported(connection, ImportList.CLIENTS)

    assert Link.objects.get(client=ours).qbo_id == exact["Id"]
    assert outcomes(run) == {
        "Whitfield, Margaret": ("choice", LIKELY),
        "Margaret Whitfield": ("linked", "The same name."),
        "Margaret-Whitfield": ("choice", SAME_NAME_LINKED.format(name="Margaret Whitfield")),
    }


def test_two_at_quickbooks_of_one_name_do_not_both_come_in(connection: Connection, quickbooks: QuickBooks) -> None:
    quickbooks.create("Customer", **MARGARET)
    quickbooks.create("Customer", DisplayName="Whitfield, Margaret")

    run = imported(connection, ImportList.CLIENTS)

    assert outcomes(run) == {
        "Margaret Whitfield": ("new", ""),
        "Whitfield, Margaret": ("choice", SAME_NAME_COMES.format(name="Margaret Whitfield")),
    }
    assert outcomes(imported(connection, ImportList.CLIENTS))["Whitfield, Margaret"] == (
        "choice", SAME_NAME_LINKED.format(name="Margaret Whitfield"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ours", "theirs", "why"),
    [
        (
            {"name": "Bob Whitfield", "phone": "608-555-0101"}, "Robert Whitfield",
            "Bob is short for Robert, the same phone",
        ),
        ({"name": "Margaret Withfield"}, "Margaret Whitfield", "Whitfield may be a slip for Withfield"),
        (
            {"name": "Margaret Lund", "email": "margaret@example.com"}, "Margaret Whitfield",
            "The same first name, another last name: perhaps married, the same e-mail",
        ),
    ],
)  # fmt: skip
def test_what_is_likely_the_same_waits_for_a_choice(
    connection: Connection, quickbooks: QuickBooks, ours: dict[str, str], theirs: str, why: str
) -> None:
    client = ClientFactory(**ours)
    given, family = theirs.split()
    quickbooks.create("Customer", **MARGARET | {"DisplayName": theirs, "GivenName": given, "FamilyName": family})

    run = imported(connection, ImportList.CLIENTS)

    assert outcomes(run) == {theirs: ("choice", LIKELY)}
    assert [(each["pk"], each["why"]) for each in run.rows.get().candidates] == [(client.pk, why)]


def test_what_was_ruled_out_is_no_choice(connection: Connection, quickbooks: QuickBooks, owner: Associate) -> None:
    ours = ClientFactory(name="Whitfield, Margaret")
    made = quickbooks.create("Customer", **MARGARET)
    RuledOut.objects.create(
        connection=connection, kind="client", record_id=ours.pk, entity="Customer", qbo_id=made["Id"],
        ruled_out_by=owner,
    )  # fmt: skip

    assert outcomes(imported(connection, ImportList.CLIENTS)) == {"Margaret Whitfield": ("new", "")}


def test_an_inquiry_is_linked_with_a_word_and_our_own_company_never(
    connection: Connection, quickbooks: QuickBooks, company: Company
) -> None:
    inquiry = ClientFactory(name="Margaret Whitfield", stage=Client.Stage.INQUIRY)
    ClientFactory(name=company.name, is_own_company=True)
    quickbooks.create("Customer", **MARGARET)
    quickbooks.create("Customer", DisplayName=company.name)

    run = imported(connection, ImportList.CLIENTS)

    assert outcomes(run) == {
        "Margaret Whitfield": ("linked", f"The same name. {INQUIRY}"),
        "Gentle Moves": ("left_alone", "“Gentle Moves” is your own company here, which is never a customer."),
    }
    inquiry.refresh_from_db()
    assert inquiry.is_inquiry


def test_sub_customers_and_inactive_ones_are_left_alone(connection: Connection, quickbooks: QuickBooks) -> None:
    parent = quickbooks.create("Customer", **MARGARET)
    quickbooks.create("Customer", DisplayName="Spring move", Job=True, ParentRef={"value": parent["Id"]})
    gone = quickbooks.create("Customer", DisplayName="Old Client")
    quickbooks.create("Customer", Id=gone["Id"], SyncToken="0", sparse=True, Active=False)

    run = imported(connection, ImportList.CLIENTS)

    assert outcomes(run) == {
        "Margaret Whitfield": ("new", ""),
        "Spring move": ("left_alone", NEW_JOB.format(client="Margaret Whitfield")),
        "Old Client (deleted)": ("left_alone", ""),
    }
    known = NameRecord.objects.values_list("display_name", "name_key", "is_active", "parent_id")
    assert set(known) == {
        ("Margaret Whitfield", "margaret whitfield", True, ""),
        ("Spring move", "spring move", True, parent["Id"]),
        ("Old Client (deleted)", "old client", False, ""),
    }


def test_a_contractor_is_the_vendor_of_that_name(connection: Connection, quickbooks: QuickBooks) -> None:
    contractor = AssociateFactory(first_name="Rosa", last_name="Diaz", kind=Associate.Kind.CONTRACTOR)
    employee = AssociateFactory(first_name="Terry", last_name="Jeffords")
    quickbooks.create("Vendor", DisplayName="Rosa Diaz")
    quickbooks.create("Vendor", DisplayName="Terry Jeffords")

    run = imported(connection, ImportList.VENDORS)

    assert outcomes(run) == {"Rosa Diaz": ("linked", "The same name."), "Terry Jeffords": ("new", "")}
    assert Link.objects.get(associate=contractor).entity == Entity.VENDOR
    assert not Link.objects.filter(associate=employee).exists()
    assert list(Organization.objects.values_list("name", flat=True)) == ["Terry Jeffords"]


def test_a_contractor_and_an_organization_of_one_name_are_left_to_a_person(
    connection: Connection, quickbooks: QuickBooks
) -> None:
    AssociateFactory(first_name="Rosa", last_name="Diaz", kind=Associate.Kind.CONTRACTOR)
    OrganizationFactory(name="Rosa Diaz")
    quickbooks.create("Vendor", DisplayName="Rosa Diaz")

    assert outcomes(imported(connection, ImportList.VENDORS)) == {"Rosa Diaz": ("choice", LIKELY)}


def test_an_employee_there_who_is_a_contractor_here_is_pointed_out(
    connection: Connection, quickbooks: QuickBooks
) -> None:
    AssociateFactory(first_name="Rosa", last_name="Diaz", kind=Associate.Kind.CONTRACTOR)
    AssociateFactory(first_name="Big", last_name="Truck", kind=Associate.Kind.VEHICLE)
    quickbooks.create("Employee", GivenName="Rosa", FamilyName="Diaz")
    quickbooks.create("Employee", GivenName="Big", FamilyName="Truck")

    assert outcomes(imported(connection, ImportList.ASSOCIATES)) == {
        "Rosa Diaz": (
            "left_alone", "“Rosa Diaz” is a contractor here and an employee at QuickBooks: change one of the two.",
        ),
        "Big Truck": ("new", ""),
    }  # fmt: skip


def test_running_again_changes_nothing_that_is_linked(connection: Connection, quickbooks: QuickBooks) -> None:
    AssociateFactory(first_name="Rosa", last_name="Diaz", kind=Associate.Kind.CONTRACTOR)
    customer = quickbooks.create("Customer", **MARGARET)
    quickbooks.create("Vendor", DisplayName="Rosa Diaz")
    quickbooks.create("Vendor", DisplayName="Badger Moving")
    quickbooks.create("Employee", GivenName="Emily", FamilyName="Platt")
    lists = (ImportList.CLIENTS, ImportList.VENDORS, ImportList.ASSOCIATES)
    for which in lists:
        imported(connection, which)
    before = snapshot()
    quickbooks.create(
        "Customer", Id=customer["Id"], SyncToken=customer["SyncToken"], sparse=True, DisplayName="Renamed There",
        PrimaryEmailAddr={"Address": "other@example.com"},
    )  # fmt: skip
    quickbooks.create("Customer", DisplayName="Margaret Whitfield (moved)")

    reports = [imported(connection, which).report["counts"] for which in lists]

    assert reports == [{"new": 1, "noticed": 1}, {"unchanged": 2}, {"unchanged": 1}]
    assert {key: row for key, row in snapshot().items() if key in before} == before


def snapshot() -> dict[tuple[str, int], dict[str, Any]]:
    """Every field of every record and link."""
    models: list[type[Model]] = [Client, Address, Organization, Associate, Link]
    return {(model.__name__, record.pk): fields(record) for model in models for record in model._default_manager.all()}


def test_what_does_not_fit_is_shortened_or_left_out_with_a_word(connection: Connection, quickbooks: QuickBooks) -> None:
    quickbooks.create(
        "Customer", DisplayName="N" * 300, PrimaryEmailAddr={"Address": "margaret@example..com"},
        BillAddr={"City": "Madison"},
    )  # fmt: skip

    run = imported(connection, ImportList.CLIENTS)

    client = Client.objects.get()
    assert (client.name, client.email, client.addresses.count()) == ("N" * 255, "", 0)
    assert outcomes(run)["N" * 300] == (
        "new",
        "Shortened to 255 characters: name. “margaret@example..com” is not a usable e-mail address and was left out.",
    )


Body = Callable[[int], dict[str, Any]]
BODIES: dict[ImportList, tuple[str, Body]] = {
    ImportList.ACCOUNTS: ("Account", lambda n: {"Name": f"Account {n:03}", "AccountType": "Expense"}),
    ImportList.ITEMS: ("Item", lambda n: {"Name": f"I {n:03}", "Type": "Service", "IncomeAccountRef": {"value": "1"}}),
    ImportList.PAYMENT_METHODS: ("PaymentMethod", lambda n: {"Name": f"Method {n:03}"}),
    ImportList.TERMS: ("Term", lambda n: {"Name": f"Term {n:03}", "DueDays": n}),
    ImportList.CLASSES: ("Class", lambda n: {"Name": f"Class {n:03}"}),
    ImportList.LOCATIONS: ("Department", lambda n: {"Name": f"Location {n:03}"}),
    ImportList.CLIENTS: ("Customer", lambda n: {"DisplayName": f"C {n:03}", "BillAddr": {"Line1": f"{n} Elm Street"}}),
    ImportList.VENDORS: ("Vendor", lambda n: {"DisplayName": f"Vendor {n:03}"}),
    ImportList.ASSOCIATES: ("Employee", lambda n: {"GivenName": "Ann", "FamilyName": f"Employee {n:03}"}),
}


@pytest.mark.parametrize("which", ImportList)
def test_30_rows_take_as_many_queries_as_1(connection: Connection, quickbooks: QuickBooks, which: ImportList) -> None:
    """Reading, planning and carrying out."""
    entity, body = BODIES[which]
    counts = []
    for start, end in ((0, 1), (1, 2), (2, 32)):  # the first one only makes sure that there is something already
        for number in range(start, end):
            quickbooks.create(entity, **body(number))
        with CaptureQueriesContext(database) as captured:
            assert imported(connection, which).report["counts"]["new"] >= end - start
        counts.append(len(captured))
    assert counts[1] == counts[2]


def test_who_is_merely_possible_is_offered_beside_new(connection: Connection, quickbooks: QuickBooks) -> None:
    """A spouse as well as a short form that nobody here knows: the plan makes a new record, and shows the other."""
    ignacio = ClientFactory(name="Ignacio Davis", first_name="Ignacio", last_name="Davis", phone="(608) 555-0101")
    phone = {"PrimaryPhone": {"FreeFormNumber": "608-555-0101"}}
    quickbooks.create("Customer", DisplayName="Nacho Davis", GivenName="Nacho", FamilyName="Davis", **phone)
    run = carried_on(queued(connection, ImportList.CLIENTS))
    [row] = run.rows.all()
    assert (row.outcome, row.answer) == (Outcome.NEW, "new:client")
    assert [(each["pk"], each["sure"]) for each in row.candidates] == [(ignacio.pk, "possible")]
    assert choosing.choose(run, {row.pk: f"link:client:{ignacio.pk}"}) == []
    finished(run)
    assert Link.objects.get(client=ignacio).qbo_id == row.qbo_id
    assert Client.objects.count() == 1
