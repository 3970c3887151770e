"""The ids in what QuickBooks says, replaced by the names that people know (qbo-api.md §7.2, §7.3).

Where its words name no id at all (“something you're trying to use has been made inactive”), what the refused record
refers to is named instead. The queries do not grow with the faults.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.db.models import Model

from qbo_sync.api.errors import Fault
from qbo_sync.directory import by_key, name_key
from qbo_sync.entities import COPIED
from qbo_sync.faults import LINKED_OTHERWISE
from qbo_sync.models import Account, Class, Connection, Department, Entity, Item, Kind, Link, NameRecord, Step
from qbo_sync.models.kinds import NAME_ENTITIES
from qbo_sync.push.comparing import in_words

TAKEN = "6240"  # a name (qbo-api.md §7.3)
NOWHERE = (0, 0)  # where the id of a record stands that the words do not name
SHOWN = 5  # so many records are named, the others counted
LISTS: Mapping[str, type[Model]] = {"Item": Item, "Account": Account, "Class": Class, "Department": Department}
# A reference's field → the entity that it refers to; where the reference says its type, that goes before.
FIELDS = {
    "CustomerRef": "Customer", "ParentRef": "Customer", "VendorRef": "Vendor", "EmployeeRef": "Employee",
    "EntityRef": "Vendor", "ItemRef": "Item", "AccountRef": "Account", "DepositToAccountRef": "Account",
    "ClassRef": "Class", "DepartmentRef": "Department", "SalesTermRef": "Term", "PaymentMethodRef": "PaymentMethod",
}  # fmt: skip
NOUNS = {
    "Customer": "customer ", "Vendor": "vendor ", "Employee": "employee ", "Item": "item ", "Account": "account ",
    "Class": "class ", "Department": "location ", "Term": "terms ", "PaymentMethod": "payment method ",
    "TimeActivity": "hours ", "Purchase": "expense ",
}  # fmt: skip
PEOPLE = frozenset(map(str, NAME_ENTITIES))
CHOICES = frozenset((*LISTS, "Term", "PaymentMethod"))
ANY_ID = r"(?P<id>\d+)"
OF_A_LIST = re.compile(rf"(?P<list>[A-Z]\w+) element id {ANY_ID}")
OF_A_DOCUMENT = re.compile(rf"TxnType=(?P<type>\w+) with TxnId={ANY_ID}")
LINKED = re.compile(rf"\bTxnId[ :=]*{ANY_ID}")
OF_ITS_OWN_LIST = re.compile(rf"(?<!Txn)\bId={ANY_ID}")
# How QuickBooks calls a list in its words → the entities in it; any other list is its entity with an s.
IN_LIST = {"Names": tuple(PEOPLE), "Klasses": ("Class",), "Classes": ("Class",)}


class Reference(NamedTuple):
    """A record at QuickBooks."""

    entity: str
    qbo_id: str


class Told(NamedTuple):
    """A fault of a step, its words without ids, and what its sentence may say of the records that are meant."""

    step: Step
    fault: Fault
    names: Mapping[str, str]


class _Meant(NamedTuple):
    """The records that a fault's words name, by the id and where it stands; and those that its record refers to."""

    named: list[tuple[tuple[int, int], Reference]]
    referred: list[Reference]


def spelled_out(
    connection: Connection, faults: Sequence[tuple[Step, Fault]], bodies: Mapping[int, Mapping[str, Any]]
) -> list[Told]:
    """Each of these faults with names instead of ids.

    Args:
        bodies: what was sent, by the step's id.
    """
    meant = [_meant(step, fault, bodies.get(step.pk, {})) for step, fault in faults]
    _add_namesakes(connection, [(step, fault, one) for (step, fault), one in zip(faults, meant, strict=True)], bodies)
    names = _names(connection, {each for one in meant for each in (*_only(one.named), *one.referred)})
    return [
        Told(step, _without_ids(fault, one, names), _gaps(fault, one, names))
        for (step, fault), one in zip(faults, meant, strict=True)
    ]


def by_step(told: Iterable[Told]) -> dict[int, list[Told]]:
    """What was told of each step, by its id, the first fault first."""
    grouped: dict[int, list[Told]] = defaultdict(list)
    for each in told:
        grouped[each.step.pk].append(each)
    return grouped


def _meant(step: Step, fault: Fault, body: Mapping[str, Any]) -> _Meant:
    referred = list(dict.fromkeys(references(body)))
    return _Meant(list(_named(step, fault, referred)), referred)


def _add_namesakes(
    connection: Connection, faults: Sequence[tuple[Step, Fault, _Meant]], bodies: Mapping[int, Mapping[str, Any]]
) -> None:
    """Who bears a name that is taken, where QuickBooks does not say by whom: as far as its lists were read."""
    keys = {
        step.pk: name_key(str(bodies.get(step.pk, {}).get("DisplayName", "")))
        for step, fault, meant in faults
        if fault.code == TAKEN and not meant.named
    }
    found = by_key(connection, keys.values()) if keys else {}
    for step, _, meant in faults:
        meant.named.extend(
            (NOWHERE, Reference(each.entity, each.qbo_id)) for each in found.get(keys.get(step.pk, ""), ())
        )


def references(body: Any) -> Iterator[Reference]:
    """Every record that a body refers to, in its order."""
    if isinstance(body, list):
        for each in body:
            yield from references(each)
    elif isinstance(body, Mapping):
        if "TxnId" in body:
            yield Reference(str(body.get("TxnType", "")), str(body["TxnId"]))
        for name, value in body.items():
            if name in FIELDS and isinstance(value, Mapping) and value.get("value"):
                yield Reference(value.get("type") or FIELDS[name], str(value["value"]))
            else:
                yield from references(value)


def _named(step: Step, fault: Fault, referred: Collection[Reference]) -> Iterator[tuple[tuple[int, int], Reference]]:
    """Where in a fault's detail an id stands, and what it is the id of."""
    if fault.code == LINKED_OTHERWISE:
        yield NOWHERE, Reference(step.entity, fault.detail)
        return
    for found in OF_A_LIST.finditer(fault.detail):
        entities = IN_LIST.get(found["list"], (found["list"].removesuffix("s"),))
        of_this_id = [Reference(entity, found["id"]) for entity in entities]
        yield found.span("id"), next((each for each in of_this_id if each in referred), of_this_id[0])
    if document := OF_A_DOCUMENT.search(fault.detail):
        yield document.span("id"), Reference(document["type"], document["id"])
    else:
        for found in LINKED.finditer(fault.detail):
            linked = next((each for each in referred if each.qbo_id == found["id"]), Reference("", found["id"]))
            yield found.span("id"), linked
    for found in OF_ITS_OWN_LIST.finditer(fault.detail):
        yield found.span("id"), Reference(step.entity, found["id"])


def _only(named: Iterable[tuple[tuple[int, int], Reference]]) -> list[Reference]:
    return [reference for _, reference in named]


def _without_ids(fault: Fault, meant: _Meant, names: Mapping[Reference, str]) -> Fault:
    detail = fault.detail
    for (start, end), reference in sorted(meant.named, reverse=True):
        if reference in names and (start, end) != NOWHERE:
            detail = f"{detail[:start]}{names[reference]}{detail[end:]}"
    return replace(fault, detail=detail)


def _gaps(fault: Fault, meant: _Meant, names: Mapping[Reference, str]) -> dict[str, str]:
    known = [reference for reference in _only(meant.named) if reference in names]
    candidates = known or [reference for reference in meant.referred if reference in names]
    groups = {
        "customer": [each for each in candidates if each.entity == Entity.CUSTOMER],
        "associate": [each for each in candidates if each.entity in (Entity.EMPLOYEE, Entity.VENDOR)],
        "people": [each for each in candidates if each.entity in PEOPLE],
        "choices": [each for each in candidates if each.entity in CHOICES],
        "documents": [each for each in candidates if each.entity not in PEOPLE | CHOICES],
        "named": candidates,
    }
    gaps = {group: _in_a_row([names[each] for each in members]) for group, members in groups.items()}
    gaps["which"] = f": {_in_a_row([names[each] for each in known])}" if known else ""
    gaps["field"] = f" ({in_words(fault.element)})" if fault.element else ""
    return gaps


def _in_a_row(names: Sequence[str]) -> str:
    """One of these it is, and nobody can tell which."""
    shown = [*names[:SHOWN], *([f"{len(names) - SHOWN} more"] if len(names) > SHOWN else [])]
    return " or ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


# What the records are called


def _names(connection: Connection, meant: Collection[Reference]) -> dict[Reference, str]:
    """The name of each of these records that is known here."""
    if not meant:
        return {}
    found = _ours(connection, meant)
    missing = [each for each in meant if each not in found]
    found |= _of_the_directory(connection, [each for each in missing if each.entity in PEOPLE])
    for entity, model in LISTS.items():
        if ids := [each.qbo_id for each in missing if each.entity == entity]:
            rows = model._default_manager.filter(connection=connection, qbo_id__in=ids)
            found |= {Reference(entity, row.qbo_id): row.full_name for row in rows}  # type: ignore[attr-defined]
    return {reference: f"{NOUNS.get(reference.entity, '')}“{name}”" for reference, name in found.items()}


def _ours(connection: Connection, meant: Collection[Reference]) -> dict[Reference, str]:
    """Those that are linked, as we call them."""
    ids = {each.qbo_id for each in meant}
    links = [
        link for link in Link.objects.filter(connection=connection, qbo_id__in=ids)
        if Reference(link.entity, str(link.qbo_id)) in meant
    ]  # fmt: skip
    by_kind: dict[Kind, list[Link]] = defaultdict(list)
    for link in links:
        by_kind[link.kind].append(link)
    found: dict[Reference, str] = {}
    for kind, of_kind in by_kind.items():
        labels = _labels(kind, [link.record_id for link in of_kind])
        found |= {Reference(link.entity, str(link.qbo_id)): labels[link.record_id] for link in of_kind}
    return found


def _labels(kind: Kind, ids: Sequence[int]) -> dict[int, str]:
    if kind in COPIED:
        return {pk: COPIED[kind].label(record) for pk, record in COPIED[kind].records().in_bulk(ids).items()}
    return {pk: str(record) for pk, record in kind.model._default_manager.in_bulk(ids).items()}


def _of_the_directory(connection: Connection, meant: Collection[Reference]) -> dict[Reference, str]:
    if not meant:
        return {}
    rows = NameRecord.objects.filter(connection=connection, qbo_id__in=[each.qbo_id for each in meant])
    return {Reference(row.entity, row.qbo_id): row.display_name for row in rows}
