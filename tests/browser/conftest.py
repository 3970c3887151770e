"""A real browser: Debian's chromium, reaching nothing but this machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.services import chromium_path
from tests.office import Office, running_office


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


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The whole product, its fictitious company in it, nobody a QBO Admin yet."""
    with running_office(tmp_path / "office", "simulator", "web", "worker") as running:
        yield running
