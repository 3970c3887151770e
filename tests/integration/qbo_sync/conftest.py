"""What all screens of the integration need: somebody who may open them, and no wait for what other tests have sent."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from associates.models import Associate
from qbo_sync.connection.client import _throttles
from smmware.core.models import Company


@pytest.fixture(autouse=True)
def _no_limits(settings: Any) -> Iterator[None]:
    """Requests are counted in Redis for all tests together, where it answers: far below the limits, then."""
    settings.QBO_REQUESTS_PER_MINUTE = settings.QBO_REQUESTS_PER_SECOND = settings.QBO_BATCHES_PER_MINUTE = 100_000
    _throttles.cache_clear()
    yield
    _throttles.cache_clear()


@pytest.fixture
def qbo_admin(company: Company, owner: Associate) -> Associate:
    """A QBO Admin in a company that integrates with QuickBooks."""
    company.integration = Company.Integration.QBO
    company.save()
    owner.qbo_admin = True
    owner.save()
    return owner


@pytest.fixture
def office(qbo_admin: Associate) -> Client:
    """Their browser."""
    office = Client()
    office.force_login(qbo_admin)
    return office
