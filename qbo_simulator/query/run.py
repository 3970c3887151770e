"""Answer a query from the index tables."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from qbo_simulator import faults, jsontext
from qbo_simulator.clock import PACIFIC
from qbo_simulator.engine.books import Books, Record, index_table
from qbo_simulator.engine.kinds import Flag
from qbo_simulator.engine.schema import Entity
from qbo_simulator.engine.write import rendered
from qbo_simulator.query.statement import Condition, Statement, parse

COMMON = {
    "id": "id",
    "active": "active",
    "metadata.createtime": "created",
    "metadata.lastupdatedtime": "updated",
}
# a literal in which two apostrophes stand for one
LITERAL = re.compile(r"'(?:[^'\\]|\\.|'')*'", re.DOTALL)
ENVELOPE = ("domain", "sparse", "id", "synctoken", "metadata")
Where = tuple[str, list[Any]]


def answer(books: Books, text: str, entities: Mapping[str, Entity]) -> Record:
    """The `QueryResponse` of a statement.  entities: by lower-case name.  Raises 4000 and 4001."""
    books.settle()
    if books.switches["doubled_apostrophe"] == "accepted":
        text = LITERAL.sub(lambda found: "'" + found[0][1:-1].replace("''", "\\'") + "'", text)
    statement = parse(text)
    entity = entities.get(statement.entity.lower())
    strange = entity and entity.name != statement.entity and books.switches["entity_case"] == "exact"
    if entity is None or strange or "query" not in entity.operations:
        raise faults.query_invalid(f"Entity {statement.entity} is not queryable")
    where, values = conditions(entity, statement, books.realm)
    table = index_table(entity.name)
    if statement.count:
        return {"totalCount": books.database.one(f'SELECT count(*) FROM "{table}" WHERE {where}', *values)[0]}
    found = books.database.all(
        f'SELECT body FROM (SELECT id FROM "{table}" WHERE {where} ORDER BY {order(entity, statement)} LIMIT ? '
        "OFFSET ?) AS page CROSS JOIN record ON record.realm = ? AND record.entity = ? AND record.id = page.id",
        *values, statement.most, statement.first - 1, books.realm, entity.name,
    )  # fmt: skip
    return shown(books, entity, statement, [jsontext.read(row[0]) for row in found])


def shown(books: Books, entity: Entity, statement: Statement, records: list[Record]) -> Record:
    """The rows with their page; nothing at all where nothing was found."""
    if statement.first == 1:
        records = [dict(each) for each in entity.constants if meets(each, statement)] + records
    if not records:
        return {}
    rows = [projected(entity, statement, rendered(books, entity, record)) for record in records]
    response: Record = {entity.name: rows, "maxResults": len(rows)}
    if not entity.single:
        response = {entity.name: rows, "startPosition": statement.first, "maxResults": len(rows)}
    if statement.first == 1 and len(rows) < statement.most:
        response["totalCount"] = len(rows)
    return response


def meets(constant: Mapping[str, Any], statement: Statement) -> bool:
    """Whether a constant is among what the statement asks for; one that orders or compares never finds it."""
    for condition in statement.conditions:
        wanted = {str(value).casefold() for value in condition.values}
        known = {"active": True} | {name.lower(): value for name, value in constant.items()}
        found = known.get(condition.name.lower())
        if condition.operator not in ("=", "IN") or str(found).casefold() not in wanted:
            return False
    return True


def projected(entity: Entity, statement: Statement, record: Record) -> Record:
    """Only the properties that were named; Id, domain and sparse come along."""
    if statement.columns is None:
        return record
    wanted = {name.split(".")[0].lower() for name in statement.columns}
    known = {name.lower() for name in entity.by_name} | set(ENVELOPE)
    for name in statement.columns:
        if name.split(".")[0].lower() not in known:
            raise not_found(entity, name)
    kept = {name: value for name, value in record.items() if name.lower() in wanted or name in ("Id", "domain")}
    return {**kept, "sparse": True}


def not_found(entity: Entity, name: str) -> faults.Fault:
    return faults.query_invalid(f"Property {name} not found for Entity {entity.name}")


def conditions(entity: Entity, statement: Statement, realm: str) -> Where:
    """The WHERE clause; inactive rows of lists are left out unless the statement speaks of Active."""
    parts, values = ["realm = ?"], [realm]
    for condition in statement.conditions:
        part, more = compare(entity, condition)
        parts.append(part)
        values.extend(more)
    if entity.is_list and not any(condition.name.lower() == "active" for condition in statement.conditions):
        parts.append("active = 1")
    return " AND ".join(parts), values


def compare(entity: Entity, condition: Condition) -> Where:
    column = column_of(entity, condition.name)
    flag = column == "active" or isinstance(getattr(entity.by_name.get(column), "kind", None), Flag)
    values = [comparable(column, value, flag) for value in condition.values]
    if condition.operator == "LIKE":
        if column in ("created", "updated") or flag:
            raise faults.query_invalid(f"operator LIKE is not supported for property '{condition.name}'")
        pattern = values[0].replace("!", "!!").replace("_", "!_")
        return f"\"{column}\" LIKE ? ESCAPE '!'", [pattern]
    if condition.operator == "IN":
        return f'"{column}" IN ({", ".join("?" * len(values))})', values
    return f'"{column}" {condition.operator} ?', values


def column_of(entity: Entity, name: str) -> str:
    """The column a property is kept in.  Raises 4001 where it cannot be asked for."""
    lower = name.lower()
    if lower in COMMON and (lower != "active" or entity.is_list):
        return COMMON[lower]
    for field in entity.by_name.values():
        if lower in (field.name.lower(), f"{field.name.lower()}.value"):
            if field not in entity.columns:
                raise faults.query_invalid(f"property '{name}' is not queryable")
            return field.name
    raise not_found(entity, name)


def comparable(column: str, value: Any, flag: bool) -> Any:
    """A value of a statement as the column holds it: times as seconds, true and false as 1 and 0."""
    if column in ("created", "updated"):
        return moment(str(value))
    if flag:
        return str(value).lower() == "true"
    return str(value).lower() if isinstance(value, bool) else value


def moment(text: str) -> int:
    """A time of a statement in seconds; without an offset it is the server's."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise faults.query_invalid(f"value {text} is not a valid date time") from None
    return int((found if found.tzinfo else found.replace(tzinfo=PACIFIC)).timestamp())


def order(entity: Entity, statement: Statement) -> str:
    """ORDER BY; the id comes last, so that pages never overlap."""
    # a plus keeps SQLite from walking the order's index where a condition finds the rows sooner
    plus = "+" if any(condition.operator in ("=", "IN") for condition in statement.conditions) else ""
    keys = [
        f'{plus}"{column_of(entity, name)}" {"DESC" if descending else "ASC"}' for name, descending in statement.order
    ]
    if not any(name.lower() == "id" for name, _ in statement.order):
        keys.append("id" if statement.order else entity.order)
    return ", ".join(keys)
