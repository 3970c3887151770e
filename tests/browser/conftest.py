"""A real browser: Debian's chromium, reaching nothing but this machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Playwright, expect

from scripts.services import chromium_path
from tests.office import Office, running_office

expect.set_options(timeout=30_000)  # a busy machine may take longer than Playwright's 5 seconds over a page


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": chromium_path(),
        "args": [
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def playwright(playwright: Playwright) -> Iterator[Playwright]:
    """Playwright's event loop runs in the tests' own thread, and Django keeps connections of its own for it.

    They are closed while that loop still runs: later nobody could reach them, nor drop the test database.
    """
    yield playwright
    connections.close_all()


@pytest.fixture
def office(django_db_modify_db_settings: None, tmp_path: Path) -> Iterator[Office]:
    """The whole product, its fictitious company in it, nobody a QBO Admin yet."""
    with running_office(tmp_path / "office", "simulator", "web", "worker") as running:
        yield running
