"""Answers as bytes: JSON, XML where JSON is not asked for, and the headers every answer has."""

import secrets
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from werkzeug.wrappers import Request, Response

from qbo_simulator import jsontext
from qbo_simulator.clock import Clock, with_milliseconds
from qbo_simulator.faults import Fault, GatewayFault

NAMESPACE = "http://schema.intuit.com/finance/v3"
THROTTLED_XML = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<IntuitResponse time="{time}" xmlns="http://schema.intuit.com/finance/v3">'
    '<Fault type="SERVICE"><Error code="3001">'
    "<Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message>"
    "<Detail>The request limit was reached.  Try again later</Detail></Error></Fault></IntuitResponse>"
)


def transaction_id() -> str:
    """An `intuit_tid`: `1-<8 hex>-<24 hex>`."""
    return f"1-{secrets.token_hex(4)}-{secrets.token_hex(12)}"


def wants_json(request: Request) -> bool:
    """Without `Accept: application/json` Intuit answers XML (qbo-api.md §2.1)."""
    return "json" in request.headers.get("Accept", "").lower()


def plain_json(body: Any, status: int = 200) -> Response:
    return Response(jsontext.written(body), status=status, content_type="application/json;charset=UTF-8")


def envelope(request: Request, clock: Clock, body: dict[str, Any], status: int = 200) -> Response:
    """An answer of the service with its `time`."""
    time = with_milliseconds(clock.now())
    if wants_json(request):
        return plain_json({**body, "time": time}, status)
    return Response(xml(body, time), status=status, content_type="application/xml;charset=UTF-8")


def refused(request: Request, clock: Clock, fault: Fault) -> Response:
    """A service fault as an answer of its own."""
    return envelope(request, clock, {"Fault": fault.body()}, fault.status)


def stopped(clock: Clock, fault: GatewayFault) -> Response:
    """A gateway fault; the one for too many requests is XML whatever was asked for (qbo-api.md §6)."""
    now = clock.now()
    if fault.as_xml:
        text = THROTTLED_XML.format(time=with_milliseconds(now))
        response = Response(text, status=fault.status, content_type="application/xml;charset=UTF-8")
    else:
        response = plain_json(fault.body(int(now.timestamp() * 1000)), fault.status)
    if fault.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Intuit", error="invalid_token"'
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response


def xml(body: dict[str, Any], time: str) -> str:
    """The XML answer of the same content."""
    inner = "".join(element(name, value) for name, value in body.items())
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}<IntuitResponse time="{time}" xmlns="{NAMESPACE}">{inner}</IntuitResponse>'


def element(name: str, value: Any) -> str:
    """One property: lists repeat, references carry their name as attribute, pages and faults their head."""
    if isinstance(value, list):
        return "".join(element(name, each) for each in value)
    if not isinstance(value, dict):
        return f"<{name}>{escape(text_of(value))}</{name}>"
    if "value" in value and set(value) <= {"value", "name", "type"}:
        attributes = attributes_of(value, ("name", "type"))
        return f"<{name}{attributes}>{escape(text_of(value['value']))}</{name}>"
    heads: tuple[str, ...] = ("domain", "sparse", "status", "startPosition", "maxResults", "totalCount", "bId")
    if name in ("Fault", "Error"):
        heads = (*heads, "type", "code", "element")
    inner = "".join(element(part, content) for part, content in value.items() if part not in heads)
    return f"<{name}{attributes_of(value, heads)}>{inner}</{name}>"


def attributes_of(value: dict[str, Any], names: tuple[str, ...]) -> str:
    return "".join(f" {name}={quoteattr(text_of(value[name]))}" for name in names if name in value)


def text_of(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
