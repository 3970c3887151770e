"""What the Accounting API does with a request whose token and realm are in order."""

from typing import Any

from werkzeug.wrappers import Response

from qbo_simulator import answers, entities, faults
from qbo_simulator.accounting.operations import performed, read, read_by_key
from qbo_simulator.accounting.resources import ACTIONS, RESOURCES, Answer
from qbo_simulator.clock import Clock
from qbo_simulator.engine.books import Books
from qbo_simulator.engine.schema import Entity
from qbo_simulator.exchange import Exchange
from qbo_simulator.faults import Fault
from qbo_simulator.store.database import Database

LONGEST_REQUEST_ID, LONGEST_IN_BATCH = 50, 36


def serve(database: Database, clock: Clock, exchange: Exchange) -> Response:
    """The answer to a request; a write with a request id that was answered before gets those very bytes (§5)."""
    origin = exchange.request.host_url.rstrip("/")
    books = Books(database, entities.REGISTRY, str(exchange.parts["realm"]), clock, origin)
    requestid = exchange.requestid if exchange.request.method == "POST" and exchange.what != "query" else None
    with database.transaction():
        if requestid:
            stored = recall(books, requestid)
            if stored is not None:
                exchange.replayed = True
                return stored
        response = attempted(books, exchange)
        if requestid and response.status_code == 200 and not forgets(exchange):
            remember(books, requestid, response)
        return response


def attempted(books: Books, exchange: Exchange) -> Response:
    """Do what is asked; what a refused request has begun is undone."""
    try:
        with books.attempt():
            answer = dispatched(books, exchange)
            return answer if isinstance(answer, Response) else answers.envelope(exchange.request, books.clock, answer)
    except Fault as fault:
        return answers.refused(exchange.request, books.clock, fault)


def dispatched(books: Books, exchange: Exchange) -> Answer:
    """The body of the answer without `time`, or a whole answer that has no envelope."""
    if exchange.request.method not in ("GET", "POST"):
        raise faults.unsupported_operation(exchange.request.method)
    check_request_id(exchange)
    if exchange.faulted and exchange.what != "batch":
        raise exchange.faulted[0].fault()
    if exchange.what in RESOURCES:
        return RESOURCES[exchange.what](books, exchange)
    entity = entities.BY_SEGMENT.get(exchange.what)
    action = (exchange.parts["action"] or "").lower()
    if entity is None or (action and action not in ACTIONS):
        raise faults.unknown_object(exchange.what)
    if action:
        return ACTIONS[action](books, entity, exchange)
    if exchange.request.method == "POST":
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


def recall(books: Books, requestid: str) -> Response | None:
    row = books.database.one(
        "SELECT status, content_type, body FROM answer WHERE realm = ? AND requestid = ?", books.realm, requestid
    )
    return Response(row[2], status=row[0], content_type=row[1]) if row else None


def remember(books: Books, requestid: str, response: Response) -> None:
    books.database.run(
        "INSERT OR REPLACE INTO answer (realm, requestid, at, status, content_type, body) VALUES (?, ?, ?, ?, ?, ?)",
        books.realm, requestid, books.clock.seconds(), response.status_code, response.content_type, response.get_data(),
    )  # fmt: skip


def forgets(exchange: Exchange) -> bool:
    """Whether a rule says that this request's id is not remembered."""
    return exchange.midway is not None and not exchange.midway.then.get("remember", True)
