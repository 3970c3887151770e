"""The environment of the tests, set before Django's settings are read (loaded by `-p`, see pyproject.toml).

SMMWARE_TEST_DATABASE_URL and SMMWARE_TEST_BROKER_URL choose PostgreSQL and Redis; without them the tests run on the
embedded default. SMMWARE_TEST_REQUIRE names what must not be missing (scripts/run_tests.py).
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from scripts.services import chromium_path, makes_pdfs, required_services

IS_FIRST = "SMMWARE_TEST_RUN" not in os.environ  # xdist's workers inherit the run of the process that started them
if IS_FIRST:
    os.environ["SMMWARE_TEST_RUN"] = str(os.getpid())
    os.environ["SMMWARE_VAR_DIR"] = tempfile.mkdtemp(prefix="smmware-tests-")
    atexit.register(shutil.rmtree, os.environ["SMMWARE_VAR_DIR"], ignore_errors=True)
VAR_DIR = Path(os.environ["SMMWARE_VAR_DIR"])
DATABASE_URL = os.environ.get("SMMWARE_TEST_DATABASE_URL", "")
BROKER_URL = os.environ.get("SMMWARE_TEST_BROKER_URL", "")
ON_SERVICES = DATABASE_URL.startswith("postgres") and BROKER_URL.startswith("redis")

# A test's data need not outlive a power cut: neither database waits for the disk.
os.environ["SQLITE_SYNCHRONOUS"] = "OFF"
NO_WAITING = "?options=-c%20synchronous_commit%3Doff"
os.environ["DATABASE_URL"] = (
    f"{DATABASE_URL}{NO_WAITING}" if DATABASE_URL else f"sqlite:///{VAR_DIR / 'smmware.sqlite3'}"
)
os.environ["CELERY_BROKER_URL"] = BROKER_URL or "filesystem://localhost//"
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0123456789" * 4)
os.environ.setdefault("TOKEN_ENCRYPTION_KEYS", "only-for-tests")
os.environ.setdefault("HTTPS", "off")
os.environ.setdefault("STATIC_MANIFEST", "off")
os.environ.setdefault("QBO_ENVIRONMENT", "simulator")
os.environ.setdefault("QBO_SIMULATOR_URL", "http://qbo.test")
(VAR_DIR / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is missing
# Playwright's synchronous API runs an event loop in the test's own thread, where Django would refuse its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_configure() -> None:
    """Name the test database: a file where it is SQLite, since one in memory cannot be shared by threads that write.

    WhiteNoise looks for a static file when it is asked for: Django's test client builds its middleware anew for each
    browser, and looking through all files each time took a seventh of the suite.
    """
    from django.conf import settings

    settings.WHITENOISE_AUTOREFRESH = True

    run = os.environ["SMMWARE_TEST_RUN"]
    name = f"test_smmware_{run}" if DATABASE_URL else str(VAR_DIR / "test.sqlite3")
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = name


def pytest_unconfigure() -> None:
    """Leave no database behind."""
    if IS_FIRST:
        from tests.database import forget_migrated_database
        from tests.office import forget_prepared_office

        forget_migrated_database()
        forget_prepared_office()


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Leave out what this machine cannot run, with the reason, unless SMMWARE_TEST_REQUIRE asks for it."""
    without_services = pytest.mark.skip(reason="needs PostgreSQL and Redis: `make test` runs it where both answer")
    without_browser = pytest.mark.skip(reason="needs chromium (CHROMIUM_PATH)")
    skip_browser = chromium_path() is None and "browser" not in required_services()
    without_pdf = pytest.mark.skip(reason="needs Pango, to make a PDF")
    skip_pdf = not makes_pdfs() and "pdf" not in required_services()
    for item in items:
        if item.get_closest_marker("services") and not ON_SERVICES:
            item.add_marker(without_services)
        if item.get_closest_marker("browser") and skip_browser:
            item.add_marker(without_browser)
        if item.get_closest_marker("pdf") and skip_pdf:
            item.add_marker(without_pdf)
