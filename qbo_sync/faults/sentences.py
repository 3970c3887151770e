"""From a fault to its sentence."""

import re
from collections.abc import Mapping
from dataclasses import replace

from qbo_sync.faults.rows import WORDLESS, WORDS, Mend, Row, Sentence
from qbo_sync.faults.table import TABLE

UNLISTED = Sentence("QuickBooks refused this record.", WORDS, Mend.OPEN)
# What stands in a sentence where nobody can tell which record is meant.
UNNAMED = {
    "customer": "its customer",
    "associate": "its employee or vendor",
    "people": "the customer, vendor or employee that it is for",
    "choices": "an item or account that it uses",
    "documents": "what it bills or pays",
    "named": "something that it refers to",
    "which": "",
    "field": "",
}
# How QuickBooks begins: with the name of the fault, which says nothing to a person.
BEGINNING = re.compile(r"^(?:Business Validation Error|System Failure Error|QueryValidationError|QueryParserError): ?")


def sentence_for(code: str, message: str = "", detail: str = "", names: Mapping[str, str] | None = None) -> Sentence:
    """The sentence of the first row whose code is this and whose pattern is found in the text, its gaps filled in.

    Args:
        names: what the sentence may say of the records that are meant (see `Sentence`), by the gap; what is missing
            is told without a name.
    """
    text = _in_one_line(f"{message} {detail}")
    row = row_for(code, text)
    sentence = row.sentence if row else UNLISTED
    found = re.search(row.pattern, text) if row else None
    known = {name: words for name, words in (names or {}).items() if words}
    gaps = UNNAMED | known | (found.groupdict() if found else {})
    words = its_words(message, detail)
    to_do = sentence.to_do if words else sentence.to_do.replace(WORDS, WORDLESS)
    gaps |= {"detail": words, "code": code}
    return replace(sentence, what=sentence.what.format_map(gaps), to_do=to_do.format_map(gaps))


def row_for(code: str, text: str) -> Row | None:
    """The first row that fits a fault; None for one that is not listed."""
    return next((row for row in TABLE if row.code == code and re.search(row.pattern, text)), None)


def its_words(message: str, detail: str) -> str:
    """QuickBooks' own words in one line, without the name of the fault in front."""
    words, name = _in_one_line(detail or message), _in_one_line(message)
    if name and words.startswith(f"{name} : "):
        words = words.removeprefix(f"{name} : ")
    return BEGINNING.sub("", words)


def _in_one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()  # QuickBooks breaks lines where it likes (qbo-api.md §7.3)
