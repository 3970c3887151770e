"""What all screens of the integration need: somebody who may open them, and no wait for what other tests have sent."""

import pytest
from django.test import Client

from associates.models import Associate
from qbo_sync.models import Connection
from smmware.core.models import Company
from tests.quickbooks import QuickBooks, connected, map_everything


@pytest.fixture(autouse=True)
def _no_limits(no_limits: None) -> None: ...


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


@pytest.fixture
def mapped(transactional_db: None, quickbooks: QuickBooks, qbo_admin: Associate) -> Connection:
    """A connected company with an item or account for every purpose."""
    connection = connected(quickbooks, qbo_admin)
    map_everything(connection, quickbooks)
    return connection


@pytest.fixture
def worker(eagerly: None, no_waiting: None) -> None:
    """A worker that answers the doorbell at once, in the same process."""
