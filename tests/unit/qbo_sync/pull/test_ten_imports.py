"""Importing again and again while QuickBooks changes: what is linked stays byte for byte, and each report is right."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model

from associates.models import Associate
from clients.models import Address, Client, Job
from organizations.models import Organization
from qbo_simulator.entities import REGISTRY
from qbo_simulator.pages.desk import Desk
from qbo_sync.models import Connection, ImportList, Link
from qbo_sync.models.states import RunState
from qbo_sync.pull.noticing import GONE, INACTIVE, RENAMED
from qbo_sync.pull.planning import LIKELY
from smmware.core.models import Change
from tests.factories import ClientFactory
from tests.quickbooks import QuickBooks
from tests.unit.qbo_sync.pull.conftest import imported, outcomes

ROUNDS = 10
Body = dict[str, Any]
LETTERS = "abcdefghijklmnop"


def named(word: str, number: int) -> str:
    """A name that is like no other one of them."""
    return f"{word} {LETTERS[number] * 4}{LETTERS[-number - 1] * 4}"


class List:
    """One of the three lists at QuickBooks, each of whose records is made, renamed, deactivated and deleted in turn."""

    def __init__(self, quickbooks: QuickBooks, which: ImportList, entity: str, body: Callable[[str], Body]) -> None:
        self.quickbooks, self.which, self.entity, self.body = quickbooks, which, entity, body
        self.ids: list[str] = []

    def make(self, name: str) -> str:
        return self.quickbooks.create(self.entity, **self.body(name))["Id"]

    def write(self, qbo_id: str, **values: Any) -> None:
        [row] = self.quickbooks.query(f"select * from {self.entity} where Id = '{qbo_id}'")
        self.quickbooks.create(self.entity, Id=qbo_id, SyncToken=row["SyncToken"], sparse=True, **values)

    def delete(self, qbo_id: str) -> None:
        """A name cannot be deleted over the API (qbo-api.md §2.3); a merge on QuickBooks' own screen takes one away."""
        app = self.quickbooks.app
        books = Desk(app.database, app.clock, app.behaviour, app.log, app.tokens).books(self.quickbooks.realm_id)
        with books.attempt():
            books.remove(REGISTRY[self.entity], qbo_id)

    def live(self, number: int) -> None:
        """A round: one is made; who came in before is renamed, who came before that made inactive, and so on."""
        self.ids.append(self.make(named(f"{self.entity}made", number)))
        if number >= 1:
            self.write(self.ids[number - 1], **self.body(named(f"{self.entity}renamed", number - 1)))
        if number >= 2:
            self.write(self.ids[number - 2], Active=False)
        if number >= 3:
            self.delete(self.ids[number - 3])

    def expected(self, number: int) -> dict[str, tuple[str, str]]:
        """The report of this round's import, by QBO ID."""
        told = {}
        for place, qbo_id in enumerate(self.ids):
            ours = named(f"{self.entity}made", place)
            told[qbo_id] = {
                0: ("new", ""),
                1: ("noticed", RENAMED.format(before=ours, ours=ours)),
                2: ("noticed", INACTIVE),
            }.get(number - place, ("noticed", GONE))
        return told


def person(name: str) -> Body:
    given, family = name.split()
    return {"GivenName": given, "FamilyName": family, "DisplayName": name}


def at_home(name: str) -> Body:
    return {"DisplayName": name, "BillAddr": {"Line1": name}}


@pytest.fixture
def lists(quickbooks: QuickBooks) -> list[List]:
    return [
        List(quickbooks, ImportList.CLIENTS, "Customer", at_home),
        List(quickbooks, ImportList.VENDORS, "Vendor", lambda name: {"DisplayName": name}),
        List(quickbooks, ImportList.ASSOCIATES, "Employee", person),
    ]


def snapshot() -> dict[tuple[str, int], Body]:
    """Every field of every record, every link, and all that is noted of a change."""
    models: list[type[Model]] = [Client, Address, Job, Organization, Associate, Link, Change]
    records = [record for model in models for record in model._default_manager.all()]
    return {(type(record).__name__, record.pk): fields(record) for record in records}


def fields(record: Model) -> Body:
    return {field.name: getattr(record, field.attname) for field in record._meta.concrete_fields}


def report(run: Any) -> dict[str, tuple[str, str]]:
    return {row.qbo_id: (row.outcome, row.note) for row in run.rows.all()}


def test_ten_imports_while_quickbooks_changes(
    connection: Connection, quickbooks: QuickBooks, lists: list[List]
) -> None:
    ClientFactory(name="Whitfield, Ann")
    likely = {lists[0].which: lists[0].make("Ann Whitfield")}
    stays = {each.which: each.make(f"Stays {each.entity}") for each in lists}
    for each in lists:
        imported(connection, each.which)
    for number in range(ROUNDS):
        before = snapshot()
        for each in lists:
            each.live(number)
            if number % 4 == 1:  # a page fails: nothing is taken for deleted, and nothing is changed
                quickbooks.behave(
                    rules=[{"match": {"operation": "query", "nth": 2}, "then": {"status": 503}, "times": 1}]
                )
                failed = imported(connection, each.which, page_size=2)
                assert failed.state == RunState.FAILED
                assert "noticed" not in {outcome for outcome, note in outcomes(failed).values() if note == GONE}
                quickbooks.behave()
                assert {key: row for key, row in snapshot().items() if key in before} == before

            run = imported(connection, each.which)

            assert run.state == RunState.DONE
            expected = each.expected(number) | {stays[each.which]: ("unchanged", "")}
            if each.which in likely:
                expected[likely[each.which]] = ("choice", LIKELY)
            assert report(run) == expected
        after = snapshot()
        assert {key: row for key, row in after.items() if key in before} == before
        new = [key for key in after if key not in before and key[0] in ("Client", "Organization", "Associate")]
        assert sorted(kind for kind, _ in new) == ["Associate", "Client", "Organization"]


def test_what_was_renamed_in_both_places_is_no_news(connection: Connection, quickbooks: QuickBooks) -> None:
    made = quickbooks.create("Customer", DisplayName="Ann Whitfield")
    imported(connection, ImportList.CLIENTS)
    quickbooks.create("Customer", Id=made["Id"], SyncToken="0", sparse=True, DisplayName="Ann Lund")
    assert outcomes(imported(connection, ImportList.CLIENTS))["Ann Lund"][0] == "noticed"
    client = Client.objects.get()
    client.name = "Ann Lund"
    client.save()

    assert outcomes(imported(connection, ImportList.CLIENTS)) == {"Ann Lund": ("unchanged", "")}


def test_a_name_that_was_another_before_it_was_linked_is_no_news(
    connection: Connection, quickbooks: QuickBooks
) -> None:
    ClientFactory(name="Lund, Ann")
    made = quickbooks.create("Customer", DisplayName="Ann Whitfield Lund")
    imported(connection, ImportList.CLIENTS)  # a choice: it is not linked
    quickbooks.create("Customer", Id=made["Id"], SyncToken="0", sparse=True, DisplayName="Ann Lund")
    ours = Client.objects.get()
    ours.name = "Ann Lund"
    ours.save()
    assert outcomes(imported(connection, ImportList.CLIENTS)) == {"Ann Lund": ("linked", "The same name.")}

    assert outcomes(imported(connection, ImportList.CLIENTS)) == {"Ann Lund": ("unchanged", "")}


def test_made_inactive_in_both_places_is_no_news(connection: Connection, quickbooks: QuickBooks) -> None:
    made = quickbooks.create("Customer", DisplayName="Ann Whitfield")
    imported(connection, ImportList.CLIENTS)
    quickbooks.create("Customer", Id=made["Id"], SyncToken="0", sparse=True, Active=False)
    assert outcomes(imported(connection, ImportList.CLIENTS)) == {"Ann Whitfield (deleted)": ("noticed", INACTIVE)}
    client = Client.objects.get()
    client.is_active = False
    client.save()

    assert outcomes(imported(connection, ImportList.CLIENTS)) == {"Ann Whitfield (deleted)": ("unchanged", "")}
