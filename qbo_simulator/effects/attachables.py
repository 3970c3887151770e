"""Rules of attachments."""

from typing import Any

from qbo_simulator import faults
from qbo_simulator.engine.books import Books, as_id
from qbo_simulator.engine.write import Write
from qbo_simulator.files import addresses


def check_content(write: Write) -> None:
    """What is attached is a file or a note."""
    if "FileName" not in write.new and "Note" not in write.new:
        raise faults.missing("Note")


def check_targets(write: Write) -> None:
    """What it is attached to is there; its kind is spelled as Intuit spells it."""
    kinds = {name.lower(): name for name in write.books.registry}
    for each in write.new.get("AttachableRef", []):
        target = each.get("EntityRef")
        if target is None:
            continue
        kind = kinds.get(target["type"].lower())
        if kind is None:
            raise faults.invalid_enumeration(target["type"], "EntityRef.type")
        target["type"] = kind
        if write.books.label(kind, target["value"]) is None:
            kept_in = write.books.registry[kind].kept_in
            raise faults.invalid_reference(f"{kept_in} element id {target['value']} not found")


def drop_file(write: Write) -> None:
    """A file goes with its attachment."""
    if write.operation == "delete":
        write.books.database.run(
            "DELETE FROM attached_file WHERE realm = ? AND id = ?", write.books.realm, as_id(write.id)
        )


def show_addresses(books: Books, record: dict[str, Any]) -> None:
    """A file is shown with where it can be read."""
    if "Size" in record:
        record["FileAccessUri"] = f"/v3/company/{books.realm}/download/{record['Id']}"
        record["TempDownloadUri"] = addresses.temporary(books, record)
