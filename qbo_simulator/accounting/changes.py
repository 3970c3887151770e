"""Change data capture: what was written or deleted since a moment (qbo-api.md §10.1)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from qbo_simulator import entities, faults
from qbo_simulator.clock import PACIFIC, to_the_second
from qbo_simulator.engine.books import Books, Record, index_table
from qbo_simulator.engine.schema import Entity
from qbo_simulator.engine.write import rendered
from qbo_simulator.exchange import Exchange

LOOK_BACK, MOST_OBJECTS = timedelta(days=30), 1000
NOT_CAPTURED = frozenset({"TimeActivity", "TaxAgency", "TaxCode", "TaxRate"})


def answer(books: Books, exchange: Exchange) -> dict[str, Any]:
    """`GET /cdc?entities=Customer,Invoice&changedSince=…`: one block per kind that changed, in no order of the request.

    At most 1,000 objects, the earliest changed first.  Raises 2020 where a parameter is missing, 2000 for an unknown
    entity, 500 for one that is not captured, 2060 and 2070 for a time that is none or lies over 30 days back.
    """
    given = {name.lower(): value for name, value in exchange.request.args.items()}
    for name in ("entities", "changedSince"):
        if not given.get(name.lower(), "").strip():
            raise faults.missing(name)
    wanted = {captured(word.strip()) for word in given["entities"].split(",") if word.strip()}
    since = moment(books, given["changedsince"])
    left, blocks = MOST_OBJECTS, []
    for entity in entities.ENTITIES:
        found = changed(books, entity, since, left) if entity.name in wanted else []
        if found:
            left -= len(found)
            size = len(found)
            blocks.append({entity.name: found, "startPosition": 1, "maxResults": size, "totalCount": size})
    return {"CDCResponse": [{"QueryResponse": blocks or [{}]}]}


def captured(word: str) -> str:
    """The entity a word of the request means."""
    entity = entities.BY_LOWER_NAME.get(word.lower())
    if entity is None:
        raise faults.unknown_object(word)
    if entity.name in NOT_CAPTURED:
        raise faults.unsupported_operation(f"ChangeDataCapture of {entity.name}")
    return entity.name


def moment(books: Books, text: str) -> int:
    """`changedSince` in seconds since 1970; a plus that was not escaped in the URL arrives as a blank."""
    try:
        since = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        raise faults.wrong_value("2060", "Invalid Date format", text, "changedSince") from None
    since = since if since.tzinfo else since.replace(tzinfo=PACIFIC)
    if since < books.clock.now() - LOOK_BACK:
        raise faults.wrong_value("2070", "Invalid Date", text, "changedSince")
    return int(since.timestamp())


def changed(books: Books, entity: Entity, since: int, most: int) -> list[Record]:
    """Records of a kind as they are now, and stubs of those that are gone, by the time of their change."""
    kept = books.database.all(
        f'SELECT changed.updated, record.body FROM "{index_table(entity.name)}" AS changed JOIN record '
        "ON record.realm = changed.realm AND record.entity = ? AND record.id = changed.id "
        "WHERE changed.realm = ? AND changed.updated >= ? ORDER BY changed.updated, changed.id LIMIT ?",
        entity.name, books.realm, since, most,
    )  # fmt: skip
    gone = books.database.all(
        "SELECT at, id FROM deletion WHERE realm = ? AND entity = ? AND at >= ? ORDER BY at, id LIMIT ?",
        books.realm, entity.name, since, most,
    )  # fmt: skip
    found = [(at, rendered(books, entity, json.loads(body))) for at, body in kept]
    found += [(at, stub(id, at)) for at, id in gone]
    return [record for _, record in sorted(found, key=lambda each: each[0])[:most]]


def stub(id: int, at: int) -> Record:
    """What is left of a deleted record."""
    times = {"LastUpdatedTime": to_the_second(datetime.fromtimestamp(at, UTC))}
    return {"status": "Deleted", "domain": "QBO", "Id": str(id), "MetaData": times}
