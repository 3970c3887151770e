"""Two names beside each other: what they have to do with each other, and how near they are."""

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from qbo_sync.directory.blocks import TITLES, WRITTEN_OUT
from qbo_sync.directory.keys import COMPANY_FORMS, plain_name, words
from qbo_sync.matching.nicknames import is_given_name, is_short_for, other_forms, spellings

SEXES = {"mr": "Mr.", "mrs": "Mrs.", "ms": "Mrs.", "miss": "Mrs."}
GENERATIONS = {"jr": "Jr.", "sr": "Sr.", "junior": "Jr.", "senior": "Sr.", "ii": "II", "iii": "III", "iv": "IV"}
OTHER_MIDDLE = "The same first and last name, another one between"
OTHER_END = "It begins alike and ends otherwise: perhaps a branch, or another last name"
CACHED = 4_000  # what is compared again is so at once, or is a common name; what is kept is weighed with an import
LEAST_TO_SLIP = 3  # letters of a word in which one slip is forgiven
LEAST_TO_SLIP_TWICE = 8


class Relation(IntEnum):
    """What two names have to do with each other, the nearest first."""

    EQUAL = 0
    OTHER_ORDER = 1
    SHORT_FORM = 2
    SLIP = 3
    PART = 4
    OTHER_LAST = 5
    OTHER_FIRST = 6
    NONE = 7

    @property
    def is_close(self) -> bool:
        return self <= Relation.PART


SCORES = dict(zip(Relation, (100, 92, 90, 85, 78, 45, 35, 0), strict=True))


@dataclass(frozen=True)
class Name:
    """A name taken apart.  forms: its company forms; generation: Jr., Sr. and the like; sexes: its Mr. and Mrs."""

    plain: str
    words: tuple[str, ...]
    forms: frozenset[str]
    generation: str
    is_couple: bool
    sexes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Compared:
    """How two names compare.  score: 0 to 110, more where more of their letters agree; why: in words."""

    relation: Relation
    score: float
    why: str


@lru_cache(maxsize=CACHED)
def taken_apart(name: str) -> Name:
    """The parts of a name that count when it is compared."""
    found = words(name)
    told = [word for at, word in enumerate(found) if word not in TITLES and not _is_sister(at, found)]
    generation = next((GENERATIONS[word] for word in _last_ones(told, name) if word in GENERATIONS), "")
    if generation:
        told = [word for word in told if GENERATIONS.get(word) != generation]
    kept = tuple(WRITTEN_OUT.get(word, word) for word in told if word not in COMPANY_FORMS) or found
    sexes = frozenset(SEXES[word] for word in found if word in SEXES)
    return Name(plain_name(name), kept, frozenset(told) & COMPANY_FORMS, generation, "and" in found[1:-1], sexes)


def _is_sister(at: int, found: tuple[str, ...]) -> bool:
    """Sr. in front of a name of several words is a nun, not a father."""
    return at == 0 and found[0] == "sr" and len(found) > 2


def _last_ones(told: list[str], name: str) -> list[str]:
    """Where Jr. and Sr. stand: at the end, of one of the two parts where a comma turned the name round."""
    if len(told) <= 2:
        return []
    return [told[-1], *(last[-1] for part in name.split(",") if (last := words(part)))] if "," in name else [told[-1]]


@lru_cache(maxsize=CACHED)
def compare(ours: str, theirs: str) -> Compared:
    """Two names beside each other."""
    one, other = taken_apart(ours), taken_apart(theirs)
    relation, why = _relation(one, other)
    nearness = fuzz.token_sort_ratio(" ".join(one.words), " ".join(other.words))
    return Compared(relation, SCORES[relation] + nearness / 10, why)


def _relation(one: Name, other: Name) -> tuple[Relation, str]:
    if "".join(one.words) == "".join(other.words) or _is_one_couple(one, other):
        return Relation.EQUAL, "The same name" if one.plain == other.plain else "The same name, written differently"
    left, right = _without_equal(one.words, other.words)
    if not left and not right:
        return Relation.OTHER_ORDER, "The same words in another order"
    pairs = _paired(left, right)
    for mine, yours, _, _ in pairs:
        left.remove(mine)
        right.remove(yours)
    if left and right:
        return _apart(one, other, {(mine, yours) for mine, yours, _, _ in pairs})
    if left or right:
        shared = min(len(one.words), len(other.words))
        return _part(one, other) if shared > 1 else (Relation.NONE, "A part of the name is the same")
    return max((relation, why) for _, _, relation, why in pairs)


def _is_one_couple(one: Name, other: Name) -> bool:
    return one.is_couple and other.is_couple and sorted(one.words) == sorted(other.words)


def _without_equal(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[list[str], list[str]]:
    left, right = list(one), list(other)
    for word in one:
        if word in right:
            left.remove(word)
            right.remove(word)
    return left, right


def _paired(left: list[str], right: list[str]) -> list[tuple[str, str, Relation, str]]:
    """The words left over that stand for each other, each once."""
    pairs, free = [], list(right)
    for mine in left:
        found = min(
            ((*said, yours) for yours in free if (said := _same_word(mine, yours))),
            default=None,
        )
        if found:
            relation, why, yours = found
            free.remove(yours)
            pairs.append((mine, yours, relation, why))
    return pairs


@lru_cache(maxsize=CACHED)
def _same_word(mine: str, yours: str) -> tuple[Relation, str] | None:
    """How one word stands for the other; None where it does not. Numbers are never a slip of each other."""
    if not (mine.isalpha() and yours.isalpha()):
        return None
    shorter, longer = sorted((mine, yours), key=len)
    if len(shorter) == 1:
        said = f"{shorter.upper()} may stand for {longer.capitalize()}"
        return (Relation.SHORT_FORM, said) if longer.startswith(shorter) else None
    if mine in other_forms(yours):
        return Relation.SHORT_FORM, _short_form(mine, yours)
    if is_given_name(mine) and is_given_name(yours):
        return None  # Joan is no slip of John
    if len(shorter) > 2 and longer.startswith(shorter) and len(longer) - len(shorter) > 1:
        return Relation.SHORT_FORM, f"{shorter.capitalize()} may be short for {longer.capitalize()}"
    forgiven = 2 if len(shorter) >= LEAST_TO_SLIP_TWICE else 1
    if len(shorter) >= LEAST_TO_SLIP and OSA.distance(mine, yours, score_cutoff=forgiven) <= forgiven:
        return Relation.SLIP, f"{yours.capitalize()} may be a slip for {mine.capitalize()}"
    return None


def _short_form(mine: str, yours: str) -> str:
    if mine in spellings(yours):
        return f"{mine.capitalize()} and {yours.capitalize()} are one name, spelled differently"
    short, name = sorted((mine, yours), key=len)
    if is_short_for(short, name) and len(short) < len(name):
        return f"{short.capitalize()} is short for {name.capitalize()}"
    return f"{mine.capitalize()} and {yours.capitalize()} are short for the same name"


def _part(one: Name, other: Name) -> tuple[Relation, str]:
    if one.is_couple != other.is_couple and is_given_name(one.words[0]) and is_given_name(other.words[0]):
        return Relation.PART, "One of a couple"
    return Relation.PART, "All of the shorter name is in the longer one"


def _apart(one: Name, other: Name, paired: set[tuple[str, str]]) -> tuple[Relation, str]:
    """Names of which each has a word of its own."""
    first, last = (one.words[0], other.words[0]), (one.words[-1], other.words[-1])
    if last[0] == last[1] and first[0] == first[1]:
        return Relation.OTHER_FIRST, OTHER_MIDDLE
    if last[0] == last[1] or last in paired:
        return Relation.OTHER_FIRST, "The same last name, another first name: perhaps family"
    if first[0] == first[1] or first in paired:
        married = is_given_name(first[0]) or is_given_name(first[1])
        why = "The same first name, another last name: perhaps married" if married else OTHER_END
        return Relation.OTHER_LAST, why
    return Relation.NONE, "Another name"
