"""The pairs of the frozen set that are not the same: families, namesakes, neighbours, sister companies."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from bench.match_quality import writing
from bench.match_quality.cases import LISTS, Case, Maker, Pair, whole, written
from bench.match_quality.people import TRADES, Life, People

NEAR_NAMES = (
    ("Joan", "John"), ("Eric", "Erica"), ("Paul", "Paula"), ("Carl", "Carla"), ("Daniel", "Danielle"),
    ("Marion", "Marian"), ("Jean", "Joan"), ("Christian", "Christina"), ("Dennis", "Denise"), ("Mark", "Mary"),
    ("Louis", "Louise"), ("Patrick", "Patricia"), ("Gene", "Jean"), ("Stephen", "Stephanie"), ("Don", "Donna"),
    ("Ellen", "Helen"), ("Karen", "Karin"), ("Ron", "Rob"), ("Michael", "Michelle"), ("Andrew", "Andrea"),
)  # fmt: skip


def family(people: People) -> Pair:
    """Two of one household: one address, one phone, often one e-mail address."""
    one, other = people.person(), people.person()
    while other.given == one.given:
        other = people.person()
    shared = replace(one, given=other.given, email=one.email if people.random.random() < 0.4 else other.email)
    return whole(one, people.random), written(shared, people.random, least=2)


def near_family(people: People) -> Pair:
    """Two of one household whose given names are a letter apart."""
    first, second = people.random.choice(NEAR_NAMES)
    one = people.person((first,))
    return whole(one, people.random), whole(replace(one, given=second), people.random)


def generations(people: People) -> Pair:
    """Father and son of one name, at one address and phone."""
    one = people.person()
    older, younger = people.random.choice(
        ((" Sr.", " Jr."), (", Sr", " Jr"), (" II", " III"), ("", " Jr."), (" Senior", ", Jr."))
    )
    return whole(one, people.random, one.name + older), whole(one, people.random, one.name + younger)


def namesakes(people: People) -> Pair:
    """Two strangers of one name: nothing else agrees."""
    one = people.person()
    return whole(one, people.random), whole(people.with_contacts(one), people.random)


def namesakes_by_short_form(people: People) -> Pair:
    """Two strangers, one called by the short form of the other's name."""
    one = people.person(tuple(writing.SHORT_FORMS))
    other = people.with_contacts(replace(one, given=people.random.choice(writing.SHORT_FORMS[one.given])))
    return whole(one, people.random), whole(other, people.random)


def neighbours(people: People) -> Pair:
    """Two strangers of one senior residence: its address, and at times its telephone."""
    one, other = people.person(), people.person()
    there = replace(other, address=one.address, phone=one.phone if people.random.random() < 0.5 else other.phone)
    return whole(one, people.random), whole(there, people.random)


def colleagues(people: People) -> Pair:
    """Two people who are reached by their company's e-mail address and phone."""
    one, other = people.person(), people.person()
    mailbox = f"office@{one.family.casefold().replace(' ', '')}moves.example"
    pair = (replace(one, email=mailbox), replace(other, email=mailbox, phone=one.phone))
    return whole(pair[0], people.random), whole(pair[1], people.random)


def near_strangers(people: People) -> Pair:
    """Two strangers whose names are a letter or two apart."""
    first, second = people.random.choice(NEAR_NAMES)
    one = people.person((first,))
    other = people.with_contacts(replace(one, given=second))
    return whole(one, people.random), whole(other, people.random)


def sister_companies(people: People) -> Pair:
    """Two companies whose names begin alike."""
    one = people.company()
    stem = next(one.family.removesuffix(trade) for trade in TRADES if one.family.endswith(trade))
    other = people.company(stem)
    return written(one, people.random), written(other, people.random)


def branches(people: People) -> Pair:
    """Two branches of one company, in two towns or with two numbers."""
    one = people.company()
    first, second = people.random.choice(
        (("of Madison", "of Verona"), ("East", "West"), ("#2", "#3"), ("No. 14", "No. 41"))
    )
    other = people.with_contacts(one)
    mail = replace(other, email=one.email) if people.random.random() < 0.5 else other
    return whole(one, people.random, f"{one.family} {first}"), whole(mail, people.random, f"{one.family} {second}")


def owner(people: People) -> Pair:
    """A person, and the company that the person has under one telephone."""
    one = people.person()
    name = f"{one.family} {people.random.choice(TRADES)}"
    return whole(one, people.random), whole(Life("", name, one.email, one.phone, one.address), people.random)


def strangers(people: People) -> Pair:
    """Two of whom nothing agrees."""
    return written(people.person(), people.random), written(people.person(), people.random)


DIFFERENT: tuple[tuple[str, int, Maker], ...] = (
    ("family", 150, family),
    ("family, names near", 70, near_family),
    ("generations", 50, generations),
    ("namesakes", 70, namesakes),
    ("namesakes by short form", 30, namesakes_by_short_form),
    ("neighbours", 40, neighbours),
    ("colleagues", 40, colleagues),
    ("near strangers", 60, near_strangers),
    ("sister companies", 70, sister_companies),
    ("branches", 40, branches),
    ("owner and company", 40, owner),
    ("strangers", 40, strangers),
)
COMPANIES = ("sister companies", "branches")


def different(people: People) -> Iterator[Case]:
    """700 pairs that are not the same."""
    for of, number, make in DIFFERENT:
        for _ in range(number):
            ours, theirs = make(people)
            kind = "organization" if of in COMPANIES else _kind(people.random)
            yield Case(of, False, kind, LISTS[kind], ours, theirs)


def _kind(random: Random) -> str:
    return random.choice(("client",) * 4 + ("associate",))
