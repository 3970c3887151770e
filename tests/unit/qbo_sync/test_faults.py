"""QuickBooks' faults in plain words: every row of the table is reached, and says what happened and what to do."""

import re

import pytest

from qbo_sync.faults import LINKED_OTHERWISE, NO_FILE, TABLE, UNLISTED, Mend, Row, Sentence, sentence_for
from qbo_sync.faults.sentences import UNNAMED, row_for
from tests.unit.qbo_sync.push.fault_cases import BY_CASE, LOST, READS, STOPS, WHOLE

MET = [(case.code, f"{case.message} {case.detail}") for cases in BY_CASE for case in cases]
MET += [(code, "") for code in (*STOPS, *READS, *WHOLE, *LOST, LINKED_OTHERWISE, NO_FILE)]


def test_every_row_is_reached_by_words_of_quickbooks() -> None:
    assert {row_for(code, re.sub(r"\s+", " ", text)) for code, text in MET} - {None} == set(TABLE)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.code} {row.pattern}")
def test_each_row_says_what_happened_and_what_to_do_in_plain_words(row: Row) -> None:
    for part in (row.sentence.what, row.sentence.to_do):
        assert re.fullmatch(r"[A-Z].*[.”]", part), part
    plain = str(row.sentence).replace("QBO ID", "")
    assert not re.search(r"\b(JSON|HTTP|API|null|property|parameter|invalid|error code|entity|Ref|ID)\b", plain)
    assert row.sentence.mend or "SMMware" in plain or "QuickBooks" in plain or "there" in plain


def test_what_cannot_be_named_is_told_without_a_name() -> None:
    for row in TABLE:
        names = re.compile(row.pattern).groupindex
        gaps = set(re.findall(r"{(\w+)}", str(row.sentence)))
        assert gaps <= {*UNNAMED, *names, "detail"}
    assert (
        sentence_for("6250").what == "The customer of this document is missing or inactive at QuickBooks: its customer."
    )


def test_what_stops_everything() -> None:
    assert {row.code for row in TABLE if row.sentence.stops} == set(STOPS)


def test_what_may_pass_by_itself() -> None:
    assert [(row.code, row.pattern) for row in TABLE if row.sentence.again] == [
        ("3001", ""),
        ("10000", ""),
        ("5010", ""),
        ("6000", "one name at a time"),
    ]


def test_a_fault_that_is_not_listed_is_told_in_quickbooks_words() -> None:
    assert sentence_for("2300", "Debits must equal credits", "Total  debits\nand credits differ") == Sentence(
        UNLISTED.what, "Its words: “Total debits and credits differ”", Mend.OPEN
    )
    assert sentence_for("2300", "Debits must equal credits").to_do == "Its words: “Debits must equal credits”"
    assert sentence_for("2300").to_do == "QuickBooks gave no words, only the number 2300."


@pytest.mark.parametrize(
    ("message", "detail", "words"),
    [
        ("Invalid Enumeration", "Invalid Enumeration : HAS_BEEN_BILLED", "HAS_BEEN_BILLED"),
        ("A business validation error", "Business Validation Error: Not on Mondays", "Not on Mondays"),
        ("Invalid", "Invalidity", "Invalidity"),
        ("", "{0} and {detail} are no gaps of ours", "{0} and {detail} are no gaps of ours"),
    ],
)
def test_words_of_quickbooks_are_quoted_without_the_name_of_the_fault(message: str, detail: str, words: str) -> None:
    assert sentence_for("6000", message, detail).to_do == f"Its words: “{words}”"
