"""What the Accounting API does with a request whose token and realm are in order."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from qbo_simulator import answers, entities, faults
from qbo_simulator.accounting.operations import performed, read, read_by_key
from qbo_simulator.accounting.requestids import recalled, remember
from qbo_simulator.accounting.resources import ACTIONS, RESOURCES, Answer
from qbo_simulator.accounting.wording import worded
from qbo_simulator.clock import Clock
from qbo_simulator.engine.books import Books
from qbo_simulator.engine.schema import Entity
from qbo_simulator.exchange import Exchange
from qbo_simulator.faults import Fault
from qbo_simulator.store.database import Database

LONGEST_REQUEST_ID, LONGEST_IN_BATCH = 50, 36


def serve(database: Database, clock: Clock, exchange: Exchange, switches: Mapping[str, Any]) -> Response:
    """The answer to a request; a write with a request id that was answered before gets those very bytes (§5)."""
    origin = exchange.request.host_url.rstrip("/")
    books = Books(database, entities.REGISTRY, str(exchange.parts["realm"]), clock, origin, switches)
    books.includes = exchange.includes
    with database.transaction():
        return attempted(books, exchange)


def attempted(books: Books, exchange: Exchange) -> Response:
    """Do what is asked, unless it was done before; what a refused request has begun is undone."""
    try:
        stored = recalled(books, exchange) if exchange.idempotent else None
    except Fault as fault:
        return refused(books, exchange, fault)
    if stored is not None:
        exchange.replayed = True
        return stored
    response = carried_out(books, exchange)
    if exchange.idempotent:
        remember(books, exchange, response)
    return response


def carried_out(books: Books, exchange: Exchange) -> Response:
    try:
        with books.attempt():
            answer = dispatched(books, exchange)
            books.settle()
            return answer if isinstance(answer, Response) else answers.envelope(exchange.request, books.clock, answer)
    except Fault as fault:
        return refused(books, exchange, fault)


def refused(books: Books, exchange: Exchange, fault: Fault) -> Response:
    exchange.refused = True
    return answers.refused(exchange.request, books.clock, worded(fault, books.switches))


def dispatched(books: Books, exchange: Exchange) -> Answer:
    """The body of the answer without `time`, or a whole answer that has no envelope."""
    if exchange.request.method not in ("GET", "POST"):
        raise faults.unsupported_operation(exchange.request.method)
    check_request_id(exchange)
    if exchange.faulted and exchange.what != "batch":
        raise exchange.faulted[0]
    if exchange.what in RESOURCES:
        return RESOURCES[exchange.what](books, exchange)
    entity = entities.BY_SEGMENT.get(exchange.what)
    action = (exchange.parts["action"] or "").lower()
    if entity is None or (action and action not in ACTIONS):
        raise faults.unknown_object(exchange.what)
    if action:
        return ACTIONS[action](books, entity, exchange)
    if exchange.request.method == "POST":
        if exchange.single_operation in entity.unanswered:
            return {"BatchItemResponse": []}
        return {entity.name: posted(books, entity, exchange)}
    if entity.key and not exchange.parts["id"]:
        return {entity.name: read_by_key(books, entity, exchange.request.args)}
    return {entity.name: read(books, entity, exchange.parts["id"])}


def check_request_id(exchange: Exchange) -> None:
    requestid = exchange.requestid
    if requestid is None or exchange.request.method != "POST":
        return
    in_batch = exchange.what == "batch"
    if len(requestid) > (LONGEST_IN_BATCH if in_batch else LONGEST_REQUEST_ID):
        raise faults.invalid_request_id()


def posted(books: Books, entity: Entity, exchange: Exchange) -> dict[str, Any]:
    """POST of one record."""
    body = exchange.body
    if not exchange.request.get_data().strip():
        raise faults.malformed("Batch Request is Empty")
    if not isinstance(body, dict):
        raise faults.unreadable()
    named = exchange.request.args.get("operation", "").lower()
    if named not in ("", "create", "update", "delete", "void"):
        raise faults.unsupported_operation(named)
    return performed(books, entity, exchange.single_operation, body, exchange.includes)
