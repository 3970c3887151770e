"""Which requests were about one record, found in the bodies that the request log still has."""

from collections.abc import Iterator
from typing import Any

from qbo_simulator.control.log import RequestLog
from qbo_simulator.pages.redaction import parsed

MOST = 20


def of(log: RequestLog, realm: str, entity: str, id: str) -> list[dict[str, Any]]:
    """The newest log entries that wrote this record or read it by its id."""
    found: list[dict[str, Any]] = []
    needle = f'"Id":"{id}"'.encode()
    for entry in log.newest():
        if len(found) == MOST:
            break
        if is_about(entry, realm, entity):
            detail = log.details.get(entry["number"])
            if detail and needle in detail.answer and id in ids_in(detail.answer, entity):
                found.append(entry)
    return found


def is_about(entry: dict[str, Any], realm: str, entity: str) -> bool:
    """Whether the request may have been about a record of this kind; queries are about none in particular."""
    return f"/company/{realm}/" in entry["path"] and any(
        operation["entity"].lower() == entity.lower() and operation["operation"] != "query"
        for operation in entry["operations"]
    )


def ids_in(answer: bytes, entity: str) -> set[str]:
    """The ids of the records of a kind that an answer carries."""
    body = parsed(answer)
    return {record["Id"] for record in records_in(body, entity)} if isinstance(body, dict) else set()


def records_in(body: dict[str, Any], entity: str) -> Iterator[dict[str, Any]]:
    for holder in (body, *body.get("BatchItemResponse", [])):
        if isinstance(holder.get(entity), dict) and "Id" in holder[entity]:
            yield holder[entity]
