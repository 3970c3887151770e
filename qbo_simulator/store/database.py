"""One SQLite connection, guarded by one lock: a request is one transaction, and an answered write is in the file."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS company (realm TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS record (
    realm TEXT NOT NULL, entity TEXT NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (realm, entity, id));
CREATE TABLE IF NOT EXISTS sequence (
    realm TEXT NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (realm, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS taken_name (
    realm TEXT NOT NULL, space TEXT NOT NULL, name TEXT NOT NULL, entity TEXT NOT NULL, id INTEGER NOT NULL,
    PRIMARY KEY (realm, space, name)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS taken_name_by_owner ON taken_name (realm, entity, id);
CREATE TABLE IF NOT EXISTS link (
    realm TEXT NOT NULL, entity TEXT NOT NULL, id INTEGER NOT NULL, to_entity TEXT NOT NULL, to_id INTEGER NOT NULL,
    amount TEXT NOT NULL, PRIMARY KEY (realm, entity, id, to_entity, to_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS link_by_target ON link (realm, to_entity, to_id);
CREATE TABLE IF NOT EXISTS posting (
    realm TEXT NOT NULL, entity TEXT NOT NULL, id INTEGER NOT NULL, account INTEGER NOT NULL,
    party_entity TEXT NOT NULL, party INTEGER NOT NULL, cents INTEGER NOT NULL,
    PRIMARY KEY (realm, entity, id, account, party_entity, party)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS posting_by_account ON posting (realm, account);
CREATE TABLE IF NOT EXISTS deletion (
    realm TEXT NOT NULL, entity TEXT NOT NULL, id INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (realm, entity, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attached_file (
    realm TEXT NOT NULL, id INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (realm, id));
CREATE TABLE IF NOT EXISTS answer (
    realm TEXT NOT NULL, requestid TEXT NOT NULL, at REAL NOT NULL, status INTEGER NOT NULL, content_type TEXT NOT NULL,
    body BLOB NOT NULL, request TEXT NOT NULL DEFAULT '', PRIMARY KEY (realm, requestid));
CREATE TABLE IF NOT EXISTS control (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS shape (entity TEXT PRIMARY KEY, columns TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS signing_key (kid TEXT PRIMARY KEY, pem TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS person (
    email TEXT PRIMARY KEY, password TEXT NOT NULL, body TEXT NOT NULL, companies TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS signed_in (session TEXT PRIMARY KEY, at REAL NOT NULL, person TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS code (
    code TEXT PRIMARY KEY, client_id TEXT NOT NULL, redirect_uri TEXT NOT NULL, scope TEXT NOT NULL,
    realm TEXT NOT NULL, expires REAL NOT NULL, grant_id INTEGER, person TEXT NOT NULL DEFAULT '',
    challenge TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS consent (
    id INTEGER PRIMARY KEY, client_id TEXT NOT NULL, realm TEXT NOT NULL, scope TEXT NOT NULL, given REAL NOT NULL,
    revoked REAL, person TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS access_token (
    token TEXT PRIMARY KEY, consent INTEGER NOT NULL REFERENCES consent, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS refresh_token (
    token TEXT PRIMARY KEY, consent INTEGER NOT NULL REFERENCES consent, issued REAL NOT NULL, expires REAL NOT NULL,
    replaced REAL);
CREATE INDEX IF NOT EXISTS refresh_token_by_consent ON refresh_token (consent);
CREATE TABLE IF NOT EXISTS webhook_event (
    number INTEGER PRIMARY KEY AUTOINCREMENT, realm TEXT NOT NULL, entity TEXT NOT NULL, id TEXT NOT NULL,
    operation TEXT NOT NULL, deleted_id TEXT, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS webhook_notification (
    number INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL, due REAL NOT NULL, tries INTEGER NOT NULL,
    answered INTEGER NOT NULL, outcome TEXT NOT NULL);
"""
# columns that came later → what they are; a data file of an earlier version gets them when it is opened
LATER_COLUMNS = {
    ("answer", "request"): "TEXT NOT NULL DEFAULT ''",
    ("signed_in", "person"): "TEXT NOT NULL DEFAULT ''",
    ("code", "person"): "TEXT NOT NULL DEFAULT ''",
    ("code", "challenge"): "TEXT NOT NULL DEFAULT ''",
    ("consent", "person"): "TEXT NOT NULL DEFAULT ''",
}
BOOKS = ("record", "sequence", "taken_name", "link", "posting", "deletion", "attached_file", "answer")


class Database:
    """The file and its one connection.

    path: the file, or ":memory:".  In WAL mode a commit is in the operating system's hands before the answer leaves,
    so kill -9 loses nothing that was answered.  With `synchronous = NORMAL` no write waits for the disk: a power
    cut may lose the last commits, never the order of the file.
    """

    def __init__(self, path: str) -> None:
        self.lock = threading.RLock()
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = NORMAL")
        self.connection.execute("PRAGMA cache_size = -65536")
        self.connection.executescript(TABLES)
        self.add_later_columns()

    def add_later_columns(self) -> None:
        for (table, column), kind in LATER_COLUMNS.items():
            if column not in {row[1] for row in self.all(f"PRAGMA table_info({table})")}:
                self.run(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")

    def run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """Run one statement with its values."""
        return self.connection.execute(statement, values)

    def one(self, statement: str, *values: Any) -> Any:
        """The first row, or None."""
        return self.connection.execute(statement, values).fetchone()

    def all(self, statement: str, *values: Any) -> list[Any]:
        """All rows."""
        return self.connection.execute(statement, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is kept together, or not at all."""
        with self.lock:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Inside a transaction: what one item of a batch does is undone when that item is refused."""
        self.connection.execute("SAVEPOINT item")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK TO item")
            self.connection.execute("RELEASE item")
            raise
        self.connection.execute("RELEASE item")

    def close(self) -> None:
        with self.lock:
            self.connection.close()
