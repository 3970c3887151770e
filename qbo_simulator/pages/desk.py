"""What the pages work with, and the frame around each of them."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from werkzeug.wrappers import Request, Response

from qbo_simulator import entities
from qbo_simulator.clock import Clock
from qbo_simulator.control.behaviour import Behaviour
from qbo_simulator.control.forms import fields
from qbo_simulator.control.log import RequestLog
from qbo_simulator.engine.books import Books
from qbo_simulator.oauth.tokens import Tokens
from qbo_simulator.pages.kinds import GROUPS, KINDS, OTHERS
from qbo_simulator.pages.kinds.declared import Kind
from qbo_simulator.pages.render import own_page
from qbo_simulator.store.database import Database

REMEMBERED = 1000


class MissingError(Exception):
    """There is no such page."""


@dataclass(frozen=True)
class Note:
    """One thing that was done by hand.  at: seconds since 1970; entity and id: the record, "" where it is none."""

    number: int
    at: float
    realm: str
    entity: str
    id: str
    sentence: str


class Journal:
    """What people did by hand on these pages, in memory and bounded."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.notes: deque[Note] = deque(maxlen=REMEMBERED)
        self.last = 0

    def write(self, at: float, realm: str, sentence: str, entity: str = "", id: str = "") -> Note:
        with self.lock:
            self.last += 1
            note = Note(self.last, at, realm, entity, id, sentence)
            self.notes.append(note)
        return note

    def told(self, number: str | None) -> str:
        """The sentence of a note, "" where there is none of that number."""
        with self.lock:
            return next((note.sentence for note in self.notes if str(note.number) == number), "")

    def about(self, realm: str, entity: str, id: str) -> list[Note]:
        """Everything done to one record, the newest first."""
        with self.lock:
            return [note for note in reversed(self.notes) if (note.realm, note.entity, note.id) == (realm, entity, id)]


@dataclass
class Desk:
    """The simulator as the pages see it."""

    database: Database
    clock: Clock
    behaviour: Behaviour
    log: RequestLog
    tokens: Tokens
    journal: Journal = field(default_factory=Journal)

    def companies(self) -> list[tuple[str, str]]:
        """(realm, name) of every company, in the order they were opened."""
        with self.database.lock:
            return [(row[0], row[1]) for row in self.database.all("SELECT realm, name FROM company ORDER BY rowid")]

    @contextmanager
    def reading(self, realm: str) -> Iterator[Books]:
        """A company's books, unchanged while they are read.  Raises MissingError where there is no such company."""
        with self.database.lock:
            if self.database.one("SELECT 1 FROM company WHERE realm = ?", realm) is None:
                raise MissingError
            yield self.books(realm)

    def books(self, realm: str) -> Books:
        return Books(self.database, entities.REGISTRY, realm, self.clock, switches=self.behaviour)

    def page(self, request: Request, template: str, realm: str = "", status: int = 200, **values: Any) -> Response:
        """A page in its frame: the menu, the companies, and what was just done."""
        companies = self.companies()
        realm = realm or (companies[0][0] if companies else "")
        frame = {
            "companies": companies,
            "realm": realm,
            "company": dict(companies).get(realm, ""),
            "menu": MENU,
            "here": request.path.rstrip("/") or "/",
            "said": self.journal.told(request.args.get("said")),
            "now": self.clock.now().timestamp(),
            "clock": self.behaviour["clock"],
            "changed": sum(1 for each in fields(self.behaviour) if each.changed),
        }
        return own_page(template, status, **frame, **values)


def menu() -> list[tuple[str, list[Kind]]]:
    """The kinds under their headings; those that no file declares are reached from the overview."""
    groups = ((group, [kind for kind in KINDS.values() if kind.group == group]) for group in GROUPS if group != OTHERS)
    return [(group, kinds) for group, kinds in groups if kinds]


MENU = menu()
