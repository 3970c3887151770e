"""What a page knows of a kind of record; the files beside this one are made of these declarations.

An entity that no file declares is shown all the same: `kinds.kind_of` derives a plain declaration from its own fields.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]
Path = str | Callable[[Record], Any]


@dataclass(frozen=True)
class Column:
    """One value of a record with its heading: a column of a listing, a fact of a page, or a line's cell.

    path: `BillAddr.City`, or a function of the record; a reference stands for the name it shows.
    style: text, money, day, moment, quantity, state (a word with its tone), yes (a flag) or address.
    """

    heading: str
    path: Path
    style: str = "text"

    def of(self, record: Record) -> Any:
        """The value, None where the record has none."""
        if not isinstance(self.path, str):
            return self.path(record)
        return found(record, self.path)


@dataclass(frozen=True)
class State:
    """A word on how a record stands, and its tone: good, warn, bad or plain."""

    word: str
    tone: str = "plain"


@dataclass(frozen=True)
class Sheet:
    """A document as QuickBooks prints it.

    title: the word above it.  party, address: heading and path of whom it is made out to, and where their address is.
    facts: what stands beside (number, dates).  totals: what stands below the lines.  notes: texts below the totals.
    stamp: how the document stands, printed across it; "" for nothing.
    """

    title: str
    party: Column | None = None
    address: str = ""
    facts: tuple[Column, ...] = ()
    totals: tuple[Column, ...] = ()
    notes: tuple[Column, ...] = ()
    stamp: Callable[[Record], State | None] = lambda record: None


@dataclass(frozen=True)
class Kind:
    """One kind of record.

    entity: its name in the API.  slug: its part of a URL.  one, many: what people call it.  group: its menu heading.
    title: what a record of it is called.  columns: of its listing.  search: which columns of its index are searched;
    `CustomerRef>Customer` means the name behind a reference.  order: SQL over its index.  facts: of a record's page.
    sheet: how it is printed, for documents.  register: its page shows what the ledger posts to it.
    """

    entity: str
    slug: str
    one: str
    many: str
    group: str
    title: Callable[[Record], str]
    columns: tuple[Column, ...]
    search: tuple[str, ...] = ("label",)
    order: str = "id DESC"
    facts: tuple[Column, ...] = ()
    sheet: Sheet | None = None
    register: bool = False


def found(record: Any, path: str) -> Any:
    """The value at a dotted path; a reference is left as it is."""
    for name in path.split("."):
        if not isinstance(record, dict) or name not in record:
            return None
        record = record[name]
    return record


def name_of(reference: Any) -> str:
    """What people read for a reference."""
    return str(reference.get("name") or reference.get("value") or "") if isinstance(reference, dict) else ""
