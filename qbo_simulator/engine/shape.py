"""The index tables: one per entity, a column per property that a query can ask for, made from the declarations."""

import json
from typing import TYPE_CHECKING

from qbo_simulator.engine.books import index_table, index_values, insert_index
from qbo_simulator.engine.schema import Entity
from qbo_simulator.store.database import Database

if TYPE_CHECKING:
    from qbo_simulator.engine.books import Registry


def fit(database: Database, registry: "Registry") -> None:
    """Make the index tables as the declarations say; one whose declaration changed is made anew from its records."""
    with database.transaction():
        for entity in registry.values():
            columns = describe(entity)
            known = database.one("SELECT columns FROM shape WHERE entity = ?", entity.name)
            if known is None or known[0] != columns:
                remake(database, entity)
                database.run("INSERT OR REPLACE INTO shape (entity, columns) VALUES (?, ?)", entity.name, columns)


def describe(entity: Entity) -> str:
    """Everything the index table depends on, as text to compare."""
    return json.dumps([entity.label, [[each.name, each.kind.column, each.index] for each in entity.columns]])


def remake(database: Database, entity: Entity) -> None:
    table = index_table(entity.name)
    columns = "".join(f', "{each.name}" {each.kind.column}' for each in entity.columns)
    database.run(f'DROP TABLE IF EXISTS "{table}"')
    database.run(
        f'CREATE TABLE "{table}" (realm TEXT NOT NULL, id INTEGER NOT NULL, label TEXT, active INTEGER NOT NULL, '
        f"created INTEGER NOT NULL, updated INTEGER NOT NULL{columns}, PRIMARY KEY (realm, id)) WITHOUT ROWID"
    )
    for name in ("updated", *(each.name for each in entity.columns if each.index)):
        database.run(f'CREATE INDEX "{table}_{name}" ON "{table}" (realm, "{name}")')
    insert = insert_index(entity)
    for realm, id, body in database.all("SELECT realm, id, body FROM record WHERE entity = ?", entity.name):
        database.run(insert, realm, id, *index_values(entity, json.loads(body)))
