"""The records of one company, as the engine sees them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from qbo_simulator import jsontext
from qbo_simulator.clock import Clock, to_the_second
from qbo_simulator.control.switches import DEFAULTS
from qbo_simulator.engine.money import decimal, number
from qbo_simulator.engine.schema import Entity
from qbo_simulator.store.database import Database

Record = dict[str, Any]
Account = tuple[int, str, int]  # account, and with whom it is open: entity and id, "" and 0 for nobody
Registry = dict[str, Entity]


def compact(record: Any) -> str:
    return jsontext.written(record).decode()


def epoch(stamp: str | None) -> int | None:
    """A MetaData time as seconds, so that times of different offsets compare."""
    return int(datetime.fromisoformat(stamp).timestamp()) if stamp else None


class Books:
    """One company's records.  Made anew for each request, inside its transaction.

    registry: entity name → declaration.  Rules reach other records through this object only.
    origin: scheme, host and port under which the client reached us; every URL in an answer begins with it.
    includes: the words of the request's `include=`.
    switches: what is uncertain at Intuit, as it is to be here (`qbo_simulator.control.switches`).
    """

    def __init__(
        self,
        database: Database,
        registry: Registry,
        realm: str,
        clock: Clock,
        origin: str = "",
        switches: Mapping[str, Any] = DEFAULTS,
    ) -> None:
        self.database = database
        self.registry = registry
        self.realm = realm
        self.clock = clock
        self.origin = origin
        self.switches = switches
        self.includes: frozenset[str] = frozenset()
        self.seen: dict[tuple[str, str], Record] = {}
        self.labels: dict[tuple[str, str], tuple[str | None, bool] | None] = {}
        self.pending: dict[tuple[str, str], dict[str, Decimal]] = {}

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What is done inside is undone, and forgotten, where it is refused."""
        pending = deepcopy(self.pending)
        try:
            with self.database.attempt():
                yield
        except BaseException:
            self.seen.clear()
            self.labels.clear()
            self.pending = pending
            raise

    # reading

    def get(self, entity: str, id: int | str) -> Record | None:
        """The record as kept (references without names), or None."""
        row = self.database.one(
            "SELECT body FROM record WHERE realm = ? AND entity = ? AND id = ?", self.realm, entity, as_id(id)
        )
        return jsontext.read(row[0]) if row else None

    def peek(self, entity: str, id: int | str) -> Record:
        """The same to look at only, remembered for the rest of the request; {} where there is none."""
        key = (entity, str(id))
        if key not in self.seen:
            self.seen[key] = self.get(entity, id) or {}
        return self.seen[key]

    def label(self, entity: str, id: str) -> tuple[str | None, bool] | None:
        """(the name that references show, whether it is active), or None where there is no such record."""
        key = (entity, id)
        if key not in self.labels:
            self.labels[key] = self.database.one(
                f'SELECT label, active FROM "{index_table(entity)}" WHERE realm = ? AND id = ?', self.realm, as_id(id)
            )
        return self.labels[key]

    def ids_where(self, entity: str, **values: Any) -> list[int]:
        """Ids of the records whose queryable properties have these values, ascending."""
        conditions = "".join(f' AND "{name}" = ?' for name in values)
        rows = self.database.all(
            f'SELECT id FROM "{index_table(entity)}" WHERE realm = ?{conditions} ORDER BY id',
            self.realm,
            *values.values(),
        )
        return [row[0] for row in rows]

    def preferences(self) -> Record:
        """The company's Preferences record."""
        return self.peek("Preferences", 1)

    def preference(self, name: str) -> str | None:
        """A value of `OtherPrefs.NameValue` (all are text)."""
        pairs = self.preferences().get("OtherPrefs", {}).get("NameValue", [])
        return next((pair["Value"] for pair in pairs if pair["Name"] == name), None)

    def feature(self, name: str) -> str | None:
        """A value of CompanyInfo's `NameValue`: what the company's plan includes (all are text)."""
        pairs = self.peek("CompanyInfo", 1).get("NameValue", [])
        return next((pair["Value"] for pair in pairs if pair["Name"] == name), None)

    def name_owner(self, space: str, name: str) -> tuple[str, int] | None:
        """(entity, id) of who holds a name in a name space, or None."""
        row = self.database.one(
            "SELECT entity, id FROM taken_name WHERE realm = ? AND space = ? AND name = ?", self.realm, space, name
        )
        return (row[0], row[1]) if row else None

    def links_from(self, entity: str, id: int | str) -> Iterator[tuple[str, int, str]]:
        """(entity, id, amount) of what a record is linked to."""
        yield from self.database.all(
            "SELECT to_entity, to_id, amount FROM link WHERE realm = ? AND entity = ? AND id = ?",
            self.realm, entity, as_id(id),
        )  # fmt: skip

    def links_to(self, entity: str, id: int | str) -> list[tuple[str, int, str]]:
        """(entity, id, amount) of the records that are linked to this one."""
        return self.database.all(
            "SELECT entity, id, amount FROM link WHERE realm = ? AND to_entity = ? AND to_id = ? ORDER BY id",
            self.realm, entity, as_id(id),
        )  # fmt: skip

    # writing

    def next_number(self, sequence: str) -> int:
        """The next number of a sequence."""
        return self.database.one(
            """INSERT INTO sequence (realm, name, value) VALUES (?, ?, 1)
               ON CONFLICT (realm, name) DO UPDATE SET value = value + 1 RETURNING value""",
            self.realm, sequence,
        )[0]  # fmt: skip

    def reserve(self, sequence: str, number: int) -> None:
        """Later numbers of the sequence lie above this one."""
        self.database.run(
            """INSERT INTO sequence (realm, name, value) VALUES (?, ?, ?)
               ON CONFLICT (realm, name) DO UPDATE SET value = max(value, excluded.value)""",
            self.realm, sequence, number,
        )  # fmt: skip

    def keep(self, entity: Entity, record: Record) -> None:
        """Write a record and what queries ask of it."""
        id = int(record["Id"])
        self.database.run(
            "INSERT OR REPLACE INTO record (realm, entity, id, body) VALUES (?, ?, ?, ?)",
            self.realm, entity.name, id, compact(record),
        )  # fmt: skip
        self.database.run(insert_index(entity), self.realm, id, *index_values(entity, record))
        self.forget(entity.name, id)

    def forget(self, entity: str, id: int | str) -> None:
        """What was remembered of a record no longer holds."""
        self.labels.pop((entity, str(id)), None)
        self.seen.pop((entity, str(id)), None)

    def remove(self, entity: Entity, id: int | str) -> None:
        """Take a record out, with its names and links; that it was there is remembered (qbo-api.md §10.1)."""
        own = (self.realm, entity.name, as_id(id))
        self.forget(entity.name, id)
        self.database.run("DELETE FROM record WHERE realm = ? AND entity = ? AND id = ?", *own)
        self.database.run(f'DELETE FROM "{index_table(entity.name)}" WHERE realm = ? AND id = ?', self.realm, as_id(id))
        self.database.run("DELETE FROM taken_name WHERE realm = ? AND entity = ? AND id = ?", *own)
        self.database.run("DELETE FROM link WHERE realm = ? AND entity = ? AND id = ?", *own)
        self.database.run(
            "INSERT OR REPLACE INTO deletion (realm, entity, id, at) VALUES (?, ?, ?, ?)",
            *own, int(self.clock.seconds()),
        )  # fmt: skip

    def touch(self, entity: str, id: int | str, change: Callable[[Record], None], token: bool = True) -> None:
        """Change a record as a consequence of another's write.

        token: whether its SyncToken moves (paying an invoice moves it; a customer's balance does not, §8.1).
        """
        record = self.get(entity, id)
        if record is None:
            return
        change(record)
        if token:
            record["SyncToken"] = str(int(record["SyncToken"]) + 1)
            self.tell(entity, id, "Update")
        record["MetaData"]["LastUpdatedTime"] = to_the_second(self.clock.now())
        self.keep(self.registry[entity], record)

    def shift(self, entity: str, id: int | str, **changes: Decimal) -> None:
        """Numbers of a record are to change by so much, its SyncToken staying (§8.1).

        It is done once for all documents of a request, by `settle`.
        """
        noted = self.pending.setdefault((entity, str(id)), {})
        for name, change in changes.items():
            noted[name] = noted.get(name, Decimal(0)) + change

    def settle(self) -> None:
        """Do what was noted by `shift`; before records are answered that it may have changed."""
        for (entity, id), changes in self.pending.items():
            moved = {name: change for name, change in changes.items() if change}
            if moved:
                self.touch(entity, id, partial(move, changes=moved), token=False)
        self.pending.clear()

    def postings(self, entity: str, id: int | str) -> dict[Account, int]:
        """What a document has posted: (account, party's entity, party) → cents, debits positive."""
        rows = self.database.all(
            "SELECT account, party_entity, party, cents FROM posting WHERE realm = ? AND entity = ? AND id = ?",
            self.realm, entity, as_id(id),
        )  # fmt: skip
        return {row[:3]: row[3] for row in rows}

    def post(self, entity: str, id: int | str, postings: Mapping[Account, int]) -> None:
        """A document posts exactly this from now on."""
        own = (self.realm, entity, as_id(id))
        self.database.run("DELETE FROM posting WHERE realm = ? AND entity = ? AND id = ?", *own)
        for account, cents in postings.items():
            self.database.run("INSERT INTO posting VALUES (?, ?, ?, ?, ?, ?, ?)", *own, *account, cents)

    def posted_to(self, account: int | str) -> int:
        """The balance of an account in cents, by its postings."""
        statement = "SELECT coalesce(sum(cents), 0) FROM posting WHERE realm = ? AND account = ?"
        return self.database.one(statement, self.realm, as_id(account))[0]

    def tell(self, entity: str, id: int | str, operation: str, deleted_id: str | None = None) -> None:
        """Have webhooks told of what happens to a record, where an address for them is registered (§10.2).

        operation: Create, Update, Delete, Merge, Void or Emailed.  deleted_id: the record that a merge took away.
        """
        webhooks = self.switches.get("webhooks")
        if not webhooks or not webhooks["url"] or entity not in (webhooks["entities"] or (entity,)):
            return
        self.database.run(
            "INSERT INTO webhook_event (realm, entity, id, operation, deleted_id, at) VALUES (?, ?, ?, ?, ?, ?)",
            self.realm, entity, str(id), operation, deleted_id, self.clock.seconds(),
        )  # fmt: skip

    def claim_name(self, entity: str, id: int | str, space: str, name: str) -> None:
        """A record holds this name from now on, and no other in the space."""
        self.database.run(
            "DELETE FROM taken_name WHERE realm = ? AND entity = ? AND id = ?", self.realm, entity, as_id(id)
        )
        self.database.run(
            "INSERT INTO taken_name (realm, space, name, entity, id) VALUES (?, ?, ?, ?, ?)",
            self.realm, space, name, entity, as_id(id),
        )  # fmt: skip

    def link(self, entity: str, id: int | str, targets: dict[tuple[str, int], str]) -> None:
        """A record is linked to exactly these: (entity, id) → amount."""
        self.database.run("DELETE FROM link WHERE realm = ? AND entity = ? AND id = ?", self.realm, entity, as_id(id))
        for (to_entity, to_id), amount in targets.items():
            self.database.run(
                "INSERT INTO link (realm, entity, id, to_entity, to_id, amount) VALUES (?, ?, ?, ?, ?, ?)",
                self.realm, entity, as_id(id), to_entity, to_id, amount,
            )  # fmt: skip

    def unlink(self, entity: str, id: int | str, to_entity: str, to_id: int | str) -> None:
        """Take one link away."""
        self.database.run(
            "DELETE FROM link WHERE realm = ? AND entity = ? AND id = ? AND to_entity = ? AND to_id = ?",
            self.realm, entity, as_id(id), to_entity, as_id(to_id),
        )  # fmt: skip


def move(record: Record, changes: Mapping[str, Decimal]) -> None:
    for name, change in changes.items():
        record[name] = number(decimal(record.get(name)) + change)


def as_id(id: int | str) -> int:
    """An id as the number it is kept under; -1, which nobody has, for what is no number."""
    text = str(id)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


def index_table(entity: str) -> str:
    return f"index_{entity}"


def insert_index(entity: Entity) -> str:
    names = "".join(f', "{each.name}"' for each in entity.columns)
    marks = ", ?" * len(entity.columns)
    return (
        f'INSERT OR REPLACE INTO "{index_table(entity.name)}" (realm, id, label, active, created, updated{names}) '
        f"VALUES (?, ?, ?, ?, ?, ?{marks})"
    )


def index_values(entity: Entity, record: Record) -> list[Any]:
    """The values of a record's row in its index table, realm and id aside."""
    times = record["MetaData"]
    created = epoch(times["CreateTime"])
    updated = epoch(times.get("LastUpdatedTime")) or created
    values = [record.get(entity.label), record.get("Active", True), created, updated]
    for each in entity.columns:
        value = record.get(each.name)
        values.append(None if value is None else each.kind.indexed(value))
    return values
