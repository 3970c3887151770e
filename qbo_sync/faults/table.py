"""The one table of faults. The first row whose code is equal and whose pattern is found in the fault's text wins.

Codes and texts are those of qbo-api.md §7.2 and §7.3. Which code can be met how, and which cannot, is told in
tests/unit/qbo_sync/push/fault_codes.py; docs/faults.md is made of this table (`make fault-page`).
"""

from qbo_sync.faults.rows import WORDS, Mend, Row, Sentence

LINKED_OTHERWISE = "linked"  # no code of Intuit's: our own finding about an answer of its
NO_FILE = "no_file"  # nor this one: the file of a receipt is not here any more

ENDED = "QuickBooks no longer accepts our authorization: it was ended at QuickBooks, or not used for too long."
CONNECT_AGAIN = "Open Admin → QuickBooks Online Connect and connect again; everything that is linked stays linked."
SUPPORT = f"Please tell SMMware support. {WORDS}"
CLOSED = "The books at QuickBooks are closed for this date."
OPEN_BOOKS = "Change the date, or open the books at QuickBooks; then try again."
NOT_KNOWN = "Something that this record refers to is not known or not active at QuickBooks: {named}."
OTHER_CHOICE = "Make it active at QuickBooks, or choose another one in the settings; then try again."
FAILED = "QuickBooks failed over this record with an error of its own, and did not take it."
UNUSUAL = "Look for something unusual in it, or try it again later."
CORRECT = f"Correct it, then try again. {WORDS}"
OTHER_NUMBER = "Give this one another number. If it is the same one, delete it at QuickBooks and try again."
HOURS = "Check the hours of the entry, then try again."
REVERSE_AGAIN = "then take it back once more."
OPEN, MATCH, NUMBER, MAPPINGS, CONNECT, WAIT, NONE = (
    Mend.OPEN, Mend.MATCH, Mend.NUMBER, Mend.MAPPINGS, Mend.CONNECT, Mend.WAIT, Mend.NONE,
)  # fmt: skip


def _row(code: str, pattern: str, what: str, to_do: str, mend: Mend = OPEN, **kind: bool) -> Row:
    return Row(code, pattern, Sentence(what, to_do, mend, **kind))


# Faults of the connection, the company and the moment: not of a record.
COMPANY = (
    _row("100", "", ENDED, CONNECT_AGAIN, CONNECT, stops=True),
    _row("110", "", ENDED, CONNECT_AGAIN, CONNECT, stops=True),
    _row("3200", "", ENDED, CONNECT_AGAIN, CONNECT, stops=True),
    _row("120", "", "The person who connected QuickBooks may not work in this company any more.",
         "Connect again as somebody who may, then press “Go on”.", CONNECT, stops=True),
    _row("130", "",
         "This company is not in the QuickBooks that SMMware talks to: the sandbox and the real one are apart.",
         "Whoever runs this server should check QBO_ENVIRONMENT; then connect again and press “Go on”.", CONNECT,
         stops=True),
    _row("3100", "", "QuickBooks does not let us into this company.",
         "Disconnect and connect again, choosing the right company; then press “Go on”.", CONNECT, stops=True),
    _row("140", "", "The company is locked at QuickBooks.",
         "Look at QuickBooks whether it can be opened there, then press “Go on”.", WAIT, stops=True),
    _row("150", "", "The company is closed for maintenance at QuickBooks right now.",
         "Wait until it can be opened at QuickBooks again, then press “Go on”.", WAIT, stops=True),
    _row("10200", "", "The company is being reset at QuickBooks.",
         "Wait until that is over and look whether it is still the company you want; then press “Go on”.", WAIT,
         stops=True),
    _row("6190", "", "The QuickBooks subscription has ended, or there is a billing problem; nothing can be added.",
         "Renew it at QuickBooks, then press “Go on”.", WAIT, stops=True),
    _row("3001", "", "QuickBooks has had too many requests in a short time.",
         "Try it again in a minute.", WAIT, again=True),
    _row("600", "", "QuickBooks' answer was lost.",
         "As soon as it is safe, SMMware looks by itself what arrived.", NONE),
    _row("10000", "", FAILED, UNUSUAL, again=True),
    *(_row(code, "", "QuickBooks could not answer what SMMware asked of it.",
           f"Try it again later. If it stays so, please tell SMMware support. {WORDS}", WAIT)
      for code in ("4000", "4001", "4002")),
)  # fmt: skip

# Names and numbers that are taken, records that are changed, gone or not known.
OTHERS = (
    _row("6240", r"customer, vendor or employee",
         "Another customer, vendor or employee at QuickBooks bears this name already{which}.",
         "If it is the same person, choose the matching record; otherwise change the name here.", MATCH),
    _row("6240", "", "QuickBooks already has a record of this name{which}.",
         "If it is the same one, choose the matching record; otherwise change the name here.", MATCH),
    _row("6140", r"DocNumber=(?P<number>SMM-\S+)",
         "QuickBooks already has a document of the number {number}, which SMMware gives to this record alone{which}.",
         "Look it up there first: it may be this very record, and a second one would be a double."),
    _row("6140", r"DocNumber=(?P<number>\S+)", "QuickBooks already has a document of the number {number}{which}.",
         OTHER_NUMBER, NUMBER),
    _row("6140", "", "QuickBooks already has a document of this number.", OTHER_NUMBER, NUMBER),
    _row("630", "", "QuickBooks says that it has this record already.",
         f"Look it up there before you try again: a second one would be a double. {WORDS}"),
    _row("610", "deleted this transaction", "The record was deleted at QuickBooks.",
         "Should it be there, unlink it on its page and copy it anew."),
    _row("610", "", NOT_KNOWN, OTHER_CHOICE, MAPPINGS),
    _row("2030", "", NOT_KNOWN, OTHER_CHOICE, MAPPINGS),
    _row("2500", "set up as a category", "An item that is chosen for this is a category at QuickBooks: {choices}.",
         "Choose another item in the settings, then try again.", MAPPINGS),
    _row("2500", "[Nn]ames element", "QuickBooks does not know {people}, or it is not active there.",
         "Make it active at QuickBooks, or unlink it on its page and copy it anew; then try again."),
    _row("2500", "", NOT_KNOWN, OTHER_CHOICE, MAPPINGS),
    _row("620", "",
         "QuickBooks does not link it with {documents}: billed or paid already, not billable, or another client's.",
         "Look that up at QuickBooks, then try again."),
    _row("5010", "", "Somebody changed this record at QuickBooks at the same moment.",
         "Try it again.", WAIT, again=True),
    _row("700", "", "QuickBooks does not take jobs below {customer}.",
         "Look at QuickBooks whether it is active and no job itself, then try again."),
    _row("6180", "", "At QuickBooks {customer} stands so deep below other customers that no job fits below.",
         "Move it up at QuickBooks, or switch off in the settings that jobs are copied; then try again.", MAPPINGS),
    _row("6130", "", "QuickBooks does not let it be changed who is billed for this job.",
         "Change it at QuickBooks.", NONE),
    _row("6250", "", "The customer of this document is missing or inactive at QuickBooks: {customer}.",
         "Make it active there, then try again."),
)  # fmt: skip

# What a record says.
CONTENT = (
    _row("2010", "", "QuickBooks does not know a field that SMMware sent.", SUPPORT, NONE),
    _row("1040", "", "QuickBooks takes fewer records in one go than SMMware sent, and took none of them.",
         SUPPORT, NONE),
    _row("500", "", "QuickBooks does not offer this for such a record.", f"Do it there by hand. {WORDS}", NONE),
    *(_row(code, "", "QuickBooks could not do this, and does not say why.", f"{UNUSUAL} {WORDS}")
      for code in ("1000", "1010", "1020")),
    _row("2020", "", "Something that QuickBooks needs is missing{field}.", f"Enter it, then try again. {WORDS}"),
    _row("2040", "", "A text has a character that QuickBooks does not accept{field}.", CORRECT),
    _row("2050", r"Min:\d+ Max:(?P<most>[\d,]*\d).*length:(?P<length>[\d,]*\d)",
         "A text is longer or shorter than QuickBooks takes{field}: {length} characters, where {most} are allowed.",
         "Change it, then try again."),
    _row("2050", "", "A text is longer or shorter than QuickBooks takes{field}.", CORRECT),
    _row("2070", "", "A date is not one that QuickBooks accepts{field}.", CORRECT),
    *(_row(code, "", "A number is too large, too small or too exact for QuickBooks{field}.", CORRECT)
      for code in ("2090", "2110", "2140", "2160", "2240")),
    _row("2170", "", "QuickBooks does not accept one of the values{field}.", CORRECT),
    _row("2180", "", "The name has a character that QuickBooks does not accept, or none at all.",
         "Change the name, then try again."),
    _row("2200", "", "The web address is not one that QuickBooks accepts.", "Correct it, then try again."),
    _row("2210", "", "The e-mail address is not one that QuickBooks accepts.", "Correct it, then try again."),
    _row("2290", "", "A line has an amount below zero, and QuickBooks does not accept that here.",
         "Change the line or the adjustment, then try again."),
    _row("6000", "one name at a time", "Somebody is editing names at QuickBooks right now.",
         "Try it again in a minute.", WAIT, again=True),
    _row("6000", "VAT|GST|HST|tax rate", "QuickBooks wants a tax rate on each line of this company.",
         "This company is taxed in a way that SMMware does not copy yet."),
    _row("6000", "transaction amount", "The record has no amount.", "Enter one, then try again."),
    _row("6000", "Unexpected Internal Error", FAILED, UNUSUAL),
    _row("6000", "", "QuickBooks' own rules do not allow this record.", WORDS),
    _row("6070", "", "An amount is not the quantity times the rate.", "Check the lines of the record, then try again."),
    _row("6080", "", "The record has no name that QuickBooks accepts.", "Give it a name, then try again."),
    _row("6100", "", "QuickBooks does not accept how a line is taxed.",
         "Check which lines are taxable, then try again."),
    _row("6200", "", CLOSED, OPEN_BOOKS),
    _row("6210", "", CLOSED, OPEN_BOOKS),
    _row("6420", "", "QuickBooks is to send this by e-mail, and there is no address.",
         "Enter the client's e-mail address, then try again."),
    _row("6430", "", "QuickBooks does not take this account here: {choices}.",
         "Choose another account in the settings, then try again.", MAPPINGS),
    _row("6440", "", "A line has no item or account.", "Choose the items and accounts in the settings, then try again.",
         MAPPINGS),
    _row("5020", "", "The person who connected QuickBooks may not do this there.",
         "Connect as somebody who may, then try again.", CONNECT),
    _row("5030", "", "The QuickBooks subscription does not include this.", "It needs a higher QuickBooks plan.", NONE),
    _row(NO_FILE, "", "The file of the receipt is missing here.", "Attach it to the expense again, then try again."),
    _row(LINKED_OTHERWISE, "", "QuickBooks answered with QBO ID {detail}, which is matched meanwhile with {named}.",
         "If that match is right, this record is a double: compare the two."),
)  # fmt: skip

# Hours (qbo-api.md §7.2, “time activity family”).
TIME = (
    _row("6290", "", "The hours need an employee or a vendor, and only one.",
         "Check the associate of the entry, then try again."),
    _row("6300", "", "The associate of these hours is not an employee or vendor at QuickBooks: {associate}.",
         "Look the associate up there, then try again."),
    _row("6310", "", "Billable hours need a client.", "Check the job of the entry, then try again."),
    _row("6320", "", "QuickBooks does not accept whether these hours are billable.",
         "Check the entry, then try again."),
    _row("6330", "", "Billable hours need an hourly rate.", "Enter the rate on the entry, then try again."),
    _row("6340", "", "QuickBooks does not accept this time.", HOURS),
    _row("6350", "", "The entry has no time.", "Enter the hours, then try again."),
    _row("6380", "", "The time is longer or shorter than QuickBooks accepts.", HOURS),
)  # fmt: skip

# What only taking back meets: QuickBooks keeps what others there depend on.
TAKING_BACK = (
    _row("800", "", "Something at QuickBooks depends on this, so it stays.",
         f"Delete that there first, {REVERSE_AGAIN}", NONE),
    _row("6220", "", "There is still a balance on it at QuickBooks, so it stays.",
         f"Settle that there first, {REVERSE_AGAIN}", NONE),
    _row("6280", "", "It has charges at QuickBooks that nobody has billed, so it stays.",
         f"Bill or delete those there first, {REVERSE_AGAIN}", NONE),
    _row("6400", "", "An invoice at QuickBooks bills this, so it stays.",
         f"Take it off that invoice first, {REVERSE_AGAIN}", NONE),
    _row("6480", "", "It is matched with a bank transaction at QuickBooks, so it stays.",
         f"Undo that match there first, {REVERSE_AGAIN}", NONE),
    _row("6540", "", "The payment is deposited at QuickBooks already, so it stays.",
         f"Take it off that deposit first, {REVERSE_AGAIN}", NONE),
)  # fmt: skip

TABLE: tuple[Row, ...] = (*COMPANY, *OTHERS, *CONTENT, *TIME, *TAKING_BACK)
