"""QuickBooks' faults in plain words: every row of the table is reached, and says what happened and what to do."""

import re

import pytest

from qbo_sync.faults import LINKED_OTHERWISE, TABLE, UNLISTED, Mend, Row, Sentence, sentence_for

INACTIVE = (
    "Object Not Found : Something you're trying to use has been made inactive. Check the fields with accounts, "
    "customers, items, vendors or employees."
)
EXISTS = "The name supplied already exists. : "
CLOSED = "The account period has closed and the account books cannot be updated through the QBO Services API."

# Code and detail as QuickBooks words them (qbo-api.md §7.2, §7.3) → how the sentence begins, its button, whether again.
WORDED: list[tuple[str, str, str, Mend, bool]] = [
    (
        "6240",
        f"{EXISTS}Another customer, vendor or employee is already using this \nname. Please use a different name.",
        "Another customer, vendor or employee at QuickBooks bears this name already.",
        Mend.MATCH,
        False,
    ),
    (
        "6240",
        f"{EXISTS}Another customer, vendor or\nemployee is already using this name.",
        "Another customer, vendor or employee at QuickBooks bears this name already.",
        Mend.MATCH,
        False,
    ),
    ("6240", f"{EXISTS}Id=1248", "QuickBooks already has a record of this name.", Mend.MATCH, False),
    ("6240", "Ce nom existe déjà. : Id=425", "QuickBooks already has a record of this name.", Mend.MATCH, False),
    (
        "6140",
        "Duplicate Document Number Error : You must specify a different number.",
        "QuickBooks already has a document of this number.",
        Mend.OPEN,
        False,
    ),
    (
        "610",
        "Object Not Found : Another user has deleted this transaction.",
        "The record was deleted at QuickBooks.",
        Mend.OPEN,
        False,
    ),
    ("610", INACTIVE, "Something this record refers to was made inactive at QuickBooks", Mend.MAPPINGS, False),
    (
        "2500",
        "Invalid Reference Id : Names element id 970 not found",
        "The customer, vendor or employee it refers to is not known at QuickBooks any more.",
        Mend.OPEN,
        False,
    ),
    (
        "2500",
        "Invalid Reference Id : Accounts element id 5 is invalid",
        "An account, item or name it refers to is not known at QuickBooks any more.",
        Mend.MAPPINGS,
        False,
    ),
    ("5010", "Stale Object Error : You and root", "Somebody changed this record at QuickBooks", Mend.WAIT, True),
    (
        "6000",
        "Business Validation Error: You can only add or edit one name at a time. Please try again.",
        "Somebody is editing names at QuickBooks right now.",
        Mend.WAIT,
        True,
    ),
    (
        "6000",
        "Business Validation Error: Make sure all your transactions have a VAT rate before you save.",
        "QuickBooks wants a tax rate on each line of this company.",
        Mend.OPEN,
        False,
    ),
    (
        "6000",
        "Business Validation Error: You must set a transaction amount.",
        "QuickBooks' own rules do not allow this record.",
        Mend.OPEN,
        False,
    ),
    (
        "6070",
        "Amount is not equal to UnitPrice * Qty. Supplied value:1,000",
        "An amount is not the quantity",
        Mend.OPEN,
        False,
    ),
    ("6080", "", "The record has no name that QuickBooks accepts.", Mend.OPEN, False),
    ("6100", "", "QuickBooks does not accept the tax code of a line.", Mend.OPEN, False),
    ("6190", "Subscription period has ended", "The QuickBooks subscription has ended", Mend.WAIT, False),
    ("6200", CLOSED, "The books at QuickBooks are closed for this date.", Mend.OPEN, False),
    ("6210", CLOSED, "The books at QuickBooks are closed for this date.", Mend.OPEN, False),
    ("6290", "", "The hours need an employee or a vendor, and only one.", Mend.OPEN, False),
    ("6300", "", "The associate of these hours is not an employee or vendor", Mend.OPEN, False),
    ("6310", "", "Billable hours need a client.", Mend.OPEN, False),
    ("6320", "", "QuickBooks does not accept whether these hours are billable.", Mend.OPEN, False),
    ("6330", "", "Billable hours need an hourly rate.", Mend.OPEN, False),
    ("6340", "", "QuickBooks does not accept this time.", Mend.OPEN, False),
    ("6350", "", "The entry has no time.", Mend.OPEN, False),
    ("6380", "", "The duration is out of what QuickBooks accepts.", Mend.OPEN, False),
    ("6430", "", "The account chosen for this cannot be used here.", Mend.MAPPINGS, False),
    ("6440", "", "A line has no product or account.", Mend.MAPPINGS, False),
    ("620", "Transaction can't be linked", "The hours of this invoice cannot be linked to it", Mend.OPEN, False),
    ("2010", "Property Name:failed to parse json object", "QuickBooks does not know a field", Mend.NONE, False),
    (
        "2020",
        "Required parameter PaymentType is missing in the request",
        "Something that QuickBooks needs is missing.",
        Mend.OPEN,
        False,
    ),
    (
        "2050",
        "String length specified does not match the supported length. Min:0 Max:21",
        "A text is longer than QuickBooks takes.",
        Mend.OPEN,
        False,
    ),
    (
        "2170",
        "Invalid Enumeration : HAS_BEEN_BILLED",
        "QuickBooks does not accept one of the values.",
        Mend.OPEN,
        False,
    ),
    ("2180", "Names must have at least one character", "The name has a character", Mend.OPEN, False),
    ("2210", "", "The e-mail address is not one that QuickBooks accepts.", Mend.OPEN, False),
    ("5020", "", "The person who connected QuickBooks may not do this there.", Mend.CONNECT, False),
    ("5030", "", "The QuickBooks subscription does not include this.", Mend.NONE, False),
    ("500", "Operation void is not supported.", "QuickBooks does not offer this.", Mend.NONE, False),
    ("120", "-11014-You do not have access", "The person who connected QuickBooks may not work", Mend.CONNECT, False),
    ("130", "WrongClusterError: -11017-", "This company is not in the QuickBooks that SMMware", Mend.CONNECT, False),
    ("3100", "", "QuickBooks does not let us into this company.", Mend.CONNECT, False),
    ("140", "", "The company is locked at QuickBooks.", Mend.WAIT, False),
    ("150", "", "The company is closed for maintenance at QuickBooks right now.", Mend.WAIT, False),
    ("10200", "", "The company is being reset at QuickBooks.", Mend.WAIT, False),
    ("3001", "The request limit was reached.", "QuickBooks has had too many requests", Mend.WAIT, True),
    ("10000", "System Failure Error: …", "QuickBooks failed over this record", Mend.OPEN, True),
    (LINKED_OTHERWISE, "77", "QuickBooks answered with QBO ID 77, which another record here", Mend.OPEN, False),
]


@pytest.mark.parametrize(("code", "detail", "what", "mend", "again"), WORDED)
def test_each_fault_has_its_row(code: str, detail: str, what: str, mend: Mend, again: bool) -> None:
    sentence = sentence_for(code, "A message", detail)

    assert sentence.what.startswith(what)
    assert (sentence.mend, sentence.again) == (mend, again)
    assert sentence.what != UNLISTED.what
    assert "{" not in str(sentence)


def reached(code: str, detail: str) -> Row:
    text = re.sub(r"\s+", " ", detail)
    return next(row for row in TABLE if row.code == code and re.search(row.pattern, text))


def test_every_row_is_reached_by_words_of_quickbooks() -> None:
    assert {reached(code, detail) for code, detail, *_ in WORDED} == set(TABLE)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.code} {row.pattern}")
def test_each_row_says_what_happened_and_what_to_do(row: Row) -> None:
    for part in (row.sentence.what, row.sentence.to_do):
        assert re.fullmatch(r"[A-Z].*[.”]", part), part
    assert not re.search(r"\b(JSON|HTTP|API|null|property|parameter)\b", str(row.sentence))


def test_what_stops_everything() -> None:
    assert {row.code for row in TABLE if row.sentence.stops} == {"120", "130", "140", "150", "3100", "6190", "10200"}


def test_a_fault_that_is_not_listed_is_told_in_quickbooks_words() -> None:
    assert sentence_for("2300", "Debits must equal credits", "Total  debits\nand credits differ") == Sentence(
        "QuickBooks refused this record.", "Its words: “Total debits and credits differ”", Mend.OPEN
    )
    assert sentence_for("2300", "Debits must equal credits").to_do == "Its words: “Debits must equal credits”"


def test_words_of_quickbooks_are_quoted_as_they_are() -> None:
    detail = "Business Validation Error: {0} and {detail} are no fields of ours"

    assert str(sentence_for("6000", "", detail)) == (
        f"QuickBooks' own rules do not allow this record. Its words: “{detail}”"
    )
