"""Batches: up to 30 writes in one request, each with an answer of its own (qbo-api.md §4)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qbo_sync.api import body as bodies
from qbo_sync.api.answer import Answer, classify, faults_in
from qbo_sync.api.errors import QboError
from qbo_sync.api.sessions import lost

MAX_ITEMS = 30
MAX_ITEM_ID = 10  # characters, where the batch bears a request id
MAX_REQUEST_ID = 36
# How an item says what it does. A void is an update with an option (qbo-api.md §4).
OPERATIONS: Mapping[str, Mapping[str, str]] = {
    "create": {"operation": "create"},
    "update": {"operation": "update"},
    "delete": {"operation": "delete"},
    "void": {"operation": "update", "optionsData": "void"},
}


@dataclass(frozen=True, slots=True)
class Item:
    """One write of a batch.

    Arguments:
        id: the bId by which its answer is found, unique in the batch, 1 to 10 characters.
        entity: as QuickBooks spells it: Customer, TimeActivity …
        body: what `body.body_of` gives; for all but a create with Id and SyncToken.
        operation: create, update, delete or void.
        file: the name under which the caller keeps the file that is uploaded with an Attachable; it goes alone.
    """

    id: str
    entity: str
    body: Mapping[str, Any]
    operation: str = "create"
    file: str = ""

    def __post_init__(self) -> None:
        if not 0 < len(self.id) <= MAX_ITEM_ID:
            raise ValueError(f"The id of a batch item has 1 to {MAX_ITEM_ID} characters, not {len(self.id)}.")
        if self.operation not in OPERATIONS:
            raise ValueError(f"A batch item cannot {self.operation!r}.")


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """What became of one item: either `record`, the object as QuickBooks keeps it now, or `error`."""

    id: str
    entity: str
    record: Mapping[str, Any] = field(default_factory=dict)
    error: QboError | None = None


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """The answers of a batch by item id: one for every item sent, in the order they were sent in."""

    items: Mapping[str, ItemAnswer]
    transaction_id: str


def batch_body(items: Sequence[Item]) -> str:
    """The exact text to send, to be kept so that it can be sent a second time byte for byte.

    Errors: ValueError for no item, for more than 30, for an id used twice, and for a file that does not go alone.
    """
    if not 0 < len(items) <= MAX_ITEMS:
        raise ValueError(f"A batch holds 1 to {MAX_ITEMS} items, not {len(items)}.")
    if len({item.id for item in items}) < len(items):
        raise ValueError("Two items of a batch bear the same id.")
    requests = [{"bId": item.id, **OPERATIONS[item.operation], item.entity: item.body} for item in items]
    files = [item.file for item in items if item.file]
    if files and len(items) > 1:
        raise ValueError("A file is uploaded alone.")
    return bodies.to_json({"BatchItemRequest": requests, **({"File": files[0]} if files else {})})


def file_in(sent: str) -> str:
    """The file that goes with `sent`, the text that `batch_body` gave; "" for a batch."""
    return str(json.loads(sent).get("File", "")) if '"File":' in sent else ""


def metadata_in(sent: str) -> str:
    """What is said of the file, as exact text."""
    [item] = json.loads(sent)["BatchItemRequest"]
    return bodies.to_json(item["Attachable"])


def read_upload(sent: str, answer: Answer) -> BatchAnswer:
    """The answer to an upload, as if it were that of a batch of one."""
    [(item_id, entity)] = _sent(sent)
    [content, *_] = answer.get("AttachableResponse") or [{}]
    item = _item_answer(item_id, entity, content, answer.transaction_id)
    return BatchAnswer(items={item.id: item}, transaction_id=answer.transaction_id)


def read_batch(sent: str, answer: Answer) -> BatchAnswer:
    """Pair the answers with the items of `sent`, the text that `batch_body` gave.

    An item without an answer may have been done: its error is an `AnswerLost` of unknown outcome.
    """
    answers = {str(each.get("bId")): each for each in answer.get("BatchItemResponse") or ()}
    tid = answer.transaction_id
    items = (_item_answer(item_id, entity, answers.get(item_id, {}), tid) for item_id, entity in _sent(sent))
    return BatchAnswer(items={item.id: item for item in items}, transaction_id=tid)


def _sent(text: str) -> list[tuple[str, str]]:
    requests = json.loads(text)["BatchItemRequest"]
    return [(each["bId"], next(name for name in each if isinstance(each[name], dict))) for each in requests]


def _item_answer(item_id: str, entity: str, content: Mapping[str, Any], tid: str) -> ItemAnswer:
    if faults := faults_in(dict(content)):
        error = classify(200, faults, writing=True, transaction_id=tid)
        return ItemAnswer(id=item_id, entity=entity, error=error)
    record = content.get(entity)
    if not isinstance(record, dict):
        missing = lost(f"QuickBooks' answer says nothing of item {item_id}.", writing=True, transaction_id=tid)
        return ItemAnswer(id=item_id, entity=entity, error=missing)
    return ItemAnswer(id=item_id, entity=entity, record=record)
