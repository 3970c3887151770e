"""Today, moved to a working day in the company's time zone."""

from collections.abc import Iterator

import pytest
import time_machine

from smmware.core.models import Company


@pytest.fixture(autouse=True)
def _today(company: Company) -> Iterator[None]:
    with time_machine.travel("2026-03-03T15:00:00-06:00", tick=False):
        yield
