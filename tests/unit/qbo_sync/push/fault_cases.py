"""What QuickBooks answers to a record (its words are those of qbo-api.md §7.2, §7.3), and what a person reads of it.

One row per record of a run, in order; `test_every_fault` copies all records of a scenario in one go. Where
QuickBooks' words were never captured, it has none here.
"""

from typing import NamedTuple


class Case(NamedTuple):
    """A fault, and what its step says then, with the button that mends it."""

    code: str
    detail: str
    says: str
    mend: str = "open"
    element: str = ""
    message: str = "What QuickBooks calls it"

    @property
    def fault(self) -> dict[str, str]:
        """As a rule of the simulator has it."""
        return {"code": self.code, "message": self.message, "detail": self.detail, "element": self.element}


CLIENTS = (
    Case("6240", "The name supplied already exists. : Another customer, vendor or \nemployee is already using this \n"
         "name.",
         "Another customer, vendor or employee at QuickBooks bears this name already. If it is the same person, "
         "choose the matching record; otherwise change the name here.", "match"),
    Case("6240", "The name supplied already exists. : Id=<Amy>",
         "QuickBooks already has a record of this name: customer “Amy's Bird Sanctuary”. If it is the same one, "
         "choose the matching record; otherwise change the name here.", "match"),
    Case("6240", "Ce nom existe déjà. : Id=999999",
         "QuickBooks already has a record of this name. If it is the same one, choose the matching record; "
         "otherwise change the name here.", "match"),
    Case("2180", "Names must have at least one character, must be on one line, and cannot include colons or tabbing.",
         "The name has a character that QuickBooks does not accept, or none at all. Change the name, then try again."),
    Case("6080", "", "The record has no name that QuickBooks accepts. Give it a name, then try again."),
    Case("2210", "", "The e-mail address is not one that QuickBooks accepts. Correct it, then try again."),
    Case("2040", "Invalid String : ☎",
         "A text has a character that QuickBooks does not accept "
         "(Name). Correct it, then try again. Its words: “☎”", element="DisplayName", message="Invalid String"),
    Case("2050", "String length specified does not match the supported length. Min:0 Max:1,000 supported. Supplied "
         "length:1,045",
         "A text is longer or shorter than QuickBooks takes (Customer Memo): 1,045 characters, where 1,000 are "
         "allowed. Change it, then try again.", element="Customer Memo"),
    Case("2050", "",
         "A text is longer or shorter than QuickBooks takes. Correct it, then try again. Its words: “String length "
         "is longer”", message="String length is longer"),
    Case("630", "",
         "QuickBooks says that it has this record already. Look it up there before you try again: a second one "
         "would be a double. Its words: “Duplicate Object”", message="Duplicate Object"),
    Case("1000", "",
         "QuickBooks could not do this, and does not say why. Look for something unusual in it, or try it again "
         "later. Its words: “Create failed”", message="Create failed"),
    Case("1010", "",
         "QuickBooks could not do this, and does not say why. Look for something unusual in it, or try it again "
         "later. Its words: “Create failed”", message="Create failed"),
    Case("1020", "",
         "QuickBooks could not do this, and does not say why. Look for something unusual in it, or try it again "
         "later. Its words: “Create failed”", message="Create failed"),
    Case("1234", "Not  on\nMondays", "QuickBooks refused this record. Its words: “Not on Mondays”"),
    Case("1050", "", "QuickBooks refused this record. QuickBooks gave no words, only the number 1050.", message=""),
)  # fmt: skip

JOBS = (
    Case("700", "",
         "QuickBooks does not take jobs below customer “Zoe Young”. Look at QuickBooks whether it is active and no "
         "job itself, then try again."),
    Case("6180", "",
         "At QuickBooks customer “Zoe Young” stands so deep below other customers that no job fits below. Move it "
         "up at QuickBooks, or switch off in the settings that jobs are copied; then try again.", "mappings"),
)  # fmt: skip

ORGANIZATIONS = (
    Case("2200", "", "The web address is not one that QuickBooks accepts. Correct it, then try again."),
)  # fmt: skip

TIME = (
    Case("610", "Object Not Found : Something you're trying to use has been made inactive. Check the fields with "
         "accounts, customers, items, vendors or employees.",
         "Something that this record refers to is not known or not active at QuickBooks: customer “Zoe Young”, "
         "employee “Ann Lee” or item “Hours”. Make it active at QuickBooks, or choose another one in the settings; "
         "then try again.", "mappings"),
    Case("2030", "",
         "Something that this record refers to is not known or not active at QuickBooks: customer “Zoe Young”, "
         "employee “Ann Lee” or item “Hours”. Make it active at QuickBooks, or choose another one in the settings; "
         "then try again.", "mappings"),
    Case("2500", "Invalid Reference Id : Names element id <Ann> not found",
         "QuickBooks does not know employee “Ann Lee”, or it is not active there. Make it active at QuickBooks, or "
         "unlink it on its page and copy it anew; then try again."),
    Case("2500", "Invalid Reference Id : Items element id <Hours> is invalid",
         "Something that this record refers to is not known or not active at QuickBooks: item “Hours”. Make it "
         "active at QuickBooks, or choose another one in the settings; then try again.", "mappings"),
    Case("2500", "An item in this transaction is set up as a category",
         "An item that is chosen for this is a category at QuickBooks: item “Hours”. Choose another item in the "
         "settings, then try again.", "mappings"),
    Case("2500", "Invalid Reference Id : Something you're trying to use has been made inactive. Check the fields with "
         "accounts, customers, items, vendors or employees.",
         "Something that this record refers to is not known or not active at QuickBooks: customer “Zoe Young”, "
         "employee “Ann Lee” or item “Hours”. Make it active at QuickBooks, or choose another one in the settings; "
         "then try again.", "mappings"),
    Case("2010", "Property Name:HourlyRate specified is unsupported or invalid",
         "QuickBooks does not know a field that SMMware sent. Please tell SMMware support. Its words: “Property "
         "Name:HourlyRate specified is unsupported or invalid”", ""),
    Case("2020", "Required parameter ItemRef is missing in the request",
         "Something that QuickBooks needs is missing (Item). Enter it, then try again. Its words: “Required "
         "parameter ItemRef is missing in the request”", element="ItemRef"),
    Case("2070", "",
         "A date is not one that QuickBooks accepts (Date). Correct it, then try again. Its words: “What QuickBooks "
         "calls it”", element="TxnDate"),
    Case("2090", "Supplied value:1,000",
         "A number is too large, too small or too exact for QuickBooks. Correct it, then try again. Its words: "
         "“Supplied value:1,000”"),
    Case("2110", "Supplied value:1,000",
         "A number is too large, too small or too exact for QuickBooks. Correct it, then try again. Its words: "
         "“Supplied value:1,000”"),
    Case("2140", "Supplied value:1,000",
         "A number is too large, too small or too exact for QuickBooks. Correct it, then try again. Its words: "
         "“Supplied value:1,000”"),
    Case("2160", "Supplied value:1,000",
         "A number is too large, too small or too exact for QuickBooks. Correct it, then try again. Its words: "
         "“Supplied value:1,000”"),
    Case("2240", "Supplied value:1,000",
         "A number is too large, too small or too exact for QuickBooks. Correct it, then try again. Its words: "
         "“Supplied value:1,000”"),
    Case("2170", "Invalid Enumeration : HAS_BEEN_BILLED",
         "QuickBooks does not accept one of the values. Correct it, then try again. "
         "Its words: “HAS_BEEN_BILLED”", message="Invalid Enumeration"),
    Case("5020", "",
         "The person who connected QuickBooks may not do this there. Connect as somebody who may, then "
         "try again.", "connect"),
    Case("5030", "", "The QuickBooks subscription does not include this. It needs a higher QuickBooks plan.", ""),
    Case("6290", "",
         "The hours need an employee or a vendor, and only one. Check the associate of the entry, then try again."),
    Case("6300", "",
         "The associate of these hours is not an employee or vendor at QuickBooks: employee “Ann Lee”. Look the "
         "associate up there, then try again."),
    Case("6310", "", "Billable hours need a client. Check the job of the entry, then try again."),
    Case("6320", "", "QuickBooks does not accept whether these hours are billable. Check the entry, then try again."),
    Case("6330", "", "Billable hours need an hourly rate. Enter the rate on the entry, then try again."),
    Case("6340", "", "QuickBooks does not accept this time. Check the hours of the entry, then try again."),
    Case("6350", "", "The entry has no time. Enter the hours, then try again."),
    Case("6380", "",
         "The time is longer or shorter than QuickBooks accepts. Check the hours of the entry, then try again."),
)  # fmt: skip

EXPENSES = (
    Case("6200", "The account period has closed and the account books cannot be updated through the QBO Services API.",
         "The books at QuickBooks are closed for this date. Change the date, or open the books at QuickBooks; then "
         "try again."),
    Case("6210", "The account period has closed and the account books cannot be updated through the QBO Services API.",
         "The books at QuickBooks are closed for this date. Change the date, or open the books at QuickBooks; then "
         "try again."),
    Case("2500", "Invalid Reference Id : Accounts element id <Mastercard> is invalid",
         "Something that this record refers to is not known or not active at QuickBooks: account “Mastercard”. Make it "
         "active at QuickBooks, or choose another one in the settings; then try again.", "mappings"),
    Case("2500", "Invalid Reference Id : Klasses element id <Moves> is invalid",
         "Something that this record refers to is not known or not active at QuickBooks: class “Moves”. Make it "
         "active at QuickBooks, or choose another one in the settings; then try again.", "mappings"),
    Case("6430", "",
         "QuickBooks does not take this account here: account “Mastercard”, account “Advertising” or class “Moves”. "
         "Choose another account in the settings, then try again.", "mappings"),
    Case("6140", "Duplicate Document Number Error : You must specify a different number. This number has already been "
         "used. DocNumber=SMM-E7 is assigned to TxnType=Purchase with TxnId=999999",
         "QuickBooks already has a document of the number SMM-E7, which SMMware gives to this record alone. Look it "
         "up there first: it may be this very record, and a second one would be a double."),
)  # fmt: skip

INVOICES = (
    Case("6140", "Duplicate Document Number Error : You must specify a different number. This number has already been "
         "used. DocNumber=1045 is assigned to TxnType=Invoice with TxnId=<Invoice>",
         "QuickBooks already has a document of the number 1045: “Invoice 2000 · Zoe Young”. Give this one another "
         "number. If it is the same one, delete it at QuickBooks and try again. The number 2010 is free here and "
         "there.", "number"),
    Case("6140", "Duplicate Document Number Error : You must specify a different number. This number has already been "
         "used. DocNumber=1046 is assigned to TxnType=Invoice with TxnId=999999",
         "QuickBooks already has a document of the number 1046. Give this one another number. If it is the same "
         "one, delete it at QuickBooks and try again. The number 2011 is free here and there.", "number"),
    Case("6140", "",
         "QuickBooks already has a document of this number. Give this one another number. If it is the same one, "
         "delete it at QuickBooks and try again. The number 2012 is free here and there.", "number"),
    Case("2500", "Invalid Reference Id : Terms element id <Net 30> is invalid",
         "Something that this record refers to is not known or not active at QuickBooks: terms “Net 30”. Make it "
         "active at QuickBooks, or choose another one in the settings; then try again.", "mappings"),
    Case("6070", "Amount is not equal to UnitPrice * Qty. Supplied value:1,000",
         "An amount is not the quantity times the rate. Check the lines of the record, then try again."),
    Case("6100", "", "QuickBooks does not accept how a line is taxed. Check which lines are taxable, then try again."),
    Case("2290", "",
         "A line has an amount below zero, and QuickBooks does not accept that here. Change the line or the "
         "adjustment, then try again."),
    Case("6250", "",
         "The customer of this document is missing or inactive at QuickBooks: customer “Zoe Young”. Make it active "
         "there, then try again."),
    Case("6440", "",
         "A line has no item or account. Choose the items and accounts in the settings, then try again.", "mappings"),
)  # fmt: skip

FLAT_INVOICES = (
    Case("6000", "Business Validation Error: Make sure all your transactions have a VAT rate before you save.",
         "QuickBooks wants a tax rate on each line of this company. This company is taxed in a way that SMMware "
         "does not copy yet."),
    Case("6000", "Business Validation Error: You must set a transaction amount.",
         "The record has no amount. Enter one, then try again."),
    Case("6000", "Business Validation Error: Unexpected Internal Error. (-30000)",
         "QuickBooks failed over this record with an error of its own, and did not take it. Look for something "
         "unusual in it, or try it again later."),
    Case("6000", "Business Validation Error: For subaccounts, you must select the same account type as their parent.",
         "QuickBooks' own rules do not allow this record. Its words: “For subaccounts, you must select the same "
         "account type as their parent.”"),
)  # fmt: skip

PAYMENTS = (
    Case("620", "Transaction can't be linked : TxnId <Invoice> is paid already.",
         "QuickBooks does not link it with “Invoice 2000 · Zoe Young”: billed or paid already, not billable, or "
         "another client's. Look that up at QuickBooks, then try again."),
)  # fmt: skip

CHANGES = (
    Case("610", "Object Not Found : Another user has deleted this transaction.",
         "The record was deleted at QuickBooks. Should it be there, unlink it on its page and copy it anew."),
    Case("6130", "", "QuickBooks does not let it be changed who is billed for this job. Change it at QuickBooks.", ""),
    Case("6420", "",
         "QuickBooks is to send this by e-mail, and there is no address. Enter the client's e-mail address, then "
         "try again."),
)  # fmt: skip

TAKING_BACK = (
    Case("500", "Operation Delete is not supported.",
         "QuickBooks does not offer this for such a record. Do it there by hand. Its words: “Operation Delete is "
         "not supported.”", "", element="Operation", message="Unsupported Operation"),
    Case("800", "",
         "Something at QuickBooks depends on this, so it stays. Delete that there first, then take it back once "
         "more.", ""),
    Case("6220", "",
         "There is still a balance on it at QuickBooks, so it stays. Settle that there first, then take it back "
         "once more.", ""),
    Case("6280", "",
         "It has charges at QuickBooks that nobody has billed, so it stays. Bill or delete those there first, then "
         "take it back once more.", ""),
    Case("6400", "",
         "An invoice at QuickBooks bills this, so it stays. Take it off that invoice first, then take it back once "
         "more.", ""),
    Case("6480", "",
         "It is matched with a bank transaction at QuickBooks, so it stays. Undo that match there first, then take "
         "it back once more.", ""),
    Case("6540", "",
         "The payment is deposited at QuickBooks already, so it stays. Take it off that deposit first, then take it "
         "back once more.", ""),
)  # fmt: skip

CREATED = {
    "Client": CLIENTS, "Job": JOBS, "Organization": ORGANIZATIONS, "HourEntry": TIME, "ExpenseEntry": EXPENSES,
    "Invoice": INVOICES, "FlatInvoice": FLAT_INVOICES, "Payment": PAYMENTS,
}  # fmt: skip

# Faults of the company: how the run stands then, and what it says. After “Go on”, or by itself, all is copied.
ENDED = (
    "QuickBooks no longer accepts our authorization: it was ended at QuickBooks, or not used for too long. Open "
    "Admin → QuickBooks Online Connect and connect again; everything that is linked stays linked."
)
STOPS = {
    "100": ("queued", ENDED),
    "110": ("queued", ENDED),
    "3200": ("queued", ENDED),
    "120": ("failed",
        "The person who connected QuickBooks may not work in this company any more. Connect again as "
        "somebody who may, then press “Go on”."),
    "130": ("failed",
        "This company is not in the QuickBooks that SMMware talks to: the sandbox and the real one are "
        "apart. Whoever runs this server should check QBO_ENVIRONMENT; then connect again and press “Go on”."),
    "3100": ("failed",
        "QuickBooks does not let us into this company. Disconnect and connect again, choosing the right "
        "company; then press “Go on”."),
    "140": ("failed",
        "The company is locked at QuickBooks. Look at QuickBooks whether it can be opened there, then press "
        "“Go on”."),
    "150": ("failed",
        "The company is closed for maintenance at QuickBooks right now. Wait until it can be opened at "
        "QuickBooks again, then press “Go on”."),
    "10200": ("failed",
        "The company is being reset at QuickBooks. Wait until that is over and look whether it is still the "
        "company you want; then press “Go on”."),
    "6190": ("failed",
        "The QuickBooks subscription has ended, or there is a billing problem; nothing can be added. Renew "
        "it at QuickBooks, then press “Go on”."),
}  # fmt: skip

# Faults that pass by themselves: what is said of one that does not.
PASSING = (
    Case("3001", "The request limit was reached. Try again later",
         "QuickBooks has had too many requests in a short time. Try it again in a minute.", "wait"),
    Case("5010", "Stale Object Error : You and root were working on this at the same time.",
         "Somebody changed this record at QuickBooks at the same moment. Try it again.", "wait"),
    Case("6000", "Business Validation Error: You can only add or edit one name at a time. Please try again.",
         "Somebody is editing names at QuickBooks right now. Try it again in a minute.", "wait"),
)  # fmt: skip

# Faults of the reads that come before, and those of a whole request.
READING = (
    "QuickBooks could not answer what SMMware asked of it. Try it again later. If it stays so, please tell SMMware "
    "support. Its "
    "words: “Sorry.”"
)
READS = ("4000", "4001", "4002")
WHOLE = {
    "1040": "QuickBooks takes fewer records in one go than SMMware sent, and took none of them. Please tell SMMware "
    "support. Its "
    "words: “maximum 1, supplied 2”",
}
LOST = ("600", "10000")
BY_CASE = (*CREATED.values(), CHANGES, TAKING_BACK, PASSING)
COVERED = {*(case.code for cases in BY_CASE for case in cases), *STOPS, *READS, *WHOLE, *LOST}
