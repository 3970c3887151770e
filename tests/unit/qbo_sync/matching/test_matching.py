"""Names as they are compared, and the candidates that come of it."""

from itertools import count

import pytest

from associates.models import Associate
from clients.models import Client
from hours.models import HourEntry
from organizations.models import Organization
from qbo_sync.directory import name_key, plain_name
from qbo_sync.matching import Candidate, Sought, candidates, keys_of, sought
from qbo_sync.models import Entity, NameRecord

NUMBERS = count(1)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Harold Whitfield", "harold whitfield"),
        ("Whitfield, Harold", "harold whitfield"),
        ("  HAROLD   whitfield ", "harold whitfield"),
        ("Harold Whitfield (deleted)", "harold whitfield"),
        ("Harold Whitfield (deleted 2)", "harold whitfield"),
        ("Miller, Bob & Ann", "bob and ann miller"),
        ("Bob and Ann Miller", "bob and ann miller"),
        ("José Nuñez", "jose nunez"),
        ("Łukasz Strauß", "lukasz strauss"),
        ("O'Neil", "oneil"),
        ("O’Neil", "oneil"),
        ("Anne-Marie Smith", "anne marie smith"),
        ("Badger Moving, LLC", "badger moving"),
        ("Badger Moving L.L.C.", "badger moving"),
        ("Badger Moving Co., Inc.", "badger moving"),
        ("Smith, Jones, and Co", "smith jones and"),
        ("Whitfield, Harold, LLC", "whitfield harold"),
        ("Company", "company"),
        ("Cо", "cо"),  # Cyrillic o: not a company form
        ("123 Storage", "123 storage"),
        (",", ""),
        ("***", ""),
        ("", ""),
        ("N" * 600, "n" * 500),
    ],
)
def test_name_key(name: str, key: str) -> None:
    assert name_key(name) == key


def test_the_order_of_words_counts() -> None:
    assert name_key("Thomas James") != name_key("James Thomas")


def test_plain_name_keeps_letters_and_punctuation() -> None:
    assert plain_name("  Badger MOVING, LLC (deleted)") == "badger moving, llc"


def at_quickbooks(entity: Entity, name: str, **fields: object) -> NameRecord:
    number = next(NUMBERS)
    return NameRecord(
        pk=number, entity=entity, qbo_id=str(number), display_name=name, name_key=name_key(name), **fields
    )  # fmt: skip


def found(*records: NameRecord) -> dict[str, list[NameRecord]]:
    by_key: dict[str, list[NameRecord]] = {}
    for record in records:
        by_key.setdefault(record.name_key, []).append(record)
    return by_key


class TestSought:
    def test_a_client_by_its_name_and_the_person_s(self) -> None:
        client = Client(name="The Whitfields", first_name="Harold", last_name="Whitfield")

        assert sought(client) == Sought(Entity.CUSTOMER, ("The Whitfields", "Harold Whitfield"))

    def test_an_organization(self) -> None:
        assert sought(Organization(name="Badger Moving")) == Sought(Entity.VENDOR, ("Badger Moving",))

    def test_an_employee_and_a_contractor(self) -> None:
        names = ("Rosa M Diaz", "Rosa Diaz")
        person = {"first_name": "Rosa", "middle_name": "M", "last_name": "Diaz"}

        assert sought(Associate(**person)) == Sought(Entity.EMPLOYEE, names)
        assert sought(Associate(**person, kind=Associate.Kind.CONTRACTOR)) == Sought(Entity.VENDOR, names)

    def test_nothing_else(self) -> None:
        with pytest.raises(TypeError):
            sought(HourEntry())  # type: ignore[arg-type]

    def test_keys(self) -> None:
        seekers = [Sought(Entity.CUSTOMER, ("Whitfield, Harold", "***")), Sought(Entity.VENDOR, ("Badger LLC",))]

        assert keys_of(seekers) == {"harold whitfield", "badger"}


class TestCandidates:
    seeker = Sought(Entity.CUSTOMER, ("Harold Whitfield",))

    def test_the_same_name_in_the_right_list_is_sure(self) -> None:
        record = at_quickbooks(Entity.CUSTOMER, "harold Whitfield")

        assert candidates(self.seeker, found(record)) == [
            Candidate(
                Entity.CUSTOMER, record.qbo_id, "harold Whitfield", "The same name",
                sure=True, linkable=True, is_active=True,
            )
        ]  # fmt: skip

    def test_the_others_say_why_not_and_come_behind(self) -> None:
        employee = at_quickbooks(Entity.EMPLOYEE, "Harold Whitfield")
        other_way = at_quickbooks(Entity.CUSTOMER, "Whitfield, Harold")
        inactive = at_quickbooks(Entity.CUSTOMER, "Harold Whitfield (deleted)", is_active=False)
        sub = at_quickbooks(Entity.CUSTOMER, "Harold Whitfield", parent_id="9")

        offered = candidates(self.seeker, found(employee, inactive, sub, other_way))

        assert [(each.qbo_id, each.why, each.sure, each.linkable) for each in offered] == [
            (sub.qbo_id, "The same name, a sub-customer of another customer", False, True),
            (other_way.qbo_id, "The same name, written differently", False, True),
            (inactive.qbo_id, "The same name, inactive at QuickBooks", False, True),
            (employee.qbo_id, "The same name, but an employee there, not a customer", False, False),
        ]

    def test_what_is_linked_to_another_record_cannot_be_it(self) -> None:
        record = at_quickbooks(Entity.CUSTOMER, "Harold Whitfield")

        assert candidates(self.seeker, found(record), taken={(Entity.CUSTOMER, record.qbo_id)}) == []

    def test_one_that_bears_both_names_is_offered_once(self) -> None:
        record = at_quickbooks(Entity.CUSTOMER, "Harold Whitfield")
        seeker = Sought(Entity.CUSTOMER, ("Harold Whitfield", "Whitfield, Harold"))

        assert len(candidates(seeker, found(record))) == 1
