"""The ledger as reports read it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qbo_simulator.engine.books import Books, Record

SIGN = {"Asset": 1, "Expense": 1, "Liability": -1, "Equity": -1, "Revenue": -1}


@dataclass(frozen=True)
class Entry:
    """What one document posts to one account.  cents: debits positive."""

    day: str
    entity: str
    id: int
    account: str
    party: str
    cents: int
    document: Record


def entries(books: Books, until: date) -> Iterator[Entry]:
    """All postings of documents up to a day, the earliest first."""
    rows = books.database.all(
        "SELECT json_extract(body, '$.TxnDate') AS day, entity, id, account, party, cents, body "
        "FROM posting JOIN record USING (realm, entity, id) WHERE realm = ? AND day <= ? ORDER BY day, id, account",
        books.realm, until.isoformat(),
    )  # fmt: skip
    for day, entity, id, account, party, cents, body in rows:
        yield Entry(day, entity, id, str(account), str(party), cents, json.loads(body))


def accounts(books: Books) -> dict[str, Record]:
    """Every account, inactive ones too, by id, in the order of the chart."""
    rows = books.database.all(
        "SELECT body FROM record WHERE realm = ? AND entity = 'Account' ORDER BY id", books.realm
    )  # fmt: skip
    return {record["Id"]: record for record in (json.loads(row[0]) for row in rows)}


def natural(account: Record, cents: int) -> Decimal:
    """An amount as the account's kind shows it: what grows the account is positive."""
    return Decimal(cents * SIGN[account["Classification"]]) / 100


def party_of(document: Record) -> Record:
    """The reference to whom a document is with; {} where there is nobody."""
    return document.get("CustomerRef") or document.get("VendorRef") or document.get("EntityRef") or {}


def name_of(books: Books, document: Record) -> str:
    """The present name of whom a document is with."""
    reference = party_of(document)
    kinds = (reference["type"],) if reference.get("type") else ("Customer", "Vendor", "Employee")
    labels = (books.label(kind, reference["value"]) for kind in kinds) if reference else ()
    return next((label[0] for label in labels if label and label[0]), "")
