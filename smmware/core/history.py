"""Who did what: which fields of a record changed, from what to what, by whom and when.

django-auditlog compares records and listens to saves and deletes; the `Change` rows are ours (core.models). A set's own
writes (`update`, `bulk_create`), of which Django tells nobody, are noted here in one statement for all of them.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

from auditlog.diff import get_field_value, is_primitive
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from smmware.core.inserting import insert_rows

Differences = dict[str, tuple[Any, Any]]

# Of no interest to people: keys, and what each save sets by itself.
NEVER = frozenset({"version", "created_at", "updated_at", "last_login", "singleton"})
CREATE, UPDATE = 0, 1  # as django-auditlog numbers what was done
EMPTY = (None, "")
_COLUMNS = (
    "content_type_id", "object_pk", "object_id", "object_repr", "action", "changes", "subject_type_id", "subject_id",
)  # fmt: skip
_TEXTS = ("object_pk", "object_repr", "actor_name")
SETTINGS_ID = 0  # the history of Settings is that of no single record

_actor: ContextVar[Callable[[], Any] | None] = ContextVar("actor", default=None)


@contextmanager
def acting(person: Callable[[], Any]) -> Iterator[None]:
    """What is changed inside was done by whom `person` answers: asked only where something is."""
    token = _actor.set(person)
    try:
        yield
    finally:
        _actor.reset(token)


def actor() -> Any:
    """The associate who acts now, or None: the house itself, or somebody at the server's console."""
    ask = _actor.get()
    person = ask() if ask else None
    return person if person is not None and person.is_authenticated else None


@dataclass(frozen=True)
class Kept:
    """How the history of a model is kept.

    Args:
        subject: the foreign key to the record on whose page a change is shown; "" for the record's own page.
        of_settings: whether it is a piece of Settings, whose changes are shown together.
        hidden: fields of which it is noted that they changed, and never from what to what.
        without: fields that are left out.
        people: many-to-many fields.
    """

    subject: str = ""
    of_settings: bool = False
    hidden: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    many: tuple[str, ...] = ()


_kept: dict[type[Model], Kept] = {}


def keep_history(model: type[Model], kept: Kept) -> None:
    """Keep the history of a model's records from now on. Call it in AppConfig.ready()."""
    _kept[model] = kept
    auditlog.register(
        model,
        include_fields=[field.name for field in _interesting(model, kept)],
        mask_fields=list(kept.hidden),
        mask_callable="smmware.core.history.not_shown",
        m2m_fields=set(kept.many),
    )


def history_kept(model: type[Model]) -> Kept | None:
    """How the history of this model is kept, None where it is not."""
    return _kept.get(model)


def not_shown(value: str) -> str:
    """What stands in place of a hidden value."""
    return ""


def tracked_fields(model: type[Model], names: Iterable[str]) -> list[str]:
    """Those of `names` (fields or their columns) whose changes are noted, by field name."""
    kept = _kept.get(model)
    if kept is None:
        return []
    asked = set(names)
    return [field.name for field in _interesting(model, kept) if {field.name, field.attname} & asked]


def subject_of(record: Model) -> tuple[ContentType, int | None]:
    """On whose page a change of this record is shown: the type and primary key of its subject."""
    from smmware.core.models import Company

    kept = _kept.get(type(record), Kept())
    if kept.of_settings:
        return ContentType.objects.get_for_model(Company), SETTINGS_ID
    if not kept.subject:
        return ContentType.objects.get_for_model(type(record)), record.pk
    key: Any = type(record)._meta.get_field(kept.subject)
    return ContentType.objects.get_for_model(key.related_model), getattr(record, key.attname)


def note_created(records: Iterable[Model]) -> None:
    """Note that records were made by a bulk insert; a statement for a thousand of them."""
    _write((record, CREATE, differences(None, record)) for record in records if record.pk is not None)


def note_updated(before: Mapping[Any, Model], after: Iterable[Model], names: Iterable[str]) -> None:
    """Note what a bulk update changed in the fields `names`: `before` by primary key, `after` as it is now."""
    wanted = list(names)
    changed = [(record, differences(before[record.pk], record, wanted)) for record in after if record.pk in before]
    _write((record, UPDATE, found) for record, found in changed if found)


def differences(old: Model | None, new: Model, names: Iterable[str] | None = None) -> Differences:
    """Each field (of `names`, or all that are tracked) that differs, with its two values as JSON can hold them.

    Of what is new (`old` is None), what is filled in.
    """
    model = type(new)
    kept = _kept.get(model, Kept())
    wanted = set(names) if names is not None else None
    found: Differences = {}
    for field in _interesting(model, kept):
        if wanted is not None and field.name not in wanted:
            continue
        if old is None and new.__dict__.get(field.attname) in EMPTY:
            continue
        values = get_field_value(old, field, True) if old else None, get_field_value(new, field, True)
        if values[0] != values[1]:
            found[field.name] = ("", "") if field.name in kept.hidden else (_plain(values[0]), _plain(values[1]))
    return found if old is not None else filled_in(found)


def filled_in(found: Differences) -> Differences:
    """Without the fields that were empty and are: of what is new or gone they say nothing."""
    return {name: values for name, values in found.items() if any(value not in EMPTY for value in values)}


@cache
def _interesting(model: type[Model], kept: Kept) -> list[Any]:
    left_out = NEVER.union(kept.without, [kept.subject])
    return [field for field in model._meta.concrete_fields if not field.primary_key and field.name not in left_out]


def _plain(value: Any) -> Any:
    return value if is_primitive(value) else str(value)


def _write(changes: Iterable[tuple[Model, int, Differences]]) -> None:
    """Write down what was done to each record, and by whom."""
    from smmware.core.models import Change

    by = Change()
    by.said_by(actor())
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    rows = ((*_row(*change), now, by.actor_id, by.actor_name) for change in changes)
    insert_rows(Change, (*_COLUMNS, "timestamp", "actor_id", "actor_name"), rows, texts=_TEXTS)


def _row(record: Model, action: int, found: Differences) -> tuple[Any, ...]:
    """A change without its author. What a record of its own page was called is known there: it is not asked for."""
    subject_type, subject_id = subject_of(record)
    content_type = ContentType.objects.get_for_model(type(record))
    own_page = (content_type, record.pk) == (subject_type, subject_id)
    name = "" if own_page else str(record)
    changes = json.dumps(found)
    return content_type.pk, record.pk, record.pk, name, action, changes, subject_type.pk, subject_id
