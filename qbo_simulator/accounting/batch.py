"""Batch: up to 30 operations in one request, each answered for itself (qbo-api.md §4)."""

from typing import Any

from qbo_simulator import entities, faults
from qbo_simulator.accounting.operations import performed
from qbo_simulator.accounting.wording import worded
from qbo_simulator.engine.books import Books
from qbo_simulator.exchange import Exchange, batch_operation
from qbo_simulator.faults import Fault
from qbo_simulator.query import run

LONGEST_BID = 10


def answer(books: Books, exchange: Exchange) -> dict[str, Any]:
    """The body of the answer.  Where a rule ends the batch midway, its first items are done and only they answered."""
    items = exchange.batch_items
    if not items:
        raise faults.malformed("Batch Request is Empty")
    most = books.switches["batch_items"]
    if len(items) > most:
        raise faults.batch_too_long(most, len(items))
    if exchange.requestid and any(len(bid(item)) > LONGEST_BID for item in items):
        raise faults.invalid_request_id()
    if exchange.midway is not None:
        items = items[: exchange.midway.then.get("after_items", 1)]
    answered = [item_answer(books, exchange, place, item) for place, item in enumerate(items)]
    if books.switches["batch_answer_order"] == "reversed":
        answered.reverse()
    return {"BatchItemResponse": answered}


def bid(item: Any) -> str:
    return str(item.get("bId", "")) if isinstance(item, dict) else ""


def item_answer(books: Books, exchange: Exchange, place: int, item: Any) -> dict[str, Any]:
    """One item's answer; its fault is its own and undoes nothing else."""
    head = {"bId": bid(item)} if bid(item) else {}
    try:
        if place in exchange.faulted:
            raise exchange.faulted[place]
        with books.attempt():
            return {**head, **done(books, item)}
    except Fault as fault:
        return {**head, "Fault": worded(fault, books.switches).body()}


def done(books: Books, item: Any) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise faults.unreadable()
    if "Query" in item:
        return {"QueryResponse": run.answer(books, str(item["Query"]), entities.BY_LOWER_NAME)}
    asked = batch_operation(item)
    entity = entities.BY_LOWER_NAME.get(asked.entity.lower())
    if entity is None:
        raise faults.unknown_object(asked.entity)
    if not asked.writes:
        raise faults.unsupported_operation(asked.operation)
    options = frozenset(word.strip().lower() for word in str(item.get("optionsData", "")).split(","))
    return {entity.name: performed(books, entity, asked.operation, item[asked.entity], options)}
