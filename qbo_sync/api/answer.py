"""Reading what QuickBooks answered: its status and its body are looked at before either is believed.

A fault comes in four envelopes (qbo-api.md §7.1, §6): ``Fault`` in JSON, also under HTTP 200; the gateway's lower-case
``fault``; XML even where JSON was asked for (429); and one per item inside a batch.
"""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import requests

from qbo_sync.api.errors import (
    AnswerLost,
    AuthorizationLost,
    Fault,
    Maintenance,
    QboError,
    Refused,
    Throttled,
    WrongCompany,
)
from qbo_sync.api.sessions import lost

PAUSE_AFTER_429 = 60.0  # seconds (qbo-api.md §6)

# Codes whose meaning is not "this record is not right" (qbo-api.md §7.2).
_BY_CODE: dict[str, type[QboError]] = {
    "3001": Throttled,  # §6; its HTTP status was 403 once
    "100": AuthorizationLost,
    "110": AuthorizationLost,
    "3200": AuthorizationLost,  # §7.1
    "120": WrongCompany,
    "130": WrongCompany,  # the wrong environment
    "3100": WrongCompany,  # §7.1
    "140": Maintenance,
    "150": Maintenance,
    "10200": Maintenance,
    "600": AnswerLost,  # this request id was seen, perhaps is still running: what became of it is not said (§5)
}
_BY_STATUS: dict[int, type[QboError]] = {401: AuthorizationLost, 403: WrongCompany, 429: Throttled}

# A refusal that passes by itself: somebody else was editing a name at that moment (qbo-api.md §11, row 18).
_PASSING = ("6000", "one name at a time")


class Answer(dict[str, Any]):
    """A JSON object from QuickBooks, money in it as Decimal, with Intuit's `transaction_id` of the answer it came in.

    A dict, so that python-quickbooks' ``from_json`` takes it as it is.
    """

    def __init__(self, content: dict[str, Any], *, transaction_id: str) -> None:
        super().__init__(content)
        self.transaction_id = transaction_id

    def part(self, name: str, *, writing: bool) -> "Answer":
        """The object under `name`; an answer without it is none (`AnswerLost`)."""
        content = self.get(name)
        if not isinstance(content, dict):
            raise lost(f"QuickBooks' answer holds no {name}.", writing=writing, transaction_id=self.transaction_id)
        return Answer(content, transaction_id=self.transaction_id)


def read(response: requests.Response, *, writing: bool) -> Answer:
    """The answer in `response`.

    Arguments:
        writing: whether the request could have changed something, which makes a missing answer a doubt.

    Errors: whatever `classify` makes of the status and the faults.
    """
    body = _body(response.content)
    faults = faults_in(body)
    if 200 <= response.status_code < 300 and body is not None and not faults:
        return Answer(body, transaction_id=intuit_tid(response))
    raise classify(
        response.status_code,
        faults,
        writing=writing,
        transaction_id=intuit_tid(response),
        retry_after=response.headers.get("Retry-After", ""),
    )


def classify(
    status: int, faults: Sequence[Fault], *, writing: bool, transaction_id: str = "", retry_after: str = ""
) -> QboError:
    """The error that an answer amounts to. This is the whole table, first match wins.

    | what came                                            | error             | outcome of a write |
    |------------------------------------------------------|-------------------|--------------------|
    | code 3001, 100, 110, 3200, 120, 130, 3100, 140 …     | see `_BY_CODE`    | refused            |
    | code 600, request id seen before (§5)                | AnswerLost        | unknown            |
    | HTTP 401, 403, 429, whatever the body (§6, §7.1)     | see `_BY_STATUS`  | refused            |
    | HTTP 5xx; system fault, code 10000 and above (§7.2)  | AnswerLost        | unknown            |
    | no fault to be read: HTML, half a body, a redirect   | AnswerLost        | unknown            |
    | any other fault, HTTP 400 or 200                     | Refused           | refused            |

    Arguments:
        status: of HTTP; 200 for an item of a batch.
        retry_after: the header, seconds in digits; anything else counts as Intuit's documented 60 s.
    """
    details: dict[str, Any] = {"faults": faults, "transaction_id": transaction_id}
    kind = _kind(status, faults)
    if kind is AnswerLost:
        words = "; ".join(map(str, faults)) or "a body that cannot be read"
        return lost(f"QuickBooks answered HTTP {status} with {words}.", writing=writing, **details)
    if kind is Throttled:
        seconds = float(retry_after) if retry_after.isdecimal() else PAUSE_AFTER_429
        return Throttled(retry_after=seconds, **details)
    if kind is Refused:
        return Refused(can_retry=_passes(faults[0]), **details)
    return kind(**details)


def _kind(status: int, faults: Sequence[Fault]) -> type[QboError]:
    known = next((_BY_CODE[fault.code] for fault in faults if fault.code in _BY_CODE), None)
    if known := known or _BY_STATUS.get(status):
        return known
    if status >= 500 or not faults or any(map(_is_system_failure, faults)):
        return AnswerLost
    return Refused


def _is_system_failure(fault: Fault) -> bool:
    return fault.type == "SystemFault" or (fault.code.isdecimal() and int(fault.code) >= 10000)


def _passes(fault: Fault) -> bool:
    code, words = _PASSING
    return fault.code == code and words in fault.detail


def intuit_tid(response: requests.Response) -> str:
    """Intuit's id of the answer, or "" where something between us and Intuit answered."""
    return str(response.headers.get("intuit_tid", ""))


def _body(content: bytes) -> dict[str, Any] | None:
    """The JSON object, or the XML fault in JSON's shape; None when it is neither."""
    if content.lstrip().startswith(b"<"):
        return _xml_fault(content)
    try:
        body = json.loads(content, parse_float=Decimal)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _xml_fault(content: bytes) -> dict[str, Any] | None:
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - Intuit's answer, over TLS; expat limits entities itself
    except ElementTree.ParseError:
        return None
    fault = root.find("{*}Fault")
    if fault is None:
        return None
    return {"Fault": {"type": fault.get("type"), "Error": [_xml_error(error) for error in fault.iterfind("{*}Error")]}}


def _xml_error(error: ElementTree.Element) -> dict[str, Any]:
    texts = {name: error.findtext(f"{{*}}{name}") for name in ("Message", "Detail")}
    return {"code": error.get("code"), "element": error.get("element"), **texts}


def faults_in(body: dict[str, Any] | None) -> tuple[Fault, ...]:
    """The faults of an answer or of one item of a batch, in either spelling; none for an answer without."""
    envelope = _lower((body or {}).get("Fault") or (body or {}).get("fault"))
    if not envelope:
        return ()
    errors = envelope.get("error")
    kind = str(envelope.get("type") or "")
    return tuple(_fault(_lower(error), kind) for error in errors or [{}])


def _fault(error: dict[str, Any], kind: str) -> Fault:
    code, message, detail, element = (str(error.get(name) or "") for name in ("code", "message", "detail", "element"))
    return Fault(code=code, message=message, detail=detail, element=element, type=kind)


def _lower(content: Any) -> dict[str, Any]:
    return {name.lower(): value for name, value in content.items()} if isinstance(content, dict) else {}
