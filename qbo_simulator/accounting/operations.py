"""One operation on one record, whether it came alone or in a batch."""

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


def performed(
    books: Books, entity: Entity, operation: str, body: dict[str, Any], includes: frozenset[str]
) -> dict[str, Any]:
    """One operation on one record, as the answer shows it."""
    if operation == "delete":
        return write.delete(books, entity, body)
    record = write.void(books, entity, body) if operation == "void" else write.save(books, entity, body, includes)
    return write.rendered(books, entity, record)
