"""The kinds of records, declared for people: one file per sort of record, and a plain declaration for all others."""

import re
from collections.abc import Iterable

from qbo_simulator import entities
from qbo_simulator.engine.objects import Reference
from qbo_simulator.engine.schema import Entity
from qbo_simulator.pages.kinds import documents, lists, names
from qbo_simulator.pages.kinds.declared import Column, Kind, Sheet

OTHERS = "More lists"
GROUPS = ("Sales", "Expenses", "Time", "Names", "Accounting", "Lists", OTHERS)
DECLARED = {kind.entity: kind for kind in (*documents.KINDS, *names.KINDS, *lists.KINDS)}
# what people call a kind that no file declares, where more than a word's end differs
MANY = {
    "CompanyInfo": "Company information",
    "Preferences": "Preferences",
    "TaxAgency": "Tax agencies",
    "CompanyCurrency": "Company currencies",
}


def words(name: str) -> str:
    """`BillPayment` → "Bill payment"."""
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: f" {found[0].lower()}", name)


def derived(entity: Entity) -> Kind:
    """A declaration for an entity that no file speaks of, from its own fields."""
    called = words(entity.name)
    many = MANY.get(entity.name, f"{called}s")
    facts = tuple(
        Column(words(each.name.removesuffix("Ref")), each.name)
        for each in entity.by_name.values()
        if (each.kind.column or isinstance(each.kind, Reference)) and each.name != "Active"
    )
    return Kind(
        entity.name, entity.segment, called, many, OTHERS,
        lambda record: str(record.get(entity.label) or f"{called} {record['Id']}"), facts[1:5], facts=facts,
        sheet=Sheet(called, facts=facts) if "Line" in entity.by_name else None,
    )  # fmt: skip


def all_kinds(known: Iterable[Entity]) -> dict[str, Kind]:
    """Kinds by entity, those that people look for first in front."""
    known_here = {entity.name: entity for entity in known}
    first = {name: kind for name, kind in DECLARED.items() if name in known_here}
    return first | {name: derived(entity) for name, entity in known_here.items() if name not in first}


KINDS = all_kinds(entities.ENTITIES)
BY_SLUG = {kind.slug: kind for kind in KINDS.values()}
