"""A database that is made for one purpose and dropped afterwards: PostgreSQL where it answers, else SQLite."""

import contextlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg2
from psycopg2 import sql

from scripts.services import postgres_answers, postgres_url, redis_answers, redis_url


@contextlib.contextmanager
def environment(*, embedded: bool = False, template: str = "") -> Iterator[dict[str, str]]:
    """The environment of a process with a database and a folder of its own, until the end of the block.

    embedded: on SQLite even where PostgreSQL answers, and nothing is counted in Redis.
    template: a database on the server, or SQLite's file, that this one begins as a copy of.
    """
    with (
        tempfile.TemporaryDirectory(prefix="smmware-bench-") as folder,
        _database(Path(folder), embedded, template) as url,
    ):
        (Path(folder) / "static").mkdir()
        given = {
            "SMMWARE_VAR_DIR": folder,
            "DATABASE_URL": url,
            "QBO_THROTTLE_STORAGE": redis_url() if redis_answers() and not embedded else "memory://",
            "SECRET_KEY": "only-for-the-bench-" + "0123456789" * 4,
            "TOKEN_ENCRYPTION_KEYS": "only-for-the-bench",
            "STATIC_MANIFEST": "off",
            "HTTPS": "off",
            "LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "smmware.settings",
            "OAUTHLIB_INSECURE_TRANSPORT": "1",  # oauthlib sends no token over plain http
        }
        kept = {name: value for name, value in os.environ.items() if name != "CELERY_BROKER_URL"}
        yield {**kept, **given}


def database_used() -> str:
    """What the copies are measured on, in a word."""
    return "PostgreSQL" if postgres_answers() else "SQLite"


def throttle_used() -> str:
    """Where the requests are counted, in a word."""
    return "Redis" if redis_answers() else "memory"


@contextlib.contextmanager
def _database(folder: Path, embedded: bool, template: str) -> Iterator[str]:
    if embedded or not postgres_answers():
        path = folder / "smmware.sqlite3"
        if template:
            shutil.copy(template, path)
        yield f"sqlite:///{path}"
        return
    server, name = postgres_url().rpartition("/")[0], f"smmware_bench_{uuid.uuid4().hex[:12]}"
    _administer(server, "CREATE DATABASE {} TEMPLATE {}", name, template or "template1")
    try:
        yield f"{server}/{name}"
    finally:
        _administer(server, "DROP DATABASE {} WITH (FORCE)", name)


def _administer(server: str, command: str, *names: str) -> None:
    connection = psycopg2.connect(f"{server}/postgres")
    connection.autocommit = True  # neither is allowed inside a transaction
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(sql.SQL(command).format(*map(sql.Identifier, names)))
