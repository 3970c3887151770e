"""A company at QuickBooks, asked over its own API what it holds, and told how to behave."""

import itertools
from collections import Counter
from random import SystemRandom
from typing import Any

import requests

from bench.served import Simulator
from tests.simulator import CARD

PAGE = 1000
COPIED = (
    *("Customer", "Vendor", "Employee", "TimeActivity", "Purchase"),
    *("Attachable", "Invoice", "CreditMemo", "Payment"),
)
_realms = itertools.count(SystemRandom().randrange(10**15, 10**16))  # requests are counted by it, for all in Redis


class Company:
    """New books in a running simulator; `tokens` and `realm_id` as `tests.quickbooks` wants them."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.realm_id = str(next(_realms))
        simulator.ask("POST", "/_simulator/companies", {"realm_id": self.realm_id, "name": "Chaos Books"})
        self.tokens = self._new_tokens()
        self.create("Account", **CARD)
        self._there_before = {entity: {row["Id"] for row in self.all(entity)} for entity in COPIED}

    def behave(self, behaviour: dict[str, Any]) -> None:
        self._simulator.ask("PUT", "/_simulator/behaviour", behaviour)

    def at_peace(self) -> Counter[str]:
        """Let QuickBooks behave again.  Answers how often what was injected since the simulator started."""
        self._simulator.ask("DELETE", "/_simulator/behaviour")
        return self.injected()

    def injected(self) -> Counter[str]:
        """How often each fault was injected since the simulator started."""
        return Counter(self._simulator.ask("GET", "/_simulator/counts")["injected"])

    def made(self) -> dict[str, dict[str, dict[str, Any]]]:
        """What was made since the books were opened, inactive names too: by entity and Id."""
        self.tokens = self._new_tokens()
        rows = {entity: self.all(entity) for entity in COPIED}
        return {
            entity: {row["Id"]: row for row in of_entity if row["Id"] not in self._there_before[entity]}
            for entity, of_entity in rows.items()
        }

    def all(self, entity: str) -> list[dict[str, Any]]:
        """Every record of an entity, inactive names too."""
        where = "where Active in (true, false) " if entity in COPIED[:3] else ""
        found: list[dict[str, Any]] = []
        while True:
            page = self.query(f"select * from {entity} {where}startposition {len(found) + 1} maxresults {PAGE}")
            found += page
            if len(page) < PAGE:
                return found

    def query(self, statement: str) -> list[dict[str, Any]]:
        content = self._ask("GET", "query", params={"query": statement})["QueryResponse"]
        return next((value for value in content.values() if isinstance(value, list)), [])

    def create(self, entity: str, **body: Any) -> dict[str, Any]:
        """A record made at QuickBooks by hand."""
        return dict(self._ask("POST", entity.lower(), json=body)[entity])

    def writes_since(self, number: int) -> list[dict[str, Any]]:
        """The writing requests that arrived after the one of this number, those of other companies too."""
        log = self._simulator.ask("GET", f"/_simulator/requests?since={number}")["requests"]
        return [row for row in log if row["kind"] == "write"]

    def last_request(self) -> int:
        """The number of the request that arrived last."""
        return max((row["number"] for row in self._simulator.requests()), default=0)

    def _new_tokens(self) -> dict[str, Any]:
        return dict(self._simulator.ask("POST", "/_simulator/tokens", {"realm_id": self.realm_id}))

    @property
    def url(self) -> str:
        """Where its API begins."""
        return f"{self._simulator.url}/v3/company/{self.realm_id}"

    @property
    def headers(self) -> dict[str, str]:
        """What lets us in there."""
        return {"Authorization": f"Bearer {self.tokens['access_token']}", "Accept": "application/json"}

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        answer = requests.request(method, f"{self.url}/{path}", headers=self.headers, timeout=60, **options)
        answer.raise_for_status()
        return answer.json()
