"""A connected company for tests: the simulator behind `responses`, a Connection with good tokens, and its mappings."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import responses
from django.utils import timezone
from werkzeug.test import Client as WsgiClient

from associates.models import Associate
from hours.models import ExpenseCategory
from qbo_simulator import Simulator
from qbo_sync.models import Account, Connection, Item, Mapping, Purpose
from tests.simulator import SMALL, connect, route_responses, simulator_in_memory

BASE_URL = "http://qbo.test"
ACCOUNT_PURPOSES = (
    Purpose.MILEAGE_ACCOUNT,
    Purpose.PAID_FROM_BANK,
    Purpose.PAID_FROM_CARD,
    Purpose.PAID_FROM_CASH,
    Purpose.PAID_FROM_ASSOCIATE,
)


class QuickBooks:
    """The simulated QuickBooks of a test: asked directly, over its own API, about what arrived."""

    def __init__(self, app: Simulator) -> None:
        self.app = app
        self.http = WsgiClient(app)
        self.tokens = connect(self.http)
        self.realm_id = self.tokens["realm_id"]

    def query(self, statement: str) -> list[dict[str, Any]]:
        """The rows of a query, asked with a token of its own."""
        answer = self._ask("query", query_string={"query": statement, "minorversion": "75"})
        content = answer.get_json()["QueryResponse"]
        return next((value for value in content.values() if isinstance(value, list)), [])

    def create(self, entity: str, **body: Any) -> dict[str, Any]:
        """A record made at QuickBooks by hand."""
        answer = self._ask(entity.lower(), method="POST", json=body)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()[entity]

    def delete(self, entity: str, qbo_id: str) -> None:
        """Delete a document at QuickBooks by hand."""
        self._end(entity, qbo_id, "delete")

    def void(self, entity: str, qbo_id: str) -> None:
        """Void a document at QuickBooks by hand."""
        self._end(entity, qbo_id, "void")

    def _end(self, entity: str, qbo_id: str, operation: str) -> None:
        [row] = self.query(f"select * from {entity} where Id = '{qbo_id}'")
        body = {"Id": qbo_id, "SyncToken": row["SyncToken"]}
        answer = self._ask(entity.lower(), method="POST", json=body, query_string={"operation": operation})
        assert answer.status_code == 200, answer.get_data(as_text=True)

    def prefer(self, **groups: dict[str, Any]) -> None:
        """Change the company's preferences: groups and what of them (qbo-api.md §8.12)."""
        [now] = self.query("select * from Preferences")
        changed = {group: {**now.get(group, {}), **values} for group, values in groups.items()}
        self.create("Preferences", Id=now["Id"], SyncToken=now["SyncToken"], sparse=True, **changed)

    def with_features(self, **features: str) -> None:
        """Change what the company's plan includes, in CompanyInfo's NameValue pairs (§8.11)."""
        [now] = self.query("select * from CompanyInfo")
        pairs = {pair["Name"]: pair["Value"] for pair in now["NameValue"]} | features
        values = [{"Name": name, "Value": value} for name, value in pairs.items()]
        self.create("CompanyInfo", Id=now["Id"], SyncToken=now["SyncToken"], sparse=True, NameValue=values)

    def _ask(self, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}", "Accept": "application/json"}
        return self.http.open(f"/v3/company/{self.realm_id}/{path}", base_url=BASE_URL, headers=headers, **options)

    def behave(self, **behaviour: Any) -> None:
        """Set faults, latency … for what comes next."""
        answer = self.http.put("/_simulator/behaviour", json=behaviour)
        assert answer.status_code == 200, answer.get_data(as_text=True)

    def requests(self, kind: str = "") -> list[dict[str, Any]]:
        """What was asked so far, of one kind ("write", "read") or of all."""
        log = self.http.get("/_simulator/requests").get_json()
        rows = log["requests"] if isinstance(log, dict) else log
        return [row for row in rows if not kind or row["kind"] == kind]


@contextmanager
def simulated(company: str = "sandbox") -> Iterator[QuickBooks]:
    """QuickBooks behind `responses`: no other address can be reached meanwhile.

    The company is a day old: what was there before is not among what has just been changed.
    """
    app = simulator_in_memory(company, age=dt.timedelta(days=1))
    with responses.RequestsMock(assert_all_requests_are_fired=False) as rsps:
        route_responses(rsps, app, BASE_URL)
        yield QuickBooks(app)


@contextmanager
def simulated_for(request: pytest.FixtureRequest) -> Iterator[QuickBooks]:
    """QuickBooks with its own lists alone, where no names have to be read first.

    A test that is marked `sandbox` has the sample company, with its people and documents.
    """
    with simulated("sandbox" if request.node.get_closest_marker("sandbox") else SMALL) as running:
        yield running


def connected(quickbooks: QuickBooks, person: Associate) -> Connection:
    """An active connection to the simulated company, with tokens that are good for an hour."""
    now = timezone.now()
    return Connection.objects.create(
        environment="simulator",
        realm_id=quickbooks.realm_id,
        company_name="Sandbox Company",
        state=Connection.State.CONNECTED,
        is_active=True,
        access_token=quickbooks.tokens["access_token"],
        refresh_token=quickbooks.tokens["refresh_token"],
        access_expires_at=now + dt.timedelta(hours=1),
        refresh_expires_at=now + dt.timedelta(days=100),
        connected_by=person,
        connected_at=now,
    )


def map_everything(connection: Connection, quickbooks: QuickBooks) -> None:
    """Choose an item or account for every purpose, and an account for every expense category that exists."""
    hours = quickbooks.query("select * from Item where Name = 'Hours'")[0]
    item = Item.objects.create(
        connection=connection, qbo_id=hours["Id"], name="Hours", full_name="Hours", type="Service"
    )
    accounts = {
        "bank": quickbooks.query("select * from Account where AccountType = 'Bank'")[0],
        "card": quickbooks.query("select * from Account where AccountType = 'Credit Card'")[0],
        "associate": quickbooks.query("select * from Account where AccountType = 'Other Current Asset'")[0],
        "expense": quickbooks.query("select * from Account where AccountType = 'Expense'")[0],
    }
    mirrors = {
        name: Account.objects.create(
            connection=connection, qbo_id=row["Id"], name=row["Name"], full_name=row["FullyQualifiedName"],
            type=row["AccountType"],
        )
        for name, row in accounts.items()
    }  # fmt: skip
    for purpose in Purpose:
        if purpose.takes_item and not purpose.owner:
            Mapping.objects.create(connection=connection, purpose=purpose, item=item)
    for purpose, name in zip(ACCOUNT_PURPOSES, ("expense", "bank", "card", "bank", "associate"), strict=True):
        Mapping.objects.create(connection=connection, purpose=purpose, account=mirrors[name])
    for category in ExpenseCategory.objects.all():
        Mapping.objects.create(
            connection=connection, purpose=Purpose.CATEGORY_ACCOUNT, category=category, account=mirrors["expense"]
        )
