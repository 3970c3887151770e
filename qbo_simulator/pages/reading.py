"""What the pages read out of the books: each page with a number of SQL queries that does not grow with its rows."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qbo_simulator import entities
from qbo_simulator.engine.books import Books, as_id, index_table
from qbo_simulator.engine.objects import Reference
from qbo_simulator.engine.schema import Entity
from qbo_simulator.engine.write import found
from qbo_simulator.pages.kinds import KINDS
from qbo_simulator.pages.kinds.declared import Kind, Record

ROWS = 50
LINKED = 30
# what a linked transaction is called → the entity it is kept as
ENTITY_OF_TYPE = {
    "BillPaymentCheck": "BillPayment",
    "BillPaymentCreditCard": "BillPayment",
    "Check": "Purchase",
    "Expense": "Purchase",
    "CashPurchase": "Purchase",
    "CreditCardCredit": "Purchase",
}


@dataclass(frozen=True)
class Page:
    """One page of a listing.  total: how many records are meant on all pages; number: from 1."""

    records: list[Record]
    total: int
    number: int

    @property
    def first(self) -> int:
        return (self.number - 1) * ROWS + 1

    @property
    def last(self) -> int:
        return self.first + len(self.records) - 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // ROWS))


def counts(books: Books) -> dict[str, int]:
    """Entity → number of records."""
    return dict(books.database.all("SELECT entity, count(*) FROM record WHERE realm = ? GROUP BY entity", books.realm))


def listed(books: Books, kind: Kind, search: str = "", *, inactive: bool = False, number: int = 1) -> Page:
    """One page of the records of a kind.

    search: text to look for in the columns that the kind names, or a record's id.  inactive: inactive ones as well.
    """
    entity = entities.REGISTRY[kind.entity]
    where, values = conditions(books, kind, entity, search.strip(), inactive)
    table = index_table(entity.name)
    total = books.database.one(f'SELECT count(*) FROM "{table}" WHERE {where}', *values)[0]
    number = min(max(1, number), max(1, -(-total // ROWS)))
    rows = books.database.all(
        f'SELECT body FROM (SELECT *, row_number() OVER (ORDER BY {kind.order}) AS place FROM "{table}" WHERE {where} '
        f"ORDER BY {kind.order} LIMIT {ROWS} OFFSET ?) AS page "
        "JOIN record ON record.realm = ? AND record.entity = ? AND record.id = page.id ORDER BY place",
        *values, (number - 1) * ROWS, books.realm, entity.name,
    )  # fmt: skip
    return Page(named(books, entity, [json.loads(row[0]) for row in rows]), total, number)


def conditions(books: Books, kind: Kind, entity: Entity, search: str, inactive: bool) -> tuple[str, list[Any]]:
    where = ["realm = ?"]
    values: list[Any] = [books.realm]
    if entity.is_list and not inactive:
        where.append("active = 1")
    if search:
        columns = {"label"} | {each.name for each in entity.columns}
        parts = [part for part in kind.search if part.split(">")[0] in columns]
        tests = [test_of(part) for part in parts]
        where.append(f"({' OR '.join([*tests, 'id = ?'])})")
        pattern = f"%{escaped(search)}%"
        for part in parts:
            values += [books.realm, pattern] if ">" in part else [pattern]
        values.append(as_id(search))
    return " AND ".join(where), values


def test_of(part: str) -> str:
    """SQL for one column that is searched, or for the name behind a reference."""
    column, _, target = part.partition(">")
    if not target:
        return f"\"{column}\" LIKE ? ESCAPE '!'"
    names = f"SELECT CAST(id AS TEXT) FROM \"{index_table(target)}\" WHERE realm = ? AND label LIKE ? ESCAPE '!'"
    return f'"{column}" IN ({names})'


def escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def named(books: Books, entity: Entity, records: list[Record]) -> list[Record]:
    """The records with the present names in their references; one query per entity that is referred to."""
    references = [
        (kind, reference) for path, kind in entity.references for record in records for reference in found(record, path)
    ]
    labels = labels_of(books, references)
    for kind, reference in references:
        candidates = (reference["type"],) if reference.get("type") else kind.to
        label = next((labels[key] for name in candidates if (key := (name, reference["value"])) in labels), None)
        if label and reference["value"] not in kind.fixed:
            reference["name"] = label
    return records


def labels_of(books: Books, references: list[tuple[Reference, Record]]) -> dict[tuple[str, str], str]:
    """(entity, id) → the name that references show."""
    wanted: dict[str, set[int]] = {}
    for kind, reference in references:
        for name in kind.to:
            if name in books.registry:
                wanted.setdefault(name, set()).add(as_id(reference["value"]))
    return {
        (name, str(id)): label
        for name, ids in wanted.items()
        for id, label in books.database.all(
            f'SELECT id, label FROM "{index_table(name)}" WHERE realm = ? AND id IN (SELECT value FROM json_each(?))',
            books.realm, json.dumps(sorted(ids)),
        )
    }  # fmt: skip


def one(books: Books, kind: Kind, id: str) -> Record | None:
    """One record with the names of its references, or None."""
    record = books.get(kind.entity, id)
    return named(books, entities.REGISTRY[kind.entity], [record])[0] if record else None


def linked(books: Books, entity: str, record: Record) -> list[tuple[Kind, Record]]:
    """The transactions that a record and its lines are linked to, in both directions."""
    keys = set(links_in(record)) | {(name, id) for name, id, _ in books.links_to(entity, record["Id"])}
    return together(books, sorted(keys))


def links_in(record: Mapping[str, Any]) -> Iterable[tuple[str, int]]:
    for holder in (record, *record.get("Line", [])):
        for link in holder.get("LinkedTxn", []):
            yield entity_of(link), as_id(link["TxnId"])


def entity_of(link: Mapping[str, Any]) -> str:
    return ENTITY_OF_TYPE.get(link["TxnType"], link["TxnType"])


def together(books: Books, keys: list[tuple[str, int]]) -> list[tuple[Kind, Record]]:
    """Records of several kinds: one query for them, and those for their references' names.

    CROSS JOIN keeps SQLite from walking all records for each one that is wanted.
    """
    rows = books.database.all(
        "SELECT record.entity, record.body FROM json_each(?) AS wanted CROSS JOIN record ON record.realm = ? "
        "AND record.entity = json_extract(wanted.value, '$[0]') AND record.id = json_extract(wanted.value, '$[1]')",
        json.dumps(keys), books.realm,
    )  # fmt: skip
    by_entity: dict[str, list[Record]] = {}
    for entity, body in rows:
        by_entity.setdefault(entity, []).append(json.loads(body))
    return [
        (KINDS[entity], record)
        for entity, records in by_entity.items()
        for record in named(books, entities.REGISTRY[entity], records)
    ]


def using(books: Books, entity: str, id: str) -> list[tuple[Kind, Record]]:
    """The newest records that refer to this one in a property that queries can ask for."""
    parts, values = [], []
    for name, column in referring(entity):
        parts.append(f"SELECT '{name}' AS entity, id, updated FROM \"{index_table(name)}\" "
                     f'WHERE realm = ? AND "{column}" = ?')  # fmt: skip
        values += [books.realm, id]
    if not parts:
        return []
    rows = books.database.all(f"{' UNION '.join(parts)} ORDER BY updated DESC, id DESC LIMIT {LINKED}", *values)
    place = {(row[0], str(row[1])): number for number, row in enumerate(rows)}
    records = together(books, [(row[0], row[1]) for row in rows])
    return sorted(records, key=lambda found: place[(found[0].entity, found[1]["Id"])])


def referring(entity: str) -> list[tuple[str, str]]:
    """(entity, column) of everything that may refer to this entity."""
    return [
        (other.name, each.name)
        for other in entities.ENTITIES
        for each in other.columns
        if isinstance(each.kind, Reference) and entity in each.kind.to
    ]


@dataclass(frozen=True)
class Posting:
    """What one transaction posts to an account.  amount: debits positive, credits negative."""

    account: str
    amount: Decimal
    kind: Kind | None = None
    record: Record | None = None


def register(books: Books, account: str) -> list[Posting]:
    """The last transactions that were entered to an account, by date, one row for each."""
    rows = books.database.all(
        "SELECT entity, id, sum(cents) FROM posting WHERE realm = ? AND account = ? GROUP BY entity, id "
        f"HAVING sum(cents) <> 0 ORDER BY id DESC LIMIT {ROWS}",
        books.realm, as_id(account),
    )  # fmt: skip
    cents = {(name, str(id)): amount for name, id, amount in rows}
    found = together(books, [row[:2] for row in rows])
    postings = [
        Posting(account, Decimal(cents[kind.entity, record["Id"]]) / 100, kind, record) for kind, record in found
    ]
    return sorted(postings, key=entered, reverse=True)


def entered(posting: Posting) -> tuple[str, int]:
    """A key that orders postings by their transactions' dates."""
    record = posting.record or {}
    return record.get("TxnDate", ""), as_id(record.get("Id", 0))


def journal(books: Books, entity: str, id: str) -> list[Posting]:
    """How the ledger booked a transaction: the accounts it is posted to, debits first."""
    rows = books.database.all(
        'SELECT "index_Account".label, sum(posting.cents) FROM posting JOIN "index_Account" '
        'ON "index_Account".realm = posting.realm AND "index_Account".id = posting.account '
        "WHERE posting.realm = ? AND posting.entity = ? AND posting.id = ? GROUP BY posting.account "
        "HAVING sum(posting.cents) <> 0 ORDER BY 2 DESC",
        books.realm, entity, as_id(id),
    )  # fmt: skip
    return [Posting(label, Decimal(cents) / 100) for label, cents in rows]
