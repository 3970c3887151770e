"""What is in the books, for a person who wants to see what arrived."""

from typing import Any

from werkzeug.wrappers import Request, Response

from qbo_simulator import entities
from qbo_simulator.clock import Clock
from qbo_simulator.control.log import RequestLog
from qbo_simulator.engine.books import Books
from qbo_simulator.engine.write import rendered
from qbo_simulator.pages.render import page
from qbo_simulator.store.database import Database

ROWS = 200
# listing → (heading, entity)
LISTINGS = {
    "customers": ("Customers", "Customer"),
    "vendors": ("Vendors", "Vendor"),
    "employees": ("Employees", "Employee"),
    "invoices": ("Invoices", "Invoice"),
    "payments": ("Payments", "Payment"),
    "time": ("Time activities", "TimeActivity"),
    "purchases": ("Purchases", "Purchase"),
    "items": ("Products and services", "Item"),
    "accounts": ("Chart of accounts", "Account"),
    "payment-methods": ("Payment methods", "PaymentMethod"),
    "terms": ("Terms", "Term"),
}


class Home:
    """The pages at / and below."""

    def __init__(self, database: Database, clock: Clock, log: RequestLog) -> None:
        self.database = database
        self.clock = clock
        self.log = log

    def overview(self, request: Request) -> Response:
        """Each company with how much is in its books, and the last requests."""
        with self.database.lock:
            companies = [
                {"realm": realm, "name": name, "counts": self.counts(realm)}
                for realm, name in self.database.all("SELECT realm, name FROM company ORDER BY rowid")
            ]
        return page("overview.html", companies=companies, entries=self.log.since(0)[-15:][::-1])

    def counts(self, realm: str) -> list[tuple[str, str, int]]:
        """(listing, heading, number of records) of one company."""
        found = dict(self.database.all("SELECT entity, count(*) FROM record WHERE realm = ? GROUP BY entity", realm))
        return [(slug, heading, found.get(entity, 0)) for slug, (heading, entity) in LISTINGS.items()]

    def listing(self, request: Request, realm: str, listing: str) -> Response:
        """The newest records of one kind."""
        with self.database.lock:
            company = self.database.one("SELECT name FROM company WHERE realm = ?", realm)
            if company is None or listing not in LISTINGS:
                return page("missing.html", 404)
            heading, entity = LISTINGS[listing]
            records, counts = self.newest(realm, entity), self.counts(realm)
        return page(
            "listing.html", company=company[0], realm=realm, listing=listing, heading=heading, entity=entity,
            records=records, counts=counts, rows=ROWS,
        )  # fmt: skip

    def newest(self, realm: str, entity: str) -> list[dict[str, Any]]:
        books = Books(self.database, entities.REGISTRY, realm, self.clock)
        ids = self.database.all(
            "SELECT id FROM record WHERE realm = ? AND entity = ? ORDER BY id DESC LIMIT ?", realm, entity, ROWS
        )
        found = [books.get(entity, row[0]) for row in ids]
        return [rendered(books, entities.REGISTRY[entity], record) for record in found if record is not None]

    def requests(self, request: Request) -> Response:
        """The request log, newest first."""
        return page("requests.html", entries=self.log.since(0)[-ROWS:][::-1], rows=ROWS)
