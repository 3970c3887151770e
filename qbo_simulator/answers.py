"""Answers as bytes: JSON, XML where JSON is not asked for, and the headers every answer has."""

import secrets
from typing import Any

from werkzeug.wrappers import Request, Response

from qbo_simulator import jsontext
from qbo_simulator.clock import Clock, with_milliseconds
from qbo_simulator.faults import Fault, GatewayFault
from qbo_simulator.xml import render


def transaction_id() -> str:
    """An `intuit_tid`: `1-<8 hex>-<24 hex>`."""
    return f"1-{secrets.token_hex(4)}-{secrets.token_hex(12)}"


def wants_json(request: Request) -> bool:
    """Without `Accept: application/json` Intuit answers XML (qbo-api.md §2.1)."""
    return "json" in request.headers.get("Accept", "").lower()


def plain_json(body: Any, status: int = 200) -> Response:
    return Response(jsontext.written(body), status=status, content_type="application/json;charset=UTF-8")


def as_xml(content: bytes, status: int = 200) -> Response:
    return Response(content, status=status, content_type="application/xml;charset=UTF-8")


def envelope(request: Request, clock: Clock, body: dict[str, Any], status: int = 200) -> Response:
    """An answer of the service with its `time`."""
    time = with_milliseconds(clock.now())
    if wants_json(request):
        return plain_json({**body, "time": time}, status)
    return as_xml(render.response(body, time), status)


def refused(request: Request, clock: Clock, fault: Fault) -> Response:
    """A service fault as an answer of its own."""
    return envelope(request, clock, {"Fault": fault.body()}, fault.status)


def stopped(clock: Clock, fault: GatewayFault, request: Request | None = None) -> Response:
    """A gateway fault; the one for too many requests is XML whatever was asked for (qbo-api.md §6)."""
    now = clock.now()
    if fault.as_xml or (request is not None and not wants_json(request)):
        error = {"code": fault.code, "Message": fault.message, "Detail": fault.detail}
        told = {"type": fault.kind, "Error": {name: part for name, part in error.items() if part is not None}}
        response = as_xml(render.response({"Fault": told}, with_milliseconds(now)), fault.status)
    else:
        response = plain_json(fault.body(int(now.timestamp() * 1000)), fault.status)
    if fault.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Intuit", error="invalid_token"'
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response
