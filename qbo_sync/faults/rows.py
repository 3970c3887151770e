"""What a row of the table of faults is made of."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db import models

WORDS = "Its words: “{detail}”"
WORDLESS = "QuickBooks gave no words, only the number {code}."  # instead, where it said nothing


class Mend(models.TextChoices):
    """The button that mends a fault."""

    NONE = "", ""
    MATCH = "match", "Choose the matching record"
    MAPPINGS = "mappings", "Open the QuickBooks settings"
    CONNECT = "connect", "Connect again"
    OPEN = "open", "Open the record"
    NUMBER = "number", "Give another number"
    WAIT = "wait", "Try again later"


@dataclass(frozen=True)
class Sentence:
    """What a fault means to a person.

    Both parts may hold gaps: {detail}, QuickBooks' own words; what the fault means or the refused record refers to, as
    {customer}, {associate}, {people}, {choices}, {documents} or, all of them, {named}; {which} and {field}, put behind
    a word where they are known; and whatever the row's pattern names.

    Args:
        again: the same may succeed later without anybody changing anything.
        stops: it is no matter of this record: nothing else can be copied either until somebody mends it.
    """

    what: str
    to_do: str
    mend: Mend = Mend.NONE
    again: bool = False
    stops: bool = False

    def __str__(self) -> str:
        return f"{self.what} {self.to_do}".strip()


class Row(NamedTuple):
    """A fault by its code and by a pattern that is found in its text; an empty one is found in any."""

    code: str
    pattern: str
    sentence: Sentence
