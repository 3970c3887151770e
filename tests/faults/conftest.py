"""An office whose every pause is short, and a company at QuickBooks that holds little."""

from typing import Any

import pytest

from associates.models import Associate
from qbo_sync.api import answer
from qbo_sync.models import Connection
from tests.faults.office import Office, opened
from tests.quickbooks import QuickBooks, connected, map_everything


@pytest.fixture
def quick(no_waiting: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause of ours is longer than it has to be."""
    settings.QBO_DOORBELL_SECONDS = 0.5
    monkeypatch.setattr(answer, "PAUSE_AFTER_429", 0.1)


@pytest.fixture
def mapped(transactional_db: None, quickbooks: QuickBooks, owner: Associate) -> Connection:
    """A connected office with an item or account for every purpose."""
    connection = connected(quickbooks, owner)
    map_everything(connection, quickbooks)
    return connection


@pytest.fixture
def office(transactional_db: None, quick: None, quickbooks: QuickBooks, owner: Associate) -> Office:
    return opened(quickbooks, owner)
