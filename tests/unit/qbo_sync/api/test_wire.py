"""One request: what is sent, with which token, in whose turn."""

import logging
from collections.abc import Callable

import pytest
import requests
import responses
from quickbooks.objects.customer import Customer
from quickbooks.objects.preferences import Preferences
from responses import matchers

from qbo_sync.api.company import CompanyClient
from qbo_sync.api.environment import Environment
from qbo_sync.api.errors import AnswerLost, AuthorizationLost, AuthorizationRefused, Outcome, QboError, Throttled
from tests.unit.qbo_sync.api.fakes import COMPANY, REALM, TID, RecordingThrottle, Tokens

CUSTOMER = '{"Customer":{"Id":"58","SyncToken":"0","DisplayName":"Smith"},"time":"2026-03-01T10:00:00.000-08:00"}'
UNAUTHORIZED = '{"fault":{"error":[{"message":"m","detail":"Token expired","code":"3200"}],"type":"AUTHENTICATION"}}'


def create(client: CompanyClient) -> object:
    return client.create("Customer", '{"DisplayName":"Smith"}', request_id="r-1")


def sent(wire: responses.RequestsMock) -> list[tuple[str, str | bytes | None, str]]:
    calls = (call.request for call in wire.calls)
    return [(request.url or "", request.body, request.headers["Authorization"]) for request in calls]


def test_a_write_bears_request_id_minor_version_and_the_exact_body(
    client: CompanyClient, wire: responses.RequestsMock
) -> None:
    wire.post(
        f"{COMPANY}/customer",
        body=CUSTOMER,
        headers={"intuit_tid": TID},
        match=[
            matchers.query_param_matcher({"minorversion": "75", "requestid": "r-1"}),
            matchers.header_matcher({"Accept": "application/json", "Content-Type": "application/json;charset=UTF-8"}),
        ],
    )

    answer = client.create("Customer", '{"DisplayName":"Smith"}', request_id="r-1")

    assert answer == {"Id": "58", "SyncToken": "0", "DisplayName": "Smith"}
    assert answer.transaction_id == TID
    assert [(body, authorization) for _, body, authorization in sent(wire)] == [
        (b'{"DisplayName":"Smith"}', "Bearer first-secret-token")
    ]


@pytest.mark.parametrize("request_id", ["", "x" * 51, None])
def test_a_write_without_a_request_id_is_not_sent(
    request_id: str, client: CompanyClient, throttle: RecordingThrottle
) -> None:
    with pytest.raises(ValueError, match="request id"):
        client.create("Customer", "{}", request_id=request_id)

    assert throttle.asked == []


def test_a_query_is_posted_as_text_and_bears_no_request_id(client: CompanyClient, wire: responses.RequestsMock) -> None:
    wire.post(
        f"{COMPANY}/query",
        body='{"QueryResponse":{}}',
        match=[
            matchers.query_param_matcher({"minorversion": "75"}),
            matchers.header_matcher({"Content-Type": "application/text;charset=UTF-8"}),
        ],
    )

    assert client.query("SELECT * FROM Customer WHERE GivenName = 'Zoë'").rows == []
    assert sent(wire)[0][1] == "SELECT * FROM Customer WHERE GivenName = 'Zoë'".encode()


def test_after_a_401_the_same_request_goes_out_once_more_with_the_refreshed_token(
    client: CompanyClient, tokens: Tokens, wire: responses.RequestsMock, throttle: RecordingThrottle
) -> None:
    wire.post(f"{COMPANY}/customer", status=401, body=UNAUTHORIZED)
    wire.post(f"{COMPANY}/customer", body=CUSTOMER)

    create(client)

    (url, body, first), (url_again, body_again, second) = sent(wire)
    assert (url_again, body_again) == (url, body)
    assert "requestid=r-1" in url
    assert (first, second) == ("Bearer first-secret-token", "Bearer second-secret-token")
    assert tokens.rejected == ["first-secret-token"]
    assert throttle.asked == [("request", None), ("request", None)]


def test_a_second_401_ends_it(client: CompanyClient, tokens: Tokens, wire: responses.RequestsMock) -> None:
    wire.post(f"{COMPANY}/customer", status=401, body=UNAUTHORIZED, headers={"intuit_tid": TID})

    with pytest.raises(AuthorizationLost) as caught:
        create(client)

    assert len(wire.calls) == 2
    assert tokens.rejected == ["first-secret-token"]
    assert (caught.value.outcome, caught.value.transaction_id) == (Outcome.REFUSED, TID)


def test_the_same_token_again_is_not_tried(throttle: RecordingThrottle, wire: responses.RequestsMock) -> None:
    wire.post(f"{COMPANY}/customer", status=401, body=UNAUTHORIZED)

    with pytest.raises(AuthorizationLost):
        create(CompanyClient(Environment.sandbox(), REALM, Tokens("only-token"), throttle))

    assert len(wire.calls) == 1


def test_what_refreshing_raises_goes_through(throttle: RecordingThrottle, wire: responses.RequestsMock) -> None:
    def source(rejected: str | None = None) -> str:
        if rejected:
            raise AuthorizationRefused
        return "token"

    wire.post(f"{COMPANY}/customer", status=401, body=UNAUTHORIZED)

    with pytest.raises(AuthorizationRefused) as caught:
        create(CompanyClient(Environment.sandbox(), REALM, source, throttle))

    assert caught.value.outcome == Outcome.REFUSED


@pytest.mark.parametrize(("headers", "seconds"), [({}, 60.0), ({"Retry-After": "5"}, 5.0)])
def test_a_429_pauses_the_company(
    headers: dict[str, str],
    seconds: float,
    client: CompanyClient,
    throttle: RecordingThrottle,
    wire: responses.RequestsMock,
) -> None:
    wire.post(f"{COMPANY}/customer", status=429, body="<IntuitResponse/>", headers=headers)

    with pytest.raises(Throttled):
        create(client)

    assert throttle.pauses == [seconds]
    assert len(wire.calls) == 1


def test_without_a_slot_in_time_nothing_is_sent(
    tokens: Tokens, throttle: RecordingThrottle, wire: responses.RequestsMock
) -> None:
    throttle.free = False
    client = CompanyClient(Environment.sandbox(), REALM, tokens, throttle, slot_timeout=3)

    with pytest.raises(Throttled, match="no slot in time"):
        create(client)

    assert throttle.asked == [("request", 3)]
    assert (len(wire.calls), throttle.pauses) == (0, [])


def test_a_redirect_is_not_followed(client: CompanyClient, wire: responses.RequestsMock) -> None:
    wire.post(f"{COMPANY}/customer", status=302, headers={"Location": "https://elsewhere.invalid/"})

    with pytest.raises(AnswerLost):
        create(client)

    assert len(wire.calls) == 1


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(create, id="create"),
        pytest.param(lambda client: client.update("Customer", "{}", request_id="r-1"), id="update"),
        pytest.param(lambda client: client.batch('{"BatchItemRequest":[]}', request_id="r-1"), id="batch"),
    ],
)
def test_a_write_whose_answer_is_lost_is_in_doubt(
    call: Callable[[CompanyClient], object], client: CompanyClient, wire: responses.RequestsMock
) -> None:
    for path in ("customer", "batch"):
        wire.post(f"{COMPANY}/{path}", body=requests.ReadTimeout("secret"))
    wire.assert_all_requests_are_fired = False

    with pytest.raises(AnswerLost) as caught:
        call(client)

    assert (caught.value.outcome, caught.value.can_retry) == (Outcome.UNKNOWN, False)


def test_a_read_whose_answer_is_lost_may_be_repeated(client: CompanyClient, wire: responses.RequestsMock) -> None:
    wire.get(f"{COMPANY}/customer/58", body=requests.ConnectionError("reset"))
    wire.post(f"{COMPANY}/query", body=requests.ConnectionError("reset"))

    for call in (lambda: client.read("Customer", "58"), lambda: client.query("SELECT * FROM Customer")):
        with pytest.raises(AnswerLost) as caught:
            call()
        assert (caught.value.outcome, caught.value.can_retry) == (Outcome.REFUSED, True)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 429, 500])
def test_no_token_in_logs_messages_and_contexts(
    status: int, client: CompanyClient, wire: responses.RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body = CUSTOMER if status == 200 else '{"Fault":{"Error":[{"Message":"m","code":"2020"}]}}'
    wire.post(f"{COMPANY}/customer", status=status, body=body, headers={"intuit_tid": TID})

    shown = ""
    try:
        create(client)
    except QboError as error:
        shown = f"{error!r} {error} {error.__context__!r} {vars(error)}"

    assert "secret" not in shown + caplog.text
    assert TID in caplog.text


def test_python_quickbooks_own_objects_work_on_it(client: CompanyClient, wire: responses.RequestsMock) -> None:
    wire.get(f"{COMPANY}/customer/58", body=CUSTOMER)
    wire.get(f"{COMPANY}/preferences", body='{"Preferences":{"Id":"1"}}')
    wire.post(f"{COMPANY}/query", body='{"QueryResponse":{"totalCount":29}}')

    assert Customer.get(58, qb=client._wire).DisplayName == "Smith"
    assert Preferences.get(qb=client._wire).Id == "1"
    assert Customer.count(qb=client._wire) == 29


def test_attachments_are_not_sent(client: CompanyClient) -> None:
    with pytest.raises(ValueError, match="Attachments"):
        client._wire.create_object("Attachable", "{}", _file_path="receipt.pdf", request_id="r-1")
