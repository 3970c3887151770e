"""One operation on one record, whether it came alone or in a batch."""

from collections.abc import Mapping
from typing import Any

from qbo_simulator import faults
from qbo_simulator.engine import write
from qbo_simulator.engine.books import Books
from qbo_simulator.engine.schema import Entity


def read(books: Books, entity: Entity, id: str | None) -> dict[str, Any]:
    """GET of one record; CompanyInfo is found under the realm, and both singles under no id at all."""
    if entity.single:
        id = "1"
    if id is None:
        raise faults.unsupported_operation("read")
    constant = next((each for each in entity.constants if each["Id"] == id), None)
    record = dict(constant) if constant else books.get(entity.name, id)
    if record is None:
        raise faults.not_found()
    return write.rendered(books, entity, record)


def read_by_key(books: Books, entity: Entity, args: Mapping[str, str]) -> dict[str, Any]:
    """GET of a record that is found by its key instead of an id: `?sourcecurrencycode=EUR&asofdate=2026-01-02`.

    The last part of a key is a day and may be left out; where nothing is kept for the day, the latest before it is.
    Raises 2020 where the rest of the key is missing, 610 where nothing is found.
    """
    given = {name.lower(): value for name, value in args.items()}
    *fixed, day = entity.key
    for name in fixed:
        if not given.get(name.lower()):
            raise faults.missing(name)
    ids = books.ids_where(entity.name, **{name: given[name.lower()] for name in fixed})
    latest = given.get(day.lower(), "9999")
    records = [record for record in (books.peek(entity.name, id) for id in ids) if record[day] <= latest]
    if not records:
        raise faults.not_found()
    return write.rendered(books, entity, dict(max(records, key=lambda record: record[day])))


def performed(
    books: Books, entity: Entity, operation: str, body: dict[str, Any], includes: frozenset[str]
) -> dict[str, Any]:
    """One operation on one record, as the answer shows it."""
    if operation == "delete":
        return write.delete(books, entity, body)
    record = write.void(books, entity, body) if operation == "void" else write.save(books, entity, body, includes)
    return write.rendered(books, entity, record)
