"""Change data capture and webhooks (qbo-api.md §10)."""

import base64
import datetime as dt
import hashlib
import hmac
import re
from typing import Any

import pytest

from tests.contract.company import Company, Record, error, pick, sale, stub
from tests.contract.conftest import Simulated
from tests.contract.marks import fact, simulator_only
from tests.contract.shapes import DIGITS, MILLISECONDS, SECONDS, Number, check
from tests.unit.qbo_simulator.test_webhooks import Receiver


def changes(company: Company, entities: str, since: str) -> dict[str, list[Record]]:
    """Entity → what changed."""
    answer = company.ask("GET", "cdc", entities=entities, changedSince=since).json
    assert "CDCResponse" in answer, answer
    blocks = answer["CDCResponse"][0]["QueryResponse"]
    return {name: rows for block in blocks for name, rows in block.items() if isinstance(rows, list)}


def moment(record: Record) -> str:
    return record["MetaData"]["LastUpdatedTime"]


@fact("10.1-shape")
def test_what_changed(company: Company) -> None:
    customer = company.customer()
    answer = company.ask("GET", "cdc", entities="Customer", changedSince=moment(customer)).json
    assert set(answer) == {"CDCResponse", "time"}
    check(MILLISECONDS, answer["time"])
    (response,) = answer["CDCResponse"]
    block = next(block for block in response["QueryResponse"] if "Customer" in block)
    assert company.read("Customer", customer["Id"]) in block["Customer"]
    check({"startPosition": 1, "maxResults": Number}, pick(block, "startPosition", "maxResults"))


@fact("10.1-deleted-stubs")
def test_what_was_deleted(company: Company) -> None:
    purchase = company.purchase()
    company.delete("Purchase", purchase)
    found = [row for row in changes(company, "Purchase", moment(purchase))["Purchase"] if row["Id"] == purchase["Id"]]
    stub = {"status": "Deleted", "domain": "QBO", "Id": purchase["Id"], "MetaData": {"LastUpdatedTime": SECONDS}}
    check([stub], found)


@fact("10.1-unsupported")
@pytest.mark.parametrize("entity", ["TimeActivity", "JournalCode", "TaxAgency", "TaxCode", "TaxRate"])
def test_what_is_not_supported(company: Company, entity: str) -> None:
    since = moment(company.customer())
    assert "code" in error(company.ask("GET", "cdc", entities=entity, changedSince=since).json)


@fact("10.1-unchanged-dropped", "10.1-order-of-blocks")
@simulator_only("nobody else may write meanwhile")
def test_types_without_changes(fresh: Simulated) -> None:
    fresh.behave(clock={"now": "+60", "frozen": True})
    since = moment(fresh.vendor())
    fresh.behave(clock={"now": "+60", "frozen": True})
    purchase, vendor = fresh.purchase(), fresh.vendor()
    found = changes(fresh, "Purchase,Account,Vendor,Term", since)
    assert "Term" not in found or found["Term"] == []
    assert [row["Id"] for row in found["Purchase"]] == [purchase["Id"]]
    assert vendor["Id"] in [row["Id"] for row in found["Vendor"]]


@fact("10.1-deactivated")
def test_what_was_deactivated(company: Company) -> None:
    gone = company.changed("Customer", company.customer(), Active=False)
    rows = {row["Id"]: row for row in changes(company, "Customer", moment(gone))["Customer"]}
    assert rows[gone["Id"]]["Active"] is False


@fact("10.1-30-days")
def test_it_looks_back_thirty_days(company: Company) -> None:
    since = (dt.datetime.now(dt.UTC) - dt.timedelta(days=31)).isoformat(timespec="seconds")
    assert "code" in error(company.ask("GET", "cdc", entities="Customer", changedSince=since).json)


@fact("10.1-1000-objects")
@simulator_only("a thousand records would stay in the sandbox")
def test_a_thousand_objects_at_most(fresh: Simulated) -> None:
    since = moment(fresh.customer())
    for start in range(0, 1020, 30):
        made = ({"bId": str(n), "operation": "create", "Class": {"Name": f"P {n}"}} for n in range(start, start + 30))
        fresh.batch(*made)
    assert sum(len(rows) for rows in changes(fresh, "Class,Customer", since).values()) == 1000


# 10.2 webhooks

told_here = simulator_only("a sandbox's webhooks go to a public address")
ENTITY = {"name": str, "id": DIGITS, "operation": str, "lastUpdated": re.compile(r"[\d-]{10}T[\d:]{8}\.\d{3}Z")}


def turn(fresh: Simulated, seconds: int = 0) -> None:
    """The clock goes on, and everything that is due is sent."""
    fresh.behave(**{"clock.now": f"+{seconds}"})
    fresh.app.webhooks.turn()


@pytest.fixture
def told(fresh: Simulated, receiver: Receiver) -> Simulated:
    """A company on a clock that stands still, whose changes are told when `turn` is called."""
    fresh.app.webhooks.stopping.set()
    fresh.behave(clock={"frozen": True}, webhooks={"url": receiver.url, "merge_seconds": 0})
    return fresh


def operations(receiver: Receiver) -> list[tuple[str, str]]:
    return [
        (entity["name"], entity["operation"])
        for body in receiver.bodies
        for note in body["eventNotifications"]
        for entity in note["dataChangeEvent"]["entities"]
    ]


@fact("10.2-classic", "10.2-ids-only", "10.2-own-writes")
@told_here
def test_the_classic_payload(told: Simulated, receiver: Receiver) -> None:
    made = told.customer()
    turn(told)
    shape = {"eventNotifications": [{"realmId": told.realm, "dataChangeEvent": {"entities": [ENTITY]}}]}
    check([shape], receiver.bodies)
    assert receiver.bodies[0]["eventNotifications"][0]["dataChangeEvent"]["entities"][0]["id"] == made["Id"]


@fact("10.2-cloudevents", "10.2-type-names", "10.2-account-id", "10.2-nanoseconds", "10.2-ids-only")
@told_here
def test_cloud_events(told: Simulated, receiver: Receiver) -> None:
    told.behave(**{"webhooks.format": "cloudevents"})
    made = told.vendor()
    turn(told)
    event = {
        "specversion": "1.0",
        "id": re.compile(r"[0-9a-f-]{36}"),
        "source": re.compile(r"intuit\..+"),
        "type": "qbo.vendor.created.v1",
        "datacontenttype": "application/json",
        "time": re.compile(r"[\d-]{10}T[\d:]{8}\.\d{9}Z"),
        "intuitentityid": made["Id"],
        "intuitaccountid": told.realm,
        "data": {},
    }
    check([[event]], receiver.bodies)


@fact("10.2-signature")
@told_here
@pytest.mark.parametrize("form", ["classic", "cloudevents"])
def test_the_signature(told: Simulated, receiver: Receiver, form: str) -> None:
    told.behave(**{"webhooks.format": form, "webhooks.verifier_token": "secret"})
    told.customer()
    turn(told)
    headers, body = receiver.came[0]
    digest = hmac.new(b"secret", body, hashlib.sha256).digest()
    assert headers["intuit-signature"] == base64.b64encode(digest).decode()


@fact("10.2-operations", "10.2-timeactivity")
@told_here
def test_the_operations(told: Simulated, receiver: Receiver) -> None:
    activity = told.time()
    told.delete("TimeActivity", told.changed("TimeActivity", activity, Description="x"))
    invoice = told.invoice(sale(1))
    told.post("Invoice", stub(invoice), operation="void")
    turn(told)
    found = operations(receiver)
    assert {("TimeActivity", word) for word in ("Create", "Update", "Delete")} <= set(found)
    assert ("Invoice", "Void") in found


@fact("10.2-several-realms")
@told_here
def test_several_realms_in_one_post(told: Simulated, receiver: Receiver) -> None:
    told.control("POST", "companies", {"realm_id": "77"})
    tokens = told.control("POST", "tokens", {"realm_id": "77"})
    told.customer()
    Company(told.wire, "77", tokens["access_token"]).customer()
    turn(told)
    realms = [note["realmId"] for body in receiver.bodies for note in body["eventNotifications"]]
    assert set(realms) == {told.realm, "77"}
    assert len(receiver.bodies) == 1


@fact("10.2-retries", "10.2-waiting")
@told_here
def test_what_is_not_answered_is_tried_again(told: Simulated, receiver: Receiver) -> None:
    receiver.statuses = [500] * 9
    told.customer()
    turn(told)
    told.vendor()
    for tries, pause in enumerate((10, 20, 30, 300, 1200, 7200, 14400, 21600), 1):
        turn(told, pause - 1)
        assert len(receiver.came) == tries
        turn(told, 1)
    assert [len(receiver.came), set(operations(receiver))] == [9, {("Customer", "Create")}]


@fact("10.2-late-or-repeated")
@told_here
def test_events_may_be_repeated_and_out_of_order(told: Simulated, receiver: Receiver) -> None:
    told.behave(**{"webhooks.repeat": 2, "webhooks.order": "reversed"})
    told.customer()
    told.vendor()
    for _ in range(2):
        turn(told)
    once: list[Any] = [("Vendor", "Create"), ("Customer", "Create")]
    assert operations(receiver) == once * 2
