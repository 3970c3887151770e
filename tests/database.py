"""The test database: migrated once in a run, and copied for each process that runs tests."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.db import connection


def begin_with_a_copy() -> None:
    """Let Django's `setup_databases` find everything migrated: half a hundred migrations take seconds.

    PostgreSQL makes the test database from a template; SQLite's file is put where the test database is to be.
    """
    template = migrated_database()
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = template
    else:
        shutil.copy(template, connection.settings_dict["TEST"]["NAME"])


def migrated_database() -> str:
    """The name of a database as `migrate` leaves it, which nobody is in: made by the first who asks."""
    with alone("migrated-database"):
        if not is_migrated():
            _migrate()
            _is_ready().touch()
    return _template()


def _migrate() -> None:
    settings = connection.settings_dict
    kept = settings["NAME"], settings["TEST"]["NAME"]
    settings["TEST"]["NAME"] = _template()
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()
    finally:
        settings["NAME"], settings["TEST"]["NAME"] = kept


def forget_migrated_database() -> None:
    """Drop it; SQLite's file goes with the run's own folder."""
    if is_migrated() and connection.vendor == "postgresql":
        server = os.environ["SMMWARE_TEST_DATABASE_URL"]
        administer(server, f"DROP DATABASE IF EXISTS {_template()} WITH (FORCE)")


def _template() -> str:
    run = os.environ["SMMWARE_TEST_RUN"]
    return f"test_smmware_migrated_{run}" if connection.vendor == "postgresql" else str(_folder() / "migrated.sqlite3")


def _folder() -> Path:
    """The folder of this run, asked for when it is known: `make pictures` makes its own after this was imported."""
    return Path(os.environ["SMMWARE_VAR_DIR"])


def is_migrated() -> bool:
    """Whether somebody has asked for it in this run."""
    return _is_ready().exists()


def _is_ready() -> Path:
    return _folder() / "migrated-database.is-ready"


@contextmanager
def alone(what: str) -> Iterator[None]:
    """One process of the run at a time."""
    with (_folder() / f"{what}.lock").open("w") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        yield


def on_server(server: str, name: str) -> str:
    """The URL of another database on the same server."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def administer(server: str, statement: str) -> None:
    """Run a statement on a PostgreSQL server outside of any transaction."""
    connected = psycopg2.connect(on_server(server, "postgres"))
    connected.autocommit = True
    try:
        with connected.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connected.close()
