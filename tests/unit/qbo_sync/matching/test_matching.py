"""Names as they are compared, and the candidates that come of it."""

from itertools import count

import pytest

from associates.models import Associate
from clients.models import Client
from hours.models import HourEntry
from organizations.models import Organization
from qbo_sync.directory import name_key, plain_name
from qbo_sync.directory.blocks import keys_of_record
from qbo_sync.matching import Candidate, Sought, Sure, candidates, keys_of, sought
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
        for key in keys_of_record(record):
            by_key.setdefault(key, []).append(record)
    return by_key


class TestSought:
    def test_a_client_by_its_name_and_the_person_s(self) -> None:
        client = Client(name="The Whitfields", first_name="Harold", last_name="Whitfield")

        assert sought(client) == Sought(Entity.CUSTOMER, ("The Whitfields", "Harold Whitfield"))

    def test_an_organization(self) -> None:
        assert sought(Organization(name="Badger Moving")) == Sought(Entity.VENDOR, ("Badger Moving",))

    def test_with_what_reaches_it(self) -> None:
        place = {"address": "12 Elm Street", "city": "Madison", "state": "WI", "postal_code": "53703"}
        badger = Organization(name="Badger Moving", email="a@badger.example", phone="608 555 0101", **place)

        assert sought(badger) == Sought(
            Entity.VENDOR, ("Badger Moving",), email="a@badger.example", phones=("608 555 0101",),
            addresses=("12 Elm Street, Madison, WI 53703",),
        )  # fmt: skip

    def test_an_employee_and_a_contractor(self) -> None:
        names = ("Rosa M Diaz", "Rosa Diaz")
        person = {"first_name": "Rosa", "middle_name": "M", "last_name": "Diaz"}

        assert sought(Associate(**person)) == Sought(Entity.EMPLOYEE, names)
        assert sought(Associate(**person, kind=Associate.Kind.CONTRACTOR)) == Sought(Entity.VENDOR, names)

    def test_nothing_else(self) -> None:
        with pytest.raises(TypeError):
            sought(HourEntry())  # type: ignore[arg-type]

    def test_keys_are_those_of_every_form_of_the_name(self) -> None:
        assert {"n:bob whitfield", "n:robert whitfield"} <= keys_of([Sought(Entity.CUSTOMER, ("Whitfield, Bob",))])

    def test_a_job_is_looked_for_by_its_whole_name(self) -> None:
        seeker = Sought(Entity.CUSTOMER, ("Bob Whitfield – Move",), is_job=True)

        assert keys_of([seeker]) == {"n:bob move whitfield"}

    def test_no_keys_of_no_name(self) -> None:
        assert keys_of([Sought(Entity.VENDOR, ("***",))]) == set()


class TestCandidates:
    seeker = Sought(Entity.CUSTOMER, ("Harold Whitfield",))

    def test_the_same_name_in_the_right_list_is_sure(self) -> None:
        record = at_quickbooks(Entity.CUSTOMER, "harold Whitfield")

        assert candidates(self.seeker, found(record)) == [
            Candidate(
                Entity.CUSTOMER, record.qbo_id, "harold Whitfield", "The same name",
                Sure.EXACT, linkable=True, is_active=True,
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


def judged(
    ours: str, theirs: str, here: dict[str, object] | None = None, **there: object
) -> tuple[str, str, str] | None:
    """How sure, why, and what differs, of one record here and one at QuickBooks; None where it is no candidate."""
    seeker = Sought(Entity.CUSTOMER, (ours,), **(here or {}))  # type: ignore[arg-type]
    those = candidates(seeker, found(at_quickbooks(Entity.CUSTOMER, theirs, **there)))
    return (those[0].how_sure.value, those[0].why, those[0].differs) if those else None


MAIL = {"email": "whitfield@home.example"}
PHONE = {"phones": ("(608) 555-0101",)}
ADDRESS = {"addresses": ("12 N. Elm Street, Madison, WI 53703",)}
HOUSEHOLD = {**MAIL, **PHONE, **ADDRESS}
THERE = {"email": "Whitfield@Home.example", "phone": "1 608.555.0101 cell", "address": "12 Elm St, Madison, WI, 53703"}
ALL = "the same e-mail, the same phone, the same address"


@pytest.mark.parametrize(
    ("ours", "theirs", "here", "there", "expected"),
    [
        ("José Nuñez", "Nunez, Jose", MAIL, THERE,
         ("exact", "The same name, written differently, the same e-mail", "")),
        ("Bob & Ann Miller", "Ann and Bob Miller", PHONE, THERE,
         ("exact", "The same name, written differently, the same phone", "")),
        ("Robert Miller", "Miller, Bob", {}, {}, ("likely", "Bob is short for Robert", "")),
        ("Robert Miller", "Bob Miller", HOUSEHOLD, THERE, ("likely", f"Bob is short for Robert, {ALL}", "")),
        ("Bob Miller", "Rob Miller", {}, {}, ("likely", "Bob and Rob are short for the same name", "")),
        ("Catherine Miller", "Kathryn Miller", {}, {},
         ("likely", "Catherine and Kathryn are one name, spelled differently", "")),
        ("Antoinette Miller", "Miller, Toni", {}, {}, ("likely", "Toni is short for Antoinette", "")),
        ("Oscar de la Torre", "Oscar DeLaTorre", PHONE, THERE,
         ("exact", "The same name, written differently, the same phone", "")),
        ("Lucinda St. Clair", "Lucinda StClair", {}, {}, ("likely", "The same name, written differently", "")),
        ("Mary Ann Miller", "Miller, Maryann", {}, {}, ("likely", "The same name, written differently", "")),
        ("Elm Street Condo Association", "Elm Street Condo Assn.", {}, {},
         ("likely", "The same name, written differently", "")),
        ("Mount Carmel Church", "Mt. Carmel Church", PHONE, THERE,
         ("exact", "The same name, written differently, the same phone", "")),
        ("Harold Whitfield III", "Whitfield, Harold III", PHONE, THERE,
         ("exact", "The same name, written differently, the same phone", "")),
        ("Harold Whitfield Jr.", "Whitfield Jr., Harold", PHONE, THERE,
         ("exact", "The same name, written differently, the same phone", "")),
        ("Sr. Mary Bernadette Kane", "Sister Mary Bernadette Kane", PHONE, THERE,
         ("exact", "The same name, written differently, the same phone", "")),
        ("Mr. Harold Whitfield", "Mrs. Harold Whitfield", HOUSEHOLD, THERE,
         ("likely", f"The same name, written differently, {ALL}", "Mrs. there, Mr. here")),
        ("Mr. & Mrs. Harold Whitfield", "Mr. Harold Whitfield", PHONE, THERE,
         ("exact", "The same name, written differently, the same phone", "")),
        ("Harold Whitfield, MD", "Dr. Harold Whitfield", PHONE, THERE,
         ("exact", "The same name, written differently, the same phone", "")),
        ("Harold A. Whitfield", "Harold K. Whitfield", PHONE, THERE,
         ("possible", "The same first and last name, another one between, the same phone", "")),
        ("Susan Whitfield", "Hilda Whitfield", {}, {"given_name": "Susan", "family_name": "Whitfield"},
         ("likely", "The same name as “Susan Whitfield” there", "")),
        ("Harold Whitfield", "The Elms", {}, {"company_name": "Whitfield, Harold"},
         ("likely", "The same name, written differently as “Whitfield, Harold” there", "")),
        ("Olson Moving", "Olson Moving & Storage", {}, {},
         ("likely", "All of the shorter name is in the longer one", "")),
        ("H. Whitfield", "Harold Whitfield", {}, {}, ("likely", "H may stand for Harold", "")),
        ("Harold Whitfield", "Harold Whitfeild", {}, {}, ("likely", "Whitfeild may be a slip for Whitfield", "")),
        ("Harold Whitfield", "Harold J. Whitfield", {}, {},
         ("likely", "All of the shorter name is in the longer one", "")),
        ("Harold Whitfield", "Harold & Ann Whitfield", {}, {}, ("likely", "One of a couple", "")),
        ("Ann Miller", "Ann Whitfield", MAIL, THERE,
         ("likely", "The same first name, another last name: perhaps married, the same e-mail", "")),
        ("UPS Store 2231", "UPS Store 3307", PHONE, THERE,
         ("likely", "It begins alike and ends otherwise: perhaps a branch, or another last name, the same phone", "")),
        ("Ann Whitfield", "Harold Whitfield", HOUSEHOLD, THERE,
         ("possible", f"The same last name, another first name: perhaps family, {ALL}", "")),
        ("Joan Whitfield", "John Whitfield", HOUSEHOLD, THERE,
         ("possible", f"The same last name, another first name: perhaps family, {ALL}", "")),
        ("Harold Whitfield Sr.", "Harold Whitfield, Jr.", HOUSEHOLD, THERE,
         ("possible", f"The same name, written differently, {ALL}", "Jr. there, Sr. here")),
        ("Harold Whitfield", "Harold Whitfield Jr.", HOUSEHOLD, THERE,
         ("likely", f"The same name, written differently, {ALL}", "Jr. there, not here")),
        ("Harold Whitfield", "Harold Whitfield", {"phones": ("(608) 555-9999",)}, THERE,
         ("likely", "The same name", "another phone")),
        ("Badger LLC", "Badger, Inc.", PHONE, THERE,
         ("likely", "The same name, written differently, the same phone", "another company form")),
        ("Zoe Young", "Carla Diaz", ADDRESS, THERE, ("possible", "Another name, the same address", "")),
        ("Zoe Young", "Carla Diaz", {"addresses": ("12 Elm St, Verona, WI 53593",)}, THERE, None),
        ("Margaret Client 001", "Margaret Client 002", {}, {}, None),
        ("Joan Whitfield", "John Whitfield", {}, {}, None),
        ("Francis Miller", "Frances Miller", {}, {}, None),
        ("James A. Wilson", "James B. Wilson", {}, {}, None),
        ("Oakwood Home Care", "Oakwood Self Storage", {}, {}, None),
    ],
)  # fmt: skip
def test_how_sure_why_and_what_differs(
    ours: str, theirs: str, here: dict[str, object], there: dict[str, object], expected: tuple[str, str, str] | None
) -> None:
    assert judged(ours, theirs, here, **there) == expected


def test_two_of_one_residence_are_not_the_same_for_its_name() -> None:
    resident = Client(name="Ellen Marsh", first_name="Ellen", last_name="Marsh", company_name="Elm Senior Living")
    resident.current_addresses = []  # type: ignore[attr-defined]
    other = at_quickbooks(Entity.CUSTOMER, "Peter Vance", company_name="Elm Senior Living")
    house = at_quickbooks(Entity.CUSTOMER, "Elm Senior Living LLC", company_name="Elm Senior Living")

    assert [(each.qbo_id, each.why) for each in candidates(sought(resident), found(other, house))] == [
        (house.qbo_id, "The same name, written differently")
    ]


def test_another_middle_name_is_told_where_first_and_last_are_the_same() -> None:
    client = Client(name="Thomas A. Brown", first_name="Thomas", last_name="Brown")
    client.current_addresses = []  # type: ignore[attr-defined]
    record = at_quickbooks(Entity.CUSTOMER, "Thomas K. Brown", given_name="Thomas", family_name="Brown")

    assert [(each.how_sure, each.why, each.differs) for each in candidates(sought(client), found(record))] == [
        (Sure.LIKELY, "The same name as “Thomas Brown” there", "another middle name")
    ]
