"""Lay out a company's first books, through the engine like everything else."""

from collections.abc import Iterator
from typing import Any

from qbo_simulator import entities
from qbo_simulator.books import chart, company, documents, lists, people, products
from qbo_simulator.clock import Clock
from qbo_simulator.engine import write
from qbo_simulator.engine.books import Books
from qbo_simulator.store.database import BOOKS, Database

KINDS = ("sandbox", "empty")
Row = tuple[str, int, dict[str, Any]]


def open_company(database: Database, clock: Clock, kind: str, realm: str | None = None, name: str | None = None) -> str:
    """Make a company with its books; returns its realm id.

    kind: sandbox or empty.  realm, name: the usual ones of the kind by default.  Raises KeyError for another kind.
    """
    realm = realm or company.REALMS[kind]
    name = name or company.NAMES[kind]
    with database.transaction():
        for table in BOOKS:
            database.run(f"DELETE FROM {table} WHERE realm = ?", realm)
        for entity in entities.ENTITIES:
            database.run(f'DELETE FROM "index_{entity.name}" WHERE realm = ?', realm)
        database.run("INSERT OR REPLACE INTO company (realm, kind, name) VALUES (?, ?, ?)", realm, kind, name)
        lay_out(Books(database, entities.REGISTRY, realm, clock), kind, name)
    return realm


def lay_out(books: Books, kind: str, name: str) -> None:
    for entity, id, body in rows(kind, name):
        write.create(books, entities.REGISTRY[entity], body, id=id)
    books.settle()
    for sequence, number in company.SEQUENCES.items():
        books.reserve(sequence, number)
    if kind == "sandbox":
        deactivate(books)


def deactivate(books: Books) -> None:
    for entity, ids in people.INACTIVE.items():
        for id in ids:
            body = {"Id": str(id), "SyncToken": "0", "sparse": True, "Active": False}
            write.update(books, entities.REGISTRY[entity], body)


def rows(kind: str, name: str) -> Iterator[Row]:
    """(entity, id, body) of everything, what others refer to first."""
    sample = kind == "sandbox"
    yield "CompanyInfo", 1, company.company_info(name)
    yield "Preferences", 1, company.PREFERENCES
    for account in chart.DEFAULT + (chart.SAMPLE if sample else ()):
        yield account_row(account)
    for item in products.DEFAULT + (products.SAMPLE if sample else ()):
        yield item_row(item)
    for id, label, sort in company.PAYMENT_METHODS:
        yield "PaymentMethod", id, {"Name": label, "Type": sort}
    for id, label, days in company.TERMS:
        yield "Term", id, {"Name": label, "DueDays": days}
    if sample:
        yield from lists.rows()
        yield from people.rows()
        yield from documents.rows()


def account_row(account: chart.Account) -> Row:
    id, name, sort, subtype, above = account
    body: dict[str, Any] = {"Name": name, "AccountType": sort, "AccountSubType": subtype}
    return "Account", id, body | ({"ParentRef": {"value": str(above)}} if above else {})


def item_row(item: products.Item) -> Row:
    id, name, sort, above, price, cost, income, expense = item
    body: dict[str, Any] = {"Name": name, "Type": sort}
    if above:
        body["ParentRef"] = {"value": str(above)}
    if sort != "Category":
        body |= {"UnitPrice": price, "PurchaseCost": cost, "IncomeAccountRef": {"value": str(income)}}
    if expense:
        body["ExpenseAccountRef"] = {"value": str(expense)}
    return "Item", id, body | (products.INVENTORY if sort == "Inventory" else {})
