"""One request and what is known of it before anything is done: whose books, which operations, reading or writing."""

import re
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request

from qbo_simulator import entities, jsontext
from qbo_simulator.faults import Fault
from qbo_simulator.xml import read

if TYPE_CHECKING:
    from qbo_simulator.control.rules import Rule

COMPANY_PATH = re.compile(r"/v3/company/(?P<realm>[^/]+)/(?P<what>[^/]+)(?:/(?P<id>[^/]+))?(?:/(?P<action>[^/]+))?/?")
WRITES = ("create", "update", "delete", "void")


@dataclass(frozen=True)
class Operation:
    """One operation of a request: create, update, delete, void, read or query, on an entity ("" where none is)."""

    operation: str
    entity: str

    @property
    def writes(self) -> bool:
        return self.operation in WRITES


@dataclass
class Exchange:
    """A request on its way through.

    started: when it came, on the monotonic clock.  faulted: faults that single operations are to be answered with, by
    their place.  midway: the rule that ends a batch in its midst.  forgotten: its request id is not remembered.
    refused: it was answered with a fault.  injected, rules: what was done to it on demand, and by which rules (their
    places from 1).
    """

    request: Request
    started: float = field(default_factory=time.monotonic)
    faulted: dict[int, Fault] = field(default_factory=dict)
    midway: "Rule | None" = None
    forgotten: bool = False
    refused: bool = False
    replayed: bool = False
    injected: list[str] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)

    @cached_property
    def parts(self) -> dict[str, str | None]:
        """The parts of an Accounting API path; empty for any other path."""
        match = COMPANY_PATH.fullmatch(self.request.path)
        return match.groupdict() if match else {}

    @property
    def what(self) -> str:
        """The segment behind the realm: an entity, "query" or "batch"."""
        return (self.parts.get("what") or "").lower()

    @cached_property
    def body(self) -> Any:
        """The body, as JSON has it; None where there is none or it cannot be read."""
        if "xml" in self.request.mimetype:
            return read.body(self.request.get_data(), entities.BY_LOWER_NAME)
        try:
            return jsontext.read(self.request.get_data())
        except ValueError:
            return None

    @cached_property
    def statement(self) -> str:
        """The query, from the URL or the body."""
        if self.request.method == "POST":
            return self.request.args.get("query") or self.request.get_data(as_text=True)
        return self.request.args.get("query", "")

    @property
    def requestid(self) -> str | None:
        return self.request.args.get("requestid") or None

    @property
    def idempotent(self) -> bool:
        """Whether it has a request id that counts: reads have none (qbo-api.md §5)."""
        return self.requestid is not None and self.request.method == "POST" and self.what != "query"

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """What is asked for, as far as it can be read."""
        if not self.parts:
            return ()
        if self.what == "batch":
            return tuple(batch_operation(item) for item in self.batch_items)
        if self.what == "query":
            return (Operation("query", queried(self.statement)),)
        return (Operation(self.single_operation, entity_name(self.what)),)

    @cached_property
    def batch_items(self) -> list[Any]:
        items = self.body.get("BatchItemRequest") if isinstance(self.body, dict) else None
        return items if isinstance(items, list) else []

    @property
    def single_operation(self) -> str:
        if self.request.method != "POST":
            return "read"
        named = self.request.args.get("operation", "").lower()
        if named in ("delete", "void"):
            return named
        if "void" in self.includes:
            return "void"
        has_id = isinstance(self.body, dict) and self.body.get("Id")
        return "update" if has_id else "create"

    @cached_property
    def includes(self) -> frozenset[str]:
        return frozenset(word.strip().lower() for word in self.request.args.get("include", "").split(",") if word)

    @property
    def is_own(self) -> bool:
        """Whether the simulator itself is meant, its control plane or its pages: no rule and no log is for those."""
        path = self.request.path
        return path == "/" or path.startswith(("/_simulator", "/company/", "/requests", "/controls"))

    @property
    def kind(self) -> str:
        """read, write, oauth or page."""
        path = self.request.path
        if self.parts:
            return "write" if any(operation.writes for operation in self.operations) else "read"
        if path.startswith(("/oauth2", "/v2/oauth2", "/op/", "/.well-known", "/v1/openid")):
            return "oauth"
        return "page"


def entity_name(segment: str) -> str:
    entity = entities.BY_SEGMENT.get(segment)
    return entity.name if entity else segment


def queried(statement: str) -> str:
    match = re.search(r"\bfrom\s+(\w+)", statement, re.IGNORECASE)
    entity = entities.BY_LOWER_NAME.get(match[1].lower()) if match else None
    return entity.name if entity else (match[1] if match else "")


def batch_operation(item: Any) -> Operation:
    """The operation of one item of a batch."""
    if not isinstance(item, dict):
        return Operation("", "")
    if "Query" in item:
        return Operation("query", queried(str(item["Query"])))
    named = str(item.get("operation", "")).lower()
    voids = named == "update" and str(item.get("optionsData", "")).lower() == "void"
    return Operation("void" if voids else named, batch_entity(item))


def batch_entity(item: dict[str, Any]) -> str:
    """The name of the object that an item carries."""
    plain = ("bId", "operation", "optionsData", "Query")
    return next((name for name, value in item.items() if name not in plain and isinstance(value, dict)), "")
