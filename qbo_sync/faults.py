"""QuickBooks' faults in plain words: one table from (code, text) to what happened, what to do, and which button it is.

The first row whose code is equal and whose pattern is found in the fault's text wins; codes and texts are those of
qbo-api.md §7.2 and §7.3.
"""

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db import models

LINKED_OTHERWISE = "linked"  # no code of Intuit's: our own finding about an answer of its


class Mend(models.TextChoices):
    """The button that mends a fault."""

    NONE = "", ""
    MATCH = "match", "Choose the matching record"
    MAPPINGS = "mappings", "Open the QuickBooks settings"
    CONNECT = "connect", "Connect again"
    OPEN = "open", "Open the record"
    WAIT = "wait", "Try again later"


@dataclass(frozen=True)
class Sentence:
    """What a fault means to a person.

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
    code: str
    pattern: str
    sentence: Sentence


def _row(code: str, pattern: str, what: str, to_do: str, mend: Mend = Mend.OPEN, **kind: bool) -> Row:
    return Row(code, pattern, Sentence(what, to_do, mend, **kind))


TABLE: tuple[Row, ...] = (
    _row(
        "120",
        "",
        "The person who connected QuickBooks may not work in this company any more.",
        "Connect again as somebody who may, then press “Go on”.",
        Mend.CONNECT,
        stops=True,
    ),
    _row(
        "130",
        "",
        "This company is not in the QuickBooks that SMMware talks to: the sandbox and the real one are apart.",
        "Whoever runs this server should check QBO_ENVIRONMENT; then connect again and press “Go on”.",
        Mend.CONNECT,
        stops=True,
    ),
    _row(
        "3100",
        "",
        "QuickBooks does not let us into this company.",
        "Disconnect and connect again, choosing the right company; then press “Go on”.",
        Mend.CONNECT,
        stops=True,
    ),
    _row(
        "140",
        "",
        "The company is locked at QuickBooks.",
        "Look at QuickBooks whether it can be opened there, then press “Go on”.",
        Mend.WAIT,
        stops=True,
    ),
    _row(
        "150",
        "",
        "The company is closed for maintenance at QuickBooks right now.",
        "Wait until it can be opened at QuickBooks again, then press “Go on”.",
        Mend.WAIT,
        stops=True,
    ),
    _row(
        "10200",
        "",
        "The company is being reset at QuickBooks.",
        "Wait until that is over and look whether it is still the company you want; then press “Go on”.",
        Mend.WAIT,
        stops=True,
    ),
    _row(
        "3001",
        "",
        "QuickBooks has had too many requests in a short time.",
        "Try it again in a minute.",
        Mend.WAIT,
        again=True,
    ),
    _row(
        "10000",
        "",
        "QuickBooks failed over this record with an error of its own, and did not take it.",
        "Look for something unusual in it, or try it again later.",
        Mend.OPEN,
        again=True,
    ),
    _row(
        "6240",
        r"customer, vendor or employee",
        "Another customer, vendor or employee at QuickBooks bears this name already.",
        "If it is the same person, choose the matching record; otherwise change the name here.",
        Mend.MATCH,
    ),
    _row(
        "6240",
        "",
        "QuickBooks already has a record of this name.",
        "If it is the same one, choose the matching record; otherwise change the name here.",
        Mend.MATCH,
    ),
    _row(
        "6140",
        "",
        "QuickBooks already has a document of this number.",
        "Give this one another number, or match it with the one at QuickBooks.",
    ),
    _row(
        "610",
        "deleted this transaction",
        "The record was deleted at QuickBooks.",
        "Look it up there before you copy it again.",
    ),
    _row(
        "610",
        "",
        "Something this record refers to was made inactive at QuickBooks, or no longer exists there.",
        "Look at its customer, account or item in QuickBooks, or choose another one in the settings.",
        Mend.MAPPINGS,
    ),
    _row(
        "2500",
        "[Nn]ames element",
        "The customer, vendor or employee it refers to is not known at QuickBooks any more.",
        "Import that list again, then copy the record once more.",
    ),
    _row(
        "2500",
        "",
        "An account, item or name it refers to is not known at QuickBooks any more.",
        "Import the lists again and check the choices in the settings.",
        Mend.MAPPINGS,
    ),
    _row(
        "5010",
        "",
        "Somebody changed this record at QuickBooks at the same moment.",
        "Try it again.",
        Mend.WAIT,
        again=True,
    ),
    _row(
        "6000",
        "one name at a time",
        "Somebody is editing names at QuickBooks right now.",
        "Try it again in a minute.",
        Mend.WAIT,
        again=True,
    ),
    _row(
        "6000",
        "VAT|GST|HST|tax rate",
        "QuickBooks wants a tax rate on each line of this company.",
        "This company is taxed in a way that SMMware does not copy yet.",
    ),
    _row("6000", "", "QuickBooks' own rules do not allow this record.", "Its words: “{detail}”"),
    _row("6070", "", "An amount is not the quantity times the rate.", "Check the lines of the record."),
    _row("6080", "", "The record has no name that QuickBooks accepts.", "Give it a name."),
    _row("6100", "", "QuickBooks does not accept the tax code of a line.", "Check the taxable lines of the record."),
    _row(
        "6190",
        "",
        "The QuickBooks subscription has ended, or there is a billing problem; nothing can be added.",
        "Renew it at QuickBooks, then press “Go on”.",
        Mend.WAIT,
        stops=True,
    ),
    _row(
        "6200",
        "",
        "The books at QuickBooks are closed for this date.",
        "Change the date, or open the books at QuickBooks.",
    ),
    _row(
        "6210",
        "",
        "The books at QuickBooks are closed for this date.",
        "Change the date, or open the books at QuickBooks.",
    ),
    _row("6290", "", "The hours need an employee or a vendor, and only one.", "Check the associate of the entry."),
    _row(
        "6300",
        "",
        "The associate of these hours is not an employee or vendor at QuickBooks.",
        "Look the associate up there, then copy the hours again.",
    ),
    _row("6310", "", "Billable hours need a client.", "Check the job of the entry."),
    _row("6320", "", "QuickBooks does not accept whether these hours are billable.", "Check the entry."),
    _row("6330", "", "Billable hours need an hourly rate.", "Enter the rate on the entry."),
    _row("6340", "", "QuickBooks does not accept this time.", "Check the hours of the entry."),
    _row("6350", "", "The entry has no time.", "Enter the hours."),
    _row("6380", "", "The duration is out of what QuickBooks accepts.", "Check the hours of the entry."),
    _row(
        "6430",
        "",
        "The account chosen for this cannot be used here.",
        "Choose another account in the settings.",
        Mend.MAPPINGS,
    ),
    _row(
        "6440", "", "A line has no product or account.", "Choose the items and accounts in the settings.", Mend.MAPPINGS
    ),
    _row(
        "620",
        "",
        "The hours of this invoice cannot be linked to it: they are billed already, not billable, or another client's.",
        "Look the hours up at QuickBooks.",
    ),
    _row(
        "2010",
        "",
        "QuickBooks does not know a field that SMMware sent.",
        "Please tell SMMware support. Its words: “{detail}”",
        Mend.NONE,
    ),
    _row("2020", "", "Something that QuickBooks needs is missing.", "Its words: “{detail}”"),
    _row("2050", "", "A text is longer than QuickBooks takes.", "Shorten it. Its words: “{detail}”"),
    _row("2170", "", "QuickBooks does not accept one of the values.", "Its words: “{detail}”"),
    _row("2180", "", "The name has a character that QuickBooks does not accept, or none at all.", "Change the name."),
    _row("2210", "", "The e-mail address is not one that QuickBooks accepts.", "Correct it."),
    _row(
        "5020",
        "",
        "The person who connected QuickBooks may not do this there.",
        "Connect as somebody who may.",
        Mend.CONNECT,
    ),
    _row(
        "5030",
        "",
        "The QuickBooks subscription does not include this.",
        "It needs a higher QuickBooks plan.",
        Mend.NONE,
    ),
    _row("500", "", "QuickBooks does not offer this.", "Its words: “{detail}”", Mend.NONE),
    _row(
        LINKED_OTHERWISE,
        "",
        "QuickBooks answered with QBO ID {detail}, which another record here was matched with meanwhile.",
        "If that match is right, this record is a double: compare the two.",
    ),
)

UNLISTED = Sentence("QuickBooks refused this record.", "Its words: “{detail}”", Mend.OPEN)


def sentence_for(code: str, message: str = "", detail: str = "") -> Sentence:
    """The row for a fault, with QuickBooks' own words filled in where the row quotes them."""
    text = re.sub(r"\s+", " ", f"{message} {detail}")  # QuickBooks breaks lines where it likes (qbo-api.md §7.3)
    found = next((row.sentence for row in TABLE if row.code == code and re.search(row.pattern, text)), UNLISTED)
    words = re.sub(r"\s+", " ", detail or message).strip()
    return replace(found, what=found.what.format(detail=words), to_do=found.to_do.format(detail=words))
