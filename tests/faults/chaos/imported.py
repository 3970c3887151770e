"""What is there after an import, field by field, in words that do not depend on who was made first."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, Model

from associates.models import Associate
from clients.models import Address, Client, Job
from organizations.models import Organization
from qbo_sync.directory import NEVER
from qbo_sync.models import Connection, ImportRow, LeftOut, Link, MatchKey, NameRecord, Run
from smmware.core.models import Change

RECORDS: tuple[type[Model], ...] = (Address, Job, Client, Organization, Associate)  # in the order they are deleted
BY_ITSELF = {"id", "created_at", "updated_at", "password", "linked_at", "left_out_at", "read_at", "renamed_at"}
Everything: TypeAlias = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Before:
    """What an office had before it imported anything: its own records, and how far its history went."""

    records: Mapping[type[Model], frozenset[int]]
    history: int

    @classmethod
    def now(cls) -> "Before":
        records = {model: frozenset(model._default_manager.values_list("pk", flat=True)) for model in RECORDS}
        return cls(records, Change.objects.aggregate(last=Max("pk"))["last"] or 0)

    def again(self, connection: Connection) -> None:
        """Take away whatever an import has made, as if nobody had ever asked for one."""
        of_connection: tuple[type[Model], ...] = (Link, LeftOut, NameRecord)
        for model in of_connection:
            model._default_manager.filter(connection=connection).delete()
        Run.objects.filter(connection=connection).delete()
        for model in RECORDS:
            model._default_manager.exclude(pk__in=self.records[model]).delete()
        Change.objects.filter(pk__gt=self.history).delete()


def everything(connection: Connection, before: Before, runs: Sequence[Run]) -> Everything:
    """All that an import may write, each row as a line: our records, links, the report, the directory, the history."""
    names = Names(connection, before)
    directory = NameRecord.objects.filter(connection=connection)
    keys = MatchKey.objects.filter(record__connection=connection).values_list("record__qbo_id", "key")
    return {
        **{model.__name__: [names.line(record) for record in model._default_manager.all()] for model in RECORDS},
        "link": [names.line(link) for link in Link.objects.filter(connection=connection)],
        "left out": [names.line(each) for each in LeftOut.objects.filter(connection=connection)],
        "run": [_line(list=run.import_list, state=run.state, size=run.size, progress=run.progress,
                      report=run.report, message=run.message) for run in runs],
        "row": [names.line(row, list=row.run.import_list)
                for row in ImportRow.objects.filter(run__in=runs).select_related("run")],
        "name": [names.line(name, is_complete=name.read_at > NEVER) for name in directory],
        "match key": [_line(of=of, key=key) for of, key in keys],
        "history": [names.change(each) for each in Change.objects.filter(pk__gt=before.history)],
    }  # fmt: skip


def differences(expected: Everything, found: Everything) -> Iterator[str]:
    """Each line that only one of the two has, as a sentence; none where they are alike."""
    for what, lines in expected.items():
        missing, surplus = Counter(lines) - Counter(found[what]), Counter(found[what]) - Counter(lines)
        yield from (f"{what}, only where nobody was struck: {line}" for line in sorted(missing.elements()))
        yield from (f"{what}, only where workers were struck: {line}" for line in sorted(surplus.elements()))


class Names:
    """What records are called: one of the office's by its number, one that was imported by its QBO ID."""

    def __init__(self, connection: Connection, before: Before) -> None:
        self._before = before
        self._linked = {
            (link.kind.value, link.record_id): f"the {link.kind} of {link.entity} {link.qbo_id}"
            for link in Link.objects.filter(connection=connection)
        }

    def of(self, model: type[Model], pk: int | None) -> str:
        if pk is None or model not in RECORDS or pk in self._before.records[model]:
            return f"{pk}"
        if model is Address:
            return f"an address of {self.of(Client, Address.objects.get(pk=pk).client_id)}"
        kind = model.__name__.lower()
        return self._linked.get((kind, pk), f"{kind} {pk}, which nothing is linked with")

    def line(self, record: Model, **more: Any) -> str:
        """Every field of a record, but for those that come by themselves."""
        fields = [field for field in record._meta.concrete_fields if field.name not in {*BY_ITSELF, "run"}]
        values = {field.name: self._value(field, getattr(record, field.attname)) for field in fields}
        own = self.of(type(record), record.pk) if type(record) in RECORDS else ""
        return _line(**more, is_=own, **values)

    def change(self, change: Change) -> str:
        of_model: Any = ContentType.objects.get_for_id(change.content_type_id).model_class()
        subject: Any = ContentType.objects.get_for_id(change.subject_type_id).model_class()
        gone = of_model is Address and not Address.objects.filter(pk=change.object_id).exists()
        return _line(
            of=f"a deleted {of_model.__name__}" if gone else self.of(of_model, change.object_id),
            subject=self.of(subject, change.subject_id),
            action=change.action, called=change.object_repr, by=change.actor_id,
            changes={name: self._values(of_model, name, values) for name, values in change.changes.items()},
        )  # fmt: skip

    def _values(self, model: type[Model], name: str, values: Sequence[Any]) -> list[Any]:
        return [self._value(model._meta.get_field(name), value) for value in values]

    def _value(self, field: Any, value: Any) -> Any:
        return self.of(field.related_model, value) if field.is_relation else value


def _line(**values: Any) -> str:
    return json.dumps(values, sort_keys=True, default=str)
