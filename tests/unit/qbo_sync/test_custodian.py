"""Who bears a name at QuickBooks, and which name is free: over the directory, without asking QuickBooks."""

from typing import Any

import pytest
from django.utils import timezone

from associates.models import Associate
from clients.models import Client
from organizations.models import Organization
from qbo_sync.custodian import Offer, free_name, holders
from qbo_sync.directory import name_key
from qbo_sync.models import Connection, Entity, Link, NameRecord
from tests.factories import AddressFactory, AssociateFactory, ClientFactory, OrganizationFactory


@pytest.fixture
def connection(owner: Associate) -> Connection:
    return Connection.objects.create(
        environment="simulator", realm_id="1", is_active=True, state=Connection.State.CONNECTED, connected_by=owner
    )


def at_quickbooks(connection: Connection, entity: Entity, name: str, **fields: Any) -> NameRecord:
    return NameRecord.objects.create(
        connection=connection, entity=entity, qbo_id=str(100 + NameRecord.objects.count()), display_name=name,
        name_key=name_key(name), **fields,
    )  # fmt: skip


def link(connection: Connection, record: NameRecord, **ours: Any) -> Link:
    return Link.objects.create(
        connection=connection, entity=record.entity, qbo_id=record.qbo_id, origin=Link.Origin.MATCHED,
        linked_by=connection.connected_by, linked_at=timezone.now(), **ours,
    )  # fmt: skip


def borne(connection: Connection, record: Any) -> list[tuple[str, str]]:
    return [(each.record.entity, each.record.display_name) for each in holders(connection, record)]


class TestHolders:
    @pytest.mark.parametrize(
        "typed",
        ["Mary Ford", "  mary   FORD ", "Mary\tFord", "Mary Ford (deleted)"],
        ids=["as is", "case", "tab", "mark"],
    )
    def test_case_and_blanks_do_not_tell_names_apart(self, connection: Connection, typed: str) -> None:
        at_quickbooks(connection, Entity.VENDOR, "Mary Ford")
        assert borne(connection, Client(name=typed)) == [("Vendor", "Mary Ford")]

    @pytest.mark.parametrize(
        "typed", ["Ford, Mary", "Mary Ford Inc.", "Máry Ford", "Mary-Ford", "Mary Fort", "", " : "]
    )
    def test_what_quickbooks_takes_for_another_name_is_free(self, connection: Connection, typed: str) -> None:
        at_quickbooks(connection, Entity.VENDOR, "Mary Ford")
        assert borne(connection, Client(name=typed)) == []

    def test_all_three_lists_are_looked_at_the_inactive_last(self, connection: Connection) -> None:
        at_quickbooks(connection, Entity.CUSTOMER, "Mary Ford (deleted)", is_active=False)
        at_quickbooks(connection, Entity.EMPLOYEE, "mary ford")
        mary = Associate(first_name="Mary", last_name="Ford", kind=Associate.Kind.CONTRACTOR)
        assert borne(connection, mary) == [("Employee", "mary ford"), ("Customer", "Mary Ford (deleted)")]

    def test_one_s_own_record_is_no_clash_and_somebody_else_s_is_named(self, connection: Connection) -> None:
        mary, other = ClientFactory(name="Mary Ford"), ClientFactory(name="Mary Ford")
        held = link(connection, at_quickbooks(connection, Entity.CUSTOMER, "Mary Ford"), client=mary)
        assert holders(connection, mary) == []
        assert [each.ours for each in holders(connection, other)] == [held]
        assert [each.ours for each in holders(connection, Client(name="Mary Ford"))] == [held]

    def test_an_associate_of_the_same_number_is_not_the_client(self, connection: Connection) -> None:
        mary = ClientFactory(name="Mary Ford")
        link(connection, at_quickbooks(connection, Entity.CUSTOMER, "Mary Ford"), client=mary)
        assert borne(connection, Associate(pk=mary.pk, first_name="Mary", last_name="Ford")) == [
            ("Customer", "Mary Ford")
        ]

    def test_the_names_of_another_company_do_not_count(self, connection: Connection) -> None:
        elsewhere = Connection.objects.create(environment="simulator", realm_id="2")
        at_quickbooks(elsewhere, Entity.VENDOR, "Mary Ford")
        assert borne(connection, Client(name="Mary Ford")) == []


class TestFreeName:
    @pytest.mark.parametrize(
        ("record", "offer"),
        [
            (Client(name="Mary Ford"), Offer("name", "Mary Ford (C)", "Mary Ford (C)")),
            (Organization(name="Ford: Moving"), Offer("name", "Ford Moving (V)", "Ford Moving (V)")),
            (
                Associate(first_name="Mary", middle_name="T", last_name="Ford", kind="contractor"),
                Offer("last_name", "Ford (V)", "Mary T Ford (V)"),
            ),
            (Associate(first_name="Mary", last_name="Ford"), Offer("last_name", "Ford (E)", "Mary Ford (E)")),
            (Associate(first_name="Mary"), Offer("first_name", "Mary (E)", "Mary (E)")),
            (Client(name=" "), None),
        ],
        ids=["client", "organization", "contractor", "employee", "first name alone", "nobody"],
    )
    def test_the_suffix_of_the_list(self, connection: Connection, record: Any, offer: Offer | None) -> None:
        assert free_name(connection, record) == offer

    def test_the_company_s_own_suffix(self, connection: Connection) -> None:
        connection.customer_suffix = "– client"
        offer = free_name(connection, Client(name="Mary Ford"))
        assert offer == Offer("name", "Mary Ford – client", "Mary Ford – client")

    def test_the_town_where_one_is_known(self, connection: Connection) -> None:
        connection.name_rule = Connection.NameRule.TOWN
        client = AddressFactory(client=ClientFactory(name="Mary Ford"), city="Madison", designation="current").client
        named = (client, Organization(name="Ford", city="Verona"), Client(name="Mary Ford"))
        assert [offer and offer.name for offer in (free_name(connection, each) for each in named)] == [
            "Mary Ford (Madison)", "Ford (Verona)", "Mary Ford (C)",
        ]  # fmt: skip

    def test_what_is_taken_there_or_here_is_passed_over(self, connection: Connection) -> None:
        at_quickbooks(connection, Entity.EMPLOYEE, "Mary Ford (v) (deleted)", is_active=False)
        OrganizationFactory(name="Mary Ford (V) 2")
        AssociateFactory(first_name="Mary", middle_name="", last_name="Ford (V) 3")
        AssociateFactory(first_name="", middle_name="Mary", last_name="Ford (V) 4")
        ClientFactory(name="Mary Ford (V) 5")
        offer = free_name(connection, Organization(name="Mary Ford"))
        assert offer is not None
        assert offer.name == "Mary Ford (V) 6"

    def test_one_s_own_stored_name_is_not_taken_by_oneself(self, connection: Connection) -> None:
        stored = OrganizationFactory(name="Mary Ford (V)")
        stored.name = "Mary Ford"
        offer = free_name(connection, stored)
        assert offer is not None
        assert offer.name == "Mary Ford (V)"

    def test_nothing_where_all_that_is_tried_is_taken(self, connection: Connection) -> None:
        for mark in ("(C)", *(f"(C) {number}" for number in range(2, 10))):
            ClientFactory(name=f"Mary Ford {mark}")
        assert free_name(connection, Client(name="Mary Ford")) is None

    def test_a_long_name_is_cut_and_the_mark_stays_whole(self, connection: Connection) -> None:
        client, associate = Client(name="M" * 255), Associate(first_name="A" * 30, last_name="F" * 100)
        offers = [free_name(connection, each) for each in (client, associate)]
        assert [offer and offer.name for offer in offers] == [
            "M" * 96 + " (C)",
            "A" * 30 + " " + "F" * 65 + " (E)",
        ]
