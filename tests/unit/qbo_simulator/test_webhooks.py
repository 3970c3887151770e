"""Webhooks: both forms, the signature, merging, Intuit's retry schedule, and a restart (qbo-api.md §10.2)."""

import base64
import hashlib
import hmac
import json
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from werkzeug.test import Client

from qbo_simulator import Simulator
from tests.simulator import address, connect, running_simulator, start_simulator
from tests.unit.qbo_simulator.company import REALM, Company

NOW = "2027-01-05T12:00:00-08:00"


@dataclass
class Receiver:
    """An app's webhook address: what came, and what it answers (one status after the other, then 200)."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, body in self.came]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.came.append((dict(self.headers), body))
            self.send_response(made.statuses.pop(0) if made.statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()
            made.arrived.set()

        def log_message(self, *words: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def told(app: Simulator, client: Client, receiver: Receiver) -> Company:
    """A company on a clock that stands still, whose webhooks go to the receiver when `turn` is called."""
    app.webhooks.stopping.set()
    behaviour = {"clock": {"now": NOW, "frozen": True}, "webhooks": {"url": receiver.url, "merge_seconds": 0}}
    assert client.put("/_simulator/behaviour", json=behaviour).status_code == 200
    headers = {"Authorization": f"Bearer {connect(client)['access_token']}", "Accept": "application/json"}
    return Company(client, REALM, headers)


def turn(company: Company, app: Simulator, seconds: int = 0) -> None:
    """The clock goes on, and everything that is due is sent."""
    company.behave(**{"clock.now": f"+{seconds}"})
    app.webhooks.turn()


def entities(body: Any) -> list[tuple[str, str, str]]:
    found = body["eventNotifications"][0]["dataChangeEvent"]["entities"]
    return [(each["name"], each["id"], each["operation"]) for each in found]


def test_a_change_is_told_in_the_classic_form_and_signed(app: Simulator, told: Company, receiver: Receiver) -> None:
    made = told.made("Customer", DisplayName="Rosa Lind")
    turn(told, app)
    entity = {
        "name": "Customer", "id": made["Id"], "operation": "Create", "lastUpdated": "2027-01-05T20:00:00.000Z",
    }  # fmt: skip
    assert receiver.bodies == [{"eventNotifications": [{"realmId": REALM, "dataChangeEvent": {"entities": [entity]}}]}]
    headers, body = receiver.came[0]
    digest = hmac.new(b"simulator-verifier", body, hashlib.sha256).digest()
    assert headers["intuit-signature"] == base64.b64encode(digest).decode()
    assert app.webhooks.turn() is False


def test_cloud_events(app: Simulator, told: Company, receiver: Receiver) -> None:
    told.behave(**{"webhooks.format": "cloudevents"})
    made = told.made("Vendor", DisplayName="Rosa Lind")
    turn(told, app)
    (event,) = receiver.bodies[0]
    assert {name: event[name] for name in event if name not in ("id", "source")} == {
        "specversion": "1.0",
        "type": "qbo.vendor.created.v1",
        "datacontenttype": "application/json",
        "time": "2027-01-05T20:00:00.000000000Z",
        "intuitentityid": made["Id"],
        "intuitaccountid": REALM,
        "data": {},
    }
    assert len(event["id"]) == 36
    assert event["source"].startswith("intuit.")


def test_what_happens_within_a_short_time_comes_in_one_post(app: Simulator, told: Company, receiver: Receiver) -> None:
    told.behave(**{"webhooks.merge_seconds": 5})
    made = told.made("Customer", DisplayName="Rosa Lind")
    for place in range(2):
        body = {"Id": made["Id"], "SyncToken": str(place), "sparse": True, "Notes": str(place)}
        told.post("Customer", body)
    turn(told, app, 4)
    assert receiver.bodies == []
    turn(told, app, 1)
    assert [entities(body) for body in receiver.bodies] == [
        [("Customer", made["Id"], "Create"), ("Customer", made["Id"], "Update")]
    ]


def test_consequences_voids_and_deletions_are_told(app: Simulator, told: Company, receiver: Receiver) -> None:
    line = {"Amount": 5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}
    invoice = told.made("Invoice", CustomerRef={"value": "1"}, Line=[line])
    turn(told, app)
    link = {"TxnId": invoice["Id"], "TxnType": "Invoice"}
    payment = told.made("Payment", CustomerRef={"value": "1"}, TotalAmt=5, Line=[{"Amount": 5, "LinkedTxn": [link]}])
    turn(told, app)
    told.post("Payment", {"Id": payment["Id"], "SyncToken": "0"}, operation="delete")
    turn(told, app)
    token = told.read("Invoice", invoice["Id"])["SyncToken"]
    told.post("Invoice", {"Id": invoice["Id"], "SyncToken": token}, operation="void")
    turn(told, app)
    paid, deleted, voided = (set(entities(body)) for body in receiver.bodies[1:])
    assert {("Payment", payment["Id"], "Create"), ("Invoice", invoice["Id"], "Update")} <= paid
    assert {("Payment", payment["Id"], "Delete"), ("Invoice", invoice["Id"], "Update")} <= deleted
    assert ("Invoice", invoice["Id"], "Void") in voided


def test_refused_writes_and_unwanted_entities_are_not_told(app: Simulator, told: Company, receiver: Receiver) -> None:
    told.behave(**{"webhooks.entities": ["Customer"]})
    told.made("Vendor", DisplayName="Rosa Lind")
    assert "Fault" in told.post("Customer", {"DisplayName": "Rosa Lind"})
    assert app.webhooks.turn() is False
    assert receiver.came == []


def test_what_is_not_answered_is_tried_on_intuits_schedule(app: Simulator, told: Company, receiver: Receiver) -> None:
    receiver.statuses = [500] * 11
    told.made("Customer", DisplayName="Rosa Lind")
    turn(told, app)
    told.made("Customer", DisplayName="Later")
    tries = []
    for pause in (10, 20, 30, 300, 1200, 7200, 14400, 21600, 21600, 21600):
        turn(told, app, pause - 1)
        before = len(receiver.came)
        turn(told, app, 1)
        tries.append((before, len(receiver.came)))
    assert tries == [(place, place + 1) for place in range(1, 11)]
    assert len({body for _, body in receiver.came}) == 1  # the later one waits behind the one that fails
    kept = told.client.get("/_simulator/webhooks").get_json()["notifications"]
    assert [(each["tries"], each["outcome"]) for each in kept] == [(11, "500"), (0, "")]
    turn(told, app, 21600)
    turn(told, app)
    assert [each["outcome"] for each in app.webhooks.shown()] == ["delivered", "delivered"]
    assert len({body for _, body in receiver.came}) == 2


def test_an_address_where_nobody_answers_is_tried_again(app: Simulator, told: Company) -> None:
    told.behave(**{"webhooks.url": "http://127.0.0.1:9/hook"})
    told.made("Customer", DisplayName="Rosa Lind")
    turn(told, app)
    assert [(each["tries"], each["outcome"]) for each in app.webhooks.shown()] == [(1, "NewConnectionError")]


def test_duplicates_and_disorder_on_demand(app: Simulator, told: Company, receiver: Receiver) -> None:
    told.behave(**{"webhooks.repeat": 2, "webhooks.order": "reversed"})
    ids = [told.made("Customer", DisplayName=name)["Id"] for name in ("Rosa", "Hugo")]
    for _ in range(2):
        turn(told, app)
    assert [entities(body) for body in receiver.bodies] == [
        [("Customer", ids[1], "Create"), ("Customer", ids[0], "Create")]
    ] * 2
    assert [(each["tries"], each["outcome"]) for each in app.webhooks.shown()] == [(2, "delivered")]


def test_they_are_sent_in_the_background_and_survive_a_kill(tmp_path: Path, receiver: Receiver) -> None:
    data = tmp_path / "books.sqlite3"
    process = start_simulator(data, "empty")
    try:
        url = address(process)
        tokens = connect(url)
        behaviour = {"clock.frozen": True, "webhooks": {"url": receiver.url, "merge_seconds": 1}}
        assert requests.put(f"{url}/_simulator/behaviour", json=behaviour, timeout=10).status_code == 200
        headers = {"Authorization": f"Bearer {tokens['access_token']}", "Accept": "application/json"}
        root = f"{url}/v3/company/{tokens['realm_id']}"
        written = requests.post(f"{root}/customer", json={"DisplayName": "Rosa"}, headers=headers, timeout=10)
        assert written.status_code == 200
    finally:
        process.kill()
        assert process.wait(timeout=60) == -signal.SIGKILL
        process.stdout.close()  # type: ignore[union-attr]
    assert receiver.came == []
    with running_simulator(data, "empty") as url:
        requests.put(f"{url}/_simulator/behaviour", json={"clock.now": "+1"}, timeout=10)
        assert receiver.arrived.wait(10)
    assert [each[2] for each in entities(receiver.bodies[0])] == ["Create"]
