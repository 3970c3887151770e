"""The pairs of the frozen set: one life written down twice, or two lives that look alike."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from bench.match_quality import writing
from bench.match_quality.people import FORMS, Life, People


@dataclass(frozen=True)
class Written:
    """What a record says of a life."""

    name: str
    email: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True)
class Case:
    """A record here and one at QuickBooks.

    Args:
        of: what is hard about it.
        same: the expected answer: whether both stand for the same person, household or company.
        kind: what the record is here: client, organization or associate.
        entity: the list that the other is in at QuickBooks.
    """

    of: str
    same: bool
    kind: str
    entity: str
    ours: Written
    theirs: Written
    active: bool = True


Pair = tuple[Written, Written]
Maker = Callable[[People], Pair]
LISTS = {"client": "Customer", "organization": "Vendor", "associate": "Employee"}


def written(life: Life, random: Random, name: str = "", *, least: int = 0) -> Written:
    """A record of this life, under this name or its own, with some of what is known of it."""
    kept = writing.some_contacts(life, random, least=least)
    email = kept.email.upper() if random.random() < 0.05 else kept.email
    return Written(name or life.name, email, writing.phone(kept.phone, random), writing.address(kept.address, random))


def whole(life: Life, random: Random, name: str = "") -> Written:
    """A record with all that is known of it."""
    return written(life, random, name, least=3)


def of_one(change: Callable[[Life, Random], str], *, make: Callable[[People], Life] = People.person) -> Maker:
    """One life, written down under its own name and under another; which of them is here is chance."""

    def pair(people: People) -> Pair:
        life = make(people)
        one, other = written(life, people.random), written(life, people.random, change(life, people.random))
        return (one, other) if people.random.random() < 0.5 else (other, one)

    return pair


def plain(text: str) -> str:
    """Without accents, as somebody types who has no key for them."""
    return text.translate(str.maketrans("éèëêéüöåøñóúíáçôğıßŁÅØÖÓęłćřáčÁÉ", "eeeeeuoaonouiacogisLAOOOelcracAE"))


def other_writing(life: Life, random: Random) -> str:
    """Other case, blanks or punctuation."""
    forms = (life.name.upper(), life.name.lower(), f"{life.given}  {life.family} ", f"{life.given} {life.family}.")
    return random.choice(forms)


def with_middle(life: Life, random: Random) -> str:
    initial = random.choice("ABCDEFGHJKLMPRSTW")
    return random.choice((f"{life.given} {initial} {life.family}", f"{life.family}, {life.given} {initial}."))


def with_title(life: Life, random: Random) -> str:
    return f"{random.choice(('Mrs.', 'Mr.', 'Dr.', 'Ms.', 'Rev.'))} {life.name}"


def other_form(life: Life, random: Random) -> str:
    comma = "," if random.random() < 0.5 else ""
    return f"{life.family}{comma} {random.choice(FORMS)}"


def other_company_writing(life: Life, random: Random) -> str:
    text = life.family.replace("&", random.choice(("and", "&", "+")))
    for long, short in (
        ("Company", "Co"),
        ("Associates", "Assoc."),
        ("Services", "Svcs"),
        ("Service", "Svc"),
        ("St.", "Saint"),
    ):
        text = text.replace(long, short)
    return random.choice((f"The {text}", text.upper(), f"{text} of Madison", f"{text} LLC"))


def nicknamed(people: People) -> Pair:
    life = people.person(tuple(writing.SHORT_FORMS))
    short = people.random.choice(writing.SHORT_FORMS[life.given])
    name = f"{short} {life.family}" if people.random.random() < 0.7 else f"{life.family}, {short}"
    one, other = written(life, people.random), written(life, people.random, name)
    return (one, other) if people.random.random() < 0.5 else (other, one)


def married(people: People) -> Pair:
    """Another family name, alone or beside the old one; what else is known says that it is she."""
    life, other = people.person(), people.person()
    new = other.family
    forms = (f"{life.given} {new}", f"{life.given} {life.family}-{new}", f"{life.given} {life.family} {new}")
    name = people.random.choice((*forms, f"{life.given} ({life.family}) {new}"))
    kept = writing.some_contacts(life, people.random, least=2)
    return whole(life, people.random), whole(kept, people.random, name)


def couple(people: People) -> Pair:
    """One of a couple here and both there, or both written otherwise."""
    life, spouse = people.person(), people.person()
    both = f"{life.given} & {spouse.given} {life.family}"
    forms = (both, f"{life.family}, {life.given} & {spouse.given}", f"{spouse.given} and {life.given} {life.family}")
    one = people.random.choice((life.name, both))
    other = people.random.choice(forms if one == life.name else forms[1:])
    return written(life, people.random, one, least=1), written(life, people.random, other, least=1)


def moved(people: People) -> Pair:
    """The same name and one thing that stayed, after a move to another address or number."""
    life = people.person()
    since = people.with_contacts(life)
    stayed = people.random.choice(("email", "phone"))
    return whole(life, people.random), whole(replace(since, **{stayed: getattr(life, stayed)}), people.random)


def twice_wrong(life: Life, random: Random) -> str:
    return f"{writing.slip(life.given, random)} {writing.slip(life.family, random)}"


def with_slip(life: Life, random: Random) -> str:
    return writing.slip_in(life.name, random)


def turned(life: Life, random: Random) -> str:
    return f"{life.family}, {life.given}"


def unaccented(life: Life, random: Random) -> str:
    return plain(life.name)


def itself(life: Life, random: Random) -> str:
    return life.name


SAME: tuple[tuple[str, int, Maker], ...] = (
    ("same name", 130, of_one(itself)),
    ("family name first", 100, of_one(turned)),
    ("case and blanks", 80, of_one(other_writing)),
    ("accents", 80, of_one(unaccented, make=People.accented)),
    ("one slip", 190, of_one(with_slip)),
    ("two slips", 40, of_one(twice_wrong)),
    ("nickname", 170, nicknamed),
    ("middle initial", 70, of_one(with_middle)),
    ("title", 40, of_one(with_title)),
    ("married name", 80, married),
    ("couple", 90, couple),
    ("moved", 40, moved),
    ("company form", 80, of_one(other_form, make=People.company)),
    ("company written otherwise", 60, of_one(other_company_writing, make=People.company)),
    ("company with a slip", 50, of_one(with_slip, make=People.company)),
)


def same(people: People) -> Iterator[Case]:
    """1,300 pairs; some are in another list there, and some inactive."""
    for of, number, make in SAME:
        for _ in range(number):
            ours, theirs = make(people)
            is_company = of.startswith("company")
            kind = "organization" if is_company else people.random.choice(("client",) * 4 + ("associate",))
            elsewhere = people.random.random() < 0.04
            entity = people.random.choice(tuple(LISTS.values())) if elsewhere else LISTS[kind]
            inactive = people.random.random() < 0.06
            if inactive and people.random.random() < 0.7:
                theirs = replace(theirs, name=f"{theirs.name.strip()} (deleted)")
            yield Case(of, True, kind, entity, ours, theirs, not inactive)
