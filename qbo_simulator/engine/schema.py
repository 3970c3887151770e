"""What a declaration of an entity says.  The files in `qbo_simulator.entities` are made of these."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from qbo_simulator.engine.document import Document
from qbo_simulator.engine.kinds import Kind, Path
from qbo_simulator.engine.objects import Reference
from qbo_simulator.faults import Fault

if TYPE_CHECKING:
    from qbo_simulator.engine.books import Books
    from qbo_simulator.engine.write import Write

Rule = Callable[["Write"], None]
Finish = Callable[["Books", dict[str, Any]], None]


@dataclass(frozen=True)
class Field:
    """One property of an entity.

    required: it must be sent to create, and in a full update.  always: also in a sparse update (qbo-api.md §2.3).
    server: only the server sets it; what is sent is ignored.  once: it can be sent to create only.
    default: its value where nothing is sent (a value, or a function of the write).
    query: it can be used in WHERE and ORDERBY.  index: such a question is answered from an index.
    """

    name: str
    kind: Kind
    required: bool = False
    always: bool = False
    server: bool = False
    once: bool = False
    default: Any = None
    query: bool = False
    index: bool = False


@dataclass(frozen=True)
class Entity:
    """One entity of the Accounting API, declared.

    fields: in the order of a captured answer; None marks where domain, Id, SyncToken and MetaData stand in it.
    sequence: from which sequence its ids come (§2.4).
    label: the property that references show as `name`.  kept_in: how faults call its list (§7.2, 2500).
    unique: the property no two may share; space: within which names, `parent` property included where names are
    unique below one parent only; duplicate: the wording of 6240 (§7.3: "names", "list", or one of faults.TAKEN).
    operations: what a request may do; deactivation comes with the property Active, deletion with "delete".
    refusals: operation → the fault that Intuit answers to it, whatever is sent; unanswered: operations that it takes
    and that have no effect (§2.3).
    ignored: properties of Intuit's schema that are taken and have no effect.
    document: what it has as a document, None for a record of a list.
    guards: rules that may refuse any write of an existing record, a delete as well, before anything is done.
    prepare: rules run in order on the record to be written; they fill, compute and refuse.
    effects: rules run after the record is written; they change other records.
    shown: what an answer adds to the record that is not kept (URLs), run on what is about to be answered.
    key: properties that find the record a request means, for an entity whose requests carry no Id.
    constants: records that every company has and nobody can change; a query shows them before its first page.
    variants: kinds of one entity whose records stand wrapped in a property of the kind's name; the property Type of
    a record says which it is, and is not shown.
    order: the columns of its index table that a query without ORDERBY goes by.
    """

    name: str
    fields: tuple[Field | None, ...]
    sequence: str
    label: str = "DocNumber"
    kept_in: str = "Txns"
    unique: str | None = None
    space: str = ""
    parent: str | None = None
    duplicate: str = "list"
    operations: frozenset[str] = frozenset({"create", "update", "delete", "query"})
    refusals: Mapping[str, Fault] = field(default_factory=dict)
    unanswered: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()
    document: Document | None = None
    guards: tuple[Rule, ...] = ()
    prepare: tuple[Rule, ...] = ()
    effects: tuple[Rule, ...] = ()
    shown: tuple["Finish", ...] = ()
    constants: tuple[Mapping[str, Any], ...] = ()
    key: tuple[str, ...] = ()
    variants: Mapping[str, "Entity"] = field(default_factory=dict)
    order: str = "id"
    single: bool = False
    updated_on_create: bool = True
    path: str = field(default="")

    @property
    def segment(self) -> str:
        """Its part of a URL: lower case, no underscore."""
        return self.path or self.name.lower()

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {each.name: each for each in self.fields if each is not None}

    @cached_property
    def is_list(self) -> bool:
        """A list entity is deactivated, never deleted."""
        return "Active" in self.by_name

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """The properties a query can ask for, the common ones aside."""
        return tuple(
            each for each in self.by_name.values() if each.query and each.kind.column and each.name != "Active"
        )

    @cached_property
    def references(self) -> tuple[tuple[Path, Reference], ...]:
        """Where in a record references stand."""
        return tuple(found for each in self.by_name.values() for found in each.kind.references((each.name,)))

    def ordered(self, values: Mapping[str, Any], envelope: Mapping[str, Any]) -> dict[str, Any]:
        """The record with its properties in the order of a captured answer."""
        record: dict[str, Any] = {}
        for each in self.fields:
            if each is None:
                record.update(envelope)
            elif each.name in values:
                record[each.name] = values[each.name]
        return record
