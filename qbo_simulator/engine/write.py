"""Create, update, delete and void, for any declared entity (qbo-api.md §2.3)."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from qbo_simulator import faults
from qbo_simulator.clock import to_the_second
from qbo_simulator.engine import naming
from qbo_simulator.engine.books import Books, Record, as_id
from qbo_simulator.engine.kinds import CLEAR, Path, Rank, Reading
from qbo_simulator.engine.objects import Composite, Reference
from qbo_simulator.engine.schema import Entity

ENVELOPE = frozenset({"Id", "SyncToken", "sparse", "domain", "MetaData", "time", "status"})


@dataclass
class Write:
    """One write under way; rules read it and change `new`.

    operation: create, update, delete or void.  sent: what the request set, checked, CLEAR where it empties.
    new: the record as it will be.  old: as it was, None on create.  options: words of `include=`.
    """

    books: Books
    entity: Entity
    operation: str
    sent: Record
    new: Record
    old: Record | None
    options: frozenset[str] = frozenset()

    @property
    def before(self) -> Record:
        """The record as it was; empty on create."""
        return self.old or {}

    @property
    def id(self) -> str:
        return str(self.new["Id"])


def save(books: Books, entity: Entity, body: Mapping[str, Any], options: frozenset[str] = frozenset()) -> Record:
    """A POST: with an Id it is an update, without one a create.  Returns the record as kept.

    Raises Fault with Intuit's code and words where the request is refused; nothing is written then.
    """
    entity, body = unwrapped(entity, body)
    if entity.key:
        body = addressed(books, entity, body)
    updates = entity.single or as_id(body.get("Id") or 0) > 0
    allow(entity, "update" if updates else "create")
    return (update if updates else create)(books, entity, body, options)


def addressed(books: Books, entity: Entity, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body with the Id and SyncToken of the record that has the same key, or with neither where none has it."""
    values = {name: body.get(name) for name in entity.key}
    plain = {name: value for name, value in body.items() if name not in ("Id", "SyncToken")}
    found = books.ids_where(entity.name, **values) if all(isinstance(value, str) for value in values.values()) else []
    return {**plain, **{name: books.peek(entity.name, found[0])[name] for name in ("Id", "SyncToken") if found}}


def create(
    books: Books, entity: Entity, body: Mapping[str, Any], options: frozenset[str] = frozenset(), id: int | None = None
) -> Record:
    """A new record.  id: the id to give it (for books that are laid out in a file); the next one by default."""
    sent = read_body(entity, body, creating=True, sparse=False)
    new = {name: value for name, value in sent.items() if value is not CLEAR}
    write = Write(books, entity, "create", sent, new, None, options)
    prepare(write)
    if id is None:
        id = books.next_number(entity.sequence)
    else:
        books.reserve(entity.sequence, id)
    now = to_the_second(books.clock.now())
    times = {"CreateTime": now, "LastUpdatedTime": now} if entity.updated_on_create else {"CreateTime": now}
    return finish(write, str(id), "0", times)


def update(books: Books, entity: Entity, body: Mapping[str, Any], options: frozenset[str] = frozenset()) -> Record:
    """A full or, with `sparse: true`, a sparse update."""
    old = existing(books, entity, body)
    sparse = str(body.get("sparse", "")).lower() == "true"
    sent = read_body(entity, body, creating=False, sparse=sparse)
    write = Write(books, entity, "update", sent, merged(entity, old, sent, sparse), old, options)
    prepare(write)
    check_token(old, body)
    return finish(write, old["Id"], str(int(old["SyncToken"]) + 1), renewed(books, old))


def void(books: Books, entity: Entity, body: Mapping[str, Any]) -> Record:
    """The document stays with all its amounts 0 (its rules see operation "void")."""
    allow(entity, "void")
    old = existing(books, entity, body)
    check_token(old, body)
    write = Write(books, entity, "void", {}, merged(entity, old, {}, True), old)
    prepare(write)
    return finish(write, old["Id"], str(int(old["SyncToken"]) + 1), renewed(books, old))


def delete(books: Books, entity: Entity, body: Mapping[str, Any]) -> Record:
    """The record is gone; returns the stub that Intuit answers, without SyncToken and MetaData."""
    if "delete" not in entity.operations:
        raise faults.unsupported_operation("Delete")
    outer = entity
    entity, body = unwrapped(entity, body)
    old = existing(books, entity, body)
    check_token(old, body)
    write = Write(books, entity, "delete", {}, merged(entity, old, {}, True) | {"Id": old["Id"]}, old)
    guard(write)
    for effect in entity.effects:
        effect(write)
    books.remove(entity, old["Id"])
    books.tell(entity.name, old["Id"], "Delete")
    stub = {"status": "Deleted", "domain": "QBO", "Id": old["Id"]}
    return {str(old["Type"]): stub} if outer.variants else stub


def unwrapped(entity: Entity, body: Mapping[str, Any]) -> tuple[Entity, Mapping[str, Any]]:
    """The variant a body is of, and what it says of it.  Raises 2010 where it is of none."""
    if not entity.variants:
        return entity, body
    for name, inner in body.items():
        if name in entity.variants and isinstance(inner, Mapping):
            return entity.variants[name], inner
    raise faults.unreadable()


def enter(books: Books, entity: Entity, values: Mapping[str, Any]) -> Record:
    """A record that the server makes by itself; its values are taken as they are."""
    times = dict.fromkeys(("CreateTime", "LastUpdatedTime"), to_the_second(books.clock.now()))
    write = Write(books, entity, "create", {}, dict(values), None)
    return finish(write, str(books.next_number(entity.sequence)), "0", times)


def guard(write: Write) -> None:
    """Let the rules speak that may refuse this write as such."""
    for rule in write.entity.guards:
        rule(write)


def allow(entity: Entity, operation: str) -> None:
    if operation in entity.refusals:
        raise replace(entity.refusals[operation])
    if operation not in entity.operations:
        raise faults.unsupported_operation(operation)


def existing(books: Books, entity: Entity, body: Mapping[str, Any]) -> Record:
    """The record a request is about.  Raises 610 where there is none."""
    if body.get("Id") in (None, ""):
        raise faults.missing("Id")
    if entity.is_list:
        books.settle()
    old = books.get(entity.name, body["Id"])
    if old is None:
        words = faults.MADE_INACTIVE if entity.is_list else "Another user has deleted this transaction."
        raise faults.not_found(words)
    return old


def check_token(old: Record, body: Mapping[str, Any]) -> None:
    token = body.get("SyncToken")
    if token is None or token == "":
        raise faults.missing("SyncToken")
    if str(token) != old["SyncToken"]:
        raise faults.stale()


def read_body(entity: Entity, body: Mapping[str, Any], *, creating: bool, sparse: bool) -> Record:
    """What a request sets, checked property by property.  Raises the gravest fault found."""
    reading = Reading()
    sent: Record = {}
    for name, value in body.items():
        field = entity.by_name.get(name)
        if field is None:
            if name not in ENVELOPE and name not in entity.ignored:
                reading.refuse(Rank.PARSE, faults.unreadable(name))
        elif value is not None and not field.server and (creating or not field.once):
            sent[name] = field.kind.read(value, name, reading)
    for field in entity.by_name.values():
        asked = field.required and (creating or not sparse or field.always or field.name in sent)
        if asked and sent.get(field.name, CLEAR) in (CLEAR, []):
            reading.refuse(Rank.REQUIRED, faults.missing(field.name))
    reading.settle()
    return sent


def merged(entity: Entity, old: Record, sent: Record, sparse: bool) -> Record:
    """The record after an update.  In a full one, what is left out is emptied, but for what is never empty."""
    new: Record = {}
    for name, field in entity.by_name.items():
        keeps = sparse or field.server or field.once or field.default is not None
        value = sent.get(name, CLEAR)
        if value is CLEAR and (field.default is not None or (keeps and name not in sent)):
            value = deepcopy(old.get(name, CLEAR))
        if value is not CLEAR:
            new[name] = value
    return new


def renewed(books: Books, old: Record) -> Record:
    return {"CreateTime": old["MetaData"]["CreateTime"], "LastUpdatedTime": to_the_second(books.clock.now())}


def prepare(write: Write) -> None:
    """Fill, check and compute the record, in Intuit's order: references, then the rules of business."""
    for field in write.entity.by_name.values():
        if field.default is not None and field.name not in write.new:
            default = field.default(write) if callable(field.default) else field.default
            if default is not None:
                write.new[field.name] = default
    guard(write)
    check_references(write)
    for rule in write.entity.prepare:
        rule(write)
    naming.settle(write)
    number_addresses(write)


def finish(write: Write, id: str, token: str, times: Record) -> Record:
    """Keep the record, let it act on others, and return it as it then is."""
    books, entity = write.books, write.entity
    envelope = {"domain": "QBO", "sparse": False, "Id": id, "SyncToken": token, "MetaData": times}
    write.new = entity.ordered(write.new, envelope)
    books.keep(entity, write.new)
    naming.claim(write)
    books.tell(entity.name, id, write.operation.capitalize())
    for effect in entity.effects:
        effect(write)
    return books.get(entity.name, id) or write.new


def number_addresses(write: Write) -> None:
    """An address has an Id of its own, a new one whenever it is edited (qbo-api.md §2.4)."""
    for field in write.entity.by_name.values():
        if isinstance(field.kind, Composite) and field.kind.numbered and field.name in write.new:
            plain = {name: part for name, part in write.new[field.name].items() if name != "Id"}
            old = write.before.get(field.name, {})
            if plain != {name: part for name, part in old.items() if name != "Id"}:
                write.new[field.name] = {"Id": str(write.books.next_number("PhysicalAddress")), **plain}
            else:
                write.new[field.name] = old


def found(record: Any, path: Path) -> list[Record]:
    """The references that stand at a path of a record."""
    here = [record]
    for step in path:
        if step == "*":
            here = [element for each in here for element in each]
        else:
            here = [each[step] for each in here if isinstance(each, dict) and each.get(step) is not None]
        if not here:
            break
    return here


def check_references(write: Write) -> None:
    """Every reference that this write brings points at a record that exists and is active."""
    for path, kind in write.entity.references:
        known = {reference["value"] for reference in found(write.before, path)}
        for reference in found(write.new, path):
            if reference["value"] not in known and reference["value"] not in kind.fixed:
                check_reference(write.books, kind, reference)


def check_reference(books: Books, kind: Reference, reference: Record) -> None:
    target = reference["value"]
    name, label = pointed_at(books, kind, reference)
    if label is None:
        strangers = [each for each in books.registry.values() if each.kept_in == kind.label]
        known = any(books.label(each.name, target) for each in strangers)
        raise faults.invalid_reference(f"{kind.label} element id {target} {'is invalid' if known else 'not found'}")
    if not label[1]:
        raise faults.not_found()
    if kind.typed:
        reference["type"] = name


def pointed_at(books: Books, kind: Reference, reference: Record) -> tuple[str, tuple[str | None, bool] | None]:
    """(the entity a reference points at, its label and activity), with None where it points at nothing."""
    candidates = (reference["type"],) if reference.get("type") else kind.to
    for name in candidates:
        label = books.label(name, reference["value"]) if name in books.registry else None
        if label is not None:
            return name, label
    return candidates[0], None


def rendered(books: Books, entity: Entity, record: Record) -> Record:
    """The record as an answer shows it: references carry the present names.  Changes `record`."""
    if entity.variants:
        kind = record.pop("Type")
        return {kind: rendered(books, entity.variants[kind], record)}
    for path, kind in entity.references:
        for reference in found(record, path):
            if reference["value"] in kind.fixed:
                continue
            label = pointed_at(books, kind, reference)[1]
            if label and label[0]:
                kept = reference.pop("type", None)
                reference["name"] = label[0]
                if kept:
                    reference["type"] = kept
    for finish in entity.shown:
        finish(books, record)
    return record
