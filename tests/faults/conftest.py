"""An office whose every pause is short, and a company at QuickBooks that holds little."""

from collections.abc import Iterator
from typing import Any

import pytest

from associates.models import Associate
from qbo_sync.api import answer
from qbo_sync.connection.client import _throttles
from tests.faults.office import Office, opened
from tests.quickbooks import QuickBooks, simulated


@pytest.fixture
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No waiting, and no pause left over by another test."""
    settings.QBO_SETTLE_SECONDS = settings.QBO_RETRY_SECONDS = 0
    settings.QBO_HEARTBEAT_SECONDS = 0.2
    settings.QBO_DOORBELL_SECONDS = 0.5
    settings.QBO_REQUESTS_PER_MINUTE = settings.QBO_REQUESTS_PER_SECOND = settings.QBO_BATCHES_PER_MINUTE = 100_000
    monkeypatch.setattr(answer, "PAUSE_AFTER_429", 0.1)
    _throttles.cache_clear()
    yield
    _throttles.cache_clear()


@pytest.fixture
def quickbooks() -> Iterator[QuickBooks]:
    with simulated("empty") as running:
        yield running


@pytest.fixture
def office(transactional_db: None, quick: None, quickbooks: QuickBooks, owner: Associate) -> Office:
    return opened(quickbooks, owner)
