"""The table of what an answer amounts to, row by row, in every envelope a fault comes in."""

import json
from decimal import Decimal
from typing import Any

import pytest
import requests

from qbo_sync.api import answer
from qbo_sync.api.errors import (
    AnswerLost,
    AuthorizationLost,
    Fault,
    Maintenance,
    Outcome,
    QboError,
    Refused,
    Throttled,
    WrongCompany,
)

TID = "1-5ebad954-0aafe28f6e2fe1dd3ce1e8ab"

THROTTLED_XML = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<IntuitResponse time="2017-07-30T22:45:22.933-07:00" xmlns="http://schema.intuit.com/finance/v3">
  <Fault type="SERVICE"><Error code="3001">
    <Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message>
    <Detail>The request limit was reached.  Try again later</Detail>
  </Error></Fault>
</IntuitResponse>"""
THROTTLED = Fault(
    code="3001",
    message="message=ThrottleExceeded; errorCode=003001; statusCode=429",
    detail="The request limit was reached.  Try again later",
    type="SERVICE",
)


def response(status: int, body: str | bytes, **headers: str) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    made._content = body.encode() if isinstance(body, str) else body
    made.headers.update({"intuit_tid": TID, **headers})
    return made


def fault(code: str, kind: str = "ValidationFault", message: str = "M", detail: str = "D") -> str:
    error = {"Message": message, "Detail": detail, "code": code, "element": "E"}
    return json.dumps({"Fault": {"Error": [error], "type": kind}, "time": "2026-03-01T00:00:00.000-08:00"})


def gateway(code: str, kind: str, status: int, detail: str | None = None) -> str:
    message = f"message=X; errorCode=00{code}; statusCode={status}"
    error = {"message": message, "detail": detail, "code": code, "element": None}
    envelope = {"error": [error], "type": kind}
    return json.dumps({"warnings": None, "fault": envelope, "queryResponse": None, "batchItemResponse": [], "time": 17})


def failure(made: requests.Response, *, writing: bool = True) -> QboError:
    with pytest.raises(QboError) as caught:
        answer.read(made, writing=writing)
    return caught.value


# name, HTTP status, body, error, outcome of a write, whether that write may be sent again as it is
TABLE: list[tuple[str, int, str, type[QboError], Outcome, bool]] = [
    ("validation", 400, fault("6240"), Refused, Outcome.REFUSED, False),
    ("validation under HTTP 200", 200, fault("2020"), Refused, Outcome.REFUSED, False),
    ("stale", 400, fault("5010"), Refused, Outcome.REFUSED, False),
    ("no permission", 400, fault("5020", "AuthorizatonFault"), Refused, Outcome.REFUSED, False),
    ("no such record", 400, fault("610"), Refused, Outcome.REFUSED, False),
    ("malformed", 400, fault("400", message="MalformedRequest"), Refused, Outcome.REFUSED, False),
    ("code in words", 400, fault("BadThing"), Refused, Outcome.REFUSED, False),
    ("fault without errors", 400, '{"Fault":{"type":"ValidationFault"}}', Refused, Outcome.REFUSED, False),
    (
        "one name at a time",
        400,
        fault("6000", detail="You can only add or edit one name at a time. Please try again."),
        Refused,
        Outcome.REFUSED,
        True,
    ),
    ("429 in XML", 429, THROTTLED_XML, Throttled, Outcome.REFUSED, True),
    ("throttled under HTTP 403", 403, THROTTLED_XML, Throttled, Outcome.REFUSED, True),
    ("429 of the gateway", 429, gateway("3001", "SERVICE", 429), Throttled, Outcome.REFUSED, True),
    ("429 in HTML", 429, "<html><body>slow down</body></html>", Throttled, Outcome.REFUSED, True),
    ("429 without a body", 429, "", Throttled, Outcome.REFUSED, True),
    ("401 of the gateway", 401, gateway("3200", "AUTHENTICATION", 401), AuthorizationLost, Outcome.REFUSED, False),
    ("401 of the service", 401, fault("100", "AuthenticationFault"), AuthorizationLost, Outcome.REFUSED, False),
    ("OAuth error", 400, fault("110"), AuthorizationLost, Outcome.REFUSED, False),
    ("401 without a body", 401, "", AuthorizationLost, Outcome.REFUSED, False),
    ("403 of the gateway", 403, gateway("3100", "SERVICE", 403), WrongCompany, Outcome.REFUSED, False),
    ("403 in HTML", 403, "<html>Forbidden</html>", WrongCompany, Outcome.REFUSED, False),
    ("no access", 400, fault("120"), WrongCompany, Outcome.REFUSED, False),
    ("wrong cluster", 400, fault("130"), WrongCompany, Outcome.REFUSED, False),
    ("wrong environment under HTTP 500", 500, fault("3100"), WrongCompany, Outcome.REFUSED, False),
    ("company locked", 400, fault("140"), Maintenance, Outcome.REFUSED, True),
    ("company under maintenance", 503, fault("150"), Maintenance, Outcome.REFUSED, True),
    ("company being reset", 400, fault("10200"), Maintenance, Outcome.REFUSED, True),
    ("request id seen before", 400, fault("600"), AnswerLost, Outcome.UNKNOWN, False),
    ("system fault", 500, fault("10000", "SystemFault"), AnswerLost, Outcome.UNKNOWN, False),
    ("system fault under HTTP 200", 200, fault("10000", "SystemFault"), AnswerLost, Outcome.UNKNOWN, False),
    ("system fault by its code", 400, fault("10000"), AnswerLost, Outcome.UNKNOWN, False),
    ("system fault by its type", 400, fault("", "SystemFault"), AnswerLost, Outcome.UNKNOWN, False),
    ("500 with a validation fault", 500, fault("2010"), AnswerLost, Outcome.UNKNOWN, False),
    ("502 in HTML", 502, "<html>Bad gateway</html>", AnswerLost, Outcome.UNKNOWN, False),
    ("503 without a body", 503, "", AnswerLost, Outcome.UNKNOWN, False),
    ("504 in JSON", 504, '{"message":"Endpoint request timed out"}', AnswerLost, Outcome.UNKNOWN, False),
    ("200 without a body", 200, "", AnswerLost, Outcome.UNKNOWN, False),
    ("200 with half a body", 200, '{"Customer":{"Id":"5', AnswerLost, Outcome.UNKNOWN, False),
    ("200 that is no object", 200, "[]", AnswerLost, Outcome.UNKNOWN, False),
    ("200 in HTML", 200, "<html><p>Sign in</html>", AnswerLost, Outcome.UNKNOWN, False),
    ("200 in XML without a fault", 200, "<IntuitResponse/>", AnswerLost, Outcome.UNKNOWN, False),
    ("400 that cannot be read", 400, "Bad request", AnswerLost, Outcome.UNKNOWN, False),
    ("404 that cannot be read", 404, "<h1>Not found</h1>", AnswerLost, Outcome.UNKNOWN, False),
    ("a redirect", 302, '{"Customer":{}}', AnswerLost, Outcome.UNKNOWN, False),
]


@pytest.mark.parametrize(
    ("status", "body", "kind", "outcome", "can_retry"), [pytest.param(*row[1:], id=row[0]) for row in TABLE]
)
def test_what_an_answer_to_a_write_amounts_to(
    status: int, body: str, kind: type[QboError], outcome: Outcome, can_retry: bool
) -> None:
    error = failure(response(status, body))

    assert (type(error), error.outcome, error.can_retry) == (kind, outcome, can_retry)
    assert error.transaction_id == TID


@pytest.mark.parametrize(
    ("status", "body", "can_retry"),
    [pytest.param(*row[1:3], True if row[4] is Outcome.UNKNOWN else row[5], id=row[0]) for row in TABLE],
)
def test_a_read_never_leaves_a_doubt_and_may_be_repeated_where_a_write_would(
    status: int, body: str, can_retry: bool
) -> None:
    error = failure(response(status, body), writing=False)

    assert (error.outcome, error.can_retry) == (Outcome.REFUSED, can_retry)


def test_a_refusal_tells_what_quickbooks_said() -> None:
    errors = [
        {"Message": "Duplicate Name Exists Error", "Detail": "… : Id=1248", "code": "6240", "element": ""},
        {"Message": "Required param missing", "code": 2020},
    ]
    error = failure(response(400, json.dumps({"Fault": {"Error": errors, "type": "ValidationFault"}})))

    assert isinstance(error, Refused)
    assert (error.code, error.message, error.detail, error.element) == (
        "6240",
        "Duplicate Name Exists Error",
        "… : Id=1248",
        "",
    )
    assert error.faults[1] == Fault(code="2020", message="Required param missing", type="ValidationFault")
    assert str(error) == (
        "QuickBooks refused the request: 6240 Duplicate Name Exists Error … : Id=1248; 2020 Required param missing"
    )


def test_the_gateways_lower_case_fault_is_read() -> None:
    error = failure(response(401, gateway("3200", "AUTHENTICATION", 401, "Token expired")))

    message = "message=X; errorCode=003200; statusCode=401"
    assert error.faults == (Fault(code="3200", message=message, detail="Token expired", type="AUTHENTICATION"),)


def test_the_xml_fault_is_read() -> None:
    assert failure(response(429, THROTTLED_XML)).faults == (THROTTLED,)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("", 60.0), ("Wed, 21 Oct 2026 07:28:00 GMT", 60.0)])
def test_how_long_to_pause(header: str, seconds: float) -> None:
    error = failure(response(429, THROTTLED_XML, **{"Retry-After": header}))

    assert isinstance(error, Throttled)
    assert error.retry_after == seconds


def test_money_is_decimal() -> None:
    body = '{"Invoice":{"TotalAmt":0.1,"Balance":100,"Line":[{"Amount":1e2}]},"fault":null}'
    read: Any = answer.read(response(200, body), writing=False)

    assert read == {
        "Invoice": {"TotalAmt": Decimal("0.1"), "Balance": 100, "Line": [{"Amount": Decimal("1E+2")}]},
        "fault": None,
    }
    assert type(read["Invoice"]["TotalAmt"]) is Decimal
    assert read.transaction_id == TID


def test_an_answer_without_the_record_is_no_answer() -> None:
    content = answer.read(response(200, '{"Customer":{"Id":"1"},"Vendor":[]}'), writing=True)

    assert content.part("Customer", writing=True) == {"Id": "1"}
    assert content.part("Customer", writing=True).transaction_id == TID
    for missing in ("Vendor", "Invoice"):
        with pytest.raises(AnswerLost) as caught:
            content.part(missing, writing=True)
        assert (caught.value.outcome, caught.value.transaction_id) == (Outcome.UNKNOWN, TID)


def test_an_answer_that_intuit_did_not_give_bears_no_transaction_id() -> None:
    made = response(502, "<html>proxy</html>")
    del made.headers["intuit_tid"]

    assert failure(made).transaction_id == ""
