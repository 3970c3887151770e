"""Lifelike people, couples and companies with e-mail, phone and address, none of them twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TypeVar

from faker import Faker

T = TypeVar("T")
ACCENTED = (
    ("José", "Núñez"), ("Zoë", "Brontë"), ("Jürgen", "Müller"), ("André", "Lefèvre"), ("Łucja", "Wójcik"),
    ("Søren", "Ødegård"), ("María", "Gutiérrez"), ("Renée", "Côté"), ("Björn", "Ångström"), ("Inês", "Gonçalves"),
    ("Jiří", "Dvořák"), ("Chloé", "Béranger"), ("Raúl", "Ibáñez"), ("Hélène", "Saint-Rémy"), ("Ömer", "Yıldız"),
    ("Siobhán", "Ó Briain"), ("Günther", "Weiß"), ("Noël", "D'Éon"), ("Agnès", "Forêt"), ("Matěj", "Kučera"),
)  # fmt: skip
STEMS = (
    "Oakwood", "Badger", "Capitol", "Four Lakes", "Prairie", "Blue Heron", "Maple Grove", "Sunset", "Heritage",
    "Northside", "Golden Years", "Yahara", "Mendota", "Redwing", "Stonebridge", "Lakeview", "Monona", "Evergreen",
    "Cedar Hill", "Silver Birch", "Riverbend", "St. Clare", "Good Shepherd", "Ridgeway", "Isthmus",
)  # fmt: skip
TRADES = (
    "Moving & Storage", "Auction House", "Estate Sales", "Junk Removal", "Senior Living", "Self Storage",
    "Cleaning Services", "Realty Group", "Home Care", "Packing Supplies", "Truck Rental", "Consignment Gallery",
    "Shredding Service", "Law Offices", "Elder Care Associates", "Handyman Services", "Appraisal Company",
    "Floor Covering", "Dumpster Service", "Design Studio",
)  # fmt: skip
FORMS = ("LLC", "Inc.", "Corp.", "Ltd.", "Co.")


@dataclass(frozen=True)
class Life:
    """Whoever a record stands for. A company has its whole name in `family` and no given name."""

    given: str
    family: str
    email: str = ""
    phone: str = ""
    address: str = ""

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}".strip()


class People:
    """Makes lives, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._faker = Faker("en_US")
        self._faker.seed_instance(seed)
        self._used: set[str] = set()

    def person(self, given: Sequence[str] = ()) -> Life:
        """A person whose name no other life bears.  given: the given names to choose from, else any."""
        for _ in range(10_000):
            first = self.random.choice(given) if given else self._faker.first_name()
            life = Life(first, self._faker.last_name())
            if self._is_new(life):
                return self.with_contacts(life)
        raise RuntimeError("No free name is left.")

    def accented(self) -> Life:
        """A person whose name has letters that many people cannot type."""
        return self._other_life([(given, family) for given, _ in ACCENTED for _, family in ACCENTED])

    def company(self, stem: str = "") -> Life:
        """A company without its legal form.  stem: what its name begins with, else any that leaves names free."""
        stems = [stem.strip()] if stem else [each for each in STEMS if self._names_left(each) > 1]
        return self._other_life([("", f"{each} {trade}") for each in stems for trade in TRADES])

    def _names_left(self, stem: str) -> int:
        return sum(f"{stem} {trade}".casefold() not in self._used for trade in TRADES)

    def with_contacts(self, life: Life) -> Life:
        """With an e-mail address, a phone number and an address of its own."""
        digits = self.random.sample(range(10), 2)
        box = "".join(char for char in life.name.casefold() if char.isascii() and char.isalpha())[:14]
        return replace(
            life,
            email=f"{box}{self.random.randint(2, 999)}@{self._faker.free_email_domain()}",
            phone=f"608{self.random.randint(200, 899)}{digits[0]}{self.random.randint(0, 99):02}{digits[1]}",
            address=f"{self._faker.street_address()}, {self._faker.city()}, WI, {self._faker.postcode()}",
        )

    def _other_life(self, names: list[tuple[str, str]]) -> Life:
        while True:
            life = Life(*self.random.choice(names))
            if self._is_new(life):
                return self.with_contacts(life)

    def _is_new(self, life: Life) -> bool:
        key = life.name.casefold()
        if key in self._used:
            return False
        self._used.add(key)
        return True
