"""How a document stands, in a word."""

from qbo_simulator.engine.money import decimal
from qbo_simulator.pages.kinds.declared import Record, State

VOIDED = State("Voided", "bad")
BILLING = {
    "Billable": State("Billable", "warn"),
    "HasBeenBilled": State("Billed", "good"),
    "NotBillable": State("Not billable"),
}


def is_voided(record: Record) -> bool:
    """QuickBooks voids by taking every amount to 0 and saying so in the note (qbo-api.md §2.3)."""
    amount = decimal(record.get("TotalAmt"))
    return record.get("status") == "Voided" or (not amount and str(record.get("PrivateNote", "")).startswith("Voided"))


def voided(record: Record) -> State | None:
    return VOIDED if is_voided(record) else None


def owed(record: Record) -> State:
    """Of a document that somebody has to pay."""
    balance, total = decimal(record.get("Balance")), decimal(record.get("TotalAmt"))
    if is_voided(record):
        return VOIDED
    if not balance:
        return State("Paid", "good")
    return State("Open", "warn") if balance == total else State("Partly paid", "warn")


def stamped(record: Record) -> State | None:
    """What is printed across such a document: nothing while it is open."""
    state = owed(record)
    return state if state.word in ("Paid", "Voided") else None


def applied(record: Record) -> State:
    """Of a payment or credit."""
    if is_voided(record):
        return VOIDED
    left = decimal(record.get("UnappliedAmt", record.get("RemainingCredit", record.get("Balance"))))
    if not left:
        return State("Applied", "good")
    return State("Unapplied" if left == decimal(record.get("TotalAmt")) else "Partly applied", "warn")


def estimated(record: Record) -> State:
    """Of an estimate."""
    word = str(record.get("TxnStatus", "Pending"))
    return State(word, {"Accepted": "good", "Closed": "good", "Rejected": "bad"}.get(word, "warn"))


def billing(record: Record) -> State:
    """Of time."""
    return BILLING.get(str(record.get("BillableStatus")), BILLING["NotBillable"])
