"""A company with years of books: who is at QuickBooks, and who of them is here under a slightly different name.

Lifelike, and the same for the same seed: the lives are those of `bench.match_quality`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Protocol

import requests

from bench.match_quality import cases, writing
from bench.match_quality.people import Life, People

SEED = 20261126
BATCH = 30
# How somebody's name is written at QuickBooks where it is not written as here.
OTHERWISE: dict[str, tuple[Callable[[Life, Random], str], ...]] = {
    "client": (cases.itself, cases.turned, cases.with_middle, cases.with_title, cases.with_slip),
    "organization": (cases.itself, cases.other_form, cases.other_company_writing, cases.with_slip),
}


@dataclass(frozen=True)
class Known:
    """Somebody at QuickBooks.

    Args:
        entity, body: as they are created there.
        here: what is known of them here; None where nobody knows them here.
    """

    entity: str
    body: dict[str, Any]
    here: dict[str, str] | None


def known(*, customers: int, vendors: int, employees: int, seed: int = SEED) -> list[Known]:
    """Everybody at QuickBooks; each third of a list is here too."""
    people = People(seed)
    return [
        *(
            _written("Customer", "client", people.person(), people.random, is_here=at % 3 == 0)
            for at in range(customers)
        ),
        *(
            _written("Vendor", "organization", people.company(), people.random, is_here=at % 3 == 0)
            for at in range(vendors)
        ),
        *(_employee(people, is_here=at % 3 == 0) for at in range(employees)),
    ]


def _written(entity: str, kind: str, life: Life, random: Random, *, is_here: bool) -> Known:
    name = random.choice(OTHERWISE[kind])(life, random).strip() if is_here else life.name
    street, city, state, postal_code = life.address.split(", ")
    body: dict[str, Any] = {
        "DisplayName": name,
        "PrimaryEmailAddr": {"Address": life.email},
        "PrimaryPhone": {"FreeFormNumber": writing.phone(life.phone, random)},
        "BillAddr": {"Line1": street, "City": city, "CountrySubDivisionCode": state, "PostalCode": postal_code},
    }
    if kind == "organization":
        body["CompanyName"] = name
    return Known(entity, body, {"kind": kind, **_contacts(life, random)} if is_here else None)


def _employee(people: People, *, is_here: bool) -> Known:
    """QuickBooks calls by the short form whom the office calls by the whole name."""
    life = people.person(tuple(writing.SHORT_FORMS))
    there = replace(life, given=people.random.choice(writing.SHORT_FORMS[life.given])) if is_here else life
    body = {
        "GivenName": there.given,
        "FamilyName": there.family,
        "PrimaryPhone": {"FreeFormNumber": writing.phone(life.phone, people.random)},
    }
    return Known("Employee", body, {"kind": "associate", **_contacts(life, people.random)} if is_here else None)


def _contacts(life: Life, random: Random) -> dict[str, str]:
    phone = writing.phone(life.phone, random)[:20]
    return {"given": life.given, "family": life.family, "name": life.name, "email": life.email, "phone": phone}


class Reached(Protocol):
    """A company at QuickBooks, reached over its API at `url` with these headers."""

    @property
    def url(self) -> str: ...

    @property
    def headers(self) -> dict[str, str]: ...


def create(everybody: list[Known], books: Reached) -> dict[tuple[str, str], Known]:
    """Make them all at QuickBooks; answers who is whom, by entity and QBO ID."""
    found: dict[tuple[str, str], Known] = {}
    for start in range(0, len(everybody), BATCH):
        batch = everybody[start : start + BATCH]
        for known_one, row in zip(batch, _answers(batch, books), strict=True):
            found[known_one.entity, row["Id"]] = known_one
    return found


def _answers(batch: list[Known], books: Reached) -> Iterator[dict[str, Any]]:
    items = [{"bId": str(at), "operation": "create", each.entity: each.body} for at, each in enumerate(batch)]
    answer = requests.post(f"{books.url}/batch", json={"BatchItemRequest": items}, headers=books.headers, timeout=60)
    answer.raise_for_status()
    by_id = {int(item["bId"]): item for item in answer.json()["BatchItemResponse"]}
    for at, each in enumerate(batch):
        yield by_id[at][each.entity]
