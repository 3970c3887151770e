"""The library against the simulator: one whole sign-in, every kind of request, and true faults."""

import datetime
import logging
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import responses
from quickbooks.objects.base import Ref
from quickbooks.objects.customer import Customer
from quickbooks.objects.detailline import SalesItemLine, SalesItemLineDetail
from quickbooks.objects.invoice import Invoice

from qbo_simulator import Simulator
from qbo_simulator.control import rules
from qbo_simulator.oauth.tokens import Asked
from qbo_sync.api import query
from qbo_sync.api.batch import Item, batch_body
from qbo_sync.api.body import body_of, to_json
from qbo_sync.api.company import CompanyClient
from qbo_sync.api.environment import Environment
from qbo_sync.api.errors import (
    AnswerLost,
    AuthorizationLost,
    AuthorizationRefused,
    ClientRejected,
    NoAnswer,
    Outcome,
    QboError,
    Refused,
    Throttled,
    WrongCompany,
)
from qbo_sync.api.oauth import DiscoveryCache, OAuthClient, Tokens
from qbo_sync.api.throttle import Throttles
from tests.simulator import connect, route_responses, running_simulator, simulator_in_memory
from tests.unit.qbo_sync.api.fakes import RecordingThrottle

URL = "http://qbo.test"
CALLBACK = "http://127.0.0.1:8000/qbo/callback"
ENVIRONMENT = Environment.simulator(URL)


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    app = simulator_in_memory()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as wire:
        route_responses(wire, app, URL)
        yield app
    app.database.close()


@pytest.fixture
def realm_id(simulator: Simulator) -> str:
    return str(simulator.database.one("SELECT realm FROM company")[0])


@pytest.fixture
def signed_in(simulator: Simulator, realm_id: str) -> Tokens:
    code = simulator.tokens.code(CALLBACK, Asked(realm_id))
    return oauth().exchange(code)


@pytest.fixture
def company(realm_id: str, signed_in: Tokens, throttle: RecordingThrottle) -> Iterator[CompanyClient]:
    current = [signed_in]

    def access_token(rejected: str | None = None) -> str:
        if rejected == current[0].access_token:
            current[0] = oauth().refresh(current[0].refresh_token)
        return current[0].access_token

    with CompanyClient(ENVIRONMENT, realm_id, access_token, throttle) as client:
        yield client


def oauth(client_secret: str = "simulator-secret") -> OAuthClient:
    return OAuthClient(ENVIRONMENT, "simulator-client", client_secret, CALLBACK, DiscoveryCache())


def behave(simulator: Simulator, then: dict[str, Any], **match: Any) -> None:
    simulator.behaviour.change({"rules": [{"match": match, "then": then}]})


def customer(name: str) -> str:
    made = Customer()
    made.DisplayName = name
    return to_json(body_of(made))


def create(company: CompanyClient, name: str = "Calm Moves") -> dict[str, Any]:
    return company.create("Customer", customer(name), request_id=uuid4().hex)


def refusal(call: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        call()
    assert re.fullmatch(r"1-[0-9a-f]{8}-[0-9a-f]{24}", caught.value.transaction_id)
    return caught.value


def test_from_signing_in_to_revoking(simulator: Simulator, signed_in: Tokens, company: CompanyClient) -> None:
    now = datetime.datetime.now(datetime.UTC)
    assert oauth().authorization_url("s").startswith(f"{URL}/connect/oauth2?client_id=simulator-client&")
    assert datetime.timedelta(minutes=59) < signed_in.access_expires_at - now <= datetime.timedelta(hours=1)
    assert signed_in.refresh_hard_expires_at is not None

    refreshed = oauth().refresh(signed_in.refresh_token)
    assert refreshed.access_token != signed_in.access_token
    assert company.company_info()["CompanyName"]
    assert company.preferences()["Id"] == "1"

    oauth().revoke(refreshed.refresh_token)
    with pytest.raises(AuthorizationRefused) as caught:
        company.company_info()
    assert caught.value.fault.code == "invalid_grant"
    with pytest.raises(AuthorizationRefused):
        oauth().revoke("never given")


def test_a_wrong_secret_and_a_used_code(simulator: Simulator, realm_id: str) -> None:
    code = simulator.tokens.code(CALLBACK, Asked(realm_id))
    with pytest.raises(ClientRejected):
        oauth("wrong").exchange(code)

    oauth().exchange(code)
    with pytest.raises(AuthorizationRefused):
        oauth().exchange(code)


def test_create_read_update_and_find(company: CompanyClient) -> None:
    name = "O'Neil \\ Söhne"
    created = create(company, name)
    sparse = {"Id": created["Id"], "SyncToken": created["SyncToken"], "sparse": True, "Notes": "Ring twice"}

    updated = company.update("Customer", to_json(sparse), request_id=uuid4().hex)

    assert (updated["SyncToken"], updated["DisplayName"], updated["Notes"]) == ("1", name, "Ring twice")
    assert company.read("Customer", created["Id"]) == updated
    assert company.query(query.select("Customer", where=f"DisplayName = {query.text(name)}")).rows == [updated]
    recent = (
        f"MetaData.CreateTime >= {query.moment(datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=1))}"
    )
    assert created["Id"] in [row["Id"] for row in company.query(query.select("Customer", where=recent)).rows]
    found = company.query(query.select("Customer", where=f"Id IN {query.one_of([created['Id'], '1'])}")).rows
    assert {row["Id"] for row in found} == {created["Id"], "1"}


def test_money_comes_back_to_the_cent(company: CompanyClient) -> None:
    invoice, line = Invoice(), SalesItemLine()
    invoice.CustomerRef, line.SalesItemLineDetail = Ref(), SalesItemLineDetail()
    invoice.CustomerRef.value = "1"
    line.Amount = Decimal("1234.57")
    item = company.query(query.select("Item", limit=1)).rows[0]
    line.SalesItemLineDetail.ItemRef = Ref()
    line.SalesItemLineDetail.ItemRef.value = item["Id"]
    invoice.Line.append(line)

    created = company.create("Invoice", to_json(body_of(invoice)), request_id=uuid4().hex)

    assert (created["TotalAmt"], type(created["TotalAmt"])) == (Decimal("1234.57"), Decimal)


@pytest.mark.parametrize("page_size", [7, 30, 1000])
def test_pages_bring_every_account_once(page_size: int, company: CompanyClient) -> None:
    pages = list(company.pages("Account", include_inactive=True, page_size=page_size))

    ids = [row["Id"] for page in pages for row in page]
    assert len(ids) == len(set(ids)) == company.count("Account", query.ACTIVE_AND_NOT) > 80


def test_inactive_ones_come_where_asked_for(company: CompanyClient) -> None:
    created = create(company)
    off = {"Id": created["Id"], "SyncToken": "0", "sparse": True, "Active": False}
    company.update("Customer", to_json(off), request_id=uuid4().hex)

    ids = [
        [row["Id"] for page in company.pages("Customer", include_inactive=asked) for row in page] for asked in (0, 1)
    ]
    assert [created["Id"] in each for each in ids] == [False, True]


def test_the_same_request_id_is_done_once(company: CompanyClient) -> None:
    body, request_id = customer("Only once"), uuid4().hex

    first, second = (company.create("Customer", body, request_id=request_id) for _ in range(2))

    assert first == second
    assert company.count("Customer", "DisplayName = 'Only once'") == 1


def test_a_batch_answers_item_by_item_and_is_done_once(company: CompanyClient) -> None:
    existing = create(company)
    items = [
        Item(id="1", entity="Customer", body={"DisplayName": "Batch One"}),
        Item(id="2", entity="Customer", body={"DisplayName": existing["DisplayName"]}),
        Item(id="3", entity="Vendor", body={"DisplayName": "Batch Two"}),
        Item(id="4", entity="Customer", body={**existing, "Notes": "changed", "sparse": True}, operation="update"),
    ]
    body, request_id = batch_body(items), uuid4().hex

    first, second = (company.batch(body, request_id=request_id) for _ in range(2))

    assert [each.record.get("DisplayName") for each in first.items.values()] == [
        "Batch One",
        None,
        "Batch Two",
        existing["DisplayName"],
    ]
    error = first.items["2"].error
    assert isinstance(error, Refused)
    assert (error.code, error.detail) == ("6240", f"The name supplied already exists. : Id={existing['Id']}")
    assert {id: each.record for id, each in second.items.items()} == {
        id: each.record for id, each in first.items.items()
    }
    assert company.count("Customer", "DisplayName = 'Batch One'") == 1


def test_a_full_batch_of_thirty(company: CompanyClient) -> None:
    items = [Item(id=str(number), entity="Vendor", body={"DisplayName": f"V{number}"}) for number in range(30)]

    answer = company.batch(batch_body(items), request_id=uuid4().hex)

    assert [each.error for each in answer.items.values()] == [None] * 30
    assert len({each.record["Id"] for each in answer.items.values()}) == 30


def test_true_refusals(company: CompanyClient) -> None:
    created = create(company)
    company.create("Vendor", '{"DisplayName":"A Vendor"}', request_id=uuid4().hex)
    stale = to_json({"Id": created["Id"], "SyncToken": "0", "sparse": True, "Notes": "x"})
    company.update("Customer", stale, request_id=uuid4().hex)

    codes = [
        refusal(lambda: create(company)).code,
        refusal(lambda: create(company, "A Vendor")).code,
        refusal(lambda: company.update("Customer", stale, request_id=uuid4().hex)).code,
        refusal(lambda: company.read("Customer", "99999")).code,
        refusal(lambda: company.create("Invoice", "{}", request_id=uuid4().hex)).code,
        refusal(lambda: company.query("SELECT * FROM Customer WHERE DisplayName = 'O'Neil'")).code,
        refusal(lambda: company.query("SELECT * FROM Customer WHERE Nonsense = '1'")).code,
        refusal(lambda: company.create("Customer", '{"Customer":{}}', request_id=uuid4().hex)).code,
    ]

    assert codes == ["6240", "6240", "5010", "610", "2020", "4000", "4001", "2010"]


def test_an_expired_token_is_refreshed_on_the_way(simulator: Simulator, company: CompanyClient) -> None:
    behave(simulator, {"status": 401})

    assert create(company)["Id"]
    asked = [(each["requestid"], each["status"]) for each in simulator.log.since(0) if each["kind"] == "write"]
    assert [status for _, status in asked] == [401, 200]
    assert len({request_id for request_id, _ in asked}) == 1


def test_the_token_of_another_company_does_not_open_this_one(
    simulator: Simulator, signed_in: Tokens, throttle: RecordingThrottle
) -> None:
    other = CompanyClient(ENVIRONMENT, "123", lambda rejected=None: signed_in.access_token, throttle)

    with other, pytest.raises(WrongCompany) as caught:
        other.company_info()

    assert caught.value.fault.code == "3100"


def test_a_token_that_nobody_gave_is_no_authorization(
    simulator: Simulator, realm_id: str, throttle: RecordingThrottle
) -> None:
    stranger = CompanyClient(ENVIRONMENT, realm_id, lambda rejected=None: "no token", throttle)

    with stranger, pytest.raises(AuthorizationLost):
        stranger.company_info()


@pytest.mark.parametrize(
    ("then", "kind", "outcome", "made"),
    [
        ({"status": 429}, Throttled, Outcome.REFUSED, 0),
        ({"status": 500}, AnswerLost, Outcome.UNKNOWN, 0),
        ({"status": 503}, AnswerLost, Outcome.UNKNOWN, 0),
        ({"fault": "10000"}, AnswerLost, Outcome.UNKNOWN, 0),
        ({"fault": "600"}, AnswerLost, Outcome.UNKNOWN, 0),
        ({"fault": "6190"}, Refused, Outcome.REFUSED, 0),
        ({"drop": "before"}, AnswerLost, Outcome.UNKNOWN, 0),
        ({"drop": "after"}, AnswerLost, Outcome.UNKNOWN, 1),
    ],
)
def test_what_a_failed_write_leaves_behind(
    then: dict[str, Any],
    kind: type[QboError],
    outcome: Outcome,
    made: int,
    simulator: Simulator,
    company: CompanyClient,
    throttle: RecordingThrottle,
) -> None:
    behave(simulator, then, operation="create")

    with pytest.raises(kind) as caught:
        create(company, "In doubt")

    assert caught.value.outcome == outcome
    assert throttle.pauses == ([60.0] if kind is Throttled else [])
    assert company.count("Customer", "DisplayName = 'In doubt'") == made


def test_sent_again_with_its_request_id_a_lost_write_is_done_once(simulator: Simulator, company: CompanyClient) -> None:
    behave(simulator, {"drop": "after"}, operation="create")
    body, request_id = customer("Found again"), uuid4().hex

    with pytest.raises(AnswerLost):
        company.create("Customer", body, request_id=request_id)

    assert company.create("Customer", body, request_id=request_id)["DisplayName"] == "Found again"
    assert company.count("Customer", "DisplayName = 'Found again'") == 1


def test_threads_share_a_client_over_real_sockets(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with running_simulator(tmp_path / "books.sqlite", "empty") as url:
        given = connect(url)
        throttle = Throttles("memory://", requests_per_second=1000).company("simulator", given["realm_id"])
        environment = Environment.simulator(url)
        client = CompanyClient(environment, given["realm_id"], lambda rejected=None: given["access_token"], throttle)

        def make(number: int) -> str:
            term = f'{{"Name":"Term {number}","DueDays":{number}}}'  # names are written one at a time (code 6000)
            return str(client.create("Term", term, request_id=f"r-{number}")["Id"])

        before = client.count("Term")
        with ThreadPoolExecutor(4) as threads:
            ids = list(threads.map(make, range(40)))
        assert (len(set(ids)), client.count("Term") - before) == (40, 40)

    with client, pytest.raises(NoAnswer):
        client.count("Customer")
    assert given["access_token"] not in caplog.text
    assert (
        caplog.text.count("Starting new HTTP connection") <= 4 + 2
    )  # one per thread; ours to the control plane; the last


# All that a rule can do, from the control plane's own lists: what is added there is met here.
EVERY_FAULT: list[dict[str, Any]] = [
    *({"fault": name} for name in rules.KNOWN_FAULTS),
    {"fault": {"code": "9999", "message": "Something new", "detail": "Nobody has seen this before."}},
    *({"status": status} for status in (*rules.STATUSES, 418)),
    {"status": 401, "detail": "Malformed bearer token: too short or too long"},
    *({"drop": drop} for drop in rules.DROPS),
    *({"drop": "midway", "after_items": items, "remember": kept} for items in (0, 1) for kept in (True, False)),
    {"delay_ms": 5},
]


def test_every_word_of_a_rule_is_met() -> None:
    assert {word for then in EVERY_FAULT for word in then} == set(rules.THEN)


@pytest.mark.parametrize("then", EVERY_FAULT, ids=str)
def test_whatever_happens_to_a_write_it_is_done_once_in_the_end(
    then: dict[str, Any], simulator: Simulator, company: CompanyClient
) -> None:
    """What is said to be refused was not done, and the same request sent again does not double what was."""
    behave(simulator, then, operation="create")
    body, request_id = customer("Met once"), uuid4().hex
    made = Counter[str]()

    for attempt in ("first", "again"):
        try:
            company.create("Customer", body, request_id=request_id)
            outcome = None
        except QboError as error:
            outcome = error.outcome
        made[attempt] = company.count("Customer", "DisplayName = 'Met once'")
        assert made[attempt] == (1 if outcome is None else 0) or outcome == Outcome.UNKNOWN or attempt == "again"

    assert made["again"] == 1
    assert simulator.behaviour.shown()["rules"][0]["fired"] == 1
