"""The directory of QuickBooks' names: complete, kept up to date, looked up in bulk."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from associates.models import Associate
from qbo_sync import directory
from qbo_sync.api.errors import NoAnswer
from qbo_sync.connection.client import client_for
from qbo_sync.directory.rows import name_record
from qbo_sync.models import Connection, Entity, NameRecord
from tests.quickbooks import QuickBooks, connected, simulated


@pytest.fixture
def quickbooks() -> Iterator[QuickBooks]:
    with simulated("empty") as running:
        yield running


@pytest.fixture
def connection(db: None, quickbooks: QuickBooks, owner: Associate) -> Connection:
    return connected(quickbooks, owner)


def refresh(connection: Connection) -> None:
    with client_for(connection) as client:
        directory.refresh(connection, client)


def names() -> set[tuple[str, str, bool]]:
    return set(NameRecord.objects.values_list("entity", "display_name", "is_active"))


def test_the_first_refresh_reads_all_three_lists_with_inactive_ones(
    connection: Connection, quickbooks: QuickBooks
) -> None:
    quickbooks.create("Customer", DisplayName="Harold Whitfield")
    gone = quickbooks.create("Vendor", DisplayName="Old Vendor")
    quickbooks.create("Vendor", Id=gone["Id"], SyncToken="0", sparse=True, Active=False)
    quickbooks.create("Employee", GivenName="Emily", FamilyName="Platt")

    refresh(connection)

    assert names() == {
        (Entity.CUSTOMER, "Harold Whitfield", True),
        (Entity.VENDOR, "Old Vendor (deleted)", False),
        (Entity.EMPLOYEE, "Emily Platt", True),
    }


def test_the_next_refresh_reads_what_changed_since(connection: Connection, quickbooks: QuickBooks) -> None:
    harold = quickbooks.create("Customer", DisplayName="Harold Whitfield")
    quickbooks.create("Customer", DisplayName="Rose Tyler")
    refresh(connection)
    NameRecord.objects.filter(display_name="Rose Tyler").update(display_name="As read before")

    time.sleep(1.1)  # QuickBooks keeps whole seconds
    NameRecord.objects.update(read_at=timezone.now() + directory.OVERLAP)
    quickbooks.create("Customer", Id=harold["Id"], SyncToken="0", sparse=True, DisplayName="Harry Whitfield")

    refresh(connection)

    assert names() == {(Entity.CUSTOMER, "Harry Whitfield", True), (Entity.CUSTOMER, "As read before", True)}


def test_what_a_whole_reading_does_not_find_is_forgotten(connection: Connection, quickbooks: QuickBooks) -> None:
    quickbooks.create("Customer", DisplayName="Harold Whitfield")
    directory.remember(connection, Entity.CUSTOMER, [{"Id": "999", "DisplayName": "Merged Away"}])
    directory.remember(connection, Entity.VENDOR, [{"Id": "998", "DisplayName": "Merged Away"}])

    refresh(connection)

    assert names() == {(Entity.CUSTOMER, "Harold Whitfield", True)}


def test_a_failed_reading_forgets_nothing_and_is_not_complete(connection: Connection, quickbooks: QuickBooks) -> None:
    directory.remember(connection, Entity.CUSTOMER, [{"Id": "999", "DisplayName": "Known"}])
    quickbooks.behave(rules=[{"match": {"operation": "query", "nth": 2}, "then": {"status": 503}, "times": None}])

    with pytest.raises(NoAnswer):
        refresh(connection)

    assert names() == {(Entity.CUSTOMER, "Known", True)}
    assert directory.complete_until(connection, Entity.CUSTOMER) is None


def test_by_key_looks_over_all_lists_in_one_query(connection: Connection, django_assert_num_queries: Any) -> None:
    directory.remember(connection, Entity.CUSTOMER, [{"Id": str(n), "DisplayName": f"Name {n}"} for n in range(30)])
    directory.remember(connection, Entity.VENDOR, [{"Id": "100", "DisplayName": "NAME 7"}])
    keys = [f"name {n}" for n in range(30)] + ["", "nobody"]

    with django_assert_num_queries(1):
        found = directory.by_key(connection, keys)

    assert len(found) == 30
    assert [(record.entity, record.qbo_id) for record in found["name 7"]] == [("Customer", "7"), ("Vendor", "100")]


def test_another_company_s_names_never_mix_in(connection: Connection) -> None:
    other = Connection.objects.create(environment="simulator", realm_id="2")
    directory.remember(other, Entity.CUSTOMER, [{"Id": "1", "DisplayName": "Harold Whitfield"}])

    assert directory.by_key(connection, ["harold whitfield"]) == {}


def test_a_row_takes_as_many_queries_as_thirty(connection: Connection) -> None:
    counts = []
    for rows in (range(1), range(100, 130)):
        with CaptureQueriesContext(database) as captured:
            directory.remember(connection, Entity.VENDOR, [{"Id": str(n), "DisplayName": f"V {n}"} for n in rows])
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_every_column_of_a_row() -> None:
    row = {
        "Id": "7", "SyncToken": "3", "DisplayName": "N" * 600, "GivenName": "Harold", "MiddleName": "J",
        "FamilyName": "Whitfield", "CompanyName": "Trust", "PrimaryEmailAddr": {"Address": "h@example.com"},
        "Mobile": {"FreeFormNumber": "1" * 40}, "ParentRef": {"value": "2"}, "Active": False,
        "BillAddr": {"Line1": "12 Elm", "City": "Madison", "PostalCode": "53703"},
    }  # fmt: skip
    record = name_record(Connection(pk=1), Entity.CUSTOMER, row)

    kept = {field.name: getattr(record, field.attname) for field in NameRecord._meta.concrete_fields}
    del kept["id"], kept["read_at"]
    assert kept == {
        "connection": 1, "entity": "Customer", "qbo_id": "7", "display_name": "N" * 500, "name_key": "n" * 500,
        "name_before": "", "renamed_at": None,
        "given_name": "Harold", "middle_name": "J", "family_name": "Whitfield", "company_name": "Trust",
        "email": "h@example.com", "phone": "1" * 30, "mobile": "1" * 30,
        "address": "12 Elm, Madison, 53703", "parent_id": "2", "sync_token": "3", "is_active": False,
    }  # fmt: skip
