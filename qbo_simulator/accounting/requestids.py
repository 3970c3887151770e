"""Request ids: an answer that was given once is given again for its id (qbo-api.md §5)."""

import hashlib

from werkzeug.wrappers import Response

from qbo_simulator import faults
from qbo_simulator.engine.books import Books
from qbo_simulator.exchange import Exchange

HOUR = 3600


def recalled(books: Books, exchange: Exchange) -> Response | None:
    """The very bytes that were answered to this request id; None where it is new, forgotten or to be carried out anew.

    Raises Fault 600 where the id came with another request before and the switch says so.
    """
    row = books.database.one(
        "SELECT at, request, status, content_type, body FROM answer WHERE realm = ? AND requestid = ?",
        books.realm, exchange.requestid,
    )  # fmt: skip
    if row is None or is_forgotten(books, row[0]):
        return None
    mismatch = books.switches["requestid_mismatch"]
    if mismatch != "replay" and row[1] != fingerprint(exchange):
        if mismatch == "refuse":
            raise faults.duplicate_request_id()
        return None
    return Response(row[4], status=row[2], content_type=row[3])


def is_forgotten(books: Books, at: float) -> bool:
    hours = books.switches["requestid_hours"]
    return bool(hours) and at + hours * HOUR <= books.clock.seconds()


def remember(books: Books, exchange: Exchange, response: Response) -> None:
    """Keep an answer for its request id, unless a rule has it forgotten or it is a refusal and those are not kept."""
    if exchange.forgotten or (exchange.refused and not books.switches["requestid_keeps_errors"]):
        return
    books.database.run(
        """INSERT OR REPLACE INTO answer (realm, requestid, at, request, status, content_type, body)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        books.realm, exchange.requestid, books.clock.seconds(), fingerprint(exchange), response.status_code,
        response.content_type, response.get_data(),
    )  # fmt: skip


def fingerprint(exchange: Exchange) -> str:
    """What tells one request from another: its path and its body."""
    request = exchange.request
    return hashlib.sha256(request.path.encode() + b"\n" + request.get_data()).hexdigest()
