"""The cast: one person of each permission level, and a browser signed in as any of them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management.commands import flush
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client

from associates.models import Associate
from qbo_sync.connection.client import _throttles
from smmware.celery import app
from smmware.core.models import Company
from smmware.core.permissions import Level
from tests.database import begin_with_a_copy
from tests.factories import AssociateFactory, CompanyFactory
from tests.quickbooks import QuickBooks, simulated_for

FILLED_BY_MIGRATE = {"django_content_type", "auth_permission"}


@pytest.fixture(scope="session", autouse=True)
def _quickly_emptied_tables() -> Iterator[None]:
    """After a test with transactions of its own all tables are emptied; the dearest of that is not needed.

    Content types and permissions are as `migrate` left them: they are kept, not deleted and made anew each time.
    PostgreSQL's TRUNCATE makes files anew and waits for the disk; DELETE of a few rows does not. Foreign keys are
    checked at the end of a transaction, so the order of the tables does not matter.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "emit_post_migrate_signal", lambda *args, **options: None)
        patch.setattr(type(connection.ops), "sql_flush", _deletes)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_test_environment: None, django_db_blocker: Any
) -> None:
    """Before the test database is set up, when its name is known."""
    with django_db_blocker.unblock():
        begin_with_a_copy()


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """Whether a database that is there already is used: the file that has just been copied, on SQLite."""
    return django_db_keepdb or connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database, cleared of sessions before it is dropped: PostgreSQL refuses while somebody is in it."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def _deletes(operations: BaseDatabaseOperations, style: Any, tables: list[str], **_: Any) -> list[str]:
    return [f"DELETE FROM {operations.quote_name(table)};" for table in sorted({*tables} - FILLED_BY_MIGRATE)]


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Any) -> None:
    """Hashing a password is slow on purpose; here it need not be."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def company(db: None) -> Company:
    """The company, with the integration off."""
    return CompanyFactory()


@pytest.fixture
def owner(db: None) -> Associate:
    return AssociateFactory(first_name="Olivia", last_name="Owner", username="olivia", level=Level.COMPANY_OWNER)


@pytest.fixture
def senior_admin(db: None) -> Associate:
    return AssociateFactory(first_name="Sam", last_name="Senior", username="sam", level=Level.SENIOR_ADMIN)


@pytest.fixture
def admin(db: None) -> Associate:
    return AssociateFactory(first_name="Ada", last_name="Admin", username="ada", level=Level.ADMIN)


@pytest.fixture
def lead(db: None) -> Associate:
    return AssociateFactory(first_name="Lena", last_name="Lead", username="lena", level=Level.TEAM_LEAD)


@pytest.fixture
def basic(db: None) -> Associate:
    return AssociateFactory(first_name="Ben", last_name="Basic", username="ben", level=Level.BASIC_USER)


@pytest.fixture
def cast(
    owner: Associate, senior_admin: Associate, admin: Associate, lead: Associate, basic: Associate
) -> dict[str, Associate]:
    """Everybody, by level."""
    return {"owner": owner, "senior_admin": senior_admin, "admin": admin, "lead": lead, "basic": basic}


@pytest.fixture
def client_for() -> Callable[[Associate | None], Client]:
    """Answers a browser signed in as the person given, or signed out for None."""

    def signed_in(person: Associate | None) -> Client:
        browser = Client()
        if person is not None:
            browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(person)
        return browser

    return signed_in


def session_of(person: Associate) -> str:
    """The key of a session in which the person is signed in, without all that happens while one signs in."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


@pytest.fixture
def eagerly() -> Iterator[None]:
    """Tasks are carried out at once, in the same process."""
    before = app.conf.task_always_eager, app.conf.task_eager_propagates
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager, app.conf.task_eager_propagates = before


@pytest.fixture
def no_limits(settings: Any) -> Iterator[None]:
    """Requests are counted in Redis for all tests together, where it answers: far below the limits, then."""
    settings.QBO_REQUESTS_PER_MINUTE = settings.QBO_REQUESTS_PER_SECOND = settings.QBO_BATCHES_PER_MINUTE = 100_000
    _throttles.cache_clear()
    yield
    _throttles.cache_clear()


@pytest.fixture
def no_waiting(settings: Any, no_limits: None) -> None:
    """Nothing has to be waited for, and no pause is left over by another test."""
    settings.QBO_SETTLE_SECONDS = settings.QBO_RETRY_SECONDS = 0
    settings.QBO_HEARTBEAT_SECONDS = 0.2


@pytest.fixture
def quickbooks(request: pytest.FixtureRequest) -> Iterator[QuickBooks]:
    """QuickBooks with its own lists alone; for a test that is marked `sandbox`, with the sample company's people."""
    with simulated_for(request) as running:
        yield running
