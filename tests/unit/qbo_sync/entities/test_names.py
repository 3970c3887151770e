"""Clients, organizations and associates as customers, vendors and employees (qbo-api.md §8.1–§8.3)."""

import datetime as dt
from typing import Any

import pytest

from associates.models import Associate
from clients.models import Address, Client
from qbo_sync.entities import COPIED, Obstacle
from qbo_sync.entities.names import clean_name
from qbo_sync.models import Entity, Kind, Reason
from tests.factories import AddressFactory, AssociateFactory, ClientFactory, OrganizationFactory
from tests.unit.qbo_sync.entities.conftest import body, context, loaded

pytestmark = pytest.mark.django_db


def never(record: Any) -> str:
    found = COPIED[Kind.of(record)].never(loaded(record), context())
    return found.what if found else ""


def obstacle(record: Any) -> Obstacle | None:
    return COPIED[Kind.of(record)].obstacle(loaded(record), context())


def entity(record: Any) -> Entity:
    return COPIED[Kind.of(record)].entity(record)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("Margaret Whitfield", "Margaret Whitfield"),
        ("  Margaret   Whitfield ", "Margaret Whitfield"),
        ("Whitfield: Margaret", "Whitfield Margaret"),
        ("Whitfield:\tMargaret\r\nand Harold", "Whitfield Margaret and Harold"),
        ("O'Neil & “Söhne”", "O'Neil & “Söhne”"),
        (": \t\n", ""),
        ("", ""),
        ("x" * 101, "x" * 100),
        ("x" * 99 + " yz", "x" * 99),
    ],
)
def test_names_are_cleaned_of_what_quickbooks_refuses(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned


def test_a_client_is_a_customer() -> None:
    client = ClientFactory(
        name="Margaret Whitfield",
        first_name="Margaret",
        last_name="Whitfield",
        company_name="Whitfield: Antiques",
        email="margaret@example.com",
        phone="(608) 555-0101",
        mobile="(608) 555-0102",
    )
    AddressFactory(client=client, line1="1 Oak Street", designation=Address.Designation.ORIGINAL)
    AddressFactory(
        client=client, line1="12 Elm Street", line2="Unit 4", city="Madison", state="WI", postal_code="53703"
    )

    assert entity(client) == Entity.CUSTOMER
    assert body(client, context()) == {
        "DisplayName": "Margaret Whitfield",
        "GivenName": "Margaret",
        "FamilyName": "Whitfield",
        "CompanyName": "Whitfield Antiques",
        "PrimaryEmailAddr": {"Address": "margaret@example.com"},
        "PrimaryPhone": {"FreeFormNumber": "(608) 555-0101"},
        "Mobile": {"FreeFormNumber": "(608) 555-0102"},
        "BillAddr": {
            "Line1": "12 Elm Street",
            "Line2": "Unit 4",
            "City": "Madison",
            "CountrySubDivisionCode": "WI",
            "PostalCode": "53703",
        },
    }


def test_a_client_of_a_name_alone_sends_its_name_alone() -> None:
    assert body(ClientFactory(name="Whitfield:\tMargaret"), context()) == {"DisplayName": "Whitfield Margaret"}


def test_an_organization_is_a_vendor() -> None:
    organization = OrganizationFactory(
        name="Prairie Auctions: LLC",
        email="office@prairie.example",
        phone="(608) 555-0110",
        website="https://prairie.example/",
        address="4 Mill Road",
        city="Verona",
        state="WI",
        postal_code="53593",
    )

    assert entity(organization) == Entity.VENDOR
    assert body(organization, context()) == {
        "DisplayName": "Prairie Auctions LLC",
        "CompanyName": "Prairie Auctions LLC",
        "PrimaryEmailAddr": {"Address": "office@prairie.example"},
        "PrimaryPhone": {"FreeFormNumber": "(608) 555-0110"},
        "WebAddr": {"URI": "https://prairie.example/"},
        "BillAddr": {
            "Line1": "4 Mill Road",
            "City": "Verona",
            "CountrySubDivisionCode": "WI",
            "PostalCode": "53593",
        },
    }


PERSON: dict[str, Any] = {
    "first_name": "Dana",
    "middle_name": "Lee",
    "last_name": "Ortiz",
    "email": "dana@example.com",
    "phone": "(608) 555-0120",
    "address": "7 Lake View",
    "city": "Monona",
    "state": "WI",
    "postal_code": "53716",
    "hired_on": dt.date(2024, 5, 6),
}
NAMES = {"GivenName": "Dana", "MiddleName": "Lee", "FamilyName": "Ortiz", "DisplayName": "Dana Lee Ortiz"}
REACHED_AT = {"PrimaryEmailAddr": {"Address": "dana@example.com"}, "PrimaryPhone": {"FreeFormNumber": "(608) 555-0120"}}
LIVES_AT = {"Line1": "7 Lake View", "City": "Monona", "CountrySubDivisionCode": "WI", "PostalCode": "53716"}


def test_an_employee_is_an_employee() -> None:
    associate = AssociateFactory(**PERSON)

    assert entity(associate) == Entity.EMPLOYEE
    assert body(associate, context()) == {**NAMES, **REACHED_AT, "PrimaryAddr": LIVES_AT, "HiredDate": "2024-05-06"}


def test_a_contractor_is_a_vendor() -> None:
    associate = AssociateFactory(**PERSON, kind=Associate.Kind.CONTRACTOR)

    assert entity(associate) == Entity.VENDOR
    assert body(associate, context()) == {**NAMES, **REACHED_AT, "BillAddr": LIVES_AT}


def test_names_are_as_long_as_quickbooks_takes() -> None:
    long = {"first_name": "a" * 100, "middle_name": "b" * 100, "last_name": "c" * 100, "email": "", "phone": ""}

    assert body(AssociateFactory(**long), context()) == {
        "GivenName": "a" * 100,
        "MiddleName": "b" * 100,
        "FamilyName": "c" * 100,
        "DisplayName": "a" * 100,
    }
    assert body(ClientFactory(name="d" * 255), context()) == {"DisplayName": "d" * 100}


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: ClientFactory(stage=Client.Stage.INQUIRY), "An inquiry is not copied. Promote it to a client first."),
        (lambda: ClientFactory(is_own_company=True), "This is our own company: it is nobody's customer."),
        (
            lambda: AssociateFactory(kind=Associate.Kind.VEHICLE),
            "A vehicle is not copied: QuickBooks has no list for it.",
        ),
        (ClientFactory, ""),
        (AssociateFactory, ""),
        (lambda: AssociateFactory(kind=Associate.Kind.CONTRACTOR), ""),
        (OrganizationFactory, ""),
    ],
)
def test_what_is_never_copied(make: Any, why: str) -> None:
    assert never(make()) == why


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: ClientFactory(name=" : "), "The client has no name that QuickBooks accepts."),
        (lambda: OrganizationFactory(name=":"), "The organization has no name that QuickBooks accepts."),
        (lambda: AssociateFactory(last_name=""), "QuickBooks wants an employee's first and last name."),
        (lambda: AssociateFactory(first_name=":"), "QuickBooks wants an employee's first and last name."),
        (
            lambda: AssociateFactory(first_name=":", last_name="", kind=Associate.Kind.CONTRACTOR),
            "The associate has no name that QuickBooks accepts.",
        ),
    ],
)
def test_a_record_without_a_name_has_to_be_named_first(make: Any, what: str) -> None:
    assert obstacle(make()) == Obstacle(what, Reason.NAME)


def test_a_contractor_of_one_name_is_copied() -> None:
    contractor = AssociateFactory(first_name="Dana", last_name="", email="", phone="", kind=Associate.Kind.CONTRACTOR)

    assert obstacle(contractor) is None
    assert body(contractor, context()) == {"GivenName": "Dana", "DisplayName": "Dana"}


@pytest.mark.parametrize("make", [ClientFactory, OrganizationFactory, AssociateFactory])
def test_a_name_needs_and_refers_to_nothing(make: Any) -> None:
    record = loaded(make())
    copied = COPIED[Kind.of(record)]

    assert copied.is_name
    assert (copied.needs(record), copied.refers_to(record)) == ((), ())
    assert (copied.label(record), copied.amount(record), copied.minutes(record)) == (str(record), None, None)


@pytest.mark.parametrize("make", [ClientFactory, OrganizationFactory, AssociateFactory])
def test_an_inactive_record_is_copied_like_any_other(make: Any) -> None:
    record = make(is_active=False)

    assert (never(record), obstacle(record)) == ("", None)
