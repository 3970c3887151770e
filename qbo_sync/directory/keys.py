"""Names as they are compared: what people write differently for one name comes out the same."""

import re
import unicodedata
from functools import lru_cache

DELETED = re.compile(r"\s*\(deleted(?:\s+\d+)?\)\s*$", re.IGNORECASE)  # QuickBooks' mark (qbo-api.md §2.3)
COMPANY_FORMS = frozenset(
    "co company corp corporation inc incorporated limited llc llp lp ltd pa pc pllc plc".split()  # noqa: SIM905
)
LENGTH = 500
CACHED = 2_000  # the names of some hundred records, each of which is taken apart several times
_JOINING = re.compile(r"['’`´.]")
_WORD = re.compile(r"[^\W_]+")
_STROKED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"}
)  # Unicode does not take these apart


def name_key(name: str) -> str:
    """The key of a name: two names of one key are taken for the same name.

    Not told apart are case, accents, punctuation, blanks, “Whitfield, Harold” and “Harold Whitfield”, a company form
    at the end (“LLC”, “Inc.”), “&” and “and”, and QuickBooks' mark of an inactive record, “ (deleted)”. The order of
    words is kept otherwise: Thomas James is not James Thomas.

    Returns at most 500 characters; "" for a name without letters and digits.
    """
    return " ".join(_without_form(words(name)))[:LENGTH]


def plain_name(name: str) -> str:
    """A name for letter by letter comparison: only case, blanks to spare and the mark “ (deleted)” do not count."""
    return " ".join(_unmarked(name).casefold().split())


def any_key(name: str) -> str:
    """The key of a name, or, of one without letters and digits, the plain name: "" for no name at all."""
    return name_key(name) or plain_name(name)


def _unmarked(name: str) -> str:
    whole = unicodedata.normalize("NFKC", name)
    return DELETED.sub("", whole) if ")" in whole else whole


@lru_cache(maxsize=CACHED)
def words(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared, in order; of “Family, Given” the given name comes first."""
    parts = [split(part) for part in _unmarked(name).split(",")]
    first, *rest = [part for part in parts if part] or [[]]
    if len(rest) == 1 and not _is_form(rest[0]):
        return (*rest[0], *first)  # “Family, Given”
    return (*first, *(word for part in rest for word in part))


def split(text: str) -> list[str]:
    """Words of letters and digits. Apostrophes and full stops join: O'Neil is oneil, L.L.C. is llc."""
    return _WORD.findall(_JOINING.sub("", _bare(text.replace("&", " and "))))


def _bare(text: str) -> str:
    """In lower case, without accents; most names have none."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text).casefold().translate(_STROKED)
    return "".join(char for char in letters if not unicodedata.combining(char))


def _is_form(words: list[str]) -> bool:
    return all(word in COMPANY_FORMS for word in words)


def _without_form(words: tuple[str, ...]) -> tuple[str, ...]:
    """Without company forms at the end, but never without any word."""
    end = len(words)
    while end > 1 and words[end - 1] in COMPANY_FORMS:
        end -= 1
    return words[:end]
