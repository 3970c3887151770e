"""What all screens of the integration need: no test waits for what others before it have sent in the same minute."""

from collections.abc import Iterator
from typing import Any

import pytest

from qbo_sync.connection.client import _throttles


@pytest.fixture(autouse=True)
def _no_limits(settings: Any) -> Iterator[None]:
    """Requests are counted in Redis for all tests together, where it answers: far below the limits, then."""
    settings.QBO_REQUESTS_PER_MINUTE = settings.QBO_REQUESTS_PER_SECOND = settings.QBO_BATCHES_PER_MINUTE = 100_000
    _throttles.cache_clear()
    yield
    _throttles.cache_clear()
