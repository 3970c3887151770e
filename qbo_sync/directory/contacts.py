"""E-mail addresses, phone numbers and postal addresses as they are compared."""

import re
from functools import lru_cache

from qbo_sync.directory.keys import split

NUMBER = 10  # digits of a phone number of North America, without its country
LEAST_DIGITS = 7
CACHED = 4_000  # each is compared several times, one after the other
DIRECTIONS = frozenset("n s e w ne nw se sw north south east west".split())  # noqa: SIM905
ZIP = re.compile(r"\b(\d{5})(?:-\d{4})?\s*$")


@lru_cache(maxsize=CACHED)
def emails(text: str) -> frozenset[str]:
    """The addresses in a field of QuickBooks, which may hold several; what follows a “+” is no part of the mailbox."""
    return frozenset(re.sub(r"\+[^@]*@", "@", each) for each in re.split(r"[\s,;]+", text.casefold()) if "@" in each)


@lru_cache(maxsize=CACHED)
def phone(text: str) -> str:
    """The digits of a number without country and extension, "" for what is too short to be one."""
    digits = re.sub(r"\D", "", text)
    if len(digits) > NUMBER and digits.startswith("1"):
        digits = digits[1:]
    return digits[:NUMBER] if len(digits) >= LEAST_DIGITS else ""


@lru_cache(maxsize=CACHED)
def place(text: str) -> str:
    """House number and street of a postal address, "" where it has none: “12 N. Elm Street, Madison” is 12|elm."""
    words = split(text.split("\n")[0])
    if not words or not words[0][0].isdigit():
        return ""
    street = next((word for word in words[1:] if word not in DIRECTIONS), "")
    return f"{words[0]}|{street}" if street else ""


def zip_code(text: str) -> str:
    """The five digits at the end of an address, "" where there are none."""
    found = ZIP.search(text)
    return found[1] if found else ""
