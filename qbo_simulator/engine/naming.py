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
    for name in refused_names(write, write.new[entity.unique]):
        owner = holder(write, name)
        if owner and owner != own(write):
            raise duplicate(entity, owner)


def own(write: "Write") -> tuple[str, int]:
    return write.entity.name, int(write.before.get("Id", 0))


def refused_names(write: "Write", name: str) -> list[str]:
    """The names that no other record may hold for this one to take its name; by the switch also its inactive form."""
    blocked = write.books.switches["inactive_names"] == "blocked" and write.new.get("Active", True)
    return [name, f"{name}{DELETED}"] if blocked else [name]


def holder(write: "Write", name: str) -> tuple[str, int] | None:
    """(entity, id) of the record that holds a name, or None."""
    owner = write.books.name_owner(space(write), normal(name))
    if owner is None or not exact(write) or spelled(write, owner) == name:
        return owner
    return write.books.name_owner(space(write), f"={name}")


def exact(write: "Write") -> bool:
    return write.books.switches["name_comparison"] == "exact"


def spelled(write: "Write", owner: tuple[str, int]) -> str | None:
    """A record's name as it is written."""
    record = write.books.get(*owner) or {}
    return record.get(write.books.registry[owner[0]].unique or "")


def key(write: "Write", name: str) -> str:
    """What a name is kept under: as it is compared, or to the letter where another spelling of it is held."""
    owner = write.books.name_owner(space(write), normal(name))
    return f"={name}" if exact(write) and owner not in (None, (write.entity.name, int(write.id))) else normal(name)


def normal(name: str) -> str:
    """A name as it is compared: case and surrounding blanks do not count."""
    return name.strip().casefold()


def space(write: "Write") -> str:
    """Within which names this one must be unique: the entity's space, or that of one parent."""
    by_parent = write.entity.space == "Names" and write.books.switches["subcustomer_names"] == "by_parent"
    parent = write.new.get("ParentRef" if by_parent else write.entity.parent or "", {}).get("value", "")
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
    elif not was and now and write.new[name] == write.before[name] and strips_suffix(write):
        write.new[name] = write.new[name].removesuffix(DELETED)


def strips_suffix(write: "Write") -> bool:
    return write.books.switches["reactivation"] == "stripped"


def free_suffix(write: "Write", name: str) -> str:
    """`Name (deleted)`, or `Name (deleted 1)` where that is taken already and the switch does not refuse it."""
    suffixed, number = f"{name}{DELETED}", 0
    while owner := write.books.name_owner(space(write), normal(suffixed)):
        if write.books.switches["deleted_suffix"] == "refused":
            raise duplicate(write.entity, owner)
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
    write.books.claim_name(entity.name, write.id, space(write), key(write, write.new[entity.unique]))
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
