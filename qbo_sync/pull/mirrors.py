"""The Chart of Accounts, items, classes and locations: kept as QuickBooks has them, to choose from in the mappings."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.db.models import QuerySet

from associates.models import Associate
from qbo_sync.directory.rows import Row, is_active, text
from qbo_sync.models import Account, Class, Connection, Department, ImportRow, Item, Outcome

NAME_LENGTH = 500
Mirror: TypeAlias = Account | Item | Class | Department


@dataclass(frozen=True)
class MirrorList:
    """A list that is kept as it is: which of our columns takes which of QuickBooks' properties."""

    entity: str
    model: type[Mirror]
    columns: dict[str, str] = field(default_factory=dict)

    def values(self, row: Row) -> dict[str, object]:
        """The columns of a row, cut where one is too long: they only serve to choose from."""
        name = text(row, "Name")
        texts = {"name": name, "full_name": text(row, "FullyQualifiedName") or name}
        texts |= {column: text(row, source) for column, source in self.columns.items()}
        lengths = {field.name: getattr(field, "max_length", None) for field in self.model._meta.get_fields()}
        return {column: value[: lengths[column]] for column, value in texts.items()} | {"is_active": is_active(row)}


ACCOUNTS = MirrorList("Account", Account, {"type": "AccountType", "subtype": "AccountSubType"})
ITEMS = MirrorList("Item", Item, {"type": "Type"})
CLASSES = MirrorList("Class", Class)
LOCATIONS = MirrorList("Department", Department)


INACTIVE = "It is inactive at QuickBooks, and not offered to choose from."


class MirrorImport:
    """Applying such a list to the mirror of one connection."""

    def __init__(self, mirrored: MirrorList, connection: Connection) -> None:
        self._list = mirrored
        self._connection = connection

    def apply(self, rows: Sequence[Row], *, by: Associate, at: dt.datetime) -> list[ImportRow]:
        """Bring the mirror up to date with a page."""
        known = {row.qbo_id: row for row in self._rows().filter(qbo_id__in=[str(row["Id"]) for row in rows])}
        decisions = [self._decide(row, known) for row in rows]
        self._rows().bulk_create(
            [record for record, outcome in decisions if outcome != Outcome.UNCHANGED],
            update_conflicts=True,
            unique_fields=["connection", "qbo_id"],
            update_fields=["name", "full_name", "is_active", *self._list.columns],
        )
        return [
            ImportRow(
                qbo_id=record.qbo_id,
                name=record.full_name[:NAME_LENGTH],
                outcome=outcome,
                note="" if record.is_active else INACTIVE,
            )
            for record, outcome in decisions
        ]

    def complete(self, seen: Collection[str], *, at: dt.datetime) -> None:
        """The whole list was read: what was not in it is not at QuickBooks any more, and is not offered again."""
        gone = [pk for pk, qbo_id in self._rows().values_list("pk", "qbo_id") if qbo_id not in seen]
        self._rows().filter(pk__in=gone).update(is_active=False)
        self._rows().update(read_at=at)

    def _decide(self, row: Row, known: Mapping[str, Mirror]) -> tuple[Mirror, Outcome]:
        qbo_id, values = str(row["Id"]), self._list.values(row)
        before = known.get(qbo_id)
        if before and all(getattr(before, column) == value for column, value in values.items()):
            return before, Outcome.UNCHANGED
        record = self._list.model(connection=self._connection, qbo_id=qbo_id, **values)
        return record, Outcome.UPDATED if before else Outcome.NEW

    def _rows(self) -> QuerySet[Any]:
        return self._list.model._default_manager.filter(connection=self._connection)
