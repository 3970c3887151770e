"""Changes in words, for the pages that show them: “Phone: (555) 555-0100 → (555) 555-0199”."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, DateField, DateTimeField, Field, Model
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst

from smmware.core.models import Change

EMPTY = (None, "", "None")
ACTIONS = {Change.Action.CREATE: "added", Change.Action.UPDATE: "changed", Change.Action.DELETE: "deleted"}
NOBODY = "SMMware itself"
NOT_SHOWN = "changed; it is not shown"


@dataclass(frozen=True)
class ChangedField:
    """One field, and what it was and is, as people read it ("" for empty)."""

    label: str
    before: str
    after: str
    note: str = ""


@dataclass(frozen=True)
class Told:
    """A change as it is shown: when (aware), who, what was done to what, and its fields."""

    at: dt.datetime
    who: str
    done: str
    what: str
    fields: Sequence[ChangedField]


Names = Mapping[type[Model], Mapping[int, str]]


def told(changes: Iterable[Change]) -> list[Told]:
    """The changes in words. One query per kind of record that the fields name, however many changes there are."""
    shown = list(changes)
    names = _names(shown)
    return [_told(change, names) for change in shown]


def _told(change: Change, names: Names) -> Told:
    model = _model(change)
    own_page = (change.content_type_id, change.object_id) == (change.subject_type_id, change.subject_id)
    kind = capfirst(str(model._meta.verbose_name)) if model else change.content_type.name
    what = "" if own_page else f"{kind} “{change.object_repr}”" if change.object_repr else kind
    fields = [] if change.action == Change.Action.DELETE else _fields(change, model, names)
    return Told(change.timestamp, change.actor_name or NOBODY, ACTIONS[change.action], what, fields)


def _fields(change: Change, model: type[Model] | None, names: Names) -> list[ChangedField]:
    order = [field.name for field in model._meta.get_fields()] if model else []
    found = sorted((change.changes or {}).items(), key=lambda each: order.index(each[0]) if each[0] in order else 0)
    return [_changed(model, name, values, names) for name, values in found]


def _changed(model: type[Model] | None, name: str, values: Any, names: Names) -> ChangedField:
    field = _field(model, name)
    label = capfirst(str(getattr(field, "verbose_name", name)))
    if isinstance(values, Mapping):  # many to many: django-auditlog notes who came and who went
        them = ", ".join(values["objects"])
        return ChangedField(label, "", them) if values["operation"] == "add" else ChangedField(label, them, "")
    if list(values) == ["", ""]:
        return ChangedField(label, "", "", NOT_SHOWN)
    before, after = (_written(field, value, names) for value in values)
    return ChangedField(label, before, after)


def _written(field: Any, value: Any, names: Names) -> str:
    if value in EMPTY:
        return ""
    if field is None:
        return str(value)
    if field.is_relation:
        return names.get(field.related_model, {}).get(int(value), f"number {value}, which is deleted")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _plainly(field, value)


def _plainly(field: Field, value: Any) -> str:
    if isinstance(field, BooleanField):
        return "Yes" if value else "No"
    if isinstance(field, DateTimeField):
        moment = parse_datetime(value)
        aware = moment and timezone.make_aware(moment, dt.UTC)  # django-auditlog keeps times in UTC, without saying so
        return date_format(timezone.localtime(aware), "DATETIME_FORMAT") if aware else value
    if isinstance(field, DateField):
        day = parse_date(value)
        return date_format(day, "DATE_FORMAT") if day else value
    return str(value)


def _names(changes: Sequence[Change]) -> Names:
    """What the records are called that the changes point to."""
    wanted: dict[type[Model], set[int]] = defaultdict(set)
    for change in changes:
        model = _model(change)
        for name, values in (change.changes or {}).items():
            field = _field(model, name)
            if field is not None and field.is_relation and not isinstance(values, Mapping):
                wanted[field.related_model].update(int(value) for value in values if value not in EMPTY)
    return {model: _called(model, ids) for model, ids in wanted.items()}


def _called(model: type[Model], ids: set[int]) -> dict[int, str]:
    found = model._default_manager.select_related().filter(pk__in=ids)  # with what their own names need
    return {record.pk: str(record) for record in found}


def _model(change: Change) -> type[Model] | None:
    return change.content_type.model_class()


def _field(model: type[Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:  # it was there when the change was noted
        return None
