"""Names: unique within their space, " (deleted)" when inactive, `Parent:Child` below others (qbo-api.md §2.3, §7.3)."""

from typing import TYPE_CHECKING

from qbo_simulator import faults
from qbo_simulator.engine.books import Books
from qbo_simulator.engine.schema import Entity
from qbo_simulator.faults import Fault

if TYPE_CHECKING:
    from qbo_simulator.engine.write import Write

DELETED = " (deleted)"


def settle(write: "Write") -> None:
    """Bring the record's names in order and refuse one that another record holds."""
    entity = write.entity
    if entity.unique is None:
        return
    if entity.is_list:
        follow_activity(write, entity.unique)
    qualify(write, entity.unique)
    owner = write.books.name_owner(space(write), normal(write.new[entity.unique]))
    if owner and owner != (entity.name, int(write.before.get("Id", 0))):
        raise duplicate(entity, owner)


def normal(name: str) -> str:
    """A name as it is compared: case and surrounding blanks do not count."""
    return name.strip().casefold()


def space(write: "Write") -> str:
    """Within which names this one must be unique: the entity's space, or that of one parent."""
    parent = write.new.get(write.entity.parent or "", {}).get("value", "")
    return f"{write.entity.space or write.entity.name}:{parent}"


def duplicate(entity: Entity, owner: tuple[str, int]) -> Fault:
    if entity.duplicate in faults.TAKEN:
        return faults.duplicate_in_own_words(entity.duplicate)
    if owner[0] != entity.name:
        return faults.duplicate_across_lists()
    return faults.duplicate_in_list(owner[1])


def follow_activity(write: "Write", name: str) -> None:
    """Deactivating appends " (deleted)"; an inactive record keeps its name; reactivating gives it back."""
    was, now = write.before.get("Active", True), write.new["Active"]
    if was and not now:
        write.new[name] = free_suffix(write, write.new[name])
    elif not was and not now and write.new[name] != write.before[name]:
        raise faults.not_found()
    elif not was and now and write.new[name].endswith(DELETED) and write.new[name] == write.before[name]:
        write.new[name] = write.new[name].removesuffix(DELETED)


def free_suffix(write: "Write", name: str) -> str:
    """`Name (deleted)`, or `Name (deleted 1)` where that is taken already."""
    suffixed, number = f"{name}{DELETED}", 0
    while write.books.name_owner(space(write), normal(suffixed)):
        number += 1
        suffixed = f"{name} (deleted {number})"
    return suffixed


def qualify(write: "Write", name: str) -> None:
    """FullyQualifiedName and Level, from the parent's."""
    entity, new = write.entity, write.new
    if "FullyQualifiedName" not in entity.by_name:
        return
    parent = write.books.get(entity.name, new["ParentRef"]["value"]) if "ParentRef" in new else None
    new.pop("Level", None)
    new["FullyQualifiedName"] = new[name]
    if parent is not None:
        refuse_circle(write.books, entity, parent, write.before.get("Id"))
        new["FullyQualifiedName"] = f"{parent['FullyQualifiedName']}:{new[name]}"
        set_level(entity, new, parent)


def set_level(entity: Entity, new: dict, parent: dict) -> None:
    level = new["FullyQualifiedName"].count(":")
    if level > 4:
        raise Fault("6180", "Subordinate Level Exceeded", "A record can be 4 levels below its topmost parent at most.")
    if "Level" in entity.by_name:
        new["Level"] = level


def refuse_circle(books: Books, entity: Entity, parent: dict, id: str | None) -> None:
    ancestor: dict | None = parent
    while ancestor is not None:
        if ancestor["Id"] == id:
            raise Fault("900", "Parent Equals Child", "A record cannot stand below itself.", "ParentRef")
        above = ancestor.get("ParentRef")
        ancestor = books.get(entity.name, above["value"]) if above else None


def claim(write: "Write") -> None:
    """After the record is kept: it holds its name, and its children are called after it."""
    entity = write.entity
    if entity.unique is None:
        return
    write.books.claim_name(entity.name, write.id, space(write), normal(write.new[entity.unique]))
    if write.before.get("FullyQualifiedName", write.new.get("FullyQualifiedName")) != write.new.get(
        "FullyQualifiedName"
    ):
        rename_children(write.books, entity, entity.unique, write.id, write.new["FullyQualifiedName"])


def rename_children(books: Books, entity: Entity, name: str, id: str, qualified: str) -> None:
    for child in books.ids_where(entity.name, ParentRef=id):
        record = books.get(entity.name, child) or {}
        record["FullyQualifiedName"] = f"{qualified}:{record[name]}"
        books.keep(entity, record)
        rename_children(books, entity, name, record["Id"], record["FullyQualifiedName"])
