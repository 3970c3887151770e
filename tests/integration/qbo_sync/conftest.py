"""What all screens of the integration need: each test with the whole of Intuit's limits before it."""

from collections.abc import Iterator

import pytest

from qbo_sync.connection.client import _throttles


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    """No test waits for what others before it have sent in the same minute."""
    _throttles.cache_clear()
    yield
    _throttles.cache_clear()
