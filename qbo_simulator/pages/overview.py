"""The overview: the companies, what is in their books, and who is connected."""

from typing import Any

from werkzeug.wrappers import Request, Response

from qbo_simulator.engine.books import Books
from qbo_simulator.oauth.clients import APP_NAME
from qbo_simulator.pages.desk import Desk
from qbo_simulator.pages.kinds import GROUPS, KINDS, OTHERS
from qbo_simulator.pages.mistakes import COMPANY_MISTAKES
from qbo_simulator.pages.reading import counts

LAST_REQUESTS = 12


class Overview:
    """The pages / and /company/<realm>."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def home(self, request: Request) -> Response:
        """All companies, and the last requests."""
        companies = [self.described(realm, name) for realm, name in self.desk.companies()]
        return self.desk.page(request, "overview.html", shown=companies, entries=self.desk.log.newest()[:LAST_REQUESTS])

    def company(self, request: Request, realm: str) -> Response:
        """One company, with what can be done to it by hand."""
        with self.desk.reading(realm) as books:
            name = self.desk.database.one("SELECT name FROM company WHERE realm = ?", realm)[0]
            mistakes = [each for each in COMPANY_MISTAKES if each.offered(books, {})]
        return self.desk.page(
            request, "company.html", realm, shown=self.described(realm, name), mistakes=mistakes,
        )  # fmt: skip

    def described(self, realm: str, name: str) -> dict[str, Any]:
        with self.desk.reading(realm) as books:
            preferences = books.preferences().get("AccountingInfoPrefs", {})
            return {
                "realm": realm,
                "name": name,
                "groups": self.groups(books),
                "closed": preferences.get("BookCloseDate"),
                "connected": self.connected(realm),
            }

    def groups(self, books: Books) -> list[tuple[str, list[tuple[Any, int]]]]:
        """Heading → kinds with how many records there are; what nobody declared shows once it has records."""
        found = counts(books)
        groups = []
        for group in GROUPS:
            kinds = [(kind, found.get(kind.entity, 0)) for kind in KINDS.values() if kind.group == group]
            kinds = [(kind, count) for kind, count in kinds if count or group != OTHERS]
            if kinds:
                groups.append((group, kinds))
        return groups

    def connected(self, realm: str) -> list[dict[str, Any]]:
        """The apps that have access to the company's books: since when, with which scopes, and until when unused."""
        rows = self.desk.database.all(
            "SELECT consent.scope, consent.given, max(refresh_token.expires) FROM consent "
            "JOIN refresh_token ON refresh_token.consent = consent.id WHERE consent.realm = ? "
            "AND consent.revoked IS NULL AND refresh_token.expires > ? GROUP BY consent.id ORDER BY consent.id DESC",
            realm, self.desk.clock.seconds(),
        )  # fmt: skip
        return [{"app": APP_NAME, "scope": row[0], "given": row[1], "expires": row[2]} for row in rows]
